package gemm

import (
	"testing"
	"unsafe"

	"github.com/fathom-ml/fathom/internal/kernel/guard"
)

// TestGuardPages multiplies operands that end right before a page that cannot be
// touched, or start right after one.
func TestGuardPages(t *testing.T) {
	levels(t, func(t *testing.T) {
		const most = 120 * 120
		for _, before := range []bool{true, false} {
			a, b, c := guard.Floats(t, most, before), guard.Floats(t, most, before), guard.Floats(t, most, before)
			end := func(x []float32, n int) unsafe.Pointer {
				if before {
					return unsafe.Pointer(&x[most-n])
				}
				return unsafe.Pointer(&x[0])
			}
			sizes := []int{1, 3, 4, 7, 8, 13, 16, 17, 33, 65, 120}
			for _, m := range sizes {
				for _, n := range sizes {
					for _, k := range sizes {
						for v := range 4 {
							ars, acs, brs, bcs := k, 1, n, 1
							if v&1 > 0 {
								ars, acs = 1, m
							}
							if v&2 > 0 {
								brs, bcs = 1, k
							}
							Gemm32(m, n, k, end(a, m*k), ars, acs, end(b, k*n), brs, bcs, end(c, m*n), n, v == 3, end(a, n), relu)
						}
					}
				}
			}
		}
	})
}
