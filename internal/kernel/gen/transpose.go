package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// transposeKernels writes the routines of package transpose.
func transposeKernels() {
	for _, w := range widths {
		transposeBand(w)
	}
}

// transposeBand writes the transposition of a band: at most as many rows of y as there are lanes, and any number of
// columns, square blocks of them at a time.
func transposeBand(w width) {
	f := begin(w, "band", "func(cols, rows int, y *uint32, ys int, x *uint32, xs int)", "is plain for rows up to the lanes.")
	cols, rows, y, ys, xs, p := f.arg("cols"), f.arg("rows"), f.arg("y"), f.arg("ys"), f.arg("xs"), f.arg("x")
	f.tailMask(rows)
	rowMask := f.mask
	far := GP64() // lines of the block after this one, which are asked for ahead
	MOVQ(xs, far)
	SHLQ(Imm(map[int]uint64{8: 3, 16: 4}[w.lanes]), far)
	block := func(tag string, whole bool) {
		var line []reg.VecVirtual
		for i := range w.lanes {
			v := f.reg()
			if w.wide {
				VMOVUPS_Z(Mem{Base: p}, reg.K1, v)
			} else {
				VMASKMOVPS(Mem{Base: p}, rowMask, v)
			}
			line = append(line, v)
			if whole {
				PREFETCHT0(Mem{Base: p, Index: far, Scale: 1})
				ADDQ(xs, p)
				continue
			}
			// the last line again in the place of lines that are not there
			step, none := GP64(), GP64()
			MOVQ(xs, step)
			XORQ(none, none)
			CMPQ(cols, U32(i+1))
			CMOVQLE(none, step)
			ADDQ(step, p)
		}
		f.square(line, func(r int, v reg.VecVirtual) {
			skip := f.label(fmt.Sprint(tag, r))
			CMPQ(rows, U32(r))
			JLE(LabelRef(skip))
			at := GP64()
			MOVQ(ys, at)
			IMUL3Q(U32(r), at, at)
			m := Mem{Base: y, Index: at, Scale: 1}
			switch {
			case whole:
				VMOVUPS(v, m)
			case w.wide:
				VMOVUPS(v, reg.K2, m)
			default:
				VMASKMOVPS(v, f.mask, m)
			}
			Label(skip)
		})
	}
	SUBQ(U32(w.lanes), cols)
	JLT(LabelRef(f.label("rest")))
	Label(f.label("loop"))
	block("whole", true)
	ADDQ(U32(w.bytes()), y)
	SUBQ(U32(w.lanes), cols)
	JGE(LabelRef(f.label("loop")))
	Label(f.label("rest"))
	ADDQ(U32(w.lanes), cols)
	JZ(LabelRef(f.label("done")))
	if w.wide {
		m := GP64()
		MOVQ(I32(-1), m)
		SHLXQ(cols, m, m)
		NOTQ(m)
		KMOVW(m.As32(), reg.K2)
	} else {
		f.tailMask(cols)
	}
	block("part", false)
	Label(f.label("done"))
	f.end()
}

// square transposes as many lines as there are lanes, and emits the rows of the result.
func (f *fn) square(line []reg.VecVirtual, emit func(r int, v reg.VecVirtual)) {
	groups := f.lanes / 4
	four := make([][4]reg.VecVirtual, groups) // four[g][c]: lane l of 128 bits has number 4l+c of lines 4g to 4g+3
	for g := range groups {
		var quarter [4]reg.VecVirtual
		copy(quarter[:], line[4*g:])
		c := 0
		f.quarters([][4]reg.VecVirtual{quarter}, func(v reg.VecVirtual) { four[g][c] = v; c++ })
	}
	for c := range 4 {
		if !f.wide {
			low, high := f.reg(), f.reg()
			VPERM2F128(Imm(0x20), four[1][c], four[0][c], low)
			VPERM2F128(Imm(0x31), four[1][c], four[0][c], high)
			emit(c, low)
			emit(4+c, high)
			continue
		}
		pair := func(imm uint64, a, b reg.VecVirtual) reg.VecVirtual {
			v := f.reg()
			VSHUFF32X4(Imm(imm), b, a, v)
			return v
		}
		for h, imm := range []uint64{0x44, 0xee} { // the lower and the upper lanes
			a, b := pair(imm, four[0][c], four[1][c]), pair(imm, four[2][c], four[3][c])
			emit(8*h+c, pair(0x88, a, b))
			emit(8*h+4+c, pair(0xdd, a, b))
		}
	}
}
