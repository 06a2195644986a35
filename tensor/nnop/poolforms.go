package nnop

import (
	"math"

	"github.com/fathom-ml/fathom/internal/kernel"
	"github.com/fathom-ml/fathom/tensor"
)

// AdaptiveAvgPool2D returns averages of images x [n, c, h, w] over as many windows as it takes to make
// [n, c, oh, ow]: window i of an axis goes from floor(i*h/oh) to ceil((i+1)*h/oh), so that neighbours
// overlap where the lengths do not divide.
func AdaptiveAvgPool2D(x *tensor.Tensor, oh, ow int) *tensor.Tensor {
	return tensor.Do(avgPool2d{adaptive(oh, ow, false)}, x.Contiguous())
}

// AdaptiveMaxPool2D returns maxima over the windows of AdaptiveAvgPool2D.
func AdaptiveMaxPool2D(x *tensor.Tensor, oh, ow int) *tensor.Tensor {
	return tensor.Do(maxPool2d{adaptive(oh, ow, true)}, x.Contiguous())
}

func adaptive(oh, ow int, most bool) poolSpec {
	return poolSpec{Pool: kernel.Pool{Max: most, Adaptive: true}, out: [2]int{oh, ow}}
}

// AvgPoolGlobal returns the average of each channel (7.3): [n, c, ...] -> [n, c, 1, ...].
func AvgPoolGlobal(x *tensor.Tensor) *tensor.Tensor {
	return global("avgPoolGlobal", x, AdaptiveAvgPool2D)
}

// MaxPoolGlobal returns the maximum of each channel: [n, c, ...] -> [n, c, 1, ...].
func MaxPoolGlobal(x *tensor.Tensor) *tensor.Tensor {
	return global("maxPoolGlobal", x, AdaptiveMaxPool2D)
}

func global(op string, x *tensor.Tensor, f func(x *tensor.Tensor, oh, ow int) *tensor.Tensor) *tensor.Tensor {
	shape := x.Shape()
	if len(shape) < 3 {
		tensor.Misuse(op, "wants [batch, channels, ...]", "", x)
	}
	y := f(x.Reshape(shape[0], shape[1], 1, product(shape[2:])), 1, 1)
	for i := range shape[2:] {
		shape[2+i] = 1
	}
	return y.Reshape(shape...)
}

func product(s []int) int {
	n := 1
	for _, d := range s {
		n *= d
	}
	return n
}

// Pool1 is a pooling window along one axis; the fields are those of [Pool].
type Pool1 struct {
	Kernel, Stride, Pad int
	Ceil, ExcludePad    bool
}

func (s Pool1) row() Pool {
	return Pool{Kernel: [2]int{1, s.Kernel}, Stride: [2]int{1, s.Stride}, Pad: [2]int{0, s.Pad}, Ceil: s.Ceil, ExcludePad: s.ExcludePad}
}

// MaxPool1D returns the maximum of each window of sequences: [n, c, w] -> [n, c, ow]; see [MaxPool2D].
func MaxPool1D(x *tensor.Tensor, s Pool1) *tensor.Tensor { return pool1("maxPool1d", x, s, MaxPool2D) }

// AvgPool1D returns the average of each window of sequences: [n, c, w] -> [n, c, ow]; see [AvgPool2D].
func AvgPool1D(x *tensor.Tensor, s Pool1) *tensor.Tensor { return pool1("avgPool1d", x, s, AvgPool2D) }

func pool1(op string, x *tensor.Tensor, s Pool1, f func(x *tensor.Tensor, s Pool) *tensor.Tensor) *tensor.Tensor {
	if x.NDim() != 3 {
		tensor.Misuse(op, "wants [batch, channels, length]", "", x)
	}
	return f(x.Unsqueeze(2), s.row()).Squeeze(2)
}

// Pool3 is a pooling window in a volume, as (depth, rows, columns); the fields are those of [Pool].
type Pool3 struct {
	Kernel, Stride, Pad [3]int
	Ceil, ExcludePad    bool
}

// MaxPool3D returns the maximum of each window of volumes: [n, c, d, h, w] -> [n, c, od, oh, ow]; see [MaxPool2D].
func MaxPool3D(x *tensor.Tensor, s Pool3) *tensor.Tensor { return pool3("maxPool3d", x, s, MaxPool2D) }

// AvgPool3D returns the average of each window of volumes: [n, c, d, h, w] -> [n, c, od, oh, ow]; see [AvgPool2D].
func AvgPool3D(x *tensor.Tensor, s Pool3) *tensor.Tensor { return pool3("avgPool3d", x, s, AvgPool2D) }

// pool3 pools the slices of a volume, then its columns.
func pool3(op string, x *tensor.Tensor, s Pool3, f func(x *tensor.Tensor, s Pool) *tensor.Tensor) *tensor.Tensor {
	v := x.Shape()
	if len(v) != 5 {
		tensor.Misuse(op, "wants [batch, channels, depth, height, width]", "", x)
	}
	p := Pool{Ceil: s.Ceil, ExcludePad: s.ExcludePad}
	slice, column := p, p
	copy(slice.Kernel[:], s.Kernel[1:])
	copy(slice.Stride[:], s.Stride[1:])
	copy(slice.Pad[:], s.Pad[1:])
	column.Kernel, column.Stride, column.Pad = [2]int{s.Kernel[0], 1}, [2]int{s.Stride[0], 1}, [2]int{s.Pad[0], 0}
	y := f(x.Reshape(v[0], v[1]*v[2], v[3], v[4]), slice)
	oh, ow := y.Dim(2), y.Dim(3)
	y = f(y.Reshape(v[0], v[1], v[2], oh*ow), column)
	return y.Reshape(v[0], v[1], y.Dim(2), oh, ow)
}

// LpPool2D returns the p-norm of each window of the images x, (sum of x^p)^(1/p), without the absolute value:
// p odd wants positive sums. Shapes as in [MaxPool2D]; windows that end beyond the image count as if the
// missing cells were the average of the others. Where the sum is 0 its root has no derivative, and counts as flat. It panics unless p is a positive number and there is no padding.
func LpPool2D(x *tensor.Tensor, p float64, s Pool) *tensor.Tensor {
	if !(p > 0) || math.IsInf(p, 1) || s.Pad != [2]int{} {
		tensor.Misuse("lpPool2d", "wants a positive power and no padding", "MaxPool2D is the limit of large powers", x)
	}
	sum := AvgPool2D(x.PowScalar(p), s).MulScalar(float64(s.Kernel[0] * s.Kernel[1]))
	zero := sum.EqScalar(0)
	return sum.MaskedFill(zero, 1).PowScalar(1/p).MaskedFill(zero, 0)
}

// LpPool1D is [LpPool2D] along the last of three axes.
func LpPool1D(x *tensor.Tensor, p float64, s Pool1) *tensor.Tensor {
	return pool1("lpPool1d", x, s, func(x *tensor.Tensor, s Pool) *tensor.Tensor { return LpPool2D(x, p, s) })
}

// LpPool3D is [LpPool2D] for volumes, windows as in [MaxPool3D].
func LpPool3D(x *tensor.Tensor, p float64, s Pool3) *tensor.Tensor {
	return pool3("lpPool3d", x, s, func(x *tensor.Tensor, s Pool) *tensor.Tensor { return LpPool2D(x, p, s) })
}

// AdaptiveAvgPool1D is [AdaptiveAvgPool2D] for sequences: [n, c, w] -> [n, c, ow].
func AdaptiveAvgPool1D(x *tensor.Tensor, ow int) *tensor.Tensor {
	return adaptive1("adaptiveAvgPool1d", x, ow, AdaptiveAvgPool2D)
}

// AdaptiveMaxPool1D returns maxima over the windows of AdaptiveAvgPool1D.
func AdaptiveMaxPool1D(x *tensor.Tensor, ow int) *tensor.Tensor {
	return adaptive1("adaptiveMaxPool1d", x, ow, AdaptiveMaxPool2D)
}

func adaptive1(op string, x *tensor.Tensor, ow int, f func(x *tensor.Tensor, oh, ow int) *tensor.Tensor) *tensor.Tensor {
	if x.NDim() != 3 {
		tensor.Misuse(op, "wants [batch, channels, length]", "", x)
	}
	return f(x.Unsqueeze(2), 1, ow).Squeeze(2)
}

// AdaptiveAvgPool3D is [AdaptiveAvgPool2D] for volumes: [n, c, d, h, w] -> [n, c, out...].
func AdaptiveAvgPool3D(x *tensor.Tensor, out [3]int) *tensor.Tensor {
	return adaptive3("adaptiveAvgPool3d", x, out, AdaptiveAvgPool2D)
}

// AdaptiveMaxPool3D returns maxima over the windows of AdaptiveAvgPool3D.
func AdaptiveMaxPool3D(x *tensor.Tensor, out [3]int) *tensor.Tensor {
	return adaptive3("adaptiveMaxPool3d", x, out, AdaptiveMaxPool2D)
}

// adaptive3 pools the slices of a volume, then its columns: the windows of an axis do not depend on the other axes.
func adaptive3(op string, x *tensor.Tensor, out [3]int, f func(x *tensor.Tensor, oh, ow int) *tensor.Tensor) *tensor.Tensor {
	v := x.Shape()
	if len(v) != 5 {
		tensor.Misuse(op, "wants [batch, channels, depth, height, width]", "", x)
	}
	y := f(x.Reshape(v[0], v[1]*v[2], v[3], v[4]), out[1], out[2])
	y = f(y.Reshape(v[0], v[1], v[2], out[1]*out[2]), out[0], out[1]*out[2])
	return y.Reshape(v[0], v[1], out[0], out[1], out[2])
}

func adaptiveCases(f func(x *tensor.Tensor, oh, ow int) *tensor.Tensor, once bool) []tensor.Case {
	call := func(oh, ow int) func(in []*tensor.Tensor) *tensor.Tensor {
		return func(in []*tensor.Tensor) *tensor.Tensor { return f(in[0], oh, ow) }
	}
	return []tensor.Case{
		{Name: "overlap", F: call(2, 3), In: [][]int{{1, 2, 5, 4}}, Once: once},
		{Name: "global", F: call(1, 1), In: [][]int{{2, 2, 3, 2}}, Once: once},
		{Name: "volume", In: [][]int{{1, 2, 3, 4, 3}}, Once: once, F: func(in []*tensor.Tensor) *tensor.Tensor {
			return adaptive3("", in[0], [3]int{2, 3, 2}, f)
		}},
		{Name: "wrong", F: call(0, 1), In: [][]int{{1, 2, 3, 3}}, Wrong: true},
	}
}

var (
	_ = tensor.Register(avgPool2d{poolSpec{Pool: kernel.Pool{Adaptive: true}}}, adaptiveCases(AdaptiveAvgPool2D, false)...)
	_ = tensor.Register(maxPool2d{poolSpec{Pool: kernel.Pool{Adaptive: true}}}, adaptiveCases(AdaptiveMaxPool2D, true)...)
)
