package main

import (
	"math"
	"slices"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// The matrices of Winograd's convolution of 4 by 4 outputs with 3 by 3 weights: a polynomial
// product by its values at 0, 1, -1, 2, -2 and infinity. One dimension of it is
// y = A' ((G w) (B' x)), the products taken number by number.
var (
	winogradX = [][]float64{ // B'
		{4, 0, -5, 0, 1, 0},
		{0, -4, -4, 1, 1, 0},
		{0, 4, -4, -1, 1, 0},
		{0, -2, -1, 2, 1, 0},
		{0, 2, -1, -2, 1, 0},
		{0, 4, 0, -5, 0, 1},
	}
	winogradY = [][]float64{ // A'
		{1, 1, 1, 1, 1, 0},
		{0, 1, -1, 2, -2, 0},
		{0, 1, 1, 4, 4, 0},
		{0, 1, -1, 8, -8, 1},
	}
	winogradW = [][]float64{ // G
		{1. / 4, 0, 0},
		{-1. / 6, -1. / 6, -1. / 6},
		{-1. / 6, 1. / 6, -1. / 6},
		{1. / 24, 1. / 12, 1. / 6},
		{1. / 24, -1. / 12, 1. / 6},
		{0, 0, 1},
	}
)

// transposed is m with rows and columns exchanged.
func transposed(m [][]float64) [][]float64 {
	t := make([][]float64, len(m[0]))
	for j := range t {
		for i := range m {
			t[j] = append(t[j], m[i][j])
		}
	}
	return t
}

// winograd writes the transforms: of x, of y, of w, and their adjoints for the gradient of w.
func winograd(w width) {
	sandwich(w, "patchX", winogradX)
	sandwich(w, "patchY", winogradY)
	sandwich(w, "patchW", winogradW)
	sandwich(w, "patchDY", transposed(winogradY))
	sandwich(w, "patchDW", transposed(winogradW))
}

// sandwich writes m v m' for small matrices v whose elements are vectors: number i*c+j of
// the table in points to the elements (i, j) of n matrices in a row, and so does out. tmp
// is room for the product m v of one matrix.
func sandwich(w width, name string, m [][]float64) {
	f := begin(w, name, "func(n int, in, out **float32, tmp *float32)",
		"multiplies n vectors of small matrices from both sides.")
	n, in, out, tmp := f.arg("n"), f.arg("in"), f.arg("out"), f.arg("tmp")
	rows, cols := len(m), len(m[0])
	for _, r := range m {
		for _, c := range r {
			if a := math.Abs(c); a != 0 && a != 1 {
				f.holdF(float32(a), float32(c))
			}
		}
	}
	at := GP64()
	XORQ(at, at)
	Label(f.label("loop"))
	v := make([]reg.VecVirtual, cols)
	for j := range cols {
		for i := range v {
			p := GP64()
			MOVQ(Mem{Base: in, Disp: 8 * (i*cols + j)}, p)
			v[i] = f.reg()
			VMOVUPS(Mem{Base: p, Index: at, Scale: 1}, v[i])
		}
		for i := range rows {
			VMOVUPS(f.combine(m[i], v), Mem{Base: tmp, Disp: (i*cols + j) * w.bytes()})
		}
	}
	for i := range rows {
		for j := range v {
			v[j] = f.reg()
			VMOVUPS(Mem{Base: tmp, Disp: (i*cols + j) * w.bytes()}, v[j])
		}
		for j := range rows {
			p := GP64()
			MOVQ(Mem{Base: out, Disp: 8 * (i*rows + j)}, p)
			VMOVUPS(f.combine(m[j], v), Mem{Base: p, Index: at, Scale: 1})
		}
	}
	ADDQ(U32(w.bytes()), at)
	DECQ(n)
	JNZ(LabelRef(f.label("loop")))
	f.end()
}

// combine is the sum of c[i] v[i]; terms without a multiplication come first.
func (f *fn) combine(c []float64, v []reg.VecVirtual) reg.VecVirtual {
	var terms []int
	for i := range c {
		if c[i] != 0 {
			terms = append(terms, i)
		}
	}
	rank := func(i int) int { return slices.Index([]float64{1, -1}, c[i]) & 3 }
	slices.SortStableFunc(terms, func(i, j int) int { return rank(i) - rank(j) })
	sum := f.reg()
	for n, i := range terms {
		switch a := math.Abs(c[i]); {
		case n == 0 && c[i] == 1: // no row has -1 and not 1
			VMOVAPS(v[i], sum)
		case n == 0:
			VMULPS(f.k(float32(c[i])), v[i], sum)
		case c[i] == 1:
			VADDPS(v[i], sum, sum)
		case c[i] == -1:
			VSUBPS(v[i], sum, sum)
		case c[i] > 0:
			VFMADD231PS(f.k(float32(a)), v[i], sum)
		default:
			VFNMADD231PS(f.k(float32(a)), v[i], sum)
		}
	}
	return sum
}
