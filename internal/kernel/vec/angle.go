package vec

import "math"

// The angles of the functions below are in radians, right for numbers of any size: those of 65536 and more are computed one by
// one in float64.

var angles = [...]func(float64) float64{opSin: math.Sin, opCos: math.Cos, opTan: math.Tan}

// Sin sets y[i] to the sine of x[i], within 1.6 ulp.
func Sin(y, x []float32) { angle(opSin, y, x) }

// Cos sets y[i] to the cosine of x[i], within 1.6 ulp.
func Cos(y, x []float32) { angle(opCos, y, x) }

// Tan sets y[i] to the tangent of x[i], within 3.4 ulp.
func Tan(y, x []float32) { angle(opTan, y, x) }

func angle(op opAngle, y, x []float32) {
	x = x[:len(y)]
	if asmAngle(op, y, x) {
		return
	}
	apply(y, x, angles[op])
}

// Pow sets y[i] to a[i] to the power b[i], with the special values of math.Pow. It computes in float64: the error is
// at most 0.52 ulp.
func Pow(y, a, b []float32) {
	a, b = a[:len(y)], b[:len(y)]
	if asmPow(y, a, b) {
		return
	}
	applyPow(y, a, b)
}

func applyPow(y, a, b []float32) {
	for i := range y {
		y[i] = float32(math.Pow(float64(a[i]), float64(b[i])))
	}
}
