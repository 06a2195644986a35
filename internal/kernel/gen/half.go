package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// halfKernels writes the routines of package half.
func halfKernels() {
	for _, w := range widths {
		fromBF16(w)
		toBF16(w)
		fromF16(w)
		toF16(w)
	}
	hasF16C()
}

// convert writes a loop over n vectors, from bytes and to bytes wide each.
func convert(w width, name, sig, doc string, to, from int, body func(f *fn, y, x reg.GPVirtual)) {
	f := begin(w, name, sig, doc)
	n, y, x := f.arg("n"), f.arg("y"), f.arg("x")
	if f.wide {
		f.hold(0x7fff, 1, 0x40)
	}
	Label(f.label("vector"))
	body(f, y, x)
	ADDQ(U32(from), x)
	ADDQ(U32(to), y)
	DECQ(n)
	JNZ(LabelRef(f.label("vector")))
	f.end()
}

func fromBF16(w width) {
	convert(w, "fromBF16", "func(n int, y *float32, x *uint16)", "widens n vectors.", w.bytes(), w.bytes()/2, func(f *fn, y, x reg.GPVirtual) {
		v := f.reg()
		VPMOVZXWD(Mem{Base: x}, v)
		VPSLLD(Imm(16), v, v)
		f.store(v, y, 0)
	})
}

// toBF16 adds just less than half a unit of what remains, and one more if that is odd. NaN is cut instead, and made quiet.
func toBF16(w width) {
	convert(w, "toBF16", "func(n int, y *uint16, x *float32)", "rounds n vectors.", w.bytes()/2, w.bytes(), func(f *fn, y, x reg.GPVirtual) {
		v, r := f.load(x, 0), f.reg()
		VPSRLD(Imm(16), v, r)
		nan := f.reg()
		if f.wide {
			odd := f.reg()
			VPANDD(f.bits(1), r, odd)
			VPORD(f.bits(0x40), r, nan)
			VPADDD(odd, v, r)
			VPADDD(f.bits(0x7fff), r, r)
			VPSRLD(Imm(16), r, r)
			VCMPPS(Imm(3), v, v, reg.K1) // unordered
			VMOVDQA32(nan, reg.K1, r)
			VPMOVDW(r, Mem{Base: y})
			return
		}
		odd, is := f.reg(), f.reg()
		VPAND(f.bits(1), r, odd)
		VPOR(f.bits(0x40), r, nan)
		VPADDD(odd, v, r)
		VPADDD(f.bits(0x7fff), r, r)
		VPSRLD(Imm(16), r, r)
		VCMPPS(Imm(3), v, v, is)
		VBLENDVPS(is, nan, r, r)
		VPACKUSDW(r, r, r)
		VPERMQ(Imm(0x08), r, r)
		VMOVDQU(r.AsX(), Mem{Base: y})
	})
}

func fromF16(w width) {
	convert(w, "fromF16", "func(n int, y *float32, x *uint16)", "widens n vectors.", w.bytes(), w.bytes()/2, func(f *fn, y, x reg.GPVirtual) {
		v := f.reg()
		VCVTPH2PS(Mem{Base: x}, v)
		f.store(v, y, 0)
	})
}

func toF16(w width) {
	convert(w, "toF16", "func(n int, y *uint16, x *float32)", "rounds n vectors.", w.bytes()/2, w.bytes(), func(f *fn, y, x reg.GPVirtual) {
		VCVTPS2PH(Imm(0), f.load(x, 0), Mem{Base: y})
	})
}

// hasF16C writes the question whether the processor converts F16 in AVX2, which package cpu does not answer.
func hasF16C() {
	TEXT("hasF16C", NOSPLIT, "func() bool")
	Doc("hasF16C says whether the processor converts halves.")
	MOVL(U32(1), reg.EAX)
	XORL(reg.ECX, reg.ECX)
	CPUID()
	SHRL(Imm(29), reg.ECX)
	ANDL(U32(1), reg.ECX)
	Store(reg.CL, ReturnIndex(0))
	RET()
}
