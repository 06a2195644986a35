package main

import (
	"fmt"
	"math"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// pow computes in float64, half a vector at a time: the logarithm is multiplied by an exponent, and with it its error.

// log2Poly is p in log2(1+g) = g*p(g), -1/4 <= g <= 1/2.
var log2Poly = fit64(func(g float64) float64 {
	if math.Abs(g) < 1e-3 {
		return (1 - g*(1./2-g*(1./3-g*(1./4-g*(1./5-g/6))))) / math.Ln2
	}
	return math.Log1p(g) / (g * math.Ln2)
}, func(g float64) float64 { return 1 }, -0.25, 0.5, 14)

// exp2Poly is 2^r, |r| <= 1/2.
var exp2Poly = fit64(math.Exp2, func(r float64) float64 { return 1 / math.Exp2(r) }, -0.5, 0.5, 7)

// The exponents that are let in: from powerEnd on all numbers are even, and powerStart is what 0 and infinity need.
const (
	powerEnd   = 1 << 23
	powerStart = 0x1p-90
)

var powers = routine{name: "pow", doc: "sets y = a^b and stops at what it does not know: NaN, huge and tiny b, negative a with a b that is not whole.",
	hold: func(f *fn) {
		f.hold(0)
		if f.wide {
			f.hold(absMask, signBit, math.Float32bits(powerEnd), math.Float32bits(powerStart), infBits)
		} else {
			f.hold(infBits)
		}
	},
	body: func(f *fn, in regs) reg.VecVirtual {
		a, b := in[0], in[1]
		x := f.reg()
		VANDPS(f.bits(absMask), a, x)
		e, g := f.split(x)
		// A logarithm of -1e38 or 1e38 stands for that of 0 or infinity: no exponent that is let in brings it within the bounds.
		low := f.set(-1e38)
		f.where(eq, x, f.kr(0), low, e)
		f.kMul(-1, low, low)
		inf := f.kr(math.Float32frombits(infBits))
		f.where(eq, x, inf, low, e)
		VXORPS(low, low, low)
		f.where(eq, x, inf, low, g)
		f.where(eq, x, f.kr(0), low, g)
		var half [2]reg.VecVirtual
		for h := range half {
			half[h] = f.powerHalf(f.doubles(e, h), f.doubles(g, h), f.doubles(b, h))
		}
		y := f.joined(half)
		// an odd exponent keeps the sign of a
		odd, whole := f.reg(), f.reg()
		VCVTPS2DQ(b, odd)
		VPSLLD(Imm(31), odd, odd)
		VANDPS(a, odd, odd)
		f.round(toNearest, b, whole)
		f.keep(eq, b, whole, odd)
		VORPS(odd, y, y)
		return y
	}}

// strangePower marks NaN, exponents beyond powerStart and powerEnd but 0, and negative numbers with exponents that are not whole.
func (f *fn) strangePower(a, b reg.VecVirtual) reg.VecVirtual {
	t, whole := f.reg(), f.reg()
	f.round(toNearest, b, whole)
	VANDPS(f.bits(absMask), b, t)
	if f.wide {
		VCMPPS(Imm(lt), f.kr(0), a, reg.K3)
		VCMPPS(Imm(neq), whole, b, reg.K3, reg.K3)
		VCMPPS(Imm(nlt), f.k(powerEnd), t, reg.K2)
		KORW(reg.K3, reg.K2, reg.K2)
		VCMPPS(Imm(lt), f.k(powerStart), t, reg.K3)
		VCMPPS(Imm(neq), f.kr(0), b, reg.K3, reg.K3)
		KORW(reg.K3, reg.K2, reg.K2)
		VCMPPS(Imm(unord), a, a, reg.K3)
		KORW(reg.K3, reg.K2, reg.K2)
		return nil
	}
	neg, some := f.reg(), f.reg()
	VCMPPS(Imm(lt), f.k(powerStart), t, neg)
	VCMPPS(Imm(neq), f.kr(0), b, some)
	VANDPS(some, neg, neg)
	VCMPPS(Imm(nlt), f.k(powerEnd), t, t)
	VORPS(neg, t, t)
	VCMPPS(Imm(lt), f.kr(0), a, neg)
	VCMPPS(Imm(neq), whole, b, whole)
	VANDPS(neg, whole, whole)
	VORPS(whole, t, t)
	VCMPPS(Imm(unord), a, a, neg)
	VORPS(neg, t, t)
	return t
}

// powerHalf is 2^(b*(e + log2(1+g))).
func (f *fn) powerHalf(e, g, b reg.VecVirtual) reg.VecVirtual {
	z := f.poly64(log2Poly, g)
	VFMADD213PD(e, g, z)
	VMULPD(b, z, z)
	f.withK64(VMINPD, VMINPD_BCST, 200, z)
	f.withK64(VMAXPD, VMAXPD_BCST, -200, z)
	n := f.reg()
	if f.wide {
		VRNDSCALEPD(Imm(toNearest), z, n)
	} else {
		VROUNDPD(Imm(toNearest), z, n)
	}
	VSUBPD(n, z, z)
	y := f.poly64(exp2Poly, z)
	if f.wide {
		VSCALEFPD(n, y, y)
		return y
	}
	small := XMM()
	VCVTPD2DQY(n, small)
	VPMOVSXDQ(small, n)
	VPSLLQ(Imm(52), n, n)
	VPADDQ(n, y, y)
	return y
}

// doubles is half h of x as float64.
func (f *fn) doubles(x reg.VecVirtual, h int) reg.VecVirtual {
	y := f.reg()
	switch {
	case f.wide && h == 0:
		VCVTPS2PD(x.AsY(), y)
	case f.wide:
		t := YMM()
		VEXTRACTF32X8(Imm(1), x, t)
		VCVTPS2PD(t, y)
	case h == 0:
		VCVTPS2PD(x.AsX(), y)
	default:
		t := XMM()
		VEXTRACTF128(Imm(1), x, t)
		VCVTPS2PD(t, y)
	}
	return y
}

// joined is both halves as float32.
func (f *fn) joined(half [2]reg.VecVirtual) reg.VecVirtual {
	y := f.reg()
	if f.wide {
		lo, hi := YMM(), YMM()
		VCVTPD2PS(half[0], lo)
		VCVTPD2PS(half[1], hi)
		VINSERTF32X8(Imm(1), hi, lo.AsZ(), y)
		return y
	}
	lo, hi := XMM(), XMM()
	VCVTPD2PSY(half[0], lo)
	VCVTPD2PSY(half[1], hi)
	VINSERTF128(Imm(1), hi, lo.AsY(), y)
	return y
}

// poly64 is poly for float64.
func (f *fn) poly64(c []float64, x reg.VecVirtual) reg.VecVirtual {
	y := f.reg()
	VBROADCASTSD(f.mem64(c[len(c)-1], 1), y)
	for i := len(c) - 2; i >= 0; i-- {
		if f.wide {
			VFMADD213PD_BCST(f.mem64(c[i], 1), x, y)
		} else {
			VFMADD213PD(f.mem64(c[i], 4), x, y)
		}
	}
	return y
}

// withK64 sets x = op(x, k).
func (f *fn) withK64(op, broadcast func(ops ...Op), k float64, x reg.VecVirtual) {
	if f.wide {
		broadcast(f.mem64(k, 1), x, x)
	} else {
		op(f.mem64(k, 4), x, x)
	}
}

// mem64 is a float64 constant in memory, so many times.
func (f *fn) mem64(v float64, times int) Mem {
	bits := math.Float64bits(v)
	name := fmt.Sprintf("d%dx%016x", times, bits)
	m, ok := constData[name]
	if !ok {
		m = GLOBL(name, RODATA|NOPTR)
		for i := range times {
			DATA(8*i, U64(bits))
		}
		constData[name] = m
	}
	return m
}
