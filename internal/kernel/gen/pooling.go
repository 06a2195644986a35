package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// poolingKernels writes the routines of package pooling; their definitions stand there in Go.
func poolingKernels() {
	for _, w := range widths {
		for stride := 1; stride <= 2; stride++ {
			maxRow(w, stride)
			sumRow(w, stride)
		}
		maxDown(w)
		sumDown(w)
		sums(w)
	}
}

const (
	ordered = 0x07
	nle     = 0x16 // not less or equal
)

// evens is the list of even numbers, as indices of VPERMT2PS.
func evens() Mem {
	m, ok := constData["evens"]
	if !ok {
		m = GLOBL("evens", RODATA|NOPTR)
		for i := range 16 {
			DATA(4*i, U32(uint32(2*i)))
		}
		constData["evens"] = m
	}
	return m
}

// counting is 0, stride, 2 stride, ...
func counting(stride int) Mem {
	name := "counting" + string(rune('0'+stride))
	m, ok := constData[name]
	if !ok {
		m = GLOBL(name, RODATA|NOPTR)
		for i := range 16 {
			DATA(4*i, U32(uint32(stride*i)))
		}
		constData[name] = m
	}
	return m
}

// every loads a vector of numbers that lie stride apart, from p on; idx holds evens.
func (f *fn) every(stride int, p reg.GPVirtual, idx reg.VecVirtual) reg.VecVirtual {
	v := f.load(p, 0)
	if stride == 1 {
		return v
	}
	next := f.load(p, 1)
	if f.wide {
		VPERMT2PS(next, idx, v)
		return v
	}
	VSHUFPS(Imm(0x88), next, v, v)
	VPERMPD(Imm(0xd8), v, v)
	return v
}

// take keeps v and its place in best and at where it is larger, or the first NaN.
func (f *fn) take(v, place, best, at reg.VecVirtual) {
	if f.wide {
		VCMPPS(Imm(ordered), best, best, reg.K2)
		VCMPPS(Imm(nle), best, v, reg.K2, reg.K3)
		VMOVAPS(v, reg.K3, best)
		VMOVDQA32(place, reg.K3, at)
		return
	}
	m, o := f.reg(), f.reg()
	VCMPPS(Imm(ordered), best, best, o)
	VCMPPS(Imm(nle), best, v, m)
	VANDPS(o, m, m)
	VBLENDVPS(m, v, best, best)
	VBLENDVPS(m, place, at, at)
}

// move copies vectors.
func (f *fn) move(from, to reg.VecVirtual) { VMOVAPS(from, to) }

// maxRow writes the loop over whole vectors of windows of one row.
func maxRow(w width, stride int) {
	name := "maxRow1"
	if stride == 2 {
		name = "maxRow2"
	}
	f := begin(w, name, "func(n, k int, y *float32, arg *int32, x *float32, pad, last int32)", "does n whole vectors.")
	n, k, y, arg, x := f.arg("n"), f.arg("k"), f.arg("y"), f.arg("arg"), f.arg("x")
	pad, last := f.scalar("pad"), f.scalar("last")
	idx, col, one, step, zero := f.reg(), f.reg(), f.reg(), f.reg(), f.zero()
	if w.wide {
		VMOVUPS(evens(), idx)
	}
	VMOVUPS(counting(stride), col)
	VPSUBD(pad, col, col)
	VBROADCASTSS(constMem(1, 1), one)
	VBROADCASTSS(constMem(uint32(stride*w.lanes), 1), step)
	Label(f.label("vector"))
	p, t := copyOf(x), copyOf(k)
	best := f.every(stride, p, idx)
	at, place := f.reg(), f.reg()
	f.move(col, at)
	f.move(col, place)
	DECQ(t)
	JZ(LabelRef(f.label("ready")))
	Label(f.label("tap"))
	ADDQ(Imm(4), p)
	VPADDD(one, place, place)
	f.take(f.every(stride, p, idx), place, best, at)
	DECQ(t)
	JNZ(LabelRef(f.label("tap")))
	Label(f.label("ready"))
	VPMAXSD(zero, at, at)
	VPMINSD(last, at, at)
	f.store(best, y, 0)
	f.store(at, arg, 0)
	VPADDD(step, col, col)
	ADDQ(U32(stride*w.bytes()), x)
	ADDQ(U32(w.bytes()), y)
	ADDQ(U32(w.bytes()), arg)
	DECQ(n)
	JNZ(LabelRef(f.label("vector")))
	f.end()
}

func sumRow(w width, stride int) {
	name := "sumRow1"
	if stride == 2 {
		name = "sumRow2"
	}
	f := begin(w, name, "func(n, k int, y, x *float32)", "does n whole vectors.")
	n, k, y, x := f.arg("n"), f.arg("k"), f.arg("y"), f.arg("x")
	idx := f.reg()
	if w.wide {
		VMOVUPS(evens(), idx)
	}
	Label(f.label("vector"))
	p, t := copyOf(x), copyOf(k)
	s := f.every(stride, p, idx)
	DECQ(t)
	JZ(LabelRef(f.label("ready")))
	Label(f.label("tap"))
	ADDQ(Imm(4), p)
	VADDPS(f.every(stride, p, idx), s, s)
	DECQ(t)
	JNZ(LabelRef(f.label("tap")))
	Label(f.label("ready"))
	f.store(s, y, 0)
	ADDQ(U32(stride*w.bytes()), x)
	ADDQ(U32(w.bytes()), y)
	DECQ(n)
	JNZ(LabelRef(f.label("vector")))
	f.end()
}

// maxDown folds rows of v, which lie step numbers apart, with the places of their numbers.
func maxDown(w width) {
	f := begin(w, "maxDown", "func(n, rows, step int, y *float32, arg *int32, v *float32, at *int32, first, width int32)",
		"sets y to the largest of each column of v and arg to its place.")
	f.n = f.arg("n")
	rows, step, y, arg, v, at := f.arg("rows"), f.arg("step"), f.arg("y"), f.arg("arg"), f.arg("v"), f.arg("at")
	first, wide := f.scalar("first"), f.scalar("width")
	SHLQ(Imm(2), step)
	f.each(1, []reg.GPVirtual{y, arg, v, at}, func(u int) {
		tail := "whole"
		if f.masked {
			tail = "tail"
		}
		p, q, t := copyOf(v), copyOf(at), copyOf(rows)
		best, place, line := f.load(p, 0), f.load(q, 0), f.reg()
		f.move(first, line)
		VPADDD(line, place, place)
		DECQ(t)
		JZ(LabelRef(f.label("ready" + tail)))
		Label(f.label("row" + tail))
		ADDQ(step, p)
		ADDQ(step, q)
		VPADDD(wide, line, line)
		next := f.load(q, 0)
		VPADDD(line, next, next)
		f.take(f.load(p, 0), next, best, place)
		DECQ(t)
		JNZ(LabelRef(f.label("row" + tail)))
		Label(f.label("ready" + tail))
		f.store(best, y, 0)
		f.store(place, arg, 0)
	})
	f.end()
}

func sumDown(w width) {
	f := begin(w, "sumDown", "func(n, rows, step int, y, v, scale *float32, s float32)", "sets y to the sum of each column of v, times scale and s.")
	f.n = f.arg("n")
	rows, step, y, v, scale := f.arg("rows"), f.arg("step"), f.arg("y"), f.arg("v"), f.arg("scale")
	s := f.scalar("s")
	SHLQ(Imm(2), step)
	f.each(1, []reg.GPVirtual{y, v, scale}, func(u int) {
		tail := "whole"
		if f.masked {
			tail = "tail"
		}
		p, t := copyOf(v), copyOf(rows)
		sum := f.load(p, 0)
		DECQ(t)
		JZ(LabelRef(f.label("ready" + tail)))
		Label(f.label("row" + tail))
		ADDQ(step, p)
		VADDPS(f.load(p, 0), sum, sum)
		DECQ(t)
		JNZ(LabelRef(f.label("row" + tail)))
		Label(f.label("ready" + tail))
		VMULPS(s, sum, sum)
		VMULPS(f.load(scale, 0), sum, sum)
		f.store(sum, y, 0)
	})
	f.end()
}

// sums adds up rows without gaps; the next row begins while the last one is folded.
func sums(w width) {
	f := begin(w, "sums", "func(rows, n int, y, x *float32, s float32)", "sets y to the sums of rows of n numbers, times s.")
	rows, n, y, x := f.arg("rows"), f.arg("n"), f.arg("y"), f.arg("x")
	s := f.scalar("s")
	Label(f.label("row"))
	f.n = GP64()
	MOVQ(n, f.n)
	acc := f.accumulators(2)
	f.each(2, []reg.GPVirtual{x}, func(u int) {
		VADDPS(f.load(x, u), acc[u], acc[u])
	})
	LEAQ(Mem{Base: x, Index: f.n, Scale: 4}, x) // the tail
	t := f.allLanes(acc, func(ops ...Op) { VADDPS(ops...) }).AsX()
	VMULSS(s.AsX(), t, t)
	VMOVSS(t, Mem{Base: y})
	ADDQ(Imm(4), y)
	DECQ(rows)
	JNZ(LabelRef(f.label("row")))
	f.end()
}
