package pooling

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/fathom-ml/fathom/internal/kernel/guard"
	"github.com/fathom-ml/fathom/internal/kernel/simd"
)

func bits(a, b float32) bool { return a == b || a != a && b != b }

// numbers fills x with few different numbers, so that many are equal, and some special ones.
func numbers(r *rand.Rand, x []float32, special bool) {
	for i := range x {
		x[i] = float32(r.IntN(7) - 3)
		if special && r.IntN(25) == 0 {
			x[i] = []float32{float32(math.NaN()), float32(math.Inf(-1)), float32(math.Inf(1))}[r.IntN(3)]
		}
	}
}

// hold runs f at this level and at level Go on copies of its results, which must agree.
func hold(t *testing.T, what string, n int, y []float32, arg []int32, f func(y []float32, arg []int32)) {
	t.Helper()
	y2, arg2 := slices.Clone(y), slices.Clone(arg)
	level := simd.Active
	f(y, arg)
	simd.Active = simd.Go
	f(y2, arg2)
	simd.Active = level
	if !slices.EqualFunc(y[:n], y2[:n], bits) || !slices.Equal(arg[:n], arg2[:n]) {
		t.Fatalf("%v %s: n %d\n%v %v\nwant\n%v %v", level, what, n, y[:n], arg[:n], y2[:n], arg2[:n])
	}
	if !slices.EqualFunc(y[n:], y2[n:], bits) || !slices.Equal(arg[n:], arg2[n:]) {
		t.Fatalf("%v %s: n %d: wrote beyond", level, what, n)
	}
}

func levels(t *testing.T, f func(t *testing.T)) {
	old := simd.Active
	defer func() { simd.Active = old }()
	for _, l := range simd.Levels()[1:] {
		simd.Active = l
		t.Run(l.String(), f)
	}
}

func TestRows(t *testing.T) {
	levels(t, func(t *testing.T) {
		r := rand.New(rand.NewPCG(1, 9))
		for n := range 70 {
			for k := 1; k < 6; k++ {
				for stride := 1; stride < 4; stride++ {
					m := Room(n)
					x := guard.Floats(t, Reach(m, k, stride), true)
					numbers(r, x, n%2 == 0)
					y, arg := guard.Floats(t, m, true), make([]int32, m)
					hold(t, "MaxRow", m, y, arg, func(y []float32, arg []int32) { MaxRow(n, k, stride, y, arg, x, 1, 2*n) })
					hold(t, "SumRow", m, y, arg, func(y []float32, _ []int32) { SumRow(n, k, stride, y, x) })
				}
			}
		}
	})
}

func TestDown(t *testing.T) {
	levels(t, func(t *testing.T) {
		r := rand.New(rand.NewPCG(1, 9))
		for n := range 70 {
			for rows := 1; rows < 5; rows++ {
				step := Room(n)
				size := max((rows-1)*step+n, 0)
				v, scale := guard.Floats(t, size, true), guard.Floats(t, n, true)
				numbers(r, v, n%2 == 0)
				numbers(r, scale, false)
				at := make([]int32, size)
				for i := range at {
					at[i] = int32(r.IntN(100))
				}
				y, arg := make([]float32, n+20), make([]int32, n+20)
				hold(t, "MaxDown", n, y, arg, func(y []float32, arg []int32) { MaxDown(rows, step, y[:n], arg, v, at, 3, 50) })
				hold(t, "SumDown", n, y, arg, func(y []float32, _ []int32) { SumDown(rows, step, y[:n], v, scale, 0.3) })
			}
		}
	})
}

func TestSums(t *testing.T) {
	levels(t, func(t *testing.T) {
		r := rand.New(rand.NewPCG(1, 9))
		for _, n := range []int{1, 2, 7, 8, 9, 15, 16, 17, 31, 32, 33, 48, 49, 64, 100, 3000} {
			for _, rows := range []int{0, 1, 2, 5, 300} {
				x, y := guard.Floats(t, rows*n, true), guard.Floats(t, rows, true)
				numbers(r, x, false)
				Sums(n, y, x, 0.25)
				for i := range y {
					s := float32(0)
					for _, v := range x[i*n : (i+1)*n] {
						s += v
					}
					if y[i] != s*0.25 { // whole numbers: sums are exact
						t.Fatalf("%d rows of %d: sum %d is %v, want %v", rows, n, i, y[i], s*0.25)
					}
				}
			}
		}
	})
}
