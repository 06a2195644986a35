package vec

import "math"

// lanes is the number of running sums of a reduction, and block the number of
// elements that are folded in float32 before their sum goes on in float64.
const (
	lanes = 64
	block = 4096
)

// Sum is the sum of x, 0 if x is empty. Element i goes to running sum i mod 64;
// after each 4096 elements the 64 sums are folded in halves (the sum l takes
// that of l+32, then l+16 and so on) and added to a float64: each number passes
// through at most 64+6 roundings in float32.
func Sum(x []float32) float32 {
	var total float64
	for len(x) > 0 {
		n := min(block, len(x))
		total += float64(sumBlock(x[:n]))
		x = x[n:]
	}
	return float32(total)
}

func sumBlock(x []float32) float32 {
	if r, ok := asmSum(x); ok {
		return r
	}
	var s [lanes]float32
	for len(x) >= lanes {
		v := (*[lanes]float32)(x)
		for l := range s {
			s[l] += v[l]
		}
		x = x[lanes:]
	}
	for l, v := range x {
		s[l] += v
	}
	return fold(&s)
}

// Dot is the sum of a[i]*b[i], over the length of a, in the order of Sum; the
// products are rounded to float32.
func Dot(a, b []float32) float32 {
	b = b[:len(a)]
	var total float64
	for len(a) > 0 {
		n := min(block, len(a))
		total += float64(dotBlock(a[:n], b[:n]))
		a, b = a[n:], b[n:]
	}
	return float32(total)
}

func dotBlock(a, b []float32) float32 {
	if r, ok := asmDot(a, b); ok {
		return r
	}
	var s [lanes]float32
	for len(a) >= lanes {
		v, w := (*[lanes]float32)(a), (*[lanes]float32)(b)
		for l := range s {
			s[l] += float32(v[l] * w[l])
		}
		a, b = a[lanes:], b[lanes:]
	}
	for l := range a {
		s[l] += float32(a[l] * b[l])
	}
	return fold(&s)
}

// fold adds up the running sums by halves.
func fold(s *[lanes]float32) float32 {
	for h := lanes / 2; h > 0; h /= 2 {
		for l := range h {
			s[l] += s[l+h]
		}
	}
	return s[0]
}

// MaxOf is the largest element of x, NaN if any element is NaN, -Inf if x is empty.
func MaxOf(x []float32) float32 {
	r := float32(math.Inf(-1))
	for len(x) > 0 {
		n := min(block, len(x))
		r = maxOf2(maxBlock(x[:n]), r)
		x = x[n:]
	}
	return r
}

func maxBlock(x []float32) float32 {
	if r, ok := asmMax(x); ok {
		return r
	}
	r := x[0]
	for _, v := range x {
		r = maxOf2(v, r)
	}
	return r
}

// MinOf is the smallest element of x, NaN if any element is NaN, +Inf if x is empty.
func MinOf(x []float32) float32 {
	r := float32(math.Inf(1))
	for len(x) > 0 {
		n := min(block, len(x))
		r = minOf2(minBlock(x[:n]), r)
		x = x[n:]
	}
	return r
}

func minBlock(x []float32) float32 {
	if r, ok := asmMin(x); ok {
		return r
	}
	r := x[0]
	for _, v := range x {
		r = minOf2(v, r)
	}
	return r
}

// ExpSum sets y[i] = exp(x[i] - c) and returns the sum of y.
func ExpSum(y, x []float32, c float32) float32 {
	x = x[:len(y)]
	if s, ok := asmExpSum(y, x, c); ok {
		return s
	}
	for i := range y {
		y[i] = float32(math.Exp(float64(x[i] - c)))
	}
	return Sum(y)
}

// Softmax sets y[i] = exp(x[i]-max(x)) / sum(exp(x-max(x))): the classifier's row
// of probabilities (d2l 3.4). A NaN anywhere, or +Inf, makes all of y NaN.
func Softmax(y, x []float32) {
	x = x[:len(y)]
	MulS(y, y, 1/ExpSum(y, x, MaxOf(x)))
}

// LogSumExp is log(sum(exp(x))), computed about the maximum so that it does not
// overflow; tmp gets exp(x - max(x)).
func LogSumExp(tmp, x []float32) float32 {
	tmp = tmp[:len(x)]
	m := MaxOf(x)
	if math.IsInf(float64(m), 0) {
		return m
	}
	return m + float32(math.Log(float64(ExpSum(tmp, x, m))))
}
