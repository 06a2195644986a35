package main

import (
	"math"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// The constants of exp and log. ln2Lo is positive, so that in log infinite
// exponents do not cancel.
var (
	log2e = float32(math.Log2E)
	ln2Hi = math.Nextafter32(float32(math.Ln2), 0)
	ln2Lo = float32(math.Ln2 - float64(ln2Hi))
)

const (
	expHi = 89   // e^89 is infinite in float32
	expLo = -105 // e^-105 is zero
	half  = math.Ln2/2 + 1e-6
)

// expPoly is q in e^r = 1 + r + r*r*q(r), |r| <= ln(2)/2, with the least error
// relative to e^r.
var expPoly = fit(func(r float64) float64 {
	if math.Abs(r) < 0.03 {
		return 0.5 + r*(1./6+r*(1./24+r*(1./120+r*(1./720+r/5040))))
	}
	return (math.Expm1(r) - r) / (r * r)
}, func(r float64) float64 { return (r*r + 1e-4) / math.Exp(r) }, -half, half, 4)

// expm1Poly is the same for tanh: the error is relative to e^r - 1.
var expm1Poly = fit(func(r float64) float64 {
	if math.Abs(r) < 0.03 {
		return 0.5 + r*(1./6+r*(1./24+r*(1./120+r*(1./720+r/5040))))
	}
	return (math.Expm1(r) - r) / (r * r)
}, func(r float64) float64 { return math.Abs(r) + 1e-3 }, -half, half, 5)

// logPoly is p in log(1+f) = f - f*f/2 + f*f*f*p(f), -1/4 <= f <= 1/2, with the
// least error relative to log(1+f).
var logPoly = fit(func(f float64) float64 {
	if math.Abs(f) < 0.02 {
		return 1./3 - f*(1./4-f*(1./5-f*(1./6-f*(1./7-f*(1./8-f/9)))))
	}
	return (math.Log1p(f) - f + f*f/2) / (f * f * f)
}, func(f float64) float64 { return f*f + 1e-4 }, -0.25, 0.5, 8)

// poly evaluates a polynomial by Horner's rule in fused steps.
func (f *fn) poly(c []float32, x reg.VecVirtual) reg.VecVirtual {
	y := f.set(c[len(c)-1])
	for i := len(c) - 2; i >= 0; i-- {
		f.kMulAdd(c[i], x, y)
	}
	return y
}

func holdExp(f *fn) {
	f.hold(math.Float32bits(expHi), math.Float32bits(expLo))
	f.holdF(log2e, ln2Hi, ln2Lo, 1)
	f.holdF(expPoly...)
}

// reduce splits x = n*ln(2) + r with |r| <= ln(2)/2.
func (f *fn) reduce(x reg.VecVirtual) (n, r reg.VecVirtual) {
	n = f.reg()
	f.kMul(log2e, x, n)
	f.round(toNearest, n, n)
	f.kSubMul(ln2Hi, n, x)
	f.kSubMul(ln2Lo, n, x)
	return n, x
}

// expm1 is r + r*r*q(r).
func (f *fn) expm1(c []float32, r reg.VecVirtual) reg.VecVirtual {
	q := f.poly(c, r)
	sq := f.reg()
	VMULPS(r, r, sq)
	VFMADD213PS(r, sq, q)
	return q
}

// exp is 2^n * (1 + expm1(r)). The bounds keep n within what can be scaled; the
// order of operands keeps NaN.
func (f *fn) exp(x reg.VecVirtual) reg.VecVirtual {
	VMINPS(x, f.kr(expHi), x)
	VMAXPS(x, f.kr(expLo), x)
	n, r := f.reduce(x)
	y := f.expm1(expPoly, r)
	f.kAdd(1, y, y)
	f.scale(n, y)
	return y
}

// scale multiplies each y by 2^n, n whole and between -250 and 250; n is lost.
func (f *fn) scale(n reg.VecVirtual, ys ...reg.VecVirtual) {
	if f.wide {
		for _, y := range ys {
			VSCALEFPS(n, y, y)
		}
		return
	}
	// 2^n in two factors, so that neither is infinite or subnormal.
	lo := f.reg()
	VCVTPS2DQ(n, n)
	VPSRAD(Imm(1), n, lo)
	VPSUBD(lo, n, n)
	for _, e := range []reg.VecVirtual{lo, n} {
		VPSLLD(Imm(23), e, e)
		VPADDD(f.bits(0x3f800000), e, e)
		for _, y := range ys {
			VMULPS(e, y, y)
		}
	}
}

func holdSigmoid(f *fn) {
	holdExp(f)
	if f.wide {
		f.hold(signBit)
	}
}

// sigmoid is 1/(1+z) for x >= 0 and z/(1+z) below, with z = e^-|x|: exact to a few
// units down to the subnormal numbers.
func (f *fn) sigmoid(x reg.VecVirtual) reg.VecVirtual {
	neg, num := f.reg(), f.reg()
	VORPS(f.bits(signBit), x, neg)
	z := f.exp(neg)
	if f.wide {
		VPMOVD2M(x, reg.K2)
		VBLENDMPS(z, f.kr(1), reg.K2, num)
	} else {
		VMOVUPS(f.k(1), num)
		VBLENDVPS(x, z, num, num)
	}
	VADDPS(f.k(1), z, z)
	VDIVPS(z, num, num)
	return num
}

func holdTanh(f *fn) {
	f.hold(math.Float32bits(20))
	f.holdF(log2e, ln2Hi, ln2Lo, 1, 2)
	f.holdF(expm1Poly...)
	if f.wide {
		f.hold(signBit, absMask)
	}
}

// tanh is m/(m+2) with m = e^(2|x|) - 1 = 2^n*expm1(r) + (2^n - 1), and x's sign;
// 2|x| is cut at 20, where the quotient is 1.
func (f *fn) tanh(x reg.VecVirtual) reg.VecVirtual {
	t := f.reg()
	VANDPS(f.bits(absMask), x, t)
	VADDPS(t, t, t)
	VMINPS(t, f.kr(20), t)
	n, r := f.reduce(t)
	m := f.expm1(expm1Poly, r)
	p, q := f.reg(), f.reg()
	if f.wide {
		VSCALEFPS(n, f.kr(1), p)
	} else {
		VCVTPS2DQ(n, p)
		VPSLLD(Imm(23), p, p)
		VPADDD(f.bits(0x3f800000), p, p)
	}
	VSUBPS(f.k(1), p, q)
	VFMADD213PS(q, p, m) // m = p*m + q
	VADDPS(f.k(2), m, q)
	VDIVPS(q, m, m)
	VANDPS(f.bits(signBit), x, x)
	VORPS(x, m, m)
	return m
}

// base is a logarithm: unit is its value at e, binade at 2, each as a float32 number and what that lacks.
type base struct{ unit, unitLow, binade, binadeLow float32 }

var (
	natural = base{1, 0, ln2Hi, ln2Lo}
	binary  = newBase(1/math.Ln2, 1)
	decimal = newBase(1/math.Ln10, math.Ln2/math.Ln10)
)

func newBase(unit, binade float64) base {
	u, b := float32(unit), float32(binade)
	if float64(b) > binade { // the rest is positive: infinite exponents must not cancel
		b = math.Nextafter32(b, 0)
	}
	return base{u, float32(unit - float64(u)), b, float32(binade - float64(b))}
}

func holdLog(f *fn) {
	if !f.wide {
		f.hold(infBits)
	}
	f.holdF(1)
	f.holdF(logPoly...)
}

// split is e and g for x = 2^e*(1+g), -1/4 <= g < 1/2.
func (f *fn) split(x reg.VecVirtual) (e, g reg.VecVirtual) {
	e, g = f.reg(), f.reg()
	if f.wide {
		// Mantissa in [3/4, 3/2) and NaN for negative x; the exponent of the
		// mantissa, 0 or -1, says where x's is one too small.
		VGETMANTPS(Imm(0b1111), x, g)
		t := f.reg()
		VGETEXPPS(x, e)
		VGETEXPPS(g, t)
		VSUBPS(t, e, e)
	} else {
		// Subnormal numbers first become normal.
		small, scaled, bits := f.reg(), f.reg(), f.reg()
		VCMPPS(Imm(lt), f.bits(0x00800000), x, small)
		VMULPS(f.k(1<<23), x, scaled)
		VBLENDVPS(small, scaled, x, g)
		VANDPS(f.k(-23), small, small)
		VPSUBD(f.k(0.75), g, bits)
		VPSRAD(Imm(23), bits, bits)
		VCVTDQ2PS(bits, e)
		VADDPS(small, e, e)
		VPSLLD(Imm(23), bits, bits)
		VPSUBD(bits, g, g)
	}
	f.kSub(1, g, g)
	return e, g
}

// logOf is the logarithm of 2^e*(1+g) to the base b: e and g weigh alone, with all digits, in the last two steps.
func (f *fn) logOf(b base, e, g reg.VecVirtual) reg.VecVirtual {
	y, sq := f.poly(logPoly, g), f.reg()
	VMULPS(g, g, sq)
	VMULPS(g, y, y)
	if b.unit == 1 {
		VFMADD213PS(f.mulConst(e, b.binadeLow), sq, y)
		f.kAddMul(-0.5, sq, y)
		VADDPS(g, y, y)
	} else {
		f.kAdd(-0.5, y, y)
		VMULPS(sq, y, y)
		f.kMul(b.unit, y, y)
		f.kAddMul(b.unitLow, g, y)
		if b.binadeLow != 0 {
			f.kAddMul(b.binadeLow, e, y)
		}
		f.kAddMul(b.unit, g, y)
	}
	f.kAddMul(b.binade, e, y)
	return y
}

// log is the logarithm to the base b, with its poles and NaN.
func (f *fn) log(b base, x reg.VecVirtual) reg.VecVirtual {
	e, g := f.split(x)
	y := f.logOf(b, e, g)
	if f.wide {
		return y
	}
	f.logBounds(x, y)
	return y
}

// logBounds puts the values at 0, infinity and below 0 into y (AVX2; with AVX-512 they come by themselves).
func (f *fn) logBounds(x, y reg.VecVirtual) {
	zero, nan, inf := f.zero(), f.reg(), f.kr(math.Float32frombits(infBits))
	VCMPPS(Imm(nge), zero, x, nan)
	VORPS(nan, y, y)
	f.where(eq, x, inf, inf, y)
	VORPS(f.bits(signBit), inf, nan) // -Inf
	f.where(eq, x, zero, nan, y)
}

// log1p splits 1+x and adds what the sum lacks to the fraction.
func (f *fn) log1p(x reg.VecVirtual) reg.VecVirtual {
	u, b, c, d := f.reg(), f.reg(), f.reg(), f.reg()
	f.kAdd(1, x, u)
	f.kSub(1, u, b)
	VSUBPS(b, u, d)
	VSUBPS(d, f.kr(1), d) // 1 - (u-b)
	VSUBPS(b, x, c)
	VADDPS(d, c, c) // x - b, and that
	e, g := f.split(u)
	n := f.reg()
	f.kMul(-1, e, n)
	VMAXPS(f.kr(-126), n, n)
	f.power(n)
	VFMADD231PS(n, c, g)
	y := f.logOf(natural, e, g)
	if !f.wide {
		VCMPPS(Imm(nge), f.zero(), u, n)
		VORPS(n, y, y)
	}
	inf := f.kr(math.Float32frombits(infBits))
	f.where(eq, x, inf, inf, y)
	VORPS(f.bits(signBit), inf, n)
	f.where(eq, x, f.kr(-1), n, y)
	VANDPS(f.bits(signBit), x, x) // -0 gives -0
	VORPS(x, y, y)
	return y
}

func holdLog1p(f *fn) {
	f.hold(infBits, math.Float32bits(1), math.Float32bits(-1), math.Float32bits(-126))
	if f.wide {
		f.hold(signBit)
	}
}

// mulConst is x times a constant, in a fresh register.
func (f *fn) mulConst(x reg.VecVirtual, k float32) reg.VecVirtual {
	r := f.reg()
	f.kMul(k, x, r)
	return r
}
