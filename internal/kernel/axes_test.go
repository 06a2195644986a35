package kernel_test

import (
	"testing"
	"unsafe"

	"github.com/fathom-ml/fathom/internal/kernel"
)

// TestManyAxes copies a view of twenty axes none of which can be merged.
func TestManyAxes(t *testing.T) {
	const rank = 20
	shape, x, y := make([]int, rank), make([]int, rank), make([]int, rank)
	for i := range rank {
		shape[i], x[i], y[i] = 2, 1<<i, 1<<(rank-1-i)
	}
	n := 1 << rank
	a, b := make([]int32, n), make([]int32, n)
	for i := range a {
		a[i] = int32(i)
	}
	view := func(p []int32, st []int) kernel.View {
		return kernel.View{P: unsafe.Pointer(&p[0]), DT: kernel.Int32, Shape: shape, Strides: st}
	}
	dev.Copy(view(b, y), view(a, x))
	for i, v := range b {
		r := 0
		for k := range rank {
			r |= i >> k & 1 << (rank - 1 - k)
		}
		if int(v) != r {
			t.Fatalf("element %d is %d, want %d", i, v, r)
		}
	}
}
