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

// line is a row of x with the padding on both sides and room to load more. step is how many numbers a row
// of results has in the buffers.
type line struct {
	x    []float32
	step int
	give func()
}

// newLine makes a line, at least length long, for windows of k numbers with out results a row.
func newLine(out, k, stride, length int) *line {
	n := max(pooling.Reach(out, k, stride), length)
	l := &line{step: pooling.Room(out)}
	l.x, l.give = borrowed[float32](n)
	clear(l.x)
	return l
}

// max32 does planes [lo, hi). Padding repeats the number at the border, which changes no maximum, and counts
// as that number.
func (p *pooler) max32(lo, hi int, y, x []float32, arg []int32) {
	l := newLine(p.ow, p.KW, p.StrideW, p.PadW+p.w)
	defer l.give()
	rows := p.rows[p.oh-1].hi
	v, back := borrowed[float32](rows * l.step)
	defer back()
	at, back := borrowed[int32](rows * l.step)
	defer back()
	if arg == nil {
		arg, back = borrowed[int32](p.ow)
		defer back()
	}
	reach := pooling.Reach(p.ow, p.KW, p.StrideW)
	seen := (p.ow-1)*p.StrideW + p.KW // what true windows see of a line
	for c := lo; c < hi; c++ {
		for r := range rows {
			o := (c*p.h + r) * p.w
			row := l.x
			if p.PadW == 0 && seen <= p.w && o+reach <= len(x) {
				row = x[o : o+reach] // the row itself
			} else {
				p.edged(row, x[o:o+p.w], seen)
			}
			pooling.MaxRow(p.ow, p.KW, p.StrideW, v[r*l.step:(r+1)*l.step], at[r*l.step:(r+1)*l.step], row, p.PadW, p.w-1)
		}
		for i, s := range p.rows {
			o := (c*p.oh + i) * p.ow
			places := arg
			if len(arg) == len(y) {
				places = arg[o : o+p.ow]
			}
			pooling.MaxDown(s.hi-s.lo, l.step, y[o:o+p.ow], places[:p.ow], v[s.lo*l.step:], at[s.lo*l.step:], s.lo, p.w)
		}
	}
}

// edged copies a row to the line and repeats its ends as far as windows see.
func (p *pooler) edged(line, row []float32, seen int) {
	for i := range p.PadW {
		line[i] = row[0]
	}
	copy(line[p.PadW:], row)
	for i := p.PadW + p.w; i < seen; i++ {
		line[i] = row[p.w-1]
	}
}

// avg32 does planes [lo, hi).
func (p *pooler) avg32(lo, hi int, y, x []float32) {
	l := newLine(p.ow, p.KW, p.StrideW, p.PadW+p.w)
	defer l.give()
	rows := p.rows[p.oh-1].hi
	v, back := borrowed[float32](rows * l.step)
	defer back()
	scale, back := p.scales()
	defer back()
	reach := pooling.Reach(p.ow, p.KW, p.StrideW)
	seen := (p.ow-1)*p.StrideW + p.KW
	for c := lo; c < hi; c++ {
		for r := range rows {
			o := (c*p.h + r) * p.w
			row := l.x
			if p.PadW == 0 && seen <= p.w && o+reach <= len(x) {
				row = x[o : o+reach]
			} else {
				copy(row[p.PadW:], x[o:o+p.w])
			}
			pooling.SumRow(p.ow, p.KW, p.StrideW, v[r*l.step:(r+1)*l.step], row)
		}
		for i, s := range p.rows {
			o := (c*p.oh + i) * p.ow
			pooling.SumDown(s.hi-s.lo, l.step, y[o:o+p.ow], v[s.lo*l.step:], scale, float32(s.f))
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
	first := p.KW - 1 - p.PadW // where the first gradient lies in the line
	l := newLine(p.w, p.KW, 1, first+p.ow*p.StrideW)
	defer l.give()
	v, back := borrowed[float32](p.oh * l.step)
	defer back()
	scale, back := p.scales()
	defer back()
	ones, back := borrowed[float32](p.w)
	defer back()
	vec.Fill(ones, 1)
	for c := lo; c < hi; c++ {
		for i, s := range p.rows {
			o, f, j := (c*p.oh+i)*p.ow, float32(s.f), first
			for k, g := range dy[o : o+p.ow] {
				l.x[j] = g * f * scale[k]
				j += p.StrideW
			}
			pooling.SumRow(p.w, p.KW, 1, v[i*l.step:(i+1)*l.step], l.x)
		}
		for r := range p.h {
			d := dx[(c*p.h+r)*p.w : (c*p.h+r+1)*p.w]
			from := max(0, (r+p.PadH-p.KH+p.StrideH)/p.StrideH)
			if r+p.PadH < p.KH {
				from = 0
			}
			to := min(p.oh-1, (r+p.PadH)/p.StrideH)
			if to < from {
				clear(d)
				continue
			}
			pooling.SumDown(to-from+1, l.step, d, v[from*l.step:], ones, 1)
		}
	}
}
