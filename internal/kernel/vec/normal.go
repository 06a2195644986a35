package vec

import "math"

// apply is the loop of a function that package math or a formula in float64 defines.
func apply(y, x []float32, f func(float64) float64) {
	x = x[:len(y)]
	for i, v := range x {
		y[i] = float32(f(float64(v)))
	}
}

// applyGrad sets dx[i] = dy[i]*f(x[i]), rounded after f.
func applyGrad(dx, dy, x []float32, f func(float64) float64) {
	for i, v := range x[:len(dx)] {
		dx[i] = dy[i] * float32(f(float64(v)))
	}
}

// Erf sets y[i] to the error function of x[i], within 1.15 ulp.
func Erf(y, x []float32) {
	x = x[:len(y)]
	if asmUnary(opErf, y, x) {
		return
	}
	apply(y, x, math.Erf)
}

// Erfc sets y[i] = 1 - erf(x[i]), also where it is small, within 4.5 ulp.
func Erfc(y, x []float32) {
	x = x[:len(y)]
	if asmUnary(opErfc, y, x) {
		return
	}
	apply(y, x, math.Erfc)
}

// GELU sets y[i] = x[i]*Phi(x[i]), where Phi is the distribution function of the standard normal, within 5.8 ulp.
func GELU(y, x []float32) {
	x = x[:len(y)]
	if asmUnary(opGelu, y, x) {
		return
	}
	apply(y, x, GELU64)
}

// GELUGrad sets dx[i] to dy[i] times the derivative of GELU at x[i], which is off by 3*2^-24 at most.
func GELUGrad(dx, dy, x []float32) {
	dy, x = dy[:len(dx)], x[:len(dx)]
	if asmBinary(opGeluGrad, dx, dy, x) {
		return
	}
	applyGrad(dx, dy, x, GELUSlope)
}

// GELUTanh sets y[i] = x[i]*(1+tanh(sqrt(2/pi)*(x[i]+0.044715*x[i]^3)))/2, within 3.5 ulp.
func GELUTanh(y, x []float32) {
	x = x[:len(y)]
	if asmUnary(opGeluTanh, y, x) {
		return
	}
	apply(y, x, GELUTanh64)
}

// GELUTanhGrad sets dx[i] to dy[i] times the derivative of GELUTanh at x[i], which is off by 3*2^-24 at most.
func GELUTanhGrad(dx, dy, x []float32) {
	dy, x = dy[:len(dx)], x[:len(dx)]
	if asmBinary(opGeluTanhGrad, dx, dy, x) {
		return
	}
	applyGrad(dx, dy, x, GELUTanhSlope)
}

// SiLU sets y[i] = x[i]/(1+exp(-x[i])), within 3.5 ulp.
func SiLU(y, x []float32) {
	x = x[:len(y)]
	if asmUnary(opSilu, y, x) {
		return
	}
	apply(y, x, SiLU64)
}

// SiLUGrad sets dx[i] to dy[i] times the derivative of SiLU at x[i], which is off by 3*2^-24 at most.
func SiLUGrad(dx, dy, x []float32) {
	dy, x = dy[:len(dx)], x[:len(dx)]
	if asmBinary(opSiluGrad, dx, dy, x) {
		return
	}
	applyGrad(dx, dy, x, SiLUSlope)
}

// The same functions and their derivatives in float64.

// GELU64 is x*Phi(x).
func GELU64(x float64) float64 {
	if x < -40 {
		return x * 0 // NaN for -Inf
	}
	return x * (math.Erfc(-x*math.Sqrt2/2) / 2)
}

// GELUSlope is Phi(x) + x*phi(x).
func GELUSlope(x float64) float64 {
	if math.Abs(x) > 40 {
		return bound(x)
	}
	return math.Erfc(-x*math.Sqrt2/2)/2 + x*math.Exp(-x*x/2)/math.Sqrt(2*math.Pi)
}

// SiLU64 is x/(1+e^-x).
func SiLU64(x float64) float64 {
	if x < -800 {
		return x * 0 // NaN for -Inf
	}
	return x * logistic(x)
}

// SiLUSlope is s + x*s*(1-s) with s = 1/(1+e^-x).
func SiLUSlope(x float64) float64 {
	if math.Abs(x) > 800 {
		return bound(x)
	}
	return logistic(x) * (1 + x*logistic(-x))
}

// GELUTanh64 is x/(1+e^-z), z = 2*sqrt(2/pi)*(x + 0.044715*x^3).
func GELUTanh64(x float64) float64 {
	if x < -40 {
		return x * 0 // NaN for -Inf
	}
	return x * logistic(x*(geluK1+geluK3*x*x))
}

// GELUTanhSlope is s + x*s*(1-s)*z' with s = 1/(1+e^-z).
func GELUTanhSlope(x float64) float64 {
	if math.Abs(x) > 40 {
		return bound(x)
	}
	z := x * (geluK1 + geluK3*x*x)
	return logistic(z) * (1 + x*logistic(-z)*(geluK1+3*geluK3*x*x))
}

const (
	geluK1 = 2 * math.Sqrt2 / math.SqrtPi
	geluK3 = 0.044715 * geluK1
)

// bound is the slope at a large x: 0 or 1, and NaN at the infinities, where x*F'(x) is.
func bound(x float64) float64 {
	if x < 0 {
		return x * 0
	}
	return 1 + x*0
}

// logistic is 1/(1+e^-x), to the last digits on both sides.
func logistic(x float64) float64 {
	if x < 0 {
		e := math.Exp(x)
		return e / (1 + e)
	}
	return 1 / (1 + math.Exp(-x))
}
