package gemm

import (
	"math"
	"math/rand/v2"
	"testing"
	"unsafe"

	"github.com/fathom-ml/fathom/internal/kernel/simd"
)

// FuzzGemm multiplies operands of any shape, strides and alignment at each level, in both types and both halves,
// and compares with the sum in float64.
func FuzzGemm(f *testing.F) {
	f.Add(uint64(1), uint16(5), uint16(7), uint16(9), uint8(0))
	f.Add(uint64(2), uint16(130), uint16(70), uint16(300), uint8(0x35))
	f.Add(uint64(3), uint16(1), uint16(600), uint16(33), uint8(0x7a))
	f.Add(uint64(4), uint16(100), uint16(10), uint16(70), uint8(0x9c))
	f.Add(uint64(5), uint16(70), uint16(3), uint16(700), uint8(0xff))
	f.Fuzz(func(t *testing.T, seed uint64, m16, n16, k16 uint16, how uint8) {
		m, n, k := 1+int(m16%200), 1+int(n16%700), int(k16%1100)
		if m*n*k > 3_000_000 {
			k = 3_000_000 / (m * n)
		}
		rng := rand.New(rand.NewPCG(seed, 1))
		defer func(l simd.Level) { simd.Active = l }(simd.Active)
		for _, simd.Active = range simd.Levels() {
			fuzzOne[float32](t, rng, m, n, k, how, nil)
			fuzzOne[float64](t, rng, m, n, k, how, nil)
			for _, h := range []Half{BF16, F16} {
				fuzzOne[float32](t, rng, m, n, k, how, &h)
			}
		}
	})
}

// fuzzOne makes one product; with h the operands are rounded to halves and multiplied as such.
func fuzzOne[T float](t *testing.T, rng *rand.Rand, m, n, k int, how uint8, h *Half) {
	place := func(r, c int, bits uint8) operand[T] {
		o := operand[T]{rs: c + rng.IntN(3), cs: 1}
		switch bits & 3 {
		case 1:
			o.rs, o.cs = 1, r+rng.IntN(3)
		case 2:
			o.rs, o.cs = 2*c+rng.IntN(9), 2
		case 3:
			o.rs, o.cs = 0, 1
		}
		o.data = make([]T, max(1, (r-1)*o.rs+max(0, c-1)*o.cs+1)+4)[rng.IntN(4):]
		for i := range o.data {
			o.data[i] = T(float32(rng.NormFloat64()))
		}
		return o
	}
	a, b, bias := place(m, max(k, 1), how), place(max(k, 1), n, how>>2), place(1, n, 0)
	c := place(m, n, 0)
	acc, act := how&16 > 0, how>>5%6
	eps := map[uintptr]float64{4: 0x1p-22, 8: 0x1p-50}[unsafe.Sizeof(T(0))]
	var got []T
	if h == nil {
		got = append(got, c.data...)
		f := Gemm32
		if unsafe.Sizeof(T(0)) == 8 {
			f = Gemm64
		}
		f(m, n, k, a.p(), a.rs, a.cs, b.p(), b.rs, b.cs, unsafe.Pointer(&got[0]), c.rs, acc, bias.p(), act)
	} else {
		eps = map[Half]float64{BF16: 0x1p-8, F16: 0x1p-10}[*h]
		short := func(x []T) []uint16 {
			x32 := any(x).([]float32)
			y := make([]uint16, len(x))
			h.round(y, x32)
			h.widen(x32, y)
			return y
		}
		ah, bh, ch, biash := short(a.data), short(b.data), short(c.data), short(bias.data)
		h.Gemm(m, n, k, unsafe.Pointer(&ah[0]), a.rs, a.cs, unsafe.Pointer(&bh[0]), b.rs, b.cs, unsafe.Pointer(&ch[0]), c.rs, acc, unsafe.Pointer(&biash[0]), act)
		got32 := make([]float32, len(ch))
		h.widen(got32, ch)
		got = any(got32).([]T)
	}
	for i := range m {
		for j := range n {
			want := bias.at(0, j)
			size := 1 + math.Abs(want)
			if acc {
				want += c.at(i, j)
				size += math.Abs(c.at(i, j))
			}
			for p := range k {
				x := a.at(i, p) * b.at(p, j)
				want += x
				size += math.Abs(x)
			}
			want = activated(want, act)
			if v := float64(got[i*c.rs+j]); !(math.Abs(v-want) <= size*eps*2) {
				t.Fatalf("%v %T half %v, m %d n %d k %d how %x: c[%d,%d] = %g, want %g", simd.Active, v, h, m, n, k, how, i, j, v, want)
			}
		}
	}
	for i := range c.data { // what lies between the rows and behind them
		if i%c.rs >= n || i/c.rs >= m {
			if got[i] != c.data[i] {
				t.Fatalf("m %d n %d k %d how %x: element %d outside of c was written", m, n, k, how, i)
			}
		}
	}
}

// activated is act of v.
func activated(v float64, act uint8) float64 {
	switch act {
	case relu:
		return max(v, 0)
	case sigmoid:
		return 1 / (1 + math.Exp(-v))
	case tanh:
		return math.Tanh(v)
	case gelu:
		return v / 2 * math.Erfc(-v/math.Sqrt2)
	case geluTanh:
		return v / 2 * (1 + math.Tanh(math.Sqrt(2/math.Pi)*(v+0.044715*v*v*v)))
	}
	return v
}
