package kernel

import (
	"unsafe"

	"github.com/fathom-ml/fathom/internal/pool"
)

// lines is a walk over all one-dimensional lines of x along axis, and of y
// along the same axis.
func lines(y, x View, axis int) walker {
	var w walker
	for i, d := range x.Shape {
		if i != axis {
			w.axis(d, y.Strides[i], x.Strides[i])
		}
	}
	return w
}

// ArgReduce writes the index of the first maximum or minimum along axis.
func (CPU) ArgReduce(op ReduceOp, y, x View, axis int) {
	if y.Size() == 0 {
		return
	}
	if x.Shape[axis] == 0 {
		panic("kernel: argument of the maximum or minimum of nothing")
	}
	switch x.DT {
	case Float32:
		argReduce[float32](op, y, x, axis)
	case Float64:
		argReduce[float64](op, y, x, axis)
	case Int32:
		argReduce[int32](op, y, x, axis)
	case Int64:
		argReduce[int64](op, y, x, axis)
	case Int8:
		argReduce[int8](op, y, x, axis)
	default:
		argReduce[uint8](op, y, x, axis)
	}
}

func argReduce[T number](op ReduceOp, y, x View, axis int) {
	walk := lines(y, x, axis)
	if x.Size() < 2*grainCheap {
		argLines[T](op, y, x, axis, &walk, 0, walk.size())
		return
	}
	pool.For(walk.size(), max(1, grainCheap/x.Shape[axis]), func(lo, hi int) {
		w := walk
		argLines[T](op, y, x, axis, &w, lo, hi)
	})
}

// argLines does lines [lo, hi).
func argLines[T number](op ReduceOp, y, x View, axis int, w *walker, lo, hi int) {
	var z T
	n, step := x.Shape[axis], x.Strides[axis]*int(unsafe.Sizeof(z))
	w.seek(lo)
	for i := lo; i < hi; i++ {
		p := unsafe.Pointer(at[T](x, w.off[1]))
		best, arg := *(*T)(p), 0
		for j := 1; j < n && best == best; j++ { // a NaN ends the search
			v := *(*T)(unsafe.Add(p, j*step))
			if v != v || (op == ReduceMax && v > best) || (op == ReduceMin && v < best) {
				best, arg = v, j
			}
		}
		*at[int64](y, w.off[0]) = int64(arg)
		w.next()
	}
}
