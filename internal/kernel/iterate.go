package kernel

import (
	"sync"
	"unsafe"

	"github.com/fathom-ml/fathom/internal/pool"
)

// maxAxes is how many axes a view may keep after its mergeable neighbours
// have been merged.
const maxAxes = 16

// blockLen is how many elements a strided operand is gathered at a time: four
// buffers of the widest dtype stay in the first-level cache.
const blockLen = 1024

// scratch holds the gather buffers of one running loop.
type scratch [4][blockLen * 8]byte

var scratches = sync.Pool{New: func() any { return new(scratch) }}

// A cursor reads or writes a view in row-major order, some elements at a time,
// and hands them out as contiguous runs: straight from memory where they lie
// so, through a buffer where not. Every elementwise kernel therefore has only
// one loop, the contiguous one.
type cursor struct {
	p             unsafe.Pointer
	size          int // bytes of an element
	nd            int
	shape, stride [maxAxes]int
	idx           [maxAxes]int
	off           int
	buf           unsafe.Pointer
	filled        bool // buf holds a broadcast scalar
}

// open sets c to the start of v, with length-1 axes dropped and adjacent axes
// merged.
func (c *cursor) open(v View, buf unsafe.Pointer) {
	c.p, c.size, c.buf, c.off, c.filled = v.P, v.DT.Size(), buf, 0, false
	c.nd = 0
	for i, d := range v.Shape {
		if d == 1 {
			continue
		}
		st := v.Strides[i]
		if k := c.nd - 1; k >= 0 && c.stride[k] == st*d {
			c.shape[k] *= d
			c.stride[k] = st
			continue
		}
		if c.nd == maxAxes {
			panic("kernel: too many axes")
		}
		c.shape[c.nd], c.stride[c.nd], c.idx[c.nd] = d, st, 0
		c.nd++
	}
	if c.nd == 0 {
		c.nd, c.shape[0], c.stride[0], c.idx[0] = 1, 1, 0, 0
	}
}

// seek moves c to the element with row-major index i.
func (c *cursor) seek(i int) {
	c.off = 0
	for k := c.nd - 1; k >= 0; k-- {
		c.idx[k] = i % c.shape[k]
		i /= c.shape[k]
		c.off += c.idx[k] * c.stride[k]
	}
}

// advance moves c by n elements that end at or before the end of the row.
func (c *cursor) advance(n int) {
	k := c.nd - 1
	c.idx[k] += n
	c.off += n * c.stride[k]
	for k > 0 && c.idx[k] == c.shape[k] {
		c.off -= c.shape[k] * c.stride[k]
		c.idx[k] = 0
		k--
		c.idx[k]++
		c.off += c.stride[k]
	}
}

// left is how many elements the current row still has.
func (c *cursor) left() int { return c.shape[c.nd-1] - c.idx[c.nd-1] }

// direct says whether the next n elements lie side by side.
func (c *cursor) direct(n int) bool {
	return c.stride[c.nd-1] == 1 && c.left() >= n
}

func (c *cursor) here() unsafe.Pointer { return unsafe.Add(c.p, c.off*c.size) }

// read returns the next n <= blockLen elements as one run and moves on.
func (c *cursor) read(n int) unsafe.Pointer {
	if c.direct(n) {
		p := c.here()
		c.advance(n)
		return p
	}
	if c.nd == 1 && c.stride[0] == 0 {
		if !c.filled {
			gather(c.buf, c.here(), min(blockLen, c.shape[0]), 0, c.size)
			c.filled = true
		}
		return c.buf
	}
	for i := 0; i < n; {
		r := min(n-i, c.left())
		gather(unsafe.Add(c.buf, i*c.size), c.here(), r, c.stride[c.nd-1], c.size)
		c.advance(r)
		i += r
	}
	return c.buf
}

// span returns a run of at most n elements, as long as it can be had without
// gathering, or else gathered, and moves on.
func (c *cursor) span(n int) (unsafe.Pointer, int) {
	if c.stride[c.nd-1] == 1 && c.left() >= min(n, 32) {
		n = min(n, c.left())
		p := c.here()
		c.advance(n)
		return p, n
	}
	n = min(n, blockLen)
	return c.read(n), n
}

// target is where the next n <= blockLen elements are to be written; commit
// brings them home and moves on.
func (c *cursor) target(n int) unsafe.Pointer {
	if c.direct(n) {
		return c.here()
	}
	return c.buf
}

func (c *cursor) commit(n int) {
	if c.direct(n) {
		c.advance(n)
		return
	}
	for i := 0; i < n; {
		r := min(n-i, c.left())
		spread(c.here(), unsafe.Add(c.buf, i*c.size), r, c.stride[c.nd-1], c.size)
		c.advance(r)
		i += r
	}
}

// gather copies n elements of the given size from src, st elements apart, to
// dst, side by side.
func gather(dst, src unsafe.Pointer, n, st, size int) {
	switch {
	case st == 1:
		copy(vecOf[byte](dst, n*size), vecOf[byte](src, n*size))
	case size == 4:
		gatherT[uint32](dst, src, n, st)
	case size == 8:
		gatherT[uint64](dst, src, n, st)
	default:
		gatherT[uint8](dst, src, n, st)
	}
}

func gatherT[T any](dst, src unsafe.Pointer, n, st int) {
	d := vecOf[T](dst, n)
	if st == 0 {
		v := *(*T)(src)
		for i := range d {
			d[i] = v
		}
		return
	}
	var z T
	step := st * int(unsafe.Sizeof(z))
	for i := range d {
		d[i] = *(*T)(unsafe.Add(src, i*step))
	}
}

// spread is gather's way back.
func spread(dst, src unsafe.Pointer, n, st, size int) {
	switch {
	case st == 1:
		copy(vecOf[byte](dst, n*size), vecOf[byte](src, n*size))
	case size == 4:
		spreadT[uint32](dst, src, n, st)
	case size == 8:
		spreadT[uint64](dst, src, n, st)
	default:
		spreadT[uint8](dst, src, n, st)
	}
}

func spreadT[T any](dst, src unsafe.Pointer, n, st int) {
	var z T
	step := st * int(unsafe.Sizeof(z))
	for i, v := range vecOf[T](src, n) {
		*(*T)(unsafe.Add(dst, i*step)) = v
	}
}

// operands are the pointers one call of a contiguous loop gets: the result
// first.
type operands [4]unsafe.Pointer

// each calls f with contiguous runs that together cover the views once, in
// row-major order within a chunk, chunks on the workers. The first view is
// written, the others are read; all have one shape.
func each(grain int, f func(p *operands, n int), vs ...View) {
	n := vs[0].Size()
	if n == 0 {
		return
	}
	flat := true
	for _, v := range vs {
		flat = flat && contiguous(v)
	}
	if flat {
		pool.For(n, grain, func(lo, hi int) {
			var p operands
			for i, v := range vs {
				p[i] = unsafe.Add(v.P, lo*v.DT.Size())
			}
			f(&p, hi-lo)
		})
		return
	}
	pool.For(n, grain, func(lo, hi int) { eachBlock(lo, hi, f, vs) })
}

func eachBlock(lo, hi int, f func(p *operands, n int), vs []View) {
	sc := scratches.Get().(*scratch)
	var cs [4]cursor
	for i, v := range vs {
		cs[i].open(v, unsafe.Pointer(&sc[i]))
		cs[i].seek(lo)
	}
	var p operands
	for lo < hi {
		n := min(blockLen, hi-lo)
		p[0] = cs[0].target(n)
		for i := 1; i < len(vs); i++ {
			p[i] = cs[i].read(n)
		}
		f(&p, n)
		cs[0].commit(n)
		lo += n
	}
	scratches.Put(sc)
}

// A walker steps through the index space of a shape in row-major order and
// keeps the offsets of up to three sets of strides.
type walker struct {
	nd    int
	shape [maxAxes]int
	idx   [maxAxes]int
	st    [3][maxAxes]int
	off   [3]int
}

// axis adds one more (faster) axis.
func (w *walker) axis(d int, st ...int) {
	if d == 1 {
		return
	}
	if w.nd == maxAxes {
		panic("kernel: too many axes")
	}
	w.shape[w.nd] = d
	for k, s := range st {
		w.st[k][w.nd] = s
	}
	w.nd++
}

// size is the number of steps.
func (w *walker) size() int {
	n := 1
	for _, d := range w.shape[:w.nd] {
		n *= d
	}
	return n
}

// seek moves to step i.
func (w *walker) seek(i int) {
	w.off = [3]int{}
	for k := w.nd - 1; k >= 0; k-- {
		w.idx[k] = i % w.shape[k]
		i /= w.shape[k]
		for j := range w.off {
			w.off[j] += w.idx[k] * w.st[j][k]
		}
	}
}

// next moves one step; after the last it stands at the first again.
func (w *walker) next() {
	for k := w.nd - 1; k >= 0; k-- {
		w.idx[k]++
		for j := range w.off {
			w.off[j] += w.st[j][k]
		}
		if w.idx[k] < w.shape[k] {
			return
		}
		w.idx[k] = 0
		for j := range w.off {
			w.off[j] -= w.shape[k] * w.st[j][k]
		}
	}
}
