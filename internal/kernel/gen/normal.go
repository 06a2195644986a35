package main

import (
	"math"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// The error function, the normal distribution and what networks make of them.

const (
	millsAt = 5    // u = (t-5)/(t+5)
	tailEnd = 15   // e^(-15*15/2) is zero in float32
	erfcxAt = 3    // u = (t-3)/(t+3)
	erfcEnd = 10.3 // e^(-10.3*10.3) is zero
	erfNear = 0.9  // where erf goes from one polynomial to the other
	erfEnd  = 3.95 // erf is 1 from there on
)

// erfcx is e^(x*x)*erfc(x), x >= 0.
func erfcx(x float64) float64 {
	if x < 20 {
		return math.Exp(x*x) * math.Erfc(x)
	}
	s := 1 / (2 * x * x)
	return (1 - s*(1-3*s*(1-5*s))) / (x * math.SqrtPi)
}

// millsPoly is (t+5)*h(t) with h(t) = e^(t*t/2)*Phi(-t), 0 <= t <= 15, as a polynomial in u, erfcxPoly (t+3)*erfcx(t). With
// the factor they stay between 1/2 and 5/2.
var (
	millsPoly = inRatio(func(t float64) float64 { return erfcx(t/math.Sqrt2) / 2 }, millsAt, tailEnd, 9)
	erfcxPoly = inRatio(erfcx, erfcxAt, erfcEnd, 10)
)

// inRatio is (t+k)*g(t) on [0, end] as a polynomial in (t-k)/(t+k), with the least relative error.
func inRatio(g func(t float64) float64, k, end float64, degree int) []float32 {
	of := func(u float64) float64 {
		t := k * (1 + u) / (1 - u)
		return (t + k) * g(t)
	}
	return fit(of, func(u float64) float64 { return 1 / of(u) }, -1, (end-k)/(end+k), degree)
}

// erfPoly is p in erf(x) = x + x*p(x*x) near 0.
var erfPoly = fit(func(s float64) float64 {
	if s < 1e-6 {
		return 2/math.SqrtPi - 1 - s*2/math.SqrtPi/3
	}
	x := math.Sqrt(s)
	return math.Erf(x)/x - 1
}, func(s float64) float64 { return 1 }, 0, erfNear*erfNear, 6)

// erfcLog is log(erfc(t)) farther out, with the least error of e to it.
var erfcLog = fit(func(t float64) float64 { return math.Log(math.Erfc(t)) }, math.Erfc, erfNear, erfEnd, 7)

// erf is x + x*p(x*x), or the sign of x times 1 - e^q(|x|) farther out.
func (f *fn) erf(x reg.VecVirtual) reg.VecVirtual {
	t, s := f.reg(), f.reg()
	VANDPS(f.bits(absMask), x, t)
	VMINPS(t, f.kr(erfEnd), t)
	n, r := f.reduce(f.poly(erfcLog, t))
	far := f.expm1(expPoly, r)
	f.kAdd(1, far, far)
	f.power(n)
	VFNMADD213PS(f.kr(1), n, far) // 1 - 2^n*far
	VMULPS(x, x, s)
	near := f.poly(erfPoly, s)
	VFMADD213PS(x, x, near)
	VANDPS(f.bits(signBit), x, s)
	VORPS(s, far, far)
	f.where(lt, t, f.kr(erfNear), near, far)
	return far
}

func holdErf(f *fn) {
	f.hold(math.Float32bits(erfEnd), math.Float32bits(erfNear), math.Float32bits(1), signBit, absMask)
}

// power sets n, whole and within the exponents of normal numbers, to 2^n.
func (f *fn) power(n reg.VecVirtual) {
	if f.wide {
		VSCALEFPS(n, f.kr(1), n)
		return
	}
	VCVTPS2DQ(n, n)
	VPSLLD(Imm(23), n, n)
	VPADDD(f.bits(0x3f800000), n, n)
}

// inRatio is p((t-k)/(t+k))/(t+k).
func (f *fn) inRatio(p []float32, t reg.VecVirtual, k float32) reg.VecVirtual {
	u, d, one := f.reg(), f.reg(), f.set(1)
	f.kAdd(k, t, d)
	VDIVPS(d, one, d)
	f.kSub(k, t, u)
	VMULPS(d, u, u)
	// The error of u counts several times in p: add what is left of the division, t - k - u*(t+k), times d.
	left := f.reg()
	VADDPS(u, one, one)
	VMOVAPS(t, left)
	f.kSubMul(k, one, left)
	VFNMADD231PS(t, u, left)
	VFMADD231PS(d, left, u)
	y := f.poly(p, u)
	VMULPS(d, y, y)
	return y
}

// expSquare is e^(-c*t*t), with the rounding error of t*t made good; c is 1 or 1/2.
func (f *fn) expSquare(t reg.VecVirtual, c float32) reg.VecVirtual {
	s, low := f.reg(), f.reg()
	VMULPS(t, t, s)
	VMOVAPS(s, low)
	VFMSUB231PS(t, t, low)
	f.kMul(-c, s, s)
	n, r := f.reduce(s)
	f.kSubMul(c, low, r)
	y := f.expm1(expPoly, r)
	f.kAdd(1, y, y)
	f.scale(n, y)
	return y
}

// erfc is e^(-t*t)*erfcx(t) with t = |x|, or 2 minus it for negative x; near 0 it is 1 - erf(x).
func (f *fn) erfc(x reg.VecVirtual) reg.VecVirtual {
	t := f.reg()
	VANDPS(f.bits(absMask), x, t)
	VMINPS(t, f.kr(erfcEnd), t)
	y := f.expSquare(t, 1)
	VMULPS(f.inRatio(erfcxPoly, t, erfcxAt), y, y)
	z := f.set(2)
	VSUBPS(y, z, z)
	f.byTheSign(x, z, y)
	VMULPS(x, x, z)
	near := f.poly(erfPoly, z)
	VSUBPS(x, f.kr(1), z)
	VFNMADD213PS(z, x, near) // (1-x) - x*p
	f.where(lt, t, f.kr(0.5), near, y)
	return y
}

func holdErfc(f *fn) {
	f.hold(math.Float32bits(erfcEnd), absMask, math.Float32bits(0.5), math.Float32bits(1))
}

// byTheSign sets y to z where the sign bit of x is set.
func (f *fn) byTheSign(x, z, y reg.VecVirtual) {
	if f.wide {
		VPMOVD2M(x, reg.K2)
		VMOVAPS(z, reg.K2, y)
		return
	}
	VBLENDVPS(x, z, y, y)
}

// clipped is |x|, at most end; NaN stays.
func (f *fn) clipped(x reg.VecVirtual, end float32) reg.VecVirtual {
	t := f.reg()
	VANDPS(f.bits(absMask), x, t)
	VMINPS(t, f.kr(end), t)
	return t
}

// A gate is a distribution function F with F(-x) = 1-F(x). With q = F(-t), t = |x|, both x*F(x) = max(x,0) - t*q
// and its derivative, g = q - t*F'(t) or 1-g for positive x, keep their digits at both ends.
type gate struct {
	end  float32 // q is zero from there on
	tail func(f *fn, t reg.VecVirtual) (tq reg.VecVirtual)
	grad func(f *fn, t reg.VecVirtual) (g reg.VecVirtual)
}

func (g gate) hold(f *fn) { f.hold(math.Float32bits(g.end), math.Float32bits(1), absMask, signBit) }

// value is x*F(x).
func (g gate) value(f *fn, in regs) reg.VecVirtual {
	t := f.clipped(in[0], g.end)
	y := f.reg()
	VMAXPS(in[0], f.kr(minusZero), y)
	VSUBPS(g.tail(f, t), y, y)
	f.infinityTimesZero(in[0], y)
	return y
}

// infinityTimesZero makes y NaN where x is minus infinity, which t has lost: there x*F(x) is, as in the formula, NaN.
func (f *fn) infinityTimesZero(x, y reg.VecVirtual) {
	VMINPS(x, f.kr(minusZero), x)
	f.kAddMul(0, x, y)
}

// slope is in[0] times the derivative of x*F(x) at in[1].
func (g gate) slope(f *fn, in regs) reg.VecVirtual {
	y := g.grad(f, f.clipped(in[1], g.end))
	z := f.reg()
	VSUBPS(y, f.kr(1), z) // 1 - g
	f.byTheSign(in[1], y, z)
	f.kAddMul(0, in[1], z) // NaN at the infinities, which t has lost: there F(x) + x*F'(x) is, too
	VMULPS(in[0], z, z)
	return z
}

// gelu has the normal distribution: q = e^(-t*t/2)*h(t), g = e^(-t*t/2)*(h(t) - t/sqrt(2 pi)).
var gelu = gate{end: tailEnd,
	tail: func(f *fn, t reg.VecVirtual) reg.VecVirtual {
		e := f.expSquare(t, 0.5)
		q := f.inRatio(millsPoly, t, millsAt)
		VMULPS(t, q, q) // before e, whose product with h alone may be subnormal
		VMULPS(e, q, q)
		return q
	},
	grad: func(f *fn, t reg.VecVirtual) reg.VecVirtual {
		g := f.expSquare(t, 0.5)
		h := f.inRatio(millsPoly, t, millsAt)
		f.kSubMul(float32(1/math.Sqrt(2*math.Pi)), t, h)
		VMULPS(h, g, g)
		return g
	}}

// decay is e^-z = m*2^n, z >= 0, before it is scaled; low, if not nil, is what z lacks.
func (f *fn) decay(z, low reg.VecVirtual) (m, n reg.VecVirtual) {
	s := f.reg()
	f.kMul(-1, z, s)
	n, r := f.reduce(s)
	if low != nil {
		VSUBPS(low, r, r)
	}
	m = f.expm1(expPoly, r)
	f.kAdd(1, m, m)
	return m, n
}

// logisticTail is t*e/(1+e) with e = e^-z; t*e is scaled as a whole, since e may be subnormal.
func (f *fn) logisticTail(t, z, low reg.VecVirtual) reg.VecVirtual {
	e, n := f.decay(z, low)
	y := f.reg()
	VMULPS(t, e, y)
	f.scale(n, e, y)
	f.kAdd(1, e, e)
	VDIVPS(e, y, y)
	return y
}

// logistic is q = e/(1+e) and p = 1/(1+e).
func (f *fn) logistic(z, low reg.VecVirtual) (q, p reg.VecVirtual) {
	q, n := f.decay(z, low)
	f.scale(n, q)
	p = f.reg()
	f.kAdd(1, q, p)
	VDIVPS(p, f.kr(1), p)
	VMULPS(p, q, q)
	return q, p
}

// silu has the logistic distribution.
var silu = gate{end: 110,
	tail: func(f *fn, t reg.VecVirtual) reg.VecVirtual {
		return f.logisticTail(t, t, nil)
	},
	grad: func(f *fn, t reg.VecVirtual) reg.VecVirtual {
		q, p := f.logistic(t, nil)
		VMULPS(t, p, p)
		VFNMADD213PS(q, q, p) // q - q*t*p
		return p
	}}

// The polynomial of geluTanh, z = 2*sqrt(2/pi)*(t + 0.044715*t^3) = t*(k1 + k3*t*t), in two parts.
const (
	geluK1 = 2 * math.Sqrt2 / math.SqrtPi
	geluK3 = 0.044715 * geluK1
)

// cubic is z, and what it lacks: it becomes an exponent, and its error the relative error of the result.
func (f *fn) cubic(t reg.VecVirtual) (z, low, square reg.VecVirtual) {
	k1, k3 := float32(geluK1), float32(geluK3)
	s, sLow, p, low := f.reg(), f.reg(), f.reg(), f.reg()
	VMULPS(t, t, s)
	VMOVAPS(s, sLow)
	VFMSUB231PS(t, t, sLow)
	f.kMul(k3, s, p)
	VMOVAPS(p, low)
	f.withK(VFMSUB231PS, VFMSUB231PS_BCST, k3, s, low)
	f.kAddMul(k3, sLow, low)
	f.kAddMul(float32(geluK3-float64(k3)), s, low)
	f.kAdd(float32(geluK1-float64(k1)), low, low)
	// w = p + k1; the sum of two numbers lacks lo - (w - hi), where lo is the smaller one.
	w, hi := f.set(k1), f.reg()
	VMAXPS(w, p, hi)
	VMINPS(w, p, sLow)
	VADDPS(p, w, w)
	VSUBPS(hi, w, hi)
	VSUBPS(hi, sLow, hi)
	VADDPS(hi, low, low)
	z = f.reg()
	VMULPS(t, w, z)
	VMULPS(t, low, low)
	VFMSUB213PS(z, t, w)
	VADDPS(w, low, low)
	return z, low, s
}

// geluTanh has the logistic distribution of z.
var geluTanh = gate{end: 11,
	tail: func(f *fn, t reg.VecVirtual) reg.VecVirtual {
		z, low, _ := f.cubic(t)
		return f.logisticTail(t, z, low)
	},
	grad: func(f *fn, t reg.VecVirtual) reg.VecVirtual {
		z, low, s := f.cubic(t)
		q, p := f.logistic(z, low)
		f.kMul(3*geluK3, s, s) // z' = k1 + 3*k3*t*t
		f.kAdd(geluK1, s, s)
		VMULPS(t, s, s)
		VMULPS(s, p, p)
		VFNMADD213PS(q, q, p)
		return p
	}}

var minusZero = float32(math.Copysign(0, -1))
