package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// The places of the numbers of an update in h.
const (
	hLR = iota
	hWD
	hScale
	hClip
	hNegClip
	hB1
	hC1 // 1-b1
	hB2
	hC2
	hEps
	hKeep
	hC
	hNegC
	hOne
	hNegOne
	hHuge // 1e38
	hAbs  // all bits but the sign
)

// A rule is the update of an optimizer, as package update defines it; body changes the weights x and the states s, given
// the gradient g.
type rule struct {
	name, doc string
	states    int
	numbers   []int // of h, beside the first five
	body      func(u *updating, x, g reg.VecVirtual, s []reg.VecVirtual)
}

// updating is a routine of package update while it is written.
type updating struct {
	*fn
	h     reg.GPVirtual
	known map[int]reg.VecVirtual
}

// k is number i of h.
func (u *updating) k(i int) reg.VecVirtual {
	if r, ok := u.known[i]; ok {
		return r
	}
	r := u.reg()
	VBROADCASTSS(Mem{Base: u.h, Disp: 4 * i}, r)
	return r
}

// average sets s to b*s + c*v.
func (u *updating) average(s, v reg.VecVirtual, b, c int) {
	t := u.reg()
	VMULPS(u.k(b), s, s)
	VMULPS(u.k(c), v, t)
	VADDPS(t, s, s)
}

// averageSquare sets s to b*s + c*g*g.
func (u *updating) averageSquare(s, g reg.VecVirtual, b, c int) {
	t := u.reg()
	VMULPS(u.k(b), s, s)
	VMULPS(u.k(c), g, t)
	VMULPS(g, t, t)
	VADDPS(t, s, s)
}

// over is g/(sqrt(v)+eps), in g.
func (u *updating) over(g, v reg.VecVirtual) {
	t := u.reg()
	VSQRTPS(v, t)
	VADDPS(u.k(hEps), t, t)
	VDIVPS(t, g, g)
}

// adam brings the averages of the gradient and of its square up to date.
func (u *updating) adam(g reg.VecVirtual, s []reg.VecVirtual) {
	u.average(s[0], g, hB1, hC1)
	u.averageSquare(s[1], g, hB2, hC2)
}

// adamStep sets x to keep*x - lr*m/(sqrt(v)+eps).
func (u *updating) adamStep(x, m, v reg.VecVirtual) {
	t := u.reg()
	VMULPS(u.k(hLR), m, t)
	u.over(t, v)
	VMULPS(u.k(hKeep), x, x)
	VSUBPS(t, x, x)
}

// sign makes x 1 or -1; zeros and NaN stay. The smallest number times 1e76 is more than 1.
func (u *updating) sign(x reg.VecVirtual) {
	VMULPS(u.k(hHuge), x, x)
	VMULPS(u.k(hHuge), x, x)
	VMINPS(x, u.k(hOne), x)
	VMAXPS(x, u.k(hNegOne), x)
}

// minus subtracts lr*d from x.
func (u *updating) minus(x, d reg.VecVirtual) {
	VMULPS(u.k(hLR), d, d)
	VSUBPS(d, x, x)
}

// momentum writes v = b1*v - lr*g, and w += v or, looking ahead, w += b1*v - lr*g.
func momentum(ahead bool) func(u *updating, x, g reg.VecVirtual, s []reg.VecVirtual) {
	return func(u *updating, x, g reg.VecVirtual, s []reg.VecVirtual) {
		v := s[0]
		VMULPS(u.k(hLR), g, g)
		VMULPS(u.k(hB1), v, v)
		VSUBPS(g, v, v)
		if !ahead {
			VADDPS(v, x, x)
			return
		}
		t := u.reg()
		VMULPS(u.k(hB1), v, t)
		VSUBPS(g, t, t)
		VADDPS(t, x, x)
	}
}

// rmsprop writes the four forms; the states are the average of the squares, that of the gradients, and the steps.
func rmsprop(centered, moving bool) func(u *updating, x, g reg.VecVirtual, s []reg.VecVirtual) {
	return func(u *updating, x, g reg.VecVirtual, s []reg.VecVirtual) {
		u.averageSquare(s[0], g, hB2, hC2)
		v := s[0]
		if centered {
			u.average(s[1], g, hB2, hC2)
			t := u.reg()
			VMULPS(s[1], s[1], t)
			v = u.reg()
			VSUBPS(t, s[0], v)
			VXORPS(t, t, t)
			VMAXPS(v, t, v) // which rounding may have made negative
		}
		u.over(g, v)
		if moving {
			buf := s[len(s)-1]
			VMULPS(u.k(hB1), buf, buf)
			VADDPS(g, buf, buf)
			VMOVAPS(buf, g)
		}
		u.minus(x, g)
	}
}

var rules = []rule{
	{"sgd", "is SGD.", 0, nil, func(u *updating, x, g reg.VecVirtual, _ []reg.VecVirtual) { u.minus(x, g) }},
	{"momentum", "is Momentum.", 1, []int{hB1}, momentum(false)},
	{"nesterov", "is Nesterov.", 1, []int{hB1}, momentum(true)},
	{"adam", "is Adam.", 2, []int{hB1, hC1, hB2, hC2, hEps, hKeep}, func(u *updating, x, g reg.VecVirtual, s []reg.VecVirtual) {
		u.adam(g, s)
		u.adamStep(x, s[0], s[1])
	}},
	{"rmsprop", "is RMSProp.", 1, []int{hB2, hC2, hEps}, rmsprop(false, false)},
	{"rmspropMomentum", "is RMSPropMomentum.", 2, []int{hB1, hB2, hC2, hEps}, rmsprop(false, true)},
	{"rmspropCentered", "is RMSPropCentered.", 2, []int{hB2, hC2, hEps}, rmsprop(true, false)},
	{"rmspropCenteredMomentum", "is RMSPropCenteredMomentum.", 3, []int{hB1, hB2, hC2, hEps}, rmsprop(true, true)},
	{"adagrad", "is Adagrad.", 1, []int{hEps}, func(u *updating, x, g reg.VecVirtual, s []reg.VecVirtual) {
		t := u.reg()
		VMULPS(g, g, t)
		VADDPS(t, s[0], s[0])
		u.over(g, s[0])
		u.minus(x, g)
	}},
	{"adadelta", "is Adadelta.", 2, []int{hB2, hC2, hEps}, func(u *updating, x, g reg.VecVirtual, s []reg.VecVirtual) {
		u.averageSquare(s[0], g, hB2, hC2)
		p, q := u.reg(), u.reg()
		VADDPS(u.k(hEps), s[1], p)
		VADDPS(u.k(hEps), s[0], q)
		VDIVPS(q, p, p)
		VSQRTPS(p, p)
		VMULPS(p, g, g)
		u.averageSquare(s[1], g, hB2, hC2)
		u.minus(x, g)
	}},
	{"amsgrad", "is AMSGrad.", 3, []int{hB1, hC1, hB2, hC2, hEps, hKeep}, func(u *updating, x, g reg.VecVirtual, s []reg.VecVirtual) {
		u.adam(g, s)
		VMAXPS(s[1], s[2], s[2])
		u.adamStep(x, s[0], s[2])
	}},
	{"adamax", "is Adamax.", 2, []int{hB1, hC1, hB2, hEps, hAbs}, func(u *updating, x, g reg.VecVirtual, s []reg.VecVirtual) {
		u.average(s[0], g, hB1, hC1)
		VANDPS(u.k(hAbs), g, g)
		VADDPS(u.k(hEps), g, g)
		VMULPS(u.k(hB2), s[1], s[1])
		VMAXPS(g, s[1], s[1])
		VMULPS(u.k(hLR), s[0], g)
		VDIVPS(s[1], g, g)
		VSUBPS(g, x, x)
	}},
	{"nadam", "is Nadam.", 2, []int{hB1, hC1, hB2, hC2, hEps, hC}, func(u *updating, x, g reg.VecVirtual, s []reg.VecVirtual) {
		u.adam(g, s)
		t := u.reg()
		VMULPS(u.k(hLR), s[0], t)
		VMULPS(u.k(hC), g, g)
		VADDPS(g, t, t)
		u.over(t, s[1])
		VSUBPS(t, x, x)
	}},
	{"adamMean", "is AdamMean.", 2, []int{hB1, hC1, hB2, hC2}, func(u *updating, x, g reg.VecVirtual, s []reg.VecVirtual) {
		u.adam(g, s)
		VMULPS(u.k(hLR), s[0], g)
		VSUBPS(g, x, x)
	}},
	{"yogi", "is Yogi.", 2, []int{hB1, hC1, hC2, hEps, hKeep, hOne, hNegOne, hHuge}, func(u *updating, x, g reg.VecVirtual, s []reg.VecVirtual) {
		u.average(s[0], g, hB1, hC1)
		VMULPS(g, g, g)
		t := u.reg()
		VSUBPS(s[1], g, t)
		u.sign(t)
		VMULPS(u.k(hC2), g, g)
		VMULPS(t, g, g)
		VADDPS(g, s[1], s[1])
		u.adamStep(x, s[0], s[1])
	}},
	{"lion", "is Lion.", 1, []int{hB1, hC1, hB2, hC2, hKeep, hOne, hNegOne, hHuge}, func(u *updating, x, g reg.VecVirtual, s []reg.VecVirtual) {
		t := u.reg()
		VMOVAPS(s[0], t)
		u.average(t, g, hB1, hC1)
		u.sign(t)
		VMULPS(u.k(hKeep), x, x)
		u.minus(x, t)
		u.average(s[0], g, hB2, hC2)
	}},
	{"adamDirection", "is AdamDirection.", 3, []int{hB1, hC1, hB2, hC2, hEps, hC}, func(u *updating, x, g reg.VecVirtual, s []reg.VecVirtual) {
		u.adam(g, s)
		VMULPS(u.k(hLR), s[0], s[2])
		u.over(s[2], s[1])
		VMULPS(u.k(hC), x, g)
		VADDPS(g, s[2], s[2])
	}},
	{"ftrl", "is Ftrl.", 2, []int{hEps, hC, hNegC, hB1}, func(u *updating, x, g reg.VecVirtual, s []reg.VecVirtual) {
		t, n := u.reg(), u.reg()
		VMULPS(g, g, t)
		VADDPS(t, s[1], t)
		VSQRTPS(t, n)
		VSQRTPS(s[1], s[1])
		VSUBPS(s[1], n, s[1])
		VDIVPS(u.k(hLR), s[1], s[1])
		VMULPS(x, s[1], s[1])
		VSUBPS(s[1], g, g)
		VADDPS(g, s[0], s[0])
		VMOVAPS(t, s[1])
		VADDPS(u.k(hEps), n, n)
		VDIVPS(u.k(hLR), n, n)
		VADDPS(u.k(hB1), n, n)
		VMINPS(s[0], u.k(hC), t)
		VMAXPS(t, u.k(hNegC), t)
		VSUBPS(s[0], t, t)
		VDIVPS(n, t, x)
	}},
}

// updateKernels writes the routines of package update.
func updateKernels() {
	for _, w := range widths {
		for _, r := range rules {
			r.write(w)
		}
		sumSquares(w)
	}
}

// write emits the loop: g' = clip(scale*g) + wd*w, then the rule.
func (r rule) write(w width) {
	f := begin(w, r.name, "func(n int, w, grad, s0, s1, s2 *float32, h *[20]float32)", r.doc)
	u := &updating{fn: f, h: f.arg("h"), known: map[int]reg.VecVirtual{}}
	f.n = f.arg("n")
	ptrs := []reg.GPVirtual{f.arg("w"), f.arg("grad")}
	for i := range r.states {
		ptrs = append(ptrs, f.arg([]string{"s0", "s1", "s2"}[i]))
	}
	held := append([]int{hLR, hWD, hScale}, r.numbers...)
	if w.wide { // AVX2 has too few registers to hold the bounds
		held = append(held, hClip, hNegClip)
	}
	for _, i := range held {
		if w.wide || len(u.known) < 8 {
			u.known[i] = u.k(i)
		}
	}
	f.each(1, ptrs, func(int) {
		x, g, t := f.load(ptrs[0], 0), f.load(ptrs[1], 0), f.reg()
		var s []reg.VecVirtual
		for _, p := range ptrs[2:] {
			s = append(s, f.load(p, 0))
		}
		VMULPS(u.k(hScale), g, g)
		VMINPS(g, u.k(hClip), g) // a NaN stays
		VMAXPS(g, u.k(hNegClip), g)
		VMULPS(u.k(hWD), x, t)
		VADDPS(t, g, g)
		r.body(u, x, g, s)
		for i, p := range ptrs[2:] {
			f.store(s[i], p, 0)
		}
		f.store(x, ptrs[0], 0)
	})
	f.end()
}

// sumSquares writes the sum of the squares in float64.
func sumSquares(w width) {
	f := begin(w, "sumSquares", "func(n int, x *float32) float64", "is the sum of the squares of x.")
	f.n = f.arg("n")
	x := f.arg("x")
	var acc [4]reg.VecVirtual
	for i := range acc {
		acc[i] = f.zero()
	}
	f.each(2, []reg.GPVirtual{x}, func(u int) {
		v := f.load(x, u)
		low, high := f.reg(), f.reg()
		if f.wide {
			y := YMM()
			VEXTRACTF64X4(Imm(1), v, y)
			VCVTPS2PD(v.AsY(), low)
			VCVTPS2PD(y, high)
		} else {
			y := XMM()
			VEXTRACTF128(Imm(1), v, y)
			VCVTPS2PD(v.AsX(), low)
			VCVTPS2PD(y, high)
		}
		VFMADD231PD(low, low, acc[2*u])
		VFMADD231PD(high, high, acc[2*u+1])
	})
	VADDPD(acc[1], acc[0], acc[0])
	VADDPD(acc[3], acc[2], acc[2])
	VADDPD(acc[2], acc[0], acc[0])
	low := YMM()
	VMOVAPS(acc[0].AsY(), low)
	if f.wide {
		high := YMM()
		VEXTRACTF64X4(Imm(1), acc[0], high)
		VADDPD(high, low, low)
	}
	y, z := XMM(), XMM()
	if f.wide { // which has more registers than VEXTRACTF128 can name
		VEXTRACTF32X4(Imm(1), low, y)
	} else {
		VEXTRACTF128(Imm(1), low, y)
	}
	VADDPD(low.AsX(), y, y)
	VPERMILPD(Imm(1), y, z)
	VADDSD(z, y, y)
	Store(y, ReturnIndex(0))
	f.end()
}
