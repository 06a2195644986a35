package gemm

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/fathom-ml/fathom/internal/kernel/guard"
)

// TestPacked compares products with a packed operand with the naive sum, in memory that ends before a page which
// cannot be touched.
func TestPacked(t *testing.T) {
	levels(t, func(t *testing.T) {
		rng := rand.New(rand.NewPCG(8, 9))
		for _, m := range []int{1, 2, 5, 6, 7, 12, 13, 25, 33} {
			for _, n := range []int{1, 7, 8, 9, 16, 17, 31, 32, 33, 70} {
				for _, k := range []int{0, 1, 3, 4, 17, 255, 300, 600} {
					packedCase[float32](t, rng, m, n, k, 2e-4)
				}
			}
		}
		packedCase[float64](t, rng, 13, 33, 65, 1e-12)
	})
}

func packedCase[T float](t *testing.T, rng *rand.Rand, m, n, k int, tolerance float64) {
	fresh := func(n int) []T {
		s := make([]T, n)
		if f, ok := any(&s).(*[]float32); ok {
			*f = guard.Floats(t, n, true)
		}
		for i := range s {
			s[i] = T(rng.NormFloat64())
		}
		return s
	}
	lda, ldc := k+rng.IntN(3), n+rng.IntN(3)
	a, b, c, bias := fresh(max(0, (m-1)*lda+k)), fresh(k*n), fresh((m-1)*ldc+n), fresh(n)
	brs, bcs := n, 1
	if rng.IntN(2) == 0 {
		brs, bcs = 1, k
	}
	acc := rng.IntN(2) == 0
	if rng.IntN(2) == 0 {
		bias = nil
	}
	before := append([]T{}, c...)
	p := Pack(n, k, b, brs, bcs)
	p.Mul(m, a, lda, c, ldc, acc, bias)
	p.Free()
	for i, v := range c {
		r, j := i/ldc, i%ldc
		want := float64(before[i])
		if j < n {
			if !acc {
				want = 0
			}
			for l := range k {
				want += float64(a[r*lda+l]) * float64(b[l*brs+j*bcs])
			}
			if bias != nil {
				want += float64(bias[j])
			}
		}
		if math.Abs(float64(v)-want) > tolerance {
			t.Fatalf("%d x %d x %d, acc %v, bias %v: (%d, %d) is %v, want %v", m, k, n, acc, bias != nil, r, j, v, want)
		}
	}
}
