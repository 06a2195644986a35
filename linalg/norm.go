package linalg

import (
	"math"

	"github.com/fathom-ml/fathom/tensor"
)

// VectorNorm is the norm of order ord over the given axes, or over all elements, which vanish (2.3):
//
//	ord          norm
//	2            √Σx²
//	p            (Σ|x|ᵖ)^(1/p)
//	+Inf, -Inf   max |x|, min |x|
//	0            the number of elements that are not 0
//
// The gradient at zero is zero. Complex numbers count with their absolute values, without gradients. It panics on integers.
func VectorNorm(x *tensor.Tensor, ord float64, axes ...int) *tensor.Tensor {
	return vectorNorm("vectorNorm", x, ord, axes, false)
}

// VectorNormKeep is VectorNorm with the axes kept at length 1.
func VectorNormKeep(x *tensor.Tensor, ord float64, axes ...int) *tensor.Tensor {
	return vectorNorm("vectorNorm", x, ord, axes, true)
}

// Norm is the L2 norm over the given axes, or over all: VectorNorm(x, 2, axes...). Over two axes it is the Frobenius
// norm of the matrices (2.3).
func Norm(x *tensor.Tensor, axes ...int) *tensor.Tensor {
	return vectorNorm("norm", x, 2, axes, false)
}

func vectorNorm(op string, x *tensor.Tensor, ord float64, axes []int, keep bool) *tensor.Tensor {
	if x.DType().IsComplex() {
		x = x.Abs()
	}
	if !x.DType().IsFloat() {
		tensor.Misuse(op, "wants floats, got "+x.DType().String(), "use AsType(tensor.Float32)", x)
	}
	if math.IsNaN(ord) {
		tensor.Misuse(op, "the order is NaN", "", x)
	}
	for _, a := range axes {
		if a < -x.NDim() || a >= x.NDim() {
			tensor.Misuse(op, "an axis is out of range", "negative axes count from the end", x)
		}
	}
	w := wide(x)
	if keep {
		return like(w.NormPKeep(ord, axes...), x)
	}
	return like(w.NormP(ord, axes...), x)
}

// Ord names a norm of matrices.
type Ord string

// The norms of matrices. One and Inf take the largest sum of absolute values of a column and of a row, Two the largest
// singular value, and their negatives the least; Nuc is the sum of the singular values.
const (
	Fro    Ord = "fro"
	Nuc    Ord = "nuc"
	One    Ord = "1"
	NegOne Ord = "-1"
	Two    Ord = "2"
	NegTwo Ord = "-2"
	Inf    Ord = "inf"
	NegInf Ord = "-inf"
)

// MatrixNorm is a norm of matrices. Shape: [..., m, n] -> [...].
func MatrixNorm(a *tensor.Tensor, ord Ord) *tensor.Tensor {
	check("matrixNorm", a)
	x := wide(a)
	values := func() *tensor.Tensor { return SVDVals(x) }
	switch ord {
	case Fro:
		x = vectorNorm("matrixNorm", x, 2, []int{-2, -1}, false)
	case Nuc:
		x = values().Sum(-1)
	case One:
		x = x.Abs().Sum(-2).Max(-1)
	case NegOne:
		x = x.Abs().Sum(-2).Min(-1)
	case Inf:
		x = x.Abs().Sum(-1).Max(-1)
	case NegInf:
		x = x.Abs().Sum(-1).Min(-1)
	case Two:
		x = values().Max(-1)
	case NegTwo:
		x = values().Min(-1)
	default:
		tensor.Misuse("matrixNorm", "no norm of matrices is called "+string(ord), "", a)
	}
	return like(x, a)
}

// MatrixNormKeep is MatrixNorm with the two axes kept at length 1.
func MatrixNormKeep(a *tensor.Tensor, ord Ord) *tensor.Tensor { return column(MatrixNorm(a, ord)) }

// Cond is the condition number ‖A‖ ‖A⁻¹‖ in a norm; in Two, the usual one, the ratio of the largest and the least singular
// value, also for matrices that are not square. That of a singular matrix is Inf. Shape: [..., m, n] -> [...].
func Cond(a *tensor.Tensor, ord Ord) *tensor.Tensor {
	if ord != Two && ord != NegTwo {
		checkSquare("cond", a)
	}
	check("cond", a)
	x := wide(a)
	var y *tensor.Tensor
	switch ord {
	case Two:
		s := SVDVals(x)
		y = s.Max(-1).Div(s.Min(-1))
	case NegTwo:
		s := SVDVals(x)
		y = s.Min(-1).Div(s.Max(-1))
	case Fro, Nuc: // of the singular values and their reciprocals
		s, p := SVDVals(x), 2.0
		if ord == Nuc {
			p = 1
		}
		y = VectorNorm(s, p, -1).Mul(VectorNorm(s.Reciprocal(), p, -1))
	default:
		y = MatrixNorm(x, ord).Mul(MatrixNorm(tensor.Do(inv{Inf: true}, x), ord))
	}
	return like(y, a)
}

// CDist holds the distances between the rows of two matrices in the norm of order p (see [tensor.Tensor.NormP]). The axes before the
// matrices broadcast. Shapes: [..., n, d], [..., m, d] -> [..., n, m]. The gradient is zero where rows are equal.
func CDist(x, y *tensor.Tensor, p float64) *tensor.Tensor {
	if x.NDim() < 2 || y.NDim() < 2 || x.Dim(-1) != y.Dim(-1) {
		tensor.Misuse("cDist", "wants matrices with rows of equal length", "", x, y)
	}
	return x.Unsqueeze(-2).Sub(y.Unsqueeze(-3)).NormP(p, -1)
}
