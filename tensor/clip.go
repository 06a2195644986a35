package tensor

import "math"

// Clip returns x with what is below lo set to lo and then what is above hi set to hi; an infinite bound, or NaN,
// is none. NaN stays. The derivative is 1 inside and on the bounds, else 0.
func (x *Tensor) Clip(lo, hi float64) *Tensor {
	y := x
	if !math.IsInf(lo, -1) {
		y = y.scalarHome(lo)
		y = Where(y.LtScalar(lo), y.like(lo), y)
	}
	if !math.IsInf(hi, 1) {
		y = y.scalarHome(hi)
		y = Where(y.GtScalar(hi), y.like(hi), y)
	}
	return y.apart(x)
}

// ClipTensor is Clip between bounds that are tensors, broadcast; nil is no bound. A bound gets the gradient of what was set to it.
func (x *Tensor) ClipTensor(lo, hi *Tensor) *Tensor {
	y := x
	if lo != nil {
		y = Where(y.Lt(lo), lo, y)
	}
	if hi != nil {
		y = Where(y.Gt(hi), hi, y)
	}
	return y.apart(x)
}

// NanToNum replaces NaN, Inf and -Inf by the given numbers, in this order; the default is 0, the largest and the smallest finite
// number. What is replaced gets no gradient.
func (x *Tensor) NanToNum(by ...float64) *Tensor {
	if kindOf(x.dt) <= kindInt {
		return x.Clone()
	}
	largest := math.MaxFloat64
	switch x.dt {
	case Float32:
		largest = math.MaxFloat32
	case Float16:
		largest = 65504
	case BFloat16:
		largest = 0x1.fep127
	}
	v := []float64{0, largest, -largest}
	if copy(v, by) < len(by) {
		Misuse("nanToNum", "more than three numbers", "", x)
	}
	y := Where(x.IsNaN(), x.like(v[0]), x)
	y = Where(x.EqScalar(math.Inf(1)), x.like(v[1]), y)
	return Where(x.EqScalar(math.Inf(-1)), x.like(v[2]), y)
}

// IsNaN says which elements are not a number, as bools.
func (x *Tensor) IsNaN() *Tensor { return x.Ne(x) }

// IsInf says which elements are Inf or -Inf; of complex numbers, those with an infinite part.
func (x *Tensor) IsInf() *Tensor {
	if x.dt.IsComplex() {
		return x.Real().IsInf().LogicalOr(x.Imag().IsInf())
	}
	return x.EqScalar(math.Inf(1)).LogicalOr(x.EqScalar(math.Inf(-1)))
}

// IsFinite says which elements are neither infinite nor NaN.
func (x *Tensor) IsFinite() *Tensor { return x.IsNaN().LogicalOr(x.IsInf()).LogicalNot() }

// SignBit says which elements are negative, -0 among them.
func (x *Tensor) SignBit() *Tensor {
	if kindOf(x.dt) <= kindInt {
		return x.LtScalar(0)
	}
	return x.like(1).CopySign(x.Detach()).LtScalar(0)
}
