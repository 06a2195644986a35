package tensor

import (
	"math"
	"slices"
)

// parts is a handle on the real (k = 0) or imaginary (k = 1) parts of complex numbers.
func (x *Tensor) parts(op string, k int) *Tensor {
	if !x.dt.IsComplex() {
		Misuse(op, "wants complex numbers, got "+x.dt.String(), "", x)
	}
	y := x.alias()
	y.dt, y.off = Float32, 2*x.off+k
	if x.dt == Complex128 {
		y.dt = Float64
	}
	for i := range y.strides {
		y.strides[i] *= 2
	}
	return y
}

// Real is a view of the real parts of complex numbers; of real numbers it is x itself.
func (x *Tensor) Real() *Tensor {
	if !x.dt.IsComplex() {
		return x
	}
	return x.parts("real", 0)
}

// Imag is a view of the imaginary parts of complex numbers. It panics if x is not complex.
func (x *Tensor) Imag() *Tensor { return x.parts("imag", 1) }

// Conj returns the complex conjugate; of real numbers it is x itself.
func (x *Tensor) Conj() *Tensor {
	if !x.dt.IsComplex() {
		return x
	}
	y := x.Clone()
	y.Imag().CopyFrom(x.Imag().Neg())
	return y
}

// Angle returns the angle of complex numbers, from -π to π; of real ones 0, or π if they are negative. It has no gradient.
func (x *Tensor) Angle() *Tensor {
	if x.dt.IsComplex() {
		return x.Imag().Atan2(x.Real())
	}
	x = x.floats().Detach()
	return Where(x.IsNaN(), x, x.LtScalar(0).AsType(x.dt).MulScalar(math.Pi))
}

// Complex makes complex numbers of real and imaginary parts: complex128 of float64, else complex64. The shapes broadcast;
// complex numbers have no gradients, so recorded parts panic.
func Complex(re, im *Tensor) *Tensor {
	shape, ok := broadcastShapes(re.shape, im.shape)
	switch {
	case !ok:
		Misuse("complex", "shapes do not broadcast", "", re, im)
	case re.Recorded() || im.Recorded():
		Misuse("complex", "complex numbers have no gradients", "Detach the parts", re, im)
	}
	dt := Complex64
	if re.dt == Float64 || im.dt == Float64 {
		dt = Complex128
	}
	y := ZerosOf(dt, shape...)
	y.Real().CopyFrom(re)
	y.Imag().CopyFrom(im)
	return y
}

// Complex128s returns the elements in row-major order as complex128, a copy.
func (x *Tensor) Complex128s() []complex128 {
	return slices.Clone(raw[complex128](x.Detach().AsType(Complex128).Contiguous()))
}

// byParts computes a function that is linear in both operands' parts, such as a matrix product.
func byParts(f func(x, y *Tensor) *Tensor, x, y *Tensor) *Tensor {
	dt := PromoteTypes(x.dt, y.dt)
	x, y = x.AsType(dt), y.AsType(dt)
	a, b, c, d := x.Real(), x.Imag(), y.Real(), y.Imag()
	return Complex(f(a, c).Sub(f(b, d)), f(a, d).Add(f(b, c)))
}
