package kernel

import (
	"unsafe"

	"github.com/fathom-ml/fathom/internal/kernel/vec"
	"github.com/fathom-ml/fathom/internal/pool"
)

// A moveAxis is an axis of a copy with its strides in y and x.
type moveAxis struct{ n, y, x int }

// A moving is a copy within a dtype, its axes in the order of y's memory and merged where both sides allow it.
type moving struct {
	y, x  unsafe.Pointer
	size  int // bytes of an element
	total int
	row   moveAxis // lies densest in y
	next  moveAxis // the axis around it, or with rows beside each other in x: see across
	outer walker   // the other axes: offsets 0 of y, 1 of x
	turn  bool     // x lies densest along next, y along row: squares are turned over
}

// move sets y to x, which has the same dtype.
func move(y, x View) {
	m := moving{y: y.P, x: x.P, size: y.DT.Size(), total: y.Size()}
	if m.total == 0 {
		return
	}
	if !m.plan(y, x) { // too many axes: one after the other
		for i := range y.Shape[0] {
			move(first(y, i), first(x, i))
		}
		return
	}
	if m.total < 2*grainCheap {
		m.rows(0, m.count())
		return
	}
	shared := m
	if n := m.count(); n > 1 {
		pool.For(n, max(1, grainCheap*n/m.total), shared.rows)
		return
	}
	pool.For(m.row.n, grainCheap, shared.part)
}

// first is entry i of the first axis.
func first(v View, i int) View {
	return View{P: v.At(i * v.Strides[0]), DT: v.DT, Shape: v.Shape[1:], Strides: v.Strides[1:]}
}

// plan sorts the axes, those with large strides in y first. It says whether it has room for them.
func (m *moving) plan(y, x View) bool {
	var axes [maxAxes]moveAxis
	k := 0
	for i, n := range y.Shape {
		a := moveAxis{n, y.Strides[i], x.Strides[i]}
		if n == 1 {
			continue
		}
		if a.y < 0 { // from its other end
			m.y, m.x = unsafe.Add(m.y, (n-1)*a.y*m.size), unsafe.Add(m.x, (n-1)*a.x*m.size)
			a.y, a.x = -a.y, -a.x
		}
		if k > 0 && axes[k-1].y == a.y*n && axes[k-1].x == a.x*n { // neighbours as they come
			axes[k-1] = moveAxis{axes[k-1].n * n, a.y, a.x}
			continue
		}
		if k == maxAxes {
			return false
		}
		j := k
		for ; j > 0 && axes[j-1].y < a.y; j-- {
			axes[j] = axes[j-1]
		}
		axes[j] = a
		k++
	}
	last := 0
	for i := 1; i < k; i++ {
		if a, b := &axes[last], axes[i]; a.y == b.y*b.n && a.x == b.x*b.n {
			*a = moveAxis{a.n * b.n, b.y, b.x}
		} else {
			last++
			axes[last] = b
		}
	}
	m.row, m.next = moveAxis{1, 1, 1}, moveAxis{1, 0, 0}
	if k == 0 {
		return true
	}
	m.row = axes[last]
	at := last - 1
	if m.row.x != 1 && m.row.y == 1 && m.row.n >= 4 {
		for i := range last {
			if axes[i].x == 1 && axes[i].n >= 4 {
				at, m.turn = i, true
			}
		}
	}
	for i, a := range axes[:last] {
		if i == at {
			m.next = a
		} else {
			m.outer.axis(a.n, a.y, a.x)
		}
	}
	return true
}

// count is the number of units of work: rows, or bands of squares.
func (m *moving) count() int {
	if m.turn {
		return m.outer.size() * m.bands()
	}
	return m.outer.size() * m.next.n
}

func (m *moving) bands() int { return (m.next.n + tileSide - 1) / tileSide }

// rows does units [lo, hi).
func (m *moving) rows(lo, hi int) {
	w := m.outer
	if m.turn {
		bands := m.bands()
		for i := lo; i < hi; i++ {
			w.seek(i / bands)
			m.band(i%bands*tileSide, w.off[0], w.off[1])
		}
		return
	}
	w.seek(lo / m.next.n)
	for j := lo % m.next.n; lo < hi; j = 0 {
		n := min(m.next.n-j, hi-lo)
		y := unsafe.Add(m.y, (w.off[0]+j*m.next.y)*m.size)
		x := unsafe.Add(m.x, (w.off[1]+j*m.next.x)*m.size)
		moveRows(y, x, n, m.next.y*m.size, m.next.x*m.size, m.row, m.size)
		lo += n
		w.next()
	}
}

// part does elements [lo, hi) of the only row.
func (m *moving) part(lo, hi int) {
	y, x := unsafe.Add(m.y, lo*m.row.y*m.size), unsafe.Add(m.x, lo*m.row.x*m.size)
	moveRow(y, x, moveAxis{hi - lo, m.row.y, m.row.x}, m.size)
}

// moveRows copies n rows, ys and xs bytes apart.
func moveRows(y, x unsafe.Pointer, n, ys, xs int, row moveAxis, size int) {
	if row.y == 1 && row.x == 1 {
		switch row.n * size {
		case 8:
			moveBlocks[uint64](y, x, n, ys, xs)
			return
		case 16:
			moveBlocks[[2]uint64](y, x, n, ys, xs)
			return
		case 32:
			moveBlocks[[4]uint64](y, x, n, ys, xs)
			return
		case 64:
			moveBlocks[[8]uint64](y, x, n, ys, xs)
			return
		}
	}
	for i := range n {
		moveRow(unsafe.Add(y, i*ys), unsafe.Add(x, i*xs), row, size)
	}
}

// moveBlocks copies n elements, or rows, of one size that the compiler knows; ys and xs are in bytes.
func moveBlocks[T any](y, x unsafe.Pointer, n, ys, xs int) {
	for i := range n {
		*(*T)(unsafe.Add(y, i*ys)) = *(*T)(unsafe.Add(x, i*xs))
	}
}

func moveRow(y, x unsafe.Pointer, row moveAxis, size int) {
	switch {
	case row.y == 1 && row.x == 1:
		moveBytes(y, x, row.n*size)
	case row.y == 1 && row.x == 0 && size == 4:
		vec.Fill(vecOf[float32](y, row.n), *(*float32)(x))
	case row.y == 1:
		gather(y, x, row.n, row.x, size)
	case row.x == 1:
		spread(y, x, row.n, row.y, size)
	default:
		switch size {
		case 1:
			moveBlocks[uint8](y, x, row.n, row.y, row.x)
		case 2:
			moveBlocks[uint16](y, x, row.n, 2*row.y, 2*row.x)
		case 4:
			moveBlocks[uint32](y, x, row.n, 4*row.y, 4*row.x)
		case 8:
			moveBlocks[uint64](y, x, row.n, 8*row.y, 8*row.x)
		default:
			moveBlocks[[2]uint64](y, x, row.n, 16*row.y, 16*row.x)
		}
	}
}

// moveBytes copies n bytes in pieces below the size from which the runtime writes around the cache: what a kernel writes
// is read soon after.
func moveBytes(y, x unsafe.Pointer, n int) {
	const piece = 256 << 10
	for ; n > piece; n -= piece {
		copy(vecOf[byte](y, piece), vecOf[byte](x, piece))
		y, x = unsafe.Add(y, piece), unsafe.Add(x, piece)
	}
	copy(vecOf[byte](y, n), vecOf[byte](x, n))
}
