//go:build amd64 && !noasm

package chanconv

import (
	"math"
	"math/rand/v2"
	"testing"
)

// TestWinogradError holds the errors of Winograd's convolution, in units of the root mean square of the result, to what its
// doc comment says.
func TestWinogradError(t *testing.T) {
	levels(t, func(t *testing.T) {
		rng := rand.New(rand.NewPCG(3, 1))
		s := shape(2, 1, 64, 20, 20, 32, 3, 3, 1, 1, 1)
		if !s.winograd() {
			t.Skip("there are more workers than images")
		}
		ny, nx, nw := s.sizes()
		x, w := guarded(rng, nx), guarded(rng, nw)
		want := make([]float64, ny)
		each(s, func(i, j, k int) { want[i] += float64(x[j]) * float64(w[k]) })
		errors := func(f func(y []float32)) (largest, mean float64) {
			y := guarded(rng, ny)
			f(y)
			var size, sum float64
			for i, v := range want {
				d := float64(y[i]) - v
				size, sum, largest = size+v*v, sum+d*d, max(largest, math.Abs(d))
			}
			return largest / math.Sqrt(size/float64(ny)), math.Sqrt(sum / size)
		}
		k := active()
		l, m := errors(func(y []float32) { s.winogradForward(k, y, x, w, nil, none) })
		dl, dm := errors(func(y []float32) { s.tapsForward(k, y, x, w, nil, none) })
		t.Logf("largest %.2g, mean %.2g; of sums of products %.2g, %.2g", l, m, dl, dm)
		if l > 4.5e-6 || m > 7e-7 || l > 6*dl || m > 4*dm {
			t.Errorf("errors %.2g, %.2g; of sums of products %.2g, %.2g", l, m, dl, dm)
		}
	})
}
