package main

import "math"

// split finds x = 2^e*(1+g), -1/4 <= g < 1/2; subnormal numbers first become normal.
func (f *neon) split(x, e, g, t, u int) {
	f.do(fcmgt, t, f.bits(0x00800000), x)
	f.do(fmul, u, x, f.k(1<<23))
	f.move(g, t)
	f.do(bsl, g, u, x)
	f.do(and, t, t, f.k(-23))
	f.do(sub, u, g, f.k(0.75))
	f.right(u, u, 23)
	f.one(scvtf, e, u)
	f.do(fadd, e, e, t)
	f.left(u, u, 23)
	f.do(sub, g, g, u)
	f.do(fsub, g, g, f.k(1))
}

// logOf sets v to the logarithm of 2^e*(1+g) to the base b; e and g weigh alone, with all digits, in the last two steps.
func (f *neon) logOf(b base, e, g, t, u, v int) {
	y, sq := f.poly(logPoly, g, t, u)
	f.do(fmul, sq, g, g)
	f.do(fmul, y, y, g)
	if b.unit == 1 {
		f.do(fmul, v, e, f.k(b.binadeLow))
		f.do(fmla, v, y, sq)
		f.do(fmla, v, sq, f.k(-0.5))
		f.do(fadd, v, v, g)
	} else {
		f.do(fadd, y, y, f.k(-0.5))
		f.do(fmul, v, y, sq)
		f.do(fmul, v, v, f.k(b.unit))
		f.do(fmla, v, g, f.k(b.unitLow))
		if b.binadeLow != 0 {
			f.do(fmla, v, e, f.k(b.binadeLow))
		}
		f.do(fmla, v, g, f.k(b.unit))
	}
	f.do(fmla, v, e, f.k(b.binade))
}

// log is the logarithm to the base b, with NaN below 0 and the poles.
func (f *neon) log(b base) {
	x, g, e, t, u, v := f.r(0), f.r(1), f.r(2), f.r(3), f.r(4), f.r(5)
	f.split(x, e, g, t, u)
	f.logOf(b, e, g, t, u, v)
	inf := f.bits(infBits)
	f.one(least0, t, x)
	f.do(orn, v, v, t)
	f.do(fcmeq, t, x, inf)
	f.do(bit, v, inf, t)
	f.one(equal0, t, x)
	f.one(fneg, u, inf)
	f.do(bit, v, u, t)
	f.move(x, v)
}

// log1p splits 1+x and adds what the sum lacks to the fraction.
func (f *neon) log1p() {
	x, c, g, e, t, u, v := f.r(0), f.r(1), f.r(2), f.r(3), f.r(4), f.r(5), f.r(6)
	sum := f.r(7)
	f.do(fadd, sum, x, f.k(1))
	f.do(fsub, t, sum, f.k(1))
	f.do(fsub, u, sum, t)
	f.do(fsub, u, f.k(1), u) // 1 - (sum-t)
	f.do(fsub, c, x, t)
	f.do(fadd, c, c, u)
	f.split(sum, e, g, t, u)
	f.one(fneg, t, e)
	f.do(fmax, t, t, f.k(-126))
	f.power(t)
	f.do(fmla, g, c, t)
	f.logOf(natural, e, g, t, u, v)
	f.one(least0, t, sum)
	f.do(orn, v, v, t)
	inf := f.bits(infBits)
	f.do(fcmeq, t, x, inf)
	f.do(bit, v, inf, t)
	f.do(fcmeq, t, x, f.k(-1))
	f.one(fneg, u, inf)
	f.do(bit, v, u, t)
	f.do(and, x, x, f.bits(signBit)) // -0 gives -0
	f.do(orr, x, x, v)
}

// power sets n, whole and within the exponents of normal numbers, to 2^n.
func (f *neon) power(n int) {
	f.one(fcvtns, n, n)
	f.left(n, n, 23)
	f.do(add, n, n, f.k(1))
}

// softplus is max(x, 0) + log(1+e), e = e^-|x|: 1+e is 2^0*(1+e), or 2^1*(1+(e-1)/2) for e > 1/2.
func (f *neon) softplus() {
	x, g, e, h, t, u, v := f.r(0), f.r(1), f.r(2), f.r(3), f.r(4), f.r(5), f.r(6)
	f.one(fabs, g, x)
	f.do(fmin, g, g, f.k(110))
	f.one(fneg, g, g)
	f.unscaled(g, e, t, u)
	f.scale(e, t, g)
	f.do(fsub, h, g, f.k(1))
	f.do(fmul, h, h, f.k(0.5))
	f.do(fcmgt, t, g, f.k(0.5))
	f.do(and, e, t, f.k(1))
	f.do(bit, g, h, t)
	f.logOf(natural, e, g, t, u, v)
	f.do(fmax, x, x, f.k(0))
	f.do(fadd, x, x, v)
}

// exp2 is 2^n*e^r with r = (x-n)*ln(2).
func (f *neon) exp2() {
	x, n, t, u := f.r(0), f.r(1), f.r(2), f.r(3)
	f.do(fmin, x, x, f.k(129))
	f.do(fmax, x, x, f.k(-152))
	f.one(frintn, n, x)
	f.do(fsub, x, x, n)
	f.do(fmul, x, x, f.k(float32(math.Ln2)))
	f.expm1(expPoly, x, t, u)
	f.do(fadd, x, x, f.k(1))
	f.scale(n, t, x)
}

// minus1 is e^x - 1 = 2*(2^(n-1)*expm1(r) + (2^(n-1) - 1/2)): 2^n alone may be infinite.
func (f *neon) minus1() {
	x, z, n, t, u := f.r(0), f.r(1), f.r(2), f.r(3), f.r(4)
	f.do(fmin, z, x, f.k(expHi))
	f.do(fmax, z, z, f.k(-20))
	f.reduce(z, n)
	f.expm1(expm1Poly, z, t, u)
	f.do(fsub, n, n, f.k(1))
	f.power(n)
	f.do(fsub, t, n, f.k(0.5))
	f.do(fmla, t, z, n)
	f.do(fadd, t, t, t)
	f.one(fabs, u, x)
	f.do(fcmgt, u, f.k(minusTiny), u)
	f.do(bit, t, x, u)
	f.move(x, t)
}

// mish is x*w/(w+2) with w = e*(e+2), e = e^x; x itself from 20 on. x*e is scaled as a whole, since e may be subnormal.
func (f *neon) mish() {
	x, z, e, n, t, u := f.r(0), f.r(1), f.r(2), f.r(3), f.r(4), f.r(5)
	f.do(fmin, z, x, f.k(20))
	f.do(fmax, z, z, f.k(-110))
	f.move(e, z)
	f.unscaled(e, n, t, u)
	f.do(fmul, z, z, e)
	f.scale(n, t, e, z)
	f.do(fadd, t, e, f.k(2))
	f.do(fmul, z, z, t)
	f.move(u, f.k(2))
	f.do(fmla, u, t, e) // w + 2
	f.do(fdiv, z, z, u)
	f.do(fcmgt, t, x, f.k(20))
	f.do(bit, z, x, t)
	f.do(fmin, x, x, f.k(minusZero)) // NaN at minus infinity
	f.do(fmla, z, x, f.k(0))
	f.move(x, z)
}

// mishGrad is dy times (w + 4*x*e*(e+1)/(w+2))/(w+2).
func (f *neon) mishGrad() {
	dy, x, z, e, n, t, u := f.r(0), f.r(1), f.r(2), f.r(3), f.r(4), f.r(5), f.r(6)
	f.do(fmin, z, x, f.k(20))
	f.do(fmax, z, z, f.k(-110))
	f.move(e, z)
	f.unscaled(e, n, t, u)
	f.scale(n, t, e)
	f.do(fadd, t, e, f.k(1))
	f.do(fmul, z, z, f.k(4))
	f.do(fmul, t, t, e)
	f.do(fmul, t, t, z) // 4*x*e*(e+1)
	f.do(fadd, u, e, f.k(2))
	f.do(fmul, e, e, u) // w
	f.do(fadd, u, e, f.k(2))
	f.do(fdiv, u, f.k(1), u)
	f.do(fmla, e, t, u)
	f.do(fmul, e, e, u)
	f.do(fmla, e, x, f.k(0)) // NaN at the infinities
	f.do(fmul, dy, dy, e)
}

// quarterExp sets q = e^t/4 and v = 1/(16*q), t = min(|x|, 89.5), so that neither is infinite where sinh and cosh are not.
func (f *neon) quarterExp(x, t, q, v, n, u int) {
	f.one(fabs, t, x)
	f.do(fmin, t, t, f.k(89.5))
	f.move(q, t)
	f.unscaled(q, n, u, v)
	f.do(fsub, n, n, f.k(2))
	f.power(n)
	f.do(fmul, q, q, n)
	f.do(fdiv, v, f.k(1./16), q)
}

// sinh is 2*(q - 1/(16*q)), near 0 a polynomial, with the sign of x.
func (f *neon) sinh() {
	x, t, q, v, n, u := f.r(0), f.r(1), f.r(2), f.r(3), f.r(4), f.r(5)
	f.quarterExp(x, t, q, v, n, u)
	f.do(fsub, q, q, v)
	f.do(fadd, q, q, q)
	f.do(fmul, v, t, t)
	p, s := f.poly(sinhPoly, v, n, u)
	f.do(fmul, v, v, t)
	f.move(s, t)
	f.do(fmla, s, v, p) // t + t^3*p
	f.do(fcmgt, v, f.k(1), t)
	f.do(bit, q, s, v)
	f.do(and, x, x, f.bits(signBit))
	f.do(orr, x, x, q)
}

// cosh is 2*(q + 1/(16*q)).
func (f *neon) cosh() {
	x, q, v := f.r(0), f.r(2), f.r(3)
	f.quarterExp(x, f.r(1), q, v, f.r(4), f.r(5))
	f.do(fadd, q, q, v)
	f.do(fadd, x, q, q)
}

// erf is x + x*p(x*x), or the sign of x times 1 - e^q(|x|) farther out.
func (f *neon) erf() {
	x, t, n, u, v, w := f.r(0), f.r(1), f.r(2), f.r(3), f.r(4), f.r(5)
	f.one(fabs, t, x)
	f.do(fmin, t, t, f.k(erfEnd))
	q, spare := f.poly(erfcLog, t, u, v)
	f.reduce(q, n)
	f.expm1(expPoly, q, spare, w)
	f.do(fadd, q, q, f.k(1))
	f.power(n)
	f.move(w, f.k(1))
	f.do(fmls, w, n, q) // 1 - 2^n*e^r
	f.do(fmul, n, x, x)
	p, s := f.poly(erfPoly, n, u, v)
	f.move(n, x)
	f.do(fmla, n, p, x)
	f.right(s, x, 31) // the sign: shifts need no constant, and there is no register for one
	f.left(s, s, 31)
	f.do(orr, w, w, s)
	f.do(fcmgt, t, f.k(erfNear), t)
	f.do(bit, w, n, t)
	f.move(x, w)
}
