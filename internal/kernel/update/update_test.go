package update

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

// TestStepIsPlain compares bits, in lengths with all tails, at all alignments, with special values.
func TestStepIsPlain(t *testing.T) {
	levels(t, func(t *testing.T) {
		r := rand.New(rand.NewPCG(1, 2))
		special := []float32{0, float32(math.Copysign(0, -1)), float32(math.Inf(1)), float32(math.Inf(-1)), float32(math.NaN()), 1e-42, 3e38}
		draw := func(n, from int, positive bool) []float32 {
			x := make([]float32, n+from)[from:]
			for i := range x {
				if x[i] = float32(r.NormFloat64()); r.IntN(20) == 0 {
					x[i] = special[r.IntN(len(special))]
				}
				if positive {
					x[i] = max(x[i], -x[i])
				}
			}
			return x
		}
		for rule := range Rules {
			for n := range 100 {
				if n == 99 {
					n = 50_000 // more than one call
				}
				h := Numbers{LR: 0.1, WD: 0.01, Scale: 0.25, Clip: 0.3, B1: 0.9, B2: 0.95, Eps: 1e-6, Keep: 0.999, C: 0.02}
				if n%2 == 0 {
					h.Clip, h.WD, h.Keep = math.Inf(1), 0, 1
				}
				w, g := draw(n, n%5, false), draw(n, n%3, false)
				s := [3][]float32{draw(n, n%7, rule > Nesterov), draw(n, 1, rule == Adam || rule == Adadelta), draw(n, 2, false)}
				if rule == Adam || rule >= AMSGrad {
					s[0], s[1], s[2] = draw(n, 0, false), draw(n, 1, true), draw(n, 2, true)
				}
				w2, s2 := slices.Clone(w), [3][]float32{slices.Clone(s[0]), slices.Clone(s[1]), slices.Clone(s[2])}
				Step(rule, w, g, s, &h)
				Plain(rule, w2, g, s2, &h)
				same := func(a, b float32) bool { return math.Float32bits(a) == math.Float32bits(b) || a != a && b != b }
				if !slices.EqualFunc(w, w2, same) {
					t.Fatalf("rule %d, n %d: weights differ", rule, n)
				}
				for k := range s {
					if !slices.EqualFunc(s[k], s2[k], same) {
						t.Fatalf("rule %d, n %d: state %d differs", rule, n, k)
					}
				}
			}
		}
	})
}

func TestSumSquares(t *testing.T) {
	levels(t, func(t *testing.T) {
		for n := range 200 {
			if n == 199 {
				n = 50_077
			}
			x, want := make([]float32, n), 0.0
			for i := range x {
				x[i] = float32(i%19)*1e3 - 7.3
				want += float64(x[i]) * float64(x[i])
			}
			if got := SumSquares(x); !(math.Abs(got-want) <= 1e-12*want) {
				t.Fatalf("n %d: %v, want %v", n, got, want)
			}
		}
		if x := SumSquares([]float32{3e38, 3e38}); math.IsInf(x, 0) {
			t.Error("large numbers overflow")
		}
		if x := SumSquares([]float32{1, float32(math.NaN()), 2}); x == x {
			t.Error("a NaN is lost")
		}
	})
}

func TestGuardPages(t *testing.T) {
	levels(t, func(t *testing.T) {
		for _, before := range []bool{true, false} {
			var whole [5][]float32
			for i := range whole {
				whole[i] = guard.Floats(t, 100, before)
			}
			for n := range 101 {
				cut := func(i int) []float32 {
					if before {
						return whole[i][100-n:]
					}
					return whole[i][:n]
				}
				for rule := range Rules {
					Step(rule, cut(0), cut(1), [3][]float32{cut(2), cut(3), cut(4)}, &Numbers{Clip: 1, Eps: 1, Scale: 1})
				}
				SumSquares(cut(0))
			}
		}
	})
}

func BenchmarkStep(b *testing.B) {
	for rule, name := range map[Rule]string{SGD: "sgd", Momentum: "momentum", Adam: "adam", Adadelta: "adadelta", AMSGrad: "amsgrad", Yogi: "yogi", Lion: "lion", Ftrl: "ftrl"} {
		for _, n := range []int{32, 1024, 1 << 20} {
			b.Run(name+"/"+map[int]string{32: "32", 1024: "1K", 1 << 20: "1M"}[n], func(b *testing.B) {
				w, g := make([]float32, n), make([]float32, n)
				s := [3][]float32{make([]float32, n), make([]float32, n), make([]float32, n)}
				h := Numbers{LR: 0.1, Scale: 1, Clip: math.Inf(1), B1: 0.9, B2: 0.99, Eps: 1e-8, Keep: 1}
				for b.Loop() {
					Step(rule, w, g, s, &h)
				}
				b.SetBytes(int64(4 * n))
			})
		}
	}
}
