package kernel

import (
	"sync"
	"unsafe"

	"github.com/fathom-ml/fathom/internal/pool"
)

// index is element i of a contiguous vector of Int64 or Int32.
func index(v View, i int) int {
	if v.DT == Int32 {
		return int(*at[int32](v, i))
	}
	return int(*at[int64](v, i))
}

// positions walks over the rows that indices name. The indices are those of the first axes of named; run holds the
// same rows one after the other, in the order of the indices.
type positions struct {
	named, run View
	idx        []View
}

// count is the number of positions, n that of the elements of a row.
func (p positions) count() int { return p.idx[0].Size() }

func (p positions) n() int { return p.run.Size() / p.count() }

// rows are one row of named and one of run, at their first elements.
func (p positions) rows() (named, run View) {
	named, run = p.named, p.run
	k := len(p.idx[0].Shape)
	named.Shape, named.Strides = named.Shape[len(p.idx):], named.Strides[len(p.idx):]
	run.Shape, run.Strides = run.Shape[k:], run.Strides[k:]
	return named, run
}

// places are some positions resolved: their first indices, and the offsets of both rows in bytes.
type places struct{ first, index, named, run [128]int }

var manyPlaces = sync.Pool{New: func() any { return new(places) }}

// each calls f for positions [lo, hi), n at a time.
func (p positions) each(lo, hi int, f func(n int, b *places)) {
	b := manyPlaces.Get().(*places)
	size := p.run.DT.Size()
	seq := p.run
	seq.Shape = p.idx[0].Shape
	seq.Strides = seq.Strides[:len(seq.Shape)]
	for ; lo < hi; lo += len(b.run) {
		n := min(len(b.run), hi-lo)
		offsets(b.run[:n], seq, lo)
		named := b.named[:n]
		for k, v := range p.idx {
			index := b.index[:n]
			offsets(index, v, lo)
			if v.DT == Int32 {
				for i, o := range index {
					index[i] = int(*at[int32](v, o))
				}
			} else {
				for i, o := range index {
					index[i] = int(*at[int64](v, o))
				}
			}
			step := p.named.Strides[k] * size
			if k == 0 {
				copy(b.first[:n], index)
				for i, at := range index {
					named[i] = at * step
				}
				continue
			}
			for i, at := range index {
				named[i] += at * step
			}
		}
		for i := range b.run[:n] {
			b.run[i] *= size
		}
		f(n, b)
	}
	manyPlaces.Put(b)
}

// offsets sets out to the offsets of v's elements from number lo on.
func offsets(out []int, v View, lo int) {
	var w walker
	for a, d := range v.Shape {
		if k := w.nd - 1; k >= 0 && d > 1 && w.st[0][k] == d*v.Strides[a] {
			w.shape[k], w.st[0][k] = w.shape[k]*d, v.Strides[a]
			continue
		}
		w.axis(d, v.Strides[a])
	}
	if w.nd < 2 {
		for i := range out {
			out[i] = (lo + i) * w.st[0][0]
		}
		return
	}
	w.nd-- // the last axis runs in a loop of its own
	n, step := w.shape[w.nd], w.st[0][w.nd]
	w.seek(lo / n)
	for j := lo % n; len(out) > 0; j = 0 {
		run := out[:min(n-j, len(out))]
		for i := range run {
			run[i] = w.off[0] + (j+i)*step
		}
		out = out[len(run):]
		w.next()
	}
}

// Gather sets y[i, ...] to x[idx[i], ...], with several index views to x[idx[0][i], idx[1][i], ..., ...].
func (CPU) Gather(y, x View, idx ...View) {
	if y.Size() == 0 {
		return
	}
	p := positions{x, y, idx}
	rx, ry := p.rows()
	elements := p.n()
	bytes := elements * y.DT.Size()
	flat := contiguous(rx) && contiguous(ry)
	pool.For(p.count(), max(1, grainCheap/elements), func(lo, hi int) {
		rx, ry := rx, ry
		p.each(lo, hi, func(n int, b *places) {
			from, to := b.named[:n], b.run[:n]
			switch {
			case flat && bytes == 4:
				for i := range to {
					*(*uint32)(unsafe.Add(y.P, to[i])) = *(*uint32)(unsafe.Add(x.P, from[i]))
				}
			case flat:
				for i := range to {
					copy(vecOf[byte](unsafe.Add(y.P, to[i]), bytes), vecOf[byte](unsafe.Add(x.P, from[i]), bytes))
				}
			default:
				for i := range to {
					ry.P, rx.P = unsafe.Add(y.P, to[i]), unsafe.Add(x.P, from[i])
					CPU{}.Copy(ry, rx)
				}
			}
		})
	})
}

// Scatter sets y[idx[i], ...] to x[i, ...], in order.
func (CPU) Scatter(y, x View, idx ...View) {
	size := y.DT.Size()
	scatter(y, x, idx, func(y, x unsafe.Pointer, n int) {
		copy(vecOf[byte](y, n*size), vecOf[byte](x, n*size))
	}, CPU{}.Copy)
}

// ScatterFold sets y[idx[i], ...] to op(y[idx[i], ...], x[i, ...]), in order.
func (CPU) ScatterFold(op BinaryOp, y, x View, idx ...View) {
	flat := func(a, b unsafe.Pointer, n int) { CPU{}.BinaryRun(op, y.DT, a, a, b, n) }
	if op == Add && y.DT != Bool {
		flat = func(a, b unsafe.Pointer, n int) {
			if n == 1 && y.DT == Float32 {
				*(*float32)(a) += *(*float32)(b)
				return
			}
			addScaledRun(y.DT, a, a, b, n, 1)
		}
	}
	scatter(y, x, idx, flat, func(y, x View) { CPU{}.Binary(op, y, y, x) })
}

// scatter calls flat or strided for each row. When it is worth threads, each worker owns a range of y's
// first axis and looks for its indices.
func scatter(y, x View, idx []View, flat func(y, x unsafe.Pointer, n int), strided func(y, x View)) {
	if x.Size() == 0 {
		return
	}
	p := positions{y, x, idx}
	ry, rx := p.rows()
	n := p.n()
	isFlat := contiguous(rx) && contiguous(ry)
	grain := y.Shape[0]
	if n >= 16 {
		grain = max(1, y.Shape[0]*grainCheap/x.Size())
	}
	pool.For(y.Shape[0], grain, func(lo, hi int) {
		ry, rx := ry, rx
		p.each(0, p.count(), func(m int, b *places) {
			for i, first := range b.first[:m] {
				if first < lo || first >= hi {
					continue
				}
				if ry.P, rx.P = unsafe.Add(y.P, b.named[i]), unsafe.Add(x.P, b.run[i]); isFlat {
					flat(ry.P, rx.P, n)
				} else {
					strided(ry, rx)
				}
			}
		})
	})
}
