package main

import (
	"math"

	. "github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/reg"
)

// More functions that are made of e^x.

func holdExp2(f *fn) { f.hold(math.Float32bits(129), math.Float32bits(-152)) }

// exp2 is 2^n*e^r with r = (x-n)*ln(2).
func (f *fn) exp2(x reg.VecVirtual) reg.VecVirtual {
	VMINPS(x, f.kr(129), x)
	VMAXPS(x, f.kr(-152), x)
	n := f.reg()
	f.round(toNearest, x, n)
	VSUBPS(n, x, x)
	f.kMul(float32(math.Ln2), x, x)
	y := f.expm1(expPoly, x)
	f.kAdd(1, y, y)
	f.scale(n, y)
	return y
}

const minusTiny = 0x1p-100 // below, e^x - 1 is x

func holdExpm1(f *fn) {
	f.hold(math.Float32bits(expHi), math.Float32bits(-20), math.Float32bits(minusTiny), math.Float32bits(1))
	if f.wide {
		f.hold(absMask)
	}
}

// minus1 is e^x - 1 = 2*(2^(n-1)*expm1(r) + (2^(n-1) - 1/2)): 2^n alone may be infinite.
func (f *fn) minus1(x reg.VecVirtual) reg.VecVirtual {
	z, p := f.reg(), f.reg()
	VMINPS(x, f.kr(expHi), z)
	VMAXPS(z, f.kr(-20), z)
	n, r := f.reduce(z)
	y := f.expm1(expm1Poly, r)
	f.kSub(1, n, n)
	f.power(n)
	f.kSub(0.5, n, p)
	VFMADD213PS(p, n, y)
	VADDPS(y, y, y)
	VANDPS(f.bits(absMask), x, p)
	f.where(lt, p, f.kr(minusTiny), x, y)
	return y
}

// sinhPoly is p in sinh(x) = x + x^3*p(x*x), |x| <= 1.
var sinhPoly = fit(func(s float64) float64 {
	if s < 1e-4 {
		return 1./6 + s/120
	}
	x := math.Sqrt(s)
	return (math.Sinh(x) - x) / (x * s)
}, func(s float64) float64 { return s + 1e-4 }, 0, 1, 3)

func holdHyperbolic(f *fn) {
	f.hold(math.Float32bits(89.5), math.Float32bits(1))
	if f.wide {
		f.hold(absMask, signBit)
	}
}

// quarterExp is q = e^t/4 and 1/(16*q) for 0 <= t <= 89.5, so that neither is infinite where sinh and cosh are not.
func (f *fn) quarterExp(t reg.VecVirtual) (q, inverse reg.VecVirtual) {
	n, r := f.reduce(f.copy(t))
	q = f.expm1(expPoly, r)
	f.kAdd(1, q, q)
	f.kSub(2, n, n)
	f.power(n)
	VMULPS(n, q, q)
	inverse = f.set(1. / 16)
	VDIVPS(q, inverse, inverse)
	return q, inverse
}

// sinh is 2*(q - 1/(16*q)), near 0 a polynomial, with the sign of x.
func (f *fn) sinh(x reg.VecVirtual) reg.VecVirtual {
	t := f.clipped(x, 89.5)
	q, v := f.quarterExp(t)
	VSUBPS(v, q, q)
	VADDPS(q, q, q)
	s := f.reg()
	VMULPS(t, t, s)
	p := f.poly(sinhPoly, s)
	VMULPS(t, s, s)
	VFMADD213PS(t, s, p) // s*p + t
	f.where(lt, t, f.kr(1), p, q)
	VANDPS(f.bits(signBit), x, x)
	VORPS(x, q, q)
	return q
}

// cosh is 2*(q + 1/(16*q)).
func (f *fn) cosh(x reg.VecVirtual) reg.VecVirtual {
	q, v := f.quarterExp(f.clipped(x, 89.5))
	VADDPS(v, q, q)
	VADDPS(q, q, q)
	return q
}

func holdSoftplus(f *fn) {
	f.hold(math.Float32bits(110), math.Float32bits(0.5), math.Float32bits(1), 0)
	if f.wide {
		f.hold(absMask)
	}
}

// softplus is max(x, 0) + log(1+e), e = e^-|x|. As log takes it, 1+e is 2^0*(1+e), or 2^1*(1+(e-1)/2) for e > 1/2.
func (f *fn) softplus(x reg.VecVirtual) reg.VecVirtual {
	t := f.clipped(x, 110)
	g, n := f.decay(t, nil)
	f.scale(n, g)
	e, h := f.zero(), f.reg()
	f.kSub(1, g, h)
	f.kMul(0.5, h, h)
	f.where(gt, g, f.kr(0.5), f.kr(1), e)
	f.where(gt, g, f.kr(0.5), h, g)
	y := f.logOf(natural, e, g)
	VMAXPS(x, f.kr(0), x)
	VADDPS(x, y, y)
	return y
}

func holdMish(f *fn) {
	f.hold(math.Float32bits(20), math.Float32bits(-110), math.Float32bits(1), signBit)
}

// mish is x*w/(w+2) with w = e*(e+2), e = e^x; x itself from 20 on. x*e is scaled as a whole, since e may be
// subnormal.
func (f *fn) mish(x reg.VecVirtual) reg.VecVirtual {
	z := f.reg()
	VMINPS(x, f.kr(20), z)
	VMAXPS(z, f.kr(-110), z)
	n, r := f.reduce(f.copy(z))
	e := f.expm1(expPoly, r)
	f.kAdd(1, e, e)
	VMULPS(e, z, z)
	f.scale(n, e, z)
	d := f.reg()
	f.kAdd(2, e, d)
	VMULPS(d, z, z)
	f.kMulAdd(2, d, e) // w + 2
	VDIVPS(e, z, z)
	f.where(gt, x, f.kr(20), x, z)
	f.infinityTimesZero(x, z)
	return z
}

// mishGrad is dy times (w + 4*x*e*(e+1)/(w+2))/(w+2).
func (f *fn) mishGrad(dy, x reg.VecVirtual) reg.VecVirtual {
	z := f.reg()
	VMINPS(x, f.kr(20), z)
	VMAXPS(z, f.kr(-110), z)
	n, r := f.reduce(f.copy(z))
	e := f.expm1(expPoly, r)
	f.kAdd(1, e, e)
	f.scale(n, e)
	a, d := f.reg(), f.reg()
	f.kAdd(1, e, a)
	f.kMul(4, z, z)
	VMULPS(e, a, a)
	VMULPS(z, a, a) // 4*x*e*(e+1)
	f.kAdd(2, e, d)
	VMULPS(d, e, e) // w
	f.kAdd(2, e, d)
	VDIVPS(d, f.kr(1), d)
	VFMADD213PS(e, d, a) // a*d + w
	VMULPS(d, a, a)
	f.kAddMul(0, x, a) // NaN at the infinities
	VMULPS(dy, a, a)
	return a
}
