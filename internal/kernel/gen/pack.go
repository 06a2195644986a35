package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// packRows writes the copy of k rows of two vectors each, brs bytes apart, into a
// contiguous panel.
func packRows(w width) {
	f := begin(w, "packRows", w.typed("func(k int, b *float32, brs int, dst *float32)"), "copies k rows of two vectors.")
	k, b, brs, dst := f.arg("k"), f.arg("b"), f.arg("brs"), f.arg("dst")
	Label(f.label("row"))
	x, y := f.load(b, 0), f.load(b, 1)
	f.store(x, dst, 0)
	f.store(y, dst, 1)
	ADDQ(brs, b)
	ADDQ(U32(2*w.bytes()), dst)
	DECQ(k)
	JNZ(LabelRef(f.label("row")))
	f.end()
}

// packColumns writes the copy of k columns, acs bytes apart, of rows contiguous numbers each, no more than a tile's, to
// places step bytes apart. What a store writes beyond its column is written again by the next; the last goes
// up to two vectors beyond the end.
func packColumns(w width) {
	f := begin(w, "packColumns", w.typed("func(k int, a *float32, acs int, dst *float32, rows, step int)"),
		"copies k columns of some rows to places step bytes apart.")
	k, a, acs, dst, rows, step := f.arg("k"), f.arg("a"), f.arg("acs"), f.arg("dst"), f.arg("rows"), f.arg("step")
	copies := func(tag string, vectors int) {
		f.tailMask(rows)
		Label(f.label(tag))
		for u := range vectors {
			f.masked = u == vectors-1
			v := f.load(a, u)
			f.masked = false
			f.store(v, dst, u)
		}
		ADDQ(acs, a)
		ADDQ(step, dst)
		DECQ(k)
		JNZ(LabelRef(f.label(tag)))
		f.end()
	}
	if w.rows() > w.lanes {
		CMPQ(rows, U32(w.lanes))
		JLE(LabelRef(f.label("few")))
		SUBQ(U32(w.lanes), rows)
		copies("two", 2)
		Label(f.label("few"))
	}
	copies("one", 1)
}

// transpose writes the transposition of k numbers from each of as many rows as there are
// lanes: dst[p*drs] gets number p of every row. k is at least the number of
// lanes; a last block that is not whole goes over numbers done before.
func transpose(w width) {
	f := begin(w, "transpose", "func(k int, rows **float32, dst *float32, drs int)",
		"writes number p of all rows to row p of dst.")
	k, table, dst, drs := f.arg("k"), f.arg("rows"), f.arg("dst"), f.arg("drs")
	at := GP64()
	XORQ(at, at)
	Label(f.label("block"))
	// quarter[q][i] holds in its 128-bit lane l the numbers 4q..4q+3 of row 4l+i.
	groups := w.lanes / 4
	quarter := make([][4]reg.VecVirtual, groups)
	for i := range 4 {
		var p [4]reg.GPVirtual
		for l := range groups {
			p[l] = GP64()
			MOVQ(Mem{Base: table, Disp: 8 * (4*l + i)}, p[l])
			PREFETCHT0(Mem{Base: p[l], Index: at, Scale: 4, Disp: 4 * w.bytes()})
		}
		for q := range groups {
			v := f.reg()
			num := func(l int) Mem { return Mem{Base: p[l], Index: at, Scale: 4, Disp: 16 * q} }
			VMOVUPS(num(0), v.AsX())
			if w.wide {
				for l := 1; l < 4; l++ {
					VINSERTF32X4(Imm(uint64(l)), num(l), v, v)
				}
			} else {
				VINSERTF128(Imm(1), num(1), v, v)
			}
			quarter[q][i] = v
		}
	}
	row := GP64()
	MOVQ(dst, row)
	f.quarters(quarter, func(v reg.VecVirtual) {
		f.store(v, row, 0)
		ADDQ(drs, row)
	})
	f.nextBlock(k, at, dst, row, drs)
}

// nextBlock ends the loop of a transposition: on to the next block, or back to the last whole one. row is
// where the next row of dst goes.
func (f *fn) nextBlock(k, at, dst, row, drs reg.GPVirtual) {
	lanes := U32(f.lanes)
	ADDQ(lanes, at)
	MOVQ(row, dst)
	left := GP64()
	MOVQ(k, left)
	SUBQ(at, left)
	JLE(LabelRef(f.label("done")))
	CMPQ(left, lanes)
	JGE(LabelRef(f.label("block")))
	SUBQ(lanes, left) // negative: that many rows back
	ADDQ(left, at)
	IMULQ(drs, left)
	ADDQ(left, dst)
	JMP(LabelRef(f.label("block")))
	Label(f.label("done"))
	f.end()
}

// transposeDouble is transpose for float64. pair[q][i] holds in its 128-bit lane l the numbers 2q and 2q+1 of
// row 2l+i.
func transposeDouble(w width) {
	f := begin(w, "transpose", "func(k int, rows **float64, dst *float64, drs int)",
		"writes number p of all rows to row p of dst.")
	k, table, dst, drs := f.arg("k"), f.arg("rows"), f.arg("dst"), f.arg("drs")
	at := GP64()
	XORQ(at, at)
	Label(f.label("block"))
	groups := w.lanes / 2
	pair := make([][2]reg.VecVirtual, groups)
	for i := range 2 {
		var p [4]reg.GPVirtual
		for l := range groups {
			p[l] = GP64()
			MOVQ(Mem{Base: table, Disp: 8 * (2*l + i)}, p[l])
			PREFETCHT0(Mem{Base: p[l], Index: at, Scale: 8, Disp: 4 * w.bytes()})
		}
		for q := range groups {
			v := f.reg()
			num := func(l int) Mem { return Mem{Base: p[l], Index: at, Scale: 8, Disp: 16 * q} }
			VMOVUPS(num(0), v.AsX())
			if w.wide {
				for l := 1; l < 4; l++ {
					VINSERTF32X4(Imm(uint64(l)), num(l), v, v)
				}
			} else {
				VINSERTF128(Imm(1), num(1), v, v)
			}
			pair[q][i] = v
		}
	}
	row := GP64()
	MOVQ(dst, row)
	for _, r := range pair {
		for half := range 2 {
			o := f.reg()
			if half == 0 {
				VUNPCKLPD(r[1], r[0], o)
			} else {
				VUNPCKHPD(r[1], r[0], o)
			}
			f.store(o, row, 0)
			ADDQ(drs, row)
		}
	}
	f.nextBlock(k, at, dst, row, drs)
}

// quarters transposes the blocks of four by four that lie in the 128-bit lanes of
// each quarter, and emits the rows of the result.
func (f *fn) quarters(quarter [][4]reg.VecVirtual, emit func(reg.VecVirtual)) {
	for _, r := range quarter {
		t0, t1, t2, t3 := f.reg(), f.reg(), f.reg(), f.reg()
		VUNPCKLPS(r[1], r[0], t0)
		VUNPCKHPS(r[1], r[0], t1)
		VUNPCKLPS(r[3], r[2], t2)
		VUNPCKHPS(r[3], r[2], t3)
		for c, pair := range [4][2]reg.VecVirtual{{t0, t2}, {t0, t2}, {t1, t3}, {t1, t3}} {
			o := f.reg()
			if c%2 == 0 {
				VUNPCKLPD(pair[1], pair[0], o)
			} else {
				VUNPCKHPD(pair[1], pair[0], o)
			}
			emit(o)
		}
	}
}
