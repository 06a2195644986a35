package vec

// Fill sets y[i] = v.
func Fill(y []float32, v float32) {
	if asmFill(y, v) {
		return
	}
	for i := range y {
		y[i] = v
	}
}

// AddS sets y[i] = a[i] + s.
func AddS(y, a []float32, s float32) {
	a = a[:len(y)]
	if asmScalar(opAddS, y, a, s, 0) {
		return
	}
	for i := range y {
		y[i] = a[i] + s
	}
}

// SubS sets y[i] = a[i] - s.
func SubS(y, a []float32, s float32) {
	AddS(y, a, -s)
}

// RSubS sets y[i] = s - a[i].
func RSubS(y, a []float32, s float32) {
	a = a[:len(y)]
	if asmScalar(opRsubS, y, a, s, 0) {
		return
	}
	for i := range y {
		y[i] = s - a[i]
	}
}

// MulS sets y[i] = a[i] * s.
func MulS(y, a []float32, s float32) {
	a = a[:len(y)]
	if asmScalar(opMulS, y, a, s, 0) {
		return
	}
	for i := range y {
		y[i] = a[i] * s
	}
}

// DivS sets y[i] = a[i] / s.
func DivS(y, a []float32, s float32) {
	a = a[:len(y)]
	if asmScalar(opDivS, y, a, s, 0) {
		return
	}
	for i := range y {
		y[i] = a[i] / s
	}
}

// RDivS sets y[i] = s / a[i].
func RDivS(y, a []float32, s float32) {
	a = a[:len(y)]
	if asmScalar(opRdivS, y, a, s, 0) {
		return
	}
	for i := range y {
		y[i] = s / a[i]
	}
}

// MaxS sets y[i] to the larger of a[i] and s, and to NaN if either is NaN.
func MaxS(y, a []float32, s float32) {
	a = a[:len(y)]
	if asmScalar(opMaxS, y, a, s, 0) {
		return
	}
	for i := range y {
		y[i] = maxOf2(a[i], s)
	}
}

// MinS sets y[i] to the smaller of a[i] and s, and to NaN if either is NaN.
func MinS(y, a []float32, s float32) {
	a = a[:len(y)]
	if asmScalar(opMinS, y, a, s, 0) {
		return
	}
	for i := range y {
		y[i] = minOf2(a[i], s)
	}
}

// Affine sets y[i] = m*x[i] + c, rounded after the product and after the sum.
func Affine(y, x []float32, m, c float32) {
	x = x[:len(y)]
	if asmScalar(opAffine, y, x, m, c) {
		return
	}
	for i := range y {
		y[i] = float32(m*x[i]) + c
	}
}

// AddScaled sets y[i] += a*x[i], rounded after the product and after the sum.
func AddScaled(y, x []float32, a float32) {
	x = x[:len(y)]
	if asmScalar(opAddScaled, y, x, a, 0) {
		return
	}
	for i := range y {
		y[i] += float32(a * x[i])
	}
}

// MulAdd sets y[i] = x[i] + s*(a[i]*b[i]), rounded after each step.
func MulAdd(y, x, a, b []float32, s float32) {
	x, a, b = x[:len(y)], a[:len(y)], b[:len(y)]
	if asmMulAdd(y, x, a, b, s) {
		return
	}
	for i := range y {
		y[i] = x[i] + float32(s*float32(a[i]*b[i]))
	}
}
