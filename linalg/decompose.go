package linalg

import (
	"math"
	"slices"

	"github.com/fathom-ml/fathom/tensor"
	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas64"
	"gonum.org/v1/gonum/lapack"
	"gonum.org/v1/gonum/lapack/lapack64"
)

// Mode changes what QR and SVD return.
type Mode uint8

// Full asks for square orthogonal factors.
const Full Mode = 1

func isFull(modes []Mode) bool { return slices.Contains(modes, Full) }

// qr: A = Q R. With A = [A1 A2] wide, R2 = Qᵀ A2, whose gradients come first; the rule of the others is
// dA = (dQ + Q M) R⁻ᵀ, M symmetric with the lower triangle of R dRᵀ - dQᵀ Q.
type qr struct {
	plural
	Full bool
}

func (qr) Name() string { return "qr" }
func (p qr) Shapes(c *tensor.Call) [][]int {
	batch, m, n := split(c.In(0))
	k := p.width(m, n)
	return [][]int{with(batch, m, k), with(batch, k, n)}
}
func (p qr) width(m, n int) int {
	if p.Full {
		return m
	}
	return min(m, n)
}
func (p qr) Run(c *tensor.Call) {
	_, m, n := split(c.In(0))
	k, r := p.width(m, n), min(m, n)
	each(c, 2, func(in, out [][]float64) string {
		if r == 0 {
			identity(out[0], k)
			return ""
		}
		a, tau, work := slices.Clone(in[0]), make([]float64, r), workspace(m, n)
		lapack64.Geqrf(matrix(a, m, n), tau, work, len(work))
		for i := range m {
			copy(out[0][i*k:i*k+r], a[i*n:])
			if i < k && i < n {
				copy(out[1][i*n+i:(i+1)*n], a[i*n+i:])
			}
		}
		lapack64.Orgqr(matrix(out[0], m, k), tau, work, len(work))
		return ""
	})
	c.SaveOuts()
}
func (p qr) GradAll(node *tensor.Node, dys []*tensor.Tensor, want []bool) []*tensor.Tensor {
	q, r := node.OutN(0), node.OutN(1)
	m, n := q.Dim(-2), r.Dim(-1)
	if p.Full && m > n {
		tensor.Misuse("qr", "full factors of a tall matrix have no gradient: some columns of Q are arbitrary", "use QR without Full", q, r)
	}
	dq, dr := orZero(dys[0], q), orZero(dys[1], r)
	var rest *tensor.Tensor
	if m < n {
		r2, dr2 := r.Narrow(-1, m, n-m), dr.Narrow(-1, m, n-m)
		rest = q.MatMul(dr2)
		dq = dq.Add(q.MatMul(r2).MatMul(t(dr2))) // A2 = Q R2
		r, dr = r.Narrow(-1, 0, m), dr.Narrow(-1, 0, m)
	}
	x := r.MatMul(t(dr)).Sub(t(dq).MatMul(q))
	x = keep(x, lower).Add(t(keep(x, strictLower)))
	x = over(dq.Add(q.MatMul(x)), r, Upper)
	if rest != nil {
		x = tensor.Concat(-1, x, rest)
	}
	return []*tensor.Tensor{x}
}

// QR is the factorization A = Q R with orthonormal columns of Q and upper triangular R; signs are LAPACK's. Shapes with
// k = min(m, n): [..., m, n] -> [..., m, k], [..., k, n]; with [Full] (NumPy's mode "complete") k = m. The gradient wants
// the first k columns of A to be independent, and there is none for full factors of tall matrices.
func QR(a *tensor.Tensor, modes ...Mode) (q, r *tensor.Tensor) {
	check("qr", a)
	ys := doN(qr{Full: isFull(modes)}, a)
	return ys[0], ys[1]
}

// svd: A = U S Vᵀ. With E the differences sⱼ² - sᵢ² (1 on the diagonal) and skew(X) = X - Xᵀ,
// dA = U [(skew(Uᵀ dU)/E) S + S (skew(Vᵀ dV)/E) + dS] Vᵀ + (1 - U Uᵀ) dU S⁻¹ Vᵀ + U S⁻¹ dVᵀ (1 - V Vᵀ).
type svd struct {
	plural
	Full   bool
	Values bool // no vectors
}

func (svd) Name() string { return "svd" }
func (p svd) widths(m, n int) (u, v int) {
	switch {
	case p.Values:
		return 0, 0
	case p.Full:
		return m, n
	}
	return min(m, n), min(m, n)
}
func (p svd) Shapes(c *tensor.Call) [][]int {
	batch, m, n := split(c.In(0))
	u, v := p.widths(m, n)
	return [][]int{with(batch, m, u), with(batch, min(m, n)), with(batch, v, n)}
}
func (p svd) Run(c *tensor.Call) {
	_, m, n := split(c.In(0))
	ku, kv := p.widths(m, n)
	each(c, 3, func(in, out [][]float64) string {
		return factorSVD(in[0], m, n, out[0], out[1], out[2], ku, kv)
	})
	c.SaveOuts()
}

// factorSVD computes ku columns of U and kv rows of Vᵀ: none, min(m, n), or all.
func factorSVD(a []float64, m, n int, u, s, vt []float64, ku, kv int) string {
	if m == 0 || n == 0 {
		identity(u, ku)
		identity(vt, kv)
		return ""
	}
	if !finite(a) {
		return notFinite
	}
	job := func(k, all int) lapack.SVDJob {
		switch k {
		case 0:
			return lapack.SVDNone
		case all:
			return lapack.SVDAll
		}
		return lapack.SVDStore
	}
	work := workspace(m, n)
	if !lapack64.Gesvd(job(ku, m), job(kv, n), matrix(slices.Clone(a), m, n), matrix(u, m, ku), matrix(vt, kv, n), s, work, len(work)) {
		return diverged
	}
	return ""
}

func (p svd) GradAll(node *tensor.Node, dys []*tensor.Tensor, want []bool) []*tensor.Tensor {
	u, s, vt := node.OutN(0), node.OutN(1), node.OutN(2)
	m, n, k := u.Dim(-2), vt.Dim(-1), s.Dim(-1)
	if p.Full && m != n {
		if m > n && dys[0] != nil || m < n && dys[2] != nil {
			tensor.Misuse("svd", "full factors have no gradient: some vectors are arbitrary", "use SVD without Full", u, vt)
		}
		u, vt = u.Narrow(-1, 0, k), vt.Narrow(-2, 0, k)
		dys = slices.Clone(dys)
		if dys[0] != nil {
			dys[0] = dys[0].Narrow(-1, 0, k)
		}
		if dys[2] != nil {
			dys[2] = dys[2].Narrow(-2, 0, k)
		}
	}
	v := t(vt)
	row, col := s.Unsqueeze(-2), s.Unsqueeze(-1)
	e := row.Square().Sub(col.Square()).Add(eye(k, s))
	skew := func(x *tensor.Tensor) *tensor.Tensor { return x.Sub(t(x)).Div(e) }
	inner := eye(k, s).Mul(orZero(dys[1], s).Unsqueeze(-1))
	var sides *tensor.Tensor
	if du := dys[0]; du != nil {
		x := t(u).MatMul(du)
		inner = inner.Add(skew(x).Mul(row))
		if m > k {
			sides = du.Sub(u.MatMul(x)).Div(row).MatMul(vt)
		}
	}
	if dys[2] != nil {
		dv := t(dys[2])
		x := vt.MatMul(dv)
		inner = inner.Add(skew(x).Mul(col))
		if n > k {
			sides = u.MatMul(t(dv.Sub(v.MatMul(x)).Div(row)))
		}
	}
	g := u.MatMul(inner).MatMul(vt)
	if sides != nil {
		g = g.Add(sides)
	}
	return []*tensor.Tensor{g}
}

// SVD is the singular value decomposition A = U diag(s) Vᵀ, the values in descending order; the third result is Vᵀ, as in
// NumPy and PyTorch. Shapes with k = min(m, n): [..., m, n] -> [..., m, k], [..., k], [..., k, n]; with [Full]
// (NumPy's default) U is [..., m, m] and Vᵀ [..., n, n]. The gradient through the vectors wants distinct values, and not 0
// ones; there is none through those vectors that only Full returns. It panics on NaN and Inf.
func SVD(a *tensor.Tensor, modes ...Mode) (u, s, vt *tensor.Tensor) {
	check("svd", a)
	ys := doN(svd{Full: isFull(modes)}, a)
	return ys[0], ys[1], ys[2]
}

// SVDVals is the singular values alone, in descending order. Shape: [..., m, n] -> [..., min(m, n)].
func SVDVals(a *tensor.Tensor) *tensor.Tensor {
	check("svd", a)
	return doN(svd{Values: !a.Recorded()}, a)[1]
}

// eigh: A = V L Vᵀ. With E the differences λⱼ - λᵢ, dA = V [(skew part of Vᵀ dV)/E + dL] Vᵀ.
type eigh struct {
	plural
	Values bool // no vectors
}

func (eigh) Name() string { return "eigh" }
func (p eigh) Shapes(c *tensor.Call) [][]int {
	batch, n, _ := split(c.In(0))
	if p.Values {
		return [][]int{with(batch, n), with(batch, n, 0)}
	}
	return [][]int{with(batch, n), with(batch, n, n)}
}
func (p eigh) Run(c *tensor.Call) {
	n := c.In(0)[len(c.In(0))-1]
	each(c, 2, func(in, out [][]float64) string {
		job, v := lapack.EVCompute, out[1]
		if p.Values {
			job, v = lapack.EVNone, make([]float64, n*n)
		}
		for i := range n {
			copy(v[i*n:i*n+i+1], in[0][i*n:])
		}
		if !finite(v) {
			return notFinite
		}
		work := workspace(n, n)
		if n > 0 && !lapack64.Syev(job, blas64.Symmetric{Uplo: blas.Lower, N: n, Stride: n, Data: v}, out[0], work, len(work)) {
			return diverged
		}
		return ""
	})
	c.SaveOuts()
}
func (eigh) GradAll(node *tensor.Node, dys []*tensor.Tensor, want []bool) []*tensor.Tensor {
	w, v := node.OutN(0), node.OutN(1)
	one := eye(w.Dim(-1), w)
	inner := one.Mul(orZero(dys[0], w).Unsqueeze(-1))
	if dys[1] != nil {
		e := w.Unsqueeze(-2).Sub(w.Unsqueeze(-1)).Add(one)
		x := t(v).MatMul(dys[1])
		x = x.Sub(t(x)).MulScalar(0.5)
		inner = inner.Add(keep(x.Div(e), func(i, j int) bool { return i != j }))
	}
	return []*tensor.Tensor{v.MatMul(inner).MatMul(t(v))}
}

// EigH is the eigenvalues of symmetric matrices in ascending order and their orthonormal eigenvectors, in columns:
// A V = V diag(w) (18.2). Only the lower triangle is read; the gradient is symmetric,
// and wants distinct values for that through the vectors. It panics on NaN and Inf. Shapes: [..., n, n] -> [..., n], [..., n, n].
func EigH(a *tensor.Tensor) (w, v *tensor.Tensor) {
	checkSquare("eigh", a)
	ys := doN(eigh{}, a)
	return ys[0], ys[1]
}

// EigValsH is the eigenvalues of [EigH] alone.
func EigValsH(a *tensor.Tensor) *tensor.Tensor {
	checkSquare("eigh", a)
	return doN(eigh{Values: !a.Recorded()}, a)[0]
}

// eig: complex values and vectors
type eig struct {
	plural
	Values bool // no vectors
}

func (eig) Name() string { return "eig" }
func (p eig) Shapes(c *tensor.Call) [][]int {
	batch, n, _ := split(c.In(0))
	if p.Values {
		return [][]int{with(batch, n), with(batch, n, 0)}
	}
	return [][]int{with(batch, n), with(batch, n, n)}
}
func (eig) ResultTypes(*tensor.Call) []tensor.DType {
	return []tensor.DType{tensor.Complex128, tensor.Complex128}
}
func (p eig) Run(c *tensor.Call) {
	n := c.In(0)[len(c.In(0))-1]
	each(c, 2, func(in, out [][]float64) string {
		if n == 0 {
			return ""
		}
		if !finite(in[0]) {
			return notFinite
		}
		job, v, work := lapack.RightEVCompute, make([]float64, n*n), workspace(n, n)
		if p.Values {
			job = lapack.RightEVNone
		}
		re, im := make([]float64, n), make([]float64, n)
		if lapack64.Geev(lapack.LeftEVNone, job, matrix(slices.Clone(in[0]), n, n), re, im, blas64.General{}, matrix(v, n, n), work, len(work)) != 0 {
			return diverged
		}
		for i := range n {
			out[0][2*i], out[0][2*i+1] = re[i], im[i]
		}
		for i := 0; !p.Values && i < n; i++ {
			row, z := v[i*n:], out[1][2*i*n:]
			for j := 0; j < n; j++ {
				if z[2*j] = row[j]; im[j] != 0 { // a pair of conjugates
					z[2*j+1], z[2*j+2], z[2*j+3] = row[j+1], row[j], -row[j+1]
					j++
				}
			}
		}
		return ""
	})
}
func (eig) GradAll(*tensor.Node, []*tensor.Tensor, []bool) []*tensor.Tensor { return nil }

func eigen(op string, a *tensor.Tensor, values bool) (w, v *tensor.Tensor) {
	checkSquare(op, a)
	if a.Recorded() {
		tensor.Misuse(op, "has no gradient: the results are complex", "Detach the operand; EigH differentiates for symmetric matrices", a)
	}
	ys := tensor.DoN(eig{Values: values}, wide(a))
	if a.DType() == tensor.Float64 {
		return ys[0], ys[1]
	}
	return ys[0].AsType(tensor.Complex64), ys[1].AsType(tensor.Complex64)
}

// Eig is the eigenvalues of square matrices in LAPACK's order and their eigenvectors of length 1, in columns:
// A V = V diag(w) (18.2). Both are complex, as in PyTorch, also where all are real: complex128 for float64, else complex64. There is
// no gradient: a recorded operand panics. It panics on NaN and Inf. Shapes: [..., n, n] -> [..., n], [..., n, n].
func Eig(a *tensor.Tensor) (w, v *tensor.Tensor) { return eigen("eig", a, false) }

// EigVals is the eigenvalues of [Eig] alone.
func EigVals(a *tensor.Tensor) *tensor.Tensor {
	w, _ := eigen("eigVals", a, true)
	return w
}

// scaled multiplies column j of an m x n matrix by f(j).
func scaled(d []float64, m, n int, f func(j int) float64) {
	for j := range n {
		v := f(j)
		for i := range m {
			d[i*n+j] *= v
		}
	}
}

// multiply is y = a b for matrices m x k and k x n.
func multiply(y, a, b []float64, m, k, n int) {
	if m*k*n > 0 {
		blas64.Gemm(blas.NoTrans, blas.NoTrans, 1, matrix(a, m, k), matrix(b, k, n), 0, matrix(y, m, n))
	}
}

func fill(d []float64, v float64) {
	for i := range d {
		d[i] = v
	}
}

// signOf is -1, 0, 1 or NaN.
func signOf(v float64) float64 {
	if v == 0 || math.IsNaN(v) {
		return v
	}
	return math.Copysign(1, v)
}
