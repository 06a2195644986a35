package norm

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/fathom-ml/fathom/internal/kernel/guard"
	"github.com/fathom-ml/fathom/internal/kernel/simd"
)

// operands are slices of n numbers each that the routines read and write.
type operands struct {
	v   [8][]float32
	sum [2]float64
}

// routines runs each function on the first n numbers; a table has three rows.
var routines = map[string]func(o *operands, n int){
	"Moments":  func(o *operands, n int) { o.sum[0], o.sum[1] = Moments(o.v[0][:n], 0.25) },
	"Center":   func(o *operands, n int) { Center(o.v[0][:n], o.v[1], 0.25, 1.5, -2) },
	"Dots":     func(o *operands, n int) { o.sum[0], o.sum[1] = Dots(o.v[0][:n], o.v[1], 0.25) },
	"Back":     func(o *operands, n int) { Back(o.v[0][:n], o.v[1], o.v[2], 0.25, 1.5, -2, 0.5) },
	"RowApply": func(o *operands, n int) { RowApply(o.v[0][:n], o.v[1], o.v[2], o.v[3], 0.25, 1.5) },
	"Row": func(o *operands, n int) {
		if n > 0 {
			m, v := Row(o.v[0][:n], o.v[1], o.v[2], o.v[3], 0.01)
			o.sum[0], o.sum[1] = float64(m), float64(v)
		}
	},
	"RowDots": func(o *operands, n int) {
		o.sum[0], o.sum[1] = RowDots(o.v[0][:n], o.v[1], o.v[2], o.v[3], o.v[4], 0.25, 1.5)
	},
	"RowBack": func(o *operands, n int) { RowBack(o.v[0][:n], o.v[1], o.v[2], o.v[3], 0.25, 1.5, -2, 0.5) },
	"ColMoments": func(o *operands, n int) {
		table(n, func(r, s, n int) { ColMoments(r, s, o.v[0], o.v[1], o.v[2][:n], o.v[3]) })
	},
	"ColApply": func(o *operands, n int) {
		table(n, func(r, s, n int) { ColApply(r, s, o.v[0], o.v[1], o.v[2][:n], o.v[3], o.v[4]) })
	},
	"ColDots": func(o *operands, n int) {
		table(n, func(r, s, n int) { ColDots(r, s, o.v[0], o.v[1], o.v[2], o.v[3][:n], o.v[4]) })
	},
	"ColBack": func(o *operands, n int) {
		table(n, func(r, s, n int) { ColBack(r, s, o.v[0], o.v[1], o.v[2], o.v[3][:n], o.v[4], o.v[5], o.v[6]) })
	},
}

// table makes n numbers a table of up to three rows with a gap between them.
func table(n int, f func(rows, stride, n int)) {
	switch {
	case n > 8:
		f(3, n/3, n/3-1)
	case n > 0:
		f(1, n, n)
	}
}

// fill puts small numbers into all slices, and with odd set a few that spread.
func (o *operands) fill(r *rand.Rand, odd bool) {
	for _, v := range o.v {
		for i := range v {
			v[i] = float32(r.NormFloat64())
			if odd && r.IntN(40) == 0 {
				v[i] = []float32{float32(math.NaN()), float32(math.Inf(1)), float32(math.Inf(-1)), 1e-40, float32(math.Copysign(0, -1))}[r.IntN(5)]
			}
		}
	}
}

func near(a, b, tol float64) bool {
	return a == b || a != a && b != b || math.Abs(a-b) <= tol*(1+math.Abs(b))
}

// hold compares a routine with its definition at n numbers.
func hold(t *testing.T, name string, got *operands, n int, seed uint64, odd bool) {
	t.Helper()
	var want operands
	got.fill(rand.New(rand.NewPCG(seed, 1)), odd)
	for i, v := range got.v {
		want.v[i] = append([]float32(nil), v...)
	}
	level := simd.Active
	routines[name](got, n)
	simd.Active = simd.Go
	routines[name](&want, n)
	simd.Active = level
	tol := 4e-6
	for i := range got.sum {
		// what both call infinite or not a number may come about in another order
		if wild := math.IsInf(want.sum[i], 0) || math.IsNaN(want.sum[i]); wild && (math.IsInf(got.sum[i], 0) || math.IsNaN(got.sum[i])) {
			continue
		}
		if !near(got.sum[i], want.sum[i], tol*(10+math.Sqrt(float64(n)))) {
			t.Fatalf("%v %s: n %d: sum %d is %v, want %v", level, name, n, i, got.sum[i], want.sum[i])
		}
	}
	for i := range got.v {
		for j := range got.v[i] {
			if !near(float64(got.v[i][j]), float64(want.v[i][j]), tol) {
				t.Fatalf("%v %s: n %d: operand %d, number %d is %v, want %v", level, name, n, i, j, got.v[i][j], want.v[i][j])
			}
		}
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

func TestAgainstDefinition(t *testing.T) {
	levels(t, func(t *testing.T) {
		for name := range routines {
			for n := range 150 {
				for off := range 2 {
					var o operands
					for i := range o.v {
						o.v[i] = make([]float32, n+8+off)[off:]
					}
					hold(t, name, &o, n, uint64(n), off == 1)
				}
			}
			for _, n := range []int{4095, 4096, 4097, 20000, 70001} {
				var o operands
				for i := range o.v {
					o.v[i] = make([]float32, n)
				}
				hold(t, name, &o, n, uint64(n), false)
			}
		}
	})
}

func TestGuardPages(t *testing.T) {
	levels(t, func(t *testing.T) {
		const most = 160
		for _, before := range []bool{true, false} {
			var whole [8][]float32
			for i := range whole {
				whole[i] = guard.Floats(t, most, before)
			}
			for name := range routines {
				for n := range most {
					var o operands
					for i, w := range whole {
						if o.v[i] = w[:n]; before {
							o.v[i] = w[most-n:]
						}
					}
					hold(t, name, &o, n, uint64(n), false)
				}
			}
		}
	})
}

// In place: a result that is its operand.
func TestInPlace(t *testing.T) {
	levels(t, func(t *testing.T) {
		x := make([]float32, 1000)
		for i := range x {
			x[i] = float32(i % 17)
		}
		y, z := make([]float32, 1000), append([]float32(nil), x...)
		Center(y, x, 3, 2, 1)
		Center(z, z, 3, 2, 1)
		d, e := make([]float32, 1000), append([]float32(nil), x...)
		Back(d, x, y, 3, 2, 1, 0.5)
		Back(e, e, y, 3, 2, 1, 0.5)
		for i := range x {
			if y[i] != z[i] || d[i] != e[i] {
				t.Fatal(i, y[i], z[i], d[i], e[i])
			}
		}
	})
}

func BenchmarkRows(b *testing.B) {
	x, y, g := make([]float32, 512), make([]float32, 512), make([]float32, 512)
	b.Run("Moments512", func(b *testing.B) {
		for b.Loop() {
			Moments(x, 0)
		}
	})
	b.Run("Apply512", func(b *testing.B) {
		for b.Loop() {
			RowApply(y, x, g, g, 0, 1)
		}
	})
}
