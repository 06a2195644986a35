package kerneltest

import (
	"cmp"
	"math"
	"slices"

	"github.com/fathom-ml/fathom/internal/kernel"
)

// gatherMany tests Gather, Scatter and ScatterFold with indices of several axes and shapes.
func (s *suite) gatherMany() {
	for _, dt := range stored {
		for turn := range 2 * rounds {
			k := 1 + s.r.IntN(3)
			sh := s.shape()
			for len(sh) < k {
				sh = append(sh, 1+s.r.IntN(5))
			}
			for i := range k {
				sh[i] = max(1, sh[i])
			}
			ish := s.shape()
			if len(ish) > 2 {
				ish = ish[:2]
			}
			if turn == 0 && dt == kernel.Float32 { // worth threads
				k, sh, ish = 1, []int{40, 3, 700}, []int{40}
			}
			idx := make([]kernel.View, k)
			boxes := make([]*box, k)
			for i := range k {
				it := []kernel.DType{kernel.Int64, kernel.Int32}[s.r.IntN(2)]
				boxes[i] = s.with(it, ish, anyhow, func(int) float64 { return float64(s.r.IntN(sh[i])) }, s.some(ish)...)
				idx[i] = boxes[i].View
			}
			row := 1
			for _, d := range sh[k:] {
				row *= d
			}
			at := func(i int) int { // the element of x for element i of y
				o := 0
				for a := range k {
					o = o*sh[a] + int(boxes[a].get(i/row))
				}
				return o*row + i%row
			}
			x, y := s.random(dt, sh, anyhow), s.box(dt, append(slices.Clone(ish), sh[k:]...), anyhow)
			s.dev.Gather(y.View, x.View, idx...)
			want := make([]float64, y.Size())
			for i := range want {
				want[i] = x.get(at(i))
			}
			s.check("gather", y, want, 0)

			v := s.random(dt, y.Shape, anyhow, s.some(y.Shape)...)
			for _, op := range []kernel.BinaryOp{kernel.Add, kernel.Maximum, kernel.Mul} {
				if dt == kernel.Bool || dt == kernel.Uint8 || dt == kernel.Int8 || dt.IsHalf() || dt.IsComplex() && op == kernel.Maximum ||
					op == kernel.Mul && (len(want) > 500 || !dt.IsFloat()) {
					continue
				}
				z := s.random(dt, sh, anyhow)
				want, scale := z.values(), 0.0
				for i := range v.off {
					p := &want[at(i)]
					switch op {
					case kernel.Add:
						*p += v.get(i)
					case kernel.Mul:
						*p = round(dt, *p*v.get(i))
					default:
						*p = max(*p, v.get(i))
					}
					scale = max(scale, math.Abs(*p))
				}
				s.dev.ScatterFold(op, z.View, v.View, idx...)
				s.check(label(op, dt), z, want, 500*max(1, scale))
			}
			want = x.values()
			for i := range v.off {
				want[at(i)] = v.get(i)
			}
			s.dev.Scatter(x.View, v.View, idx...)
			s.check("scatter", x, want, 0)
		}
	}
}

// order compares as sorting does: NaN is the largest, -0 equals 0.
func order(a, b float64) int {
	switch {
	case a != a && b != b:
		return 0
	case a != a:
		return 1
	case b != b:
		return -1
	}
	return cmp.Compare(a, b)
}

func (s *suite) sortable(dt kernel.DType, shape []int) *box {
	return s.with(dt, shape, anyhow, func(int) float64 {
		if k := s.r.IntN(20); dt.IsFloat() && k < 5 {
			return []float64{math.NaN(), math.Inf(1), math.Inf(-1), math.Copysign(0, -1), 0}[k]
		}
		return s.number(dt)
	})
}

func (s *suite) argSort() {
	for _, dt := range stored {
		for turn := range 2 * rounds {
			sh := s.shape()
			if len(sh) == 0 || dt.IsComplex() {
				continue
			}
			axis, down := s.r.IntN(len(sh)), turn%2 == 0
			x, y := s.sortable(dt, sh), s.box(kernel.Int64, sh, anyhow)
			s.dev.ArgSort(y.View, x.View, axis, down)
			want := make([]float64, y.Size())
			along(sh, axis, func(line int, at []int) {
				rank := make([]int, len(at))
				for i := range rank {
					rank[i] = i
				}
				slices.SortStableFunc(rank, func(i, j int) int {
					if down {
						i, j = j, i
					}
					return order(x.get(at[i]), x.get(at[j]))
				})
				for i, r := range rank {
					want[at[i]] = float64(r)
				}
			})
			s.check("argsort", y, want, 0)
		}
	}
}

func (s *suite) searchSorted() {
	for _, dt := range stored {
		for turn := range 2 * rounds {
			sh := s.shape()
			if len(sh) == 0 || dt.IsComplex() {
				continue
			}
			n, last := s.r.IntN(20), len(sh)-1
			table := s.sortable(dt, append(slices.Clone(sh[:last]), n))
			for r := 0; r < len(table.off); r += max(n, 1) {
				row := table.values()[r : r+n]
				slices.SortFunc(row, order)
				for i, v := range row {
					table.set(r+i, v)
				}
			}
			x, y := s.sortable(dt, sh), s.box(kernel.Int64, sh, anyhow)
			right := turn%2 == 0
			s.dev.SearchSorted(y.View, table.View, x.View, right)
			want := make([]float64, y.Size())
			for i := range want {
				for j := range n {
					c := order(table.get(i/sh[last]*n+j), x.get(i))
					want[i] += truth(c < 0 || right && c == 0)
				}
			}
			s.check("searchsorted", y, want, 0)
		}
	}
}
