package gemm

import (
	"fmt"
	"math"
	"math/rand/v2"
	"runtime"
	"testing"
	"unsafe"

	"github.com/fathom-ml/fathom/internal/kernel/simd"
)

// levels runs f at each level that there is.
func levels(t *testing.T, f func(t *testing.T)) {
	defer func(l simd.Level) { simd.Active = l }(simd.Active)
	for _, l := range simd.Levels() {
		simd.Active = l
		t.Run(l.String(), f)
	}
}

// operand is a matrix of float32 and its strides, in a transposed layout if t.
type operand[T float] struct {
	data   []T
	rs, cs int
}

// random makes an r by c operand with rows (or columns, if t) gap apart.
func random(rng *rand.Rand, r, c int, t bool, gap int) operand[float32] {
	return matrix[float32](rng, r, c, t, gap)
}

func matrix[T float](rng *rand.Rand, r, c int, t bool, gap int) operand[T] {
	o := operand[T]{rs: c + gap, cs: 1}
	n := r * o.rs
	if t {
		o = operand[T]{rs: 1, cs: r + gap}
		n = c * o.cs
	}
	o.data = make([]T, n+1)[:n]
	for i := range o.data {
		o.data[i] = T(rng.NormFloat64())
	}
	return o
}

func (o operand[T]) p() unsafe.Pointer { return unsafe.Pointer(unsafe.SliceData(o.data)) }

func (o operand[T]) at(i, j int) float64 { return float64(o.data[i*o.rs+j*o.cs]) }

// check checks products of both types.
func check(t *testing.T, rng *rand.Rand, m, n, k int, ta, tb, acc, bias bool, act uint8) {
	t.Helper()
	checkType[float32](t, rng, m, n, k, ta, tb, acc, bias, act)
	checkType[float64](t, rng, m, n, k, ta, tb, acc, bias, act)
}

// checkType multiplies random operands of one shape and compares with the naive sum
// in float64; numbers of c outside of the result must stay as they are.
func checkType[T float](t *testing.T, rng *rand.Rand, m, n, k int, ta, tb, acc, bias bool, act uint8) {
	t.Helper()
	a, b := matrix[T](rng, m, k, ta, rng.IntN(3)), matrix[T](rng, k, n, tb, rng.IntN(3))
	c := matrix[T](rng, m, n, false, rng.IntN(4))
	guard := 40
	buf := make([]T, len(c.data)+2*guard)
	for i := range buf {
		buf[i] = 12345
	}
	copy(buf[guard:], c.data)
	before := append([]T(nil), buf...)
	old := c.data
	c.data = buf[guard : guard+len(old)]
	var bp unsafe.Pointer
	bv := matrix[T](rng, 1, n, false, 0)
	if bias {
		bp = bv.p()
	}
	f, eps := Gemm32, 1e-6
	if unsafe.Sizeof(T(0)) == 8 {
		f, eps = Gemm64, 3e-15
	}
	f(m, n, k, a.p(), a.rs, a.cs, b.p(), b.rs, b.cs, c.p(), c.rs, acc, bp, act)
	for i := range m {
		for j := range n {
			var want, size float64
			for p := range k {
				x := a.at(i, p) * b.at(p, j)
				want += x
				size += math.Abs(x)
			}
			if acc {
				want += float64(old[i*c.rs+j])
				size += math.Abs(float64(old[i*c.rs+j]))
			}
			if bias {
				want += bv.at(0, j)
				size += math.Abs(bv.at(0, j))
			}
			if act > relu {
				size++
			}
			want = activated(want, act)
			got := c.at(i, j)
			if !(math.Abs(got-want) <= size*eps*(1+math.Sqrt(float64(k))/8)) {
				t.Fatalf("m %d n %d k %d ta %v tb %v acc %v bias %v act %d: c[%d,%d] = %g, want %g", m, n, k, ta, tb, acc, bias, act, i, j, got, want)
			}
			before[guard+i*c.rs+j] = buf[guard+i*c.rs+j]
		}
	}
	for i, v := range before {
		if buf[i] != v {
			t.Fatalf("m %d n %d k %d ta %v tb %v: element %d outside of c was written", m, n, k, ta, tb, i-guard)
		}
	}
}

func TestSmallShapes(t *testing.T) { levels(t, testSmallShapes) }

func testSmallShapes(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	sizes := []int{1, 2, 3, 4, 5, 6, 7, 8, 11, 12, 13, 16, 17}
	for _, m := range sizes {
		for _, n := range append(sizes, 31, 32, 33, 48, 50) {
			for _, k := range []int{0, 1, 2, 3, 4, 5, 7, 8, 19} {
				v := rng.IntN(16)
				check(t, rng, m, n, k, v&1 > 0, v&2 > 0, v&4 > 0, v&8 > 0, uint8(rng.IntN(6)))
			}
		}
	}
}

func TestLargeShapes(t *testing.T) { levels(t, testLargeShapes) }

func testLargeShapes(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	shapes := [][3]int{{64, 64, 64}, {100, 70, 300}, {33, 600, 40}, {5, 300, 530}, {300, 10, 256}, {6, 784, 25}, {260, 65, 513}, {2, 1030, 520},
		{20, 1025, 100}, {16, 2055, 26}, {100, 140, 200}, {1030, 9, 70}, {1100, 16, 40}}
	for _, s := range shapes {
		for v := range 4 {
			check(t, rng, s[0], s[1], s[2], v&1 > 0, v&2 > 0, rng.IntN(2) > 0, rng.IntN(2) > 0, uint8(rng.IntN(6)))
		}
	}
}

func TestRandomShapes(t *testing.T) { levels(t, testRandomShapes) }

func testRandomShapes(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	for range 60 {
		m, n, k := 1+rng.IntN(150), 1+rng.IntN(150), 1+rng.IntN(150)
		v := rng.IntN(16)
		check(t, rng, m, n, k, v&1 > 0, v&2 > 0, v&4 > 0, v&8 > 0, uint8(rng.IntN(6)))
	}
}

func TestGemm64(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 8))
	for _, s := range [][3]int{{1, 1, 1}, {3, 5, 7}, {4, 4, 4}, {70, 33, 300}, {2, 90, 65}} {
		m, n, k := s[0], s[1], s[2]
		a, b := make([]float64, m*k), make([]float64, k*n)
		for i := range a {
			a[i] = rng.NormFloat64()
		}
		for i := range b {
			b[i] = rng.NormFloat64()
		}
		c, bias := make([]float64, m*n), make([]float64, n)
		for j := range bias {
			bias[j] = float64(j)
		}
		// b is read transposed.
		Gemm64(m, n, k, unsafe.Pointer(&a[0]), k, 1, unsafe.Pointer(&b[0]), 1, k, unsafe.Pointer(&c[0]), n, false, unsafe.Pointer(&bias[0]), relu)
		for i := range m {
			for j := range n {
				want := bias[j]
				for p := range k {
					want += a[i*k+p] * b[j*k+p]
				}
				want = max(want, 0)
				if math.Abs(c[i*n+j]-want) > 1e-12*float64(k) {
					t.Fatalf("%v: c[%d,%d] = %g, want %g", s, i, j, c[i*n+j], want)
				}
			}
		}
	}
}

// TestStrides multiplies operands with strides of every kind.
func TestStrides(t *testing.T) { levels(t, testStrides) }

func testStrides(t *testing.T) {
	rng := rand.New(rand.NewPCG(11, 12))
	data := random(rng, 1, 200_000, false, 0).data
	middle := len(data) / 2
	for _, s := range [][3]int{{3, 4, 5}, {13, 40, 70}, {70, 90, 40}, {90, 3, 200}, {5, 90, 100}, {1, 50, 60}, {60, 1, 50}} {
		m, n, k := s[0], s[1], s[2]
		steps := [][2]int{{0, 1}, {1, 0}, {0, 0}, {-100, 1}, {-1, 120}, {2, 300}, {300, 3}, {1, 1}, {1, -150}}
		for _, a := range steps {
			for _, b := range steps {
				c := make([]float32, m*n)
				p := unsafe.Pointer(&data[middle])
				Gemm32(m, n, k, p, a[0], a[1], p, b[0], b[1], unsafe.Pointer(&c[0]), n, false, nil, 0)
				for i := range m {
					for j := range n {
						var want, size float64
						for l := range k {
							x := float64(data[middle+i*a[0]+l*a[1]]) * float64(data[middle+l*b[0]+j*b[1]])
							want += x
							size += math.Abs(x)
						}
						if !(math.Abs(float64(c[i*n+j])-want) <= size*3e-6) {
							t.Fatalf("%v, strides %v and %v: c[%d,%d] = %g, want %g", s, a, b, i, j, c[i*n+j], want)
						}
					}
				}
			}
		}
	}
}

// TestThreads wants the same bits from one worker and from several.
func TestThreads(t *testing.T) { levels(t, testThreads) }

func testThreads(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	rng := rand.New(rand.NewPCG(9, 10))
	for _, s := range [][3]int{{120, 90, 700}, {20, 400, 100}, {200, 300, 600}, {300, 40, 50}, {500, 10, 256}} {
		m, n, k := s[0], s[1], s[2]
		for v := range 4 {
			a, b := random(rng, m, k, v&1 > 0, 0), random(rng, k, n, v&2 > 0, 0)
			one, many := make([]float32, m*n), make([]float32, m*n)
			for i, c := range [][]float32{one, many} {
				runtime.GOMAXPROCS(1 + 2*i)
				Gemm32(m, n, k, a.p(), a.rs, a.cs, b.p(), b.rs, b.cs, unsafe.Pointer(&c[0]), n, false, nil, sigmoid)
			}
			for i := range one {
				if one[i] != many[i] {
					t.Fatalf("%v, transposed %d: element %d is %g with one worker and %g with three", s, v, i, one[i], many[i])
				}
			}
		}
	}
}

func BenchmarkGemm(b *testing.B) { benchmarkGemm[float32](b, Gemm32) }

func BenchmarkGemm64(b *testing.B) { benchmarkGemm[float64](b, Gemm64) }

func benchmarkGemm[T float](b *testing.B, f func(m, n, k int, a unsafe.Pointer, ars, acs int, b unsafe.Pointer, brs, bcs int,
	c unsafe.Pointer, crs int, acc bool, bias unsafe.Pointer, act uint8)) {
	rng := rand.New(rand.NewPCG(1, 1))
	for _, s := range [][3]int{{4, 4, 4}, {16, 16, 16}, {64, 64, 64}, {128, 128, 128}, {256, 256, 256}, {512, 512, 512}, {1024, 1024, 1024}, {2048, 2048, 2048},
		{256, 784, 256}, {256, 256, 10}, {32, 512, 1024}, {16, 25, 50176}, {64, 576, 3136}, {32, 256, 768}, {640, 32, 32}, {6, 25, 784}} {
		m, k, n := s[0], s[1], s[2]
		for _, l := range []string{"NN", "NT", "TN", "TT"} {
			x, y := matrix[T](rng, m, k, l[0] == 'T', 0), matrix[T](rng, k, n, l[1] == 'T', 0)
			c := make([]T, m*n)
			b.Run(fmt.Sprintf("%dx%dx%d/%s", m, k, n, l), func(b *testing.B) {
				for b.Loop() {
					f(m, n, k, x.p(), x.rs, x.cs, y.p(), y.rs, y.cs, unsafe.Pointer(&c[0]), n, false, nil, 0)
				}
				b.ReportMetric(2*float64(m*k*n)*float64(b.N)/float64(b.Elapsed().Nanoseconds()), "GF/s")
			})
		}
	}
}
