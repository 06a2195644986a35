package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// channelKernels writes the routines of package chanconv.
func channelKernels() {
	for _, w := range widths {
		for mr := 1; mr <= w.rows(); mr++ {
			for nv := 1; nv <= 2; nv++ {
				micro(w, "channels", channels, mr, nv)
			}
		}
		transpose(w)
		scatter(w)
		winograd(w)
	}
}

// scatter writes the transposed store of a tile: the rows of src, srs bytes
// apart, are as many as there are lanes, the first last of them valid; n columns go to rows of
// dst, drs bytes apart.
func scatter(w width) {
	f := begin(w, "scatter", "func(n int, src *float32, srs int, dst *float32, drs, last int)",
		"stores n columns of a tile as rows of dst.")
	n, src, srs, dst, drs, last := f.arg("n"), f.arg("src"), f.arg("srs"), f.arg("dst"), f.arg("drs"), f.arg("last")
	f.tailMask(last)
	groups := w.lanes / 4
	quarter := make([][4]reg.VecVirtual, groups)
	group := GP64() // the stride of four rows
	LEAQ(Mem{Base: srs, Index: srs, Scale: 1}, group)
	ADDQ(group, group)
	three := GP64()
	LEAQ(Mem{Base: group, Index: group, Scale: 2}, three)
	for i := range 4 {
		for q := range groups {
			v := f.reg()
			at := Mem{Base: src, Disp: 16 * q}
			VMOVUPS(at, v.AsX())
			for l := 1; l < groups; l++ {
				at.Index, at.Scale = group, uint8(l)
				if l == 3 {
					at.Index, at.Scale = three, 1
				}
				if w.wide {
					VINSERTF32X4(Imm(uint64(l)), at, v, v)
				} else {
					VINSERTF128(Imm(1), at, v, v)
				}
			}
			quarter[q][i] = v
		}
		if i < 3 {
			ADDQ(srs, src)
		}
	}
	f.masked = true
	f.quarters(quarter, func(v reg.VecVirtual) {
		f.store(v, dst, 0)
		ADDQ(drs, dst)
		DECQ(n)
		JZ(LabelRef(f.label("done")))
	})
	f.masked = false
	Label(f.label("done"))
	f.end()
}
