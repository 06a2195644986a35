package kernel

import (
	"math"

	"github.com/fathom-ml/fathom/internal/pool"
)

// span is the part of an axis that a window looks at, and 1 divided by the length that counts.
type span struct {
	lo, hi int
	f      float64
}

// spans are the windows along an axis of length n with out results.
func (s Pool) spans(n, out, k, stride, pad int) []span {
	w := make([]span, out)
	for o := range w {
		if s.Adaptive {
			lo, hi := o*n/out, ((o+1)*n+out-1)/out
			w[o] = span{lo, hi, 1 / float64(hi-lo)}
			continue
		}
		lo := o*stride - pad
		count := min(lo+k, n+pad) - lo
		hi := min(lo+k, n)
		lo = max(lo, 0)
		if s.Inside {
			count = hi - lo
		}
		w[o] = span{lo, max(lo, hi), 1 / float64(count)}
	}
	return w
}

// pooler is a pooling at work on planes of h*w numbers and oh*ow results.
type pooler struct {
	Pool
	h, w, oh, ow int
	rows, cols   []span
}

func newPooling(s Pool, x, y View) *pooler {
	p := &pooler{Pool: s, h: x.Shape[2], w: x.Shape[3], oh: y.Shape[2], ow: y.Shape[3]}
	if p.Adaptive && p.h%p.oh == 0 && p.w%p.ow == 0 { // all windows are equal
		p.Adaptive = false
		p.KH, p.KW, p.PadH, p.PadW = p.h/p.oh, p.w/p.ow, 0, 0
		p.StrideH, p.StrideW = p.KH, p.KW
	}
	p.rows = p.spans(p.h, p.oh, p.KH, p.StrideH, p.PadH)
	p.cols = p.spans(p.w, p.ow, p.KW, p.StrideW, p.PadW)
	return p
}

// global says whether the one window is the plane.
func (p *pooler) global() bool {
	return p.oh*p.ow == 1 && p.rows[0] == span{0, p.h, 1 / float64(p.h)} && p.cols[0] == span{0, p.w, 1 / float64(p.w)}
}

// Pool sets y to the maximum or the average of each window of x; a maximum
// leaves its offset inside the plane in arg, if wanted. A NaN wins.
func (CPU) Pool(s Pool, y, x, arg View) {
	if y.Size() == 0 {
		return
	}
	p := newPooling(s, x, y)
	planes := y.Shape[0] * y.Shape[1]
	switch y.DT {
	case Float32:
		p.forward32(planes, data[float32](y), data[float32](x), ints(arg))
	case Float64:
		y, x, arg := data[float64](y), data[float64](x), ints(arg)
		pool.For(planes, max(1, grainDear/(p.h*p.w)), func(lo, hi int) {
			for c := lo; c < hi; c++ {
				if p.Max {
					maxPlane(p, p.out(y, c), p.in(x, c), p.out32(arg, c))
				} else {
					avgPlane(p, p.out(y, c), p.in(x, c))
				}
			}
		})
	default:
		unsupported("pooling", y.DT)
	}
}

// ints are the numbers of a view of Int32, nil for an absent one.
func ints(v View) []int32 {
	if v.P == nil {
		return nil
	}
	return data[int32](v)
}

// in and out are plane c of the images and of the results.
func (p *pooler) in(x []float64, c int) []float64  { return x[c*p.h*p.w : (c+1)*p.h*p.w] }
func (p *pooler) out(y []float64, c int) []float64 { return y[c*p.oh*p.ow : (c+1)*p.oh*p.ow] }
func (p *pooler) out32(a []int32, c int) []int32 {
	if a == nil {
		return nil
	}
	return a[c*p.oh*p.ow : (c+1)*p.oh*p.ow]
}

func maxPlane[T float](p *pooler, y, x []T, arg []int32) {
	for i, r := range p.rows {
		for j, c := range p.cols {
			best, at := T(math.Inf(-1)), -1
		search:
			for k := r.lo; k < r.hi; k++ {
				for l, v := range x[k*p.w+c.lo : k*p.w+c.hi] {
					if v > best || at < 0 || v != v {
						best, at = v, k*p.w+c.lo+l
						if v != v {
							break search
						}
					}
				}
			}
			y[i*p.ow+j] = best
			if arg != nil {
				arg[i*p.ow+j] = int32(at)
			}
		}
	}
}

func avgPlane[T float](p *pooler, y, x []T) {
	for i, r := range p.rows {
		for j, c := range p.cols {
			var sum T
			for k := r.lo; k < r.hi; k++ {
				for _, v := range x[k*p.w+c.lo : k*p.w+c.hi] {
					sum += v
				}
			}
			y[i*p.ow+j] = sum * T(r.f*c.f)
		}
	}
}

// PoolGrad sets dx from dy, and arg for max pooling.
func (CPU) PoolGrad(s Pool, dx, dy, arg View) {
	if dx.Size() == 0 {
		return
	}
	if dy.Size() == 0 {
		CPU{}.Fill(dx, 0)
		return
	}
	p := newPooling(s, dx, dy)
	planes := dx.Shape[0] * dx.Shape[1]
	switch dx.DT {
	case Float32:
		p.backward32(planes, data[float32](dx), data[float32](dy), ints(arg))
	case Float64:
		dx, dy, arg := data[float64](dx), data[float64](dy), ints(arg)
		pool.For(planes, max(1, grainDear/(p.h*p.w)), func(lo, hi int) {
			for c := lo; c < hi; c++ {
				clear(p.in(dx, c))
				if p.Max {
					scatterPlane(p.in(dx, c), p.out(dy, c), p.out32(arg, c))
				} else {
					avgPlaneGrad(p, p.in(dx, c), p.out(dy, c))
				}
			}
		})
	default:
		unsupported("pooling", dx.DT)
	}
}

// scatterPlane adds the gradient of each maximum where it came from.
func scatterPlane[T float](d, g []T, arg []int32) {
	for i, at := range arg {
		if at >= 0 {
			d[at] += g[i]
		}
	}
}

func avgPlaneGrad[T float](p *pooler, d, g []T) {
	for i, r := range p.rows {
		for j, c := range p.cols {
			v := g[i*p.ow+j] * T(r.f*c.f)
			for k := r.lo; k < r.hi; k++ {
				row := d[k*p.w+c.lo : k*p.w+c.hi]
				for l := range row {
					row[l] += v
				}
			}
		}
	}
}
