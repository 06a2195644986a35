package attention

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/fathom-ml/fathom/internal/kernel/guard"
	"github.com/fathom-ml/fathom/internal/kernel/simd"
)

// levels runs f at each level of the processor.
func levels(t *testing.T, f func(t *testing.T)) {
	old := simd.Active
	defer func() { simd.Active = old }()
	for _, simd.Active = range simd.Levels() {
		t.Run(simd.Active.String(), f)
	}
}

// plain runs f on the twins.
func plain(f func()) {
	old := simd.Active
	simd.Active = simd.Go
	f()
	simd.Active = old
}

var (
	inf = float32(math.Inf(1))
	nan = float32(math.NaN())
)

// numbers are random, some of them special.
func numbers(r *rand.Rand, n int, special ...float32) []float32 {
	x := make([]float32, n)
	for i := range x {
		x[i] = float32(r.NormFloat64() * 3)
		if len(special) > 0 && r.IntN(9) == 0 {
			x[i] = special[r.IntN(len(special))]
		}
	}
	return x
}

func near(t *testing.T, what string, got, want []float32, tol float64) {
	t.Helper()
	for i, w := range want {
		g := got[i]
		if math.IsNaN(float64(w)) && math.IsNaN(float64(g)) || g == w {
			continue
		}
		if !(math.Abs(float64(g)-float64(w)) <= tol*(1+math.Abs(float64(w)))) {
			t.Fatalf("%s: number %d is %v, the twin's %v", what, i, g, w)
		}
	}
}

func block(r *rand.Rand) Block {
	b := Block{M: 1 + r.IntN(14), N: Lanes * (1 + r.IntN(4)), First: 64 * r.IntN(3)}
	b.LD = b.N + Lanes*r.IntN(2)
	for range b.M {
		b.Limit = append(b.Limit, int32(b.First+r.IntN(b.N+9)-4))
	}
	return b
}

// kept is a mask of dropout, or none.
func kept(r *rand.Rand, b Block) Keep[float32] {
	if r.IntN(2) == 0 {
		return Keep[float32]{}
	}
	k := Keep[float32]{LD: b.N + r.IntN(4)}
	k.S = make([]float32, b.M*k.LD)
	for i := range k.S {
		k.S[i] = float32(r.IntN(2)) * 1.25
	}
	return k
}

func TestWeights(t *testing.T) {
	levels(t, func(t *testing.T) {
		r := rand.New(rand.NewPCG(1, 2))
		for k := range 500 {
			b := block(r)
			var special []float32
			if k%2 == 0 {
				special = []float32{-inf, 300, -300, 0, nan}[:1+r.IntN(5)]
			}
			s, top, sum := numbers(r, b.M*b.LD, special...), numbers(r, b.M), numbers(r, b.M)
			if k%3 == 0 {
				for i := range top {
					top[i] = Lowest
				}
			}
			keep := kept(r, b)
			s2, top2, sum2 := slices.Clone(s), slices.Clone(top), slices.Clone(sum)
			Weights(b, s, 0.7, top, sum, keep)
			plain(func() { Weights(b, s2, 0.7, top2, sum2, keep) })
			near(t, "sum", sum, sum2, 1e-5)
			for i := range top { // a NaN makes the row NaN, whatever its top is
				if sum[i] != sum[i] {
					continue
				}
				near(t, "weights", s[i*b.LD:][:b.N], s2[i*b.LD:][:b.N], 1e-5)
				if top[i] != top2[i] {
					t.Fatalf("top %v, the twin's %v", top[i], top2[i])
				}
			}
		}
	})
}

func TestGrads(t *testing.T) {
	levels(t, func(t *testing.T) {
		r := rand.New(rand.NewPCG(1, 3))
		for k := range 500 {
			b := block(r)
			var special []float32
			if k%2 == 0 {
				special = []float32{-inf, -300, 0}[:1+r.IntN(3)]
			}
			s, d, lse, dot := numbers(r, b.M*b.LD, special...), numbers(r, b.M*b.LD), numbers(r, b.M, inf), numbers(r, b.M)
			keep := kept(r, b)
			s2, d2 := slices.Clone(s), slices.Clone(d)
			Grads(b, s, d, 0.7, lse, dot, keep)
			plain(func() { Grads(b, s2, d2, 0.7, lse, dot, keep) })
			near(t, "weights", s, s2, 1e-5)
			near(t, "gradients", d, d2, 1e-5)
		}
	})
}

func TestRows(t *testing.T) {
	levels(t, func(t *testing.T) {
		r := rand.New(rand.NewPCG(1, 4))
		for range 500 {
			m, n := 1+r.IntN(9), 1+r.IntN(80)
			lda, ldb := n+r.IntN(5), n+r.IntN(5)
			a, b, y, y2 := numbers(r, m*lda), numbers(r, m*ldb), make([]float32, m), make([]float32, m)
			RowDots(m, n, &a[0], lda, &b[0], ldb, y)
			plain(func() { RowDots(m, n, &a[0], lda, &b[0], ldb, y2) })
			near(t, "dots", y, y2, 1e-4)
			a2 := slices.Clone(a)
			ScaleRows(m, n, &a[0], lda, y)
			plain(func() { ScaleRows(m, n, &a2[0], lda, y) })
			near(t, "scaled", a, a2, 0)
		}
	})
}

func TestColumns(t *testing.T) {
	levels(t, func(t *testing.T) {
		r := rand.New(rand.NewPCG(1, 5))
		for range 500 {
			m, n := 1+r.IntN(64), 1+r.IntN(20)
			rs, cs := n+r.IntN(4), 1
			if r.IntN(3) == 0 {
				rs, cs = 1, m+r.IntN(4)
			}
			if r.IntN(4) == 0 {
				cs = -cs
			}
			if r.IntN(4) == 0 {
				rs = -rs
			}
			first := max(0, -rs)*(m-1) + max(0, -cs)*(n-1)
			size := (m-1)*max(rs, -rs) + (n-1)*max(cs, -cs) + 1
			x := guard.Floats(t, size, r.IntN(2) == 0)
			copy(x, numbers(r, size))
			y, y2 := numbers(r, 64*n), make([]float32, 64*n)
			copy(y2, y)
			Columns(m, n, &x[first], rs, cs, y, 64)
			plain(func() { Columns(m, n, &x[first], rs, cs, y2, 64) })
			for j := range n {
				near(t, "columns", y[64*j:][:m], y2[64*j:][:m], 0)
			}
		}
	})
}

// TestGuardPages runs the routines against memory that must not be touched.
func TestGuardPages(t *testing.T) {
	levels(t, func(t *testing.T) {
		r := rand.New(rand.NewPCG(1, 6))
		for _, before := range []bool{true, false} {
			floats := func(n int) []float32 { return guard.Floats(t, n, before) }
			for range 50 {
				b := block(r)
				b.LD = b.N
				Weights(b, floats(b.M*b.LD), 1, floats(b.M), floats(b.M), Keep[float32]{floats(b.M * b.N), b.N})
				Grads(b, floats(b.M*b.LD), floats(b.M*b.LD), 1, floats(b.M), floats(b.M), Keep[float32]{floats(b.M * b.N), b.N})
				n := 1 + r.IntN(40)
				RowDots(b.M, n, &floats(b.M * n)[0], n, &floats(b.M * n)[0], n, floats(b.M))
				ScaleRows(b.M, n, &floats(b.M * n)[0], n, floats(b.M))
				Columns(b.M, n, &floats(b.M * n)[0], n, 1, floats(n*Lanes), Lanes)
			}
		}
	})
}
