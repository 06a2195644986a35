package main

import "math"

// The gates of normal.go with NEON: x*F(x) and its derivative, by q = F(-t), t = |x|.

// gateValue is x*F(x) = max(x, 0) - t*q. The tail turns value 1, t, into t*q; value 0 is not its.
func (f *neon) gateValue(end float32, tail func()) {
	x, t, y := f.r(0), f.r(1), f.r(2)
	f.one(fabs, t, x)
	f.do(fmin, t, t, f.k(end))
	tail()
	f.do(fmax, y, x, f.k(minusZero))
	f.do(fsub, y, y, t)
	f.do(fmin, x, x, f.k(minusZero)) // NaN at minus infinity, which t has lost
	f.do(fmla, y, x, f.k(0))
	f.move(x, y)
}

// gateSlope is value 0 times the derivative at value 1. The slope turns value 2, t, into the derivative g at -t;
// values 0 and 1 are not its.
func (f *neon) gateSlope(end float32, slope func()) {
	dy, x, t, z, m := f.r(0), f.r(1), f.r(2), f.r(3), f.r(4)
	f.one(fabs, t, x)
	f.do(fmin, t, t, f.k(end))
	slope()
	f.do(fsub, z, f.k(1), t)
	f.right(m, x, 31)
	f.do(bsl, m, t, z)
	f.do(fmla, m, x, f.k(0)) // NaN at the infinities
	f.do(fmul, dy, dy, m)
}

// siluTail is t*e/(1+e) with e = e^-t; t*e is scaled as a whole, since e may be subnormal.
func (f *neon) siluTail() {
	t, e := f.r(1), f.r(2)
	f.one(fneg, e, t)
	f.unscaled(e, f.r(3), f.r(4), f.r(5))
	f.logisticTail(t, e, f.r(3), f.r(4))
}

// logisticTail sets t to t*e/(1+e) with e = m*2^n.
func (f *neon) logisticTail(t, m, n, u int) {
	f.do(fmul, t, t, m)
	f.scale(n, u, m, t)
	f.do(fadd, m, m, f.k(1))
	f.do(fdiv, t, t, m)
}

func (f *neon) siluSlope() {
	t, e := f.r(2), f.r(3)
	f.one(fneg, e, t)
	f.unscaled(e, f.r(4), f.r(5), f.r(6))
	f.logisticSlope(t, t, e, f.r(4), f.r(5))
}

// logisticSlope sets g to q - q*s*p with q = e/(1+e), p = 1/(1+e), e = m*2^n. g may be s.
func (f *neon) logisticSlope(g, s, m, n, u int) {
	f.scale(n, u, m)
	f.do(fadd, u, m, f.k(1))
	f.do(fdiv, u, f.k(1), u)
	f.do(fmul, m, m, u)
	f.do(fmul, u, u, s)
	f.move(g, m)
	f.do(fmls, g, m, u)
}

// expHalfSquare sets e to e^(-t*t/2), with the rounding error of t*t made good.
func (f *neon) expHalfSquare(e, t, n, low, u int) {
	f.do(fmul, e, t, t)
	f.one(fneg, low, e)
	f.do(fmla, low, t, t)
	f.do(fmul, e, e, f.k(-0.5))
	f.reduce(e, n)
	f.do(fmls, e, low, f.k(0.5))
	f.expm1(expPoly, e, low, u)
	f.do(fadd, e, e, f.k(1))
	f.scale(n, low, e)
}

// mills is h(t) = e^(t*t/2)*Phi(-t), in one of two registers.
func (f *neon) mills(t, u, y, v int) (h, other int) {
	f.do(fsub, u, t, f.k(millsAt))
	f.do(fadd, y, t, f.k(millsAt))
	f.do(fdiv, u, u, y)
	return f.poly(millsPoly, u, y, v)
}

func (f *neon) geluTail() {
	t, e := f.r(1), f.r(2)
	f.expHalfSquare(e, t, f.r(3), f.r(4), f.r(5))
	h, _ := f.mills(t, f.r(3), f.r(4), f.r(5))
	f.do(fmul, t, t, h) // before e, whose product with h alone may be subnormal
	f.do(fmul, t, t, e)
}

func (f *neon) geluSlope() {
	t, e := f.r(2), f.r(3)
	f.expHalfSquare(e, t, f.r(4), f.r(5), f.r(6))
	h, _ := f.mills(t, f.r(4), f.r(5), f.r(6))
	f.do(fmls, h, t, f.k(float32(1/math.Sqrt(2*math.Pi))))
	f.do(fmul, t, h, e)
}

// cubic sets z = t*(k1 + k3*t*t), low to what it lacks, and s to t*t.
func (f *neon) cubic(t, z, low, s, p, u, w int) {
	k1, k3 := float32(geluK1), float32(geluK3)
	f.do(fmul, s, t, t)
	f.one(fneg, u, s)
	f.do(fmla, u, t, t)
	f.do(fmul, p, s, f.k(k3))
	f.one(fneg, low, p)
	f.do(fmla, low, s, f.k(k3))
	f.do(fmla, low, u, f.k(k3))
	f.do(fmla, low, s, f.k(float32(geluK3-float64(k3))))
	f.do(fadd, low, low, f.k(float32(geluK1-float64(k1))))
	// w = p + k1; the sum of two numbers lacks lo - (w - hi), where lo is the smaller one.
	f.do(fmax, z, p, f.k(k1))
	f.do(fmin, u, p, f.k(k1))
	f.do(fadd, w, p, f.k(k1))
	f.do(fsub, z, w, z)
	f.do(fsub, z, u, z)
	f.do(fadd, low, low, z)
	f.do(fmul, z, t, w)
	f.do(fmul, low, low, t)
	f.one(fneg, u, z)
	f.do(fmla, u, t, w)
	f.do(fadd, low, low, u)
}

// decay turns z into m, e^-(z+low) = m*2^n.
func (f *neon) decay(z, low, n, u, v int) {
	f.one(fneg, z, z)
	f.reduce(z, n)
	f.do(fsub, z, z, low)
	f.expm1(expPoly, z, u, v)
	f.do(fadd, z, z, f.k(1))
}

func (f *neon) geluTanhTail() {
	t, z, low := f.r(1), f.r(2), f.r(3)
	f.cubic(t, z, low, f.r(4), f.r(5), f.r(6), f.r(7))
	f.decay(z, low, f.r(4), f.r(5), f.r(6))
	f.logisticTail(t, z, f.r(4), f.r(5))
}

func (f *neon) geluTanhSlope() {
	t, z, low, s := f.r(2), f.r(3), f.r(4), f.r(5)
	f.cubic(t, z, low, s, f.r(6), f.r(7), f.r(8))
	f.decay(z, low, f.r(6), f.r(7), f.r(8))
	f.do(fmul, s, s, f.k(3*geluK3)) // z' = k1 + 3*k3*t*t
	f.do(fadd, s, s, f.k(geluK1))
	f.do(fmul, s, s, t)
	f.logisticSlope(t, s, z, f.r(6), f.r(7))
}
