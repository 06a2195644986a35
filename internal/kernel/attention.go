package kernel

import (
	"math"
	"sync"
	"unsafe"

	"github.com/fathom-ml/fathom/internal/kernel/attention"
	"github.com/fathom-ml/fathom/internal/kernel/dropout"
	"github.com/fathom-ml/fathom/internal/kernel/vec"
	"github.com/fathom-ml/fathom/internal/pool"
	"github.com/fathom-ml/fathom/internal/rng"
)

// Scores are made in blocks of at most attendRows queries by attendCols keys, so that no matrix of all scores is
// ever there, and so that each product is too small to be split.
const (
	attendRows = 48
	attendCols = 64
)

// attending is one call of Attention or AttentionGrad.
type attending[T float] struct {
	Attention
	lead                   []int
	lq, lk, d, dv          int
	rows                   int // queries of a block
	q, k, v, mask, lengths View
	y, lse                 View
	dq, dk, dvs, dm, dy    View
}

// attendBuffers is what one worker needs: the place of a head, its operands, and a block of scores.
type attendBuffers[T float] struct {
	head                int
	place               []int // of the head
	q, k, v, y, dy      matrix[T]
	kt, vt              []T // keys and values as columns, a panel of attendCols keys after the other
	qs, ks, vs, dys     []T // rows, made contiguous
	s, d                []T // scores and the gradients of weights
	top, old, part, sum [attendRows]T
	limit               [attendRows]int32
	dots                []T
	mask, row, ones     []T // of dropout
}

var (
	attend32 = sync.Pool{New: func() any { return new(attendBuffers[float32]) }}
	attend64 = sync.Pool{New: func() any { return new(attendBuffers[float64]) }}
)

func attendPool[T float]() *sync.Pool {
	if unsafe.Sizeof(T(0)) == 4 {
		return &attend32
	}
	return &attend64
}

// Attention sets y to w v, row i of w being softmax(Scale*q[i] k^T + mask) over the keys that query i sees.
func (CPU) Attention(s Attention, y, lse, q, k, v, mask, lengths View) {
	if y.Size() == 0 {
		return
	}
	densely(lse, func(lse View) {
		rowwise(y, func(y View) {
			switch y.DT {
			case Float32:
				newAttending[float32](s, y, lse, q, k, v, mask, lengths).forward()
			case Float64:
				newAttending[float64](s, y, lse, q, k, v, mask, lengths).forward()
			default:
				unsupported("attention", y.DT)
			}
		})
	})
}

// rowwise calls f with y, or with a stand-in if the last axis of y has gaps.
func rowwise(y View, f func(y View)) {
	if n := len(y.Strides) - 1; y.P == nil || y.Strides[n] == 1 || y.Shape[n] == 1 {
		f(y)
		return
	}
	densely(y, f)
}

func newAttending[T float](s Attention, y, lse, q, k, v, mask, lengths View) *attending[T] {
	n := len(q.Shape) - 2
	a := &attending[T]{Attention: s, lead: q.Shape[:n], lq: q.Shape[n], lk: k.Shape[n], d: q.Shape[n+1], dv: v.Shape[n+1],
		q: q, k: k, v: v, mask: mask, lengths: lengths, y: y, lse: lse}
	most := min(attendRows, max(1, (gemmParallel-1)/(attendCols*max(a.d, a.dv, 1))))
	blocks := (a.lq + most - 1) / most
	a.rows = (a.lq + blocks - 1) / blocks
	return a
}

func (a *attending[T]) heads() int {
	n := 1
	for _, d := range a.lead {
		n *= d
	}
	return n
}

// forward makes blocks of queries; the keys of a head are brought into columns once a worker.
func (a *attending[T]) forward() {
	blocks := (a.lq + a.rows - 1) / a.rows
	work := a.rows * max(a.lk, 1) * (a.d + a.dv + 16)
	pool.For(a.heads()*blocks, max(1, gemmParallel/2/work), func(lo, hi int) {
		b := attendPool[T]().Get().(*attendBuffers[T])
		for u := lo; u < hi; u++ {
			if u == lo || u%blocks == 0 {
				a.enter(b, u/blocks, u == lo)
				b.q = a.compact(&b.qs, b.q, a.lq, a.d)
				b.v = a.compact(&b.vs, b.v, a.lk, a.dv)
			}
			a.queries(b, u%blocks*a.rows)
		}
		b.release()
	})
}

// release gives b back; it keeps no operand alive.
func (b *attendBuffers[T]) release() {
	b.q, b.k, b.v, b.y, b.dy = matrix[T]{}, matrix[T]{}, matrix[T]{}, matrix[T]{}, matrix[T]{}
	attendPool[T]().Put(b)
}

// enter finds the operands of head h, which is the next one unless it is the first of a worker.
func (a *attending[T]) enter(b *attendBuffers[T], h int, first bool) {
	if b.head = h; first {
		b.place = sized(b.place, len(a.lead))
		for i := len(a.lead) - 1; i >= 0; i-- {
			b.place[i] = h % a.lead[i]
			h /= a.lead[i]
		}
	} else { // divisions are slow
		for i := len(a.lead) - 1; i >= 0; i-- {
			if b.place[i]++; b.place[i] < a.lead[i] {
				break
			}
			b.place[i] = 0
		}
	}
	b.q, b.k, b.v, b.y = headOf[T](a.q, b.place), headOf[T](a.k, b.place), headOf[T](a.v, b.place), headOf[T](a.y, b.place)
	a.columns(&b.kt, b.k, a.d)
	b.s = sized(b.s, a.rows*attendCols)
}

// sized is s with n elements, whatever they are.
func sized[T any](s []T, n int) []T {
	if cap(s) < n {
		return make([]T, n)
	}
	return s[:n]
}

// headOf is the matrix of a head.
func headOf[T float](v View, place []int) matrix[T] {
	n := len(place)
	if v.P == nil {
		return matrix[T]{}
	}
	return matrix[T]{at[T](v, offset(v, place)), v.Strides[n], v.Strides[n+1]}
}

// offset is the place of a head in v.
func offset(v View, place []int) int {
	o := 0
	for i, k := range place {
		o += k * v.Strides[i]
	}
	return o
}

// from is the matrix from row i on.
func (m matrix[T]) from(i int) matrix[T] {
	m.p = (*T)(unsafe.Add(unsafe.Pointer(m.p), i*m.rs*int(unsafe.Sizeof(*m.p))))
	return m
}

// columns writes the rows of x, n numbers each, as the columns of panels.
func (a *attending[T]) columns(dst *[]T, x matrix[T], n int) {
	*dst = sized(*dst, padded(a.lk)*n)
	for j := 0; j < a.lk; j += attendCols {
		m := min(attendCols, a.lk-j)
		attention.Columns(m, n, x.from(j).p, x.rs, x.cs, (*dst)[j*n:], padded(m))
	}
}

// padded is n up to whole vectors.
func padded(n int) int { return (n + attention.Lanes - 1) &^ (attention.Lanes - 1) }

// compact is x, m rows of n numbers, with contiguous rows; rows far apart, which fall on the same lines of the cache, are
// copied if they are used more than once.
func (a *attending[T]) compact(dst *[]T, x matrix[T], m, n int) matrix[T] {
	if x.cs == 1 && (a.lq <= a.rows || x.rs < 256) {
		return x
	}
	*dst = sized(*dst, m*n)
	for i := range m {
		row := (*dst)[i*n : (i+1)*n]
		if x.cs == 1 {
			copy(row, unsafe.Slice(x.from(i).p, n))
			continue
		}
		gatherT[T](unsafe.Pointer(unsafe.SliceData(row)), unsafe.Pointer(x.from(i).p), n, x.cs)
	}
	return matrix[T]{unsafe.SliceData(*dst), n, 1}
}

// limits sets how many keys each of m queries from i on may see, and returns the most of them.
func (a *attending[T]) limits(b *attendBuffers[T], i, m int) int {
	most := 0
	base, step := 0, 0
	if a.lengths.P != nil {
		base, step = offset(a.lengths, b.place), a.lengths.Strides[len(b.place)]
	}
	for r := range m {
		n := a.lk
		if a.lengths.P != nil {
			if o := base + (i+r)*step; a.lengths.DT == Int32 {
				n = min(n, max(0, int(*at[int32](a.lengths, o))))
			} else {
				n = min(n, max(0, int(*at[int64](a.lengths, o))))
			}
		}
		if a.Causal {
			n = min(n, i+r+1)
		}
		b.limit[r] = int32(n)
		most = max(most, n)
	}
	return most
}

// block is the scores of m queries from i on and the keys from j on, with a mask scaled already: it returns the scale that
// is left to do.
func (a *attending[T]) block(b *attendBuffers[T], i, m, j int) (attention.Block, T) {
	n := padded(min(attendCols, a.lk-j))
	blk := attention.Block{M: m, N: n, LD: n, First: j, Limit: b.limit[:m]}
	s := b.s[:m*n]
	multiply(m, n, a.d, b.q.from(i), matrix[T]{&b.kt[j*a.d], n, 1}, &s[0], n, false)
	if a.mask.P == nil {
		return blk, T(a.Scale)
	}
	k := len(b.place)
	o := offset(a.mask, b.place) + i*a.mask.Strides[k] + j*a.mask.Strides[k+1]
	for r := range m {
		a.addMask(s[r*n:][:min(n, a.lk-j)], o+r*a.mask.Strides[k], a.mask.Strides[k+1])
	}
	return blk, 1
}

// addMask scales a row of scores and adds the mask at o to it, or excludes what a mask of bools does not have.
func (a *attending[T]) addMask(row []T, o, step int) {
	c := T(a.Scale)
	if a.mask.DT == Bool {
		for j, v := range row {
			if row[j] = c * v; *at[uint8](a.mask, o+j*step) == 0 {
				row[j] = T(math.Inf(-1))
			}
		}
		return
	}
	for j, v := range row {
		row[j] = c*v + *at[T](a.mask, o+j*step)
	}
}

// keep is the mask of dropout for a block of queries from i on.
func (a *attending[T]) keep(b *attendBuffers[T], blk attention.Block, i int) attention.Keep[T] {
	if a.Drop <= 0 {
		return attention.Keep[T]{}
	}
	first := (b.head*a.lq+i)*a.lk + blk.First
	if a.lk <= attendCols { // whole rows: the numbers of the weights follow each other
		n := blk.M*a.lk + attention.Lanes
		b.mask = sized(b.mask, n+maskUnit)
		return attention.Keep[T]{S: a.masks(b, b.mask, first, n), LD: a.lk}
	}
	b.mask = sized(b.mask, blk.M*blk.N)
	b.row = sized(b.row, attendCols+maskUnit)
	for r := range blk.M {
		copy(b.mask[r*blk.N:], a.masks(b, b.row, first+r*a.lk, blk.N))
	}
	return attention.Keep[T]{S: b.mask, LD: blk.N}
}

// maskUnit is the number of words that are made together, and room for as many more.
const maskUnit = 128

// masks makes n words of the mask in y, from number first on.
func (a *attending[T]) masks(b *attendBuffers[T], y []T, first, n int) []T {
	from := first &^ 3 // blocks of the stream
	n += first - from
	y = y[:(n+maskUnit/2-1)&^(maskUnit/2-1)]
	if len(b.ones) < len(y) {
		b.ones = make([]T, len(y))
		for i := range b.ones {
			b.ones[i] = 1
		}
	}
	limit, scale, stream := uint32(min(a.Drop, 1-0x1p-32)*(1<<32)), 1/(1-a.Drop), rng.Philox(a.Key)
	if a.Drop >= 1 {
		clear(y)
	} else if y32, ok := any(y).([]float32); ok {
		dropout.Mask(y32, any(b.ones).([]float32), float32(scale), limit, stream, uint64(from))
	} else {
		dropout.Plain(y, b.ones, T(scale), limit, stream, uint64(from))
	}
	return y[first-from : n]
}

// queries makes the results of the queries from i on: sums over the blocks of keys, rescaled when a larger score comes
// (Milakov and Gimelshein, 2018), and divided by the sum of the weights in the end.
func (a *attending[T]) queries(b *attendBuffers[T], i int) {
	m := min(a.rows, a.lq-i)
	reach := a.limits(b, i, m)
	y := b.y.from(i)
	top, old, part, sum := b.top[:m], b.old[:m], b.part[:m], b.sum[:m]
	for r := range m {
		top[r], sum[r] = attention.Lowest, 0
	}
	for j := 0; j < reach; j += attendCols {
		copy(old, top)
		blk, scale := a.block(b, i, m, j)
		attention.Weights(blk, b.s, scale, top, part, a.keep(b, blk, i))
		if j > 0 {
			for r := range m {
				old[r] -= top[r]
			}
			expRun(old)
			for r := range m {
				sum[r] = sum[r]*old[r] + part[r]
			}
			attention.ScaleRows(m, a.dv, y.p, y.rs, old)
		} else {
			copy(sum, part)
		}
		multiply(m, a.dv, min(attendCols, a.lk-j), matrix[T]{&b.s[0], blk.LD, 1}, b.v.from(j), y.p, y.rs, j > 0)
	}
	if reach == 0 {
		clearRows(y, m, a.dv)
	}
	for r, v := range sum {
		part[r] = 1 / v
		if v == 0 {
			part[r] = 0
		}
	}
	attention.ScaleRows(m, a.dv, y.p, y.rs, part)
	if a.lse.P == nil {
		return
	}
	lse := a.rowsOf(a.lse, b, i, m)
	logRun(lse, sum)
	for r, v := range sum {
		if lse[r] += top[r]; v == 0 { // no weight in the gradient either
			lse[r] = T(math.Inf(1))
		}
	}
}

// rowsOf is the numbers of m queries from i on in a contiguous view with one a query.
func (a *attending[T]) rowsOf(v View, b *attendBuffers[T], i, m int) []T {
	return vecOf[T](unsafe.Pointer(at[T](v, offset(v, b.place)+i)), m)
}

func clearRows[T float](x matrix[T], m, n int) {
	for i := range m {
		clear(unsafe.Slice(x.from(i).p, n))
	}
}

func expRun[T float](x []T) {
	if x32, ok := any(x).([]float32); ok {
		vec.Exp(x32, x32)
		return
	}
	for i, v := range x {
		x[i] = T(math.Exp(float64(v)))
	}
}

func logRun[T float](y, x []T) {
	if x32, ok := any(x).([]float32); ok {
		vec.Log(any(y).([]float32), x32)
		return
	}
	for i, v := range x {
		y[i] = T(math.Log(float64(v)))
	}
}
