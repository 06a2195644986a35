package kernel

import (
	"unsafe"

	"github.com/fathom-ml/fathom/internal/kernel/vec"
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

// beside finds an axis other than axis along which x and y lie without gaps, long enough to go along it: whole rows of it
// are read in place of single elements a row apart. w walks over the remaining axes.
func beside(y, x View, axis int) (n int, w walker, ok bool) {
	at := -1
	for i, d := range x.Shape {
		if i != axis && d >= 8 && x.Strides[i] == 1 && y.Strides[i] == 1 {
			at = i
		}
	}
	if at < 0 || x.Strides[axis] == 1 || x.Shape[axis] < 2 {
		return 0, w, false
	}
	for i, d := range x.Shape {
		if i != axis && i != at {
			w.axis(d, y.Strides[i], x.Strides[i])
		}
	}
	return x.Shape[at], w, true
}

// strip is how many columns are done at a time.
const strip = 512

func argReduce[T number](op ReduceOp, y, x View, axis int) {
	if n, walk, ok := beside(y, x, axis); ok {
		strips := (n + strip - 1) / strip
		pool.For(walk.size()*strips, max(1, grainCheap/(min(n, strip)*x.Shape[axis])), func(lo, hi int) {
			w := walk
			for i := lo; i < hi; i++ {
				w.seek(i / strips)
				j := i % strips * strip
				arg := vecOf[int64](unsafe.Pointer(at[int64](y, w.off[0]+j)), min(strip, n-j))
				argColumns[T](op, arg, x, w.off[1]+j, axis)
			}
		})
		return
	}
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

// argColumns does neighbouring columns, the first at offset off, row by row.
func argColumns[T number](op ReduceOp, arg []int64, x View, off, axis int) {
	var buf [strip]T
	best := buf[:len(arg)]
	row := func(i int) []T { return vecOf[T](unsafe.Pointer(at[T](x, off+i*x.Strides[axis])), len(best)) }
	copy(best, row(0))
	clear(arg)
	for i := 1; i < x.Shape[axis]; i++ {
		r := row(i)
		if op == ReduceMax {
			for k, v := range r {
				if b := best[k]; !(v <= b) && b == b {
					best[k], arg[k] = v, int64(i)
				}
			}
			continue
		}
		for k, v := range r {
			if b := best[k]; !(v >= b) && b == b {
				best[k], arg[k] = v, int64(i)
			}
		}
	}
}

// argLines does lines [lo, hi).
func argLines[T number](op ReduceOp, y, x View, axis int, w *walker, lo, hi int) {
	var z T
	n, step := x.Shape[axis], x.Strides[axis]*int(unsafe.Sizeof(z))
	w.seek(lo)
	for i := lo; i < hi; i++ {
		p := unsafe.Pointer(at[T](x, w.off[1]))
		var arg int
		if n >= 64 && x.DT == Float32 && x.Strides[axis] == 1 {
			arg = argLong(op, vecOf[float32](p, n))
		} else {
			_, arg = argOf[T](op, p, n, step)
		}
		*at[int64](y, w.off[0]) = int64(arg)
		w.next()
	}
}

// argOf is the first extremum of n elements from p on, step bytes apart, and its index; a NaN ends the search.
func argOf[T number](op ReduceOp, p unsafe.Pointer, n, step int) (best T, arg int) {
	best = *(*T)(p)
	for j := 1; j < n && best == best; j++ {
		p = unsafe.Add(p, step)
		v := *(*T)(p)
		if v != v || (op == ReduceMax && v > best) || (op == ReduceMin && v < best) {
			best, arg = v, j
		}
	}
	return best, arg
}

// argLong finds the block that holds the first extremum by the extrema of blocks, and looks into it.
func argLong(op ReduceOp, x []float32) int {
	const block = 512
	of := vec.MaxOf
	if op == ReduceMin {
		of = vec.MinOf
	}
	best, from := of(x[:min(block, len(x))]), 0
	for i := block; i < len(x) && best == best; i += block {
		v := of(x[i:min(i+block, len(x))])
		if v != v || op == ReduceMax && v > best || op == ReduceMin && v < best {
			best, from = v, i
		}
	}
	for i, v := range x[from:] {
		if v == best || v != v {
			return from + i
		}
	}
	return from
}
