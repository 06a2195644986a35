package main

import (
	"math"
	"slices"
)

// fit is the polynomial p of the given degree that makes the largest
// weight(x)*|f(x)-p(x)| on [lo, hi] smallest, by Remez' exchange; the
// coefficients come lowest first, rounded to float32.
func fit(f, weight func(float64) float64, lo, hi float64, degree int) []float32 {
	c := fit64(f, weight, lo, hi, degree)
	out := make([]float32, len(c))
	for i := range out {
		out[i] = float32(c[i])
	}
	return out
}

// fit64 is fit without the rounding.
func fit64(f, weight func(float64) float64, lo, hi float64, degree int) []float64 {
	n := degree + 2
	at := make([]float64, n)
	for i := range at {
		at[i] = (lo+hi)/2 - (hi-lo)/2*math.Cos(math.Pi*float64(i)/float64(n-1))
	}
	var c []float64
	for range 30 {
		c = equioscillate(f, weight, at)
		at = extrema(func(x float64) float64 { return weight(x) * (f(x) - horner(c, x)) }, lo, hi, n)
	}
	return c
}

// horner is the value of a polynomial.
func horner(c []float64, x float64) float64 {
	var y float64
	for _, v := range slices.Backward(c) {
		y = y*x + v
	}
	return y
}

// equioscillate finds p with weight*(f-p) = +e, -e, +e ... at the given points, by
// elimination; e is left out of the result.
func equioscillate(f, weight func(float64) float64, at []float64) []float64 {
	n := len(at)
	m := make([][]float64, n)
	for i, x := range at {
		m[i] = make([]float64, n+1)
		v := 1.0
		for j := range n - 1 {
			m[i][j] = v
			v *= x
		}
		m[i][n-1] = math.Pow(-1, float64(i)) / weight(x)
		m[i][n] = f(x)
	}
	for i := range n {
		best := i
		for r := i + 1; r < n; r++ {
			if math.Abs(m[r][i]) > math.Abs(m[best][i]) {
				best = r
			}
		}
		m[i], m[best] = m[best], m[i]
		for r := range n {
			if r == i {
				continue
			}
			q := m[r][i] / m[i][i]
			for j := i; j <= n; j++ {
				m[r][j] -= q * m[i][j]
			}
		}
	}
	c := make([]float64, n-1)
	for i := range c {
		c[i] = m[i][n] / m[i][i]
	}
	return c
}

// extrema is n points where e alternates in sign and is largest between its
// zeros; points beyond n are left out at the ends, the smaller first.
func extrema(e func(float64) float64, lo, hi float64, n int) []float64 {
	const grid = 20000
	var at []float64
	for i := range grid + 1 {
		x := lo + (hi-lo)*float64(i)/grid
		switch last := len(at) - 1; {
		case last < 0 || e(x)*e(at[last]) < 0:
			at = append(at, x)
		case math.Abs(e(x)) > math.Abs(e(at[last])):
			at[last] = x
		}
	}
	for len(at) > n {
		if math.Abs(e(at[0])) < math.Abs(e(at[len(at)-1])) {
			at = at[1:]
		} else {
			at = at[:len(at)-1]
		}
	}
	for len(at) < n { // rounding ate an extremum: start between the others
		at = append(at, (at[0]+at[1])/2)
		slices.Sort(at)
	}
	return at
}
