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

	nd    int             // axes of the indices that are left when neighbours are merged
	shape [maxAxes]int    // their lengths
	st    [][maxAxes]int  // strides along them, of run and then of each index view
	store [4][maxAxes]int // what st stands on
}

func newPositions(named, run View, idx []View) *positions {
	p := &positions{named: named, run: run, idx: idx}
	p.st = p.store[:]
	if len(idx) > 3 {
		p.st = make([][maxAxes]int, len(idx)+1)
	}
	p.st = p.st[:len(idx)+1]
	stride := func(k, a int) int {
		if k == 0 {
			return run.Strides[a]
		}
		return idx[k-1].Strides[a]
	}
	for a, n := range idx[0].Shape {
		if n == 1 {
			continue
		}
		merge := p.nd > 0
		for k := 0; k < len(p.st) && merge; k++ {
			merge = p.st[k][p.nd-1] == n*stride(k, a)
		}
		if merge {
			p.shape[p.nd-1] *= n
			p.nd--
		} else {
			if p.nd == maxAxes {
				panic(tooManyAxes)
			}
			p.shape[p.nd] = n
		}
		for k := range p.st {
			p.st[k][p.nd] = stride(k, a)
		}
		p.nd++
	}
	if p.nd == 0 {
		p.nd, p.shape[0] = 1, 1
	}
	return p
}

// live is the only index view that moves along the last axis, if there is such a one and its elements are neighbours.
func (p *positions) live() int {
	live := -1
	for k, st := range p.st[1:] {
		if s := st[p.nd-1]; s == 1 && live < 0 {
			live = k
		} else if s != 0 {
			return -1
		}
	}
	return live
}

// lives is each for positions with a live index: it leaves the places to f, and stops short of first and named.
func (p *positions) lives(live, lo, hi int, f func(b *places)) {
	b := manyPlaces.Get().(*places)
	size := p.run.DT.Size()
	last := p.nd - 1
	n := p.shape[last]
	b.step, b.dt, b.apart = p.st[0][last]*size, p.idx[live].DT, p.named.Strides[live]*size
	for lo < hi {
		row, j := lo/n, lo%n
		b.n = min(n-j, hi-lo)
		b.run, b.base = j*b.step, 0
		for k := range p.st {
			off, r := j, row
			if k != live+1 {
				off = 0
			}
			for a := last - 1; a >= 0; a-- {
				off += r % p.shape[a] * p.st[k][a]
				r /= p.shape[a]
			}
			switch {
			case k == 0:
				b.run += off * size
			case k == live+1:
				b.live = unsafe.Add(p.idx[live].P, off*b.dt.Size())
			default:
				b.base += index(p.idx[k-1], off) * p.named.Strides[k-1] * size
			}
		}
		f(b)
		lo += b.n
	}
	b.live = nil
	manyPlaces.Put(b)
}

// count is the number of positions, n that of the elements of a row.
func (p *positions) count() int { return p.idx[0].Size() }

func (p *positions) n() int { return p.run.Size() / p.count() }

// rows are one row of named and one of run, at their first elements.
func (p *positions) rows() (named, run View) {
	named, run = p.named, p.run
	k := len(p.idx[0].Shape)
	named.Shape, named.Strides = named.Shape[len(p.idx):], named.Strides[len(p.idx):]
	run.Shape, run.Strides = run.Shape[k:], run.Strides[k:]
	return named, run
}

// places are some positions resolved: their first indices, where the rows of named lie, and where the first row of run
// lies and how far it is to the next. All but first are in bytes.
type places struct {
	n         int
	first     [256]int
	named     [256]int
	run, step int

	base  int            // of live places: the offset to which only one index adds,
	live  unsafe.Pointer // whose elements lie here side by side
	dt    DType
	apart int // the stride of its axis in named
}

var manyPlaces = sync.Pool{New: func() any { return new(places) }}

// each calls f for positions [lo, hi), neighbours along the last axis of the indices at a time.
func (p *positions) each(lo, hi int, f func(b *places)) {
	b := manyPlaces.Get().(*places)
	size := p.run.DT.Size()
	last := p.nd - 1
	var w walker
	for a, n := range p.shape[:last] {
		w.shape[a] = n
		w.st[0][a] = p.st[0][a]
	}
	w.nd = last
	b.step = p.st[0][last] * size
	w.seek(lo / p.shape[last])
	for j := lo % p.shape[last]; lo < hi; {
		b.n = min(len(b.named), p.shape[last]-j, hi-lo)
		b.run = (w.off[0] + j*p.st[0][last]) * size
		for k, v := range p.idx {
			off := j * p.st[k+1][last]
			for a, i := range w.idx[:last] {
				off += i * p.st[k+1][a]
			}
			step := p.named.Strides[k] * size
			if v.DT == Int32 {
				resolve(b, k, at[int32](v, off), p.st[k+1][last], step)
			} else {
				resolve(b, k, at[int64](v, off), p.st[k+1][last], step)
			}
		}
		f(b)
		lo += b.n
		if j += b.n; j == p.shape[last] {
			j = 0
			w.next()
		}
	}
	manyPlaces.Put(b)
}

// resolve adds index k, the elements from p on that are st apart, to the places; step is the stride of its axis.
func resolve[I int32 | int64](b *places, k int, p *I, st, step int) {
	named := b.named[:b.n]
	switch {
	case st == 0 && k == 0:
		setAll(b.first[:b.n], int(*p))
		setAll(named, int(*p)*step)
	case st == 0:
		for i := range named {
			named[i] += int(*p) * step
		}
	case k == 0 && st == 1:
		first := b.first[:b.n]
		for i, v := range unsafe.Slice(p, len(first)) {
			first[i], named[i] = int(v), int(v)*step
		}
	case st == 1:
		for i, v := range unsafe.Slice(p, len(named)) {
			named[i] += int(v) * step
		}
	default:
		q := unsafe.Pointer(p)
		for i := range named {
			v := int(*(*I)(unsafe.Add(q, i*st*int(unsafe.Sizeof(*p)))))
			if k == 0 {
				b.first[i], named[i] = v, 0
			}
			named[i] += v * step
		}
	}
}

// Gather sets y[i, ...] to x[idx[i], ...], with several index views to x[idx[0][i], idx[1][i], ..., ...].
func (CPU) Gather(y, x View, idx ...View) {
	if y.Size() == 0 {
		return
	}
	p := newPositions(x, y, idx)
	rx, ry := p.rows()
	elements := p.n()
	bytes := elements * y.DT.Size()
	if live := p.live(); elements == 1 && bytes == 4 && live >= 0 {
		pool.For(p.count(), grainCheap, func(lo, hi int) {
			p.lives(live, lo, hi, func(b *places) {
				to, from := unsafe.Add(y.P, b.run), unsafe.Add(x.P, b.base)
				if b.dt == Int32 {
					gatherLive[int32](to, from, b)
				} else {
					gatherLive[int64](to, from, b)
				}
			})
		})
		return
	}
	flat := contiguous(rx) && contiguous(ry)
	pool.For(p.count(), max(1, grainCheap/elements), func(lo, hi int) {
		rx, ry := rx, ry
		p.each(lo, hi, func(b *places) {
			to := unsafe.Add(y.P, b.run)
			switch {
			case flat && bytes == 1:
				gatherAt[uint8](to, x.P, b)
			case flat && bytes == 2:
				gatherAt[uint16](to, x.P, b)
			case flat && bytes == 4:
				gatherAt[uint32](to, x.P, b)
			case flat && bytes == 8:
				gatherAt[uint64](to, x.P, b)
			case flat && bytes == 16:
				gatherAt[[2]uint64](to, x.P, b)
			case flat:
				for i, from := range b.named[:b.n] {
					copy(vecOf[byte](unsafe.Add(to, i*b.step), bytes), vecOf[byte](unsafe.Add(x.P, from), bytes))
				}
			default:
				for i, from := range b.named[:b.n] {
					ry.P, rx.P = unsafe.Add(to, i*b.step), unsafe.Add(x.P, from)
					CPU{}.Copy(ry, rx)
				}
			}
		})
	})
}

// gatherLive fetches elements of four bytes.
func gatherLive[I int32 | int64](y, x unsafe.Pointer, b *places) {
	idx := vecOf[I](b.live, b.n)
	if b.step == 4 && b.apart == 4 {
		d := vecOf[uint32](y, len(idx))
		for i, v := range idx {
			d[i] = *(*uint32)(unsafe.Add(x, int(v)*4))
		}
		return
	}
	for i, v := range idx {
		*(*uint32)(unsafe.Add(y, i*b.step)) = *(*uint32)(unsafe.Add(x, int(v)*b.apart))
	}
}

// addLive adds elements of float32.
func addLive[I int32 | int64](y, x unsafe.Pointer, b *places) {
	for i, v := range vecOf[I](b.live, b.n) {
		*(*float32)(unsafe.Add(y, int(v)*b.apart)) += *(*float32)(unsafe.Add(x, i*b.step))
	}
}

// gatherAt fetches rows that the compiler knows the size of.
func gatherAt[T any](y, x unsafe.Pointer, b *places) {
	for i, from := range b.named[:b.n] {
		*(*T)(unsafe.Add(y, i*b.step)) = *(*T)(unsafe.Add(x, from))
	}
}

// Scatter sets y[idx[i], ...] to x[i, ...], in order.
func (CPU) Scatter(y, x View, idx ...View) {
	size := y.DT.Size()
	var single func(y, x unsafe.Pointer, b *places)
	if size == 4 {
		single = func(y, x unsafe.Pointer, b *places) {
			for i, to := range b.named[:b.n] {
				*(*uint32)(unsafe.Add(y, to)) = *(*uint32)(unsafe.Add(x, i*b.step))
			}
		}
	}
	scatter(y, x, idx, single, func(y, x unsafe.Pointer, n int) {
		copy(vecOf[byte](y, n*size), vecOf[byte](x, n*size))
	}, CPU{}.Copy)
}

// ScatterFold sets y[idx[i], ...] to op(y[idx[i], ...], x[i, ...]), in order.
func (CPU) ScatterFold(op BinaryOp, y, x View, idx ...View) {
	flat := func(a, b unsafe.Pointer, n int) { CPU{}.BinaryRun(op, y.DT, a, a, b, n) }
	var single func(y, x unsafe.Pointer, b *places)
	if op == Add {
		if x.Size() > 0 && y.DT == Float32 {
			p := newPositions(y, x, idx)
			if live := p.live(); live >= 0 && p.n() == 1 {
				p.lives(live, 0, p.count(), func(b *places) {
					to, from := unsafe.Add(y.P, b.base), unsafe.Add(x.P, b.run)
					if b.dt == Int32 {
						addLive[int32](to, from, b)
					} else {
						addLive[int64](to, from, b)
					}
				})
				return
			}
		}
		switch y.DT {
		case Float32:
			single = addAt[float32]
		case Float64:
			single = addAt[float64]
		case Int64:
			single = addAt[int64]
		}
		if y.DT != Bool {
			flat = func(a, b unsafe.Pointer, n int) { addScaledRun(y.DT, a, a, b, n, 1) }
		}
	}
	scatter(y, x, idx, single, flat, func(y, x View) { CPU{}.Binary(op, y, y, x) })
}

// addAt adds single elements.
func addAt[T number](y, x unsafe.Pointer, b *places) {
	for i, to := range b.named[:b.n] {
		*(*T)(unsafe.Add(y, to)) += *(*T)(unsafe.Add(x, i*b.step))
	}
}

// scatter calls flat or strided for each row, or single for many rows of one element. When it is worth threads, each
// worker owns a range of y's first axis and looks for its indices.
func scatter(y, x View, idx []View, single func(y, x unsafe.Pointer, b *places), flat func(y, x unsafe.Pointer, n int),
	strided func(y, x View)) {
	if x.Size() == 0 {
		return
	}
	p := newPositions(y, x, idx)
	ry, rx := p.rows()
	n := p.n()
	isFlat := contiguous(rx) && contiguous(ry)
	grain := y.Shape[0]
	if n >= 16 {
		grain = max(1, y.Shape[0]*grainCheap/x.Size())
	}
	pool.For(y.Shape[0], grain, func(lo, hi int) {
		ry, rx := ry, rx
		all := lo == 0 && hi == y.Shape[0]
		p.each(0, p.count(), func(b *places) {
			if n == 1 && all && single != nil {
				single(y.P, unsafe.Add(x.P, b.run), b)
				return
			}
			for i, first := range b.first[:b.n] {
				if first < lo || first >= hi {
					continue
				}
				if ry.P, rx.P = unsafe.Add(y.P, b.named[i]), unsafe.Add(x.P, b.run+i*b.step); isFlat {
					flat(ry.P, rx.P, n)
				} else {
					strided(ry, rx)
				}
			}
		})
	})
}
