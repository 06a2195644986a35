package nn

import (
	"github.com/fathom-ml/fathom/tensor"
	"github.com/fathom-ml/fathom/tensor/nnop"
)

// AdaptivePool takes averages or maxima over as many windows as make a result of the given lengths, whatever the input has: window
// i of an axis of length n goes from floor(i*n/out) to ceil((i+1)*n/out).
type AdaptivePool struct {
	Out  []int // the lengths of the last axes of the result
	name string
	f    func(x *tensor.Tensor, out []int) *tensor.Tensor
}

func newAdaptivePool[S Sizes](name string, out S, axes int, f func(x *tensor.Tensor, out []int) *tensor.Tensor) *AdaptivePool {
	w := newWindow("nn.New"+name, axes, out)
	return &AdaptivePool{w.kernel[:axes], name, f}
}

// NewAdaptiveAvgPool1D returns an average pooling layer for sequences: [n, c, w] -> [n, c, out].
func NewAdaptiveAvgPool1D(out int) *AdaptivePool {
	return newAdaptivePool("AdaptiveAvgPool1D", out, 1, func(x *tensor.Tensor, out []int) *tensor.Tensor {
		return nnop.AdaptiveAvgPool1D(x, out[0])
	})
}

// NewAdaptiveMaxPool1D is [NewAdaptiveAvgPool1D] for maxima.
func NewAdaptiveMaxPool1D(out int) *AdaptivePool {
	return newAdaptivePool("AdaptiveMaxPool1D", out, 1, func(x *tensor.Tensor, out []int) *tensor.Tensor {
		return nnop.AdaptiveMaxPool1D(x, out[0])
	})
}

// NewAdaptiveAvgPool2D returns an average pooling layer for images: [n, c, h, w] -> [n, c, out...].
func NewAdaptiveAvgPool2D[S Size](out S) *AdaptivePool {
	return newAdaptivePool("AdaptiveAvgPool2D", out, 2, func(x *tensor.Tensor, out []int) *tensor.Tensor {
		return nnop.AdaptiveAvgPool2D(x, out[0], out[1])
	})
}

// NewAdaptiveMaxPool2D is [NewAdaptiveAvgPool2D] for maxima.
func NewAdaptiveMaxPool2D[S Size](out S) *AdaptivePool {
	return newAdaptivePool("AdaptiveMaxPool2D", out, 2, func(x *tensor.Tensor, out []int) *tensor.Tensor {
		return nnop.AdaptiveMaxPool2D(x, out[0], out[1])
	})
}

// NewAdaptiveAvgPool3D returns an average pooling layer for volumes: [n, c, d, h, w] -> [n, c, out...].
func NewAdaptiveAvgPool3D[S Size3](out S) *AdaptivePool {
	return newAdaptivePool("AdaptiveAvgPool3D", out, 3, func(x *tensor.Tensor, out []int) *tensor.Tensor {
		return nnop.AdaptiveAvgPool3D(x, [3]int(out))
	})
}

// NewAdaptiveMaxPool3D is [NewAdaptiveAvgPool3D] for maxima.
func NewAdaptiveMaxPool3D[S Size3](out S) *AdaptivePool {
	return newAdaptivePool("AdaptiveMaxPool3D", out, 3, func(x *tensor.Tensor, out []int) *tensor.Tensor {
		return nnop.AdaptiveMaxPool3D(x, [3]int(out))
	})
}

// Forward maps [n, c, ...] to [n, c, Out...].
func (l *AdaptivePool) Forward(c *Ctx, x *tensor.Tensor) (out *tensor.Tensor) {
	defer c.ran(l, x, &out)
	return l.f(x, l.Out)
}

// String is e.g. "AdaptiveAvgPool2D(size=(7, 7))".
func (l *AdaptivePool) String() string { return l.name + "(size=" + tuple(l.Out) + ")" }
func (l *AdaptivePool) kind() string   { return "pool" }
