package fft_test

import (
	"testing"

	"github.com/fathom-ml/fathom/fft"
	"github.com/fathom-ml/fathom/tensor"
	"github.com/fathom-ml/fathom/tensor/optest/oracle"
)

func TestOracle(t *testing.T) {
	type ts = []*tensor.Tensor
	along := func(f func(x *tensor.Tensor, n, axis int, norm fft.Norm) *tensor.Tensor) oracle.Func {
		return func(c oracle.Case, in ts) *tensor.Tensor { return f(in[0], c.Ints[0], c.Axes[0], fft.Norm(c.Ints[1])) }
	}
	plane := func(f func(x *tensor.Tensor, norm fft.Norm) *tensor.Tensor) oracle.Func {
		return func(c oracle.Case, in ts) *tensor.Tensor { return f(in[0], fft.Norm(c.Ints[1])) }
	}
	all := func(f func(x *tensor.Tensor, norm fft.Norm, axes ...int) *tensor.Tensor) oracle.Func {
		return func(c oracle.Case, in ts) *tensor.Tensor {
			if c.Name == "axes" {
				return f(in[0], fft.Norm(c.Ints[1]), c.Axes...)
			}
			return f(in[0], fft.Norm(c.Ints[1]))
		}
	}
	frequencies := func(f func(n int, d float64) *tensor.Tensor) oracle.Func {
		return func(c oracle.Case, _ ts) *tensor.Tensor { return f(c.Ints[0], c.Floats[0]) }
	}
	shift := func(f func(x *tensor.Tensor, axes ...int) *tensor.Tensor) oracle.Func {
		return func(c oracle.Case, in ts) *tensor.Tensor { return f(in[0], c.Axes...) }
	}
	oracle.Run(t, "testdata/fft.json.gz", map[string]oracle.Func{
		"fft": along(fft.FFT), "ifft": along(fft.IFFT), "rfft": along(fft.RFFT), "irfft": along(fft.IRFFT),
		"fft2": plane(fft.FFT2), "ifft2": plane(fft.IFFT2), "fftn": all(fft.FFTN), "ifftn": all(fft.IFFTN),
		"fftfreq": frequencies(fft.FFTFreq), "rfftfreq": frequencies(fft.RFFTFreq),
		"fftshift": shift(fft.FFTShift), "ifftshift": shift(fft.IFFTShift),
	})
}
