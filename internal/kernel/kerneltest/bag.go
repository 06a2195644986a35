package kerneltest

import (
	"math"

	"github.com/fathom-ml/fathom/internal/kernel"
)

// bags tests GatherFold.
func (s *suite) bags() {
	for _, dt := range floats {
		for turn := range 4 * rounds {
			rows, n, count := 1+s.r.IntN(9), 1+s.r.IntN(70), 1+s.r.IntN(12)
			it := []kernel.DType{kernel.Int64, kernel.Int32}[s.r.IntN(2)]
			bounds := []float64{0}
			for range count {
				bounds = append(bounds, bounds[len(bounds)-1]+float64(s.r.IntN(4)))
			}
			total := int(bounds[count])
			idx := s.with(it, []int{total}, flat, func(int) float64 { return float64(s.r.IntN(rows)) })
			first := s.with(it, []int{count + 1}, flat, func(i int) float64 { return bounds[i] })
			x, y, arg := s.random(dt, []int{rows, n}, flat), s.box(dt, []int{count, n}, flat), s.box(kernel.Int64, []int{count, n}, flat)
			if turn%4 == 3 {
				x.set(s.r.IntN(rows*n), math.NaN())
			}
			sum, best, from := make([]float64, count*n), make([]float64, count*n), make([]float64, count*n)
			for i := range count {
				for j := int(bounds[i]); j < int(bounds[i+1]); j++ {
					for k := range n {
						r := int(idx.get(j))
						v, o := x.get(r*n+k), i*n+k
						sum[o] += v
						if j == int(bounds[i]) || v > best[o] || v != v && best[o] == best[o] {
							best[o], from[o] = v, float64(r)
						}
					}
				}
			}
			s.dev.GatherFold(kernel.ReduceSum, y.View, x.View, idx.View, first.View, kernel.View{})
			s.check("bags of sums", y, sum, 40)
			s.dev.GatherFold(kernel.ReduceMax, y.View, x.View, idx.View, first.View, kernel.View{})
			s.check("bags of maxima", y, best, 0)
			s.dev.GatherFold(kernel.ReduceMax, y.View, x.View, idx.View, first.View, arg.View)
			s.check("bags of maxima with arg", y, best, 0)
			s.check("arg of bags", arg, from, 0)
		}
	}
}
