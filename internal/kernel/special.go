package kernel

import "math"

// bernoulli holds B(2k)/(2k)! for k = 1, 2, ...
var bernoulli = func() []float64 {
	b := []float64{1. / 6, -1. / 30, 1. / 42, -1. / 30, 5. / 66, -691. / 2730, 7. / 6, -3617. / 510, 43867. / 798, -174611. / 330}
	f := 1.
	for k := range b {
		f *= float64((2*k + 1) * (2*k + 2))
		b[k] /= f
	}
	return b
}()

// polygamma is derivative n of digamma, the logarithmic derivative of the gamma function, at x:
//
//	(-1)^(n+1) n! (1/x^(n+1) + 1/(x+1)^(n+1) + ...)     (n = 0: that sum against the logarithm)
//
// The first terms are added as they are, the others by their asymptotic series; to the left of 0 the function is
// reflected. The error is a few units in the last place of the largest term: relative to the result it is below 1e-13 but next
// to the zeros of the function (1.4616... and between the poles). The poles are infinite for odd n; for even n
// they have no sign: those of digamma are NaN, but for 0, and the others -Inf.
func polygamma(x, order float64) float64 {
	n := int(order)
	if float64(n) != order || n < 0 || x != x || math.IsInf(x, -1) {
		return math.NaN()
	}
	sign := 1.0 // (-1)^(n+1)
	if n%2 == 0 {
		sign = -1
	}
	if x <= 0 {
		switch {
		case n == 0 && x == 0:
			return math.Copysign(math.Inf(1), -x)
		case n == 0 && x == math.Trunc(x):
			return math.NaN()
		case x == math.Trunc(x):
			return sign * math.Inf(1)
		}
		return -sign*polygamma(1-x, order) - cotangent(x, n)
	}
	f := math.Gamma(order + 1)
	y := 0.0
	for ; x < float64(10+n); x++ {
		y += f / power(x, n+1)
	}
	y += f / power(x, n+1) / 2
	if n == 0 {
		y -= math.Log(x)
	} else {
		y += f / order / power(x, n)
	}
	t := f * (order + 1) / power(x, n+2) // (2k+n-1)!/x^(2k+n)
	for k, b := range bernoulli {
		y += b * t
		m := order + float64(2*k+2)
		t *= m * (m + 1) / (x * x)
	}
	return sign * y
}

// power is x to the n, for small n.
func power(x float64, n int) float64 {
	y := x
	for range n - 1 {
		y *= x
	}
	return y
}

// cotangent is derivative n of pi cot(pi x). Each derivative is a polynomial in the cotangent c: c' = -pi (1 + c^2).
func cotangent(x float64, n int) float64 {
	c := 1 / math.Tan(math.Pi*(x-math.Round(x)))
	p := []float64{0, math.Pi}
	for range n {
		q := make([]float64, len(p)+1)
		for k := 1; k < len(p); k++ {
			d := -math.Pi * float64(k) * p[k]
			q[k-1] += d
			q[k+1] += d
		}
		p = q
	}
	y := p[n+1]
	for k := n; k >= 0; k-- {
		y = y*c + p[k]
	}
	return y
}
