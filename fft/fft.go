// Package fft is the discrete Fourier transform along axes of tensors, of any length, with NumPy's and PyTorch's names:
//
//	y[k] = Σⱼ x[j] exp(-2πi jk/n)
//
// The other axes are a batch. Transforms are computed in complex128 and rounded once: results are complex128 (float64) for
// operands of float64 and complex128, complex64 (float32) for all others. They have no gradients: a recorded operand panics.
// The algorithm is gonum's (gonum.org/v1/gonum/dsp/fourier).
//
// Transforms take the length n to which the axis is cut or padded with zeros, 0 for its own, the axis, negative from the end, and the
// scale [Norm].
package fft

import (
	"fmt"
	"math"
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

// run transforms row by row: read gives all numbers of the operand, make a function for one row.
func run[A, B float64 | complex128](p plan, read func(x *tensor.Tensor) []A, maker func() func(dst []B, src []A)) *tensor.Tensor {
	x := p.x.Detach().SwapAxes(p.axis, -1)
	shape := x.Shape()
	last := len(shape) - 1
	have, all := shape[last], read(x)
	shape[last] = p.out
	rows := 1
	for _, d := range shape[:last] {
		rows *= d
	}
	out := make([]B, rows*p.out)
	pool.For(rows, 1+(1<<12)/p.n, func(lo, hi int) {
		f, src := maker(), make([]A, p.in)
		for i := lo; i < hi; i++ {
			clear(src[copy(src, all[i*have:(i+1)*have]):])
			f(out[i*p.out:(i+1)*p.out], src)
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

func wrap[B float64 | complex128](d []B, shape []int) *tensor.Tensor {
	switch d := any(d).(type) {
	case []float64:
		return tensor.Of(d, shape...)
	case []complex128:
		return tensor.Of(d, shape...)
	}
	panic("unreachable")
}

func scaled[B float64 | complex128](d []B, v B) {
	for i := range d {
		d[i] *= v
	}
}

func whole(p plan, norm Norm, inverse bool) *tensor.Tensor {
	s := complex(norm.scale(p.n, inverse), 0)
	return run(p, (*tensor.Tensor).Complex128s, func() func(dst, src []complex128) {
		t := fourier.NewCmplxFFT(p.n)
		return func(dst, src []complex128) {
			if inverse {
				t.Sequence(dst, src)
			} else {
				t.Coefficients(dst, src)
			}
			scaled(dst, s)
		}
	})
}

// FFT is the transform of real or complex numbers.
func FFT(x *tensor.Tensor, n, axis int, norm Norm) *tensor.Tensor {
	return whole(start("fft", x, n, axis, length(x, axis)), norm, false)
}

// IFFT is the inverse of [FFT].
func IFFT(x *tensor.Tensor, n, axis int, norm Norm) *tensor.Tensor {
	return whole(start("ifft", x, n, axis, length(x, axis)), norm, true)
}

// RFFT is the first n/2+1 numbers of the transform of real numbers; the others are their conjugates.
func RFFT(x *tensor.Tensor, n, axis int, norm Norm) *tensor.Tensor {
	if x.DType().IsComplex() {
		tensor.Misuse("rfft", "wants real numbers, got "+x.DType().String(), "use FFT", x)
	}
	p := start("rfft", x, n, axis, length(x, axis))
	p.out = p.n/2 + 1
	s := complex(norm.scale(p.n, false), 0)
	return run(p, (*tensor.Tensor).Float64s, func() func(dst []complex128, src []float64) {
		t := fourier.NewFFT(p.n)
		return func(dst []complex128, src []float64) {
			t.Coefficients(dst, src)
			scaled(dst, s)
		}
	})
}

// IRFFT is the inverse of [RFFT]: n real numbers of n/2+1 complex ones. n = 0 means 2(m-1) for m numbers: an odd length must be
// given.
func IRFFT(x *tensor.Tensor, n, axis int, norm Norm) *tensor.Tensor {
	p := start("irfft", x, n, axis, 2*(length(x, axis)-1))
	p.in = p.n/2 + 1
	s := norm.scale(p.n, true)
	return run(p, (*tensor.Tensor).Complex128s, func() func(dst []float64, src []complex128) {
		t := fourier.NewFFT(p.n)
		return func(dst []float64, src []complex128) {
			t.Sequence(dst, src)
			scaled(dst, s)
		}
	})
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
