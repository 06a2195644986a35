package pool

import (
	"testing"
	"unsafe"
)

func TestBuffers(t *testing.T) {
	var b BufferPool
	p, c := b.Get(100)
	q, d := b.Get(1000)
	if uintptr(p)%64 != 0 || uintptr(q)%64 != 0 || c != 7 || d != 10 {
		t.Fatal("alignment or class:", p, c, q, d)
	}
	for i := range 100 {
		*(*byte)(unsafe.Add(p, i)) = 7
	}
	if s := b.Stats(); s != (BufferStats{Live: 128 + 1024, Peak: 128 + 1024}) {
		t.Fatal(s)
	}
	b.Put(p, c)
	if s := b.Stats(); s != (BufferStats{Live: 1024, Peak: 128 + 1024, Idle: 128}) {
		t.Fatal(s)
	}
	if again, _ := b.Get(65); again != p {
		t.Fatal("not last in, first out")
	}
	b.Forget(c)
	b.Put(q, d)
	b.Trim()
	if s := b.Stats(); s != (BufferStats{Peak: 128 + 1024}) {
		t.Fatal(s)
	}
}

func TestAligned(t *testing.T) {
	for _, n := range []int{0, 1, 64, 4095, 8192, 100000} {
		if p := Aligned(n); uintptr(p)%64 != 0 {
			t.Fatalf("Aligned(%d) = %p", n, p)
		}
	}
}
