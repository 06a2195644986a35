package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// Routines over slices of different element types. They do n whole vectors of float32 lanes, n > 0; Go does the rest.

// A pointer moves on by so many bytes a lane.
type pointer struct {
	p    reg.GPVirtual
	size int
}

// wholes writes the loop over n whole vectors.
func (f *fn) wholes(ps []pointer, one func()) {
	f.n = f.arg("n")
	Label(f.label("loop"))
	one()
	for _, p := range ps {
		ADDQ(U32(p.size*f.lanes), p.p)
	}
	DECQ(f.n)
	JNZ(LabelRef(f.label("loop")))
	f.end()
}

func mixedKernels() {
	for _, w := range widths {
		for _, c := range []struct {
			name string
			pred uint64
		}{{"eq", eq}, {"ne", neq}, {"lt", lt}, {"le", le}, {"gt", gt}, {"ge", ge}} {
			compare(w, c.name, c.pred)
		}
		choose(w)
		for _, c := range conversions {
			if w.wide || !c.wideOnly {
				c.write(w)
			}
		}
	}
}

// compare writes y = 1 where a pred b, else 0, as bytes.
func compare(w width, name string, pred uint64) {
	f := begin(w, name, "func(n int, y *uint8, a, b *float32)", "sets y to 1 where the comparison holds, else to 0, in n vectors.")
	y, a, b := f.arg("y"), f.arg("a"), f.arg("b")
	ones := XMM()
	VBROADCASTSS(constMem(0x01010101, 1), ones)
	f.wholes([]pointer{{y, 1}, {a, 4}, {b, 4}}, func() {
		v, out := f.reg(), XMM()
		VMOVUPS(Mem{Base: a}, v)
		if w.wide {
			VCMPPS(Imm(pred), Mem{Base: b}, v, reg.K2)
			VMOVDQU8_Z(ones, reg.K2, out)
			VMOVDQU(out, Mem{Base: y})
			return
		}
		VCMPPS(Imm(pred), Mem{Base: b}, v, v)
		f.pack(v, VPACKSSDW, out)
		VPACKSSWB(out, out, out)
		VPAND(ones, out, out)
		VMOVQ(out, Mem{Base: y})
	})
}

// pack makes 16-bit numbers of the eight 32-bit ones of v (AVX2).
func (f *fn) pack(v reg.VecVirtual, op func(ops ...Op), out reg.VecVirtual) {
	VEXTRACTI128(Imm(1), v, out)
	op(out, v.AsX(), out)
}

// choose writes y = c != 0 ? a : b.
func choose(w width) {
	f := begin(w, "choose", "func(n int, y *uint32, c *uint8, a, b *uint32)", "sets y to a where c is not 0, else to b, in n vectors.")
	y, c, a, b := f.arg("y"), f.arg("c"), f.arg("a"), f.arg("b")
	var zero reg.VecVirtual
	if !w.wide {
		zero = f.zero()
	}
	f.wholes([]pointer{{y, 4}, {c, 1}, {a, 4}, {b, 4}}, func() {
		v := f.reg()
		if w.wide {
			m := XMM()
			VMOVDQU(Mem{Base: c}, m)
			VPTESTMB(m, m, reg.K2)
			VMOVUPS(Mem{Base: b}, v)
			VMOVUPS(Mem{Base: a}, reg.K2, v)
		} else {
			m := f.reg()
			VPMOVZXBD(Mem{Base: c}, m)
			VPCMPEQD(zero, m, m)
			VMOVUPS(Mem{Base: a}, v)
			VBLENDVPS(m, Mem{Base: b}, v, v)
		}
		VMOVUPS(v, Mem{Base: y})
	})
}

// A conversion reads a vector at x and writes it at y.
type conversion struct {
	name, to, from string
	toSize, size   int
	wideOnly       bool // AVX2 has no instruction for it
	body           func(f *fn, y, x Mem)
}

// halves does each half of a vector of 32-bit numbers, which is a whole vector of 64-bit numbers.
func halves(f *fn, do func(narrow, wide Mem), narrow, wide Mem) {
	do(narrow, wide)
	do(narrow.Offset(f.bytes()/2), wide.Offset(f.bytes()))
}

// narrow is a fresh register of half the size.
func (f *fn) narrow() reg.VecVirtual {
	if f.wide {
		return YMM()
	}
	return XMM()
}

var conversions = []conversion{
	{"fromUint8", "float32", "uint8", 4, 1, false, func(f *fn, y, x Mem) {
		v := f.reg()
		VPMOVZXBD(x, v)
		VCVTDQ2PS(v, v)
		VMOVUPS(v, y)
	}},
	{"toUint8", "uint8", "float32", 1, 4, false, func(f *fn, y, x Mem) {
		v := f.reg()
		VCVTTPS2DQ(x, v)
		if f.wide {
			VPMOVDB(v, y)
			return
		}
		out := XMM()
		VPAND(constMem(0xff, 8), v, v)
		f.pack(v, VPACKUSDW, out)
		VPACKUSWB(out, out, out)
		VMOVQ(out, y)
	}},
	{"fromInt32", "float32", "int32", 4, 4, false, func(f *fn, y, x Mem) {
		v := f.reg()
		VCVTDQ2PS(x, v)
		VMOVUPS(v, y)
	}},
	{"toInt32", "int32", "float32", 4, 4, true, func(f *fn, y, x Mem) { // by way of 64 bits: what does not fit wraps
		for at := 0; at < f.bytes(); at += f.bytes() / 2 {
			v := f.reg()
			VCVTTPS2QQ(x.Offset(at), v)
			VPMOVQD(v, y.Offset(at))
		}
	}},
	{"fromInt64", "float32", "int64", 4, 8, true, func(f *fn, y, x Mem) {
		halves(f, func(y, x Mem) {
			v := f.narrow()
			VCVTQQ2PS(x, v)
			VMOVUPS(v, y)
		}, y, x)
	}},
	{"toInt64", "int64", "float32", 8, 4, true, func(f *fn, y, x Mem) {
		halves(f, func(x, y Mem) {
			v := f.reg()
			VCVTTPS2QQ(x, v)
			VMOVDQU64(v, y)
		}, x, y)
	}},
	{"fromFloat64", "float32", "float64", 4, 8, false, func(f *fn, y, x Mem) {
		halves(f, func(y, x Mem) {
			v := f.narrow()
			if f.wide {
				VCVTPD2PS(x, v)
			} else {
				VCVTPD2PSY(x, v)
			}
			VMOVUPS(v, y)
		}, y, x)
	}},
	{"toFloat64", "float64", "float32", 8, 4, false, func(f *fn, y, x Mem) {
		halves(f, func(x, y Mem) {
			v := f.reg()
			VCVTPS2PD(x, v)
			VMOVUPS(v, y)
		}, x, y)
	}},
	{"fromFloat16", "float32", "uint16", 4, 2, false, func(f *fn, y, x Mem) {
		v := f.reg()
		VCVTPH2PS(x, v)
		VMOVUPS(v, y)
	}},
	{"toFloat16", "uint16", "float32", 2, 4, false, func(f *fn, y, x Mem) {
		v := f.reg()
		VMOVUPS(x, v)
		VCVTPS2PH(Imm(0), v, y) // to nearest, ties to even
	}},
	{"fromBFloat16", "float32", "uint16", 4, 2, false, func(f *fn, y, x Mem) {
		v := f.reg()
		VPMOVZXWD(x, v)
		VPSLLD(Imm(16), v, v)
		VMOVUPS(v, y)
	}},
	{"toBFloat16", "uint16", "float32", 2, 4, false, func(f *fn, y, x Mem) {
		v, up, odd := f.reg(), f.reg(), f.reg()
		VMOVUPS(x, v)
		VPSRLD(Imm(16), v, up)
		// v + 0x7fff, one more if the bit that stays last is set; NaN keeps its upper bits and becomes quiet
		if f.wide {
			VPANDD(f.bits(1), up, odd)
			VPADDD(f.bits(0x7fff), odd, odd)
			VPORD(f.bits(0x40), up, up)
			VCMPPS(Imm(unord), v, v, reg.K2)
			VPADDD(odd, v, v)
			VPSRLD(Imm(16), v, v)
			VMOVDQA32(up, reg.K2, v)
			VPMOVDW(v, y)
			return
		}
		VPAND(constMem(1, 8), up, odd)
		VPADDD(constMem(0x7fff, 8), odd, odd)
		VPOR(constMem(0x40, 8), up, up)
		nan, out := f.reg(), XMM()
		VCMPPS(Imm(unord), v, v, nan)
		VPADDD(odd, v, v)
		VPSRLD(Imm(16), v, v)
		VBLENDVPS(nan, up, v, v)
		f.pack(v, VPACKUSDW, out)
		VMOVDQU(out, y)
	}},
}

func (c conversion) write(w width) {
	f := begin(w, c.name, "func(n int, y *"+c.to+", x *"+c.from+")", "converts n vectors.")
	y, x := f.arg("y"), f.arg("x")
	if w.wide && c.name == "toBFloat16" {
		f.hold(0x7fff, 1, 0x40) // before the loop
	}
	f.wholes([]pointer{{y, c.toSize}, {x, c.size}}, func() { c.body(f, Mem{Base: y}, Mem{Base: x}) })
}
