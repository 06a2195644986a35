package rng

import "math"

// Every product below stands in a conversion of its own: the language then
// forbids a fused multiply-add, and all processors draw the same numbers.

// Uniform returns a number of U(a, b): u*(b-a)+a in float32.
func (m *MT) Uniform(a, b float32) float32 {
	return float32(m.Float32()*(b-a)) + a
}

// FillUniform fills dst with numbers of U(a, b), one output each.
func (m *MT) FillUniform(dst []float32, a, b float32) {
	for i := range dst {
		dst[i] = m.Uniform(a, b)
	}
}

// FillUniform64 draws the numbers that FillUniform draws and widens them.
func (m *MT) FillUniform64(dst []float64, a, b float32) {
	for i := range dst {
		dst[i] = float64(m.Uniform(a, b))
	}
}

// normalPair returns two independent numbers of N(0, 1) by Marsaglia's polar
// method in float32: (x, y) uniform in the unit disc, r = x*x + y*y,
// m = sqrt(-2 ln r / r); first y*m, then x*m.
func (m *MT) normalPair() (float32, float32) {
	for {
		x := float32(2*m.Float32()) - 1
		y := float32(2*m.Float32()) - 1
		r := float32(x*x) + float32(y*y)
		if r > 0 && r <= 1 {
			scale := float32(math.Sqrt(float64(float32(-2*logf(r)) / r)))
			return float32(y * scale), float32(x * scale)
		}
	}
}

// FillNormal fills dst with numbers of N(mu, sigma^2). They are drawn in pairs;
// if len(dst) is odd, the second number of the last pair is thrown away.
func (m *MT) FillNormal(dst []float32, mu, sigma float32) {
	for i := 0; i < len(dst); i += 2 {
		a, b := m.normalPair()
		dst[i] = float32(a*sigma) + mu
		if i+1 < len(dst) {
			dst[i+1] = float32(b*sigma) + mu
		}
	}
}

// FillNormal64 draws the numbers that FillNormal draws and widens them.
func (m *MT) FillNormal64(dst []float64, mu, sigma float32) {
	for i := 0; i < len(dst); i += 2 {
		a, b := m.normalPair()
		dst[i] = float64(float32(a*sigma) + mu)
		if i+1 < len(dst) {
			dst[i+1] = float64(float32(b*sigma) + mu)
		}
	}
}

// Multinomial fills dst, a matrix of rows with one count for each entry of p,
// with the outcomes of n trials a row. One call draws n*rows + len(p) numbers
// of Float64 and uses the first n*rows; a trial falls into the first category
// whose cumulative probability exceeds its number (the last one that has any
// probability if rounding leaves none). p is not checked.
func (m *MT) Multinomial(dst []int64, n int, p []float64) {
	clear(dst)
	last := 0
	for k, v := range p {
		if v > 0 {
			last = k
		}
	}
	for ; len(dst) >= len(p) && len(p) > 0; dst = dst[len(p):] {
		for range n {
			u, sum, k := m.Float64(), 0.0, 0
			for k < last {
				if sum += p[k]; sum > u {
					break
				}
				k++
			}
			dst[k]++
		}
	}
	for range p {
		m.Float64()
	}
}

// logf is the natural logarithm of x, which must be positive and normal, in
// float32 arithmetic alone, by the method of FreeBSD's msun library: x = 2^k *
// (1+f), ln(1+f) from a polynomial in s = f/(2+f). Its last digits are those of
// the library behind the book's numbers, which a correctly rounded logarithm
// misses now and then.
func logf(x float32) float32 {
	const (
		ln2Hi = float32(6.9313812256e-01)
		ln2Lo = float32(9.0580006145e-06)
		c1    = float32(6.6666668653e-01)
		c2    = float32(4.0000000596e-01)
		c3    = float32(2.8571429849e-01)
		c4    = float32(2.2222198546e-01)
		c5    = float32(1.8183572590e-01)
		c6    = float32(1.5313838422e-01)
		c7    = float32(1.4798198640e-01)
	)
	bits := math.Float32bits(x)
	k := int32(bits>>23) - 127
	mant := bits & 0x7fffff
	if mant >= 0x800000-0x95f64<<3 { // above sqrt(2)
		k++
		bits = mant | 0x3f000000
	} else {
		bits = mant | 0x3f800000
	}
	f := math.Float32frombits(bits) - 1
	s := f / (2 + f)
	z := float32(s * s)
	w := float32(z * z)
	even := float32(w * (c2 + float32(w*(c4+float32(w*c6)))))
	odd := float32(z * (c1 + float32(w*(c3+float32(w*(c5+float32(w*c7)))))))
	r := odd + even
	high, low := float32(float32(k)*ln2Hi), float32(float32(k)*ln2Lo)
	if mant >= 0x6147a<<3 && mant <= 0x6b851<<3 { // f*f/2 is worth its own term
		half := float32(float32(0.5*f) * f)
		return high - ((half - (float32(s*(half+r)) + low)) - f)
	}
	return high - ((float32(s*(f-r)) - low) - f)
}
