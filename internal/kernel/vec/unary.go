package vec

import "math"

// Exp sets y[i] to e to the power x[i], within 1.05 ulp.
func Exp(y, x []float32) {
	x = x[:len(y)]
	if asmUnary(opExp, y, x) {
		return
	}
	for i := range y {
		y[i] = float32(math.Exp(float64(x[i])))
	}
}

// Log sets y[i] to the natural logarithm of x[i], within 0.85 ulp: -Inf at zero, NaN
// below.
func Log(y, x []float32) {
	x = x[:len(y)]
	if asmUnary(opLog, y, x) {
		return
	}
	for i := range y {
		y[i] = float32(math.Log(float64(x[i])))
	}
}

// Tanh sets y[i] to the hyperbolic tangent of x[i], within 2.5 ulp.
func Tanh(y, x []float32) {
	x = x[:len(y)]
	if asmUnary(opTanh, y, x) {
		return
	}
	for i := range y {
		y[i] = float32(math.Tanh(float64(x[i])))
	}
}

// Sigmoid sets y[i] = 1/(1+exp(-x[i])), within 2.5 ulp.
func Sigmoid(y, x []float32) {
	x = x[:len(y)]
	if asmUnary(opSigmoid, y, x) {
		return
	}
	for i := range y {
		y[i] = float32(1 / (1 + math.Exp(-float64(x[i]))))
	}
}

// ReLU sets y[i] to x[i], or to 0 where x[i] < 0. NaN stays NaN.
func ReLU(y, x []float32) {
	x = x[:len(y)]
	if asmUnary(opRelu, y, x) {
		return
	}
	for i := range y {
		v := x[i]
		if v < 0 {
			v = 0
		}
		y[i] = v
	}
}

// Sqrt sets y[i] to the square root of x[i], correctly rounded; NaN below zero.
func Sqrt(y, x []float32) {
	x = x[:len(y)]
	if asmUnary(opSqrt, y, x) {
		return
	}
	for i := range y {
		y[i] = float32(math.Sqrt(float64(x[i])))
	}
}

// Square sets y[i] = x[i] * x[i].
func Square(y, x []float32) {
	x = x[:len(y)]
	if asmUnary(opSquare, y, x) {
		return
	}
	for i := range y {
		y[i] = x[i] * x[i]
	}
}

// Neg sets y[i] = -x[i].
func Neg(y, x []float32) {
	x = x[:len(y)]
	if asmUnary(opNeg, y, x) {
		return
	}
	for i := range y {
		y[i] = -x[i]
	}
}

// Abs sets y[i] to x[i] without its sign.
func Abs(y, x []float32) {
	x = x[:len(y)]
	if asmUnary(opAbs, y, x) {
		return
	}
	for i := range y {
		y[i] = math.Float32frombits(math.Float32bits(x[i]) &^ (1 << 31))
	}
}

// Reciprocal sets y[i] = 1 / x[i].
func Reciprocal(y, x []float32) {
	x = x[:len(y)]
	if asmUnary(opReciprocal, y, x) {
		return
	}
	for i := range y {
		y[i] = 1 / x[i]
	}
}

// Copy sets y[i] = x[i].
func Copy(y, x []float32) {
	x = x[:len(y)]
	if asmUnary(opCopy, y, x) {
		return
	}
	copy(y, x)
}
