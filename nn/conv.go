package nn

import (
	"github.com/fathom-ml/fathom/tensor"
	"github.com/fathom-ml/fathom/tensor/nnop"
)

// Conv2D is a convolution of images with learned windows, act(x * W + b) (6.2 to 6.4). Images
// are [n, channels, height, width].
type Conv2D struct {
	Filters
	Kernel [2]int
	Spec   nnop.Conv // stride, padding, dilation, groups
}

// NewConv2D returns a convolution with the given number of output channels and
// window, e.g. nn.NewConv2D(6, 5, nn.Pad(2), nn.Sigmoid) or
// nn.NewConv2D(1, [2]int{1, 2}, nn.NoBias). The number of input channels comes with
// the first use. It panics unless channels and window are positive and the groups divide the channels.
func NewConv2D[S Size](channels int, kernel S, opts ...ConvOption) *Conv2D {
	l := newFilters(newWindow("nn.NewConv2D", 2, kernel), false, channels, opts)
	return &Conv2D{l.Filters, l.two(l.kernel), l.spec2()}
}

func (l *filters) spec2() nnop.Conv {
	return nnop.Conv{Stride: l.two(l.stride), Pad: l.two(l.pad), Dilation: l.two(l.dilation), Groups: l.groups}
}

// Forward returns the convolution of x: [n, inputs, h, w] -> [n, channels, oh, ow]
// with oh = floor((h + 2 pad - dilation (k-1) - 1)/stride) + 1.
func (l *Conv2D) Forward(c *Ctx, x *tensor.Tensor) (out *tensor.Tensor) {
	defer c.ran(l, x, &out)
	w, b := l.values("conv2d", c, x, false, l.Spec.Groups, l.Kernel[:]...)
	if l.Act != nil && l.Act.fused != nnop.NoActivation {
		return nnop.Conv2DAct(x, w, b, l.Spec, l.Act.fused)
	}
	return l.Act.act(nnop.Conv2D(x, w, b, l.Spec))
}

// String is e.g. "Conv2D(1 -> 6, kernel_size=(5, 5), stride=(1, 1), padding=(2, 2), Activation(sigmoid))".
func (l *Conv2D) String() string {
	return l.text("Conv2D", false, l.Spec.Groups, l.Kernel[:], l.Spec.Stride[:], l.Spec.Pad[:], l.Spec.Dilation[:], nil)
}

// Conv1D is a convolution of sequences [n, channels, length] with learned windows (15.3).
type Conv1D struct {
	Filters
	Kernel int
	Spec   nnop.Conv1
}

// NewConv1D returns a convolution of sequences with the given number of output channels and window; options and panics as in
// [NewConv2D].
func NewConv1D(channels, kernel int, opts ...ConvOption) *Conv1D {
	l := newFilters(newWindow("nn.NewConv1D", 1, kernel), false, channels, opts)
	return &Conv1D{l.Filters, kernel, l.spec1()}
}

func (l *filters) spec1() nnop.Conv1 {
	return nnop.Conv1{Stride: l.stride[0], Pad: l.pad[0], Dilation: l.dilation[0], Groups: l.groups}
}

// Forward returns the convolution of x: [n, inputs, length] -> [n, channels, floor((length + 2 pad - dilation (k-1) - 1)/stride) + 1].
func (l *Conv1D) Forward(c *Ctx, x *tensor.Tensor) (out *tensor.Tensor) {
	defer c.ran(l, x, &out)
	w, b := l.values("conv1d", c, x, false, l.Spec.Groups, l.Kernel)
	return l.Act.act(nnop.Conv1D(x, w, b, l.Spec))
}

// String is e.g. "Conv1D(1 -> 6, kernel_size=(5,), stride=(1,))".
func (l *Conv1D) String() string {
	s := l.Spec
	return l.text("Conv1D", false, s.Groups, []int{l.Kernel}, []int{s.Stride}, []int{s.Pad}, []int{s.Dilation}, nil)
}

// Conv3D is a convolution of volumes [n, channels, depth, height, width] with learned windows.
type Conv3D struct {
	Filters
	Kernel [3]int
	Spec   nnop.Conv3
}

// NewConv3D returns a convolution of volumes with the given number of output channels and window, a side of a cube or the sides
// [depth, rows, columns]; options and panics as in [NewConv2D].
func NewConv3D[S Size3](channels int, kernel S, opts ...ConvOption) *Conv3D {
	l := newFilters(newWindow("nn.NewConv3D", 3, kernel), false, channels, opts)
	return &Conv3D{l.Filters, l.kernel, l.spec3()}
}

func (l *filters) spec3() nnop.Conv3 {
	return nnop.Conv3{Stride: l.stride, Pad: l.pad, Dilation: l.dilation, Groups: l.groups}
}

// Forward returns the convolution of x: [n, inputs, d, h, w] -> [n, channels, od, oh, ow], sizes as in [Conv2D].
func (l *Conv3D) Forward(c *Ctx, x *tensor.Tensor) (out *tensor.Tensor) {
	defer c.ran(l, x, &out)
	w, b := l.values("conv3d", c, x, false, l.Spec.Groups, l.Kernel[:]...)
	return l.Act.act(nnop.Conv3D(x, w, b, l.Spec))
}

// String is e.g. "Conv3D(1 -> 6, kernel_size=(3, 3, 3), stride=(1, 1, 1))".
func (l *Conv3D) String() string {
	return l.text("Conv3D", false, l.Spec.Groups, l.Kernel[:], l.Spec.Stride[:], l.Spec.Pad[:], l.Spec.Dilation[:], nil)
}

func (*Conv1D) kind() string { return "conv" }
func (*Conv2D) kind() string { return "conv" }
func (*Conv3D) kind() string { return "conv" }
