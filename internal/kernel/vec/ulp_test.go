package vec

import (
	"math"
	"os"
	"runtime"
	"sync"
	"testing"

	"github.com/fathom-ml/fathom/internal/kernel/simd"
)

// ulps is the distance of got from want in units of the last place of want in
// float32; infinite if one is NaN or infinite and the other is not.
func ulps(got float32, want float64) float64 {
	if w := float32(want); same(got, w) {
		return 0
	} else if w != w || got != got || math.IsInf(float64(w), 0) || math.IsInf(float64(got), 0) || w == 0 && math.Signbit(float64(w)) != math.Signbit(float64(got)) {
		return math.Inf(1)
	}
	e := max(int(math.Float64bits(want)>>52&0x7ff)-1022-24, -149)
	return math.Abs(float64(got)-want) * math.Float64frombits(uint64(1023-e)<<52)
}

// units is the distance in units of 2^-24.
func units(got float32, want float64) float64 {
	if w := float32(want); same(got, w) {
		return 0
	}
	return math.Abs(float64(got)-want) * (1 << 24)
}

// TestUlps measures the errors that the documentation states, over a sample
// of all float32 numbers, or over all of them if FATHOM_LONG is set. The numbers are rounded up: an error below a half is
// not seen.
func TestUlps(t *testing.T) {
	step := uint64(4999)
	if os.Getenv("FATHOM_LONG") != "" {
		step = 1
	} else if testing.Short() {
		step = 49999
	}
	for name, f := range smooth {
		t.Run(name, func(t *testing.T) { measure(t, step, f.f, f.f64, ulps, f.ulp) })
	}
	one := make([]float32, portion)
	Fill(one, 1)
	for name, f := range slopes {
		g := func(y, x []float32) { f.f(y, one[:len(y)], x) }
		t.Run(name, func(t *testing.T) { measure(t, step, g, f.f64, units, f.error) })
	}
}

const portion = 1 << 16

// measure finds the largest error of f over every step-th float32 number, at each level, on all processors. What is right
// is computed once for all levels.
func measure(t *testing.T, step uint64, f fn1, f64 func(float64) float64, err func(float32, float64) float64, stated float64) {
	type record struct {
		worst float64
		at    float32
	}
	levels := simd.Levels()[1:]
	found := make([]record, len(levels))
	share := make([]record, runtime.GOMAXPROCS(0))
	want := make([][]float64, len(share))
	x, y := make([][]float32, len(share)), make([][]float32, len(share))
	for w := range share {
		want[w], x[w], y[w] = make([]float64, portion), make([]float32, portion), make([]float32, portion)
	}
	each := func(run func(w int)) {
		var all sync.WaitGroup
		for w := range share {
			all.Go(func() { run(w) })
		}
		all.Wait()
	}
	for next := uint64(0); next < 1<<32; next += step * portion * uint64(len(share)) {
		each(func(w int) {
			b := next + step*portion*uint64(w)
			for i := range portion {
				v := math.Float32frombits(uint32(b))
				x[w][i], want[w][i] = v, f64(float64(v))
				b += step // beyond the end some numbers come again
			}
		})
		for l, level := range levels {
			back := set(level)
			each(func(w int) {
				f(y[w], x[w])
				r := record{}
				for i, v := range y[w] {
					if u := err(v, want[w][i]); u > r.worst || u != u {
						r = record{u, x[w][i]}
					}
				}
				share[w] = r
			})
			back()
			for _, s := range share {
				if s.worst > found[l].worst || s.worst != s.worst {
					found[l] = s
				}
			}
		}
	}
	for l, r := range found {
		t.Logf("%v: %.3f at %g", levels[l], r.worst, r.at)
		if !(r.worst <= stated) {
			t.Errorf("%v: the error at %g is %g, stated %g", levels[l], r.at, r.worst, stated)
		}
	}
}
