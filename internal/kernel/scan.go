package kernel

import "github.com/fathom-ml/fathom/internal/pool"

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
	n := x.Shape[axis]
	steps(y, x, x, axis, reverse, func(off, step [3]int) {
		acc, i, j := identity[A](op), off[0], off[1]
		for range n {
			acc = combine(op, acc, A(*at[T](x, j)))
			*at[T](y, i) = T(acc)
			i, j = i+step[0], j+step[1]
		}
	})
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
