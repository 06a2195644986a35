// Package fft is the discrete Fourier transform along axes of tensors, of any length, with NumPy's and PyTorch's names:
//
//	y[k] = Σⱼ x[j] exp(-2πi jk/n)
//
// The other axes are a batch. Transforms are computed in complex128 and rounded once: results are complex128 (float64) for
// operands of float64 and complex128, complex64 (float32) for all others. They have no gradients: a recorded operand panics.
// The algorithm is gonum's (gonum.org/v1/gonum/dsp/fourier), whose work grows as n log n here for every n.
//
// Transforms take the length n to which the axis is cut or padded with zeros, 0 for its own, the axis, negative from the end, and the
// scale [Norm].
package fft

import (
	"fmt"
	"math"
	"math/bits"
	"math/cmplx"
	"slices"

	"github.com/fathom-ml/fathom/internal/pool"
	"github.com/fathom-ml/fathom/tensor"
	"gonum.org/v1/gonum/dsp/fourier"
)

// Norm says which transform is scaled.
type Norm uint8

// The scales.
const (
	Backward Norm = iota // the inverse by 1/n
	Ortho                // both by 1/√n
	Forward              // the forward transform by 1/n
)

func (p Norm) scale(n int, inverse bool) float64 {
	switch {
	case p == Ortho:
		return 1 / math.Sqrt(float64(n))
	case (p == Backward) == inverse:
		return 1 / float64(n)
	}
	return 1
}

// plan is one transform along an axis.
type plan struct {
	op         string
	x          *tensor.Tensor
	axis       int
	in, n, out int // lengths of the operand that counts, the transform, the result
}

// start checks the arguments; missing is the length if n is 0.
func start(op string, x *tensor.Tensor, n, axis, missing int) plan {
	if x.Recorded() {
		tensor.Misuse(op, "has no gradient: the numbers are complex", "Detach the operand", x)
	}
	if axis < -x.NDim() || axis >= x.NDim() {
		tensor.Misuse(op, fmt.Sprintf("axis %d is out of range for %d axes", axis, x.NDim()), "negative axes count from the end", x)
	}
	if n == 0 {
		n = missing
	}
	if n < 1 {
		tensor.Misuse(op, fmt.Sprintf("cannot transform %d numbers", n), "", x)
	}
	return plan{op, x, axis, n, n, n}
}

// length is that of an axis, 0 if there is none.
func length(x *tensor.Tensor, axis int) int {
	if axis < -x.NDim() || axis >= x.NDim() {
		return 0
	}
	return x.Dim(axis)
}

// run transforms row by row: before makes p.n numbers of the p.in that are read, after makes the result of the p.n numbers.
func run[T float64 | complex128](p plan, norm Norm, inverse bool, before func(row []complex128), after func(dst []T, row []complex128)) *tensor.Tensor {
	x := p.x.Detach().SwapAxes(p.axis, -1)
	shape := x.Shape()
	last := len(shape) - 1
	have, all := shape[last], x.Complex128s()
	shape[last] = p.out
	rows := 1
	for _, d := range shape[:last] {
		rows *= d
	}
	out, scale := make([]T, rows*p.out), complex(norm.scale(p.n, inverse), 0)
	pool.For(rows, 1+(1<<12)/p.n, func(lo, hi int) {
		transform, row := transformer(p.n, inverse), make([]complex128, p.n)
		for i := lo; i < hi; i++ {
			clear(row[copy(row[:p.in], all[i*have:(i+1)*have]):])
			before(row)
			transform(row)
			for j := range row {
				row[j] *= scale
			}
			after(out[i*p.out:(i+1)*p.out], row)
		}
	})
	y := wrap(out, shape)
	if dt := p.x.DType(); dt != tensor.Float64 && dt != tensor.Complex128 {
		single := tensor.Complex64
		if y.DType() == tensor.Float64 {
			single = tensor.Float32
		}
		y = y.AsType(single)
	}
	return y.SwapAxes(p.axis, -1).Contiguous()
}

func wrap[T float64 | complex128](d []T, shape []int) *tensor.Tensor {
	switch d := any(d).(type) {
	case []float64:
		return tensor.Of(d, shape...)
	case []complex128:
		return tensor.Of(d, shape...)
	}
	panic("unreachable")
}

// transformer makes the transform of n numbers in place, not scaled. Gonum's takes n² steps for a prime length: lengths with
// a large prime factor go another way.
func transformer(n int, inverse bool) func(row []complex128) {
	rest := n
	for f := 2; f <= 31; f++ {
		for rest%f == 0 {
			rest /= f
		}
	}
	if rest > 1 {
		return convolved(n, inverse)
	}
	t := fourier.NewCmplxFFT(n)
	if inverse {
		return func(row []complex128) { t.Sequence(row, row) }
	}
	return func(row []complex128) { t.Coefficients(row, row) }
}

// convolved is Bluestein's way: with jk = (j² + k² - (k-j)²)/2 the transform is y[k] = w[k] Σⱼ (x[j] w[j]) / w[k-j],
// w[j] = exp(∓πi j²/n): a convolution, whose length may be a power of two.
func convolved(n int, inverse bool) func(row []complex128) {
	sign := -math.Pi
	if inverse {
		sign = math.Pi
	}
	m := 1 << bits.Len(uint(2*n-2))
	t := fourier.NewCmplxFFT(m)
	w, b, a := make([]complex128, n), make([]complex128, m), make([]complex128, m)
	for j := range w {
		w[j] = cmplx.Rect(1, sign*float64(j*j%(2*n))/float64(n))
		b[j] = cmplx.Conj(w[j])
		b[(m-j)%m] = b[j]
	}
	t.Coefficients(b, b)
	return func(row []complex128) {
		clear(a)
		for j, v := range row {
			a[j] = v * w[j]
		}
		t.Coefficients(a, a)
		for j := range a {
			a[j] *= b[j]
		}
		t.Sequence(a, a)
		for k := range row {
			row[k] = a[k] * w[k] / complex(float64(m), 0)
		}
	}
}

func nothing([]complex128)        {}
func whole(dst, row []complex128) { copy(dst, row) }
func reals(dst []float64, row []complex128) {
	for i := range dst {
		dst[i] = real(row[i])
	}
}

// mirror fills the second half of a row with the conjugates of the first.
func mirror(row []complex128) {
	n := len(row)
	row[0] = complex(real(row[0]), 0)
	if n%2 == 0 {
		row[n/2] = complex(real(row[n/2]), 0)
	}
	for k := 1; 2*k < n; k++ {
		row[n-k] = cmplx.Conj(row[k])
	}
}

// FFT is the transform of real or complex numbers.
func FFT(x *tensor.Tensor, n, axis int, norm Norm) *tensor.Tensor {
	return run(start("fft", x, n, axis, length(x, axis)), norm, false, nothing, whole)
}

// IFFT is the inverse of [FFT].
func IFFT(x *tensor.Tensor, n, axis int, norm Norm) *tensor.Tensor {
	return run(start("ifft", x, n, axis, length(x, axis)), norm, true, nothing, whole)
}

// RFFT is the first n/2+1 numbers of the transform of real numbers; the others are their conjugates.
func RFFT(x *tensor.Tensor, n, axis int, norm Norm) *tensor.Tensor {
	if x.DType().IsComplex() {
		tensor.Misuse("rfft", "wants real numbers, got "+x.DType().String(), "use FFT", x)
	}
	p := start("rfft", x, n, axis, length(x, axis))
	p.out = p.n/2 + 1
	return run(p, norm, false, nothing, whole)
}

// IRFFT is the inverse of [RFFT]: n real numbers of n/2+1 complex ones, of which the first and, for even n, the last count as
// real. n = 0 means 2(m-1) for m numbers: an odd length must be given.
func IRFFT(x *tensor.Tensor, n, axis int, norm Norm) *tensor.Tensor {
	p := start("irfft", x, n, axis, 2*(length(x, axis)-1))
	p.in = p.n/2 + 1
	return run(p, norm, true, mirror, reals)
}

// FFTN is [FFT] along several axes, all if none is given.
func FFTN(x *tensor.Tensor, norm Norm, axes ...int) *tensor.Tensor {
	return several(x, norm, axes, FFT)
}

// IFFTN is the inverse of [FFTN].
func IFFTN(x *tensor.Tensor, norm Norm, axes ...int) *tensor.Tensor {
	return several(x, norm, axes, IFFT)
}

// FFT2 is [FFT] along the last two axes.
func FFT2(x *tensor.Tensor, norm Norm) *tensor.Tensor { return FFTN(x, norm, -2, -1) }

// IFFT2 is the inverse of [FFT2].
func IFFT2(x *tensor.Tensor, norm Norm) *tensor.Tensor { return IFFTN(x, norm, -2, -1) }

func several(x *tensor.Tensor, norm Norm, axes []int, f func(x *tensor.Tensor, n, axis int, norm Norm) *tensor.Tensor) *tensor.Tensor {
	if len(axes) == 0 {
		for i := range x.NDim() {
			axes = append(axes, i)
		}
	}
	if x.Recorded() {
		tensor.Misuse("fftn", "has no gradient: the numbers are complex", "Detach the operand", x)
	}
	y, dt := x.AsType(tensor.Complex128), x.DType() // rounded once, at the end
	for _, a := range slices.Backward(axes) {
		y = f(y, 0, a, norm)
	}
	if dt != tensor.Float64 && dt != tensor.Complex128 {
		y = y.AsType(tensor.Complex64)
	}
	return y
}

// FFTFreq is the frequencies of [FFT]'s n numbers for samples d apart, float32: [0, 1, ..., -2, -1] / (n d).
func FFTFreq(n int, d float64) *tensor.Tensor {
	return frequencies("fftfreq", n, n, d, func(i int) int {
		if i < (n+1)/2 {
			return i
		}
		return i - n
	})
}

// RFFTFreq is the frequencies of [RFFT]'s n/2+1 numbers for samples d apart, float32: [0, 1, ..., n/2] / (n d).
func RFFTFreq(n int, d float64) *tensor.Tensor {
	return frequencies("rfftfreq", n, n/2+1, d, func(i int) int { return i })
}

func frequencies(op string, n, count int, d float64, at func(i int) int) *tensor.Tensor {
	if n < 1 {
		tensor.Misuse(op, fmt.Sprintf("no frequencies of %d numbers", n), "")
	}
	f := make([]float32, count)
	for i := range f {
		f[i] = float32(float64(at(i)) / (float64(n) * d))
	}
	return tensor.Of(f)
}

// FFTShift moves frequency 0 to the middle of the given axes, of all if none is given. Gradients flow through it.
func FFTShift(x *tensor.Tensor, axes ...int) *tensor.Tensor {
	return shift(x, axes, func(n int) int { return (n + 1) / 2 })
}

// IFFTShift is the inverse of [FFTShift], which differs for odd lengths.
func IFFTShift(x *tensor.Tensor, axes ...int) *tensor.Tensor {
	return shift(x, axes, func(n int) int { return n / 2 })
}

// shift lets each axis begin at the given position.
func shift(x *tensor.Tensor, axes []int, from func(n int) int) *tensor.Tensor {
	if len(axes) == 0 {
		for i := range x.NDim() {
			axes = append(axes, i)
		}
	}
	for _, a := range axes {
		n := x.Dim(a)
		k := from(n)
		x = tensor.Concat(a, x.Narrow(a, k, n-k), x.Narrow(a, 0, k))
	}
	return x
}
