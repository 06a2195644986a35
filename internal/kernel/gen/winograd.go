package main

import (
	"math"
	"slices"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// The matrices of Winograd's convolution of 3 by 3 outputs with 3 by 3 weights: a product of
// polynomials by its values at a, -a, b, -b and infinity. One dimension of it is
// y = A' ((G w) (B' x)), the inner product number by number. Of simple points these have
// the smallest rounding errors; all of A' and B' is exact.
var (
	winogradX, winogradY, winogradW = winogradMatrices(1./2, 5./4)
)

// winogradMatrices returns B', A' and G. The rows of B' are the coefficients of the
// polynomials that vanish at all points but one, each scaled to lead with 1; G takes the
// scale back.
func winogradMatrices(a, b float64) (x, y, w [][]float64) {
	points := []float64{a, -a, b, -b}
	y = make([][]float64, 3)
	all := []float64{1}
	for i, p := range points {
		poly, value := []float64{1}, 1.
		for j, q := range points {
			if j != i {
				poly, value = timesRoot(poly, q), value*(p-q)
			}
		}
		x = append(x, append(poly, 0))
		w = append(w, []float64{1 / value, p / value, p * p / value})
		for j := range y {
			y[j] = append(y[j], math.Pow(p, float64(j)))
		}
		all = timesRoot(all, p)
	}
	x = append(x, all)
	w = append(w, []float64{0, 0, 1})
	for j := range y {
		y[j] = append(y[j], float64(j/2))
	}
	return x, y, w
}

// timesRoot is the coefficients of p times t - q, the constant first.
func timesRoot(p []float64, q float64) []float64 {
	r := make([]float64, len(p)+1)
	for i, c := range p {
		r[i+1] += c
		r[i] -= q * c
	}
	return r
}

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
// the table in points to the elements (i, j) of n matrices in a row, after shiftIn bytes, and
// so does out. tmp is room for the product m v of one matrix.
func sandwich(w width, name string, m [][]float64) {
	f := begin(w, name, "func(n int, in **float32, shiftIn int, out **float32, shiftOut int, tmp *float32)",
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
	from, to := f.arg("shiftIn"), f.arg("shiftOut")
	Label(f.label("loop"))
	v := make([]reg.VecVirtual, cols)
	for j := range cols {
		for i := range v {
			p := GP64()
			MOVQ(Mem{Base: in, Disp: 8 * (i*cols + j)}, p)
			v[i] = f.reg()
			VMOVUPS(Mem{Base: p, Index: from, Scale: 1}, v[i])
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
			VMOVUPS(f.combine(m[j], v), Mem{Base: p, Index: to, Scale: 1})
		}
	}
	ADDQ(U32(w.bytes()), from)
	ADDQ(U32(w.bytes()), to)
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
