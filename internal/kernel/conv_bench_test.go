package kernel

import (
	"math/rand/v2"
	"testing"
	"unsafe"
)

// convBenches is convolutions of square images and windows: LeNet, large and small images, points, groups, dilation, and
// the layers of ResNet-18 on images of 96 by 96.
var convBenches = []struct {
	name                                   string
	n, ci, h, co, k, stride, pad, dil, grp int
}{
	{"LeNet1", 256, 1, 28, 6, 5, 1, 2, 1, 1},
	{"LeNet2", 256, 6, 14, 16, 5, 1, 0, 1, 1},
	{"64@56", 8, 64, 56, 64, 3, 1, 1, 1, 1},
	{"128@28", 8, 128, 28, 128, 3, 1, 1, 1, 1},
	{"512@3", 32, 512, 3, 512, 3, 1, 1, 1, 1},
	{"Stem7x7s2", 32, 1, 96, 64, 7, 2, 3, 1, 1},
	{"Point256to64@56", 8, 256, 56, 64, 1, 1, 0, 1, 1},
	{"Depthwise64@56", 8, 64, 56, 64, 3, 1, 1, 1, 64},
	{"Depthwise64@56s2", 8, 64, 56, 64, 3, 2, 1, 1, 64},
	{"Groups4of64@28", 8, 64, 28, 64, 3, 1, 1, 1, 4},
	{"Dilated64@28", 8, 64, 28, 64, 3, 1, 2, 2, 1},
	{"64@24", 32, 64, 24, 64, 3, 1, 1, 1, 1},
	{"64to128@24s2", 32, 64, 24, 128, 3, 2, 1, 1, 1},
	{"Point64to128@24s2", 32, 64, 24, 128, 1, 2, 0, 1, 1},
	{"128@12", 32, 128, 12, 128, 3, 1, 1, 1, 1},
	{"128to256@12s2", 32, 128, 12, 256, 3, 2, 1, 1, 1},
	{"256@6", 32, 256, 6, 256, 3, 1, 1, 1, 1},
	{"256to512@6s2", 32, 256, 6, 512, 3, 2, 1, 1, 1},
}

func BenchmarkConv(b *testing.B) {
	view := func(shape ...int) View {
		n := 1
		strides := make([]int, len(shape))
		for i := len(shape) - 1; i >= 0; i-- {
			strides[i] = n
			n *= shape[i]
		}
		x := make([]float32, n)
		for i := range x {
			x[i] = float32(rand.NormFloat64())
		}
		return View{DT: Float32, P: unsafe.Pointer(&x[0]), Shape: shape, Strides: strides}
	}
	for _, c := range convBenches {
		s := Conv{StrideH: c.stride, StrideW: c.stride, PadH: c.pad, PadW: c.pad, DilationH: c.dil, DilationW: c.dil, Groups: c.grp}
		out := (c.h+2*c.pad-c.dil*(c.k-1)-1)/c.stride + 1
		x, w, bias := view(c.n, c.ci, c.h, c.h), view(c.co, c.ci/c.grp, c.k, c.k), view(c.co)
		y, dx, dw := view(c.n, c.co, out, out), view(x.Shape...), view(w.Shape...)
		run := func(name string, f func()) {
			b.Run(c.name+"/"+name, func(b *testing.B) {
				for b.Loop() {
					f()
				}
			})
		}
		run("y", func() { CPU{}.Conv(s, y, x, w, bias, NoActivation) })
		run("dx", func() { CPU{}.ConvGradX(s, dx, y, w) })
		run("dw", func() { CPU{}.ConvGradW(s, dw, y, x) })
	}
}
