package kernel

import (
	"github.com/fathom-ml/fathom/internal/kernel/update"
	"github.com/fathom-ml/fathom/internal/pool"
)

// Update updates w and the states in place, as the rule of u says.
func (CPU) Update(u Update, w, g View, states [3]View) {
	if n := w.Size(); n < 2*grainCheap {
		updateRun(&u, &w, &g, &states, 0, n)
		return
	}
	updateParallel(u, w, g, states) // whose operands move to the heap
}

func updateParallel(u Update, w, g View, states [3]View) {
	pool.For(w.Size(), grainCheap, func(lo, hi int) { updateRun(&u, &w, &g, &states, lo, hi) })
}

func updateRun(u *Update, w, g *View, states *[3]View, lo, hi int) {
	switch w.DT {
	case Float32:
		update.Step(u.Rule, part[float32](*w, lo, hi), part[float32](*g, lo, hi), parts[float32](u.Rule, states, lo, hi), &u.Numbers)
	case Float64:
		update.Plain(u.Rule, part[float64](*w, lo, hi), part[float64](*g, lo, hi), parts[float64](u.Rule, states, lo, hi), &u.Numbers)
	default:
		unsupported("update", w.DT)
	}
}

// parts is elements [lo, hi) of the states that a rule has.
func parts[T float](r update.Rule, states *[3]View, lo, hi int) (s [3][]T) {
	for k := range update.States[r] {
		s[k] = part[T](states[k], lo, hi)
	}
	return s
}

// squaresChunk is the number of elements of which the squares are summed in one go, whatever the number of threads.
const squaresChunk = 64 << 10

// SumSquares is the sum of the squares of x, accumulated in float64 by chunks.
func (CPU) SumSquares(x View) float64 {
	if x.Size() == 0 {
		return 0
	}
	x = densed(x)
	if n := x.Size(); n > squaresChunk {
		return squaresParallel(x, n)
	}
	return squaresOf(x, 0, x.Size())
}

func squaresParallel(x View, n int) float64 {
	sums := make([]float64, (n+squaresChunk-1)/squaresChunk)
	pool.For(len(sums), 1, func(lo, hi int) {
		for k := lo; k < hi; k++ {
			sums[k] = squaresOf(x, k*squaresChunk, min((k+1)*squaresChunk, n))
		}
	})
	total := 0.0
	for _, s := range sums {
		total += s
	}
	return total
}

func squaresOf(x View, lo, hi int) float64 {
	switch x.DT {
	case Float32:
		return update.SumSquares(part[float32](x, lo, hi))
	case Float64:
		return update.PlainSquares(part[float64](x, lo, hi))
	}
	unsupported("sum of squares", x.DT)
	return 0
}
