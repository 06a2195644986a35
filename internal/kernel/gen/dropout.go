package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// dropoutKernels writes the routines of package dropout.
func dropoutKernels() {
	for _, w := range widths {
		dropout(w)
	}
}

// The constants of Philox4x32: the multipliers and the steps of the key.
const (
	philoxM0, philoxM1 = 0xd2511f53, 0xcd9e8d57
	philoxW0, philoxW1 = 0x9e3779b9, 0xbb67ae85
)

// dropout writes the loop that makes as many blocks of Philox as there are lanes, and
// with their words keeps or drops four vectors. Lanes hold blocks in the order in
// which the words come to lie side by side when they are unpacked.
func dropout(w width) {
	f := begin(w, "dropout",
		"func(n int, y, x *float32, block, high, key0, key1, limit uint32, scale float32)",
		"does n groups of four vectors.")
	n, y, x := f.arg("n"), f.arg("y"), f.arg("x")
	order := GLOBL("order"+w.name, RODATA|NOPTR)
	for e := range w.lanes {
		DATA(4*e, U32(uint32(e%4*w.lanes/4+e/4)))
	}
	step := constMem(uint32(w.lanes), 8)
	if w.wide {
		f.hold(philoxM0, philoxM1, philoxW0, philoxW1, uint32(w.lanes))
		odd := GP32()
		MOVL(U32(0xaaaa), odd)
		KMOVW(odd, reg.K3)
	}
	block, limit, scale := f.scalar("block"), f.scalar("limit"), f.scalar("scale")
	VPADDD(order, block, block)
	Label(f.label("Loop"))
	c := [4]reg.VecVirtual{f.reg(), f.scalar("high"), f.zero(), f.zero()}
	VMOVAPS(block, c[0])
	k0, k1 := f.scalar("key0"), f.scalar("key1")
	for r := range 10 {
		hi0, lo0 := f.mulWide(c[0], philoxM0)
		hi1, lo1 := f.mulWide(c[2], philoxM1)
		f.xor(c[1], hi1)
		f.xor(k0, hi1)
		f.xor(c[3], hi0)
		f.xor(k1, hi0)
		c = [4]reg.VecVirtual{hi1, lo1, hi0, lo0}
		if r < 9 {
			VPADDD(f.bits(philoxW0), k0, k0)
			VPADDD(f.bits(philoxW1), k1, k1)
		}
	}
	unpack := func(op func(...Op), a, b reg.VecVirtual) reg.VecVirtual {
		r := f.reg()
		op(b, a, r)
		return r
	}
	low, high := func(ops ...Op) { VUNPCKLPS(ops...) }, func(ops ...Op) { VUNPCKHPS(ops...) }
	low2, high2 := func(ops ...Op) { VUNPCKLPD(ops...) }, func(ops ...Op) { VUNPCKHPD(ops...) }
	a, b := unpack(low, c[0], c[1]), unpack(low, c[2], c[3])
	d, e := unpack(high, c[0], c[1]), unpack(high, c[2], c[3])
	words := [4]reg.VecVirtual{unpack(low2, a, b), unpack(high2, a, b), unpack(low2, d, e), unpack(high2, d, e)}
	for u, word := range words {
		v := f.load(x, u)
		VMULPS(scale, v, v)
		if f.wide {
			VPCMPUD(Imm(5), limit, word, reg.K2) // not less
			VMOVAPS_Z(v, reg.K2, v)
		} else {
			m := f.reg()
			VPMAXUD(limit, word, m)
			VPCMPEQD(word, m, m)
			VANDPS(m, v, v)
		}
		f.store(v, y, u)
	}
	if f.wide {
		VPADDD(f.bits(uint32(w.lanes)), block, block)
	} else {
		VPADDD(step, block, block)
	}
	ADDQ(U32(4*w.bytes()), x)
	ADDQ(U32(4*w.bytes()), y)
	DECQ(n)
	JNZ(LabelRef(f.label("Loop")))
	f.end()
}

// mulWide is the high and the low words of the products of x and m.
func (f *fn) mulWide(x reg.VecVirtual, m uint32) (hi, lo reg.VecVirtual) {
	even, odd, hi, lo := f.reg(), f.reg(), f.reg(), f.reg()
	VPSRLQ(Imm(32), x, odd)
	VPMULUDQ(f.bits(m), x, even)
	VPMULUDQ(f.bits(m), odd, odd)
	VPSRLQ(Imm(32), even, hi)
	VPSLLQ(Imm(32), odd, lo)
	if f.wide {
		VMOVDQA32(odd, reg.K3, hi)
		VMOVDQA32(lo, reg.K3, even)
		return hi, even
	}
	VPBLENDD(Imm(0xaa), odd, hi, hi)
	VPBLENDD(Imm(0xaa), lo, even, lo)
	return hi, lo
}

// xor is y ^= x.
func (f *fn) xor(x, y reg.VecVirtual) {
	if f.wide {
		VPXORD(x, y, y)
	} else {
		VPXOR(x, y, y)
	}
}
