// Package norm holds the inner loops of batch, layer and group normalisation: sums about a
// centre, the affine maps forward and backward, over runs, rows with a factor for each
// column, and columns.
//
// Every function works on both kinds of floats. For float32 there is assembly for AVX-512 and
// AVX2; the Go loop that stands below the documentation is the definition, which the assembly
// follows up to rounding. Slices are at least as long as the first; results may be the very
// slice of an operand, but must not overlap it otherwise. A run may have any length: the
// assembly does a few thousand numbers a call.
package norm

import (
	"math"
	"unsafe"
)

// float is a number that can be normalised.
type float interface{ float32 | float64 }

// isSingle says whether T is float32.
func isSingle[T float]() bool {
	var z T
	return unsafe.Sizeof(z) == 4
}

// singles is x as what it is, float32 numbers.
func singles[T float](x []T) []float32 {
	return unsafe.Slice((*float32)(unsafe.Pointer(unsafe.SliceData(x))), len(x))
}

// Moments returns the sums of d and of d*d over x, with d = x[i] - shift.
func Moments[T float](x []T, shift T) (s, q float64) {
	if isSingle[T]() && fast() {
		return asmMoments(singles(x), float32(shift))
	}
	for _, v := range x {
		d := float64(v - shift)
		s += d
		q += d * d
	}
	return s, q
}

// Center sets y[i] = (x[i]-mean)*scale + bias.
func Center[T float](y, x []T, mean, scale, bias T) {
	x = x[:len(y)]
	if isSingle[T]() && fast() {
		asmCenter(singles(y), singles(x), float32(mean), float32(scale), float32(bias))
		return
	}
	for i, v := range x {
		y[i] = (v-mean)*scale + bias
	}
}

// Dots returns the sums of dy and of dy*(x-mean).
func Dots[T float](dy, x []T, mean T) (s, q float64) {
	x = x[:len(dy)]
	if isSingle[T]() && fast() {
		return asmDots(singles(dy), singles(x), float32(mean))
	}
	for i, g := range dy {
		s += float64(g)
		q += float64(g) * float64(x[i]-mean)
	}
	return s, q
}

// Back sets dx[i] = a*dy[i] + b*(x[i]-mean) + c.
func Back[T float](dx, dy, x []T, mean, a, b, c T) {
	dy, x = dy[:len(dx)], x[:len(dx)]
	if isSingle[T]() && fast() {
		asmBack(singles(dx), singles(dy), singles(x), float32(mean), float32(a), float32(b), float32(c))
		return
	}
	for i, v := range x {
		dx[i] = a*dy[i] + b*(v-mean) + c
	}
}

// Row finds the mean and the variance of x and sets y[i] = (x[i]-mean)/sqrt(variance+eps)*gamma[i] + beta[i]. x is not
// empty.
func Row[T float](y, x, gamma, beta []T, eps float64) (mean, variance T) {
	n := len(y)
	x, gamma, beta = x[:n], gamma[:n], beta[:n]
	if isSingle[T]() && n <= longRow && fast() {
		m, v := asmRow(singles(y), singles(x), singles(gamma), singles(beta), float32(eps))
		return T(m), T(v)
	}
	s, _ := Moments(x, 0)
	mean = T(s / float64(n))
	s, q := Moments(x, mean)
	s /= float64(n)
	v := q/float64(n) - s*s
	if v < 0 { // rounding; a NaN stays
		v = 0
	}
	mean = T(float64(mean) + s)
	RowApply(y, x, gamma, beta, mean, T(1/math.Sqrt(v+eps)))
	return mean, T(v)
}

// longRow is the length from which on the sums over a row are summed in float64.
const longRow = 4096

// RowApply sets y[i] = (x[i]-mean)*scale*gamma[i] + beta[i].
func RowApply[T float](y, x, gamma, beta []T, mean, scale T) {
	x, gamma, beta = x[:len(y)], gamma[:len(y)], beta[:len(y)]
	if isSingle[T]() && fast() {
		asmRowApply(singles(y), singles(x), singles(gamma), singles(beta), float32(mean), float32(scale))
		return
	}
	for i, v := range x {
		y[i] = (v-mean)*scale*gamma[i] + beta[i]
	}
}

// RowDots adds dy[i]*h[i] to dgamma[i] and dy[i] to dbeta[i], with h = (x-mean)*scale, and returns
// the sums of dy*gamma and of dy*gamma*h.
func RowDots[T float](dy, x, gamma, dgamma, dbeta []T, mean, scale T) (s, q float64) {
	n := len(dy)
	x, gamma, dgamma, dbeta = x[:n], gamma[:n], dgamma[:n], dbeta[:n]
	if isSingle[T]() && fast() {
		return asmRowDots(singles(dy), singles(x), singles(gamma), singles(dgamma), singles(dbeta), float32(mean), float32(scale))
	}
	for i, g := range dy {
		h := (x[i] - mean) * scale
		dgamma[i] += g * h
		dbeta[i] += g
		g *= gamma[i]
		s += float64(g)
		q += float64(g) * float64(h)
	}
	return s, q
}

// RowBack sets dx[i] = a*dy[i]*gamma[i] + b*(x[i]-mean) + c.
func RowBack[T float](dx, dy, x, gamma []T, mean, a, b, c T) {
	dy, x, gamma = dy[:len(dx)], x[:len(dx)], gamma[:len(dx)]
	if isSingle[T]() && fast() {
		asmRowBack(singles(dx), singles(dy), singles(x), singles(gamma), float32(mean), float32(a), float32(b), float32(c))
		return
	}
	for i, v := range x {
		dx[i] = a*dy[i]*gamma[i] + b*(v-mean) + c
	}
}
