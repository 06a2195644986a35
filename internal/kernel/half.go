package kernel

import "math"

// F16 is an IEEE 754 half: 1 bit sign, 5 bits exponent, 10 bits fraction. Its bits are those of the number.
type F16 uint16

// BF16 is the upper half of a float32: 1 bit sign, 8 bits exponent, 7 bits fraction.
type BF16 uint16

// ToF16 rounds v to the nearest half, ties to even; what is too large becomes infinite.
func ToF16(v float32) F16 {
	b := math.Float32bits(v)
	sign := F16(b >> 16 & 0x8000)
	b &= 0x7fffffff
	switch {
	case b > 0x7f800000: // NaN stays NaN, with the upper bits of its payload
		return sign | 0x7e00 | F16(b>>13&0x3ff)
	case b >= 0x477ff000: // 65520 and more round to infinity
		return sign | 0x7c00
	case b >= 0x38800000: // normal
		b += 0xfff + b>>13&1
		return sign | F16((b-0x38000000)>>13)
	case b <= 0x33000000: // half the smallest denormal and less
		return sign
	}
	// denormal: the fraction, with its hidden bit, in units of 2^-24
	shift := 126 - b>>23
	m := b&0x7fffff | 0x800000
	return sign | F16((m+(1<<(shift-1)-1)+m>>shift&1)>>shift)
}

// Float32 is the number as float32, exactly.
func (h F16) Float32() float32 {
	sign, e, m := uint32(h&0x8000)<<16, uint32(h>>10&0x1f), uint32(h&0x3ff)
	switch e {
	case 0x1f:
		return math.Float32frombits(sign | 0x7f800000 | m<<13)
	case 0:
		v := float32(m) * 0x1p-24
		return math.Float32frombits(sign | math.Float32bits(v))
	}
	return math.Float32frombits(sign | (e+112)<<23 | m<<13)
}

// ToBF16 rounds v to the nearest BF16, ties to even.
func ToBF16(v float32) BF16 {
	b := math.Float32bits(v)
	if v != v {
		return BF16(b>>16) | 0x40
	}
	return BF16((b + 0x7fff + b>>16&1) >> 16)
}

// Float32 is the number as float32, exactly.
func (h BF16) Float32() float32 { return math.Float32frombits(uint32(h) << 16) }
