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
// of all float32 numbers, or over all of them if FATHOM_LONG is set (about a minute a function on one processor). If
// it is "dense", one in sixteen is tried where a function is easy: next to 0 and where it has reached its limit. An
// error below a half is not seen.
func TestUlps(t *testing.T) {
	step, thin := uint64(4999), false
	switch os.Getenv("FATHOM_LONG") {
	case "":
		if testing.Short() {
			step = 49999
		}
	case "dense":
		step, thin = 1, true
	default:
		step = 1
	}
	measure := func(t *testing.T, name string, f fn1, f64 func(float64) float64, err func(float32, float64) float64, stated float64) {
		e, ok := easy[name]
		skip := func(first float64, number uint64) bool {
			known := knownTo[name] > 0 && math.Abs(first) > knownTo[name]
			simple := ok && (math.Abs(first) < 0x1p-15 || first < 2*e.from || first > 2*e.to)
			return step == 1 && (known && number%499 != 0 || thin && simple && number%16 != 0)
		}
		measure(t, step, f, quick(name, f64), err, stated, skip)
	}
	for name, f := range smooth {
		t.Run(name, func(t *testing.T) { measure(t, name, f.f, f.f64, ulps, f.ulp) })
	}
	one := make([]float32, portion)
	Fill(one, 1)
	for name, f := range slopes {
		g := func(y, x []float32) { f.f(y, one[:len(y)], x) }
		t.Run(name, func(t *testing.T) { measure(t, name, g, f.f64, units, f.error) })
	}
}

// easy says what a function is near 0, where the first four terms of its series are exact to 1e-6 ulp, and far out on both
// sides, where it rounds to its limit, to x, or to x times a number; NaN stands for no such rule. It makes the
// long test five times shorter.
var easy = map[string]struct {
	series       [4]float64
	from, to     float64
	below, above float64 // the limits
	aboveX       float64 // times x is added to the upper one
}{
	"Exp":      {[4]float64{1, 1, 1. / 2, 1. / 6}, -110, 110, 0, math.Inf(1), 0},
	"Exp2":     {[4]float64{1, math.Ln2, math.Ln2 * math.Ln2 / 2, math.Ln2 * math.Ln2 * math.Ln2 / 6}, -160, 160, 0, math.Inf(1), 0},
	"Expm1":    {[4]float64{0, 1, 1. / 2, 1. / 6}, -40, 110, -1, math.Inf(1), 0},
	"Tanh":     {[4]float64{0, 1, 0, -1. / 3}, -20, 20, -1, 1, 0},
	"Sigmoid":  {[4]float64{0.5, 0.25, 0, -1. / 48}, -110, 40, 0, 1, 0},
	"Erf":      {[4]float64{0, 2 / math.SqrtPi, 0, -2 / math.SqrtPi / 3}, -6, 6, -1, 1, 0},
	"Erfc":     {[4]float64{1, -2 / math.SqrtPi, 0, 2 / math.SqrtPi / 3}, -6, 11, 2, 0, 0},
	"GELU":     {[4]float64{0, 0.5, 1 / (math.Sqrt2 * math.SqrtPi), 0}, -16, 16, 0, 0, 1},
	"GELUTanh": {[4]float64{0, 0.5, geluK1 / 4, 0}, -12, 12, 0, 0, 1},
	"SiLU":     {[4]float64{0, 0.5, 0.25, 0}, -120, 40, 0, 0, 1},
	"Mish":     {[4]float64{0, 0.6, 8. / 25, -16. / 375}, -120, 40, 0, 0, 1},
	"Softplus": {[4]float64{math.Ln2, 0.5, 1. / 8, 0}, -110, 40, 0, 0, 1},
	"Sinh":     {[4]float64{0, 1, 0, 1. / 6}, -100, 100, math.Inf(-1), math.Inf(1), 0},
	"Cosh":     {[4]float64{1, 0, 0.5, 0}, -100, 100, math.Inf(1), math.Inf(1), 0},
	"Log1p":    {[4]float64{0, 1, -1. / 2, 1. / 3}, math.Inf(-1), math.Inf(1), 0, 0, 0},
	"Sin":      {[4]float64{0, 1, 0, -1. / 6}, math.Inf(-1), math.Inf(1), 0, 0, 0},
	"Cos":      {[4]float64{1, 0, -1. / 2, 0}, math.Inf(-1), math.Inf(1), 0, 0, 0},
	"Tan":      {[4]float64{0, 1, 0, 1. / 3}, math.Inf(-1), math.Inf(1), 0, 0, 0},
}

func quick(name string, f func(float64) float64) func(float64) float64 {
	e, ok := easy[name]
	if !ok {
		return f
	}
	c := e.series
	return func(x float64) float64 {
		switch {
		case math.Abs(x) < 0x1p-14:
			y := x * (c[1] + x*(c[2]+x*c[3]))
			if c[0] != 0 {
				y += c[0]
			}
			return y
		case x < e.from && x > -math.MaxFloat32:
			if e.below == 0 && e.aboveX == 1 && name != "Softplus" {
				return x * 0
			}
			return e.below
		case x > e.to && x < math.MaxFloat32:
			return e.above + e.aboveX*x
		}
		return f(x)
	}
}

// knownTo are the numbers from which on a function is computed as in Go: few of these are tried.
var knownTo = map[string]float64{"Sin": 65536, "Cos": 65536, "Tan": 65536}

const portion = 1 << 16

// measure finds the largest error of f over every step-th float32 number, but for the portions that are skipped, at each level, on all processors. What is right
// is computed once for all levels.
func measure(t *testing.T, step uint64, f fn1, f64 func(float64) float64, err func(float32, float64) float64, stated float64, skip func(first float64, number uint64) bool) {
	type record struct {
		worst float64
		at    float32
	}
	type work struct {
		x, y, right []float32
		want        []float64
		found       record
	}
	levels := simd.Levels()[1:]
	found := make([]record, len(levels))
	hands := make([]work, runtime.GOMAXPROCS(0))
	for i := range hands {
		hands[i] = work{x: make([]float32, portion), y: make([]float32, portion), right: make([]float32, portion), want: make([]float64, portion)}
	}
	each := func(run func(h *work, number uint64)) {
		var all sync.WaitGroup
		for i := range hands {
			all.Go(func() { run(&hands[i], uint64(i)) })
		}
		all.Wait()
	}
	stride := step * portion * uint64(len(hands))
	for next := uint64(0); next < 1<<32; next += stride {
		if skip(float64(math.Float32frombits(uint32(next))), next/stride) {
			continue
		}
		each(func(h *work, number uint64) {
			b := next + step*portion*number
			for i := range portion {
				v := math.Float32frombits(uint32(b))
				w := f64(float64(v))
				h.x[i], h.want[i], h.right[i] = v, w, float32(w)
				b += step // beyond the end some numbers come again
			}
		})
		for l, level := range levels {
			back := set(level)
			each(func(h *work, _ uint64) {
				f(h.y, h.x)
				for i, v := range h.y {
					if math.Float32bits(v) == math.Float32bits(h.right[i]) {
						continue
					}
					if u := err(v, h.want[i]); u > h.found.worst || u != u {
						h.found = record{u, h.x[i]}
					}
				}
			})
			back()
			for i := range hands {
				if r := hands[i].found; r.worst > found[l].worst || r.worst != r.worst {
					found[l] = r
				}
				hands[i].found = record{}
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
