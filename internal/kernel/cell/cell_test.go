package cell

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/fathom-ml/fathom/internal/kernel/guard"
	"github.com/fathom-ml/fathom/internal/kernel/simd"
)

// A routine with the number of gates of each operand; the first write of them are results, those in
// both are read and written.
type routine struct {
	name  string
	gates []int
	f     func(s [][]float32)
}

var routines = []routine{
	{"Tanh", []int{1, 1, 1}, func(s [][]float32) { Tanh(s[0], s[1], s[2]) }},
	{"ReLU", []int{1, 1, 1}, func(s [][]float32) { ReLU(s[0], s[1], s[2]) }},
	{"TanhGrad", []int{1, 1, 1, 1}, func(s [][]float32) { TanhGrad(s[0], s[1], s[2], s[3]) }},
	{"ReLUGrad", []int{1, 1, 1, 1}, func(s [][]float32) { ReLUGrad(s[0], s[1], s[2], s[3]) }},
	{"GRU", []int{1, 4, 3, 3, 1}, func(s [][]float32) { GRU(s[0], s[1], s[2], s[3], s[4]) }},
	{"GRUGrad", []int{3, 1, 1, 1, 4, 1}, func(s [][]float32) { GRUGrad(s[0], s[1], s[2], s[3], s[4], s[5]) }},
	{"GRUGates", []int{1, 3, 3, 3, 1}, func(s [][]float32) { GRUGates(s[0], s[1], s[2], s[3], s[4]) }},
	{"GRUState", []int{1, 3, 3, 3, 1}, func(s [][]float32) { GRUState(s[0], s[1], s[2], s[3], s[4]) }},
	{"GRUStateGrad", []int{3, 1, 1, 3, 1}, func(s [][]float32) { GRUStateGrad(s[0], s[1], s[2], s[3], s[4]) }},
	{"GRUGatesGrad", []int{3, 1, 1, 1, 3, 1}, func(s [][]float32) { GRUGatesGrad(s[0], s[1], s[2], s[3], s[4], s[5]) }},
	{"LSTM", []int{1, 1, 4, 4, 4, 1}, func(s [][]float32) { LSTM(s[0], s[1], s[2], s[3], s[4], s[5]) }},
	{"LSTM in place", []int{1, 1, 4, 4, 4}, func(s [][]float32) { LSTM(s[0], s[1], s[2], s[3], s[4], s[1]) }},
	{"LSTMGrad", []int{4, 1, 1, 1, 4, 1, 1}, func(s [][]float32) { LSTMGrad(s[0], s[1], s[2], s[3], s[4], s[5], s[6]) }},
}

// compare runs r in Go and at every level on the same numbers, drawn by draw.
func compare(t *testing.T, r routine, n int, draw func() float32, tolerance float64, before []bool) {
	in := make([][]float32, len(r.gates))
	want := make([][]float32, len(r.gates))
	for i, g := range r.gates {
		in[i] = make([]float32, g*n)
		for k := range in[i] {
			in[i][k] = draw()
		}
		want[i] = append([]float32{}, in[i]...)
	}
	old := simd.Active
	defer func() { simd.Active = old }()
	simd.Active = simd.Go
	r.f(want)
	for _, simd.Active = range simd.Levels() {
		for _, b := range before {
			got := make([][]float32, len(in))
			for i := range in {
				got[i] = guard.Floats(t, len(in[i]), b)
				copy(got[i], in[i])
			}
			r.f(got)
			for i := range got {
				for k, g := range got[i] {
					w := want[i][k]
					if !(g == w || g != g && w != w || math.Abs(float64(g-w)) <= tolerance*math.Max(1, math.Abs(float64(w)))) {
						t.Fatalf("%v, %d units: operand %d, number %d is %v, want %v", simd.Active, n, i, k, g, w)
					}
				}
			}
		}
	}
}

// TestTwins compares the assembly with the Go loops over all tails, in memory whose neighbouring page cannot
// be touched.
func TestTwins(t *testing.T) {
	for _, r := range routines {
		t.Run(r.name, func(t *testing.T) {
			x := rand.New(rand.NewPCG(1, 2))
			for n := range 70 {
				compare(t, r, n, func() float32 { return float32(x.NormFloat64() * 2) }, 2e-5, []bool{true, false})
			}
			compare(t, r, 8192+37, func() float32 { return float32(x.NormFloat64()) }, 2e-5, []bool{true})
		})
	}
}

// TestSpecialValues compares what infinities, NaN and huge numbers give.
func TestSpecialValues(t *testing.T) {
	inf, nan := float32(math.Inf(1)), float32(math.NaN())
	some := []float32{0, 1, -1, 1e-30, -1e-40, 90, -90, 1e30, -1e30, inf, -inf, nan}
	for _, r := range routines {
		t.Run(r.name, func(t *testing.T) {
			x := rand.New(rand.NewPCG(3, 4))
			for range 50 {
				// numbers whose rounding decides between infinity and a number are left out: one special in four
				compare(t, r, 19, func() float32 {
					if x.IntN(4) == 0 {
						return some[x.IntN(len(some))]
					}
					return 0.5
				}, 1e-4, []bool{true})
			}
		})
	}
}

// TestGradients compares the gradient of each cell with finite differences, in float64.
func TestGradients(t *testing.T) {
	x := rand.New(rand.NewPCG(5, 6))
	const w = 3
	draw := func(n int) []float64 {
		s := make([]float64, n)
		for i := range s {
			s[i] = x.NormFloat64()
		}
		return s
	}
	dot := func(a, b []float64) (s float64) {
		for i := range a {
			s += a[i] * b[i]
		}
		return s
	}
	numeric := func(v []float64, f func() float64) []float64 {
		g := make([]float64, len(v))
		for i, o := range v {
			v[i] = o + 1e-6
			a := f()
			v[i] = o - 1e-6
			g[i] = (a - f()) / 2e-6
			v[i] = o
		}
		return g
	}
	near := func(what string, got, want []float64) {
		t.Helper()
		for i := range got {
			if math.Abs(got[i]-want[i]) > 1e-7 {
				t.Fatalf("%s: number %d is %v, want %v", what, i, got[i], want[i])
			}
		}
	}
	y, g, zero := make([]float64, w), make([]float64, 4*w), make([]float64, w)
	p, u, h, dy := draw(4*w), draw(4*w), draw(w), draw(w)

	dp, dq, dh := make([]float64, 3*w), make([]float64, w), make([]float64, w)
	gru := func() float64 { GRU(y, g, p[:3*w], u[:3*w], h); return dot(y, dy) }
	gru()
	GRUGrad(dp, dq, dh, dy, g, h)
	near("gru p", dp, numeric(p[:3*w], gru))
	near("gru u", append(append([]float64{}, dp[:2*w]...), dq...), numeric(u[:3*w], gru))
	near("gru h", dh, numeric(h, gru))

	// The product between the halves is the identity here.
	rh, d := make([]float64, w), make([]float64, w)
	before := func() float64 {
		GRUGates(rh, g[:3*w], p[:3*w], u[:3*w], h)
		copy(u[2*w:], rh)
		GRUState(y, g[:3*w], p[:3*w], u[:3*w], h)
		return dot(y, dy)
	}
	before()
	clear(dh)
	GRUStateGrad(dp, dh, dy, g[:3*w], h)
	copy(d, dp[2*w:])
	GRUGatesGrad(dp, rh, dh, d, g[:3*w], h)
	near("gru before p", dp, numeric(p[:3*w], before))
	near("gru before h", dh, numeric(h, before))

	c, c0, dc := make([]float64, w), draw(w), draw(w)
	e := append([]float64{}, dc...)
	lstm := func() float64 { LSTM(y, c, g, p, u, c0); return dot(y, dy) + dot(c, e) }
	lstm()
	dp = make([]float64, 4*w)
	LSTMGrad(dp, dc, zero, dy, g, c, c0)
	near("lstm p", dp, numeric(p, lstm))
	near("lstm c", dc, numeric(c0, lstm))
}

func BenchmarkCells(b *testing.B) {
	for _, r := range routines {
		b.Run(fmt.Sprint(r.name, "/256"), func(b *testing.B) {
			s := make([][]float32, len(r.gates))
			for i, g := range r.gates {
				s[i] = make([]float32, g*256)
				for k := range s[i] {
					s[i][k] = float32(k%7)/10 - 0.3
				}
			}
			for b.Loop() {
				r.f(s)
			}
		})
	}
}
