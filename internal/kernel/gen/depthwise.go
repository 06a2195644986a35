package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// maskBytes is the size of the mask of one vector in a table: a bit for each lane, or a word.
func (w width) maskBytes() int {
	if w.wide {
		return 4
	}
	return w.bytes()
}

// tableMask takes mask number j at p for the next loads.
func (f *fn) tableMask(p reg.GPVirtual, j int) {
	m := Mem{Base: p, Disp: j * f.maskBytes()}
	f.masked = true
	if f.wide {
		KMOVW(m, reg.K1)
		return
	}
	f.mask = f.reg()
	VMOVUPS(m, f.mask)
}

// depth writes the kernel that makes nv vectors of some rows of a plane from one plane. Row r of y starts from x + off +
// r*xrs; the window's taps lie xks and xcs apart there. mask holds nv masks for each column of the window, and
// those of the stores.
func depth(w width, nv int) {
	f := begin(w, fmt.Sprintf("depth%d", nv),
		"func(rows, kh, kw int, x *float32, off, xrs, xks, xcs int, y *float32, yrs int, w *float32, mask *int32)",
		fmt.Sprintf("makes %d vectors of some rows of a plane.", nv))
	rows, x, y := f.arg("rows"), f.arg("x"), f.arg("y")
	off, xrs, xks, xcs, yrs := f.arg("off"), f.arg("xrs"), f.arg("xks"), f.arg("xcs"), f.arg("yrs")
	ADDQ(off, x)
	acc := make([]reg.VecVirtual, nv)
	for j := range acc {
		acc[j] = f.reg()
	}
	Label(f.label("row"))
	for _, v := range acc {
		VPXOR(v.AsX(), v.AsX(), v.AsX())
	}
	weights, kh, line, m := f.arg("w"), f.arg("kh"), copyOf(x), GP64()
	Label(f.label("taps"))
	kw, p := f.arg("kw"), copyOf(line)
	Load(Param("mask"), m)
	Label(f.label("tap"))
	a := f.reg()
	VBROADCASTSS(Mem{Base: weights}, a)
	for j, v := range acc {
		f.tableMask(m, j)
		VFMADD231PS(f.load(p, j), a, v)
	}
	ADDQ(Imm(4), weights)
	ADDQ(xcs, p)
	ADDQ(U32(nv*w.maskBytes()), m)
	DECQ(kw)
	JNZ(LabelRef(f.label("tap")))
	ADDQ(xks, line)
	DECQ(kh)
	JNZ(LabelRef(f.label("taps")))
	for j, v := range acc { // m is at the masks of the stores
		f.tableMask(m, j)
		f.store(v, y, j)
	}
	f.masked = false
	ADDQ(xrs, x)
	ADDQ(yrs, y)
	DECQ(rows)
	JNZ(LabelRef(f.label("row")))
	f.end()
}

// depthTap writes the kernel that adds the scalar product of nv vectors of some rows of two planes to sum.
func depthTap(w width, nv int) {
	f := begin(w, fmt.Sprintf("depthTap%d", nv),
		"func(rows int, x *float32, off, xrs int, y *float32, yrs int, sum *float32, mask *int32)",
		fmt.Sprintf("adds the scalar product of %d vectors of some rows to sum.", nv))
	rows, x, y, m := f.arg("rows"), f.arg("x"), f.arg("y"), f.arg("mask")
	off, xrs, yrs := f.arg("off"), f.arg("xrs"), f.arg("yrs")
	ADDQ(off, x)
	acc := make([]reg.VecVirtual, nv)
	for j := range acc {
		acc[j] = f.zero()
	}
	Label(f.label("row"))
	for j, v := range acc {
		f.tableMask(m, j)
		VFMADD231PS(f.load(x, j), f.load(y, j), v)
	}
	ADDQ(xrs, x)
	ADDQ(yrs, y)
	DECQ(rows)
	JNZ(LabelRef(f.label("row")))
	for j := nv - 1; j > 0; j-- {
		VADDPS(acc[j], acc[j-1], acc[j-1])
	}
	s, p := f.fold(acc[0]), f.arg("sum")
	VADDSS(Mem{Base: p}, s, s)
	VMOVSS(s, Mem{Base: p})
	f.end()
}
