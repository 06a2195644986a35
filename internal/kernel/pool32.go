package kernel

import (
	"github.com/fathom-ml/fathom/internal/kernel/pooling"
	"github.com/fathom-ml/fathom/internal/kernel/vec"
	"github.com/fathom-ml/fathom/internal/pool"
)

// This file pools float32 planes through package pooling: along the rows, whose results lie in
// buffers, then down the columns.

func (p *pooler) in32(x []float32, c int) []float32 { return x[c*p.h*p.w : (c+1)*p.h*p.w] }
func (p *pooler) outF(y []float32, c int) []float32 { return y[c*p.oh*p.ow : (c+1)*p.oh*p.ow] }

// planes calls do for runs of planes, on the workers.
func (p *pooler) planes(n int, do func(lo, hi int)) {
	pool.For(n, max(1, grainDear/max(p.h*p.w, p.oh*p.ow)), do)
}

func (p *pooler) forward32(n int, y, x []float32, arg []int32) {
	switch {
	case p.global() && p.Max:
		p.planes(n, func(lo, hi int) { p.globalMax(lo, hi, y, x, arg) })
	case p.global():
		p.planes(n, func(lo, hi int) {
			pooling.Sums(p.h*p.w, y[lo:hi], x[lo*p.h*p.w:hi*p.h*p.w], float32(1/float64(p.h*p.w)))
		})
	case p.Adaptive:
		p.planes(n, func(lo, hi int) {
			for c := lo; c < hi; c++ {
				if p.Max {
					maxPlane(p, p.outF(y, c), p.in32(x, c), p.out32(arg, c))
				} else {
					avgPlane(p, p.outF(y, c), p.in32(x, c))
				}
			}
		})
	case p.Max:
		p.planes(n, func(lo, hi int) { p.max32(lo, hi, y, x, arg) })
	case p.isHalving():
		p.planes(n, func(lo, hi int) {
			for c := lo; c < hi; c++ {
				avgHalf(p.outF(y, c), p.in32(x, c), p.w, p.ow)
			}
		})
	default:
		p.planes(n, func(lo, hi int) { p.avg32(lo, hi, y, x) })
	}
}

func (p *pooler) backward32(n int, dx, dy []float32, arg []int32) {
	switch {
	case p.Max:
		p.planes(n, func(lo, hi int) {
			clear(dx[lo*p.h*p.w : hi*p.h*p.w])
			for c := lo; c < hi; c++ {
				scatterPlane(p.in32(dx, c), p.outF(dy, c), p.out32(arg, c))
			}
		})
	case p.global():
		f := float32(1 / float64(p.h*p.w))
		p.planes(n, func(lo, hi int) {
			for c := lo; c < hi; c++ {
				vec.Fill(p.in32(dx, c), dy[c]*f)
			}
		})
	case p.Adaptive:
		p.planes(n, func(lo, hi int) {
			clear(dx[lo*p.h*p.w : hi*p.h*p.w])
			for c := lo; c < hi; c++ {
				avgPlaneGrad(p, p.in32(dx, c), p.outF(dy, c))
			}
		})
	case p.isHalving():
		p.planes(n, func(lo, hi int) {
			for c := lo; c < hi; c++ {
				avgHalfGrad(p.in32(dx, c), p.outF(dy, c), p.w, p.ow)
			}
		})
	default:
		p.planes(n, func(lo, hi int) { p.avgGrad32(lo, hi, dx, dy) })
	}
}

// globalMax finds the largest number of planes [lo, hi), or the first NaN.
func (p *pooler) globalMax(lo, hi int, y, x []float32, arg []int32) {
	for c := lo; c < hi; c++ {
		plane := p.in32(x, c)
		y[c] = vec.MaxOf(plane)
		if arg == nil {
			continue
		}
		for i, v := range plane {
			if v == y[c] || v != v {
				arg[c] = int32(i)
				break
			}
		}
	}
}

// rowOf is memory with row r of plane c of x in it, from PadW numbers before it on and as far as package
// pooling may load; what lies beyond the row means nothing. It is x itself, or buf near the ends of x.
func (p *pooler) rowOf(x []float32, c, r int, buf []float32) []float32 {
	o := (c*p.h+r)*p.w - p.PadW
	if o >= 0 && o+len(buf) <= len(x) {
		return x[o : o+len(buf)]
	}
	copy(buf[p.PadW:], x[o+p.PadW:o+p.PadW+p.w])
	return buf
}

// edges are the columns whose windows reach beyond the row.
func (p *pooler) edges() (cols []int) {
	for j, s := range p.cols {
		if s.hi-s.lo < p.KW {
			cols = append(cols, j)
		}
	}
	return cols
}

// max32 does planes [lo, hi).
func (p *pooler) max32(lo, hi int, y, x []float32, arg []int32) {
	step, rows := pooling.Room(p.ow), p.rows[p.oh-1].hi
	buf, back := borrowed[float32](max(pooling.Reach(p.ow, p.KW, p.StrideW), p.PadW+p.w))
	defer back()
	clear(buf)
	v, back := borrowed[float32](rows * step)
	defer back()
	at, back := borrowed[int32](rows * step)
	defer back()
	unwanted, back := borrowed[int32](p.ow)
	defer back()
	edges := p.edges()
	for c := lo; c < hi; c++ {
		for r := range rows {
			v, at := v[r*step:(r+1)*step], at[r*step:(r+1)*step]
			pooling.MaxRow(p.ow, p.KW, p.StrideW, v, at, p.rowOf(x, c, r, buf), p.PadW, p.w-1)
			o := (c*p.h + r) * p.w
			for _, j := range edges {
				s := p.cols[j]
				v[j], at[j] = x[o+s.lo], int32(s.lo)
				for k := s.lo + 1; k < s.hi; k++ {
					if w := x[o+k]; w > v[j] || w != w && v[j] == v[j] {
						v[j], at[j] = w, int32(k)
					}
				}
			}
		}
		for i, s := range p.rows {
			o := (c*p.oh + i) * p.ow
			places := unwanted
			if arg != nil {
				places = arg[o : o+p.ow]
			}
			pooling.MaxDown(s.hi-s.lo, step, y[o:o+p.ow], places, v[s.lo*step:], at[s.lo*step:], s.lo, p.w)
		}
	}
}

// avg32 does planes [lo, hi).
func (p *pooler) avg32(lo, hi int, y, x []float32) {
	step, rows := pooling.Room(p.ow), p.rows[p.oh-1].hi
	buf, back := borrowed[float32](max(pooling.Reach(p.ow, p.KW, p.StrideW), p.PadW+p.w))
	defer back()
	clear(buf)
	v, back := borrowed[float32](rows * step)
	defer back()
	scale, back := p.scales()
	defer back()
	edges := p.edges()
	for c := lo; c < hi; c++ {
		for r := range rows {
			v := v[r*step : (r+1)*step]
			pooling.SumRow(p.ow, p.KW, p.StrideW, v, p.rowOf(x, c, r, buf))
			o := (c*p.h + r) * p.w
			for _, j := range edges {
				s := p.cols[j]
				v[j] = 0
				for _, w := range x[o+s.lo : o+s.hi] {
					v[j] += w
				}
			}
		}
		for i, s := range p.rows {
			o := (c*p.oh + i) * p.ow
			pooling.SumDown(s.hi-s.lo, step, y[o:o+p.ow], v[s.lo*step:], scale, float32(s.f))
		}
	}
}

// scales are the factors of the columns.
func (p *pooler) scales() ([]float32, func()) {
	scale, back := borrowed[float32](p.ow)
	for j, s := range p.cols {
		scale[j] = float32(s.f)
	}
	return scale, back
}

// avgGrad32 does planes [lo, hi): the gradients of a row of results, spread by the stride, are summed
// over windows as in avg32, and so are the rows.
func (p *pooler) avgGrad32(lo, hi int, dx, dy []float32) {
	first := p.KW - 1 - p.PadW // where the first gradient lies in a spread row
	width := max(pooling.Reach(p.w, p.KW, 1), first+p.ow*p.StrideW)
	spread, back := borrowed[float32](p.oh * width)
	defer back()
	clear(spread)
	step := pooling.Room(p.w)
	v, back := borrowed[float32](p.oh * step)
	defer back()
	scale, back := p.scales()
	defer back()
	ones, back := borrowed[float32](p.w)
	defer back()
	vec.Fill(ones, 1)
	for c := lo; c < hi; c++ {
		for i, s := range p.rows { // all rows first: a vector just stored in parts would be slow to load
			o, f := (c*p.oh+i)*p.ow, float32(s.f)
			to, j := spread[i*width+first:(i+1)*width], 0
			for k, g := range dy[o : o+p.ow] {
				to[j] = g * f * scale[k]
				j += p.StrideW
			}
		}
		for i := range p.oh {
			pooling.SumRow(p.w, p.KW, 1, v[i*step:(i+1)*step], spread[i*width:(i+1)*width])
		}
		for r := range p.h {
			d := dx[(c*p.h+r)*p.w : (c*p.h+r+1)*p.w]
			from := 0 // the windows that see row r
			if r+p.PadH >= p.KH {
				from = (r+p.PadH-p.KH)/p.StrideH + 1
			}
			to := min(p.oh-1, (r+p.PadH)/p.StrideH)
			if to < from {
				clear(d)
				continue
			}
			pooling.SumDown(to-from+1, step, d, v[from*step:], ones, 1)
		}
	}
}
