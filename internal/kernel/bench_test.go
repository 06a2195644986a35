package kernel_test

import (
	"fmt"
	"testing"

	"github.com/fathom-ml/fathom/internal/kernel"
)

var dev kernel.CPU

// tensor is a contiguous float32 view with small numbers in it.
func tensor(shape ...int) kernel.View {
	v := kernel.View{DT: kernel.Float32, Shape: shape, Strides: make([]int, len(shape))}
	n := 1
	for i := len(shape) - 1; i >= 0; i-- {
		v.Strides[i] = n
		n *= shape[i]
	}
	v.P = dev.Alloc(4 * n)
	dev.Fill(v, 0.25)
	return v
}

func BenchmarkBinary(b *testing.B) {
	for _, n := range []int{4, 4096, 1 << 20} {
		x, y := tensor(n), tensor(n)
		b.Run(fmt.Sprintf("Add/%d", n), func(b *testing.B) {
			for b.Loop() {
				dev.Binary(kernel.Add, y, x, x)
			}
		})
	}
	for _, c := range []struct {
		name           string
		shape, strides []int
	}{
		{"Row/256x10", []int{256, 10}, []int{0, 1}}, {"Row/4096x256", []int{4096, 256}, []int{0, 1}},
		{"Column/4096x256", []int{4096, 256}, []int{1, 0}}, {"Channels/64x16x1024", []int{64, 16, 1024}, []int{0, 1, 0}},
	} {
		x, y, r := tensor(c.shape...), tensor(c.shape...), tensor(c.shape...)
		r.Strides = c.strides
		b.Run(c.name, func(b *testing.B) {
			for b.Loop() {
				dev.Binary(kernel.Add, y, x, r)
			}
		})
	}
}

func BenchmarkUnary(b *testing.B) {
	for _, n := range []int{4096, 1 << 20} {
		x, y := tensor(n), tensor(n)
		for name, op := range map[string]kernel.UnaryOp{"ReLU": kernel.ReLU, "Exp": kernel.Exp, "Tanh": kernel.Tanh, "Erf": kernel.Erf, "GELU": kernel.GELU, "Sin": kernel.Sin} {
			b.Run(fmt.Sprintf("%s/%d", name, n), func(b *testing.B) {
				for b.Loop() {
					dev.Unary(op, y, x)
				}
			})
		}
		b.Run(fmt.Sprintf("Copy/%d", n), func(b *testing.B) {
			for b.Loop() {
				dev.Copy(y, x)
			}
		})
	}
}

func BenchmarkChain(b *testing.B) {
	x, y, r := tensor(4096, 256), tensor(4096, 256), tensor(4096, 256)
	r.Strides = []int{0, 1}
	b.Run("AddRowReLU/4096x256", func(b *testing.B) {
		for b.Loop() {
			dev.Chain(kernel.ReLU, kernel.Add, y, x, r)
		}
	})
	b.Run("MulAdd/4096x256", func(b *testing.B) {
		for b.Loop() {
			dev.MulAdd(y, x, y, r, 0.5)
		}
	})
}

func BenchmarkTranspose(b *testing.B) {
	for _, n := range []int{64, 1024} {
		x, y := tensor(n, n), tensor(n, n)
		x.Strides = []int{1, n}
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			for b.Loop() {
				dev.Copy(y, x)
			}
		})
	}
}

func BenchmarkReduce(b *testing.B) {
	for _, c := range [][2][]int{{{1 << 20}, {1}}, {{256, 10}, {1, 10}}, {{256, 784}, {1, 784}}, {{256, 784}, {256, 1}}} {
		x, y := tensor(c[0]...), tensor(c[1]...)
		b.Run(fmt.Sprintf("Sum/%v", c), func(b *testing.B) {
			for b.Loop() {
				dev.Reduce(kernel.ReduceSum, y, x)
			}
		})
	}
}

func BenchmarkCrossEntropy(b *testing.B) {
	x, p, l := tensor(256, 10), tensor(256, 10), tensor(256)
	label := tensor(256)
	label.DT = kernel.Int32
	dev.Fill(label, 3)
	for b.Loop() {
		dev.CrossEntropy(l, p, x, label)
	}
}

func BenchmarkDropout(b *testing.B) {
	x, y := tensor(65536), tensor(65536)
	for b.Loop() {
		dev.Dropout(y, x, 0.5, 7)
	}
}

func BenchmarkGather(b *testing.B) {
	x, y, g, idx := tensor(1000, 64), tensor(512, 64), tensor(1000, 64), tensor(512)
	idx.DT = kernel.Int32
	dev.Fill(idx, 3)
	b.Run("Gather", func(b *testing.B) {
		for b.Loop() {
			dev.Gather(y, x, idx)
		}
	})
	b.Run("ScatterFold", func(b *testing.B) {
		for b.Loop() {
			dev.ScatterFold(kernel.Add, g, y, idx)
		}
	})
}

func BenchmarkArgMax(b *testing.B) {
	x, y := tensor(256, 10), tensor(256, 2)
	y.DT, y.Shape, y.Strides = kernel.Int64, []int{256, 1}, []int{1, 1}
	for b.Loop() {
		dev.ArgReduce(kernel.ReduceMax, y, x, 1)
	}
}

func BenchmarkPool(b *testing.B) {
	for _, c := range []struct{ n, ch, h, k, stride, pad int }{
		{256, 6, 28, 2, 2, 0}, {8, 64, 56, 2, 2, 0}, {32, 64, 48, 3, 2, 1}, {8, 64, 48, 3, 1, 1}, {32, 512, 7, 7, 1, 0},
	} {
		o := (c.h+2*c.pad-c.k)/c.stride + 1
		for _, most := range []bool{false, true} {
			s := kernel.Pool{Max: most, KH: c.k, KW: c.k, StrideH: c.stride, StrideW: c.stride, PadH: c.pad, PadW: c.pad}
			x, y, arg := tensor(c.n, c.ch, c.h, c.h), tensor(c.n, c.ch, o, o), kernel.View{}
			name := "Avg"
			if most {
				name, arg = "Max", tensor(c.n, c.ch, o, o)
				arg.DT = kernel.Int32
			}
			name = fmt.Sprintf("%s_%d_%dx%d_s%d", name, c.h, c.k, c.k, c.stride)
			b.Run(name+"/Forward", func(b *testing.B) {
				for b.Loop() {
					dev.Pool(s, y, x, arg)
				}
			})
			b.Run(name+"/Backward", func(b *testing.B) {
				for b.Loop() {
					dev.PoolGrad(s, x, y, arg)
				}
			})
		}
	}
}

func BenchmarkSoftmax(b *testing.B) {
	x, y, dy, dx := tensor(128, 1000), tensor(128, 1000), tensor(128, 1000), tensor(128, 1000)
	for name, log := range map[string]bool{"Softmax": false, "LogSoftmax": true} {
		b.Run(name+"/Forward", func(b *testing.B) {
			for b.Loop() {
				dev.Softmax(y, x, log)
			}
		})
		b.Run(name+"/Backward", func(b *testing.B) {
			for b.Loop() {
				dev.SoftmaxGrad(dx, dy, y, log)
			}
		})
	}
}

func BenchmarkConv(b *testing.B) {
	for _, c := range []struct{ n, ci, h, co, k, pad, stride int }{
		{256, 1, 28, 6, 5, 2, 1}, {256, 6, 14, 16, 5, 0, 1}, {8, 64, 56, 64, 3, 1, 1}, {8, 128, 28, 128, 3, 1, 1},
		{32, 1, 96, 64, 7, 3, 2}, {8, 256, 56, 64, 1, 0, 1}, {32, 512, 3, 512, 3, 1, 1},
	} {
		o := (c.h+2*c.pad-c.k)/c.stride + 1
		s := kernel.Conv{StrideH: c.stride, StrideW: c.stride, PadH: c.pad, PadW: c.pad, DilationH: 1, DilationW: 1, Groups: 1}
		x, y, w := tensor(c.n, c.ci, c.h, c.h), tensor(c.n, c.co, o, o), tensor(c.co, c.ci, c.k, c.k)
		name := fmt.Sprintf("%dto%d_%dx%d_%d", c.ci, c.co, c.k, c.k, c.h)
		for _, f := range []struct {
			name string
			run  func()
		}{
			{"Forward", func() { dev.Conv(s, y, x, w, kernel.View{}, kernel.NoActivation) }},
			{"GradX", func() { dev.ConvGradX(s, x, y, w) }},
			{"GradW", func() { dev.ConvGradW(s, w, y, x) }},
		} {
			b.Run(name+"/"+f.name, func(b *testing.B) {
				for b.Loop() {
					f.run()
				}
			})
		}
	}
}

// BenchmarkAttention is per call, for heads that lie side by side in memory.
func BenchmarkAttention(b *testing.B) {
	for _, s := range [][4]int{{64, 10, 4, 8}, {2, 1024, 4, 64}} {
		heads := func(v kernel.View) kernel.View {
			v.Shape = []int{s[0], s[2], s[1], s[3]}
			v.Strides = []int{s[1] * s[2] * s[3], s[3], s[2] * s[3], 1}
			return v
		}
		q, k, v, y := heads(random(s[:]...)), heads(random(s[:]...)), heads(random(s[:]...)), heads(tensor(s[:]...))
		dq, dk, dv, dy := heads(tensor(s[:]...)), heads(tensor(s[:]...)), heads(tensor(s[:]...)), heads(random(s[:]...))
		lse := tensor(s[0], s[2], s[1])
		for _, p := range []float64{0, 0.1} {
			a := kernel.Attention{Scale: 0.3, Drop: p, Key: 1}
			b.Run(fmt.Sprint(s, p, "/forward"), func(b *testing.B) {
				for b.Loop() {
					dev.Attention(a, y, lse, q, k, v, kernel.View{}, kernel.View{})
				}
			})
			b.Run(fmt.Sprint(s, p, "/grad"), func(b *testing.B) {
				for b.Loop() {
					dev.AttentionGrad(a, dq, dk, dv, kernel.View{}, dy, y, lse, q, k, v, kernel.View{}, kernel.View{})
				}
			})
		}
	}
}
