package mixed

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
	"unsafe"

	"github.com/fathom-ml/fathom/internal/kernel/guard"
	"github.com/fathom-ml/fathom/internal/kernel/simd"
)

// levels runs f at each level above Go that there is.
func levels(t *testing.T, f func(t *testing.T)) {
	for _, l := range simd.Levels()[1:] {
		t.Run(l.String(), func(t *testing.T) {
			old := simd.Active
			simd.Active = l
			defer func() { simd.Active = old }()
			f(t)
		})
	}
}

var nan, inf = float32(math.NaN()), float32(math.Inf(1))

var special = []float32{0, float32(math.Copysign(0, -1)), 1, -1, nan, inf, -inf, 0.5, 255, 256, 255.9, -0.9, 2147483520, 2147483648,
	-2147483648, -2147483904, 4294967296, 3e9, 9.2e18, -9.3e18, 1e30, 1e-40, -1e-40, 65504, 65519, 65520, 1e-8, 3e-8, 6.1e-5, 1.001953125, math.MaxFloat32}

func number(r *rand.Rand) float32 {
	switch r.IntN(3) {
	case 0:
		return special[r.IntN(len(special))]
	case 1:
		return float32(r.NormFloat64() * 300)
	}
	return math.Float32frombits(r.Uint32())
}

// lengths are all tails, and more than one call of a routine.
func lengths() []int {
	var all []int
	for n := range 70 {
		all = append(all, n)
	}
	return append(all, 1000, most+5, 2*most+37)
}

// guarded is n elements right before a page that cannot be touched, or right after one.
func guarded[T any](t *testing.T, n int, before bool) []T {
	var z T
	size := max(n*int(unsafe.Sizeof(z)), 1)
	f := guard.Floats(t, (size+3)/4, before)
	p := unsafe.Pointer(unsafe.SliceData(f))
	if before {
		p = unsafe.Add(p, (size+3)/4*4-size)
	}
	return unsafe.Slice((*T)(p), n)
}

func TestCompareAndChoose(t *testing.T) {
	levels(t, func(t *testing.T) {
		r := rand.New(rand.NewPCG(1, 1))
		for i, n := range lengths() {
			before := i%2 == 0
			a, b := guarded[float32](t, n, before), guarded[float32](t, n, before)
			for i := range a {
				a[i], b[i] = number(r), number(r)
				if r.IntN(3) == 0 {
					b[i] = a[i]
				}
			}
			got, want := guarded[uint8](t, n, before), make([]uint8, n)
			for op := Eq; op <= Ge; op++ {
				Compare(op, got, a, b)
				CompareGo(op, want, a, b)
				for i := range want {
					if got[i] != want[i] {
						t.Fatalf("comparison %d of %g and %g, element %d of %d, is %d", op, a[i], b[i], i, n, got[i])
					}
				}
			}
			for i := range got {
				got[i] = []uint8{0, 1, 0, 128}[r.IntN(4)]
			}
			u, v, y := guarded[uint32](t, n, before), guarded[uint32](t, n, before), guarded[uint32](t, n, before)
			for i := range u {
				u[i], v[i] = r.Uint32(), r.Uint32()
			}
			z := make([]uint32, n)
			Choose(y, got, u, v)
			ChooseGo(z, got, u, v)
			for i := range z {
				if y[i] != z[i] {
					t.Fatalf("choice %d of %d by %d is wrong", i, n, got[i])
				}
			}
		}
	})
}

// converts holds a conversion against the one of Go; random makes an operand.
func converts[Y comparable, X any](t *testing.T, name string, f func(y []Y, x []X) int, one func(X) Y, random func(r *rand.Rand) X) {
	r := rand.New(rand.NewPCG(1, 2))
	for i, n := range lengths() {
		y, x := guarded[Y](t, n, i%2 == 0), guarded[X](t, n, i%2 == 0)
		for i := range x {
			x[i] = random(r)
		}
		done := f(y, x)
		if done > n || done < n-15 && done > 0 {
			t.Fatalf("%s: %d of %d done", name, done, n)
		}
		for i := range done {
			if want := one(x[i]); y[i] != want && want == want {
				t.Fatalf("%s of %v is %v, want %v", name, x[i], y[i], want)
			}
		}
	}
}

func TestConvert(t *testing.T) {
	levels(t, func(t *testing.T) {
		converts(t, "FromUint8", FromUint8, func(v uint8) float32 { return float32(v) }, func(r *rand.Rand) uint8 { return uint8(r.Uint32()) })
		converts(t, "ToUint8", ToUint8, func(v float32) uint8 { return uint8(int64(v)) }, number)
		converts(t, "FromInt32", FromInt32, func(v int32) float32 { return float32(v) }, func(r *rand.Rand) int32 { return int32(r.Uint32()) })
		converts(t, "ToInt32", ToInt32, func(v float32) int32 { return int32(int64(v)) }, number)
		converts(t, "FromInt64", FromInt64, func(v int64) float32 { return float32(v) }, func(r *rand.Rand) int64 { return int64(r.Uint64()) >> r.IntN(64) })
		converts(t, "ToInt64", ToInt64, func(v float32) int64 { return int64(v) }, number)
		converts(t, "FromFloat64", FromFloat64, func(v float64) float32 { return float32(v) }, func(r *rand.Rand) float64 { return float64(number(r)) * (1 + r.Float64()/1e7) })
		converts(t, "ToFloat64", ToFloat64, func(v float32) float64 { return float64(v) }, number)
		// halves are held against their definitions in package kernel; here: there and back
		converts(t, "FromBFloat16", FromBFloat16, func(v uint16) float32 { return math.Float32frombits(uint32(v) << 16) }, func(r *rand.Rand) uint16 { return uint16(r.Uint32()) })
		all, wide, back := make([]uint16, 1<<16), make([]float32, 1<<16), make([]uint16, 1<<16)
		for i := range all {
			all[i] = uint16(i)
		}
		if FromFloat16(wide, all) == 0 {
			return // this level has no conversions
		}
		ToFloat16(back, wide)
		for i, v := range back {
			if v != all[i] && wide[i] == wide[i] {
				t.Fatalf("half %#x is %g and comes back as %#x", i, wide[i], v)
			}
		}
		FromBFloat16(wide, all)
		ToBFloat16(back, wide)
		for i, v := range back {
			if v != all[i] && wide[i] == wide[i] {
				t.Fatalf("bfloat %#x is %g and comes back as %#x", i, wide[i], v)
			}
		}
	})
}

func BenchmarkMixed(b *testing.B) {
	for _, n := range []int{4096, 1 << 20} {
		x, y, u, h, d, i := make([]float32, n), make([]float32, n), make([]uint8, n), make([]uint16, n), make([]float64, n), make([]int64, n)
		z := make([]uint32, n)
		for i := range x {
			x[i] = float32(i%200 - 100)
		}
		run := func(name string, f func()) {
			b.Run(fmt.Sprintf("%s/%d", name, n), func(b *testing.B) {
				for b.Loop() {
					f()
				}
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(n), "ns/elem")
			})
		}
		run("Compare", func() { Compare(Lt, u, x, y) })
		run("Choose", func() { Choose(z, u, z, z) })
		run("ToUint8", func() { ToUint8(u, x) })
		run("FromUint8", func() { FromUint8(y, u) })
		run("ToFloat16", func() { ToFloat16(h, x) })
		run("FromFloat16", func() { FromFloat16(y, h) })
		run("ToBFloat16", func() { ToBFloat16(h, x) })
		run("FromBFloat16", func() { FromBFloat16(y, h) })
		run("ToFloat64", func() { ToFloat64(d, x) })
		run("FromFloat64", func() { FromFloat64(y, d) })
		run("ToInt64", func() { ToInt64(i, x) })
		run("FromInt64", func() { FromInt64(y, i) })
	}
}
