package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// The bits of a micro-kernel's flags.
const (
	flagAcc   = 1 // add to c
	flagReLU  = 2 // clip at zero in the end
	flagWhole = 4 // all lanes of b may be read, though fewer of c may be written
)

// rows addresses the rows of an operand: row i lies i strides after base. Odd
// multiples of the stride have registers of their own, the others are scaled.
type rows struct {
	base reg.Register
	odd  map[int]reg.GPVirtual
}

func newRows(base reg.Register, stride reg.GPVirtual, n int) rows {
	r := rows{base, map[int]reg.GPVirtual{1: stride}}
	for i := 3; i < n; i += 2 {
		r.odd[i] = GP64()
		LEAQ(Mem{Base: r.odd[i-2], Index: stride, Scale: 2}, r.odd[i])
	}
	return r
}

// at is row i.
func (r rows) at(i int) Mem {
	m := Mem{Base: r.base}
	if i == 0 {
		return m
	}
	scale := uint8(1)
	for i%2 == 0 {
		i, scale = i/2, scale*2
	}
	m.Index, m.Scale = r.odd[i], scale
	return m
}

// tile is the registers of a micro-kernel: mr rows of nv vectors.
type tile struct {
	*fn
	acc [][]reg.VecVirtual
}

func newTile(f *fn, mr, nv int) tile {
	t := tile{fn: f, acc: make([][]reg.VecVirtual, mr)}
	for i := range t.acc {
		for range nv {
			t.acc[i] = append(t.acc[i], f.zero())
		}
	}
	return t
}

// part loads vector j of a row at base; the last vector goes by the tail mask.
func (t tile) part(base reg.GPVirtual, j int) reg.VecVirtual {
	whole := t.masked
	t.masked = t.masked && j == len(t.acc[0])-1
	defer func() { t.masked = whole }()
	return t.load(base, j)
}

// outer adds a column of a times the row of b in bv: row i of a is broadcast from
// at(i).
func (t tile) outer(at func(i int) Mem, bv []reg.VecVirtual) {
	for i := range t.acc {
		if t.wide && len(bv) == 1 {
			t.fmaBroadcast(at(i), bv[0], t.acc[i][0])
			continue
		}
		av := t.broadcast(at(i))
		for j := range bv {
			t.fma(av, bv[j], t.acc[i][j])
		}
	}
}

// fma adds a*b to sum, in either type.
func (f *fn) fma(a, b, sum reg.VecVirtual) {
	if f.double {
		VFMADD231PD(a, b, sum)
	} else {
		VFMADD231PS(a, b, sum)
	}
}

// fmaBroadcast adds the number at m times b to sum; AVX-512 only.
func (f *fn) fmaBroadcast(m Mem, b, sum reg.VecVirtual) {
	if f.double {
		VFMADD231PD_BCST(m, b, sum)
	} else {
		VFMADD231PS_BCST(m, b, sum)
	}
}

// broadcast is a register full of the number at m.
func (f *fn) broadcast(m Mem) reg.VecVirtual {
	v := f.reg()
	if f.double {
		VBROADCASTSD(m, v)
	} else {
		VBROADCASTSS(m, v)
	}
	return v
}

// add sets sum to a+b.
func (f *fn) add(a, b, sum Op) {
	if f.double {
		VADDPD(a, b, sum)
	} else {
		VADDPS(a, b, sum)
	}
}

// loop runs step k times, four at a time; tag tells several loops of one function
// apart.
func (t tile) loop(k reg.GPVirtual, tag string, step func()) {
	l := func(s string) string { return t.label(tag + s) }
	SUBQ(U32(4), k)
	JLT(LabelRef(l("Few")))
	Label(l("Four"))
	for range 4 {
		step()
	}
	SUBQ(U32(4), k)
	JGE(LabelRef(l("Four")))
	Label(l("Few"))
	ADDQ(U32(4), k)
	JZ(LabelRef(l("End")))
	Label(l("One"))
	step()
	DECQ(k)
	JNZ(LabelRef(l("One")))
	Label(l("End"))
}

// write finishes the tile: adds c if asked, the bias if there is one, clips if asked,
// and stores the rows.
func (t tile) write(tag string) {
	l := func(s string) string { return t.label(tag + s) }
	flags, crs, bias := t.arg("flags"), t.arg("crs"), t.arg("bias")
	TESTQ(U32(flagAcc), flags)
	JZ(LabelRef(l("Fresh")))
	c := t.arg("c")
	for i := range t.acc {
		for j, v := range t.acc[i] {
			t.add(t.part(c, j), v, v)
		}
		ADDQ(crs, c)
	}
	Label(l("Fresh"))
	TESTQ(bias, bias)
	JZ(LabelRef(l("NoBias")))
	for j := range t.acc[0] {
		b := t.part(bias, j)
		for i := range t.acc {
			t.add(b, t.acc[i][j], t.acc[i][j])
		}
	}
	Label(l("NoBias"))
	TESTQ(U32(flagReLU), flags)
	JZ(LabelRef(l("Store")))
	zero := t.zero()
	for i := range t.acc {
		for _, v := range t.acc[i] {
			if t.double {
				VMAXPD(v, zero, v)
			} else {
				VMAXPS(v, zero, v)
			}
		}
	}
	Label(l("Store"))
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
