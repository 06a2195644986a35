package softmax

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/fathom-ml/fathom/internal/kernel/guard"
	"github.com/fathom-ml/fathom/internal/kernel/simd"
)

func levels(t *testing.T, f func(t *testing.T)) {
	old := simd.Active
	defer func() { simd.Active = old }()
	for _, l := range simd.Levels()[1:] {
		simd.Active = l
		t.Run(l.String(), f)
	}
}

// results are what the routines make of x and g.
type results struct {
	row, grad, log, minus []float32
	numbers               [4]float32
}

func compute(row, grad, log, minus, x, g []float32) results {
	r := results{row: row, grad: grad, log: log, minus: minus}
	r.numbers[0], r.numbers[1] = Row(row, x)
	r.numbers[2], r.numbers[3] = SumExp(x)
	Grad(grad, g, x, 0.7)
	LogGrad(log, g, x, 0.7)
	Minus(minus, x, 0.7, -0.2)
	return r
}

// near compares relatively, numbers below floor absolutely.
func near(a, b float32, tol, floor float64) bool {
	x, y := float64(a), float64(b)
	return x == y || x != x && y != y || math.Abs(x-y) <= tol*(math.Abs(y)+floor)
}

func hold(t *testing.T, got results, x, g []float32) {
	t.Helper()
	n := len(x)
	level := simd.Active
	simd.Active = simd.Go
	want := compute(make([]float32, n), make([]float32, n), make([]float32, n), make([]float32, n), x, g)
	simd.Active = level
	for i := range got.numbers {
		if i%2 == 0 && want.numbers[i] != want.numbers[i] {
			continue // the maximum of numbers with a NaN is not looked at: the sum is NaN
		}
		if !near(got.numbers[i], want.numbers[i], 3e-6, 1e-3) {
			t.Fatalf("%v: n %d: number %d is %v, want %v", level, n, i, got.numbers[i], want.numbers[i])
		}
	}
	for k, pair := range [][2][]float32{{got.row, want.row}, {got.grad, want.grad}, {got.log, want.log}, {got.minus, want.minus}} {
		floor := 1e-3
		if k == 2 { // a difference
			floor = 1
		}
		for i := range pair[0] {
			if !near(pair[0][i], pair[1][i], 3e-6, floor) {
				t.Fatalf("%v: n %d: result %d at %d is %v, want %v", level, n, k, i, pair[0][i], pair[1][i])
			}
		}
	}
}

func TestAgainstDefinition(t *testing.T) {
	levels(t, func(t *testing.T) {
		r := rand.New(rand.NewPCG(3, 5))
		sizes := []int{500, 4096, long - 1, long, long + 1, 40000}
		for n := range 150 {
			sizes = append(sizes, n)
		}
		for _, n := range sizes {
			for kind := range 4 {
				x, g := make([]float32, n), make([]float32, n)
				for i := range x {
					x[i], g[i] = float32(r.NormFloat64()*3), float32(r.NormFloat64())
					if kind > 1 && r.IntN(30) == 0 {
						x[i] = []float32{float32(math.NaN()), float32(math.Inf(1)), float32(math.Inf(-1)), -200, 80}[r.IntN(5)]
					}
					if kind == 1 {
						x[i] = float32(math.Inf(-1))
					}
				}
				hold(t, compute(make([]float32, n), make([]float32, n), make([]float32, n), make([]float32, n), x, g), x, g)
			}
		}
	})
}

func TestGuardPages(t *testing.T) {
	levels(t, func(t *testing.T) {
		const most = 150
		for _, before := range []bool{true, false} {
			var whole [6][]float32
			for i := range whole {
				whole[i] = guard.Floats(t, most, before)
				for j := range whole[i] {
					whole[i][j] = float32(j%7) - 3
				}
			}
			for n := range most {
				var s [6][]float32
				for i, w := range whole {
					if s[i] = w[:n]; before {
						s[i] = w[most-n:]
					}
				}
				hold(t, compute(s[0], s[1], s[2], s[3], s[4], s[5]), s[4], s[5])
			}
		}
	})
}

func BenchmarkRow(b *testing.B) {
	x, y := make([]float32, 1000), make([]float32, 1000)
	b.Run("1000", func(b *testing.B) {
		for b.Loop() {
			Row(y, x)
		}
	})
	b.Run("10", func(b *testing.B) {
		for b.Loop() {
			Row(y[:10], x[:10])
		}
	})
}
