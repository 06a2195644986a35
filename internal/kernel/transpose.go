package kernel

import (
	"unsafe"

	"github.com/fathom-ml/fathom/internal/pool"
)

// tileSide is the side of the square that is transposed at a time: its lines on
// both sides stay in the first-level cache.
const tileSide = 32

// A transposition is a copy in which x runs along another axis than y.
type transposition struct {
	y, x   View
	outer  walker // the axes that are neither: offsets 0 of y, 1 of x
	rows   int    // the axis along which x is contiguous
	cols   int    // the last one, along which y is
	yr, xc int    // strides of y along rows, of x along cols
}

// transposed describes the copy of x to the contiguous y as a transposition, if it is
// one that pays for tiles.
func transposed(y, x View) (t transposition, ok bool) {
	if y.Size() < 1024 || !contiguous(y) {
		return t, false
	}
	var c cursor
	c.open(x, nil)
	axis := -1
	for i, st := range c.stride[:c.nd-1] {
		if st == 1 {
			axis = i
		}
	}
	last := c.nd - 1
	if axis < 0 || c.stride[last] == 1 || c.shape[axis] < 8 || c.shape[last] < 8 {
		return t, false
	}
	t = transposition{y: y, x: x, rows: c.shape[axis], cols: c.shape[last], xc: c.stride[last]}
	var strides [maxAxes]int
	n := 1
	for i := last; i >= 0; i-- {
		strides[i] = n
		n *= c.shape[i]
	}
	t.yr = strides[axis]
	for i := range last {
		if i != axis {
			t.outer.axis(c.shape[i], strides[i], c.stride[i])
		}
	}
	return t, true
}

func (t *transposition) copy() {
	bands := (t.rows + tileSide - 1) / tileSide
	pool.For(t.outer.size()*bands, max(1, grainCheap/(tileSide*t.cols)), func(lo, hi int) {
		w := t.outer
		for i := lo; i < hi; i++ {
			w.seek(i / bands)
			r := i % bands * tileSide
			n := min(tileSide, t.rows-r)
			y, x := w.off[0]+r*t.yr, w.off[1]+r
			switch t.y.DT.Size() {
			case 1:
				transposeBand(at[uint8](t.y, y), at[uint8](t.x, x), n, t)
			case 2:
				transposeBand(at[uint16](t.y, y), at[uint16](t.x, x), n, t)
			case 16:
				transposeBand(at[[2]uint64](t.y, y), at[[2]uint64](t.x, x), n, t)
			case 4:
				transposeBand(at[uint32](t.y, y), at[uint32](t.x, x), n, t)
			default:
				transposeBand(at[uint64](t.y, y), at[uint64](t.x, x), n, t)
			}
		}
	})
}

// transposeBand copies n rows of y from n neighbouring columns of x, by way of a
// tile: rows that are a page apart would push each other out of the cache.
func transposeBand[T any](y, x *T, n int, t *transposition) {
	const side = tileSide
	var tile [side * side]T
	size := int(unsafe.Sizeof(*y))
	for c := 0; c < t.cols; c += side {
		m := min(side, t.cols-c)
		for j := range m {
			copy(tile[j*side:(j+1)*side], vecOf[T](unsafe.Add(unsafe.Pointer(x), (c+j)*t.xc*size), n))
		}
		for i := range n {
			d := vecOf[T](unsafe.Add(unsafe.Pointer(y), (i*t.yr+c)*size), m)
			s := tile[i : i+(m-1)*side+1]
			for j := range d {
				d[j] = s[j*side]
			}
		}
	}
}
