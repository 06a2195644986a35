package main

import (
	"fmt"
	"math"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// width is a vector extension.
type width struct {
	name   string // suffix of the routines
	lanes  int    // numbers in a register
	wide   bool   // AVX-512
	double bool   // numbers are float64; for the routines that have both forms
}

var (
	avx512 = width{name: "AVX512", lanes: 16, wide: true}
	avx2   = width{name: "AVX2", lanes: 8}
	widths = []width{avx2, avx512}
)

// size is the number of bytes of a number.
func (w width) size() int {
	if w.double {
		return 8
	}
	return 4
}

func (w width) bytes() int { return w.size() * w.lanes }

// reg is a fresh vector register.
func (w width) reg() reg.VecVirtual {
	if w.wide {
		return ZMM()
	}
	return YMM()
}

// zero is a fresh vector register that holds zeros.
func (w width) zero() reg.VecVirtual {
	r := w.reg()
	if w.wide {
		VPXORD(r, r, r)
	} else {
		VXORPS(r, r, r)
	}
	return r
}

// fn is the function being written.
type fn struct {
	width
	name   string
	n      reg.GPVirtual             // elements still to do
	consts map[uint32]reg.VecVirtual // broadcast constants in registers
	mask   reg.VecVirtual            // AVX2: the mask of the tail
	masked bool                      // loads and stores go by the mask
}

// begin starts the function name+suffix with the Go signature sig.
func begin(w width, name, sig, doc string) *fn {
	TEXT(name+w.name, NOSPLIT, sig)
	Pragma("noescape")
	Doc(name + w.name + " " + doc)
	return &fn{width: w, name: name + w.name, consts: map[uint32]reg.VecVirtual{}}
}

// end returns.
func (f *fn) end() {
	VZEROUPPER()
	RET()
}

// arg loads the parameter p into a general register.
func (f *fn) arg(p string) reg.GPVirtual {
	r := GP64()
	Load(Param(p), r)
	return r
}

// scalar broadcasts the float32 parameter p.
func (f *fn) scalar(p string) reg.VecVirtual {
	r := f.reg()
	m, err := Param(p).Resolve()
	if err != nil {
		panic(err)
	}
	VBROADCASTSS(m.Addr, r)
	return r
}

var constData = map[string]Mem{}

// constMem is a constant in memory, once (for broadcasts) or eight times (as an
// operand of AVX2 instructions).
func constMem(bits uint32, times int) Mem {
	name := fmt.Sprintf("c%dx%08x", times, bits)
	m, ok := constData[name]
	if !ok {
		m = GLOBL(name, RODATA|NOPTR)
		for i := range times {
			DATA(4*i, U32(bits))
		}
		constData[name] = m
	}
	return m
}

// hold keeps the constants in registers; to be called before a loop.
func (f *fn) hold(bits ...uint32) {
	for _, b := range bits {
		if _, ok := f.consts[b]; !ok {
			r := f.reg()
			VBROADCASTSS(constMem(b, 1), r)
			f.consts[b] = r
		}
	}
}

// holdF is hold for numbers, in AVX-512 only: AVX2 has 16 registers and reads its
// constants from memory.
func (f *fn) holdF(v ...float32) {
	if f.wide {
		for _, x := range v {
			f.hold(math.Float32bits(x))
		}
	}
}

// bits is a constant as a first operand.
func (f *fn) bits(b uint32) Op {
	if r, ok := f.consts[b]; ok {
		return r
	}
	if f.wide {
		panic(fmt.Sprintf("%s: constant %08x is not held", f.name, b))
	}
	return constMem(b, 8)
}

// k is a number as a first operand.
func (f *fn) k(v float32) Op { return f.bits(math.Float32bits(v)) }

// kr is a number in a register, held before.
func (f *fn) kr(v float32) reg.VecVirtual {
	r, ok := f.consts[math.Float32bits(v)]
	if !ok {
		panic(fmt.Sprintf("%s: constant %g is not held", f.name, v))
	}
	return r
}

// The next functions take a number k as one operand: the register that holds it, or its place in memory,
// which AVX-512 broadcasts on the way.

// kMul sets dst = k*x.
func (f *fn) kMul(k float32, x, dst reg.VecVirtual) { f.withK(VMULPS, VMULPS_BCST, k, x, dst) }

// kAdd sets dst = x + k.
func (f *fn) kAdd(k float32, x, dst reg.VecVirtual) { f.withK(VADDPS, VADDPS_BCST, k, x, dst) }

// kSub sets dst = x - k.
func (f *fn) kSub(k float32, x, dst reg.VecVirtual) { f.withK(VSUBPS, VSUBPS_BCST, k, x, dst) }

// kMulAdd sets y = x*y + k.
func (f *fn) kMulAdd(k float32, x, y reg.VecVirtual) { f.withK(VFMADD213PS, VFMADD213PS_BCST, k, x, y) }

// kAddMul sets y = y + k*x.
func (f *fn) kAddMul(k float32, x, y reg.VecVirtual) { f.withK(VFMADD231PS, VFMADD231PS_BCST, k, x, y) }

// kSubMul sets y = y - k*x.
func (f *fn) kSubMul(k float32, x, y reg.VecVirtual) {
	f.withK(VFNMADD231PS, VFNMADD231PS_BCST, k, x, y)
}

func (f *fn) withK(op, broadcast func(ops ...Op), k float32, x, dst reg.VecVirtual) {
	b := math.Float32bits(k)
	if _, held := f.consts[b]; f.wide && !held {
		broadcast(constMem(b, 1), x, dst)
		return
	}
	op(f.bits(b), x, dst)
}

// set is a fresh register full of k.
func (f *fn) set(k float32) reg.VecVirtual {
	y, b := f.reg(), math.Float32bits(k)
	if r, held := f.consts[b]; held {
		VMOVAPS(r, y)
	} else {
		VBROADCASTSS(constMem(b, 1), y)
	}
	return y
}

// Ways to round, as VROUNDPS and VRNDSCALEPS count them, without the exception for lost digits.
const (
	toNearest = 8 // ties to even
	down      = 9
	up        = 10
	toZero    = 11
)

// round sets dst to x rounded to a whole number.
func (f *fn) round(how uint64, x, dst reg.VecVirtual) {
	if f.wide {
		VRNDSCALEPS(Imm(how), x, dst)
	} else {
		VROUNDPS(Imm(how), x, dst)
	}
}

// copy is a fresh register with what x holds.
func (f *fn) copy(x reg.VecVirtual) reg.VecVirtual {
	y := f.reg()
	VMOVAPS(x, y)
	return y
}

// load reads vector u at p.
func (f *fn) load(p reg.GPVirtual, u int) reg.VecVirtual {
	return f.loadAt(Mem{Base: p, Disp: u * f.bytes()})
}

// loadAt reads a vector.
func (f *fn) loadAt(m Mem) reg.VecVirtual {
	v := f.reg()
	switch {
	case !f.masked:
		VMOVUPS(m, v)
	case f.wide && f.double:
		VMOVUPD_Z(m, reg.K1, v)
	case f.wide:
		VMOVUPS_Z(m, reg.K1, v)
	default: // a mask of two words a number serves float64
		VMASKMOVPS(m, f.mask, v)
	}
	return v
}

// store writes vector u at p.
func (f *fn) store(v reg.VecVirtual, p reg.GPVirtual, u int) {
	m := Mem{Base: p, Disp: u * f.bytes()}
	switch {
	case !f.masked:
		VMOVUPS(v, m)
	case f.wide && f.double:
		VMOVUPD(v, reg.K1, m)
	case f.wide:
		VMOVUPS(v, reg.K1, m)
	default:
		VMASKMOVPS(v, f.mask, m)
	}
}

// tailMask makes the mask of the first n lanes.
func (f *fn) tailMask(n reg.GPVirtual) {
	if f.wide {
		m := GP64()
		MOVQ(I32(-1), m)
		SHLXQ(n, m, m)
		NOTQ(m)
		KMOVW(m.As32(), reg.K1)
		return
	}
	p, o := GP64(), GP64()
	LEAQ(maskTable(), p)
	MOVQ(U32(f.lanes), o)
	SUBQ(n, o)
	f.mask = f.reg()
	VMOVUPS(Mem{Base: p, Index: o, Scale: uint8(f.size())}, f.mask)
}

// maskTable is eight words of ones and eight of zeros.
func maskTable() Mem {
	m, ok := constData["masks"]
	if !ok {
		m = GLOBL("masks", RODATA|NOPTR)
		for i := range 16 {
			DATA(4*i, U32(uint32(math.MaxUint32*uint64(1-i/8))))
		}
		constData["masks"] = m
	}
	return m
}

// label is a label of this function.
func (f *fn) label(s string) string { return f.name + "_" + s }

// each writes the loop over n elements: unroll vectors at a time, then single
// vectors, then the masked tail; body does vector u and the pointers move on.
func (f *fn) each(unroll int, ptrs []reg.GPVirtual, body func(u int)) {
	step := func(tag string, vectors int) {
		CMPQ(f.n, U32(vectors*f.lanes))
		JLT(LabelRef(f.label(tag + "End")))
		Label(f.label(tag))
		for u := range vectors {
			body(u)
		}
		for _, p := range ptrs {
			ADDQ(U32(vectors*f.bytes()), p)
		}
		SUBQ(U32(vectors*f.lanes), f.n)
		CMPQ(f.n, U32(vectors*f.lanes))
		JGE(LabelRef(f.label(tag)))
		Label(f.label(tag + "End"))
	}
	step("many", unroll)
	if unroll > 1 {
		step("one", 1)
	}
	TESTQ(f.n, f.n)
	JZ(LabelRef(f.label("done")))
	f.tailMask(f.n)
	f.masked = true
	body(0)
	f.masked = false
	Label(f.label("done"))
}
