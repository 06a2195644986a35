package kernel

import (
	"unsafe"

	"github.com/fathom-ml/fathom/internal/kernel/norm"
	"github.com/fathom-ml/fathom/internal/pool"
)

// This file normalises batches with few numbers a channel and row, such as [256, 120] or
// [32, 512, 3, 3]: the n rows are a table, whose columns are summed and mapped.

// stripBuffers are numbers for each column of a strip, and two sums for each channel.
type stripBuffers[T float] struct {
	a, b, c, d [normStrip]T
	sums       [normStrip][2]float64
}

// strips calls do for channels [from, from+k), a strip of columns at a time.
func (f *norming[T]) strips(lo, hi int, do func(buf *stripBuffers[T], from, k int)) {
	p, class := pool.Buffers.Get(int(unsafe.Sizeof(stripBuffers[T]{})))
	defer pool.Buffers.Put(p, class)
	buf := (*stripBuffers[T])(p)
	for most := normStrip / f.m; lo < hi; lo += most {
		do(buf, lo, min(most, hi-lo))
	}
}

// bands calls do with the first number of up to normRows rows of a strip, and their count.
func (f *norming[T]) bands(from int, do func(o, rows int)) {
	for i := 0; i < f.n; i += normRows {
		do((i*f.c+from)*f.m, min(normRows, f.n-i))
	}
}

// eachColumn sets the m numbers of each channel in v to at(channel).
func eachColumn[T float](v []T, m, from int, at func(c int) T) {
	for o := 0; o < len(v); o += m {
		e := at(from)
		from++
		r := v[o : o+m]
		for j := range r {
			r[j] = e
		}
	}
}

// total adds up m numbers.
func total[T float](v []T) (s float64) {
	for _, e := range v {
		s += float64(e)
	}
	return s
}

// columns normalises channels [lo, hi) of a batch.
func (f *norming[T]) columns(lo, hi int) {
	stride := f.c * f.m
	f.strips(lo, hi, func(buf *stripBuffers[T], from, k int) {
		w := k * f.m
		mean, s, q := buf.a[:w], buf.b[:w], buf.c[:w]
		if !f.Given {
			f.columnStats(buf, from, k)
		}
		eachColumn(mean, f.m, from, func(c int) T { return f.mean[c] })
		eachColumn(s, f.m, from, func(c int) T { return T(f.scale(c) * float64(factor(f.gamma, c, 1))) })
		eachColumn(q, f.m, from, func(c int) T { return factor(f.beta, c, 0) })
		f.bands(from, func(o, rows int) {
			norm.ColApply(rows, stride, f.y[o:], f.x[o:], mean, s, q)
		})
	})
}

// columnStats finds mean and variance of k channels, with sums about the mean of a few rows.
func (f *norming[T]) columnStats(buf *stripBuffers[T], from, k int) {
	shift, s, q, sums := buf.a[:k*f.m], buf.b[:k*f.m], buf.c[:k*f.m], buf.sums[:k]
	clear(sums)
	stride, count := f.c*f.m, float64(f.n*f.m)
	few := min(f.n, 8)
	clear(shift)
	clear(s)
	clear(q)
	norm.ColMoments(few, stride, f.x[from*f.m:], shift, s, q)
	for c := range k {
		e := T(total(s[c*f.m:(c+1)*f.m]) / float64(few*f.m))
		for j := range f.m {
			shift[c*f.m+j] = e
		}
	}
	f.bands(from, func(o, rows int) {
		clear(s)
		clear(q)
		norm.ColMoments(rows, stride, f.x[o:], shift, s, q)
		for c := range k {
			sums[c][0] += total(s[c*f.m : (c+1)*f.m])
			sums[c][1] += total(q[c*f.m : (c+1)*f.m])
		}
	})
	for c := range k {
		f.settle(from+c, float64(shift[c*f.m]), sums[c][0], sums[c][1], count)
	}
}

// columnsGrad is columns backward.
func (f *norming[T]) columnsGrad(lo, hi int) {
	stride, count := f.c*f.m, float64(f.n*f.m)
	f.strips(lo, hi, func(buf *stripBuffers[T], from, k int) {
		w := k * f.m
		mean, s, q, d := buf.a[:w], buf.b[:w], buf.c[:w], buf.d[:w]
		eachColumn(mean, f.m, from, func(c int) T { return f.mean[c] })
		sums := buf.sums[:k]
		clear(sums)
		f.bands(from, func(o, rows int) {
			clear(s)
			clear(q)
			norm.ColDots(rows, stride, f.g[o:], f.x[o:], mean, s, q)
			for c := range k {
				sums[c][0] += total(s[c*f.m : (c+1)*f.m])
				sums[c][1] += total(q[c*f.m : (c+1)*f.m])
			}
		})
		for c := range k {
			a := f.scale(from + c)
			f.noteGrads(from+c, sums[c][0], sums[c][1]*a)
			gamma := float64(factor(f.gamma, from+c, 1))
			b, e := f.coefficients(a, sums[c][0]*gamma/count, sums[c][1]*gamma/count)
			a *= gamma
			for j := c * f.m; j < (c+1)*f.m; j++ {
				s[j], q[j], d[j] = T(a), T(b), T(e)
			}
		}
		if f.dx == nil {
			return
		}
		f.bands(from, func(o, rows int) {
			norm.ColBack(rows, stride, f.dx[o:], f.g[o:], f.x[o:], mean, s, q, d)
		})
	})
}
