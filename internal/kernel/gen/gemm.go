package main

import (
	"fmt"
	"strings"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// gemmKernels writes the routines of package gemm.
func gemmKernels() {
	for _, w := range []width{avx2, avx512, avx2Double, avx512Double} {
		dotRows := 2
		if w.wide {
			dotRows = 4
		}
		for mr := 1; mr <= w.rows(); mr++ {
			for nv := 1; nv <= 2; nv++ {
				micro(w, "micro", strided, mr, nv)
			}
		}
		for mr := 1; mr <= dotRows; mr++ {
			dots(w, mr, 4)
			dots(w, mr, 1)
		}
		packRows(w)
		packColumns(w)
		if w.double {
			transposeDouble(w)
		} else {
			transpose(w)
		}
	}
}

// The widths of float64.
var (
	avx512Double = width{name: "F64AVX512", lanes: 8, wide: true, double: true}
	avx2Double   = width{name: "F64AVX2", lanes: 4, double: true}
)

// typed is a signature for the numbers of w.
func (w width) typed(sig string) string {
	if w.double {
		return strings.ReplaceAll(sig, "float32", "float64")
	}
	return sig
}

// rows is the largest number of rows of a micro-kernel.
func (w width) rows() int {
	if w.wide {
		return 12
	}
	return 6
}

// A mode says how a micro-kernel walks along k.
type mode int

const (
	strided  mode = iota // by a stride in a and one in b
	channels             // a by a table of offsets: rows of a are pixels, lanes channels
)

// signature is the parameters of a micro-kernel. Strides and offsets are in
// bytes.
func (m mode) signature() string {
	if m == channels {
		return "func(k int, a *float32, ars int, tab *int, b *float32, brs int, c *float32, crs, last, flags int, bias *float32)"
	}
	return "func(k int, a *float32, ars, acs int, b *float32, brs int, c *float32, crs, last, flags int, bias *float32)"
}

// step is one term: a column of a times a row of b.
func (t tile) step(m mode) func() {
	a, ars, b, brs := t.arg("a"), t.arg("ars"), t.arg("b"), t.arg("brs")
	r := newRows(a, ars, len(t.acc))
	var acs, tab, ahead reg.GPVirtual
	if m == channels {
		tab = t.arg("tab")
	} else {
		acs = t.arg("acs")
		ahead = t.ahead(brs)
	}
	return func() {
		if m == channels {
			at := GP64()
			MOVQ(Mem{Base: tab}, at)
			ADDQ(U32(8), tab)
			ADDQ(a, at)
			r.base = at
		}
		bv := make([]reg.VecVirtual, len(t.acc[0]))
		for j := range bv {
			bv[j] = t.part(b, j)
		}
		if m == strided {
			for d := 0; d < len(bv)*t.bytes(); d += 64 {
				PREFETCHT0(Mem{Base: b, Index: ahead, Scale: 1, Disp: d})
			}
		}
		ADDQ(brs, b)
		t.outer(r.at, bv)
		if m != channels {
			ADDQ(acs, a)
		}
	}
}

// ahead is how far before its use b is fetched: eight rows, without which b comes slowly where it is read
// in place, with rows pages apart; if the rows are few, the tile to the right.
func (t tile) ahead(brs reg.GPVirtual) reg.GPVirtual {
	k, d, right := t.arg("k"), GP64(), GP64()
	MOVQ(brs, d)
	SHLQ(Imm(3), d)
	MOVQ(U32(2*t.bytes()), right)
	CMPQ(k, U32(64))
	CMOVQLT(right, d)
	return d
}

// micro writes the micro-kernel of mr rows and nv vectors of c; last is the number
// of columns in the last vector.
func micro(w width, name string, m mode, mr, nv int) {
	f := begin(w, fmt.Sprintf("%s%dx%d", name, mr, nv), w.typed(m.signature()),
		fmt.Sprintf("makes %d rows of %d vectors of c.", mr, nv))
	t := newTile(f, mr, nv)
	pc, crs := f.arg("c"), f.arg("crs")
	for i := range mr { // c comes into the cache while the product is made
		for d := 0; d < nv*w.bytes(); d += 64 {
			PREFETCHT0(Mem{Base: pc, Disp: d})
		}
		if i < mr-1 {
			ADDQ(crs, pc)
		}
	}
	k := f.arg("k")
	step := t.step(m)
	last := f.arg("last")
	if w.wide {
		f.tailMask(last)
		f.masked = true
		t.loop(k, "", step)
		t.write("")
		return
	}
	// Masked loads are slow in AVX2: without them where b may be read in full.
	flags := f.arg("flags")
	CMPQ(last, U32(w.lanes))
	JEQ(LabelRef(f.label("full")))
	TESTQ(U32(flagWhole), flags)
	JZ(LabelRef(f.label("narrow")))
	t.loop(k, "whole", step)
	JMP(LabelRef(f.label("cut")))
	Label(f.label("narrow"))
	mask := f.arg("last")
	f.tailMask(mask)
	f.masked = true
	t.loop(k, "masked", step)
	Label(f.label("cut"))
	mask = f.arg("last")
	f.tailMask(mask)
	t.write("cut")
	f.masked = false
	Label(f.label("full"))
	t.loop(k, "full", step)
	t.write("full")
}

// dots writes the kernel of scalar products, for operands that both run along k:
// mr rows of a times nr columns of b, all of unit stride in k. The lanes of each
// running sum are folded in the end.
func dots(w width, mr, nr int) {
	f := begin(w, fmt.Sprintf("dots%dx%d", mr, nr),
		w.typed("func(k int, a *float32, ars int, b *float32, bcs int, c *float32, crs, ccs int, acc int)"),
		fmt.Sprintf("makes %d by %d scalar products.", mr, nr))
	t := newTile(f, mr, nr)
	f.n = f.arg("k")
	a, ars, b, bcs := f.arg("a"), f.arg("ars"), f.arg("b"), f.arg("bcs")
	ra, rb := newRows(a, ars, mr), newRows(b, bcs, nr)
	f.each(1, []reg.GPVirtual{a, b}, func(int) {
		var bv []reg.VecVirtual
		if nr < mr || nr == 1 {
			for j := range nr {
				bv = append(bv, f.loadAt(rb.at(j)))
			}
			for i := range mr {
				av := f.loadAt(ra.at(i))
				for j := range nr {
					f.fma(av, bv[j], t.acc[i][j])
				}
			}
			return
		}
		for i := range mr {
			bv = append(bv, f.loadAt(ra.at(i)))
		}
		for j := range nr {
			v := f.loadAt(rb.at(j))
			for i := range mr {
				f.fma(v, bv[i], t.acc[i][j])
			}
		}
	})
	crs, ccs, acc := f.arg("crs"), f.arg("ccs"), f.arg("acc")
	c := f.arg("c")
	for i := range mr {
		p := GP64()
		MOVQ(c, p)
		for j := range nr {
			x := f.fold(t.acc[i][j])
			skip := f.label(fmt.Sprintf("fresh%d_%d", i, j))
			TESTQ(acc, acc)
			JZ(LabelRef(skip))
			if f.double {
				VADDSD(Mem{Base: p}, x, x)
			} else {
				VADDSS(Mem{Base: p}, x, x)
			}
			Label(skip)
			if f.double {
				VMOVSD(x, Mem{Base: p})
			} else {
				VMOVSS(x, Mem{Base: p})
			}
			if j < nr-1 {
				ADDQ(ccs, p)
			}
		}
		if i < mr-1 {
			ADDQ(crs, c)
		}
	}
	f.end()
}

// fold is the sum of v's lanes, by halves.
func (f *fn) fold(v reg.VecVirtual) reg.VecVirtual {
	low := YMM()
	VMOVAPS(v.AsY(), low)
	if f.wide {
		high := YMM()
		VEXTRACTF64X4(Imm(1), v, high)
		f.add(high, low, low)
	}
	x, high := XMM(), XMM()
	if f.wide { // which has more registers than VEXTRACTF128 can name
		VEXTRACTF32X4(Imm(1), low, high)
	} else {
		VEXTRACTF128(Imm(1), low, high)
	}
	f.add(high, low.AsX(), x)
	VMOVHLPS(x, x, high)
	f.add(high, x, x)
	if f.double {
		return x
	}
	VMOVSHDUP(x, high)
	VADDPS(high, x, x)
	return x
}
