package main

import (
	"math"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// angleEnd is how large an angle may be to be reduced here.
const angleEnd = 65536

// pi/2 in three parts of float32. With fused steps and angles below angleEnd the first difference is exact, the others are
// rounded once.
var (
	quarter0 = float32(math.Pi / 2)
	quarter1 = float32(math.Pi/2 - float64(quarter0))
	quarter2 = float32(math.Pi/2 - float64(quarter0) - float64(quarter1) + 6.123233995736766e-17)
)

const octant = math.Pi / 4 * 1.02 // the reduced angle, with what rounding adds to it

// sinPoly is p in sin(r) = r + r^3*p(r*r), cosPoly in cos(r) = 1 - r*r/2 + r^4*p(r*r).
var (
	sinPoly = fit(func(s float64) float64 {
		if s < 1e-2 {
			return -1./6 + s/120 - s*s/5040
		}
		x := math.Sqrt(s)
		return (math.Sin(x) - x) / (x * s)
	}, func(s float64) float64 { return s + 1e-4 }, 0, octant*octant, 2)
	cosPoly = fit(func(s float64) float64 {
		if s < 1e-2 {
			return 1./24 - s/720 + s*s/40320
		}
		return (math.Cos(math.Sqrt(s)) - 1 + s/2) / (s * s)
	}, func(s float64) float64 { return s*s + 1e-4 }, 0, octant*octant, 2)
)

var angles = []routine{
	{name: "sin", doc: "sets y = sin(x) and stops at a large x.", hold: holdAngle,
		body: func(f *fn, in regs) reg.VecVirtual {
			k, s, c := f.sincos(in[0])
			f.oddQuarters(k, c, s)
			f.flipHalves(k, s)
			VANDPS(f.bits(signBit), in[0], k)
			VXORPS(k, s, s)
			return s
		}},
	{name: "cos", doc: "sets y = cos(x) and stops at a large x.", hold: holdAngle,
		body: func(f *fn, in regs) reg.VecVirtual {
			k, s, c := f.sincos(in[0])
			f.oddQuarters(k, s, c)
			VPADDD(f.bits(1), k, k)
			f.flipHalves(k, c)
			return c
		}},
	{name: "tan", doc: "sets y = tan(x) and stops at a large x.", hold: holdAngle,
		body: func(f *fn, in regs) reg.VecVirtual {
			k, s, c := f.sincos(in[0])
			num := f.copy(s)
			f.oddQuarters(k, c, num)
			f.oddQuarters(k, s, c)
			VDIVPS(c, num, num)
			VPSLLD(Imm(31), k, k) // cot with the sign changed
			VXORPS(k, num, num)
			VANDPS(f.bits(signBit), in[0], k)
			VXORPS(k, num, num)
			return num
		}},
}

func holdAngle(f *fn) {
	f.hold(absMask, math.Float32bits(1))
	if f.wide {
		f.hold(signBit, 1, 2, math.Float32bits(angleEnd))
	}
}

// large marks the angles of angleEnd and more, the infinite ones and NaN.
func (f *fn) large(x reg.VecVirtual) reg.VecVirtual {
	t := f.reg()
	VANDPS(f.bits(absMask), x, t)
	if f.wide {
		VCMPPS(Imm(nlt), f.k(angleEnd), t, reg.K2)
		return nil
	}
	VCMPPS(Imm(nlt), f.k(angleEnd), t, t)
	return t
}

// sincos reduces |x| to k quarters of a turn, as integers, and r between -pi/4 and pi/4, and gives the sine and cosine
// of r.
func (f *fn) sincos(x reg.VecVirtual) (k, sin, cos reg.VecVirtual) {
	r, s := f.reg(), f.reg()
	k = f.reg()
	VANDPS(f.bits(absMask), x, r)
	f.kMul(2/math.Pi, r, k)
	f.round(toNearest, k, k)
	f.kSubMul(quarter0, k, r)
	f.kSubMul(quarter1, k, r)
	f.kSubMul(quarter2, k, r)
	VCVTPS2DQ(k, k)
	VMULPS(r, r, s)
	sin = f.poly(sinPoly, s)
	cube := f.reg()
	VMULPS(r, s, cube)
	VFMADD213PS(r, cube, sin)
	cos = f.poly(cosPoly, s)
	f.kMulAdd(-0.5, s, cos)
	VFMADD213PS(f.kr(1), s, cos)
	return k, sin, cos
}

// oddQuarters sets y to z where k is odd.
func (f *fn) oddQuarters(k, z, y reg.VecVirtual) {
	if f.wide {
		VPTESTMD(f.bits(1), k, reg.K2)
		VMOVAPS(z, reg.K2, y)
		return
	}
	odd := f.reg()
	VPSLLD(Imm(31), k, odd)
	VBLENDVPS(odd, z, y, y)
}

// flipHalves changes the sign of y where bit 1 of k is set.
func (f *fn) flipHalves(k, y reg.VecVirtual) {
	t := f.reg()
	if f.wide {
		VPANDD(f.bits(2), k, t)
	} else {
		VPAND(f.bits(2), k, t)
	}
	VPSLLD(Imm(30), t, t)
	VXORPS(t, y, y)
}
