package main

import (
	"strconv"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// sumLanes is the number of running results of a reduction, in both widths.
const sumLanes = 64

// reduction describes a routine that folds one slice, or the products of two,
// into a number.
type reduction struct {
	name, doc string
	product   bool
	start     uint32                             // what the running results start from
	fold      func(f *fn, a, acc reg.VecVirtual) // acc = acc with a
}

func foldSum(_ *fn, a, acc reg.VecVirtual) { VADDPS(a, acc, acc) }

// foldMax and foldMin keep a NaN: of two operands the instruction takes Intel's
// second if either is NaN, so acc stands there, and a's NaN is put in after.
func foldMax(f *fn, a, acc reg.VecVirtual) {
	VMAXPS(acc, a, acc)
	f.where(unord, a, a, a, acc)
}

func foldMin(f *fn, a, acc reg.VecVirtual) {
	VMINPS(acc, a, acc)
	f.where(unord, a, a, a, acc)
}

var reductions = []reduction{
	{name: "sum", doc: "is sumBlock.", fold: foldSum},
	{name: "dot", doc: "is dotBlock.", product: true, fold: foldSum},
	{name: "maxOf", doc: "is the maximum, NaN if any is NaN.", start: 0xff800000, fold: foldMax},
	{name: "minOf", doc: "is the minimum, NaN if any is NaN.", start: infBits, fold: foldMin},
}

// write emits a reduction: 64 running results, then one vector at a time, the last
// one masked, then everything folded in halves.
func (r reduction) write(w width) {
	sig, names := "func(n int, x *float32) float32", []string{"x"}
	if r.product {
		sig, names = "func(n int, a, b *float32) float32", []string{"a", "b"}
	}
	f := begin(w, r.name, sig, r.doc)
	f.n = f.arg("n")
	var ptrs []reg.GPVirtual
	for _, name := range names {
		ptrs = append(ptrs, f.arg(name))
	}
	acc := f.running(r.start)
	f.hold(r.start)
	take := func(u, disp int) {
		v := f.load(ptrs[0], disp)
		if r.product {
			VMULPS(f.load(ptrs[1], disp), v, v)
		}
		if f.masked && r.start != 0 {
			v = f.neutral(v, f.bits(r.start))
		}
		r.fold(f, v, acc[u])
	}
	advance := func(vectors int) {
		for _, p := range ptrs {
			ADDQ(U32(vectors*f.bytes()), p)
		}
		SUBQ(U32(vectors*f.lanes), f.n)
	}
	CMPQ(f.n, U32(sumLanes))
	JLT(LabelRef(f.label("rest0")))
	Label(f.label("loop"))
	for u := range acc {
		take(u, u)
	}
	advance(len(acc))
	CMPQ(f.n, U32(sumLanes))
	JGE(LabelRef(f.label("loop")))
	for u := range acc { // whole vector u goes to running result u
		last := f.label("last" + strconv.Itoa(u))
		Label(f.label("rest" + strconv.Itoa(u)))
		CMPQ(f.n, U32(f.lanes))
		JLT(LabelRef(last))
		take(u, 0)
		advance(1)
	}
	JMP(LabelRef(f.label("fold")))
	for u := range acc { // and so does the masked one
		Label(f.label("last" + strconv.Itoa(u)))
		TESTQ(f.n, f.n)
		JZ(LabelRef(f.label("fold")))
		f.tailMask(f.n)
		f.masked = true
		take(u, 0)
		f.masked = false
		if u < len(acc)-1 {
			JMP(LabelRef(f.label("fold")))
		}
	}
	Label(f.label("fold"))
	f.finish(acc, r.fold)
}

// neutral is v in the lanes of the tail mask and m elsewhere.
func (f *fn) neutral(v reg.VecVirtual, m Op) reg.VecVirtual {
	r := f.reg()
	VMOVAPS(m, r)
	if f.wide {
		VMOVAPS(v, reg.K1, r)
	} else {
		VBLENDVPS(f.mask, v, r, r)
	}
	return r
}

// running is the vectors of 64 running results.
func (f *fn) running(start uint32) regs {
	acc := make(regs, sumLanes/f.lanes)
	for u := range acc {
		acc[u] = f.reg()
		VBROADCASTSS(constMem(start, 1), acc[u])
	}
	return acc
}

// finish folds running results by halves and returns the number.
func (f *fn) finish(acc regs, fold func(f *fn, a, acc reg.VecVirtual)) {
	for h := len(acc) / 2; h > 0; h /= 2 {
		for u := range h {
			fold(f, acc[u+h], acc[u])
		}
	}
	low := YMM()
	VMOVAPS(acc[0].AsY(), low)
	if f.wide {
		high := YMM()
		VEXTRACTF64X4(Imm(1), acc[0], high)
		fold(f, high, low)
	}
	x, high := XMM(), XMM()
	if f.wide { // which has more registers than VEXTRACTF128 can name
		VEXTRACTF32X4(Imm(1), low, high)
	} else {
		VEXTRACTF128(Imm(1), low, high)
	}
	VMOVAPS(low.AsX(), x)
	fold(f, high, x)
	high = XMM()
	VMOVHLPS(x, x, high)
	fold(f, high, x)
	high = XMM()
	VMOVSHDUP(x, high)
	fold(f, high, x)
	Store(x, ReturnIndex(0))
	f.end()
}

// expSum writes y = e^(x-c) and returns the sum of y.
func expSum(w width) {
	f := begin(w, "expSum", "func(n int, y, x *float32, c float32) float32", "sets y = e^(x-c) and returns the sum of y.")
	f.n = f.arg("n")
	y, x := f.arg("y"), f.arg("x")
	c := f.scalar("c")
	holdExp(f)
	total := f.zero()
	f.each(2, []reg.GPVirtual{y, x}, func(u int) {
		v := f.load(x, u)
		VSUBPS(c, v, v)
		e := f.exp(v)
		f.store(e, y, u)
		switch {
		case !f.masked:
			VADDPS(e, total, total)
		case f.wide:
			VADDPS(e, total, reg.K1, total)
		default:
			VANDPS(f.mask, e, e)
			VADDPS(e, total, total)
		}
	})
	f.finish(regs{total}, foldSum)
}
