//go:build unix

// Package guard gives tests memory that ends where no more may be touched.
package guard

import (
	"os"
	"syscall"
	"testing"
	"unsafe"
)

// Floats is n zeros right before, or right after, a page that cannot be read or written: a
// kernel that goes one number too far ends the test.
func Floats(t testing.TB, n int, before bool) []float32 {
	t.Helper()
	page := os.Getpagesize()
	size := (4*n + page - 1) / page * page
	b, err := syscall.Mmap(-1, 0, size+2*page, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_ANON|syscall.MAP_PRIVATE)
	if err != nil {
		t.Skip("no memory to guard: ", err)
	}
	t.Cleanup(func() { syscall.Munmap(b) })
	for _, wall := range [][]byte{b[:page], b[page+size:]} {
		if err := syscall.Mprotect(wall, syscall.PROT_NONE); err != nil {
			t.Skip("no page to protect: ", err)
		}
	}
	from := page + size - 4*n
	if !before {
		from = page
	}
	return unsafe.Slice((*float32)(unsafe.Pointer(unsafe.SliceData(b[from:]))), n)
}
