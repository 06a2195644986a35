package kernel

import (
	"unsafe"

	"github.com/fathom-ml/fathom/internal/pool"
)

// Scan writes running folds along axis, from the end if reverse; those of
// float32 run in float64.
func (CPU) Scan(op ReduceOp, y, x View, axis int, reverse bool) {
	switch x.DT {
	case Float32:
		scan[float64, float32](op, y, x, axis, reverse)
	case Float64:
		scan[float64, float64](op, y, x, axis, reverse)
	case Int32:
		scan[int64, int32](op, y, x, axis, reverse)
	case Int64:
		scan[int64, int64](op, y, x, axis, reverse)
	case Uint8, Bool:
		scan[int64, uint8](op, y, x, axis, reverse)
	case Int8:
		scan[int64, int8](op, y, x, axis, reverse)
	default:
		unsupported("scan", x.DT)
	}
}

// steps calls f for every line of the views along axis: offsets of the first
// elements of y, a and b, and the steps to the next ones.
func steps(y, a, b View, axis int, reverse bool, f func(off, step [3]int)) {
	n := y.Shape[axis]
	if y.Size() == 0 {
		return
	}
	step := [3]int{y.Strides[axis], a.Strides[axis], b.Strides[axis]}
	var first [3]int
	if reverse {
		for k, s := range step {
			first[k], step[k] = (n-1)*s, -s
		}
	}
	var walk walker
	for i, d := range y.Shape {
		if i != axis {
			walk.axis(d, y.Strides[i], a.Strides[i], b.Strides[i])
		}
	}
	pool.For(walk.size(), max(1, grainCheap/n), func(lo, hi int) {
		w := walk
		w.seek(lo)
		for range hi - lo {
			f([3]int{w.off[0] + first[0], w.off[1] + first[1], w.off[2] + first[2]}, step)
			w.next()
		}
	})
}

func scan[A accumulator, T number](op ReduceOp, y, x View, axis int, reverse bool) {
	if y.Size() == 0 {
		return
	}
	n := x.Shape[axis]
	if m, walk, ok := beside(y, x, axis); ok {
		strips := (m + strip - 1) / strip
		pool.For(walk.size()*strips, max(1, grainCheap/(min(m, strip)*n)), func(lo, hi int) {
			w := walk
			for i := lo; i < hi; i++ {
				w.seek(i / strips)
				j := i % strips * strip
				scanColumns[A, T](op, y, x, w.off[0]+j, w.off[1]+j, min(strip, m-j), axis, reverse)
			}
		})
		return
	}
	steps(y, x, x, axis, reverse, func(off, step [3]int) {
		i, j := off[0], off[1]
		if op == ReduceSum && step[0] == 1 && step[1] == 1 {
			scanSum[A](vecOf[T](unsafe.Pointer(at[T](y, i)), n), vecOf[T](unsafe.Pointer(at[T](x, j)), n))
			return
		}
		acc := identity[A](op)
		for range n {
			acc = combine(op, acc, A(*at[T](x, j)))
			*at[T](y, i) = T(acc)
			i, j = i+step[0], j+step[1]
		}
	})
}

// scanColumns does n neighbouring columns, row by row.
func scanColumns[A accumulator, T number](op ReduceOp, y, x View, yOff, xOff, n, axis int, reverse bool) {
	var buf [strip]A
	acc := buf[:n]
	setAll(acc, identity[A](op))
	rows := x.Shape[axis]
	for i := range rows {
		if reverse {
			i = rows - 1 - i
		}
		d := vecOf[T](unsafe.Pointer(at[T](y, yOff+i*y.Strides[axis])), n)
		s := vecOf[T](unsafe.Pointer(at[T](x, xOff+i*x.Strides[axis])), n)
		if op == ReduceSum {
			for k, v := range s {
				a := acc[k] + A(v)
				acc[k], d[k] = a, T(a)
			}
			continue
		}
		for k, v := range s {
			a := combine(op, acc[k], A(v))
			acc[k], d[k] = a, T(a)
		}
	}
}

// scanSum writes running sums, four at a time so that each waits for one addition.
func scanSum[A accumulator, T number](y, x []T) {
	var acc A
	for ; len(x) >= 4; x, y = x[4:], y[4:] {
		a, b, c, d := A(x[0]), A(x[1]), A(x[2]), A(x[3])
		b += a
		d += c
		c += b
		d += b
		y[0], y[1], y[2] = T(acc+a), T(acc+b), T(acc+c)
		acc += d
		y[3] = T(acc)
	}
	for i, v := range x {
		acc += A(v)
		y[i] = T(acc)
	}
}

// Recur writes y[i] = a[i]*y[i-1] + b[i] along axis, from the end if reverse.
func (CPU) Recur(y, a, b View, axis int, reverse bool) {
	if y.DT == Float32 {
		recur[float32](y, a, b, axis, reverse)
		return
	}
	recur[float64](y, a, b, axis, reverse)
}

func recur[T float32 | float64](y, a, b View, axis int, reverse bool) {
	n := y.Shape[axis]
	steps(y, a, b, axis, reverse, func(off, step [3]int) {
		var acc float64
		for k := range n {
			v := float64(*at[T](b, off[2]+k*step[2]))
			if k > 0 {
				v += float64(*at[T](a, off[1]+k*step[1])) * acc
			}
			acc = v
			*at[T](y, off[0]+k*step[0]) = T(acc)
		}
	})
}
