package kernel

import (
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

// each calls f for positions [lo, hi) with the first index and the offsets of both rows in bytes.
func (p positions) each(lo, hi int, f func(first, named, run int)) {
	const block = 256
	var first, off [block]int
	var w walker
	for a, d := range p.idx[0].Shape {
		w.axis(d, p.run.Strides[a])
	}
	w.seek(lo)
	size := p.run.DT.Size()
	for ; lo < hi; lo += block {
		n := min(block, hi-lo)
		for k, v := range p.idx {
			var u walker
			for a, d := range v.Shape {
				u.axis(d, v.Strides[a])
			}
			u.seek(lo)
			for i := range n {
				j := index(v, u.off[0])
				if k == 0 {
					first[i], off[i] = j, 0
				}
				off[i] += j * p.named.Strides[k]
				u.next()
			}
		}
		for i := range n {
			f(first[i], off[i]*size, w.off[0]*size)
			w.next()
		}
	}
}

// Gather sets y[i, ...] to x[idx[i], ...], with several index views to x[idx[0][i], idx[1][i], ..., ...].
func (CPU) Gather(y, x View, idx ...View) {
	if y.Size() == 0 {
		return
	}
	p := positions{x, y, idx}
	rx, ry := p.rows()
	n, size := p.n(), y.DT.Size()
	flat := contiguous(rx) && contiguous(ry)
	pool.For(p.count(), max(1, grainCheap/n), func(lo, hi int) {
		rx, ry := rx, ry
		p.each(lo, hi, func(_, ox, oy int) {
			rx.P, ry.P = unsafe.Add(x.P, ox), unsafe.Add(y.P, oy)
			if flat {
				copy(vecOf[byte](ry.P, n*size), vecOf[byte](rx.P, n*size))
			} else {
				CPU{}.Copy(ry, rx)
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
		flat = func(a, b unsafe.Pointer, n int) { addScaledRun(y.DT, a, a, b, n, 1) }
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
		p.each(0, p.count(), func(first, oy, ox int) {
			if first < lo || first >= hi {
				return
			}
			ry.P, rx.P = unsafe.Add(y.P, oy), unsafe.Add(x.P, ox)
			if isFlat {
				flat(ry.P, rx.P, n)
			} else {
				strided(ry, rx)
			}
		})
	})
}

// Pick sets y[i] to x[i, idx[i]].
func (CPU) Pick(y, x, idx View) {
	size := y.DT.Size()
	for i := range y.Shape[0] {
		gather(unsafe.Add(y.P, i*y.Strides[0]*size),
			unsafe.Add(x.P, (i*x.Strides[0]+index(idx, i)*x.Strides[1])*size), 1, 1, size)
	}
}

// PickAdd adds x[i] to y[i, idx[i]].
func (CPU) PickAdd(y, x, idx View) {
	size := y.DT.Size()
	for i := range x.Shape[0] {
		d := unsafe.Add(y.P, (i*y.Strides[0]+index(idx, i)*y.Strides[1])*size)
		addScaledRun(y.DT, d, d, unsafe.Add(x.P, i*x.Strides[0]*size), 1, 1)
	}
}
