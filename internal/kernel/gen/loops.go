package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// Comparison predicates of VCMPPS, the quiet ones.
const (
	eq    = 0x00
	unord = 0x03
	lt    = 0x11
	le    = 0x12
	neq   = 0x04
	nlt   = 0x15
	nge   = 0x19
	ge    = 0x1d
	gt    = 0x1e
)

const (
	signBit = 0x80000000
	absMask = 0x7fffffff
	infBits = 0x7f800000
)

// where sets dst to v in the lanes where x pred m.
func (f *fn) where(pred uint64, x reg.VecVirtual, m Op, v, dst reg.VecVirtual) {
	if f.wide {
		VCMPPS(Imm(pred), m, x, reg.K2)
		VMOVAPS(v, reg.K2, dst)
		return
	}
	c := like(x)
	VCMPPS(Imm(pred), m, x, c)
	VBLENDVPS(c, v, dst, dst)
}

// like is a fresh register of x's size.
func like(x reg.VecVirtual) reg.VecVirtual {
	if x.Size() == 16 {
		return XMM()
	}
	return YMM()
}

// keep clears the lanes of v but those where x pred m.
func (f *fn) keep(pred uint64, x reg.VecVirtual, m Op, v reg.VecVirtual) {
	if f.wide {
		VCMPPS(Imm(pred), m, x, reg.K2)
		VMOVAPS_Z(v, reg.K2, v)
		return
	}
	c := f.reg()
	VCMPPS(Imm(pred), m, x, c)
	VANDPS(c, v, v)
}

// max and min are maxOf2 and minOf2 of package vec: src1 > src2 ? src1 : src2
// takes b where either is NaN, so a's NaN is put back.
func (f *fn) max(a, b reg.VecVirtual) reg.VecVirtual {
	r := f.reg()
	VMAXPS(b, a, r)
	f.where(unord, a, a, a, r)
	return r
}

func (f *fn) min(a, b reg.VecVirtual) reg.VecVirtual {
	r := f.reg()
	VMINPS(b, a, r)
	f.where(unord, a, a, a, r)
	return r
}

// routine describes one elementwise routine; op is its name in package vec.
type routine struct {
	name, doc string
	unroll    int
	hold      func(f *fn)                                     // constants, before the loop
	body      func(f *fn, in []reg.VecVirtual) reg.VecVirtual // may change in
}

// binary writes y = body(a, b).
func (r routine) binary(w width) {
	f := begin(w, r.name, "func(n int, y, a, b *float32)", r.doc)
	f.n = f.arg("n")
	y, a, b := f.arg("y"), f.arg("a"), f.arg("b")
	r.prepare(f)
	f.each(r.unroll, []reg.GPVirtual{y, a, b}, func(u int) {
		f.store(r.body(f, []reg.VecVirtual{f.load(a, u), f.load(b, u)}), y, u)
	})
	f.end()
}

// unary writes y = body(x).
func (r routine) unary(w width) {
	f := begin(w, r.name, "func(n int, y, x *float32)", r.doc)
	f.n = f.arg("n")
	y, x := f.arg("y"), f.arg("x")
	r.prepare(f)
	f.each(r.unroll, []reg.GPVirtual{y, x}, func(u int) {
		f.store(r.body(f, []reg.VecVirtual{f.load(x, u)}), y, u)
	})
	f.end()
}

// A partial routine does not know all arguments. It returns how many elements it has not done: from a vector on
// with an argument that the test marks.

// unaryPart writes y = body(x); test is a mask that is not zero where x is strange.
func (r routine) unaryPart(w width, strange func(f *fn, x reg.VecVirtual) reg.VecVirtual) {
	f := begin(w, r.name, "func(n int, y, x *float32) int", r.doc)
	f.n = f.arg("n")
	y, x := f.arg("y"), f.arg("x")
	r.prepare(f)
	f.each(1, []reg.GPVirtual{y, x}, func(u int) {
		in := f.load(x, u)
		f.stopIf(strange(f, in))
		f.store(r.body(f, []reg.VecVirtual{in}), y, u)
	})
	f.endPart()
}

// binaryPart writes y = body(a, b).
func (r routine) binaryPart(w width, strange func(f *fn, a, b reg.VecVirtual) reg.VecVirtual) {
	f := begin(w, r.name, "func(n int, y, a, b *float32) int", r.doc)
	f.n = f.arg("n")
	y, a, b := f.arg("y"), f.arg("a"), f.arg("b")
	r.prepare(f)
	f.each(1, []reg.GPVirtual{y, a, b}, func(u int) {
		in := []reg.VecVirtual{f.load(a, u), f.load(b, u)}
		f.stopIf(strange(f, in[0], in[1]))
		f.store(r.body(f, in), y, u)
	})
	f.endPart()
}

// stopIf leaves the loop if a lane of m has a bit: m is a mask in AVX2, and nil in AVX-512, where it is K2.
func (f *fn) stopIf(m reg.VecVirtual) {
	if f.wide {
		KORTESTW(reg.K2, reg.K2)
	} else {
		VPTEST(m, m)
	}
	JNZ(LabelRef(f.label("stop")))
}

// endPart returns the number of elements not done: 0 after the tail.
func (f *fn) endPart() {
	XORQ(f.n, f.n)
	Label(f.label("stop"))
	Store(f.n, ReturnIndex(0))
	f.end()
}

// scalar writes y = body(a, s, t, y) with the scalars s and t broadcast; y is
// loaded only if update.
func (r routine) scalarOp(w width, update bool) {
	f := begin(w, r.name, "func(n int, y, a *float32, s, t float32)", r.doc)
	f.n = f.arg("n")
	y, a := f.arg("y"), f.arg("a")
	s, t := f.scalar("s"), f.scalar("t")
	r.prepare(f)
	f.each(r.unroll, []reg.GPVirtual{y, a}, func(u int) {
		in := []reg.VecVirtual{f.load(a, u), s, t}
		if update {
			in = append(in, f.load(y, u))
		}
		f.store(r.body(f, in), y, u)
	})
	f.end()
}

func (r routine) prepare(f *fn) {
	if r.hold != nil {
		r.hold(f)
	}
}
