package fft_test

import (
	"testing"

	"github.com/fathom-ml/fathom/fft"
	"github.com/fathom-ml/fathom/tensor"
	"github.com/fathom-ml/fathom/tensor/optest/oracle"
)

func norm(c oracle.Call) fft.Norm {
	switch c.Str(-1, "norm") {
	case "ortho":
		return fft.Ortho
	case "forward":
		return fft.Forward
	}
	return fft.Backward
}

// TestOpInfo holds the transforms against PyTorch's samples of its own.
func TestOpInfo(t *testing.T) {
	single := func(f func(x *tensor.Tensor, n, axis int, norm fft.Norm) *tensor.Tensor) oracle.CallFunc {
		return func(c oracle.Call) []*tensor.Tensor {
			return []*tensor.Tensor{f(c.X(), c.Int(1, "n", 0), c.Int(2, "dim", -1), norm(c))}
		}
	}
	several := func(f func(x *tensor.Tensor, norm fft.Norm, axes ...int) *tensor.Tensor) oracle.CallFunc {
		return func(c oracle.Call) []*tensor.Tensor {
			return []*tensor.Tensor{f(c.X(), norm(c), c.Ints(2, "dim")...)}
		}
	}
	shift := func(f func(x *tensor.Tensor, axes ...int) *tensor.Tensor) oracle.CallFunc {
		return func(c oracle.Call) []*tensor.Tensor { return []*tensor.Tensor{f(c.X(), c.Ints(1, "dim")...)} }
	}
	oracle.RunCalls(t, "testdata/opinfo.json.gz", map[string]oracle.CallFunc{
		"fft.fft":       single(fft.FFT),
		"fft.ifft":      single(fft.IFFT),
		"fft.rfft":      single(fft.RFFT),
		"fft.irfft":     single(fft.IRFFT),
		"fft.fftn":      several(fft.FFTN),
		"fft.ifftn":     several(fft.IFFTN),
		"fft.fftshift":  shift(fft.FFTShift),
		"fft.ifftshift": shift(fft.IFFTShift),
	})
}
