package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// normKernels writes the routines of package norm; their definitions stand there in Go.
func normKernels() {
	for _, w := range widths {
		moments(w)
		center(w)
		normDots(w)
		normBack(w)
		rowNorm(w)
		rowApply(w)
		rowNormDots(w)
		rowBack(w)
		colMoments(w)
		colApply(w)
		colDots(w)
		colBack(w)
	}
}

// accumulators are n vectors of zeros.
func (f *fn) accumulators(n int) regs {
	acc := make(regs, n)
	for i := range acc {
		acc[i] = f.zero()
	}
	return acc
}

// returnSum adds up all lanes of acc and returns the sum as result i.
func (f *fn) returnSum(acc regs, i int) {
	for h := len(acc) / 2; h > 0; h /= 2 {
		for u := range h {
			VADDPS(acc[u+h], acc[u], acc[u])
		}
	}
	low := acc[0].AsY()
	if f.wide {
		high := YMM()
		VEXTRACTF64X4(Imm(1), acc[0], high)
		VADDPS(high, low, low)
	}
	high := XMM()
	if f.wide {
		VEXTRACTF32X4(Imm(1), low, high)
	} else {
		VEXTRACTF128(Imm(1), low, high)
	}
	x := acc[0].AsX()
	VADDPS(high, x, x)
	VMOVHLPS(x, x, high)
	VADDPS(high, x, x)
	VMOVSHDUP(x, high)
	VADDPS(high, x, x)
	Store(x, ReturnIndex(i))
}

// clearTail sets the lanes beyond the end to 0 in a masked step.
func (f *fn) clearTail(v reg.VecVirtual) {
	switch {
	case !f.masked:
	case f.wide:
		VMOVAPS_Z(v, reg.K1, v)
	default:
		VANDPS(f.mask, v, v)
	}
}

func moments(w width) {
	f := begin(w, "moments", "func(n int, x *float32, shift float32) (s, q float32)", "returns the sums of d and d*d with d = x-shift.")
	f.n = f.arg("n")
	x := f.arg("x")
	shift := f.scalar("shift")
	s, q := f.accumulators(4), f.accumulators(4)
	f.each(4, []reg.GPVirtual{x}, func(u int) {
		d := f.load(x, u)
		VSUBPS(shift, d, d)
		f.clearTail(d)
		VADDPS(d, s[u], s[u])
		VFMADD231PS(d, d, q[u])
	})
	f.returnSum(s, 0)
	f.returnSum(q, 1)
	f.end()
}

func center(w width) {
	f := begin(w, "center", "func(n int, y, x *float32, mean, scale, bias float32)", "sets y = (x-mean)*scale + bias.")
	f.n = f.arg("n")
	y, x := f.arg("y"), f.arg("x")
	mean, scale, bias := f.scalar("mean"), f.scalar("scale"), f.scalar("bias")
	f.each(4, []reg.GPVirtual{y, x}, func(u int) {
		d := f.load(x, u)
		VSUBPS(mean, d, d)
		VFMADD213PS(bias, scale, d)
		f.store(d, y, u)
	})
	f.end()
}

func normDots(w width) {
	f := begin(w, "dots", "func(n int, dy, x *float32, mean float32) (s, q float32)", "returns the sums of dy and dy*(x-mean).")
	f.n = f.arg("n")
	dy, x := f.arg("dy"), f.arg("x")
	mean := f.scalar("mean")
	s, q := f.accumulators(4), f.accumulators(4)
	f.each(4, []reg.GPVirtual{dy, x}, func(u int) {
		g, d := f.load(dy, u), f.load(x, u)
		VSUBPS(mean, d, d)
		f.clearTail(d)
		VADDPS(g, s[u], s[u])
		VFMADD231PS(g, d, q[u])
	})
	f.returnSum(s, 0)
	f.returnSum(q, 1)
	f.end()
}

func normBack(w width) {
	f := begin(w, "back", "func(n int, dx, dy, x *float32, mean, a, b, c float32)", "sets dx = a*dy + b*(x-mean) + c.")
	f.n = f.arg("n")
	dx, dy, x := f.arg("dx"), f.arg("dy"), f.arg("x")
	mean, a, b, c := f.scalar("mean"), f.scalar("a"), f.scalar("b"), f.scalar("c")
	f.each(4, []reg.GPVirtual{dx, dy, x}, func(u int) {
		g, d := f.load(dy, u), f.load(x, u)
		VSUBPS(mean, d, d)
		VFMADD213PS(c, b, d)
		VFMADD231PS(g, a, d)
		f.store(d, dx, u)
	})
	f.end()
}

// rowNorm does a whole row: its mean, its variance about it, and the result.
func rowNorm(w width) {
	f := begin(w, "rowNorm", "func(n int, y, x, gamma, beta *float32, inv, eps float32) (mean, variance float32)",
		"finds mean and variance of x, inv being 1/n, and sets y = (x-mean)/sqrt(variance+eps)*gamma + beta.")
	n, y, x, gamma, beta := f.arg("n"), f.arg("y"), f.arg("x"), f.arg("gamma"), f.arg("beta")
	inv := f.scalar("inv")
	add := func(ops ...Op) { VADDPS(ops...) }
	s := f.accumulators(4)
	p := copyOf(x)
	f.section("sum", n)
	f.each(4, []reg.GPVirtual{p}, func(u int) { VADDPS(f.load(p, u), s[u], s[u]) })
	mean := f.allLanes(s, add)
	VMULPS(inv, mean, mean)
	s, q := f.accumulators(2), f.accumulators(2)
	p = copyOf(x)
	f.section("squares", n)
	f.each(2, []reg.GPVirtual{p}, func(u int) {
		d := f.load(p, u)
		VSUBPS(mean, d, d)
		f.clearTail(d)
		VADDPS(d, s[u], s[u])
		VFMADD231PS(d, d, q[u])
	})
	left, variance := f.allLanes(s, add), f.allLanes(q, add) // the mean is rounded: left is not quite 0
	VMULPS(inv, left, left)
	VMULPS(inv, variance, variance)
	VFNMADD231PS(left, left, variance)
	VMAXPS(variance, f.zero(), variance)
	VADDPS(left, mean, mean)
	Store(mean.AsX(), ReturnIndex(0))
	Store(variance.AsX(), ReturnIndex(1))
	scale := f.scalar("eps")
	VADDPS(variance, scale, scale)
	VSQRTPS(scale, scale)
	f.hold(0x3f800000)
	VDIVPS(scale, f.kr(1), scale)
	f.section("apply", n)
	f.each(4, []reg.GPVirtual{y, x, gamma, beta}, func(u int) {
		d, g := f.load(x, u), f.load(gamma, u)
		VSUBPS(mean, d, d)
		VMULPS(scale, d, d)
		VFMADD213PS(f.load(beta, u), g, d)
		f.store(d, y, u)
	})
	f.end()
}

func rowApply(w width) {
	f := begin(w, "rowApply", "func(n int, y, x, gamma, beta *float32, mean, scale float32)", "sets y = (x-mean)*scale*gamma + beta.")
	f.n = f.arg("n")
	y, x, gamma, beta := f.arg("y"), f.arg("x"), f.arg("gamma"), f.arg("beta")
	mean, scale := f.scalar("mean"), f.scalar("scale")
	f.each(4, []reg.GPVirtual{y, x, gamma, beta}, func(u int) {
		d, g := f.load(x, u), f.load(gamma, u)
		VSUBPS(mean, d, d)
		VMULPS(scale, d, d)
		VFMADD213PS(f.load(beta, u), g, d)
		f.store(d, y, u)
	})
	f.end()
}

func rowNormDots(w width) {
	f := begin(w, "rowDots", "func(n int, dy, x, gamma, dgamma, dbeta *float32, mean, scale float32) (s, q float32)",
		"with h = (x-mean)*scale adds dy*h to dgamma and dy to dbeta and returns the sums of dy*gamma and dy*gamma*h.")
	f.n = f.arg("n")
	dy, x, gamma, dgamma, dbeta := f.arg("dy"), f.arg("x"), f.arg("gamma"), f.arg("dgamma"), f.arg("dbeta")
	mean, scale := f.scalar("mean"), f.scalar("scale")
	s, q := f.accumulators(2), f.accumulators(2)
	f.each(2, []reg.GPVirtual{dy, x, gamma, dgamma, dbeta}, func(u int) {
		g, d := f.load(dy, u), f.load(x, u)
		VSUBPS(mean, d, d)
		VMULPS(scale, d, d)
		t := f.load(dgamma, u)
		VFMADD231PS(d, g, t)
		f.store(t, dgamma, u)
		t = f.load(dbeta, u)
		VADDPS(g, t, t)
		f.store(t, dbeta, u)
		VMULPS(f.load(gamma, u), g, g)
		VADDPS(g, s[u], s[u])
		VFMADD231PS(g, d, q[u])
	})
	f.returnSum(s, 0)
	f.returnSum(q, 1)
	f.end()
}

func rowBack(w width) {
	f := begin(w, "rowBack", "func(n int, dx, dy, x, gamma *float32, mean, a, b, c float32)", "sets dx = a*dy*gamma + b*(x-mean) + c.")
	f.n = f.arg("n")
	dx, dy, x, gamma := f.arg("dx"), f.arg("dy"), f.arg("x"), f.arg("gamma")
	mean, a, b, c := f.scalar("mean"), f.scalar("a"), f.scalar("b"), f.scalar("c")
	f.each(4, []reg.GPVirtual{dx, dy, x, gamma}, func(u int) {
		g, d := f.load(dy, u), f.load(x, u)
		VMULPS(f.load(gamma, u), g, g)
		VSUBPS(mean, d, d)
		VFMADD213PS(c, b, d)
		VFMADD231PS(g, a, d)
		f.store(d, dx, u)
	})
	f.end()
}

// table writes the loop over rows that lie stride numbers apart: body does vector u of
// a row, the pointers in moving go on from row to row, those in fixed start again.
func (f *fn) table(unroll int, moving, fixed []reg.GPVirtual, body func(u int)) {
	rows, stride, n, whole := f.arg("rows"), f.arg("stride"), f.arg("n"), GP64()
	f.n = GP64()
	SHLQ(Imm(2), stride)
	MOVQ(n, whole) // bytes by which a row moves the pointers
	ANDQ(I32(-f.lanes), whole)
	SHLQ(Imm(2), whole)
	SUBQ(whole, stride)
	Label(f.label("row"))
	MOVQ(n, f.n)
	f.each(unroll, append(append([]reg.GPVirtual{}, moving...), fixed...), body)
	for _, p := range moving {
		ADDQ(stride, p)
	}
	for _, p := range fixed {
		SUBQ(whole, p)
	}
	DECQ(rows)
	JNZ(LabelRef(f.label("row")))
}

func colMoments(w width) {
	f := begin(w, "colMoments", "func(rows, stride, n int, x, shift, s, q *float32)", "adds d and d*d to s and q for each column of x, d = x-shift.")
	x, shift, s, q := f.arg("x"), f.arg("shift"), f.arg("s"), f.arg("q")
	f.table(2, []reg.GPVirtual{x}, []reg.GPVirtual{shift, s, q}, func(u int) {
		d := f.load(x, u)
		VSUBPS(f.load(shift, u), d, d)
		t := f.load(s, u)
		VADDPS(d, t, t)
		f.store(t, s, u)
		t = f.load(q, u)
		VFMADD231PS(d, d, t)
		f.store(t, q, u)
	})
	f.end()
}

func colApply(w width) {
	f := begin(w, "colApply", "func(rows, stride, n int, y, x, mean, scale, bias *float32)", "sets y = (x-mean)*scale + bias with numbers of each column.")
	y, x, mean, scale, bias := f.arg("y"), f.arg("x"), f.arg("mean"), f.arg("scale"), f.arg("bias")
	f.table(2, []reg.GPVirtual{y, x}, []reg.GPVirtual{mean, scale, bias}, func(u int) {
		d, t := f.load(x, u), f.load(scale, u)
		VSUBPS(f.load(mean, u), d, d)
		VFMADD213PS(f.load(bias, u), t, d)
		f.store(d, y, u)
	})
	f.end()
}

func colDots(w width) {
	f := begin(w, "colDots", "func(rows, stride, n int, dy, x, mean, s, q *float32)", "adds dy and dy*(x-mean) to s and q for each column.")
	dy, x, mean, s, q := f.arg("dy"), f.arg("x"), f.arg("mean"), f.arg("s"), f.arg("q")
	f.table(2, []reg.GPVirtual{dy, x}, []reg.GPVirtual{mean, s, q}, func(u int) {
		g, d := f.load(dy, u), f.load(x, u)
		VSUBPS(f.load(mean, u), d, d)
		t := f.load(s, u)
		VADDPS(g, t, t)
		f.store(t, s, u)
		t = f.load(q, u)
		VFMADD231PS(g, d, t)
		f.store(t, q, u)
	})
	f.end()
}

func colBack(w width) {
	f := begin(w, "colBack", "func(rows, stride, n int, dx, dy, x, mean, a, b, c *float32)", "sets dx = a*dy + b*(x-mean) + c with numbers of each column.")
	dx, dy, x, mean, a, b, c := f.arg("dx"), f.arg("dy"), f.arg("x"), f.arg("mean"), f.arg("a"), f.arg("b"), f.arg("c")
	f.table(2, []reg.GPVirtual{dx, dy, x}, []reg.GPVirtual{mean, a, b, c}, func(u int) {
		g, d := f.load(dy, u), f.load(x, u)
		VSUBPS(f.load(mean, u), d, d)
		t := f.load(b, u)
		VFMADD213PS(f.load(c, u), t, d)
		VFMADD231PS(f.load(a, u), g, d)
		f.store(d, dx, u)
	})
	f.end()
}
