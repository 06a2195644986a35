package linalg

import (
	"math"
	"slices"

	"github.com/fathom-ml/fathom/tensor"
	"gonum.org/v1/gonum/mat"
)

// epsilon is the distance from 1 to the next number of a dtype.
func epsilon(dt tensor.DType) float64 {
	switch dt {
	case tensor.Float64:
		return 0x1p-52
	case tensor.Float16:
		return 0x1p-10
	case tensor.BFloat16:
		return 0x1p-7
	}
	return 0x1p-23
}

// tolerance is the relative size of singular values that count as zero: the first of rtol, or
// epsilon times the longer side.
func tolerance(x *tensor.Tensor, rtol []float64) float64 {
	if len(rtol) > 0 {
		return rtol[0]
	}
	return epsilon(x.DType()) * float64(max(x.Dim(-2), x.Dim(-1)))
}

// count is how many singular values s are larger than rtol times the largest, as int64.
func count(s *tensor.Tensor, rtol float64) *tensor.Tensor {
	if s.Dim(-1) == 0 {
		return s.Sum(-1).AsType(tensor.Int64)
	}
	return s.Gt(s.MaxKeep(-1).MulScalar(rtol)).Sum(-1)
}

// MatrixRank is the number of singular values larger than rtol times the largest, int64. Without rtol it is
// max(m, n) times the dtype's epsilon, as in NumPy and PyTorch. Shape: [..., m, n] -> [...].
func MatrixRank(a *tensor.Tensor, rtol ...float64) *tensor.Tensor {
	check("matrixRank", a)
	return count(SVDVals(wide(a.Detach())), tolerance(a, rtol))
}

// pinv: P = V S⁺ Uᵀ. With the projections Z = 1 - A P and W = 1 - P A,
// dA = -Pᵀ dP Pᵀ + Z dPᵀ P Pᵀ + Pᵀ P dPᵀ W.
type pinv struct{ Rtol float64 }

func (pinv) Name() string { return "pinv" }
func (pinv) Shape(c *tensor.Call) []int {
	batch, m, n := split(c.In(0))
	return with(batch, n, m)
}
func (p pinv) Run(c *tensor.Call) {
	_, m, n := split(c.In(0))
	k := min(m, n)
	each(c, 0, func(in, out [][]float64) string {
		u, s, vt := make([]float64, m*k), make([]float64, k), make([]float64, k*n)
		if msg := factorSVD(in[0], m, n, u, s, vt, k, k); msg != "" || k == 0 {
			return msg
		}
		scaled(u, m, k, func(j int) float64 {
			if s[j] > p.Rtol*s[0] {
				return 1 / s[j]
			}
			return 0
		})
		multiply(out[0], transposed(vt, k, n), transposed(u, m, k), n, k, m)
		return ""
	})
	c.SaveIn(0)
	c.SaveOut()
}
func (pinv) Grad(n *tensor.Node, i int, dy *tensor.Tensor) *tensor.Tensor {
	a, p := n.In(0), n.Out()
	pt, g := t(p), t(dy)
	z := eye(a.Dim(-2), a).Sub(a.MatMul(p))
	w := eye(a.Dim(-1), a).Sub(p.MatMul(a))
	return z.MatMul(g).MatMul(p.MatMul(pt)).Add(pt.MatMul(p).MatMul(g).MatMul(w)).Sub(pt.MatMul(dy).MatMul(pt))
}

func transposed(d []float64, m, n int) []float64 {
	y := make([]float64, len(d))
	for i := range m {
		for j := range n {
			y[j*m+i] = d[i*n+j]
		}
	}
	return y
}

// PInv is the Moore-Penrose pseudoinverse; singular values up to rtol times the largest count as zero, without rtol those
// that [MatrixRank] does not count (PyTorch's default, not NumPy's). The gradient is right where the rank does not change. It
// panics on NaN and Inf. Shape: [..., m, n] -> [..., n, m].
func PInv(a *tensor.Tensor, rtol ...float64) *tensor.Tensor {
	check("pinv", a)
	return do(pinv{tolerance(a, rtol)}, a)
}

// LstSq is the X of least norm that minimizes ‖A X - B‖ (3.1, 18.1), and beside it, as NumPy's lstsq, the sums of squared residuals of
// the columns, the rank of A (int64) and its singular values. b is as in [Solve]. The
// residuals are empty unless all matrices are tall and have full rank. Singular values up to rtol times the largest count as
// zero; without rtol see [MatrixRank]. Only X and the residuals have gradients. It panics on NaN and Inf.
func LstSq(a, b *tensor.Tensor, rtol ...float64) (x, residuals, rank, s *tensor.Tensor) {
	p, q, vector := right("lstSq", a, b)
	p, q = wide(p), wide(q)
	tol := tolerance(a, rtol)
	y := PInv(p, tol).MatMul(q)
	s = SVDVals(wide(a.Detach()))
	rank = count(s, tol)
	residuals = tensor.ZerosOf(a.DType(), 0)
	if m, n := a.Dim(-2), a.Dim(-1); m > n && rank.EqScalar(float64(n)).All() {
		residuals = like(p.MatMul(y).Sub(q).Square().Sum(-2), a)
		if vector {
			residuals = residuals.Squeeze(-1)
		}
	}
	return columns(like(y, a), vector), residuals, rank, like(s, a)
}

// MatrixPower is the n-th power of square matrices by repeated squaring; negative powers are those of the inverse. Shape:
// [..., n, n].
func MatrixPower(a *tensor.Tensor, n int) *tensor.Tensor {
	checkSquare("matrixPower", a)
	x := wide(a)
	if n < 0 {
		x, n = Inv(x), -n
	}
	var y *tensor.Tensor
	for ; n > 0; n >>= 1 {
		if n&1 != 0 && y == nil {
			y = x.Clone()
		} else if n&1 != 0 {
			y = y.MatMul(x)
		}
		if n > 1 {
			x = x.MatMul(x)
		}
	}
	if y == nil {
		y = eye(a.Dim(-1), x).Expand(x.Shape()...).Clone()
	}
	return like(y, a)
}

// matrixExp: the gradient is the upper right block of exp([Aᵀ dY; 0 Aᵀ]).
type matrixExp struct{ single }

func (matrixExp) Name() string { return "matrixExp" }
func (matrixExp) Run(c *tensor.Call) {
	n := c.In(0)[len(c.In(0))-1]
	each(c, 0, func(in, out [][]float64) string {
		if n == 0 {
			return ""
		}
		if !finite(in[0]) {
			fill(out[0], math.NaN())
			return ""
		}
		mat.NewDense(n, n, out[0]).Exp(mat.NewDense(n, n, in[0]))
		return ""
	})
	c.SaveIn(0)
}
func (matrixExp) Grad(n *tensor.Node, i int, dy *tensor.Tensor) *tensor.Tensor {
	at := t(n.In(0))
	k := at.Dim(-1)
	dy = dy.Expand(at.Shape()...)
	block := tensor.Concat(-2, tensor.Concat(-1, at, dy), tensor.Concat(-1, at.New(at.Shape()...), at))
	return MatrixExp(block).Narrow(-2, 0, k).Narrow(-1, k, k)
}

// MatrixExp is the exponential Σ Aᵏ/k! of square matrices; that of one with NaN or Inf is NaN. Shape: [..., n, n].
func MatrixExp(a *tensor.Tensor) *tensor.Tensor {
	checkSquare("matrixExp", a)
	return do(matrixExp{}, a)
}

// MultiDot is the product of two or more matrices, in the order that needs the fewest multiplications. The first may be a
// vector, which is a row, and the last, which is a column; their axes vanish from the result.
func MultiDot(xs ...*tensor.Tensor) *tensor.Tensor {
	if len(xs) < 2 || slices.Contains(xs, nil) {
		tensor.Misuse("multiDot", "wants two or more matrices", "")
	}
	ms, last := slices.Clone(xs), len(xs)-1
	if xs[0].NDim() == 1 {
		ms[0] = xs[0].Unsqueeze(0)
	}
	if xs[last].NDim() == 1 {
		ms[last] = xs[last].Unsqueeze(1)
	}
	size := []int{}
	for i, m := range ms {
		if m.NDim() != 2 || !m.DType().IsFloat() || m.DType() != xs[0].DType() {
			tensor.Misuse("multiDot", "wants matrices of floats of one dtype, and vectors only at the ends", "", xs...)
		}
		if i > 0 && m.Dim(0) != ms[i-1].Dim(1) {
			tensor.Misuse("multiDot", "inner dimensions differ", "did you forget Transpose?", xs...)
		}
		size = append(size, m.Dim(0))
		ms[i] = wide(m)
	}
	size = append(size, ms[last].Dim(1))
	// cost[i][j] is the least for the matrices i to j, which cut[i][j] splits after itself
	cost, cut := make([][]float64, len(ms)), make([][]int, len(ms))
	for i := range ms {
		cost[i], cut[i] = make([]float64, len(ms)), make([]int, len(ms))
	}
	for length := 1; length < len(ms); length++ {
		for i := 0; i+length < len(ms); i++ {
			j := i + length
			cost[i][j] = math.Inf(1)
			for k := i; k < j; k++ {
				if v := cost[i][k] + cost[k+1][j] + float64(size[i])*float64(size[k+1])*float64(size[j+1]); v < cost[i][j] {
					cost[i][j], cut[i][j] = v, k
				}
			}
		}
	}
	var product func(i, j int) *tensor.Tensor
	product = func(i, j int) *tensor.Tensor {
		if i == j {
			return ms[i]
		}
		return product(i, cut[i][j]).MatMul(product(cut[i][j]+1, j))
	}
	y := like(product(0, last), xs[0])
	if xs[last].NDim() == 1 {
		y = y.Squeeze(1)
	}
	if xs[0].NDim() == 1 {
		y = y.Squeeze(0)
	}
	return y
}

// Cross is the cross product of vectors of length 3 along an axis, the last if none is given; the other axes broadcast.
func Cross(x, y *tensor.Tensor, axis ...int) *tensor.Tensor {
	a := -1
	if len(axis) > 0 {
		a = axis[0]
	}
	for _, v := range []*tensor.Tensor{x, y} {
		if v.NDim() == 0 || a >= v.NDim() || a < -v.NDim() || v.Dim(a) != 3 || len(axis) > 1 {
			tensor.Misuse("cross", "wants length 3 along one axis", "", x, y)
		}
	}
	if x.NDim() != y.NDim() && a >= 0 {
		tensor.Misuse("cross", "numbers of axes differ", "count the axis from the end", x, y)
	}
	turn := func(v *tensor.Tensor, k int) *tensor.Tensor {
		return tensor.Concat(a, v.Narrow(a, k, 3-k), v.Narrow(a, 0, k))
	}
	return turn(x, 1).Mul(turn(y, 2)).Sub(turn(x, 2).Mul(turn(y, 1)))
}

// BlockDiag puts matrices on the diagonal of a matrix that is 0 elsewhere; a vector counts as a row.
func BlockDiag(xs ...*tensor.Tensor) *tensor.Tensor {
	rows := make([]*tensor.Tensor, len(xs))
	width, left := 0, 0
	for i, x := range xs {
		if x.NDim() > 2 {
			tensor.Misuse("blockDiag", "wants matrices", "", xs...)
		}
		rows[i] = x.AtLeast2D()
		width += rows[i].Dim(1)
	}
	if len(xs) == 0 {
		tensor.Misuse("blockDiag", "no matrices", "")
	}
	for i, x := range rows {
		right := width - left - x.Dim(1)
		rows[i] = x.Pad(tensor.PadConstant(0), [2]int{left, right})
		left = width - right
	}
	return tensor.Concat(0, rows...)
}
