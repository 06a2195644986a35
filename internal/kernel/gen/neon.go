package main

import (
	"bytes"
	"fmt"
	"math"
	"slices"
)

// A neon writes routines for arm64 with NEON, four float32 lanes a vector. Go's assembler lacks most vector
// instructions on floats there, so that they are written as their codes; the comment beside says what they are.
//
// A routine runs over whole vectors: n is a multiple of 4. Its body is written for one vector; a loop of several
// vectors has the body once for each, in registers of its own.
type neon struct {
	head, code bytes.Buffer // what is done, and the loops of the routine in work
	lanes, at  int          // vectors in the loop, and which one the body is for
	top        int          // the register of the first constant; the next ones follow downward
	used       int          // the highest register of a body
	consts     []uint32
}

// Registers that hold the scalar operands of a routine in all lanes.
const (
	scalarS = 31
	scalarT = 30
)

// r is the register of the body's value i; operands are the first ones, and the result is value 0.
func (f *neon) r(i int) int {
	f.used = max(f.used, i*f.lanes+f.at)
	return i*f.lanes + f.at
}

// bits is the register that holds a constant in all lanes.
func (f *neon) bits(v uint32) int {
	i := slices.Index(f.consts, v)
	if i < 0 {
		i = len(f.consts)
		f.consts = append(f.consts, v)
	}
	return f.top - i
}

// k is bits of a float.
func (f *neon) k(v float32) int { return f.bits(math.Float32bits(v)) }

func (f *neon) line(format string, args ...any) {
	fmt.Fprintf(&f.code, format+"\n", args...)
}

// three is the code of an instruction d = a op b, two of d = op a.
type (
	three struct {
		name string
		code uint32
	}
	two three
)

// The names are those of Arm's manual, all of four lanes; the bitwise ones work on the whole register.
var (
	fadd  = three{"FADD", 0x4e20d400}
	fsub  = three{"FSUB", 0x4ea0d400}
	fmul  = three{"FMUL", 0x6e20dc00}
	fdiv  = three{"FDIV", 0x6e20fc00}
	fmax  = three{"FMAX", 0x4e20f400} // NaN if either is
	fmin  = three{"FMIN", 0x4ea0f400}
	fmla  = three{"FMLA", 0x4e20cc00} // d += a*b
	fmls  = three{"FMLS", 0x4ea0cc00} // d -= a*b
	fcmeq = three{"FCMEQ", 0x4e20e400}
	fcmgt = three{"FCMGT", 0x6ea0e400}
	add   = three{"ADD", 0x4ea08400}
	sub   = three{"SUB", 0x6ea08400}
	and   = three{"AND", 0x4e201c00}
	bic   = three{"BIC", 0x4e601c00} // a &^ b
	orr   = three{"ORR", 0x4ea01c00}
	orn   = three{"ORN", 0x4ee01c00} // a | ^b
	bsl   = three{"BSL", 0x6e601c00} // d ? a : b
	bit   = three{"BIT", 0x6ea01c00} // d = a where b is set

	fsqrt  = two{"FSQRT", 0x6ea1f800}
	fneg   = two{"FNEG", 0x6ea0f800}
	fabs   = two{"FABS", 0x4ea0f800}
	frintn = two{"FRINTN", 0x4e218800}
	frintm = two{"FRINTM", 0x4e219800}
	frintp = two{"FRINTP", 0x4ea18800}
	frintz = two{"FRINTZ", 0x4ea19800}
	fcvtns = two{"FCVTNS", 0x4e21a800}
	scvtf  = two{"SCVTF", 0x4e21d800}
	above0 = two{"FCMGT0", 0x4ea0c800}
	equal0 = two{"FCMEQ0", 0x4ea0d800}
	below0 = two{"FCMLT0", 0x4ea0e800}
	least0 = two{"FCMGE0", 0x6ea0c800}
)

// do writes d = a op b.
func (f *neon) do(op three, d, a, b int) {
	f.line("\tWORD $0x%08x // %s V%d, V%d, V%d", op.code|uint32(b<<16|a<<5|d), op.name, d, a, b)
}

// one writes d = op a.
func (f *neon) one(op two, d, a int) {
	f.line("\tWORD $0x%08x // %s V%d, V%d", op.code|uint32(a<<5|d), op.name, d, a)
}

// move copies a register.
func (f *neon) move(d, a int) { f.do(orr, d, a, a) }

// left and right shift whole numbers; right keeps the sign.
func (f *neon) left(d, a, by int) {
	f.line("\tWORD $0x%08x // SHL V%d, V%d, $%d", 0x4f005400|uint32((32+by)<<16|a<<5|d), d, a, by)
}

func (f *neon) right(d, a, by int) {
	f.line("\tWORD $0x%08x // SSHR V%d, V%d, $%d", 0x4f000400|uint32((64-by)<<16|a<<5|d), d, a, by)
}

// list is n registers as they stand in loads and stores.
func list(from, n int) string {
	s := fmt.Sprintf("[V%d.S4", from)
	for i := 1; i < n; i++ {
		s += fmt.Sprintf(", V%d.S4", from+i)
	}
	return s + "]"
}

// A neonRoutine is a loop over vectors. What it reads stands in the values 0, 1, 2 of the body.
type neonRoutine struct {
	name   string
	unroll int // vectors in the main loop
	body   func(f *neon)
}

// routine writes a routine over n numbers: y is written, and read last if it is an update; the scalars go into scalarS and scalarT.
func (f *neon) routine(r neonRoutine, y string, reads, scalars []string, update bool) {
	f.code.Reset()
	f.consts, f.used, f.top = nil, 0, 31-len(scalars)
	params := "n int, " + join(append([]string{y}, reads...)) + " *float32"
	size := 8 * (2 + len(reads))
	if len(scalars) > 0 {
		params += ", " + join(scalars) + " float32"
	}
	from := 2 // the register of the first operand read
	inputs := len(reads)
	if update {
		inputs++
	}
	pass := func(lanes int) {
		f.lanes = lanes
		for i := range inputs {
			f.line("\tVLD1.P %d(R%d), %s", 16*lanes, from+i, list(i*lanes, lanes))
		}
		for f.at = range lanes {
			r.body(f)
		}
		f.line("\tVST1.P %s, %d(R1)", list(0, lanes), 16*lanes)
	}
	if r.unroll > 1 {
		f.line("\tSUBS $%d, R0, R0\n\tBLT  rest\n\nmany:", 4*r.unroll)
		pass(r.unroll)
		f.line("\tSUBS $%d, R0, R0\n\tBGE  many\n\nrest:\n\tADDS $%d, R0, R0\n\tBLT  done\n", 4*r.unroll, 4*r.unroll-4)
	} else {
		f.line("\tSUBS $4, R0, R0\n\tBLT  done\n")
	}
	f.line("one:")
	pass(1)
	f.line("\tSUBS $4, R0, R0\n\tBGE  one\n\ndone:\n\tRET")
	if f.used > f.top-len(f.consts) {
		panic(fmt.Sprintf("gen: %s: too few registers", r.name))
	}

	h := &f.head
	name := r.name + "NEON"
	if len(f.consts) > 0 {
		fmt.Fprintln(h)
		for i, v := range f.consts {
			fmt.Fprintf(h, "DATA %sK<>+%d(SB)/4, $0x%08x\n", name, 4*i, v)
		}
		fmt.Fprintf(h, "GLOBL %sK<>(SB), RODATA|NOPTR, $%d\n", name, 4*len(f.consts))
	}
	fmt.Fprintf(h, "\n// func %s(%s)\nTEXT ·%s(SB), NOSPLIT, $0-%d\n", name, params, name, size+4*len(scalars))
	for i, v := range append([]string{"n", y}, reads...) {
		fmt.Fprintf(h, "\tMOVD %s+%d(FP), R%d\n", v, 8*i, i)
	}
	if update {
		fmt.Fprintf(h, "\tMOVD R1, R%d\n", from+len(reads))
	}
	for i, v := range scalars {
		fmt.Fprintf(h, "\tFMOVS %s+%d(FP), F%d\n\tVDUP V%d.S[0], V%d.S4\n", v, size+4*i, 31-i, 31-i, 31-i)
	}
	if len(f.consts) > 0 {
		fmt.Fprintf(h, "\tMOVD $%sK<>(SB), R9\n", name)
		for i := range f.consts {
			fmt.Fprintf(h, "\tVLD1R.P 4(R9), [V%d.S4]\n", f.top-i)
		}
	}
	h.Write(f.code.Bytes())
}

func join(names []string) string {
	s := names[0]
	for _, v := range names[1:] {
		s += ", " + v
	}
	return s
}
