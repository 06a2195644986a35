package kernel

import (
	"unsafe"

	"github.com/fathom-ml/fathom/internal/kernel/cell"
	"github.com/fathom-ml/fathom/internal/kernel/gemm"
	"github.com/fathom-ml/fathom/internal/pool"
)

// RNN runs a recurrent cell along the first axis of d.P. Every worker takes some of the sequences
// through all steps, so that workers meet once, at the end.
func (CPU) RNN(s RNN, d RNNData) {
	switch d.Y.DT {
	case Float32:
		rnnForward[float32](s, d)
	case Float64:
		rnnForward[float64](s, d)
	default:
		unsupported("RNN", d.Y.DT)
	}
}

// RNNGrad sets the gradients of RNN: first that of P, backwards through the steps, then that of the weights as one
// product over all steps.
func (CPU) RNNGrad(s RNN, d RNNData, g RNNGrads) {
	switch d.Y.DT {
	case Float32:
		rnnBackward[float32](s, d, g)
	case Float64:
		rnnBackward[float64](s, d, g)
	default:
		unsupported("RNN", d.Y.DT)
	}
}

// rnnWork is the number of multiplications of all steps together that is worth a worker's while, and rnnRows
// the least number of sequences.
const (
	rnnWork = 200_000
	rnnRows = 4
)

// rnnRun is a run in slices of T, for t steps, n sequences, and wide = gates*units.
type rnnRun[T float] struct {
	RNN
	t, n, units, wide, kept int

	p, h0, c0, w, b, y, keep, cs []T
}

func newRun[T float](s RNN, d RNNData) rnnRun[T] {
	r := rnnRun[T]{RNN: s, t: d.Y.Shape[0], n: d.Y.Shape[1], units: d.Y.Shape[2]}
	r.wide, r.kept = s.Cell.Gates()*r.units, s.Cell.Kept()*r.units
	r.p, r.h0, r.c0, r.w, r.b = given[T](d.P), given[T](d.H0), given[T](d.C0), given[T](d.W), given[T](d.B)
	r.y, r.keep, r.cs = given[T](d.Y), given[T](d.Kept), given[T](d.Cs)
	return r
}

// given is all of a view, nil if it is empty or absent.
func given[T float](v View) []T {
	if v.P == nil {
		return nil
	}
	return data[T](v)
}

// step is the k-th step in the order of the run.
func (r *rnnRun[T]) step(k int) int {
	if r.Reverse {
		return r.t - 1 - k
	}
	return k
}

// runs says whether sequence i takes part in step t.
func (r *rnnRun[T]) runs(t, i int) bool { return r.Lengths == nil || t < r.Lengths[i] }

// split runs f over the sequences, on several workers if there is work for them.
func (r *rnnRun[T]) split(f func(lo, hi int)) {
	work := float64(r.t) * float64(r.units) * float64(r.wide)
	pool.For(r.n, max(rnnRows, int(rnnWork/max(work, 1))), f)
}

// row is row i of rows of width w.
func row[T float](s []T, i, w int) []T { return s[i*w : (i+1)*w : (i+1)*w] }

// borrow returns n numbers, whatever they are, and a function that gives them back.
func borrow[T float](n int) ([]T, func()) {
	var z T
	p, class := pool.Buffers.Get(n * int(unsafe.Sizeof(z)))
	return unsafe.Slice((*T)(p), n), func() { pool.Buffers.Put(p, class) }
}

// forwardWeights is the packed transposes of the weights: one product makes u, but for the GRUs the last gate has
// its own, with a bias or another operand.
func (r *rnnRun[T]) forwardWeights() (first, last *gemm.Packed[T]) {
	split := r.wide
	if r.Cell == CellGRU || r.Cell == CellGRUBefore {
		split = 2 * r.units
		last = gemm.Pack(r.units, r.units, r.w[split*r.units:], 1, r.units)
	}
	return gemm.Pack(split, r.units, r.w, 1, r.units), last
}

func rnnForward[T float](s RNN, d RNNData) {
	r := newRun[T](s, d)
	if r.n == 0 || r.units == 0 {
		return
	}
	first, last := r.forwardWeights()
	defer first.Free()
	if last != nil {
		defer last.Free()
	}
	hn, cn := given[T](d.HN), given[T](d.CN)
	r.split(func(lo, hi int) {
		f := rnnForwardPass[T]{rnnRun: &r, lo: lo, m: hi - lo, first: first, last: last}
		f.run(hn, cn)
	})
}

// rnnForwardPass is one worker's share of a run: m sequences from lo on.
type rnnForwardPass[T float] struct {
	*rnnRun[T]
	lo, m       int
	first, last *gemm.Packed[T]
	u, rh       []T
	scratch     []T // in place of what is kept, of one step
	h, c, next  []T // old states of these sequences; old and new cells of all
}

// run makes the states of all steps; hn and cn get the last ones.
func (f *rnnForwardPass[T]) run(hn, cn []T) {
	w, lo, m := f.units, f.lo, f.m
	mine := func(s []T) []T { return s[lo*w : (lo+m)*w] }
	room, free := borrow[T](m * (f.wide + f.kept + 2*w))
	defer free()
	f.u, room = room[:m*f.wide], room[m*f.wide:]
	f.scratch, room = room[:m*f.kept], room[m*f.kept:]
	f.rh = room[:m*w]
	f.h = mine(f.h0)
	if f.Lengths != nil { // the state of a sequence that pauses is not in y
		copy(room[m*w:], f.h)
		f.h = room[m*w:]
	}
	if f.c = f.c0; f.c0 != nil && f.cs == nil {
		copy(mine(cn), mine(f.c0))
		f.c = cn
	}
	for k := range f.t {
		t := f.step(k)
		if f.next = f.c; f.cs != nil {
			f.next = row(f.cs, t, f.n*w)
		}
		y := mine(row(f.y, t, f.n*w))
		f.advance(t, y)
		f.c = f.next
		if f.Lengths == nil {
			f.h = y
			continue
		}
		for i := range m {
			if f.runs(t, lo+i) {
				copy(row(f.h, i, w), row(y, i, w))
			} else {
				clear(row(y, i, w))
			}
		}
	}
	copy(mine(hn), f.h)
	if f.cs != nil {
		copy(mine(cn), mine(f.c))
	}
}

// advance makes the states y of step t.
func (f *rnnForwardPass[T]) advance(t int, y []T) {
	w := f.units
	f.first.Mul(f.m, f.h, w, f.u, f.wide, false, nil)
	switch f.Cell {
	case CellTanh:
		for i := range f.m {
			cell.Tanh(row(y, i, w), f.args(t, i), row(f.u, i, w))
		}
	case CellReLU:
		for i := range f.m {
			cell.ReLU(row(y, i, w), f.args(t, i), row(f.u, i, w))
		}
	case CellGRU:
		f.last.Mul(f.m, f.h, w, f.u[2*w:], f.wide, false, f.b)
		for i := range f.m {
			cell.GRU(row(y, i, w), f.gates(t, i), f.args(t, i), row(f.u, i, f.wide), row(f.h, i, w))
		}
	case CellGRUBefore:
		for i := range f.m {
			cell.GRUGates(row(f.rh, i, w), f.gates(t, i), f.args(t, i), row(f.u, i, f.wide), row(f.h, i, w))
		}
		f.last.Mul(f.m, f.rh, w, f.u[2*w:], f.wide, false, nil)
		for i := range f.m {
			cell.GRUState(row(y, i, w), f.gates(t, i), f.args(t, i), row(f.u, i, f.wide), row(f.h, i, w))
		}
	case CellLSTM:
		for i := range f.m {
			q := f.lo + i
			if f.runs(t, q) {
				cell.LSTM(row(y, i, w), row(f.next, q, w), f.gates(t, i), f.args(t, i), row(f.u, i, f.wide), row(f.c, q, w))
			} else if f.cs != nil {
				copy(row(f.next, q, w), row(f.c, q, w))
			}
		}
	}
}

// args is what the inputs add to the arguments of sequence i in step t.
func (f *rnnForwardPass[T]) args(t, i int) []T { return row(f.p, t*f.n+f.lo+i, f.wide) }

// gates is where the gates of sequence i in step t are kept.
func (f *rnnForwardPass[T]) gates(t, i int) []T {
	if f.keep == nil {
		return row(f.scratch, i, f.kept)
	}
	return row(f.keep, t*f.n+f.lo+i, f.kept)
}

func rnnBackward[T float](s RNN, d RNNData, g RNNGrads) {
	b := rnnGradient[T]{rnnRun: newRun[T](s, d)}
	b.dy, b.dhn, b.dcn = given[T](g.DY), given[T](g.DHN), given[T](g.DCN)
	b.dp, b.dh0, b.dc0 = given[T](g.DP), given[T](g.DH0), given[T](g.DC0)
	if b.units == 0 || b.n == 0 {
		CPU{}.Fill(g.DW, 0)
		if g.DB.P != nil {
			CPU{}.Fill(g.DB, 0)
		}
		return
	}
	if b.Cell == CellGRU || b.Cell == CellGRUBefore {
		x, free := borrow[T](b.t * b.n * b.units)
		defer free()
		b.extra = x
	}
	b.packWeights()
	b.split(func(lo, hi int) {
		f := rnnGradPass[T]{rnnGradient: &b, lo: lo, m: hi - lo}
		f.run()
	})
	b.first.Free()
	if b.last != nil {
		b.last.Free()
	}
	b.weights(g)
}

// rnnGradient is the gradient of a run.
type rnnGradient[T float] struct {
	rnnRun[T]
	dy, dhn, dcn, dp, dh0, dc0 []T

	extra       []T // [T, N, H]: the GRU's gradient of u's n; or r*h
	first, last *gemm.Packed[T]
}

// packWeights packs the weights for the way back: dp times first, and for the GRUs the gradient of the last gate's
// u times last, goes to the old state.
func (b *rnnGradient[T]) packWeights() {
	split := b.wide
	if b.extra != nil {
		split = 2 * b.units
		b.last = gemm.Pack(b.units, b.units, b.w[split*b.units:], b.units, 1)
	}
	b.first = gemm.Pack(b.units, split, b.w, b.units, 1)
}

// rnnGradPass is one worker's share of a gradient: m sequences from lo on.
type rnnGradPass[T float] struct {
	*rnnGradient[T]
	lo, m       int
	dh, dc, drh []T // gradients of the states between steps, of these sequences
	zero        []T // the gradient of a y that has none
}

// run makes dp of all steps, from the last to the first, and dh0 and dc0.
func (f *rnnGradPass[T]) run() {
	w, lo, m := f.units, f.lo, f.m
	room, free := borrow[T]((2*m + 1) * w)
	defer free()
	f.drh, f.zero = room[:m*w], room[2*m*w:]
	clear(f.zero)
	f.dh = f.dh0[lo*w : (lo+m)*w]
	start(f.dh, f.dhn, lo*w)
	if f.Cell == CellLSTM {
		f.dc = f.dc0[lo*w : (lo+m)*w]
		start(f.dc, f.dcn, lo*w)
	}
	for k := f.t - 1; k >= 0; k-- {
		t := f.step(k)
		f.cells(k, t)
		dp := f.dp[(t*f.n+lo)*f.wide:]
		switch f.Cell {
		case CellGRU:
			f.first.Mul(m, dp, f.wide, f.dh, w, true, nil)
			f.last.Mul(m, f.extra[(t*f.n+lo)*w:], w, f.dh, w, true, nil)
		case CellGRUBefore:
			f.last.Mul(m, dp[2*w:], f.wide, f.drh, w, false, nil)
			f.gates(k, t)
			f.first.Mul(m, dp, f.wide, f.dh, w, true, nil)
		default: // cells has used dh up, or cleared it where a sequence did not pause
			f.first.Mul(m, dp, f.wide, f.dh, w, f.Lengths != nil, nil)
		}
	}
}

// start sets x to what y holds from i on, or to 0.
func start[T float](x, y []T, i int) {
	if y == nil {
		clear(x)
		return
	}
	copy(x, y[i:])
}

// before is the state of sequence q before step t, the k-th.
func (b *rnnGradient[T]) before(k, q int) []T {
	if k > 0 {
		if t := b.step(k - 1); b.runs(t, q) {
			return row(b.y, t*b.n+q, b.units)
		}
	}
	return row(b.h0, q, b.units)
}

// cells takes the gradient of step t, the k-th, through the cells; it makes dp but for the reset gate of CellGRUBefore.
func (f *rnnGradPass[T]) cells(k, t int) {
	w := f.units
	old := f.c0
	if f.Cell == CellLSTM && k > 0 {
		old = row(f.cs, f.step(k-1), f.n*w)
	}
	for i := range f.m {
		q := f.lo + i
		at := t*f.n + q
		dp, dh, dy := row(f.dp, at, f.wide), row(f.dh, i, w), f.zero
		if f.dy != nil {
			dy = row(f.dy, at, w)
		}
		if !f.runs(t, q) {
			clear(dp)
			if f.extra != nil {
				clear(row(f.extra, at, w))
			}
			continue
		}
		switch f.Cell {
		case CellTanh:
			cell.TanhGrad(dp, dy, dh, row(f.y, at, w))
		case CellReLU:
			cell.ReLUGrad(dp, dy, dh, row(f.y, at, w))
		case CellGRU:
			cell.GRUGrad(dp, row(f.extra, at, w), dh, dy, row(f.keep, at, f.kept), f.before(k, q))
			continue
		case CellGRUBefore:
			cell.GRUStateGrad(dp, dh, dy, row(f.keep, at, f.kept), f.before(k, q))
			continue
		case CellLSTM:
			cell.LSTMGrad(dp, row(f.dc, i, w), dh, dy, row(f.keep, at, f.kept), row(f.cs, at, w), row(old, q, w))
		}
		if f.Lengths != nil {
			clear(dh)
		}
	}
}

// gates takes drh through the reset gates of CellGRUBefore.
func (f *rnnGradPass[T]) gates(k, t int) {
	w := f.units
	for i := range f.m {
		if q := f.lo + i; f.runs(t, q) {
			at := t*f.n + q
			cell.GRUGatesGrad(row(f.dp, at, f.wide), row(f.extra, at, w), row(f.dh, i, w), row(f.drh, i, w), row(f.keep, at, f.kept), f.before(k, q))
		}
	}
}

// weights sets dw and db, each by products over all steps.
func (b *rnnGradient[T]) weights(g RNNGrads) {
	dw := given[T](g.DW)
	w, steps := b.units, b.t*b.n
	switch b.Cell {
	case CellGRU:
		b.overStates(dw, b.dp, b.wide, 2*w)
		b.overStates(dw[2*w*w:], b.extra, w, w)
		if g.DB.P != nil {
			dq := View{P: unsafe.Pointer(unsafe.SliceData(b.extra)), DT: g.DB.DT, Shape: []int{steps, w}, Strides: []int{w, 1}}
			CPU{}.Reduce(ReduceSum, View{P: g.DB.P, DT: g.DB.DT, Shape: []int{1, w}, Strides: []int{w, 1}}, dq)
		}
	case CellGRUBefore:
		b.overStates(dw, b.dp, b.wide, 2*w)
		over(dw[2*w*w:], b.dp[min(2*w, len(b.dp)):], b.wide, w, b.extra, w, steps, false)
	default:
		b.overStates(dw, b.dp, b.wide, b.wide)
	}
}

// overStates sets dw to the sum over all steps of d, n columns of rows ld apart, times the states before.
func (b *rnnGradient[T]) overStates(dw, d []T, ld, n int) {
	w, rows := b.units, b.n
	if b.t == 0 {
		clear(dw[:n*w])
		return
	}
	// The step with h0 in front of it is one for all sequences, but for those that begin late.
	start, free := d[b.step(0)*rows*ld:], func() {}
	if b.Lengths != nil && b.Reverse {
		start, free = borrow[T](rows * ld)
		clear(start)
		for q, l := range b.Lengths {
			if l > 0 {
				copy(row(start, q, ld), row(d, (l-1)*rows+q, ld))
			}
		}
	}
	defer free()
	over(dw, start, ld, n, b.h0, w, rows, false)
	y, rest := b.y, d[rows*ld:]
	if b.Reverse {
		y, rest = b.y[rows*w:], d
	}
	over(dw, rest, ld, n, y, w, (b.t-1)*rows, true)
}

// over sets dw [n, w] to the transpose of d times y, or adds it: k rows, of d ld apart.
func over[T float](dw, d []T, ld, n int, y []T, w, k int, acc bool) {
	if k == 0 {
		if !acc {
			clear(dw[:n*w])
		}
		return
	}
	multiply(n, w, k, matrix[T]{&d[0], 1, ld}, matrix[T]{&y[0], w, 1}, &dw[0], w, acc)
}
