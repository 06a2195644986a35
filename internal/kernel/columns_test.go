package kernel_test

import (
	"testing"

	"github.com/fathom-ml/fathom/internal/kernel"
)

// TestColumns broadcasts columns and channels, on either side, with bits equal to those of the same operands written out.
func TestColumns(t *testing.T) {
	for _, c := range []struct{ shape, strides []int }{
		{[]int{37, 100}, []int{1, 0}},
		{[]int{3, 5, 40, 50}, []int{0, 1, 0, 0}},
		{[]int{5, 33, 2000}, []int{0, 1, 0}}, // threads
		{[]int{70001}, []int{0}},
	} {
		a, col := random(c.shape...), random(c.shape...)
		col.Strides = c.strides
		full, got, want := random(c.shape...), random(c.shape...), random(c.shape...)
		dev.Copy(full, col)
		for op := kernel.Add; op <= kernel.Minimum; op++ {
			for side := range 2 {
				if side == 0 {
					dev.Binary(op, got, a, col)
					dev.Binary(op, want, a, full)
				} else {
					dev.Binary(op, got, col, a)
					dev.Binary(op, want, full, a)
				}
				for i, w := range floats(want) {
					if g := floats(got)[i]; g != w && (g == g || w == w) {
						t.Fatalf("op %d, side %d, %v: element %d is %v, want %v", op, side, c.shape, i, g, w)
					}
				}
			}
		}
	}
}
