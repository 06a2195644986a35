package vec

import "math"

// Exp2 sets y[i] to 2 to the power x[i], within 1.1 ulp.
func Exp2(y, x []float32) {
	x = x[:len(y)]
	if asmUnary(opExp2, y, x) {
		return
	}
	apply(y, x, math.Exp2)
}

// Expm1 sets y[i] to e to the power x[i], less 1, also near 0, within 1.5 ulp.
func Expm1(y, x []float32) {
	x = x[:len(y)]
	if asmUnary(opExpm1, y, x) {
		return
	}
	apply(y, x, math.Expm1)
}

// Log2 sets y[i] to the logarithm of x[i] to the base 2, within 1.9 ulp.
func Log2(y, x []float32) {
	x = x[:len(y)]
	if asmUnary(opLog2, y, x) {
		return
	}
	apply(y, x, log2)
}

// Log10 sets y[i] to the logarithm of x[i] to the base 10, within 1.7 ulp.
func Log10(y, x []float32) {
	x = x[:len(y)]
	if asmUnary(opLog10, y, x) {
		return
	}
	apply(y, x, math.Log10)
}

// Log1p sets y[i] to log(1+x[i]), also near 0, within 0.9 ulp: -Inf at -1, NaN below.
func Log1p(y, x []float32) {
	x = x[:len(y)]
	if asmUnary(opLog1p, y, x) {
		return
	}
	apply(y, x, math.Log1p)
}

// Sinh sets y[i] to the hyperbolic sine of x[i], within 1.7 ulp.
func Sinh(y, x []float32) {
	x = x[:len(y)]
	if asmUnary(opSinh, y, x) {
		return
	}
	apply(y, x, math.Sinh)
}

// Cosh sets y[i] to the hyperbolic cosine of x[i], within 1.5 ulp.
func Cosh(y, x []float32) {
	x = x[:len(y)]
	if asmUnary(opCosh, y, x) {
		return
	}
	apply(y, x, math.Cosh)
}

// Softplus sets y[i] to log(1+exp(x[i])), without overflow, within 1.8 ulp.
func Softplus(y, x []float32) {
	x = x[:len(y)]
	if asmUnary(opSoftplus, y, x) {
		return
	}
	apply(y, x, softplus)
}

// Mish sets y[i] to x[i]*tanh(log(1+exp(x[i]))), within 4.7 ulp.
func Mish(y, x []float32) {
	x = x[:len(y)]
	if asmUnary(opMish, y, x) {
		return
	}
	apply(y, x, Mish64)
}

// Rsqrt sets y[i] to 1/sqrt(x[i]), within 1.5 ulp.
func Rsqrt(y, x []float32) {
	x = x[:len(y)]
	if asmUnary(opRsqrt, y, x) {
		return
	}
	apply(y, x, func(x float64) float64 { return 1 / math.Sqrt(x) })
}

// Sign sets y[i] to -1, 0 or 1 as x[i] is negative, zero or positive, NaN for NaN.
func Sign(y, x []float32) {
	x = x[:len(y)]
	if asmUnary(opSign, y, x) {
		return
	}
	apply(y, x, sign)
}

// Floor sets y[i] to the largest whole number not above x[i].
func Floor(y, x []float32) {
	x = x[:len(y)]
	if asmUnary(opFloor, y, x) {
		return
	}
	apply(y, x, math.Floor)
}

// Ceil sets y[i] to the smallest whole number not below x[i].
func Ceil(y, x []float32) {
	x = x[:len(y)]
	if asmUnary(opCeil, y, x) {
		return
	}
	apply(y, x, math.Ceil)
}

// Trunc sets y[i] to x[i] rounded toward zero.
func Trunc(y, x []float32) {
	x = x[:len(y)]
	if asmUnary(opTrunc, y, x) {
		return
	}
	apply(y, x, math.Trunc)
}

// Round sets y[i] to x[i] rounded to the nearest whole number, halves to the even one.
func Round(y, x []float32) {
	x = x[:len(y)]
	if asmUnary(opRound, y, x) {
		return
	}
	apply(y, x, math.RoundToEven)
}

// MishGrad sets dx[i] to dy[i] times the derivative of Mish at x[i], which is off by 6*2^-24 at most.
func MishGrad(dx, dy, x []float32) {
	dy, x = dy[:len(dx)], x[:len(dx)]
	if asmBinary(opMishGrad, dx, dy, x) {
		return
	}
	applyGrad(dx, dy, x, MishSlope)
}

// log2 keeps its digits near 1, where math.Log2 loses some.
func log2(x float64) float64 {
	if x > 0.5 && x < 2 {
		return math.Log(x) / math.Ln2
	}
	return math.Log2(x)
}

func sign(x float64) float64 {
	switch {
	case x > 0:
		return 1
	case x < 0:
		return -1
	}
	return x
}

func softplus(x float64) float64 { return max(x, 0) + math.Log1p(math.Exp(-math.Abs(x))) }

// Mish64 is x*tanh(log(1+e^x)) = x*w/(w+2) with w = e*(e+2), e = e^x.
func Mish64(x float64) float64 {
	switch {
	case x > 40:
		return x
	case x < -800:
		return x * 0 // NaN for -Inf
	}
	e := math.Exp(x)
	w := e * (e + 2)
	return x * (w / (w + 2))
}

// MishSlope is the derivative of Mish64.
func MishSlope(x float64) float64 {
	if math.Abs(x) > 800 {
		return bound(x)
	}
	e := math.Exp(min(x, 40))
	w := e * (e + 2)
	return (w + 4*x*e*(e+1)/(w+2)) / (w + 2)
}
