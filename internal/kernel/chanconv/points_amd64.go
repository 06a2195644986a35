//go:build amd64 && !noasm

package chanconv

import "github.com/fathom-ml/fathom/internal/pool"

// sparse says whether windows are points with strides, which leave out most of x.
func (s *Shape) sparse() bool {
	return s.KH == 1 && s.KW == 1 && s.PadH == 0 && s.PadW == 0 && s.StrideH*s.StrideW > 1
}

// dense is the same convolution of the pixels that count alone.
func (s *Shape) dense() Shape {
	d := *s
	d.H, d.W, d.StrideH, d.StrideW = s.OH, s.OW, 1, 1
	return d
}

// pick returns in buf the pixels of x that count.
func (s *Shape) pick(buf *[]float32, x []float32) []float32 {
	*buf = grow(*buf, s.N*s.CI*s.OH*s.OW)
	d := *buf
	s.eachRow(func(from, to int) {
		row := x[from : from+(s.OW-1)*s.StrideW+1]
		for i := range d[to : to+s.OW] {
			d[to+i] = row[i*s.StrideW]
		}
	})
	return d
}

// put sets dx to the pixels d that count, and zeros.
func (s *Shape) put(dx, d []float32) {
	clear(dx)
	s.eachRow(func(to, from int) {
		row := dx[to : to+(s.OW-1)*s.StrideW+1]
		for i, v := range d[from : from+s.OW] {
			row[i*s.StrideW] = v
		}
	})
}

// eachRow calls f with where each row that counts starts in x, and among the pixels that count.
func (s *Shape) eachRow(f func(x, dense int)) {
	pool.For(s.N*s.CI, minWork/(s.OH*s.OW)+1, func(lo, hi int) {
		for i := lo; i < hi; i++ {
			for r := range s.OH {
				f((i*s.H+r*s.StrideH)*s.W, (i*s.OH+r)*s.OW)
			}
		}
	})
}
