package direct

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/fathom-ml/fathom/internal/kernel/guard"
)

// depthShapes calls f with random depthwise convolutions.
func depthShapes(t *testing.T, f func(r *rand.Rand, s Shape)) {
	r := rand.New(rand.NewPCG(5, 6))
	for range 100 {
		g := 1 + r.IntN(4)
		s := Shape{
			N: 1 + r.IntN(3), C: g, O: g, Groups: g, H: 1 + r.IntN(14), W: 1 + r.IntN(150),
			KH: 1 + r.IntN(4), KW: 1 + r.IntN(5), StrideH: 1, StrideW: 1, PadH: r.IntN(5), PadW: r.IntN(7),
			DilationH: 1 + r.IntN(3), DilationW: 1 + r.IntN(3),
		}
		s.OH, s.OW = s.H+2*s.PadH-(s.KH-1)*s.DilationH, s.W+2*s.PadW-(s.KW-1)*s.DilationW
		if s.OH > 0 && s.OW > 0 {
			f(r, s)
		}
	}
}

// TestDepthwise compares the three passes with the definition.
func TestDepthwise(t *testing.T) {
	levels(t, func(t *testing.T) {
		depthShapes(t, func(r *rand.Rand, s Shape) { shapeCase(t, r, s) })
	})
}

// TestDepthwiseGuard convolves planes at either side of a page that cannot be touched.
func TestDepthwiseGuard(t *testing.T) {
	levels(t, func(t *testing.T) {
		shapes := 0
		depthShapes(t, func(r *rand.Rand, s Shape) {
			if shapes++; shapes > 30 {
				return
			}
			for _, before := range []bool{true, false} {
				floats := func(n int) []float32 { return guard.Floats(t, n, before) }
				y, x, w := floats(s.N*s.O*s.OH*s.OW), floats(s.N*s.C*s.H*s.W), floats(s.O*s.KH*s.KW)
				Forward(s, y, x, w, nil)
				GradX(s, x, y, w)
				GradW(s, w, y, x)
			}
		})
	})
}

// TestDepthwiseInfinite wants an infinity in dy to stay away from the taps that it meets outside of the image.
func TestDepthwiseInfinite(t *testing.T) {
	levels(t, func(t *testing.T) {
		s := Shape{N: 1, C: 1, O: 1, Groups: 1, H: 4, W: 40, OH: 4, OW: 40, KH: 3, KW: 3, StrideH: 1, StrideW: 1,
			PadH: 1, PadW: 1, DilationH: 1, DilationW: 1}
		x, dy, dw := make([]float32, 160), make([]float32, 160), make([]float32, 9)
		for i := range x {
			x[i] = 1
		}
		dy[0] = float32(math.Inf(1))
		GradW(s, dw, dy, x)
		for i, v := range dw {
			if want := i/3 > 0 && i%3 > 0; math.IsInf(float64(v), 1) != want || !want && v != 0 {
				t.Errorf("tap %d is %v", i, v)
			}
		}
	})
}
