package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// directKernels writes the routines of package direct.
func directKernels() {
	for _, w := range widths {
		rows, dotRows := 6, 3
		if w.wide {
			rows, dotRows = 12, 6
		}
		for mr := 1; mr <= rows; mr++ {
			for nv := 1; nv <= 2; nv++ {
				pixels(w, mr, nv)
			}
		}
		for mr := 1; mr <= dotRows; mr++ {
			taps(w, mr)
		}
		for nv := 1; nv <= 4; nv++ {
			depth(w, nv)
			depthTap(w, nv)
		}
	}
}

// pixels writes the kernel whose lanes are output pixels: mr channels of nv
// vectors. A row of b starts at b plus the next byte offset of tab and may be read in
// full; a holds mr weights for each row.
func pixels(w width, mr, nv int) {
	f := begin(w, fmt.Sprintf("pixels%dx%d", mr, nv),
		"func(k int, a, b *float32, tab *int64, c *float32, crs, last, acc int)",
		fmt.Sprintf("makes %d channels of %d vectors of pixels.", mr, nv))
	t := newTile(f, mr, nv)
	k, a, b, tab := f.arg("k"), f.arg("a"), f.arg("b"), f.arg("tab")
	weight := func(i int) Mem { return Mem{Base: a, Disp: 4 * i} }
	t.loop(k, "", func() {
		o := GP64()
		MOVQ(Mem{Base: tab}, o)
		ADDQ(Imm(8), tab)
		bv := make([]reg.VecVirtual, nv)
		for j := range bv {
			bv[j] = f.reg()
			VMOVUPS(Mem{Base: b, Index: o, Scale: 1, Disp: j * w.bytes()}, bv[j])
		}
		t.outer(weight, bv)
		ADDQ(U32(4*mr), a)
	})
	last := f.arg("last")
	if !w.wide { // masked stores are slow in AVX2
		CMPQ(last, U32(w.lanes))
		JNE(LabelRef(f.label("cut")))
		t.finish("whole")
		Label(f.label("cut"))
	}
	f.tailMask(last)
	f.masked = true
	t.finish("cut")
	f.masked = false
}

// finish adds c if the parameter acc is set, stores the tile and returns.
func (t tile) finish(tag string) {
	crs, acc := t.arg("crs"), t.arg("acc")
	TESTQ(acc, acc)
	JZ(LabelRef(t.label(tag + "Fresh")))
	c := t.arg("c")
	for i := range t.acc {
		for j, v := range t.acc[i] {
			VADDPS(t.part(c, j), v, v)
		}
		ADDQ(crs, c)
	}
	Label(t.label(tag + "Fresh"))
	c = t.arg("c")
	masked := t.masked
	for i := range t.acc {
		for j, v := range t.acc[i] {
			t.masked = masked && j == len(t.acc[i])-1
			t.store(v, c, j)
		}
		ADDQ(crs, c)
	}
	t.masked = masked
	t.end()
}

// taps writes the kernel of scalar products over pixels: mr rows of a times four
// rows of b, which start at b plus the byte offsets in tab; n vectors each, added
// to c.
func taps(w width, mr int) {
	const nr = 4
	f := begin(w, fmt.Sprintf("taps%d", mr),
		"func(n int, a *float32, ars int, b *float32, tab *int64, c *float32, crs int)",
		fmt.Sprintf("adds %d by %d scalar products to c.", mr, nr))
	t := newTile(f, mr, nr)
	n, a, ars, b, tab := f.arg("n"), f.arg("a"), f.arg("ars"), f.arg("b"), f.arg("tab")
	ra := newRows(a, ars, mr)
	var rb [nr]reg.GPVirtual
	for j := range rb {
		rb[j] = GP64()
		MOVQ(Mem{Base: tab, Disp: 8 * j}, rb[j])
		ADDQ(b, rb[j])
	}
	Label(f.label("Loop"))
	av := make([]reg.VecVirtual, mr)
	for i := range av {
		av[i] = f.reg()
		VMOVUPS(ra.at(i), av[i])
	}
	for j := range rb {
		v := f.reg()
		VMOVUPS(Mem{Base: rb[j]}, v)
		for i := range av {
			VFMADD231PS(v, av[i], t.acc[i][j])
		}
		ADDQ(U32(w.bytes()), rb[j])
	}
	ADDQ(U32(w.bytes()), a)
	DECQ(n)
	JNZ(LabelRef(f.label("Loop")))
	c, crs := f.arg("c"), f.arg("crs")
	for i := range mr {
		for j := range nr {
			x := f.fold(t.acc[i][j])
			VADDSS(Mem{Base: c, Disp: 4 * j}, x, x)
			VMOVSS(x, Mem{Base: c, Disp: 4 * j})
		}
		ADDQ(crs, c)
	}
	f.end()
}
