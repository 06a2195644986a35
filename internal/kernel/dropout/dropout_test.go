package dropout

import (
	"math"
	"slices"
	"testing"

	"github.com/fathom-ml/fathom/internal/kernel/simd"
	"github.com/fathom-ml/fathom/internal/rng"
)

func TestMaskIsPlain(t *testing.T) {
	old := simd.Active
	defer func() { simd.Active = old }()
	for _, simd.Active = range simd.Levels() {
		for _, n := range []int{0, 1, 3, 31, 32, 64, 65, 200, 20001} {
			for _, first := range []uint64{0, 1, 2, 3, 4, 77, 1 << 20, 4*(1<<32) - 100, 4*(1<<32) + 5} {
				for _, limit := range []uint32{0, 1 << 31, 0x33333333, math.MaxUint32} {
					x := make([]float32, n)
					for i := range x {
						x[i] = float32(i%17) - 3.5
					}
					if n > 40 {
						x[33], x[36] = float32(math.NaN()), float32(math.Inf(-1))
					}
					got, want := make([]float32, n), make([]float32, n)
					key := rng.Philox(0x123456789abcdef0)
					Mask(got, x, 1.25, limit, key, first)
					Plain(want, x, 1.25, limit, key, first)
					if !slices.EqualFunc(got, want, func(a, b float32) bool { return math.Float32bits(a) == math.Float32bits(b) }) {
						t.Fatalf("%v: n %d, first %d, limit %x: masks differ", simd.Active, n, first, limit)
					}
					Mask(x, x, 1.25, limit, key, first)
					if !slices.EqualFunc(x, want, func(a, b float32) bool { return math.Float32bits(a) == math.Float32bits(b) }) {
						t.Fatal("in place")
					}
				}
			}
		}
	}
}
