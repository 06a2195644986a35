package transpose

import (
	"slices"
	"testing"
	"unsafe"

	"github.com/fathom-ml/fathom/internal/kernel/guard"
	"github.com/fathom-ml/fathom/internal/kernel/simd"
)

func levels(t *testing.T, f func()) {
	old := simd.Active
	defer func() { simd.Active = old }()
	for _, simd.Active = range simd.Levels() {
		f()
	}
}

func TestWordsArePlain(t *testing.T) {
	sizes := []int{1, 2, 3, 5, 7, 8, 9, 12, 15, 16, 17, 31, 33, 40, 1030}
	for _, rows := range sizes {
		for _, cols := range sizes {
			for _, gap := range []int{0, 5} {
				x := make([]uint32, cols*(rows+gap))
				for i := range x {
					x[i] = uint32(i + 1)
				}
				want := make([]uint32, rows*(cols+gap))
				plain(cols, rows, unsafe.Pointer(&want[0]), 4*(cols+gap), unsafe.Pointer(&x[0]), 4*(rows+gap))
				levels(t, func() {
					y := make([]uint32, len(want))
					Words(rows, cols, unsafe.Pointer(&y[0]), 4*(cols+gap), unsafe.Pointer(&x[0]), 4*(rows+gap))
					if !slices.Equal(y, want) {
						t.Fatalf("%v: %d x %d, gap %d: not the transposition", simd.Active, rows, cols, gap)
					}
				})
			}
		}
	}
}

// TestGuardPages works on memory whose neighbouring page cannot be touched.
func TestGuardPages(t *testing.T) {
	for _, before := range []bool{true, false} {
		x, y := guard.Floats(t, 40*40, before), guard.Floats(t, 40*40, before)
		levels(t, func() {
			for rows := 1; rows <= 40; rows++ {
				for cols := 1; cols <= 40; cols++ {
					from := 0
					if before {
						from = len(x) - rows*cols
					}
					Words(rows, cols, unsafe.Pointer(&y[from]), 4*cols, unsafe.Pointer(&x[from]), 4*rows)
				}
			}
		})
	}
}
