package kerneltest

import (
	"math"

	"github.com/fathom-ml/fathom/internal/kernel"
)

func act(a kernel.Activation, v float64) float64 {
	switch a {
	case kernel.ActReLU:
		return max(v, 0)
	case kernel.ActSigmoid:
		return sigmoid(v)
	case kernel.ActTanh:
		return math.Tanh(v)
	case kernel.ActGELU:
		return v / 2 * math.Erfc(-v/math.Sqrt2)
	case kernel.ActGELUTanh:
		return v / 2 * (1 + math.Tanh(math.Sqrt(2/math.Pi)*(v+0.044715*v*v*v)))
	}
	return v
}

// wrapped is v as small integers wrap it.
func wrapped(dt kernel.DType, v float64) float64 {
	switch dt {
	case kernel.Uint8:
		return float64(uint8(int(v)))
	case kernel.Int8:
		return float64(int8(int(v)))
	}
	return v
}

func (s *suite) gemm() {
	sizes := []int{0, 1, 2, 3, 4, 5, 7, 8, 12, 13, 16, 17, 31, 33, 48, 65, 100}
	pick := func() int { return sizes[s.r.IntN(len(sizes))] }
	for i := range 20 * rounds {
		dt := floats[i%2]
		switch i % 6 {
		case 4:
			dt = numbers[2+i/6%4]
		case 5:
			dt = []kernel.DType{kernel.BFloat16, kernel.Float16}[i/6%2]
		}
		m, n, k := pick(), pick(), pick()
		if i < 6 {
			m, n, k = 90+i, 85, 70 // threads
		}
		if i == 6 {
			m, n, k = 3, 70, 1100 // several blocks of k
		}
		var batch []int
		for range s.r.IntN(3) {
			batch = append(batch, 1+s.r.IntN(3))
		}
		at := func(dims ...int) []int { return append(append([]int{}, batch...), dims...) }
		var ba, bb []int // broadcast batches
		for i := range batch {
			switch s.r.IntN(4) {
			case 0:
				ba = append(ba, i)
			case 1:
				bb = append(bb, i)
			}
		}
		a, b := s.random(dt, at(m, k), anyhow, ba...), s.random(dt, at(k, n), anyhow, bb...)
		c := s.random(dt, at(m, n), flat)
		if s.r.IntN(2) == 0 && c.Size() > 0 { // rows apart
			wide := s.random(dt, at(m, n+3), flat)
			c = &box{View: wide.View, block: wide.block, bytes: wide.bytes}
			c.Shape[len(c.Shape)-1] = n
			for i, o := range wide.off {
				if i%(n+3) < n {
					c.off = append(c.off, o)
				} else { // what lies between is guarded
					for k := range dt.Size() {
						*at8(wide, o+k) = guard
					}
				}
			}
		}
		acc := s.r.IntN(3) == 0
		var ep kernel.Epilogue
		bias := s.random(dt, []int{n}, flat)
		if s.r.IntN(2) == 0 {
			ep.Bias = bias.P
		}
		ep.Act = kernel.Activation(s.r.IntN(6))
		if !dt.IsFloat() {
			ep = kernel.Epilogue{}
		}
		want := c.values()
		for i := range want {
			g, r, q := i/(m*n), i/n%m, i%n
			sum := 0.0
			for l := range k {
				sum += a.get(g*m*k+r*k+l) * b.get(g*k*n+l*n+q)
			}
			if acc {
				sum += want[i]
			}
			if ep.Bias != nil {
				sum += bias.get(q)
			}
			want[i] = wrapped(dt, act(ep.Act, sum))
		}
		s.dev.Gemm(c.View, a.View, b.View, acc, ep)
		ulps := 40 + 2*float64(k)
		switch dt { // one rounding of the result; eps is that of float32
		case kernel.BFloat16:
			ulps = 0x1p16
		case kernel.Float16:
			ulps += 0x1p13
		}
		s.check("gemm", c, want, ulps)
	}
}

func (s *suite) gather() {
	for _, it := range []kernel.DType{kernel.Int64, kernel.Int32} {
		for _, dt := range stored {
			for i := range rounds {
				sh := append([]int{1 + s.r.IntN(9)}, s.shape()...)
				if i == 0 {
					sh = []int{50, 700}
				}
				n := s.r.IntN(40)
				x := s.random(dt, sh, anyhow)
				idx := s.with(it, []int{n}, flat, func(int) float64 { return float64(s.r.IntN(sh[0])) })
				out := append([]int{n}, sh[1:]...)
				y := s.box(dt, out, anyhow)
				s.dev.Gather(y.View, x.View, idx.View)
				row := x.Size() / sh[0]
				want := make([]float64, y.Size())
				for i := range want {
					want[i] = x.get(int(idx.get(i/row))*row + i%row)
				}
				s.check("gather", y, want, 0)
				if dt == kernel.Bool || dt == kernel.Uint8 || dt == kernel.Int8 || dt.IsHalf() || dt == kernel.Complex64 {
					continue
				}
				sum := x.values()
				for i := range want {
					sum[int(idx.get(i/row))*row+i%row] += want[i]
				}
				s.dev.ScatterFold(kernel.Add, x.View, y.View, idx.View)
				s.check("scatter add", x, sum, 60)
			}
		}
	}
}
