// Package transpose turns blocks of four-byte elements over in registers.
package transpose

import "unsafe"

// most is how many columns one call of a routine does: such code cannot be preempted.
const most = 1024

// Words sets row i of y to column i of x: element (i, j) of y, rows ys bytes apart, is element (j, i) of x, rows xs bytes
// apart.
func Words(rows, cols int, y unsafe.Pointer, ys int, x unsafe.Pointer, xs int) {
	side := bandRows()
	for i := 0; i < rows; i += side {
		for j := 0; j < cols; j += most {
			band(min(most, cols-j), min(side, rows-i), unsafe.Add(y, i*ys+4*j), ys, unsafe.Add(x, j*xs+4*i), xs)
		}
	}
}

// plain is the definition.
func plain(cols, rows int, y unsafe.Pointer, ys int, x unsafe.Pointer, xs int) {
	for i := range rows {
		d := unsafe.Slice((*uint32)(unsafe.Add(y, i*ys)), cols)
		s := unsafe.Add(x, 4*i)
		for j := range d {
			d[j] = *(*uint32)(unsafe.Add(s, j*xs))
		}
	}
}
