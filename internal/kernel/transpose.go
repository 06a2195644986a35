package kernel

import (
	"unsafe"

	"github.com/fathom-ml/fathom/internal/kernel/transpose"
)

// tileSide is the side of the squares that are turned over: their lines on both sides stay in the first-level cache.
const tileSide = 32

// band copies rows of y from neighbouring columns of x: up to tileSide rows from number r of the axis next on, at offsets
// of the other axes.
func (m *moving) band(r, yOff, xOff int) {
	rows := min(tileSide, m.next.n-r)
	y := unsafe.Add(m.y, (yOff+r*m.next.y)*m.size)
	x := unsafe.Add(m.x, (xOff+r)*m.size)
	switch m.size {
	case 1:
		turn[uint8](y, x, rows, m)
	case 2:
		turn[uint16](y, x, rows, m)
	case 4:
		transpose.Words(rows, m.row.n, y, 4*m.next.y, x, 4*m.row.x)
	case 8:
		turn[uint64](y, x, rows, m)
	default:
		turn[[2]uint64](y, x, rows, m)
	}
}

// turn copies n rows of y from n neighbouring columns of x, by way of a tile: rows that are a page apart would push each
// other out of the cache.
func turn[T any](y, x unsafe.Pointer, n int, m *moving) {
	const side = tileSide
	var tile [side * side]T
	for c := 0; c < m.row.n; c += side {
		cols := min(side, m.row.n-c)
		for j := range cols {
			copy(tile[j*side:(j+1)*side], vecOf[T](unsafe.Add(x, (c+j)*m.row.x*m.size), n))
		}
		for i := range n {
			d := vecOf[T](unsafe.Add(y, (i*m.next.y+c)*m.size), cols)
			s := tile[i : i+(cols-1)*side+1]
			for j := range d {
				d[j] = s[j*side]
			}
		}
	}
}
