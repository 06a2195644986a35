//go:build !amd64 || noasm

package transpose

import "unsafe"

func bandRows() int { return 16 }

func band(cols, rows int, y unsafe.Pointer, ys int, x unsafe.Pointer, xs int) {
	plain(cols, rows, y, ys, x, xs)
}
