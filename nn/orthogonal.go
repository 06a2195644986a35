package nn

import (
	"github.com/fathom-ml/fathom/tensor"
	"github.com/fathom-ml/fathom/tensor/random"
)

// Orthogonal draws a matrix whose rows, or columns if there are fewer of them, are orthogonal and have the length gain (Saxe,
// McClelland and Ganguli, 2013). Axes after the first are folded into one. All such matrices are equally likely: from normal
// numbers, the orthogonal factor of the decomposition into an orthogonal and a triangular matrix with a positive diagonal. It panics
// on vectors.
func Orthogonal(gain float64) Initialiser {
	return InitFunc(func(path string, w *tensor.Tensor) {
		fans(path, "Orthogonal", w.Shape())
		a := random.Normal(0, 1, w.Dim(0), length(w.Shape()[1:])).AsType(tensor.Float64)
		if wide := a.Dim(0) < a.Dim(1); wide {
			a = orthonormalRows(a)
		} else {
			a = orthonormalRows(a.T().Contiguous()).T()
		}
		w.CopyFrom(a.MulScalar(gain).Reshape(w.Shape()...))
	})
}

// orthonormalRows takes from each row of a, which are no more than its columns, its part along the rows before, and makes its length 1
// (Gram and Schmidt), blocks of rows at a time. Each part is taken away twice, after which nothing of it is left but rounding.
func orthonormalRows(a *tensor.Tensor) *tensor.Tensor {
	const block = 32
	n := a.Dim(0)
	for lo := 0; lo < n; lo += block {
		hi := min(lo+block, n)
		rows := without(a.Slice(tensor.R(lo, hi)), a.Slice(tensor.R(0, lo)))
		for i := range hi - lo {
			row := without(rows.Slice(tensor.R(i, i+1)), rows.Slice(tensor.R(0, i)))
			rows.SetSlice(row.DivScalar(row.Norm().Item()), tensor.R(i, i+1))
		}
		a.SetSlice(rows, tensor.R(lo, hi))
	}
	return a
}

// without is x without its part along the orthonormal rows of q.
func without(x, q *tensor.Tensor) *tensor.Tensor {
	for range 2 {
		x = x.Sub(x.MatMul(q.T()).MatMul(q))
	}
	return x
}
