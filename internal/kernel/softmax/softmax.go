// Package softmax holds the inner loops of the softmax of a row of float32 numbers, of its
// logarithm and of their gradients, in assembly for AVX-512 and AVX2 and in Go. The Go loops are
// the definition; the assembly differs by rounding and by the error of its exponential function
// (package vec).
package softmax

import (
	"math"

	"github.com/fathom-ml/fathom/internal/kernel/vec"
)

// long is the length from which on a row's exponentials are summed block by block.
const long = 8192

// Row sets y[i] = e^(x[i]-m)/s and returns m, the maximum of x, and s, the sum of e^(x-m). A NaN or +Inf
// in x, or nothing but -Inf, makes y and s NaN. y may be x.
func Row(y, x []float32) (m, s float32) {
	y = y[:len(x)]
	if len(x) <= long && len(x) > 0 {
		if m, s, ok := asmRow(y, x); ok {
			return m, s
		}
	}
	m = vec.MaxOf(x)
	s = vec.ExpSum(y, x, m)
	vec.MulS(y, y, 1/s)
	return m, s
}

// SumExp is Row without y.
func SumExp(x []float32) (m, s float32) {
	if len(x) <= long && len(x) > 0 {
		if m, s, ok := asmSumExp(x); ok {
			return m, s
		}
	}
	m = vec.MaxOf(x)
	var buf [1024]float32
	var sum float64
	for len(x) > 0 {
		n := min(len(x), len(buf))
		sum += float64(vec.ExpSum(buf[:n], x, m))
		x = x[n:]
	}
	return m, float32(sum)
}

// Grad sets d[i] = p[i]*(g[i]-s).
func Grad(d, g, p []float32, s float32) {
	g, p = g[:len(d)], p[:len(d)]
	if asmGrad(d, g, p, s) {
		return
	}
	for i, v := range g {
		d[i] = p[i] * (v - s)
	}
}

// LogGrad sets d[i] = g[i] - e^y[i]*s.
func LogGrad(d, g, y []float32, s float32) {
	g, y = g[:len(d)], y[:len(d)]
	if asmLogGrad(d, g, y, s) {
		return
	}
	for i, v := range g {
		d[i] = v - float32(math.Exp(float64(y[i])))*s
	}
}

// Minus sets y[i] = x[i] - a - b.
func Minus(y, x []float32, a, b float32) {
	x = x[:len(y)]
	if asmMinus(y, x, a, b) {
		return
	}
	for i, v := range x {
		y[i] = v - a - b
	}
}
