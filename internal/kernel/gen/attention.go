package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// attentionKernels writes the routines of package attention. Blocks of scores are whole vectors wide;
// strides are in bytes.
func attentionKernels() {
	for _, w := range widths {
		weights(w)
		scoreGrads(w)
		rowDots(w)
		scaleRows(w)
		gatherColumns(w)
		turnColumns(w)
	}
}

// places is the numbers of the lanes.
func (f *fn) places() Mem {
	name := "places" + f.width.name
	m, ok := constData[name]
	if !ok {
		m = GLOBL(name, RODATA|NOPTR)
		for i := range f.lanes {
			DATA(4*i, U32(uint32(i)))
		}
		constData[name] = m
	}
	return m
}

// below sets the mask of the lanes whose place is below limit: K3, or the register it returns.
func (f *fn) below(place, limit reg.VecVirtual) reg.VecVirtual {
	if f.wide {
		VPCMPGTD(place, limit, reg.K3)
		return nil
	}
	m := f.reg()
	VPCMPGTD(place, limit, m)
	return m
}

// clear zeroes the lanes of v that are not in the mask of below.
func (f *fn) clear(v, mask reg.VecVirtual) {
	if f.wide {
		VMOVAPS_Z(v, reg.K3, v)
	} else {
		VANDPS(mask, v, v)
	}
}

// across folds the lanes of v with op and leaves the result in all of them.
func (f *fn) across(v reg.VecVirtual, op func(...Op)) {
	t := f.reg()
	fold := func(shuffle func()) { shuffle(); op(t, v, v) }
	if f.wide {
		fold(func() { VSHUFF32X4(Imm(0x4e), v, v, t) })
		fold(func() { VSHUFF32X4(Imm(0xb1), v, v, t) })
	} else {
		fold(func() { VPERM2F128(Imm(1), v, v, t) })
	}
	fold(func() { VPERMILPS(Imm(0x4e), v, t) })
	fold(func() { VPERMILPS(Imm(0xb1), v, t) })
}

// low stores the first lane of v.
func (f *fn) low(v reg.VecVirtual, m Mem) { VMOVSS(v.AsX(), m) }

// blockRows writes the loop over the rows of a block with the pointer s and others that move on by ld.
func (f *fn) blockRows(m, ld reg.GPVirtual, rows []reg.GPVirtual, perRow []reg.GPVirtual, body func()) {
	Label(f.label("row"))
	body()
	for _, p := range rows {
		ADDQ(ld, p)
	}
	for _, p := range perRow {
		ADDQ(Imm(4), p)
	}
	DECQ(m)
	JNZ(LabelRef(f.label("row")))
}

// vectors writes the loop over the n numbers of a row; o is the offset of the vector and place the numbers of its
// lanes.
func (f *fn) vectors(tag string, n reg.GPVirtual, first reg.VecVirtual, body func(o reg.GPVirtual, place reg.VecVirtual)) {
	o, place, step := GP64(), f.reg(), constMem(uint32(f.lanes), f.lanes)
	XORQ(o, o)
	VMOVAPS(first, place)
	Label(f.label(tag))
	body(o, place)
	VPADDD(step, place, place)
	ADDQ(U32(f.bytes()), o)
	CMPQ(o, n)
	JLT(LabelRef(f.label(tag)))
}

// firstPlace is the numbers of the first columns of a block.
func (f *fn) firstPlace() reg.VecVirtual {
	first := f.scalar("first")
	VPADDD(f.places(), first, first)
	return first
}

// weights writes: scores of a row become e^(scale*s-t), t the largest of them and of top.
func weights(w width) {
	f := begin(w, "weights", "func(m, n int, s *float32, ld int, first uint32, limit *int32, scale float32, top, sum, keep *float32, ldk int)",
		"turns m rows of n bytes of scores into weights, times keep if it is not nil.")
	m, n, s, ld := f.arg("m"), f.arg("n"), f.arg("s"), f.arg("ld")
	limit, top, sum := f.arg("limit"), f.arg("top"), f.arg("sum")
	keep, ldk := f.arg("keep"), f.arg("ldk")
	first, scale := f.firstPlace(), f.scalar("scale")
	holdExp(f)
	f.blockRows(m, ld, []reg.GPVirtual{s}, []reg.GPVirtual{limit, top, sum}, func() {
		lim, t := f.reg(), f.reg()
		VBROADCASTSS(Mem{Base: limit}, lim)
		VBROADCASTSS(Mem{Base: top}, t)
		f.vectors("max", n, first, func(o reg.GPVirtual, place reg.VecVirtual) {
			mask, x := f.below(place, lim), f.reg()
			VMULPS(Mem{Base: s, Index: o, Scale: 1}, scale, x)
			if f.wide {
				VMAXPS(x, t, reg.K3, t)
			} else {
				VBLENDVPS(mask, x, t, x)
				VMAXPS(x, t, t)
			}
		})
		f.across(t, VMAXPS)
		f.low(t, Mem{Base: top})
		total := f.zero()
		f.vectors("exp", n, first, func(o reg.GPVirtual, place reg.VecVirtual) {
			x := f.reg()
			VMULPS(Mem{Base: s, Index: o, Scale: 1}, scale, x)
			VSUBPS(t, x, x)
			e := f.exp(x)
			f.clear(e, f.below(place, lim))
			VADDPS(e, total, total)
			f.dropped("weights", keep, func() { VMULPS(Mem{Base: keep, Index: o, Scale: 1}, e, e) })
			VMOVUPS(e, Mem{Base: s, Index: o, Scale: 1})
		})
		f.across(total, VADDPS)
		f.low(total, Mem{Base: sum})
		f.dropped("row", keep, func() { ADDQ(ldk, keep) })
	})
	f.end()
}

// dropped writes what is done only if keep is not nil.
func (f *fn) dropped(tag string, keep reg.GPVirtual, body func()) {
	TESTQ(keep, keep)
	JZ(LabelRef(f.label(tag + "Whole")))
	body()
	Label(f.label(tag + "Whole"))
}

// scoreGrads writes: with p = e^(scale*s-lse), s becomes p*keep, d becomes scale*p*(d*keep-dot).
func scoreGrads(w width) {
	f := begin(w, "grads", "func(m, n int, s, d *float32, ld int, first uint32, limit *int32, scale float32, lse, dot, keep *float32, ldk int)",
		"turns m rows of n bytes of scores into weights, and the gradients of the weights into those of the scores.")
	keep, ldk := f.arg("keep"), f.arg("ldk")
	m, n, s, d, ld := f.arg("m"), f.arg("n"), f.arg("s"), f.arg("d"), f.arg("ld")
	limit, lse, dot := f.arg("limit"), f.arg("lse"), f.arg("dot")
	first, scale := f.firstPlace(), f.scalar("scale")
	holdExp(f)
	f.blockRows(m, ld, []reg.GPVirtual{s, d}, []reg.GPVirtual{limit, lse, dot}, func() {
		lim, l, c := f.reg(), f.reg(), f.reg()
		VBROADCASTSS(Mem{Base: limit}, lim)
		VBROADCASTSS(Mem{Base: lse}, l)
		VBROADCASTSS(Mem{Base: dot}, c)
		f.vectors("exp", n, first, func(o reg.GPVirtual, place reg.VecVirtual) {
			x, g := f.reg(), f.reg()
			VMULPS(Mem{Base: s, Index: o, Scale: 1}, scale, x)
			VSUBPS(l, x, x)
			e := f.exp(x)
			mask := f.below(place, lim)
			f.clear(e, mask)
			VMOVUPS(Mem{Base: d, Index: o, Scale: 1}, g)
			w := f.reg()
			VMOVAPS(e, w)
			f.dropped("weights", keep, func() {
				VMULPS(Mem{Base: keep, Index: o, Scale: 1}, g, g)
				VMULPS(Mem{Base: keep, Index: o, Scale: 1}, w, w)
			})
			VMOVUPS(w, Mem{Base: s, Index: o, Scale: 1})
			VSUBPS(c, g, g)
			VMULPS(e, g, g)
			VMULPS(scale, g, g)
			f.clear(g, mask)
			VMOVUPS(g, Mem{Base: d, Index: o, Scale: 1})
		})
		f.dropped("row", keep, func() { ADDQ(ldk, keep) })
	})
	f.end()
}

// rowDots writes the scalar products of the rows of two matrices.
func rowDots(w width) {
	f := begin(w, "rowDots", "func(m, n int, a *float32, lda int, b *float32, ldb int, y *float32)", "sets y to the scalar products of m pairs of rows of n numbers.")
	m, n := f.arg("m"), f.arg("n")
	a, lda, b, ldb, y := f.arg("a"), f.arg("lda"), f.arg("b"), f.arg("ldb"), f.arg("y")
	tail := GP64()
	MOVQ(n, tail)
	ANDQ(U32(f.lanes-1), tail)
	f.tailMask(tail)
	whole := GP64()
	MOVQ(n, whole)
	SUBQ(tail, whole)
	Label(f.label("row"))
	acc, o := f.zero(), GP64()
	XORQ(o, o)
	CMPQ(o, whole)
	JGE(LabelRef(f.label("rest")))
	Label(f.label("vector"))
	v := f.reg()
	VMOVUPS(Mem{Base: a, Index: o, Scale: 4}, v)
	VFMADD231PS(Mem{Base: b, Index: o, Scale: 4}, v, acc)
	ADDQ(U32(f.lanes), o)
	CMPQ(o, whole)
	JLT(LabelRef(f.label("vector")))
	Label(f.label("rest"))
	x, z := f.reg(), f.reg()
	f.part(Mem{Base: a, Index: o, Scale: 4}, x)
	f.part(Mem{Base: b, Index: o, Scale: 4}, z)
	VFMADD231PS(z, x, acc)
	f.across(acc, VADDPS)
	f.low(acc, Mem{Base: y})
	ADDQ(lda, a)
	ADDQ(ldb, b)
	ADDQ(Imm(4), y)
	DECQ(m)
	JNZ(LabelRef(f.label("row")))
	f.end()
}

// part loads the lanes of the tail mask, zeros elsewhere.
func (f *fn) part(m Mem, v reg.VecVirtual) {
	if f.wide {
		VMOVUPS_Z(m, reg.K1, v)
	} else {
		VMASKMOVPS(m, f.mask, v)
	}
}

// scaleRows writes y[i] *= c[i] for rows.
func scaleRows(w width) {
	f := begin(w, "scaleRows", "func(m, n int, y *float32, ld int, c *float32)", "multiplies m rows of n numbers by a number each.")
	m, n := f.arg("m"), f.arg("n")
	y, ld, c := f.arg("y"), f.arg("ld"), f.arg("c")
	tail, whole := GP64(), GP64()
	MOVQ(n, tail)
	ANDQ(U32(f.lanes-1), tail)
	f.tailMask(tail)
	MOVQ(n, whole)
	SUBQ(tail, whole)
	Label(f.label("row"))
	k, o := f.reg(), GP64()
	VBROADCASTSS(Mem{Base: c}, k)
	XORQ(o, o)
	CMPQ(o, whole)
	JGE(LabelRef(f.label("rest")))
	Label(f.label("vector"))
	v := f.reg()
	VMULPS(Mem{Base: y, Index: o, Scale: 4}, k, v)
	VMOVUPS(v, Mem{Base: y, Index: o, Scale: 4})
	ADDQ(U32(f.lanes), o)
	CMPQ(o, whole)
	JLT(LabelRef(f.label("vector")))
	Label(f.label("rest"))
	x := f.reg()
	f.part(Mem{Base: y, Index: o, Scale: 4}, x)
	VMULPS(k, x, x)
	if f.wide {
		VMOVUPS(x, reg.K1, Mem{Base: y, Index: o, Scale: 4})
	} else {
		VMASKMOVPS(x, f.mask, Mem{Base: y, Index: o, Scale: 4})
	}
	ADDQ(ld, y)
	ADDQ(Imm(4), c)
	DECQ(m)
	JNZ(LabelRef(f.label("row")))
	f.end()
}

// gatherColumns writes n columns of a few rows, no more than there are lanes, as rows of whole vectors.
func gatherColumns(w width) {
	f := begin(w, "gather", "func(m, n int, x *float32, rs, cs int, y *float32, ld int)",
		"writes n columns of m rows of x, rs bytes apart, as vectors ld bytes apart.")
	m, n, x := f.arg("m"), f.arg("n"), f.arg("x")
	rs, cs, y, ld := f.arg("rs"), f.arg("cs"), f.arg("y"), f.arg("ld")
	f.tailMask(m)
	idx, r := f.reg(), f.reg()
	x4 := XMM()
	VMOVD(rs.As32(), x4)
	VPBROADCASTD(x4, r)
	VMOVUPS(f.places(), idx)
	VPMULLD(r, idx, idx)
	Label(f.label("column"))
	v := f.zero()
	if f.wide {
		KMOVW(reg.K1, reg.K2)
		VGATHERDPS(Mem{Base: x, Index: idx, Scale: 1}, reg.K2, v)
	} else {
		mask := f.reg()
		VMOVAPS(f.mask, mask)
		VGATHERDPS(mask, Mem{Base: x, Index: idx, Scale: 1}, v)
	}
	VMOVUPS(v, Mem{Base: y})
	ADDQ(cs, x)
	ADDQ(ld, y)
	DECQ(n)
	JNZ(LabelRef(f.label("column")))
	f.end()
}

// turnColumns writes groups of eight columns of as many rows as there are lanes, transposed by shuffles.
func turnColumns(w width) {
	f := begin(w, "turn", "func(n int, rows *[16]*float32, y *float32, ld int)",
		"writes n groups of eight columns of the rows as vectors ld bytes apart.")
	n, rows, y, ld := f.arg("n"), f.arg("rows"), f.arg("y"), f.arg("ld")
	o := GP64()
	XORQ(o, o)
	row := func(i int) Mem {
		p := GP64()
		MOVQ(Mem{Base: rows, Disp: 8 * i}, p)
		return Mem{Base: p, Index: o, Scale: 1}
	}
	quarter := func(i int) [4]reg.VecVirtual { // four rows, and four more in the upper half
		var r [4]reg.VecVirtual
		for k := range r {
			r[k] = f.reg()
			if !f.wide {
				VMOVUPS(row(i+k), r[k])
				continue
			}
			VMOVUPS(row(2*i+k), r[k].AsY())
			VINSERTF64X4(Imm(1), row(2*i+4+k), r[k], r[k])
		}
		pair := func(op func(...Op), a, b reg.VecVirtual) reg.VecVirtual {
			v := f.reg()
			op(b, a, v)
			return v
		}
		low, high := func(ops ...Op) { VUNPCKLPS(ops...) }, func(ops ...Op) { VUNPCKHPS(ops...) }
		low2, high2 := func(ops ...Op) { VUNPCKLPD(ops...) }, func(ops ...Op) { VUNPCKHPD(ops...) }
		a, b, c, d := pair(low, r[0], r[1]), pair(low, r[2], r[3]), pair(high, r[0], r[1]), pair(high, r[2], r[3])
		return [4]reg.VecVirtual{pair(low2, a, b), pair(high2, a, b), pair(low2, c, d), pair(high2, c, d)}
	}
	Label(f.label("group"))
	a, b := quarter(0), quarter(4)
	for _, upper := range []bool{false, true} {
		for k := range a {
			v := f.reg()
			switch {
			case f.wide && upper:
				VSHUFF32X4(Imm(0xdd), b[k], a[k], v)
			case f.wide:
				VSHUFF32X4(Imm(0x88), b[k], a[k], v)
			case upper:
				VPERM2F128(Imm(0x31), b[k], a[k], v)
			default:
				VPERM2F128(Imm(0x20), b[k], a[k], v)
			}
			VMOVUPS(v, Mem{Base: y})
			ADDQ(ld, y)
		}
	}
	ADDQ(Imm(32), o)
	DECQ(n)
	JNZ(LabelRef(f.label("group")))
	f.end()
}
