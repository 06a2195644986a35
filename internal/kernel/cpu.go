package kernel

import (
	"unsafe"

	"github.com/fathom-ml/fathom/internal/pool"
)

// CPU is the device that every machine has: loops over memory, threaded by
// internal/pool. Chunks depend only on shapes and GOMAXPROCS, and partial
// results are combined in a fixed order, so that two runs agree to the bit.
type CPU struct{}

var _ Device = CPU{}

// Name is "cpu".
func (CPU) Name() string { return "cpu" }

// Alloc returns n zeroed bytes, aligned to 64. The garbage collector owns them.
func (CPU) Alloc(n int) unsafe.Pointer { return pool.Aligned(n) }

// Thread grains: the least number of elements worth a worker's while.
const (
	grainCheap = 32 << 10 // memory-bound loops
	grainDear  = 4 << 10  // transcendental functions
)

type float interface{ float32 | float64 }

type integer interface{ int32 | int64 | uint8 | int8 }

type complexes interface{ complex64 | complex128 }

type number interface {
	float32 | float64 | integer
}

// vecOf is n elements from p on.
func vecOf[T any](p unsafe.Pointer, n int) []T { return unsafe.Slice((*T)(p), n) }

// data is all of a contiguous view.
func data[T any](v View) []T { return unsafe.Slice((*T)(v.P), v.Size()) }

// at is the element with offset i from v's first.
func at[T any](v View, i int) *T {
	var z T
	return (*T)(unsafe.Add(v.P, i*int(unsafe.Sizeof(z))))
}

// contiguous says whether v is one run in row-major order.
func contiguous(v View) bool {
	n := 1
	for i := len(v.Shape) - 1; i >= 0; i-- {
		if d := v.Shape[i]; d != 1 {
			if v.Strides[i] != n && d != 0 {
				return false
			}
			n *= d
		}
	}
	return true
}

// dense is a contiguous view with v's shape over fresh memory.
func dense(v View) View {
	st := make([]int, len(v.Shape))
	n := 1
	for i := len(st) - 1; i >= 0; i-- {
		st[i] = n
		n *= v.Shape[i]
	}
	return View{P: CPU{}.Alloc(n * v.DT.Size()), DT: v.DT, Shape: v.Shape, Strides: st}
}

// densed is v itself if it is contiguous (or nil), else a contiguous copy.
func densed(v View) View {
	if v.P == nil || contiguous(v) {
		return v
	}
	d := dense(v)
	CPU{}.Copy(d, v)
	return d
}

// densely calls f with y, or with a contiguous stand-in that is copied to y
// afterwards.
func densely(y View, f func(y View)) {
	if y.P == nil || contiguous(y) {
		f(y)
		return
	}
	d := dense(y)
	f(d)
	CPU{}.Copy(y, d)
}

// unsupported reports an op that has no kernel for a dtype.
func unsupported(op string, dt DType) {
	panic("kernel: " + op + " is not implemented for " + dt.String())
}
