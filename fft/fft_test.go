package fft_test

import (
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/fathom-ml/fathom/fft"
	"github.com/fathom-ml/fathom/tensor"
)

func TestErrors(t *testing.T) {
	x := tensor.Arange(6).Reshape(2, 3)
	y := tensor.Complex(x, x)
	r := x.Clone().RequireGrad()
	for _, c := range []struct {
		f    func()
		want string
	}{
		{func() { fft.FFT(r, 0, -1, fft.Backward) }, "fft: has no gradient: the numbers are complex: [2 3]"},
		{func() { fft.RFFT(r, 0, -1, fft.Backward) }, "rfft: has no gradient"},
		{func() { fft.IRFFT(r, 0, -1, fft.Backward) }, "irfft: has no gradient"},
		{func() { fft.FFT2(r, fft.Backward) }, "fftn: has no gradient"},
		{func() { fft.FFT(x, 0, 2, fft.Backward) }, "fft: axis 2 is out of range for 2 axes: [2 3]"},
		{func() { fft.IFFT(x, -1, 0, fft.Backward) }, "ifft: cannot transform -1 numbers"},
		{func() { fft.FFT(x.Slice(tensor.R(0, 0)), 0, 0, fft.Backward) }, "fft: cannot transform 0 numbers"},
		{func() { fft.IRFFT(y.Slice(tensor.All, tensor.R(0, 1)), 0, 1, fft.Backward) }, "irfft: cannot transform 0 numbers"},
		{func() { fft.RFFT(y, 0, 0, fft.Backward) }, "rfft: wants real numbers, got complex64"},
		{func() { fft.FFTFreq(0, 1) }, "fftfreq: no frequencies of 0 numbers"},
	} {
		var e *tensor.Error
		if err := tensor.Try(c.f); !errors.As(err, &e) || !strings.HasPrefix(e.Error(), c.want) {
			t.Errorf("got  %v\nwant %s", err, c.want)
		}
	}
}

// Transforms and their inverses cancel, for small, prime and large lengths, and keep the energy (Parseval).
func TestRoundTrip(t *testing.T) {
	for _, n := range []int{1, 2, 3, 16, 31, 97, 360, 1009, 4096} {
		d := make([]float64, 2*n)
		for i := range d {
			d[i] = math.Sin(float64(i*i)) + 0.1
		}
		x := tensor.Of(d, 2, n)
		for _, norm := range []fft.Norm{fft.Backward, fft.Ortho, fft.Forward} {
			if y := fft.IRFFT(fft.RFFT(x, 0, -1, norm), n, -1, norm); !tensor.AllClose(y, x, 1e-12, 1e-12) {
				t.Errorf("rfft of length %d does not come back", n)
			}
			if y := fft.IFFTN(fft.FFTN(x, norm), norm); !tensor.AllClose(y.Real(), x, 1e-12, 1e-12) {
				t.Errorf("fftn of length %d does not come back", n)
			}
		}
		a, b := x.Square().Sum().Item(), fft.FFT(x, 0, -1, fft.Ortho).Abs().Square().Sum().Item()
		if math.Abs(a-b) > 1e-11*a {
			t.Errorf("length %d: energy %v became %v", n, a, b)
		}
	}
}

func ExampleFFT() {
	// two waves, with 1 and 3 periods
	t := tensor.Arange(8).MulScalar(2 * math.Pi / 8)
	x := t.Cos().Add(t.MulScalar(3).Cos().MulScalar(0.5))
	y := fft.FFT(x, 0, -1, fft.Forward)
	fmt.Printf("%.2f\n", y.Abs().Float64s())
	fmt.Println(fft.FFTFreq(8, 1.0/8))
	// Output:
	// [0.00 0.50 0.00 0.25 0.00 0.25 0.00 0.50]
	// [ 0.  1.  2.  3. -4. -3. -2. -1.]
}

func ExampleRFFT() {
	x := tensor.Of([]float64{1, 2, 3, 4, 5})
	y := fft.RFFT(x, 0, -1, fft.Backward)
	fmt.Println(y.Shape(), y.DType())
	fmt.Println(fft.IRFFT(y, 5, -1, fft.Backward))
	// Output:
	// [3] complex128
	// [1. 2. 3. 4. 5.]
}

func ExampleFFTShift() {
	fmt.Println(fft.FFTShift(fft.FFTFreq(5, 0.2)))
	// Output: [-2. -1.  0.  1.  2.]
}
