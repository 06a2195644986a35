// Package half converts between float32 and floats of two bytes, given as their bits: F16, the half of IEEE 754, and BF16,
// the upper half of a float32. Rounding is to the nearest, ties to even; NaN stays NaN and becomes quiet.
package half

import "math"

// FromBF16 sets y to x, exactly.
func FromBF16(y []float32, x []uint16) {
	for i := widened(y, x, bf16); i < len(y); i++ {
		y[i] = math.Float32frombits(uint32(x[i]) << 16)
	}
}

// ToBF16 sets y to x, rounded.
func ToBF16(y []uint16, x []float32) {
	for i := rounded(y, x, bf16); i < len(y); i++ {
		b := math.Float32bits(x[i])
		if x[i] != x[i] {
			y[i] = uint16(b>>16) | 0x40
			continue
		}
		y[i] = uint16((b + 0x7fff + b>>16&1) >> 16)
	}
}

// FromF16 sets y to x, exactly.
func FromF16(y []float32, x []uint16) {
	for i := widened(y, x, f16); i < len(y); i++ {
		sign, e, m := uint32(x[i]&0x8000)<<16, uint32(x[i]>>10&0x1f), uint32(x[i]&0x3ff)
		switch {
		case e == 0:
			sign |= math.Float32bits(float32(m) * 0x1p-24)
		case e < 31:
			sign |= (e+112)<<23 | m<<13
		case m == 0:
			sign |= 0x7f800000
		default:
			sign |= 0x7fc00000 | m<<13
		}
		y[i] = math.Float32frombits(sign)
	}
}

// ToF16 sets y to x, rounded; what is too large becomes infinite.
func ToF16(y []uint16, x []float32) {
	for i := rounded(y, x, f16); i < len(y); i++ {
		b := math.Float32bits(x[i])
		sign := uint16(b >> 16 & 0x8000)
		b &= 0x7fffffff
		switch {
		case b > 0x7f800000:
			y[i] = sign | 0x7e00 | uint16(b>>13&0x3ff)
		case b >= 0x477ff000: // 65520 and more round to infinity
			y[i] = sign | 0x7c00
		case b >= 0x38800000: // normal
			b += 0xfff + b>>13&1
			y[i] = sign | uint16((b-0x38000000)>>13)
		case b <= 0x33000000: // half the smallest denormal and less
			y[i] = sign
		default: // denormal: the fraction, with its hidden bit, in units of 2^-24
			shift := 126 - b>>23
			m := b&0x7fffff | 0x800000
			y[i] = sign | uint16((m+(1<<(shift-1)-1)+m>>shift&1)>>shift)
		}
	}
}

// A form is a float of two bytes.
type form int

const (
	bf16 form = iota
	f16
)
