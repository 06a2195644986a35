package pool

import (
	"math/bits"
	"sync"
	"unsafe"
)

// Buffers is the process's pool of memory for results that have an owner.
var Buffers BufferPool

// BufferPool hands out memory in power-of-two size classes, last in, first
// out, and never clears it. It keeps what comes back: the working set of a
// training step is the same in every step.
type BufferPool struct {
	mu         sync.Mutex
	free       [48][]unsafe.Pointer
	live, peak int64
	idle       int64
}

// BufferStats counts the bytes of a pool.
type BufferStats struct {
	Live int64 // handed out
	Peak int64 // the largest Live so far
	Idle int64 // waiting
}

const minClass = 6 // 64 bytes

// Get returns at least n bytes aligned to 64, with undefined contents, and their size class.
func (b *BufferPool) Get(n int) (unsafe.Pointer, int8) {
	c := int8(max(bits.Len(uint(max(n, 1)-1)), minClass))
	size := int64(1) << c
	b.mu.Lock()
	b.live += size
	b.peak = max(b.peak, b.live)
	if l := len(b.free[c]); l > 0 {
		p := b.free[c][l-1]
		b.free[c][l-1] = nil
		b.free[c] = b.free[c][:l-1]
		b.idle -= size
		b.mu.Unlock()
		return p, c
	}
	b.mu.Unlock()
	return Aligned(int(size)), c
}

// Put takes memory of class c back. The caller must hold no other reference to it.
func (b *BufferPool) Put(p unsafe.Pointer, c int8) {
	size := int64(1) << c
	b.mu.Lock()
	b.live -= size
	b.idle += size
	b.free[c] = append(b.free[c], p)
	b.mu.Unlock()
}

// Forget says that memory of class c will not come back: the garbage collector has it now.
func (b *BufferPool) Forget(c int8) {
	b.mu.Lock()
	b.live -= int64(1) << c
	b.mu.Unlock()
}

// Trim drops the idle memory.
func (b *BufferPool) Trim() {
	b.mu.Lock()
	clear(b.free[:])
	b.idle = 0
	b.mu.Unlock()
}

// Stats returns the present counts.
func (b *BufferPool) Stats() BufferStats {
	b.mu.Lock()
	defer b.mu.Unlock()
	return BufferStats{b.live, b.peak, b.idle}
}

// Aligned returns n zeroed bytes of Go memory aligned to 64.
func Aligned(n int) unsafe.Pointer {
	const align = 64
	if n >= 8192 { // large objects lie on page boundaries
		b := make([]byte, n)
		if uintptr(unsafe.Pointer(&b[0]))%align == 0 {
			return unsafe.Pointer(&b[0])
		}
	}
	b := make([]byte, n+align)
	off := -uintptr(unsafe.Pointer(&b[0])) & (align - 1)
	return unsafe.Pointer(&b[off])
}
