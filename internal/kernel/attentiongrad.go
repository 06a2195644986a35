package kernel

import (
	"github.com/fathom-ml/fathom/internal/kernel/attention"
	"github.com/fathom-ml/fathom/internal/pool"
)

// AttentionGrad sets the gradients of the operands of Attention; those that have no memory are left out. The weights are
// computed anew from the scores and lse: with dot = sum(dy*y) over the last axis,
//
//	w = e^(scores - lse),  ds = w*(dy v^T - dot),  dv = w^T dy,  dq = Scale*ds k,  dk = Scale*ds^T q,  dmask = ds
func (CPU) AttentionGrad(s Attention, dq, dk, dv, dmask, dy, y, lse, q, k, v, mask, lengths View) {
	for _, d := range []View{dq, dk, dv, dmask} {
		if d.P != nil && y.Size() == 0 || d.P != nil && k.Size() == 0 {
			CPU{}.Fill(d, 0)
		}
	}
	if y.Size() == 0 || k.Size() == 0 {
		return
	}
	lse = densed(lse)
	if n := len(y.Shape) - 1; y.Strides[n] != 1 || dy.Strides[n] != 1 {
		y, dy = densed(y), densed(dy)
	}
	rowwise(dq, func(dq View) {
		rowwise(dk, func(dk View) {
			rowwise(dv, func(dv View) {
				switch y.DT {
				case Float32:
					newAttending[float32](s, y, lse, q, k, v, mask, lengths).backward(dq, dk, dv, dmask, dy)
				case Float64:
					newAttending[float64](s, y, lse, q, k, v, mask, lengths).backward(dq, dk, dv, dmask, dy)
				default:
					unsupported("attention", y.DT)
				}
			})
		})
	})
}

// backward makes whole heads: the gradients of keys and values are sums over all queries.
func (a *attending[T]) backward(dq, dk, dv, dmask, dy View) {
	a.dq, a.dk, a.dvs, a.dm, a.dy = dq, dk, dv, dmask, dy
	work := a.lq * a.lk * (a.d + a.dv) * 2
	pool.For(a.heads(), max(1, gemmParallel/2/work), func(lo, hi int) {
		b := attendPool[T]().Get().(*attendBuffers[T])
		for h := lo; h < hi; h++ {
			a.enter(b, h, h == lo)
			a.headGrad(b)
		}
		b.release()
	})
}

// headGrad makes the gradients of one head.
func (a *attending[T]) headGrad(b *attendBuffers[T]) {
	b.dy = headOf[T](a.dy, b.place)
	b.dots = sized(b.dots, a.lq)
	attention.RowDots(a.lq, a.dv, b.dy.p, b.dy.rs, b.y.p, b.y.rs, b.dots)
	a.columns(&b.vt, b.v, a.dv)
	b.q = a.compact(&b.qs, b.q, a.lq, a.d)
	b.k = a.compact(&b.ks, b.k, a.lk, a.d)
	b.dy = a.compact(&b.dys, b.dy, a.lq, a.dv)
	b.d = sized(b.d, a.rows*attendCols)
	dq, dk, dv := headOf[T](a.dq, b.place), headOf[T](a.dk, b.place), headOf[T](a.dvs, b.place)
	filled := 0 // keys of which the gradient has been begun
	for i := 0; i < a.lq; i += a.rows {
		m := min(a.rows, a.lq-i)
		reach := a.limits(b, i, m)
		lse := a.rowsOf(a.lse, b, i, m)
		for j := 0; j < reach; j += attendCols {
			n := min(attendCols, a.lk-j)
			blk, scale := a.block(b, i, m, j)
			multiply(m, blk.N, a.dv, b.dy.from(i), matrix[T]{&b.vt[j*a.dv], blk.N, 1}, &b.d[0], blk.N, false)
			attention.Grads(blk, b.s, b.d, scale, lse, b.dots[i:], a.keep(b, blk, i))
			if a.mask.P != nil { // the scale is still to do
				a.maskGrad(b, blk, i, n)
			}
			w, ds := matrix[T]{&b.s[0], 1, blk.N}, matrix[T]{&b.d[0], 1, blk.N}
			if dv.p != nil {
				multiply(n, a.dv, m, w, b.dy.from(i), dv.from(j).p, dv.rs, j < filled)
			}
			if dk.p != nil {
				multiply(n, a.d, m, ds, b.q.from(i), dk.from(j).p, dk.rs, j < filled)
			}
			if dq.p != nil {
				multiply(m, a.d, n, matrix[T]{ds.p, blk.N, 1}, b.k.from(j), dq.from(i).p, dq.rs, j > 0)
			}
			filled = max(filled, j+n)
		}
		if reach == 0 && dq.p != nil {
			clearRows(dq.from(i), m, a.d)
		}
		a.clearMaskGrad(b, i, m, min((reach+attendCols-1)/attendCols*attendCols, a.lk))
	}
	if dk.p != nil && filled < a.lk {
		clearRows(dk.from(filled), a.lk-filled, a.d)
	}
	if dv.p != nil && filled < a.lk {
		clearRows(dv.from(filled), a.lk-filled, a.dv)
	}
}

// maskGrad writes the gradients of scores to that of the mask, if it is wanted, and then scales them.
func (a *attending[T]) maskGrad(b *attendBuffers[T], blk attention.Block, i, n int) {
	k := len(b.place)
	for r := range blk.M {
		row := b.d[r*blk.LD:][:n]
		if a.dm.P != nil {
			o := offset(a.dm, b.place) + (i+r)*a.dm.Strides[k] + blk.First*a.dm.Strides[k+1]
			for j, v := range row {
				*at[T](a.dm, o+j*a.dm.Strides[k+1]) = v
			}
		}
		for j := range row {
			row[j] *= T(a.Scale)
		}
	}
}

// clearMaskGrad sets the gradient of the mask to 0 from column j on, in m rows from i on.
func (a *attending[T]) clearMaskGrad(b *attendBuffers[T], i, m, j int) {
	if a.dm.P == nil {
		return
	}
	k := len(b.place)
	for r := range m {
		for c := j; c < a.lk; c++ {
			*at[T](a.dm, offset(a.dm, b.place)+(i+r)*a.dm.Strides[k]+c*a.dm.Strides[k+1]) = 0
		}
	}
}
