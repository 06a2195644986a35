package linalg_test

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/fathom-ml/fathom/linalg"
	"github.com/fathom-ml/fathom/tensor"
)

func random(shape ...int) *tensor.Tensor {
	r := rand.New(rand.NewPCG(1, uint64(len(shape))))
	x := tensor.ZerosOf(tensor.Float64, shape...)
	d := tensor.Data[float64](x)
	for i := range d {
		d[i] = r.NormFloat64()
	}
	return x
}

func near(t *testing.T, what string, got, want *tensor.Tensor) {
	t.Helper()
	tol := 1e-12 * float64(8+want.Dim(-1))
	if got.DType() == tensor.Float32 || got.DType() == tensor.Complex64 {
		tol = 2e-5
	}
	if fmt.Sprint(got.Shape()) != fmt.Sprint(want.Shape()) {
		t.Errorf("%s: shape %v, want %v", what, got.Shape(), want.Shape())
	} else if got.Size() > 0 && !(got.Sub(want).Abs().Max().Item() <= tol) {
		t.Errorf("%s: off by %v", what, got.Sub(want).Abs().Max().Item())
	}
}

// Factors multiply to the matrix and are orthogonal, for all shapes, dtypes and layouts.
func TestFactors(t *testing.T) {
	for _, shape := range [][]int{{1, 1}, {3, 3}, {5, 3}, {3, 5}, {40, 33}, {33, 40}, {64, 64}, {1, 7}, {70, 1}, {2, 3, 4, 2}, {2, 2, 5}, {0, 3, 2},
		{3, 0}, {0, 3}, {0, 0}, {2, 0, 4}, {90, 2}, {2, 90}} {
		for _, dt := range []tensor.DType{tensor.Float64, tensor.Float32} {
			x := random(shape...).AsType(dt)
			for k, a := range []*tensor.Tensor{x, swap(swap(x).Contiguous())} {
				name := func(s string) string { return fmt.Sprint(s, " of ", shape, " ", dt, " layout ", k) }
				m, n := a.Dim(-2), a.Dim(-1)
				unit := func(k int) *tensor.Tensor {
					return tensor.Eye(k).AsType(dt).Expand(append(a.Shape()[:a.NDim()-2], k, k)...)
				}
				for _, modes := range [][]linalg.Mode{nil, {linalg.Full}} {
					q, r := linalg.QR(a, modes...)
					near(t, name("QR"), q.MatMul(r), a)
					near(t, name("QᵀQ"), swap(q).MatMul(q), unit(q.Dim(-1)))
					if !tensor.Equal(r, trapezoid(r)) {
						t.Error(name("R is not a triangle"))
					}
					u, s, vt := linalg.SVD(a, modes...)
					near(t, name("UᵀU"), swap(u).MatMul(u), unit(u.Dim(-1)))
					near(t, name("VᵀV"), vt.MatMul(swap(vt)), unit(vt.Dim(-2)))
					c := min(m, n)
					near(t, name("SVD"), u.Narrow(-1, 0, c).Mul(s.Unsqueeze(-2)).MatMul(vt.Narrow(-2, 0, c)), a)
					near(t, name("values"), linalg.SVDVals(a), s)
				}
				p, l, u := linalg.LU(a)
				near(t, name("PLU"), p.MatMul(l).MatMul(u), a)
				if m == n {
					w, v := linalg.Eig(a)
					re := tensor.Complex(a, tensor.ZerosLike(a))
					near(t, name("eig"), re.MatMul(v), v.Mul(w.Unsqueeze(-2)))
					near(t, name("eigvals"), linalg.EigVals(a), w)
					h := a.Add(swap(a))
					e, o := linalg.EigH(h)
					near(t, name("eigh"), o.Mul(e.Unsqueeze(-2)).MatMul(swap(o)), h)
					near(t, name("eigvalsh"), linalg.EigValsH(h), e)
				}
			}
		}
	}
}

// trapezoid is r without what lies below its diagonal.
func trapezoid(r *tensor.Tensor) *tensor.Tensor {
	k := min(r.Dim(-1), r.Dim(-2))
	return tensor.Concat(-1, tensor.Concat(-2, triangle(r.Narrow(-2, 0, k).Narrow(-1, 0, k), true), r.Narrow(-2, k, r.Dim(-2)-k).Narrow(-1, 0, k).MulScalar(0)),
		r.Narrow(-1, k, r.Dim(-1)-k))
}

func TestHalves(t *testing.T) {
	for _, dt := range []tensor.DType{tensor.Float16, tensor.BFloat16} {
		a := tensor.Of([]float32{2, 1, 0, 4}, 2, 2).AsType(dt).RequireGrad()
		y := linalg.Det(a)
		y.Backward()
		if y.DType() != dt || y.Item() != 8 || !tensor.AllClose(a.Grad().AsType(tensor.Float32), tensor.Of([]float32{4, 0, -1, 2}, 2, 2), 0, 1e-6) {
			t.Errorf("%v: %v, gradient %v", dt, y, a.Grad())
		}
		if w, _ := linalg.Eig(a.Detach()); w.DType() != tensor.Complex64 {
			t.Errorf("eig of %v is %v", dt, w.DType())
		}
	}
}

func message(t *testing.T, f func()) string {
	t.Helper()
	var e *tensor.Error
	if err := tensor.Try(f); !errors.As(err, &e) {
		t.Fatalf("no *tensor.Error but %v", err)
	}
	return e.Error()
}

func TestErrors(t *testing.T) {
	singular := tensor.Of([]float64{1, 0, 0, 1, 1, 2, 2, 4}, 2, 2, 2)
	whole := tensor.Of([]int64{1, 0, 0, 1}, 2, 2)
	x := random(2, 2)
	for _, c := range []struct {
		f    func()
		want string
	}{
		{func() { linalg.Inv(singular) }, "inv: the matrix is singular (entry 1 of the batch): [2 2 2]"},
		{func() { linalg.Solve(singular.Index(1), x) }, "solve: the matrix is singular: [2 2] x [2 2]"},
		{func() { linalg.SolveTriangular(x.MulScalar(0), x, linalg.Upper) }, "solveTriangular: the matrix is singular"},
		{func() { linalg.Cholesky(singular) }, "cholesky: the matrix is not positive definite"},
		{func() { linalg.Inv(whole) }, "inv: wants floats, got int64"},
		{func() { linalg.Solve(x, x.AsType(tensor.Float32)) }, "solve: dtypes differ: float64 and float32"},
		{func() { linalg.SVD(x.Index(0)) }, "svd: needs matrices"},
		{func() { linalg.MatrixNorm(x, "3") }, "matrixNorm: no norm of matrices is called 3"},
		{func() { linalg.Eig(random(2, 2).RequireGrad()) }, "eig: has no gradient"},
		{func() { linalg.EigVals(random(2, 2).RequireGrad()) }, "eigVals: has no gradient"},
		{func() { linalg.VectorNorm(x, 2, 2) }, "vectorNorm: an axis is out of range"},
		{func() { linalg.VectorNorm(x, math.NaN()) }, "vectorNorm: the order is NaN"},
		{func() { linalg.MultiDot(x) }, "multiDot: wants two or more matrices"},
		{func() { linalg.MultiDot(x, random(3, 2)) }, "multiDot: inner dimensions differ"},
		{func() { linalg.Cross(x, x) }, "cross: wants length 3"},
		{func() { q, _ := linalg.QR(random(3, 2).RequireGrad(), linalg.Full); q.Backward() }, "qr: full factors of a tall matrix have no gradient"},
		{func() { u, _, _ := linalg.SVD(random(3, 2).RequireGrad(), linalg.Full); u.Backward() }, "svd: full factors have no gradient"},
		{func() { _, y := linalg.SlogDet(singular.Clone().RequireGrad()); y.Backward() }, "inv: the matrix is singular"},
	} {
		if msg := message(t, c.f); !strings.HasPrefix(msg, c.want) {
			t.Errorf("got  %s\nwant %s", msg, c.want)
		}
	}
}

// NaN and Inf neither hang nor end the process.
func TestNotFinite(t *testing.T) {
	done := make(chan bool)
	go func() {
		defer close(done)
		for _, bad := range []float64{math.NaN(), math.Inf(1), math.Inf(-1)} {
			for _, n := range []int{1, 3, 40} {
				for _, at := range []int{0, n*n - 1} {
					a := random(n, n)
					a.SetAt(bad, at/n, at%n)
					for name, f := range map[string]func(){
						"svd": func() { linalg.SVD(a) }, "eigh": func() { linalg.EigH(a) }, "eig": func() { linalg.Eig(a) }, "pinv": func() { linalg.PInv(a) },
						"svdvals": func() { linalg.MatrixNorm(a, linalg.Two) },
					} {
						if msg := message(t, f); !strings.Contains(msg, "NaN or Inf") {
							t.Errorf("%s with %v: %s", name, bad, msg)
						}
					}
					for _, f := range []func(){
						func() { linalg.Inv(a) }, func() { linalg.Det(a) }, func() { linalg.SlogDet(a) }, func() { linalg.QR(a, linalg.Full) },
						func() { linalg.Solve(a, a) }, func() { linalg.Cholesky(a) }, func() { linalg.LU(a) }, func() { linalg.MatrixExp(a) },
						func() { linalg.MatrixNorm(a, linalg.Fro) }, func() { linalg.MatrixPower(a, 3) }, func() { linalg.SolveTriangular(a, a, linalg.Lower) },
					} {
						_ = tensor.Try(f)
					}
				}
			}
		}
	}()
	select {
	case <-done:
	case <-time.After(time.Minute):
		t.Fatal("still running after a minute")
	}
}

// Cond of singular matrices is infinite; gradients of values alone are finite where values repeat.
func TestEdges(t *testing.T) {
	s := tensor.Of([]float64{1, 2, 2, 4}, 2, 2)
	for _, ord := range []linalg.Ord{linalg.One, linalg.Inf, linalg.NegOne, linalg.NegInf} {
		if c := linalg.Cond(s, ord).Item(); !math.IsInf(c, 1) {
			t.Errorf("the condition of a singular matrix in %s is %v", ord, c)
		}
	}
	if c := linalg.Cond(s, linalg.Two).Item(); c < 1e15 {
		t.Errorf("the condition of a singular matrix is %v", c)
	}
	one := tensor.Eye(3).AsType(tensor.Float64)
	for name, f := range map[string]func(x *tensor.Tensor) *tensor.Tensor{
		"svdvals": linalg.SVDVals, "eigvalsh": linalg.EigValsH, "nuc": func(x *tensor.Tensor) *tensor.Tensor { return linalg.MatrixNorm(x, linalg.Nuc) },
	} {
		x := one.Clone().RequireGrad()
		f(x).Backward()
		if !tensor.AllClose(x.Grad(), one, 1e-12, 1e-12) {
			t.Errorf("gradient of %s at the identity: %v", name, x.Grad())
		}
	}
	if y := linalg.Det(tensor.ZerosOf(tensor.Float64, 0, 3, 3)); fmt.Sprint(y.Shape()) != "[0]" {
		t.Errorf("det of an empty batch has shape %v", y.Shape())
	}
	for _, s := range [][2][]int{{{0, 0}, {2, 0, 3}}, {{3, 3}, {0, 3, 2}}, {{0, 2, 2}, {2, 1}}, {{0, 2, 2}, {0, 2}}} {
		y := linalg.Solve(tensor.Ones(s[0]...).Add(tensor.Eye(s[0][len(s[0])-1])), tensor.Ones(s[1]...))
		if y.Size() != 0 {
			t.Errorf("solve of %v has shape %v", s, y.Shape())
		}
	}
	a := tensor.Eye(2)
	linalg.MatrixPower(a, 1).Zero()
	if a.Sum().Item() != 2 {
		t.Error("the first power shares memory with the matrix")
	}
	x, residuals, rank, sv := linalg.LstSq(tensor.Zeros(0, 2), tensor.Zeros(0, 3))
	if fmt.Sprint(x.Shape(), residuals.Shape(), rank.Item(), sv.Shape()) != "[2 3] [0] 0 [0]" {
		t.Errorf("lstsq without equations: %v %v %v %v", x.Shape(), residuals.Shape(), rank, sv.Shape())
	}
}
