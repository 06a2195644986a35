package kernel

import (
	"math"
	"testing"
)

// TestHalf holds every half against its definition, and rounding against a search for the nearest.
func TestHalf(t *testing.T) {
	value := func(h F16) float64 {
		e, m := int(h>>10&0x1f), float64(h&0x3ff)
		v := math.Ldexp(1+m/1024, e-15)
		switch {
		case e == 0:
			v = math.Ldexp(m, -24)
		case e == 31 && m == 0:
			v = math.Inf(1)
		case e == 31:
			v = math.NaN()
		}
		if h&0x8000 != 0 {
			v = -v
		}
		return v
	}
	for i := range 1 << 16 {
		h := F16(i)
		f, want := h.Float32(), value(h)
		if want != want {
			if f == f || ToF16(f).Float32() == ToF16(f).Float32() {
				t.Fatalf("%#x: NaN is lost", i)
			}
			continue
		}
		if float64(f) != want || math.Signbit(float64(f)) != math.Signbit(want) {
			t.Fatalf("%#x is %v, want %v", i, f, want)
		}
		if ToF16(f) != h {
			t.Fatalf("%v goes to %#x, want %#x", f, ToF16(f), i)
		}
	}
	for i := range 0x7c00 { // between neighbours: down, the tie to even, up
		lo, hi := value(F16(i)), value(F16(i+1))
		if i == 0x7bff {
			hi = 65536
		}
		mid := float32((lo + hi) / 2)
		even := F16(i + i&1)
		for _, c := range []struct {
			v    float32
			want F16
		}{{math.Nextafter32(mid, 0), F16(i)}, {mid, even}, {math.Nextafter32(mid, 1e9), F16(i + 1)}} {
			if got := ToF16(c.v); got != c.want {
				t.Fatalf("%v goes to %#x, want %#x", c.v, got, c.want)
			}
			if got := ToF16(-c.v); got != c.want|0x8000 {
				t.Fatalf("%v goes to %#x, want %#x", -c.v, got, c.want|0x8000)
			}
		}
	}
	if ToF16(1e10) != 0x7c00 || ToF16(1e-30) != 0 {
		t.Error("limits")
	}
}

func TestBFloat16(t *testing.T) {
	for i := range 1 << 16 {
		f := BF16(i).Float32()
		if f != f {
			if g := ToBF16(f).Float32(); g == g {
				t.Fatalf("%#x: NaN is lost", i)
			}
			continue
		}
		if math.Float32bits(f) != uint32(i)<<16 || ToBF16(f) != BF16(i) {
			t.Fatalf("%#x: %v", i, f)
		}
	}
	for _, c := range []struct {
		bits uint32
		want BF16
	}{{0x3f808000, 0x3f80}, {0x3f818000, 0x3f82}, {0x3f808001, 0x3f81}, {0x3f807fff, 0x3f80}, {0x7f7fffff, 0x7f80}} {
		if got := ToBF16(math.Float32frombits(c.bits)); got != c.want {
			t.Errorf("%#x goes to %#x, want %#x", c.bits, got, c.want)
		}
	}
}
