package kerneltest

import (
	"math"
	"slices"

	"github.com/fathom-ml/fathom/internal/kernel"
)

// folded is x folded by f from start over the axes where shape has length 1.
func folded(x *box, shape []int, start float64, f func(a, v float64) float64) []float64 {
	n := 1
	for _, d := range shape {
		n *= d
	}
	y := slices.Repeat([]float64{start}, n)
	for i := range x.off {
		r, o, st := i, 0, 1
		for k := len(shape) - 1; k >= 0; k-- {
			j := r % x.Shape[k]
			r /= x.Shape[k]
			if shape[k] > 1 {
				o += j * st
			}
			st *= shape[k]
		}
		y[o] = f(y[o], x.get(i))
	}
	return y
}

func (s *suite) reduce() {
	sum := func(a, v float64) float64 { return a + v }
	prod := func(a, v float64) float64 { return a * v }
	big := func(a, v float64) float64 { return max(a, v) }
	small := func(a, v float64) float64 { return min(a, v) }
	for _, c := range []struct {
		op    kernel.ReduceOp
		start float64
		f     func(a, v float64) float64
	}{
		{kernel.ReduceSum, 0, sum}, {kernel.ReduceProd, 1, prod},
		{kernel.ReduceMax, math.Inf(-1), big}, {kernel.ReduceMin, math.Inf(1), small},
		{kernel.ReduceAny, 0, big}, {kernel.ReduceAll, 1, small},
	} {
		logic := c.op == kernel.ReduceAny || c.op == kernel.ReduceAll
		limits := c.op == kernel.ReduceMax || c.op == kernel.ReduceMin
		for _, dt := range all {
			if logic != (dt == kernel.Bool) || c.op == kernel.ReduceProd && !dt.IsFloat() {
				continue
			}
			for range 4 * rounds {
				sh := s.shape()
				out := slices.Clone(sh)
				for i := range out {
					if s.r.IntN(2) == 0 {
						out[i] = 1
					}
				}
				x, y := s.random(dt, sh, anyhow, s.some(sh)...), s.box(dt, out, anyhow)
				if dt == kernel.Uint8 || dt == kernel.Int8 { // sums must fit
					x = s.with(dt, sh, anyhow, func(i int) float64 { return truth(i%9 == 0) })
				}
				if limits && x.Size() == 0 {
					continue
				}
				s.dev.Reduce(c.op, y.View, x.View)
				ulps := 0.0
				if dt.IsFloat() && !limits {
					ulps = 40
				}
				s.check(label(c.op, dt), y, folded(x, out, c.start, c.f), ulps)
			}
		}
	}
}

// longSum holds sums of many numbers to a tight bound, both along rows and
// along columns.
func (s *suite) longSum() {
	const tenth = 0x1.99999ap-4 // a float32, so that float64 sums are exact
	for _, dt := range floats {
		for _, sh := range [][3]int{{1, 300001, 1}, {3, 50001, 1}, {1, 70001, 5}, {40, 3000, 1}, {2, 999, 130}} {
			for _, l := range []layout{flat, permuted, reversed} {
				shape, out := sh[:], []int{sh[0], 1, sh[2]}
				x := s.with(dt, shape, l, func(i int) float64 { return tenth + float64(i%7) })
				y := s.box(dt, out, flat)
				s.dev.Reduce(kernel.ReduceSum, y.View, x.View)
				want := folded(x, out, 0, func(a, v float64) float64 { return a + v })
				ulps := 4.0
				if dt == kernel.Float64 {
					ulps = 0
				}
				s.check("long sum", y, want, ulps)
			}
		}
	}
}

// along calls f for each line of x along axis: the indices of its elements in
// row-major order.
func along(shape []int, axis int, f func(line int, at []int)) {
	inner := 1
	for _, d := range shape[axis+1:] {
		inner *= d
	}
	outer := 1
	for _, d := range shape[:axis] {
		outer *= d
	}
	for o := range outer {
		for i := range inner {
			at := make([]int, shape[axis])
			for k := range at {
				at[k] = (o*shape[axis]+k)*inner + i
			}
			f(o*inner+i, at)
		}
	}
}

func (s *suite) argReduce() {
	for _, op := range []kernel.ReduceOp{kernel.ReduceMax, kernel.ReduceMin} {
		for _, dt := range all {
			for range rounds {
				sh := s.shape()
				if len(sh) == 0 {
					continue
				}
				axis := s.r.IntN(len(sh))
				x := s.random(dt, sh, anyhow)
				if sh[axis] == 0 {
					continue
				}
				out := slices.Clone(sh)
				out[axis] = 1
				y := s.box(kernel.Int64, out, anyhow)
				s.dev.ArgReduce(op, y.View, x.View, axis)
				want := make([]float64, y.Size())
				along(sh, axis, func(line int, at []int) {
					best := 0
					for j, i := range at {
						if v, b := x.get(i), x.get(at[best]); op == kernel.ReduceMax && v > b || op == kernel.ReduceMin && v < b {
							best = j
						}
					}
					want[line] = float64(best)
				})
				s.check(label(op, dt), y, want, 0)
			}
		}
	}
}

// longLines tests the indices of extrema and running folds on lines and columns that are long, some with a NaN.
func (s *suite) longLines() {
	for _, sh := range [][]int{{3, 5, 700}, {2, 3000}, {40, 9}, {1, 520}} {
		for axis := range sh {
			for _, dt := range []kernel.DType{kernel.Float32, kernel.Float64, kernel.Int32} {
				for turn := range 4 {
					x := s.random(dt, sh, flat)
					if dt.IsFloat() && turn > 1 {
						x.set(s.r.IntN(x.Size()), math.NaN())
						x.set(s.r.IntN(x.Size()), math.Inf(1))
					}
					out := slices.Clone(sh)
					out[axis] = 1
					y := s.box(kernel.Int64, out, flat)
					op := []kernel.ReduceOp{kernel.ReduceMax, kernel.ReduceMin}[turn%2]
					s.dev.ArgReduce(op, y.View, x.View, axis)
					want := make([]float64, y.Size())
					along(sh, axis, func(line int, at []int) {
						best := 0
						for j, i := range at {
							v, b := x.get(i), x.get(at[best])
							if b == b && (v != v || op == kernel.ReduceMax && v > b || op == kernel.ReduceMin && v < b) {
								best = j
							}
						}
						want[line] = float64(best)
					})
					s.check(label(op, dt)+" index", y, want, 0)
					if op == kernel.ReduceMin {
						continue
					}
					z := s.box(dt, sh, flat)
					s.dev.Scan(op, z.View, x.View, axis, turn > 1)
					all := make([]float64, z.Size())
					along(sh, axis, func(_ int, at []int) {
						if turn > 1 {
							slices.Reverse(at)
						}
						acc := x.get(at[0])
						for _, i := range at {
							acc = max(acc, x.get(i))
							all[i] = acc
						}
					})
					s.check(label(op, dt)+" scan", z, all, 0)
				}
			}
		}
	}
}

func (s *suite) scan() {
	ops := map[kernel.ReduceOp]func(a, v float64) float64{
		kernel.ReduceSum:  func(a, v float64) float64 { return a + v },
		kernel.ReduceProd: func(a, v float64) float64 { return a * v },
		kernel.ReduceMax:  func(a, v float64) float64 { return max(a, v) },
		kernel.ReduceMin:  func(a, v float64) float64 { return min(a, v) },
	}
	for op, f := range ops {
		for _, dt := range numbers {
			if op == kernel.ReduceProd && !dt.IsFloat() {
				continue
			}
			for range rounds {
				sh := s.shape()
				if len(sh) == 0 {
					continue
				}
				axis, back := s.r.IntN(len(sh)), s.r.IntN(2) == 0
				x, y := s.random(dt, sh, anyhow), s.box(dt, sh, anyhow)
				s.dev.Scan(op, y.View, x.View, axis, back)
				want := make([]float64, y.Size())
				along(sh, axis, func(_ int, at []int) {
					if back {
						slices.Reverse(at)
					}
					for k, i := range at {
						if want[i] = x.get(i); k > 0 {
							want[i] = f(want[at[k-1]], x.get(i))
						}
					}
				})
				s.check(label(op, dt)+" scan", y, want, 40)
			}
		}
	}
}

func (s *suite) recur() {
	for _, dt := range floats {
		for range 4 * rounds {
			sh := s.shape()
			if len(sh) == 0 {
				continue
			}
			axis, back := s.r.IntN(len(sh)), s.r.IntN(2) == 0
			a, b, y := s.random(dt, sh, anyhow), s.random(dt, sh, anyhow), s.box(dt, sh, anyhow)
			s.dev.Recur(y.View, a.View, b.View, axis, back)
			want, size := make([]float64, y.Size()), make([]float64, y.Size())
			along(sh, axis, func(_ int, at []int) {
				if back {
					slices.Reverse(at)
				}
				for k, i := range at {
					want[i], size[i] = b.get(i), math.Abs(b.get(i))
					if k > 0 {
						want[i] += a.get(i) * want[at[k-1]]
						size[i] += math.Abs(a.get(i)) * size[at[k-1]]
					}
				}
			})
			// sums may cancel: rounding counts against the size of the terms
			for i := range want {
				if got := y.get(i); math.Abs(got-want[i]) <= 1e-6*size[i] {
					want[i] = got
				}
			}
			s.check("recur "+dt.String(), y, want, 40)
		}
	}
}
