package main

import (
	"bytes"
	"fmt"
	"go/format"
	"os"
	"path/filepath"
)

// op2 is a body of one instruction on two operands, op1 on one, opS on the operand and s, opSR on s and the operand.
func op2(op three) func(*neon) { return func(f *neon) { f.do(op, f.r(0), f.r(0), f.r(1)) } }
func op1(op two) func(*neon)   { return func(f *neon) { f.one(op, f.r(0), f.r(0)) } }
func opS(op three) func(*neon) { return func(f *neon) { f.do(op, f.r(0), f.r(0), scalarS) } }
func opSR(op three) func(*neon) {
	return func(f *neon) { f.do(op, f.r(0), scalarS, f.r(0)) }
}

// larger sets a to a where a > b or a is NaN, else to b; smaller is for min.
func (f *neon) larger(a, b, t, u int) { f.choose(a, b, t, u, a, b) }

func (f *neon) smaller(a, b, t, u int) { f.choose(a, b, t, u, b, a) }

// choose sets a to a where p > q or a is NaN, else to b.
func (f *neon) choose(a, b, t, u, p, q int) {
	f.do(fcmgt, t, p, q)
	f.do(fcmeq, u, a, a)
	f.do(orn, t, t, u)
	f.do(bsl, t, a, b)
	f.move(a, t)
}

var neonBinaries = []neonRoutine{
	{name: "add", unroll: 4, body: op2(fadd)},
	{name: "sub", unroll: 4, body: op2(fsub)},
	{name: "mul", unroll: 4, body: op2(fmul)},
	{name: "div", unroll: 4, body: op2(fdiv)},
	{name: "max", unroll: 4, body: func(f *neon) { f.larger(f.r(0), f.r(1), f.r(2), f.r(3)) }},
	{name: "min", unroll: 4, body: func(f *neon) { f.smaller(f.r(0), f.r(1), f.r(2), f.r(3)) }},
	{name: "reluGrad", unroll: 4, body: func(f *neon) {
		f.one(above0, f.r(1), f.r(1))
		f.do(and, f.r(0), f.r(0), f.r(1))
	}},
	{name: "sigmoidGrad", unroll: 4, body: func(f *neon) {
		f.do(fmul, f.r(0), f.r(0), f.r(1))
		f.do(fsub, f.r(1), f.k(1), f.r(1))
		f.do(fmul, f.r(0), f.r(0), f.r(1))
	}},
	{name: "tanhGrad", unroll: 4, body: func(f *neon) {
		f.do(fmul, f.r(1), f.r(1), f.r(1))
		f.do(fsub, f.r(1), f.k(1), f.r(1))
		f.do(fmul, f.r(0), f.r(0), f.r(1))
	}},
	{name: "geluGrad", unroll: 1, body: func(f *neon) { f.gateSlope(gelu.end, f.geluSlope) }},
	{name: "geluTanhGrad", unroll: 1, body: func(f *neon) { f.gateSlope(geluTanh.end, f.geluTanhSlope) }},
	{name: "mishGrad", unroll: 1, body: (*neon).mishGrad},
	{name: "siluGrad", unroll: 2, body: func(f *neon) { f.gateSlope(silu.end, f.siluSlope) }},
}

var neonUnaries = []neonRoutine{
	{name: "exp", unroll: 4, body: func(f *neon) { f.exp(f.r(0), f.r(1), f.r(2), f.r(3)) }},
	{name: "log", unroll: 2, body: func(f *neon) { f.log(natural) }},
	{name: "log2", unroll: 1, body: func(f *neon) { f.log(binary) }},
	{name: "log10", unroll: 1, body: func(f *neon) { f.log(decimal) }},
	{name: "log1p", unroll: 1, body: (*neon).log1p},
	{name: "exp2", unroll: 2, body: (*neon).exp2},
	{name: "expm1", unroll: 2, body: (*neon).minus1},
	{name: "softplus", unroll: 1, body: (*neon).softplus},
	{name: "mish", unroll: 1, body: (*neon).mish},
	{name: "sinh", unroll: 1, body: (*neon).sinh},
	{name: "cosh", unroll: 1, body: (*neon).cosh},
	{name: "erf", unroll: 1, body: (*neon).erf},
	{name: "tanh", unroll: 2, body: (*neon).tanh},
	{name: "sigmoid", unroll: 2, body: (*neon).sigmoid},
	{name: "gelu", unroll: 1, body: func(f *neon) { f.gateValue(gelu.end, f.geluTail) }},
	{name: "geluTanh", unroll: 1, body: func(f *neon) { f.gateValue(geluTanh.end, f.geluTanhTail) }},
	{name: "silu", unroll: 2, body: func(f *neon) { f.gateValue(silu.end, f.siluTail) }},
	{name: "relu", unroll: 4, body: func(f *neon) {
		f.one(below0, f.r(1), f.r(0))
		f.do(bic, f.r(0), f.r(0), f.r(1))
	}},
	{name: "sqrt", unroll: 4, body: op1(fsqrt)},
	{name: "square", unroll: 4, body: func(f *neon) { f.do(fmul, f.r(0), f.r(0), f.r(0)) }},
	{name: "neg", unroll: 4, body: op1(fneg)},
	{name: "abs", unroll: 4, body: op1(fabs)},
	{name: "reciprocal", unroll: 4, body: func(f *neon) { f.do(fdiv, f.r(0), f.k(1), f.r(0)) }},
	{name: "rsqrt", unroll: 4, body: func(f *neon) {
		f.one(fsqrt, f.r(0), f.r(0))
		f.do(fdiv, f.r(0), f.k(1), f.r(0))
	}},
	{name: "sign", unroll: 4, body: func(f *neon) {
		f.one(above0, f.r(1), f.r(0))
		f.one(below0, f.r(2), f.r(0))
		f.do(bit, f.r(0), f.k(1), f.r(1))
		f.do(bit, f.r(0), f.k(-1), f.r(2))
	}},
	{name: "floor", unroll: 4, body: op1(frintm)},
	{name: "ceil", unroll: 4, body: op1(frintp)},
	{name: "trunc", unroll: 4, body: op1(frintz)},
	{name: "round", unroll: 4, body: op1(frintn)},
}

var neonScalars = []neonRoutine{
	{name: "addS", unroll: 4, body: opS(fadd)},
	{name: "rsubS", unroll: 4, body: opSR(fsub)},
	{name: "mulS", unroll: 4, body: opS(fmul)},
	{name: "divS", unroll: 4, body: opS(fdiv)},
	{name: "rdivS", unroll: 4, body: opSR(fdiv)},
	{name: "maxS", unroll: 4, body: func(f *neon) { f.larger(f.r(0), scalarS, f.r(1), f.r(2)) }},
	{name: "minS", unroll: 4, body: func(f *neon) { f.smaller(f.r(0), scalarS, f.r(1), f.r(2)) }},
	{name: "affine", unroll: 4, body: func(f *neon) {
		f.do(fmul, f.r(0), f.r(0), scalarS)
		f.do(fadd, f.r(0), f.r(0), scalarT)
	}},
}

var neonAddScaled = neonRoutine{name: "addScaled", unroll: 4, body: func(f *neon) {
	f.do(fmul, f.r(0), f.r(0), scalarS)
	f.do(fadd, f.r(0), f.r(1), f.r(0))
}}

// poly is a polynomial of x by Horner's rule in fused steps, in y or t.
func (f *neon) poly(c []float32, x, y, t int) (value, other int) {
	f.move(y, f.k(c[len(c)-1]))
	for i := len(c) - 2; i >= 0; i-- {
		f.move(t, f.k(c[i]))
		f.do(fmla, t, y, x)
		y, t = t, y
	}
	return y, t
}

// reduce splits x = n*ln(2) + r with |r| <= ln(2)/2; r is left in x.
func (f *neon) reduce(x, n int) {
	f.do(fmul, n, x, f.k(log2e))
	f.one(frintn, n, n)
	f.do(fmls, x, n, f.k(ln2Hi))
	f.do(fmls, x, n, f.k(ln2Lo))
}

// expm1 adds r*r*q(r) to r.
func (f *neon) expm1(c []float32, r, t, u int) {
	q, sq := f.poly(c, r, t, u)
	f.do(fmul, sq, r, r)
	f.do(fmla, r, q, sq)
}

// exp is 2^n * (1 + expm1(r)), 2^n in two factors, so that neither is infinite or subnormal.
func (f *neon) exp(x, n, t, u int) {
	f.do(fmin, x, x, f.k(expHi))
	f.do(fmax, x, x, f.k(expLo))
	f.unscaled(x, n, t, u)
	f.scale(n, t, x)
}

// unscaled leaves m in x and n, e^x = m*2^n.
func (f *neon) unscaled(x, n, t, u int) {
	f.reduce(x, n)
	f.expm1(expPoly, x, t, u)
	f.do(fadd, x, x, f.k(1))
}

// scale multiplies each y by 2^n; n is lost.
func (f *neon) scale(n, t int, ys ...int) {
	f.one(fcvtns, n, n)
	f.right(t, n, 1)
	f.do(sub, n, n, t)
	for _, e := range []int{t, n} {
		f.left(e, e, 23)
		f.do(add, e, e, f.k(1))
		for _, y := range ys {
			f.do(fmul, y, y, e)
		}
	}
}

// sigmoid is 1/(1+z) for x >= 0 and z/(1+z) below, with z = e^-|x|.
func (f *neon) sigmoid() {
	x, z := f.r(0), f.r(1)
	f.do(orr, z, x, f.bits(signBit))
	f.exp(z, f.r(2), f.r(3), f.r(4))
	f.right(x, x, 31)
	f.do(bsl, x, z, f.k(1))
	f.do(fadd, z, z, f.k(1))
	f.do(fdiv, x, x, z)
}

// tanh is m/(m+2) with m = e^(2|x|) - 1 = 2^n*expm1(r) + (2^n - 1), and x's sign; 2|x| is cut at 20.
func (f *neon) tanh() {
	x, t, n, p := f.r(0), f.r(1), f.r(2), f.r(3)
	f.one(fabs, t, x)
	f.do(fadd, t, t, t)
	f.do(fmin, t, t, f.k(20))
	f.reduce(t, n)
	f.expm1(expm1Poly, t, p, f.r(4))
	f.one(fcvtns, p, n)
	f.left(p, p, 23)
	f.do(add, p, p, f.k(1))
	f.do(fsub, n, p, f.k(1))
	f.do(fmla, n, p, t)
	f.do(fadd, t, n, f.k(2))
	f.do(fdiv, n, n, t)
	f.move(t, f.bits(signBit))
	f.do(bsl, t, x, n)
	f.move(x, t)
}

// neonReduction writes a loop over n numbers of each operand, a multiple of 4*vectors, that folds them into
// as many running values at s.
func (f *neon) neonReduction(name string, vectors int, reads []string, fold three) {
	h := &f.head
	f.code.Reset()
	name += "NEON"
	fmt.Fprintf(h, "\n// func %s(n int, s, %s *float32)\nTEXT ·%s(SB), NOSPLIT, $0-%d\n", name, join(reads), name, 16+8*len(reads))
	for i, v := range append([]string{"n", "s"}, reads...) {
		fmt.Fprintf(h, "\tMOVD %s+%d(FP), R%d\n", v, 8*i, i)
	}
	f.line("\tMOVD R1, R9")
	for i := 0; i < vectors; i += 4 {
		f.line("\tVLD1.P 64(R9), %s", list(i, 4))
	}
	f.line("\nmany:")
	for i := 0; i < vectors; i += 4 {
		f.line("\tVLD1.P 64(R2), %s", list(16, 4))
		if len(reads) > 1 {
			f.line("\tVLD1.P 64(R3), %s", list(20, 4))
		}
		for j := range 4 {
			if len(reads) > 1 {
				f.do(fmul, 16+j, 16+j, 20+j)
			}
			f.do(fold, i+j, i+j, 16+j)
		}
	}
	f.line("\tSUBS $%d, R0, R0\n\tBNE  many\n", 4*vectors)
	for i := 0; i < vectors; i += 4 {
		f.line("\tVST1.P %s, 64(R1)", list(i, 4))
	}
	f.line("\tRET")
	h.Write(f.code.Bytes())
}

// neonVec writes the assembly of package vec for arm64 and the Go file that declares and calls it.
func neonVec(dir string) error {
	f := new(neon)
	for _, r := range neonBinaries {
		f.routine(r, "y", []string{"a", "b"}, nil, false)
	}
	for _, r := range neonUnaries {
		f.routine(r, "y", []string{"x"}, nil, false)
	}
	for _, r := range neonScalars {
		f.routine(r, "y", []string{"a"}, []string{"s", "t"}, false)
	}
	f.routine(neonAddScaled, "y", []string{"a"}, []string{"s", "t"}, true)
	f.routine(neonRoutine{name: "mulAdd", unroll: 4, body: func(f *neon) {
		f.do(fmul, f.r(1), f.r(1), f.r(2))
		f.do(fmul, f.r(1), f.r(1), scalarS)
		f.do(fadd, f.r(0), f.r(0), f.r(1))
	}}, "y", []string{"x", "a", "b"}, []string{"s"}, false)
	f.routine(neonRoutine{name: "fill", unroll: 4, body: func(f *neon) { f.move(f.r(0), scalarS) }}, "y", nil, []string{"s"}, false)
	f.neonReduction("sum", 16, []string{"x"}, fadd)
	f.neonReduction("dot", 16, []string{"a", "b"}, fadd)
	f.neonReduction("maxOf", 4, []string{"x"}, fmax)
	f.neonReduction("minOf", 4, []string{"x"}, fmin)

	const mark = "// Code generated by internal/kernel/gen. DO NOT EDIT.\n\n//go:build arm64 && !noasm\n\n"
	text := mark + "#include \"textflag.h\"\n" + f.head.String()
	if err := os.WriteFile(filepath.Join(dir, "vec_arm64.s"), []byte(text), 0o644); err != nil {
		return err
	}

	var b bytes.Buffer
	b.WriteString(mark + "package vec\n")
	docs := map[string]string{"mulAdd": "sets y = x + s*a*b.", "fill": "sets y = s.", "sum": "adds x to 64 sums, in turn.",
		"dot": "adds a*b to 64 sums, in turn.", "maxOf": "takes x into 16 largest elements, in turn.", "minOf": "takes x into 16 smallest elements, in turn."}
	for _, rs := range [][]routine{binaries, unaries, scalars, {addScaled}} {
		for _, r := range rs {
			docs[r.name] = r.doc
		}
	}
	declare := func(name, params string) {
		fmt.Fprintf(&b, "\n// %sNEON %s\n//\n//go:noescape\nfunc %sNEON(%s)\n", name, docs[name], name, params)
	}
	family := func(kind, params, args string, rs []neonRoutine) {
		for _, r := range rs {
			declare(r.name, "n int, "+params)
		}
		fmt.Fprintf(&b, "\n// call%s runs a routine over n elements, a multiple of 4, and says whether there is one.\n", kind)
		fmt.Fprintf(&b, "func call%s(op op%s, n int, %s) bool {\n\tswitch op {\n", kind, kind, params)
		for _, r := range rs {
			fmt.Fprintf(&b, "\tcase %s:\n\t\t%sNEON(n, %s)\n", opName(r.name), r.name, args)
		}
		b.WriteString("\tdefault:\n\t\treturn false\n\t}\n\treturn true\n}\n")
	}
	family("Binary", "y, a, b *float32", "y, a, b", neonBinaries)
	family("Unary", "y, x *float32", "y, x", neonUnaries)
	family("Scalar", "y, a *float32, s, t float32", "y, a, s, t", append(neonScalars, neonAddScaled))
	declare("mulAdd", "n int, y, x, a, b *float32, s float32")
	declare("fill", "n int, y *float32, s float32")
	declare("sum", "n int, s, x *float32")
	declare("dot", "n int, s, a, b *float32")
	declare("maxOf", "n int, s, x *float32")
	declare("minOf", "n int, s, x *float32")
	src, err := format.Source(b.Bytes())
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, "calls_arm64.go"), src, 0o644)
}
