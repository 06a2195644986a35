package fold

import (
	"math"
	"math/rand/v2"
	"testing"
	"unsafe"

	"github.com/fathom-ml/fathom/internal/kernel/guard"
	"github.com/fathom-ml/fathom/internal/kernel/simd"
)

// same compares the routines of every level with the plain loops, to the bit.
func same[A Accumulator, T Number](t *testing.T, ops []Op, draw func(r *rand.Rand) T) {
	old := simd.Active
	defer func() { simd.Active = old }()
	r := rand.New(rand.NewPCG(1, 2))
	size := int(unsafe.Sizeof(draw(r)))
	for _, n := range []int{1, 2, 3, 7, 8, 9, 15, 16, 17, 31, 32, 33, 40, 56, 63, 64, 65, 100, 127, 128, 130, 200, 5000} {
		for _, rows := range []int{1, 2, 3, 4, 7, 8, 9, 16, 21} {
			for _, gap := range []int{0, 3} {
				x := make([]T, rows*(n+gap))
				for i := range x {
					x[i] = draw(r)
				}
				for _, op := range ops {
					for _, down := range []bool{false, true} {
						k := rows
						if down {
							k = n
						}
						start := make([]A, k, k+Pad)
						for i := range start {
							start[i] = A(1 - i%3/2)
						}
						var want []A
						for _, simd.Active = range simd.Levels() {
							got := append(make([]A, 0, k+Pad), start...)
							if down {
								Columns(op, got, &x[0], rows, (n+gap)*size)
							} else {
								Lines(op, got, &x[0], n, (n+gap)*size)
							}
							if want == nil {
								want = got
								continue
							}
							for i, v := range got {
								if v != want[i] && !(v != v && want[i] != want[i]) {
									t.Fatalf("%v: op %d, %d rows of %d, columns %v: result %d is %v, want %v", simd.Active, op, rows, n, down, i, v, want[i])
								}
							}
						}
						// against the definition
						for i, v := range want {
							a := start[i]
							for j := range rows * n / k {
								e := x[min(i, rows-1)*(n+gap)+min(j, n-1)]
								if down {
									e = x[j*(n+gap)+i]
								}
								a = of(op, a, A(e))
							}
							if !(v == a || v != v && a != a || math.Abs(float64(v-a)) <= 1e-4*(1+math.Abs(float64(a)))) {
								t.Fatalf("op %d, %d rows of %d, columns %v: result %d is %v, want about %v", op, rows, n, down, i, v, a)
							}
						}
					}
				}
			}
		}
	}
}

func TestLevelsAgree(t *testing.T) {
	t.Run("float32", func(t *testing.T) {
		same[float64](t, []Op{Sum, Prod, Max, Min}, func(r *rand.Rand) float32 { return 0.9 + 0.2*r.Float32() })
	})
	t.Run("special", func(t *testing.T) {
		special := []float32{0, float32(math.NaN()), float32(math.Inf(1)), float32(math.Inf(-1)), 1, -1, 1e-40, 3e38}
		same[float64](t, []Op{Max, Min}, func(r *rand.Rand) float32 { return special[r.IntN(8)*r.IntN(2)*r.IntN(2)] })
	})
	t.Run("float64", func(t *testing.T) {
		same[float64](t, []Op{Sum, Prod, Max, Min}, func(r *rand.Rand) float64 { return 0.9 + 0.2*r.Float64() })
	})
	all := []Op{Sum, Max, Min}
	t.Run("int64", func(t *testing.T) { same[int64](t, all, func(r *rand.Rand) int64 { return r.Int64() }) })
	t.Run("int32", func(t *testing.T) { same[int64](t, all, func(r *rand.Rand) int32 { return int32(r.Uint32()) }) })
	t.Run("int8", func(t *testing.T) { same[int64](t, all, func(r *rand.Rand) int8 { return int8(r.Uint32()) }) })
	t.Run("uint8", func(t *testing.T) { same[int64](t, all, func(r *rand.Rand) uint8 { return uint8(r.Uint32()) }) })
	t.Run("bool", func(t *testing.T) {
		same[int64](t, []Op{Any}, func(r *rand.Rand) uint8 { return uint8(r.IntN(40) / 39) })
		same[int64](t, []Op{All}, func(r *rand.Rand) uint8 { return uint8(min(1, r.IntN(40))) })
	})
}

// TestGuardPages folds memory whose neighbouring page cannot be touched.
func TestGuardPages(t *testing.T) {
	old := simd.Active
	defer func() { simd.Active = old }()
	const most = 3 * 150
	acc := make([]float64, 200)
	counts := make([]int64, 200)
	for _, before := range []bool{true, false} {
		whole := guard.Floats(t, most, before)
		for _, simd.Active = range simd.Levels() {
			for n := 1; n <= most/3; n++ {
				x := whole[:3*n]
				if before {
					x = whole[most-3*n:]
				}
				for _, op := range []Op{Sum, Prod, Max, Min} {
					Lines(op, acc[:3], &x[0], n, 4*n)
					Columns(op, acc[:n], &x[0], 3, 4*n)
				}
				p := unsafe.Pointer(&x[0])
				Lines(Sum, counts[:3], (*int32)(p), n, 4*n)
				Columns(Sum, counts[:n], (*int32)(p), 3, 4*n)
				if n%2 == 0 {
					Lines(Sum, counts[:3], (*int64)(p), n/2, 4*n)
					Columns(Sum, counts[:n/2], (*int64)(p), 3, 4*n)
				}
			}
		}
	}
}
