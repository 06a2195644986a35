package tensor

import (
	"testing"
	"unsafe"
)

// A small result is one allocation. The sizes are those of the allocator's classes: one word more in a handle, a buffer or
// a node costs a tenth of an operation's time.
func TestSizesOfSmallResults(t *testing.T) {
	if n := unsafe.Sizeof(small{}); n > 288 {
		t.Errorf("a small result takes %d bytes", n)
	}
	if n := unsafe.Sizeof(smallRecorded{}); n > 512 {
		t.Errorf("a recorded small result takes %d bytes", n)
	}
}
