package direct

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/fathom-ml/fathom/internal/kernel/simd"
)

// levels runs f at every level of kernels.
func levels(t *testing.T, f func(t *testing.T)) {
	old := simd.Active
	defer func() { simd.Active = old }()
	for _, l := range simd.Levels() {
		simd.Active = l
		t.Run(l.String(), f)
	}
}

func numbers(r *rand.Rand, n int) []float32 {
	x := make([]float32, n)
	for i := range x {
		x[i] = float32(r.NormFloat64())
	}
	return x
}

func near(t *testing.T, what string, got, want []float32) {
	t.Helper()
	for i, v := range got {
		if math.Abs(float64(v-want[i])) > 1e-4*max(1, math.Abs(float64(want[i]))) {
			t.Fatalf("%s: element %d is %v, want %v", what, i, v, want[i])
		}
	}
}

// TestPixels holds every pixel kernel to the plain loop.
func TestPixels(t *testing.T) {
	levels(t, func(t *testing.T) {
		r := rand.New(rand.NewPCG(1, 2))
		s := active()
		for v := range 2 {
			for i, kernel := range s.pixels[v] {
				for _, k := range []int{1, 2, 4, 7, 25} {
					last, acc := 1+r.IntN(s.lanes), r.IntN(2)
					n := v*s.lanes + last
					a, b := numbers(r, k*(i+1)), numbers(r, 300)
					tab := make([]int64, k)
					for l := range tab {
						tab[l] = int64(4 * r.IntN(200))
					}
					crs := 40
					got := numbers(r, (i+1)*crs)
					want := append([]float32(nil), got...)
					for row := range i + 1 {
						for j := range n {
							sum := want[row*crs+j] * float32(acc)
							for l := range k {
								sum += a[l*(i+1)+row] * b[int(tab[l])/4+j]
							}
							want[row*crs+j] = sum
						}
					}
					kernel(k, &a[0], &b[0], &tab[0], &got[0], 4*crs, last, acc)
					near(t, fmt.Sprintf("pixels %d x %d, k %d", i+1, v+1, k), got, want)
				}
			}
		}
	})
}

// TestTaps holds every tap kernel to the plain loop.
func TestTaps(t *testing.T) {
	levels(t, func(t *testing.T) {
		r := rand.New(rand.NewPCG(1, 2))
		s := active()
		for i, kernel := range s.taps {
			for _, vectors := range []int{1, 2, 5} {
				n := vectors * s.lanes
				a, b := numbers(r, (i+1)*(n+3)), numbers(r, 200+n)
				tab := []int64{0, 4, 4 * 100, 4 * 199}
				got := numbers(r, (i+1)*6)
				want := append([]float32(nil), got...)
				for row := range i + 1 {
					for j, o := range tab {
						for l := range n {
							want[row*6+j] += a[row*(n+3)+l] * b[int(o)/4+l]
						}
					}
				}
				kernel(vectors, &a[0], 4*(n+3), &b[0], &tab[0], &got[0], 24)
				near(t, fmt.Sprintf("taps %d, %d vectors", i+1, vectors), got, want)
			}
		}
	})
}

// TestShapes compares the three passes with the definition, for random shapes.
func TestShapes(t *testing.T) {
	levels(t, func(t *testing.T) {
		r := rand.New(rand.NewPCG(3, 4))
		for range 60 {
			g := 1 + r.IntN(3)*r.IntN(2)
			s := Shape{
				N: 1 + r.IntN(5), C: g * (1 + r.IntN(4)), H: 1 + r.IntN(14), W: 1 + r.IntN(40),
				O: g * (1 + r.IntN(15)), KH: 1 + r.IntN(4), KW: 1 + r.IntN(5), Groups: g,
				StrideH: 1 + r.IntN(3), StrideW: 1 + r.IntN(3), PadH: r.IntN(4), PadW: r.IntN(4),
				DilationH: 1 + r.IntN(2), DilationW: 1 + r.IntN(3),
			}
			s.OH = (s.H+2*s.PadH-(s.KH-1)*s.DilationH-1)/s.StrideH + 1
			s.OW = (s.W+2*s.PadW-(s.KW-1)*s.DilationW-1)/s.StrideW + 1
			if s.H+2*s.PadH < (s.KH-1)*s.DilationH+1 || s.W+2*s.PadW < (s.KW-1)*s.DilationW+1 {
				continue
			}
			shapeCase(t, r, s)
		}
	})
}

func shapeCase(t *testing.T, r *rand.Rand, s Shape) {
	t.Helper()
	ci, co := s.C/s.Groups, s.O/s.Groups
	x, w := numbers(r, s.N*s.C*s.H*s.W), numbers(r, s.O*ci*s.KH*s.KW)
	dy := numbers(r, s.N*s.O*s.OH*s.OW)
	y, dx, dw := make([]float32, len(dy)), make([]float32, len(x)), make([]float32, len(w))
	wantY, wantX, wantW := make([]float32, len(dy)), make([]float32, len(x)), make([]float32, len(w))
	for i := range y {
		n, o, oy, ox := i/(s.O*s.OH*s.OW), i/(s.OH*s.OW)%s.O, i/s.OW%s.OH, i%s.OW
		for j := range ci * s.KH * s.KW {
			q, ky, kx := j/(s.KH*s.KW), j/s.KW%s.KH, j%s.KW
			iy, ix := oy*s.StrideH-s.PadH+ky*s.DilationH, ox*s.StrideW-s.PadW+kx*s.DilationW
			if iy < 0 || iy >= s.H || ix < 0 || ix >= s.W {
				continue
			}
			xi, wi := ((n*s.C+o/co*ci+q)*s.H+iy)*s.W+ix, o*ci*s.KH*s.KW+j
			wantY[i] += x[xi] * w[wi]
			wantX[xi] += dy[i] * w[wi]
			wantW[wi] += dy[i] * x[xi]
		}
	}
	Forward(s, y, x, w, nil)
	near(t, fmt.Sprintf("forward %+v", s), y, wantY)
	if s.StrideH == 1 && s.StrideW == 1 {
		GradX(s, dx, dy, w)
		near(t, fmt.Sprintf("gradient of x %+v", s), dx, wantX)
	}
	GradW(s, dw, dy, x)
	near(t, fmt.Sprintf("gradient of w %+v", s), dw, wantW)
}
