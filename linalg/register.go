package linalg

import "github.com/fathom-ml/fathom/tensor"

// Samples for the generic tests. Random matrices become well conditioned: square ones by a large diagonal, which is not the
// same number everywhere, so that eigenvalues and singular values are distinct.

type operands = []*tensor.Tensor

// spread adds 4, 6, 8, ... to the diagonal.
func spread(x *tensor.Tensor) *tensor.Tensor {
	m, n := x.Dim(-2), x.Dim(-1)
	d := make([]float64, m*n)
	for i := range min(m, n) {
		d[i*n+i] = float64(4 + 2*i)
	}
	return x.Add(tensor.Of(d, m, n))
}

func symmetric(x *tensor.Tensor) *tensor.Tensor { x = spread(x); return x.Add(t(x)) }

// of makes cases of a function of one matrix, prepared, with several right shapes and one wrong.
func of(prepare, f func(x *tensor.Tensor) *tensor.Tensor, wrong []int, shapes ...[]int) []tensor.Case {
	var cs []tensor.Case
	for _, s := range shapes {
		cs = append(cs, tensor.Case{F: func(in operands) *tensor.Tensor { return f(prepare(in[0])) }, In: [][]int{s}})
	}
	return append(cs, tensor.Case{Name: "wrong", F: func(in operands) *tensor.Tensor { return f(in[0]) }, In: [][]int{wrong}, Wrong: true})
}

// joined makes one tensor of several results, so that all gradients are checked.
func joined(ys ...*tensor.Tensor) *tensor.Tensor {
	for i, y := range ys {
		ys[i] = y.Flatten()
	}
	return tensor.Concat(0, ys...)
}

func allQR(x *tensor.Tensor) *tensor.Tensor   { return joined(pair(QR(x))...) }
func allEigH(x *tensor.Tensor) *tensor.Tensor { return joined(pair(EigH(x))...) }
func allSVD(x *tensor.Tensor) *tensor.Tensor  { u, s, vt := SVD(x); return joined(u, s, vt) }
func allLU(x *tensor.Tensor) *tensor.Tensor   { _, l, u := LU(x); return joined(l, u) }
func logDet(x *tensor.Tensor) *tensor.Tensor  { _, y := SlogDet(x); return y }

func pair(a, b *tensor.Tensor) []*tensor.Tensor { return []*tensor.Tensor{a, b} }

func equations(f func(a, b *tensor.Tensor) *tensor.Tensor) []tensor.Case {
	g := func(in operands) *tensor.Tensor { return f(spread(in[0]), in[1]) }
	return []tensor.Case{
		{Name: "vector", F: g, In: [][]int{{3, 3}, {3}}},
		{Name: "matrices", F: g, In: [][]int{{2, 2}, {2, 3}}},
		{Name: "batch", F: g, In: [][]int{{2, 2, 2}, {3, 1, 2, 2}}},
		{Name: "sides", F: g, In: [][]int{{2, 2}, {3, 2, 1}}},
		{Name: "vectors", F: g, In: [][]int{{2, 3, 3}, {2, 3}}},
		{Name: "sizes", F: func(in operands) *tensor.Tensor { return f(in[0], in[1]) }, In: [][]int{{3, 3}, {2, 3}}, Wrong: true},
		{Name: "batches", F: func(in operands) *tensor.Tensor { return f(in[0], in[1]) }, In: [][]int{{2, 3, 3}, {3, 3, 1}}, Wrong: true},
	}
}

var (
	_ = tensor.Register(inv{}, of(spread, Inv, []int{2, 3}, []int{3, 3}, []int{2, 2, 2}, []int{1, 1})...)
	_ = tensor.Register(solve{}, equations(Solve)...)
	_ = tensor.Register(solveTriangular{}, append(equations(func(a, b *tensor.Tensor) *tensor.Tensor { return SolveTriangular(a, b, Lower) }),
		tensor.Case{Name: "unit", F: func(in operands) *tensor.Tensor { return SolveTriangular(in[0], in[1], UnitUpper) }, In: [][]int{{3, 3}, {3, 2}}})...)
	_ = tensor.Register(det{}, of(spread, Det, []int{3}, []int{3, 3}, []int{2, 2, 2})...)
	_ = tensor.RegisterAny(cofactors{}, tensor.Case{F: func(in operands) *tensor.Tensor { return do(cofactors{}, spread(in[0])) }, In: [][]int{{2, 3, 3}}})
	_ = tensor.Register(slogdet{}, of(spread, logDet, []int{2, 3}, []int{3, 3}, []int{2, 2, 2})...)
	_ = tensor.Register(cholesky{}, of(symmetric, Cholesky, []int{2, 3}, []int{3, 3}, []int{2, 2, 2})...)
	_ = tensor.Register(lu{}, of(spread, allLU, []int{3}, []int{3, 3}, []int{2, 2, 3}, []int{4, 2})...)
	_ = tensor.Register(qr{}, append(of(spread, allQR, []int{3}, []int{3, 3}, []int{2, 2, 3}, []int{4, 2}),
		tensor.Case{Name: "full", F: func(in operands) *tensor.Tensor { return joined(pair(QR(spread(in[0]), Full))...) }, In: [][]int{{2, 3}}})...)
	_ = tensor.Register(svd{}, append(of(spread, allSVD, []int{3}, []int{3, 3}, []int{2, 2, 3}, []int{3, 2}),
		tensor.Case{Name: "values", F: func(in operands) *tensor.Tensor { return SVDVals(spread(in[0])) }, In: [][]int{{2, 3}}})...)
	_ = tensor.Register(eigh{}, append(of(symmetric, allEigH, []int{2, 3}, []int{3, 3}, []int{2, 2, 2}),
		tensor.Case{Name: "values", F: func(in operands) *tensor.Tensor { return EigValsH(symmetric(in[0])) }, In: [][]int{{3, 3}}})...)
	_ = tensor.Register(eig{},
		tensor.Case{Name: "wrong", F: func(in operands) *tensor.Tensor { w, _ := Eig(in[0]); return w }, In: [][]int{{2, 3}}, Wrong: true})
	_ = tensor.Register(pinv{}, of(spread, func(x *tensor.Tensor) *tensor.Tensor { return PInv(x) }, []int{3}, []int{3, 3}, []int{2, 2, 3}, []int{4, 2})...)
	_ = tensor.Register(matrixExp{}, of(func(x *tensor.Tensor) *tensor.Tensor { return x.MulScalar(0.5) }, MatrixExp, []int{2, 3}, []int{3, 3}, []int{2, 2, 2})...)
)
