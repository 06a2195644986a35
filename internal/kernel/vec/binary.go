package vec

// Add sets y[i] = a[i] + b[i].
func Add(y, a, b []float32) {
	a, b = a[:len(y)], b[:len(y)]
	if asmBinary(opAdd, y, a, b) {
		return
	}
	for i := range y {
		y[i] = a[i] + b[i]
	}
}

// Sub sets y[i] = a[i] - b[i].
func Sub(y, a, b []float32) {
	a, b = a[:len(y)], b[:len(y)]
	if asmBinary(opSub, y, a, b) {
		return
	}
	for i := range y {
		y[i] = a[i] - b[i]
	}
}

// Mul sets y[i] = a[i] * b[i].
func Mul(y, a, b []float32) {
	a, b = a[:len(y)], b[:len(y)]
	if asmBinary(opMul, y, a, b) {
		return
	}
	for i := range y {
		y[i] = a[i] * b[i]
	}
}

// Div sets y[i] = a[i] / b[i].
func Div(y, a, b []float32) {
	a, b = a[:len(y)], b[:len(y)]
	if asmBinary(opDiv, y, a, b) {
		return
	}
	for i := range y {
		y[i] = a[i] / b[i]
	}
}

// Max sets y[i] to the larger of a[i] and b[i], and to NaN if either is NaN.
// Of two zeros b's is taken.
func Max(y, a, b []float32) {
	a, b = a[:len(y)], b[:len(y)]
	if asmBinary(opMax, y, a, b) {
		return
	}
	for i := range y {
		y[i] = maxOf2(a[i], b[i])
	}
}

// Min sets y[i] to the smaller of a[i] and b[i], and to NaN if either is NaN.
// Of two zeros b's is taken.
func Min(y, a, b []float32) {
	a, b = a[:len(y)], b[:len(y)]
	if asmBinary(opMin, y, a, b) {
		return
	}
	for i := range y {
		y[i] = minOf2(a[i], b[i])
	}
}

// ReLUGrad sets dx[i] to dy[i] where y[i] > 0 and to 0 elsewhere; y is the result
// of ReLU (or its argument: the answer is the same).
func ReLUGrad(dx, dy, y []float32) {
	dy, y = dy[:len(dx)], y[:len(dx)]
	if asmBinary(opReluGrad, dx, dy, y) {
		return
	}
	for i := range dx {
		if y[i] > 0 {
			dx[i] = dy[i]
		} else {
			dx[i] = 0
		}
	}
}

// SigmoidGrad sets dx[i] = dy[i]*y[i]*(1-y[i]); y is the result of Sigmoid.
func SigmoidGrad(dx, dy, y []float32) {
	dy, y = dy[:len(dx)], y[:len(dx)]
	if asmBinary(opSigmoidGrad, dx, dy, y) {
		return
	}
	for i := range dx {
		dx[i] = dy[i] * y[i] * (1 - y[i])
	}
}

// TanhGrad sets dx[i] = dy[i]*(1-y[i]*y[i]); y is the result of Tanh.
func TanhGrad(dx, dy, y []float32) {
	dy, y = dy[:len(dx)], y[:len(dx)]
	if asmBinary(opTanhGrad, dx, dy, y) {
		return
	}
	for i := range dx {
		dx[i] = dy[i] * (1 - float32(y[i]*y[i]))
	}
}

func maxOf2(a, b float32) float32 {
	if a > b || a != a {
		return a
	}
	return b
}

func minOf2(a, b float32) float32 {
	if a < b || a != a {
		return a
	}
	return b
}
