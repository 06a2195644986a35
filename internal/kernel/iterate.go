package kernel

import (
	"sync"
	"unsafe"

	"github.com/fathom-ml/fathom/internal/kernel/vec"
	"github.com/fathom-ml/fathom/internal/pool"
)

// maxAxes is how many axes a view may keep after its mergeable neighbours
// have been merged.
const maxAxes = 16

// tooManyAxes is what all loops but copies say beyond that.
const tooManyAxes = "kernel: a view has more than 16 axes that cannot be merged; Contiguous makes one that has none"

// blockLen is how many elements a strided operand is gathered at a time: four
// buffers of the widest dtype stay in the first-level cache.
const blockLen = 1024

// scratch is what one running loop needs: cursors and their gather buffers.
type scratch struct {
	cs  [4]cursor
	buf [4][blockLen * 16]byte
}

// release gives sc back; it keeps no operand alive.
func (sc *scratch) release() {
	for i := range sc.cs {
		sc.cs[i].p = nil
	}
	scratches.Put(sc)
}

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
	period        int // if not 0: the view repeats its last axis over and over
	filled        int // elements of the repetition that buf holds
}

// open sets c to the start of v, with length-1 axes dropped and adjacent axes
// merged.
func (c *cursor) open(v View, buf unsafe.Pointer) {
	c.p, c.size, c.buf, c.off, c.filled = v.P, v.DT.Size(), buf, 0, 0
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
			panic(tooManyAxes)
		}
		c.shape[c.nd], c.stride[c.nd], c.idx[c.nd] = d, st, 0
		c.nd++
	}
	if c.nd == 0 {
		c.nd, c.shape[0], c.stride[0], c.idx[0] = 1, 1, 0, 0
	}
	c.period = 0
	switch {
	case c.nd == 1 && c.stride[0] == 0:
		c.period = 1
	case c.nd == 2 && c.stride[0] == 0 && c.shape[1] <= blockLen/4:
		c.period = c.shape[1]
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

// reach is how many elements a loop should take at a time: the rest of a row
// that is worth it, or a full block.
func (c *cursor) reach() int {
	if n := c.left(); c.period == 0 && c.stride[c.nd-1] == 1 && n >= 128 {
		return n
	}
	return blockLen - c.period
}

func (c *cursor) here() unsafe.Pointer { return unsafe.Add(c.p, c.off*c.size) }

// read returns the next n <= blockLen elements as one run and moves on.
func (c *cursor) read(n int) unsafe.Pointer {
	if c.period > 0 {
		return c.repeat(n)
	}
	if c.direct(n) {
		p := c.here()
		c.advance(n)
		return p
	}
	for i := 0; i < n; {
		r := min(n-i, c.left())
		gather(unsafe.Add(c.buf, i*c.size), c.here(), r, c.stride[c.nd-1], c.size)
		c.advance(r)
		i += r
	}
	return c.buf
}

// repeat returns the next n <= blockLen-period elements of a view that repeats.
func (c *cursor) repeat(n int) unsafe.Pointer {
	k := c.nd - 1
	phase := 0
	if c.period > 1 {
		phase = c.idx[k]
		c.idx[k] = (phase + n) % c.period
	}
	if c.filled == 0 {
		gather(c.buf, c.p, c.period, c.stride[k], c.size)
		c.filled = c.period
	}
	for c.filled < phase+n { // whole periods, but for the last time
		r := min(c.filled, blockLen-c.filled)
		gather(unsafe.Add(c.buf, c.filled*c.size), c.buf, r, 1, c.size)
		c.filled += r
	}
	return unsafe.Add(c.buf, phase*c.size)
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
		moveBytes(dst, src, n*size)
	case size == 4 && st == 0:
		vec.Fill(vecOf[float32](dst, n), *(*float32)(src)) // the bits, whatever they mean
	case size == 4:
		gatherT[uint32](dst, src, n, st)
	case size == 8:
		gatherT[uint64](dst, src, n, st)
	case size == 2:
		gatherT[uint16](dst, src, n, st)
	case size == 16:
		gatherT[[2]uint64](dst, src, n, st)
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
	i := 0
	for ; i+4 <= n; i += 4 {
		a := unsafe.Add(src, i*step)
		b := unsafe.Add(a, 2*step)
		d := d[i : i+4]
		d[0], d[1], d[2], d[3] = *(*T)(a), *(*T)(unsafe.Add(a, step)), *(*T)(b), *(*T)(unsafe.Add(b, step))
	}
	for ; i < n; i++ {
		d[i] = *(*T)(unsafe.Add(src, i*step))
	}
}

// spread is gather's way back.
func spread(dst, src unsafe.Pointer, n, st, size int) {
	switch {
	case st == 1:
		moveBytes(dst, src, n*size)
	case size == 4:
		spreadT[uint32](dst, src, n, st)
	case size == 8:
		spreadT[uint64](dst, src, n, st)
	case size == 2:
		spreadT[uint16](dst, src, n, st)
	case size == 16:
		spreadT[[2]uint64](dst, src, n, st)
	default:
		spreadT[uint8](dst, src, n, st)
	}
}

func spreadT[T any](dst, src unsafe.Pointer, n, st int) {
	var z T
	step := st * int(unsafe.Sizeof(z))
	s := vecOf[T](src, n)
	i := 0
	for ; i+4 <= n; i += 4 {
		a := unsafe.Add(dst, i*step)
		b := unsafe.Add(a, 2*step)
		s := s[i : i+4]
		*(*T)(a), *(*T)(unsafe.Add(a, step)), *(*T)(b), *(*T)(unsafe.Add(b, step)) = s[0], s[1], s[2], s[3]
	}
	for ; i < n; i++ {
		*(*T)(unsafe.Add(dst, i*step)) = s[i]
	}
}

// operands are the pointers one call of a contiguous loop gets: the result
// first.
type operands [4]unsafe.Pointer

// What an elementwise loop does with its runs.
type action uint8

const (
	doFill action = iota
	doConvert
	doWhere
	doUnary
	doAffine
	doBinary
	doAddScaled
	doMulAdd
	doChain
)

// A loop is one elementwise job: v[0] is written, the other views are read,
// all have one shape.
type loop struct {
	do   action
	op   uint8
	then uint8 // of a chain
	dt   DType // of the operands
	v    [4]View
	nv   int
	m, c float64
}

// run does n elements that lie side by side.
func (l *loop) run(p *operands, n int) {
	switch l.do {
	case doFill:
		fillRun(l.v[0].DT, p[0], n, l.c)
	case doConvert:
		convertRun(l.v[0].DT, l.dt, p[0], p[1], n)
	case doWhere:
		whereRun(l.dt, p, n)
	case doUnary:
		unaryRun(UnaryOp(l.op), l.dt, p[0], p[1], n)
	case doAffine:
		affineRun(l.dt, p[0], p[1], n, l.m, l.c)
	case doBinary:
		CPU{}.BinaryRun(BinaryOp(l.op), l.dt, p[0], p[1], p[2], n)
	case doAddScaled:
		addScaledRun(l.dt, p[0], p[1], p[2], n, l.m)
	case doMulAdd:
		mulAddRun(l.dt, p, n, l.m)
	case doChain:
		l.chain(p, n)
	}
}

// each does all elements, in row-major order within a chunk, chunks of at
// least grain elements on the workers. Small jobs allocate nothing.
func (l *loop) each(grain int) {
	n := l.v[0].Size()
	if n == 0 {
		return
	}
	flat := true
	for i := range l.nv {
		flat = flat && contiguous(l.v[i])
	}
	if n < 2*grain {
		l.chunk(0, n, flat)
		return
	}
	shared := *l
	pool.For(n, grain, func(lo, hi int) { shared.chunk(lo, hi, flat) })
}

func (l *loop) chunk(lo, hi int, flat bool) {
	var p operands
	if flat {
		for i := range l.nv {
			p[i] = unsafe.Add(l.v[i].P, lo*l.v[i].DT.Size())
		}
		l.run(&p, hi-lo)
		return
	}
	sc := scratches.Get().(*scratch)
	for i := range l.nv {
		sc.cs[i].open(l.v[i], unsafe.Pointer(&sc.buf[i]))
		sc.cs[i].seek(lo)
	}
	if l.do == doBinary && l.dt == Float32 && l.columns(&sc.cs, hi-lo) {
		sc.release()
		return
	}
	for lo < hi {
		n := min(blockLen, hi-lo)
		for i := range l.nv {
			n = min(n, sc.cs[i].reach())
		}
		p[0] = sc.cs[0].target(n)
		for i := 1; i < l.nv; i++ {
			p[i] = sc.cs[i].read(n)
		}
		l.run(&p, n)
		sc.cs[0].commit(n)
		lo += n
	}
	sc.release()
}

// columns does n elements of a float32 binary op where one operand is constant along long rows of the others, as a
// column or the channels of an image: number by number with package vec's scalar forms, without a row of copies. It says
// whether it did.
func (l *loop) columns(cs *[4]cursor, n int) bool {
	const long = 32
	col, other := &cs[2], &cs[1]
	last := func(c *cursor) (length, stride int) { return c.shape[c.nd-1], c.stride[c.nd-1] }
	side := 2
	if _, st := last(other); st == 0 {
		col, other, side = other, col, 1
	}
	row, st := last(col)
	f := scalarForm(BinaryOp(l.op), side)
	_, y := last(&cs[0])
	_, x := last(other)
	if f == nil || st != 0 || row < long || y != 1 || x != 1 {
		return false
	}
	for n > 0 {
		k := min(n, col.left(), other.left(), cs[0].left())
		f(vecOf[float32](cs[0].here(), k), vecOf[float32](other.here(), k), *(*float32)(col.here()))
		for _, c := range []*cursor{&cs[0], col, other} {
			c.advance(k)
		}
		n -= k
	}
	return true
}

// scalarForm is the loop of op with a number for operand 1 or 2, with the same bits; nil if there is none.
func scalarForm(op BinaryOp, side int) func(y, a []float32, s float32) {
	switch {
	case op == Add:
		return vec.AddS
	case op == Mul:
		return vec.MulS
	case op == Sub && side == 2:
		return vec.SubS
	case op == Sub:
		return vec.RSubS
	case op == Div && side == 2:
		return vec.DivS
	case op == Div:
		return vec.RDivS
	case op == Maximum && side == 2:
		return vec.MaxS
	case op == Minimum && side == 2:
		return vec.MinS
	}
	return nil
}
