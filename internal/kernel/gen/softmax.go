package main

import (
	"math"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// softmaxKernels writes the routines of package softmax; their definitions stand there in Go.
func softmaxKernels() {
	for _, w := range widths {
		softmaxRow(w, true)
		softmaxRow(w, false)
		softmaxGrad(w)
		logGrad(w)
		minusTwo(w)
	}
}

// section begins a part of the function with a loop of its own.
func (f *fn) section(name string, n reg.GPVirtual) {
	f.name += "_" + name
	f.n = GP64()
	MOVQ(n, f.n)
}

// copyOf is a fresh register with the value of p.
func copyOf(p reg.GPVirtual) reg.GPVirtual {
	q := GP64()
	MOVQ(p, q)
	return q
}

// allLanes folds all lanes of acc with op, and leaves the result in every lane of a fresh register.
func (f *fn) allLanes(acc regs, op func(ops ...Op)) reg.VecVirtual {
	for h := len(acc) / 2; h > 0; h /= 2 {
		for u := range h {
			op(acc[u+h], acc[u], acc[u])
		}
	}
	low := acc[0].AsY()
	high := XMM()
	if f.wide {
		y := YMM()
		VEXTRACTF64X4(Imm(1), acc[0], y)
		op(y, low, low)
		VEXTRACTF32X4(Imm(1), low, high)
	} else {
		VEXTRACTF128(Imm(1), low, high)
	}
	x := acc[0].AsX()
	op(high, x, x)
	VMOVHLPS(x, x, high)
	op(high, x, x)
	VMOVSHDUP(x, high)
	op(high, x, x)
	r := f.reg()
	VBROADCASTSS(x, r)
	return r
}

// softmaxRow finds the maximum of a row and the sum of e^(x-max), and if store the quotients.
func softmaxRow(w width, store bool) {
	name, sig, doc := "sumExp", "func(n int, x *float32) (m, s float32)", "returns the maximum of x, but for NaN, and the sum of e^(x-m)."
	if store {
		name, sig, doc = "row", "func(n int, y, x *float32) (m, s float32)", "is sumExp and sets y = e^(x-m)/s."
	}
	f := begin(w, name, sig, doc)
	n, x := f.arg("n"), f.arg("x")
	f.hold(0xff800000)
	most := make(regs, 4)
	for i := range most {
		most[i] = f.reg()
		VBROADCASTSS(constMem(0xff800000, 1), most[i])
	}
	p := copyOf(x)
	f.section("max", n)
	f.each(4, []reg.GPVirtual{p}, func(u int) {
		v := f.load(p, u)
		if f.masked {
			v = f.neutral(v, f.bits(0xff800000))
		}
		VMAXPS(most[u], v, most[u]) // of a NaN and a number the second source, most
	})
	m := f.allLanes(most, func(ops ...Op) { VMAXPS(ops...) })
	Store(m.AsX(), ReturnIndex(0))
	holdExp(f)
	sums := f.accumulators(2)
	p = copyOf(x)
	ptrs := []reg.GPVirtual{p}
	var y, q reg.GPVirtual
	if store {
		y = f.arg("y")
		q = copyOf(y)
		ptrs = append(ptrs, q)
	}
	f.section("exp", n)
	f.each(2, ptrs, func(u int) {
		v := f.load(p, u)
		VSUBPS(m, v, v)
		e := f.exp(v)
		if store {
			f.store(e, q, u)
		}
		f.clearTail(e)
		VADDPS(e, sums[u], sums[u])
	})
	s := f.allLanes(sums, func(ops ...Op) { VADDPS(ops...) })
	Store(s.AsX(), ReturnIndex(1))
	if store {
		r := f.reg()
		f.hold(math.Float32bits(1))
		VDIVPS(s, f.kr(1), r)
		f.section("scale", n)
		f.each(4, []reg.GPVirtual{y}, func(u int) {
			e := f.load(y, u)
			VMULPS(r, e, e)
			f.store(e, y, u)
		})
	}
	f.end()
}

func softmaxGrad(w width) {
	f := begin(w, "grad", "func(n int, d, dy, p *float32, s float32)", "sets d = p*(g-s).")
	f.n = f.arg("n")
	d, g, p := f.arg("d"), f.arg("dy"), f.arg("p")
	s := f.scalar("s")
	f.each(4, []reg.GPVirtual{d, g, p}, func(u int) {
		v := f.load(g, u)
		VSUBPS(s, v, v)
		VMULPS(f.load(p, u), v, v)
		f.store(v, d, u)
	})
	f.end()
}

func logGrad(w width) {
	f := begin(w, "logGrad", "func(n int, d, dy, y *float32, s float32)", "sets d = g - e^y*s.")
	f.n = f.arg("n")
	d, g, y := f.arg("d"), f.arg("dy"), f.arg("y")
	s := f.scalar("s")
	holdExp(f)
	f.each(2, []reg.GPVirtual{d, g, y}, func(u int) {
		e := f.exp(f.load(y, u))
		v := f.load(g, u)
		VFNMADD231PS(s, e, v)
		f.store(v, d, u)
	})
	f.end()
}

func minusTwo(w width) {
	f := begin(w, "minus", "func(n int, y, x *float32, a, b float32)", "sets y = x - a - b.")
	f.n = f.arg("n")
	y, x := f.arg("y"), f.arg("x")
	a, b := f.scalar("a"), f.scalar("b")
	f.each(4, []reg.GPVirtual{y, x}, func(u int) {
		v := f.load(x, u)
		VSUBPS(a, v, v)
		VSUBPS(b, v, v)
		f.store(v, y, u)
	})
	f.end()
}
