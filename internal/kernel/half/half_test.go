package half

import (
	"math"
	"math/rand/v2"
	"testing"
	"unsafe"

	"github.com/fathom-ml/fathom/internal/kernel/guard"
	"github.com/fathom-ml/fathom/internal/kernel/simd"
)

// at runs f at a level.
func at(l simd.Level, f func()) {
	defer func(l simd.Level) { simd.Active = l }(simd.Active)
	simd.Active = l
	f()
}

// TestWiden compares all halves with the plain form.
func TestWiden(t *testing.T) {
	x := make([]uint16, 1<<16)
	for i := range x {
		x[i] = uint16(i)
	}
	for _, f := range []func([]float32, []uint16){FromBF16, FromF16} {
		want, got := make([]float32, len(x)), make([]float32, len(x))
		at(simd.Go, func() { f(want, x) })
		for _, l := range simd.Levels() {
			at(l, func() { f(got, x) })
			for i := range want {
				if math.Float32bits(got[i]) != math.Float32bits(want[i]) {
					t.Fatalf("%v: %04x becomes %x, want %x", l, i, math.Float32bits(got[i]), math.Float32bits(want[i]))
				}
			}
		}
	}
}

// TestRound compares numbers of all kinds, most near ties, with the plain form, and those that come from halves with these.
func TestRound(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	x := make([]float32, 1<<20)
	for i := range x {
		b := rng.Uint32()
		switch i % 4 {
		case 1:
			b = b&^0x1fff | 0x1000 + uint32(rng.IntN(3)) - 1 // about a tie of F16
		case 2:
			b = b&^0xffff | 0x8000 + uint32(rng.IntN(3)) - 1 // of BF16
		case 3:
			b = b&0x807fffff | (0x66+rng.Uint32N(16))<<23 // small F16
		}
		x[i] = math.Float32frombits(b)
	}
	want, got := make([]uint16, len(x)), make([]uint16, len(x))
	for _, f := range []func([]uint16, []float32){ToBF16, ToF16} {
		at(simd.Go, func() { f(want, x) })
		for _, l := range simd.Levels() {
			at(l, func() { f(got, x) })
			for i := range want {
				if got[i] != want[i] {
					t.Fatalf("%v: %x becomes %04x, want %04x", l, math.Float32bits(x[i]), got[i], want[i])
				}
			}
		}
	}
	back := make([]float32, 1<<16)
	for i := range want[:len(back)] {
		want[i] = uint16(i)
	}
	FromF16(back, want[:len(back)])
	ToF16(got[:len(back)], back)
	for i := range back {
		if back[i] == back[i] && got[i] != uint16(i) {
			t.Fatalf("%04x comes back as %04x", i, got[i])
		}
	}
}

// TestLengths converts all lengths beside pages that cannot be touched.
func TestLengths(t *testing.T) {
	const most = 200
	for _, before := range []bool{true, false} {
		long, short := guard.Floats(t, most, before), guard.Floats(t, most/2, before)
		for n := 1; n < most; n++ {
			y := long[:n]
			x := unsafe.Slice((*uint16)(unsafe.Pointer(&short[0])), most)[:n]
			if before {
				y, x = long[most-n:], unsafe.Slice((*uint16)(unsafe.Pointer(&short[0])), most)[most-n:]
			}
			for _, l := range simd.Levels() {
				at(l, func() {
					for i := range x {
						x[i] = uint16(0x3f00 + i)
					}
					FromBF16(y, x)
					clear(x)
					ToBF16(x, y)
					for i := range x {
						if x[i] != uint16(0x3f00+i) {
							t.Fatalf("%v, %d numbers: number %d is %x", l, n, i, x[i])
						}
					}
					FromF16(y, x)
					ToF16(x, y)
				})
			}
		}
	}
}

func BenchmarkConvert(b *testing.B) {
	x, y := make([]float32, 4096), make([]uint16, 4096)
	for _, c := range []struct {
		name string
		f    func()
	}{
		{"FromBF16", func() { FromBF16(x, y) }}, {"ToBF16", func() { ToBF16(y, x) }},
		{"FromF16", func() { FromF16(x, y) }}, {"ToF16", func() { ToF16(y, x) }},
	} {
		b.Run(c.name, func(b *testing.B) {
			for b.Loop() {
				c.f()
			}
		})
	}
}
