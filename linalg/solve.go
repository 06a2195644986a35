package linalg

import (
	"math"
	"slices"

	"github.com/fathom-ml/fathom/tensor"
	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas64"
	"gonum.org/v1/gonum/lapack/lapack64"
)

// inv: Y = A⁻¹, dA = -Yᵀ dY Yᵀ. With Inf the inverse of a singular matrix is infinite.
type inv struct {
	single
	Inf bool
}

func (inv) Name() string { return "inv" }
func (p inv) Run(c *tensor.Call) {
	n := c.In(0)[len(c.In(0))-1]
	each(c, 0, func(in, out [][]float64) string {
		if n == 0 {
			return ""
		}
		copy(out[0], in[0])
		y, pivots := matrix(out[0], n, n), make([]int, n)
		if !lapack64.Getrf(y, pivots) || !lapack64.Getri(y, pivots, workspace(n, n), 64*n) {
			if !p.Inf {
				return singular
			}
			fill(out[0], math.Inf(1))
		}
		return ""
	})
	c.SaveOut()
}
func (inv) Grad(n *tensor.Node, i int, dy *tensor.Tensor) *tensor.Tensor {
	y := t(n.Out())
	return y.MatMul(dy).MatMul(y).Neg()
}

// Inv is the inverse of square matrices, A A⁻¹ = I (2.3). It panics if one is singular. Prefer [Solve] to a product
// with the inverse. Shape: [..., n, n].
func Inv(a *tensor.Tensor) *tensor.Tensor {
	checkSquare("inv", a)
	return do(inv{}, a)
}

// solve: X = A⁻¹ B, dB = A⁻ᵀ dX, dA = -dB Xᵀ
type solve struct{ plural }

func (solve) Name() string               { return "solve" }
func (solve) Shape(c *tensor.Call) []int { return c.In(1) }
func (solve) Run(c *tensor.Call) {
	_, n, k := split(c.In(1))
	each(c, 0, func(in, out [][]float64) string {
		if n == 0 {
			return ""
		}
		a, pivots := matrix(slices.Clone(in[0]), n, n), make([]int, n)
		if !lapack64.Getrf(a, pivots) {
			return singular
		}
		if copy(out[0], in[1]); k > 0 {
			lapack64.Getrs(blas.NoTrans, a, matrix(out[0], n, k), pivots)
		}
		return ""
	})
	c.SaveIn(0)
	c.SaveOut()
}
func (solve) GradAll(n *tensor.Node, dys []*tensor.Tensor, want []bool) []*tensor.Tensor {
	db := do(solve{}, t(n.In(0)), dys[0])
	if !want[0] {
		return []*tensor.Tensor{nil, db}
	}
	return []*tensor.Tensor{db.MatMul(t(n.Out())).Neg(), db}
}

// right checks the operands of an equation A X = B and brings them into matching shapes: a vector b becomes a column.
func right(op string, a, b *tensor.Tensor) (x, y *tensor.Tensor, vector bool) {
	check(op, a)
	if b.DType() != a.DType() {
		tensor.Misuse(op, "dtypes differ: "+a.DType().String()+" and "+b.DType().String(), "use AsType", a, b)
	}
	m := a.Dim(-2)
	lead := a.Shape()[:a.NDim()-1]
	vector = b.NDim() == 1 || b.NDim() == a.NDim()-1 && slices.Equal(b.Shape(), lead)
	y = b
	if vector {
		y = b.Unsqueeze(-1)
	}
	if y.NDim() < 2 || y.Dim(-2) != m {
		tensor.Misuse(op, "the right side does not fit the matrix", "its rows must be as many as the matrix's", a, b)
	}
	x, y = stretch(op, a, y)
	return x, y, vector
}

// Solve is X in A X = B for square A (NumPy's and PyTorch's linalg.solve). b is a vector [n], a batch of vectors whose
// shape is a's without the last axis, or matrices [..., n, k]; batches broadcast. It panics if a matrix is singular.
func Solve(a, b *tensor.Tensor) *tensor.Tensor {
	if check("solve", a); a.Dim(-1) != a.Dim(-2) {
		tensor.Misuse("solve", "the matrix is not square", "LstSq solves in the sense of least squares", a, b)
	}
	return equation("solve", solve{}, a, b)
}

// equation runs an operation that solves A X = B. One matrix is factored once for a batch of right sides, which become
// columns of one.
func equation(name string, op tensor.Op, a, b *tensor.Tensor) *tensor.Tensor {
	x, y, vector := right(name, a, b)
	if a.NDim() > 2 || y.NDim() == 2 {
		return columns(do(op, x, y), vector)
	}
	batch, n, k := split(y.Shape())
	entries := 1
	for _, d := range batch {
		entries *= d
	}
	flat := y.Reshape(entries, n, k).Transpose(1, 0, 2)
	z := do(op, a, flat.Reshape(n, entries*k)).Reshape(flat.Shape()...).Transpose(1, 0, 2)
	return columns(z.Reshape(with(batch, n, k)...), vector)
}

// columns takes the axis of a vector's column away again.
func columns(x *tensor.Tensor, vector bool) *tensor.Tensor {
	if vector {
		return x.Squeeze(-1)
	}
	return x
}

// Triangle says which part of a matrix counts; Unit triangles have ones on the diagonal, whatever the matrix says.
type Triangle uint8

// The triangles.
const (
	Lower Triangle = iota
	Upper
	UnitLower
	UnitUpper
)

func (p Triangle) transposed() Triangle { return p ^ 1 }
func (p Triangle) unit() bool           { return p >= UnitLower }
func (p Triangle) upper() bool          { return p&1 != 0 }
func (p Triangle) has(i, j int) bool {
	return i == j && !p.unit() || i < j && p.upper() || i > j && !p.upper()
}

// solveTriangular: solve with a triangular matrix, whose gradient is triangular
type solveTriangular struct {
	plural
	Part Triangle
}

func (solveTriangular) Name() string               { return "solveTriangular" }
func (solveTriangular) Shape(c *tensor.Call) []int { return c.In(1) }
func (p solveTriangular) Run(c *tensor.Call) {
	_, n, k := split(c.In(1))
	a := blas64.Triangular{Uplo: blas.Lower, Diag: blas.NonUnit, N: n, Stride: max(n, 1)}
	if p.Part.upper() {
		a.Uplo = blas.Upper
	}
	if p.Part.unit() {
		a.Diag = blas.Unit
	}
	each(c, 0, func(in, out [][]float64) string {
		a := a
		a.Data = in[0]
		if copy(out[0], in[1]); n > 0 && !lapack64.Trtrs(blas.NoTrans, a, matrix(out[0], n, k)) {
			return singular
		}
		return ""
	})
	c.SaveIn(0)
	c.SaveOut()
}
func (p solveTriangular) GradAll(n *tensor.Node, dys []*tensor.Tensor, want []bool) []*tensor.Tensor {
	db := do(solveTriangular{Part: p.Part.transposed()}, t(n.In(0)), dys[0])
	if !want[0] {
		return []*tensor.Tensor{nil, db}
	}
	return []*tensor.Tensor{keep(db.MatMul(t(n.Out())).Neg(), p.Part.has), db}
}

// SolveTriangular is X in A X = B where only the named triangle of the square matrix A counts. b is as in [Solve].
// It panics if a diagonal has a zero.
func SolveTriangular(a, b *tensor.Tensor, part Triangle) *tensor.Tensor {
	if check("solveTriangular", a); a.Dim(-1) != a.Dim(-2) {
		tensor.Misuse("solveTriangular", "the matrix is not square", "", a, b)
	}
	return equation("solveTriangular", solveTriangular{Part: part}, a, b)
}

// over is X A⁻ᵀ for a triangular A.
func over(x, a *tensor.Tensor, part Triangle) *tensor.Tensor {
	return t(SolveTriangular(a, t(x), part))
}

// scalars is the shape rule of a number a matrix.
type scalars struct{}

func (scalars) Shape(c *tensor.Call) []int { return c.In(0)[:len(c.In(0))-2] }

// determinant is that of a matrix, which it overwrites: the product of the pivots and of the signs of the row exchanges.
// visit gets the factors one by one.
func determinant(d []float64, n int, visit func(v float64)) {
	if n == 0 {
		return
	}
	pivots := make([]int, n)
	lapack64.Getrf(matrix(d, n, n), pivots)
	for i, p := range pivots {
		if v := d[i*n+i]; p != i {
			visit(-v)
		} else {
			visit(v)
		}
	}
}

// det; its gradient is the matrix of cofactors, which a singular matrix has too.
type det struct{ scalars }

func (det) Name() string { return "det" }
func (det) Run(c *tensor.Call) {
	n := c.In(0)[len(c.In(0))-1]
	each(c, 0, func(in, out [][]float64) string {
		out[0][0] = product(in[0], n)
		return ""
	})
	c.SaveIn(0)
}
func (det) Grad(n *tensor.Node, i int, dy *tensor.Tensor) *tensor.Tensor {
	return column(dy).Mul(do(cofactors{}, n.In(0)))
}

func product(a []float64, n int) float64 {
	y := 1.0
	determinant(slices.Clone(a), n, func(v float64) { y *= v })
	return y
}

// Det is the determinant of square matrices; of one without rows it is 1 (18.1). Its second derivative wants matrices that are
// not singular. Shape: [..., n, n] -> [...].
func Det(a *tensor.Tensor) *tensor.Tensor {
	checkSquare("det", a)
	return do(det{}, a)
}

// cofactors: C = U cof(S) Vᵀ det(U) det(V) from the singular value decomposition, where a cofactor of the
// diagonal S is the product of the other values. dA = det(A) (tr(Zᵀ G) Z - Z Gᵀ Z) with Z = A⁻ᵀ.
type cofactors struct{ single }

func (cofactors) Name() string { return "cofactors" }
func (cofactors) Run(c *tensor.Call) {
	n := c.In(0)[len(c.In(0))-1]
	each(c, 0, func(in, out [][]float64) string {
		u, s, vt := make([]float64, n*n), make([]float64, n), make([]float64, n*n)
		if msg := factorSVD(in[0], n, n, u, s, vt, n, n); msg != "" {
			return msg
		}
		sign := product(u, n) * product(vt, n)
		scaled(u, n, n, func(j int) float64 {
			v := sign
			for i, w := range s {
				if i != j {
					v *= w
				}
			}
			return v
		})
		multiply(out[0], u, vt, n, n, n)
		return ""
	})
	c.SaveIn(0)
}
func (cofactors) Grad(n *tensor.Node, i int, g *tensor.Tensor) *tensor.Tensor {
	a := n.In(0)
	z := t(Inv(a))
	trace := column(z.Mul(g).Sum(-1, -2))
	return column(Det(a)).Mul(trace.Mul(z).Sub(z.MatMul(t(g)).MatMul(z)))
}

// slogdet: the sign has no gradient, that of log|det A| is A⁻ᵀ.
type slogdet struct{ plural }

func (slogdet) Name() string { return "slogDet" }
func (slogdet) Shapes(c *tensor.Call) [][]int {
	batch, _, _ := split(c.In(0))
	return [][]int{batch, batch}
}
func (slogdet) Run(c *tensor.Call) {
	n := c.In(0)[len(c.In(0))-1]
	each(c, 2, func(in, out [][]float64) string {
		sign, log := &out[0][0], &out[1][0]
		*sign = 1
		determinant(slices.Clone(in[0]), n, func(v float64) { *sign *= signOf(v); *log += math.Log(math.Abs(v)) })
		return ""
	})
	c.SaveIn(0)
}
func (slogdet) GradAll(n *tensor.Node, dys []*tensor.Tensor, want []bool) []*tensor.Tensor {
	if dys[1] == nil {
		return []*tensor.Tensor{nil}
	}
	return []*tensor.Tensor{column(dys[1]).Mul(t(Inv(n.In(0))))}
}

// SlogDet is the sign of the determinant of square matrices (1, -1, or 0) and the logarithm of its absolute value, where
// the determinant itself would be too large or too small (18.1). Of a singular matrix they are 0 and -Inf, and there is
// no gradient. Shapes: [..., n, n] -> [...], [...].
func SlogDet(a *tensor.Tensor) (sign, logAbsDet *tensor.Tensor) {
	checkSquare("slogDet", a)
	ys := doN(slogdet{}, a)
	return ys[0].Detach(), ys[1]
}

// cholesky: A = L Lᵀ. With Φ halving the diagonal of the lower triangle, dA is the symmetric part of
// L⁻ᵀ Φ(Lᵀ dL) L⁻¹.
type cholesky struct{ single }

func (cholesky) Name() string { return "cholesky" }
func (cholesky) Run(c *tensor.Call) {
	n := c.In(0)[len(c.In(0))-1]
	each(c, 0, func(in, out [][]float64) string {
		l := out[0]
		for i := range n {
			copy(l[i*n:i*n+i+1], in[0][i*n:])
		}
		if _, ok := lapack64.Potrf(blas64.Symmetric{Uplo: blas.Lower, N: n, Stride: max(n, 1), Data: l}); !ok {
			return "the matrix is not positive definite"
		}
		return ""
	})
	c.SaveOut()
}
func (cholesky) Grad(n *tensor.Node, i int, dy *tensor.Tensor) *tensor.Tensor {
	l := n.Out()
	phi := t(l).MatMul(dy)
	phi = keep(phi, lower).Sub(keep(phi, onDiagonal).MulScalar(0.5))
	x := over(SolveTriangular(t(l), phi, Upper), t(l), Upper)
	return x.Add(t(x)).MulScalar(0.5)
}

// Cholesky is the lower triangle L with A = L Lᵀ of symmetric positive definite matrices, of which only the lower triangle
// is read. The gradient is symmetric. It panics if a matrix is not positive definite. Shape: [..., n, n].
func Cholesky(a *tensor.Tensor) *tensor.Tensor {
	checkSquare("cholesky", a)
	return do(cholesky{}, a)
}

// CholeskySolve is X in A X = B with the factor of A that [Cholesky] returned, A = L Lᵀ. b is as in [Solve].
func CholeskySolve(b, l *tensor.Tensor) *tensor.Tensor {
	checkSquare("choleskySolve", l)
	a, x, vector := right("choleskySolve", l, b)
	a = wide(a)
	y := SolveTriangular(t(a), SolveTriangular(a, wide(x), Lower), Upper)
	return like(columns(y, vector), b)
}

// lu: A = P L U. With A = [A1 A2] wide, U2 = L⁻¹ Pᵀ A2; with [A1; A2] = Pᵀ A tall, L2 = A2 U⁻¹: their gradients come first
// and add to those of the square factors, whose rule is dA = P L⁻ᵀ (tril₋₁(Lᵀ dL) + triu(dU Uᵀ)) U⁻ᵀ.
type lu struct{ plural }

func (lu) Name() string { return "lu" }
func (lu) Shapes(c *tensor.Call) [][]int {
	batch, m, n := split(c.In(0))
	return [][]int{with(batch, m, m), with(batch, m, min(m, n)), with(batch, min(m, n), n)}
}
func (lu) Run(c *tensor.Call) {
	_, m, n := split(c.In(0))
	k := min(m, n)
	each(c, 3, func(in, out [][]float64) string {
		a, pivots, order := slices.Clone(in[0]), make([]int, k), make([]int, m)
		if k > 0 {
			lapack64.Getrf(matrix(a, m, n), pivots)
		}
		for i := range order {
			order[i] = i
		}
		for i, p := range pivots {
			order[i], order[p] = order[p], order[i]
		}
		for i, from := range order {
			out[0][from*m+i] = 1
			for j := range n {
				switch v := a[i*n+j]; {
				case i > j:
					out[1][i*k+j] = v
				case i < k:
					out[2][i*n+j] = v
				}
			}
			if i < k {
				out[1][i*k+i] = 1
			}
		}
		return ""
	})
	c.SaveOuts()
}
func (lu) GradAll(node *tensor.Node, dys []*tensor.Tensor, want []bool) []*tensor.Tensor {
	p, l, u := node.OutN(0), node.OutN(1), node.OutN(2)
	dl, du := orZero(dys[1], l), orZero(dys[2], u)
	m, n := l.Dim(-2), u.Dim(-1)
	k := min(m, n)
	l1, u1, dl1, du1 := l.Narrow(-2, 0, k), u.Narrow(-1, 0, k), dl.Narrow(-2, 0, k), du.Narrow(-1, 0, k)
	var rest *tensor.Tensor
	switch {
	case n > k:
		rest = SolveTriangular(t(l), du.Narrow(-1, k, n-k), UnitUpper)
		dl1 = dl1.Sub(rest.MatMul(t(u.Narrow(-1, k, n-k))))
	case m > k:
		rest = over(dl.Narrow(-2, k, m-k), u1, Upper)
		du1 = du1.Sub(t(l.Narrow(-2, k, m-k)).MatMul(rest))
	}
	x := keep(t(l1).MatMul(dl1), strictLower).Add(keep(du1.MatMul(t(u1)), upper))
	x = over(SolveTriangular(t(l1), x, UnitUpper), u1, Upper)
	switch {
	case n > k:
		x = tensor.Concat(-1, x, rest)
	case m > k:
		x = tensor.Concat(-2, x, rest)
	}
	return []*tensor.Tensor{p.MatMul(x)}
}

// LU is the factorization A = P L U with partial pivoting: P a permutation, L lower with a unit diagonal, U upper. The
// gradient wants a U that is not singular. Shapes with k = min(m, n): [..., m, n] -> [..., m, m], [..., m, k], [..., k, n].
func LU(a *tensor.Tensor) (p, l, u *tensor.Tensor) {
	check("lu", a)
	ys := doN(lu{}, a)
	return ys[0].Detach(), ys[1], ys[2]
}
