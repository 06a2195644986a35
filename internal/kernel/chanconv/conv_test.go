package chanconv

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/fathom-ml/fathom/internal/kernel/simd"
)

// shape is a convolution of square images, with its output size.
func shape(n, groups, ci, h, w, co, kh, kw, stride, pad, dilation int) Shape {
	return Shape{N: n, Groups: groups, CI: ci, H: h, W: w, CO: co, KH: kh, KW: kw,
		OH: (h+2*pad-dilation*(kh-1)-1)/stride + 1, OW: (w+2*pad-dilation*(kw-1)-1)/stride + 1,
		StrideH: stride, StrideW: stride, PadH: pad, PadW: pad, DilationH: dilation, DilationW: dilation}
}

var shapes = []Shape{
	shape(1, 1, 1, 3, 3, 1, 2, 2, 1, 0, 1), // d2l 6.2
	shape(5, 1, 1, 28, 28, 6, 5, 5, 1, 2, 1),
	shape(5, 1, 6, 14, 14, 16, 5, 5, 1, 0, 1),
	shape(2, 1, 3, 9, 13, 5, 3, 3, 2, 1, 1),
	shape(3, 1, 7, 8, 8, 40, 3, 3, 1, 1, 1),
	shape(2, 1, 2, 12, 12, 37, 3, 3, 2, 1, 1),
	shape(2, 2, 4, 9, 9, 3, 3, 3, 1, 1, 1),
	shape(2, 3, 2, 7, 7, 17, 2, 2, 1, 0, 1),
	shape(1, 1, 2, 15, 40, 4, 3, 3, 1, 2, 2),
	shape(1, 1, 3, 30, 30, 20, 13, 14, 1, 3, 1),
	shape(2, 1, 40, 5, 5, 20, 1, 1, 1, 0, 1),
	shape(2, 1, 3, 2, 2, 4, 3, 3, 1, 1, 1),
	shape(1, 1, 4, 1, 1, 33, 1, 1, 1, 0, 1),
	shape(1, 1, 460, 3, 3, 12, 3, 3, 1, 1, 1), // more taps than one call takes
	shape(1, 1, 1, 46, 45, 12, 2, 1, 1, 0, 1), // more pixels than one call packs
	shape(1, 1, 1, 45, 46, 12, 1, 1, 1, 0, 1),
	shape(2, 1, 20, 7, 7, 12, 3, 3, 1, 1, 1),
	shape(3, 2, 13, 6, 6, 19, 2, 2, 1, 1, 1),
	shape(1, 1, 14, 6, 6, 14, 1, 1, 1, 1, 1),   // more padding than taps
	shape(2, 1, 16, 17, 24, 40, 3, 3, 1, 1, 1), // Winograd from here
	shape(3, 1, 19, 13, 18, 16, 3, 3, 1, 0, 1),
	shape(2, 1, 18, 18, 19, 20, 3, 3, 1, 2, 1),
	shape(17, 1, 16, 8, 7, 35, 3, 3, 1, 1, 1),
	shape(36, 1, 16, 4, 4, 17, 3, 3, 1, 1, 1),
	shape(8, 1, 150, 3, 3, 40, 3, 3, 1, 1, 1),
	shape(9, 1, 17, 7, 5, 37, 3, 3, 2, 1, 1),
	shape(8, 1, 33, 5, 6, 16, 1, 1, 2, 0, 1),
	shape(10, 1, 16, 8, 8, 50, 3, 2, 3, 2, 2),
	shape(8, 1, 20, 9, 9, 64, 3, 3, 2, 1, 1),
	shape(8, 1, 16, 1, 1, 16, 3, 3, 1, 1, 1),
	shape(2, 1, 20, 23, 25, 17, 3, 3, 2, 1, 1), // long rows with strides
	shape(1, 1, 16, 20, 31, 33, 5, 2, 3, 2, 2),
	shape(3, 1, 17, 9, 17, 20, 1, 1, 2, 0, 1),
}

func init() {
	s := shape(2, 1, 3, 6, 9, 18, 2, 3, 1, 0, 1) // nothing equal in height and width
	s.PadH, s.PadW, s.StrideW, s.DilationH = 2, 1, 2, 3
	s.OH, s.OW = (s.H+2*s.PadH-s.DilationH*(s.KH-1)-1)+1, (s.W+2*s.PadW-(s.KW-1)-1)/2+1
	shapes = append(shapes, s)
}

func levels(t *testing.T, f func(t *testing.T)) {
	defer func(l simd.Level) { simd.Active = l }(simd.Active)
	for _, l := range simd.Levels()[1:] {
		if l == simd.NEON {
			continue // no routines here
		}
		simd.Active = l
		t.Run(l.String(), f)
	}
}

const canary = -777.25

// guarded is n random numbers between canaries.
func guarded(rng *rand.Rand, n int) []float32 {
	b := make([]float32, n+64)
	for i := range b {
		b[i] = canary
	}
	x := b[32 : 32+n]
	for i := range x {
		x[i] = float32(rng.NormFloat64())
	}
	return x
}

func intact(t *testing.T, x []float32) {
	t.Helper()
	for _, v := range x[len(x) : len(x)+32] {
		if v != canary {
			t.Fatal("written beyond the end")
		}
	}
}

// each calls f for every product of a convolution: indices in y, x and w.
func each(s Shape, f func(y, x, w int)) {
	for n := range s.N {
		for g := range s.Groups {
			for o := range s.CO {
				for oy := range s.OH {
					for ox := range s.OW {
						y := (((n*s.Groups+g)*s.CO+o)*s.OH+oy)*s.OW + ox
						for q := range s.CI {
							for ky := range s.KH {
								for kx := range s.KW {
									iy, ix := oy*s.StrideH-s.PadH+ky*s.DilationH, ox*s.StrideW-s.PadW+kx*s.DilationW
									if iy >= 0 && iy < s.H && ix >= 0 && ix < s.W {
										f(y, (((n*s.Groups+g)*s.CI+q)*s.H+iy)*s.W+ix, (((g*s.CO+o)*s.CI+q)*s.KH+ky)*s.KW+kx)
									}
								}
							}
						}
					}
				}
			}
		}
	}
}

func (s Shape) sizes() (y, x, w int) {
	return s.N * s.Groups * s.CO * s.OH * s.OW, s.N * s.Groups * s.CI * s.H * s.W, s.Groups * s.CO * s.taps()
}

func compare(t *testing.T, what string, got []float32, want, size []float64) {
	t.Helper()
	intact(t, got)
	for i, v := range got {
		if !(math.Abs(float64(v)-want[i]) <= 4e-6*(size[i]+1)) {
			t.Fatalf("%s: element %d is %g, want %g", what, i, v, want[i])
		}
	}
}

func TestForward(t *testing.T) {
	levels(t, func(t *testing.T) {
		rng := rand.New(rand.NewPCG(1, 1))
		for _, s := range shapes {
			for act := none; act <= tanh; act++ {
				ny, nx, nw := s.sizes()
				y, x, w := guarded(rng, ny), guarded(rng, nx), guarded(rng, nw)
				bias := guarded(rng, s.Groups*s.CO)
				if act == none {
					bias = nil
				}
				if done := Forward(s, y, x, w, bias, act); done != (s.CO >= minChannels) {
					t.Fatalf("%+v done: %v", s, done)
				} else if !done {
					continue
				}
				want, size := make([]float64, ny), make([]float64, ny)
				each(s, func(i, j, k int) {
					p := float64(x[j]) * float64(w[k])
					want[i] += p
					size[i] += math.Abs(p)
				})
				for i := range want {
					if bias != nil {
						want[i] += float64(bias[i/(s.OH*s.OW)%(s.Groups*s.CO)])
					}
					switch act {
					case relu:
						want[i] = max(want[i], 0)
					case sigmoid:
						want[i] = 1 / (1 + math.Exp(-want[i]))
					case tanh:
						want[i] = math.Tanh(want[i])
					}
				}
				compare(t, fmt.Sprintf("%+v, activation %d", s, act), y, want, size)
			}
		}
	})
}

func TestGradients(t *testing.T) {
	levels(t, func(t *testing.T) {
		rng := rand.New(rand.NewPCG(1, 2))
		for _, s := range shapes {
			ny, nx, nw := s.sizes()
			dy, x, w := guarded(rng, ny), guarded(rng, nx), guarded(rng, nw)
			dx, dw := guarded(rng, nx), guarded(rng, nw)
			wantX, sizeX := make([]float64, nx), make([]float64, nx)
			wantW, sizeW := make([]float64, nw), make([]float64, nw)
			each(s, func(i, j, k int) {
				p, q := float64(dy[i])*float64(w[k]), float64(dy[i])*float64(x[j])
				wantX[j] += p
				sizeX[j] += math.Abs(p)
				wantW[k] += q
				sizeW[k] += math.Abs(q)
			})
			if done := GradX(s, dx, dy, w); done {
				compare(t, fmt.Sprintf("dx of %+v", s), dx, wantX, sizeX)
			} else if s.StrideH == 1 && s.PadH < s.KH && s.CI >= minChannels {
				t.Errorf("dx of %+v not done", s)
			}
			if done := GradW(s, dw, dy, x); done {
				compare(t, fmt.Sprintf("dw of %+v", s), dw, wantW, sizeW)
			} else if s.CO >= minChannels {
				t.Errorf("dw of %+v not done", s)
			}
		}
	})
}

func BenchmarkConv(b *testing.B) {
	rng := rand.New(rand.NewPCG(1, 3))
	for _, c := range []struct {
		name string
		s    Shape
	}{
		{"512x3", shape(32, 1, 512, 3, 3, 512, 3, 3, 1, 1, 1)},
		{"64x24to128", shape(32, 1, 64, 24, 24, 128, 3, 3, 2, 1, 1)},
		{"LeNet2", shape(256, 1, 6, 14, 14, 16, 5, 5, 1, 0, 1)},
		{"64x56", shape(8, 1, 64, 56, 56, 64, 3, 3, 1, 1, 1)},
		{"128x28", shape(8, 1, 128, 28, 28, 128, 3, 3, 1, 1, 1)},
	} {
		ny, nx, nw := c.s.sizes()
		y, x, w := guarded(rng, ny), guarded(rng, nx), guarded(rng, nw)
		run := func(name string, f func() bool) {
			b.Run(c.name+"/"+name, func(b *testing.B) {
				for b.Loop() {
					if !f() {
						b.Skip()
					}
				}
				b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N)/1000, "ms")
			})
		}
		run("y", func() bool { return Forward(c.s, y, x, w, nil, none) })
		run("dx", func() bool { return GradX(c.s, x, y, w) })
		run("dw", func() bool { return GradW(c.s, w, y, x) })
	}
}
