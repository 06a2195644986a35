package nn

import (
	"github.com/fathom-ml/fathom/tensor"
	"github.com/fathom-ml/fathom/tensor/nnop"
)

// ConvTranspose2D is a transposed convolution of images, act(x *ᵀ W + b): the map by which [Conv2D] passes gradients to
// its images, which makes images larger by its stride (13.10).
type ConvTranspose2D struct {
	Filters
	Kernel [2]int
	Spec   nnop.Conv // stride, padding, dilation, groups
	OutPad [2]int
}

// NewConvTranspose2D returns a transposed convolution with the given number of output channels and window, e.g.
// nn.NewConvTranspose2D(21, 64, nn.Pad(16), nn.Stride(32)). Options as in [NewConv2D], and [OutputPad]. The number of input
// channels comes with the first use. It panics unless channels and window are positive and the groups divide the channels.
func NewConvTranspose2D[S Size](channels int, kernel S, opts ...ConvOption) *ConvTranspose2D {
	l := newFilters(newWindow("nn.NewConvTranspose2D", 2, kernel), true, channels, opts)
	return &ConvTranspose2D{l.Filters, l.two(l.kernel), l.spec2(), l.two(l.outPad)}
}

// Forward returns the transposed convolution of x: [n, inputs, h, w] -> [n, channels, oh, ow] with
// oh = (h-1) stride - 2 pad + dilation (k-1) + outPad + 1.
func (l *ConvTranspose2D) Forward(c *Ctx, x *tensor.Tensor) (out *tensor.Tensor) {
	defer c.ran(l, x, &out)
	w, b := l.values("convTranspose2d", c, x, true, l.Spec.Groups, l.Kernel[:]...)
	return l.Act.act(nnop.ConvTranspose2D(x, w, b, l.Spec, l.OutPad))
}

// String is e.g. "ConvTranspose2D(10 -> 21, kernel_size=(64, 64), stride=(32, 32), padding=(16, 16))".
func (l *ConvTranspose2D) String() string {
	return l.text("ConvTranspose2D", true, l.Spec.Groups, l.Kernel[:], l.Spec.Stride[:], l.Spec.Pad[:], l.Spec.Dilation[:], l.OutPad[:])
}

// ConvTranspose1D is a transposed convolution of sequences [n, channels, length].
type ConvTranspose1D struct {
	Filters
	Kernel int
	Spec   nnop.Conv1
	OutPad int
}

// NewConvTranspose1D returns a transposed convolution of sequences; options and panics as in [NewConvTranspose2D].
func NewConvTranspose1D(channels, kernel int, opts ...ConvOption) *ConvTranspose1D {
	l := newFilters(newWindow("nn.NewConvTranspose1D", 1, kernel), true, channels, opts)
	return &ConvTranspose1D{l.Filters, kernel, l.spec1(), l.outPad[0]}
}

// Forward returns the transposed convolution of x: [n, inputs, length] -> [n, channels, (length-1) stride - 2 pad + dilation (k-1) + outPad + 1].
func (l *ConvTranspose1D) Forward(c *Ctx, x *tensor.Tensor) (out *tensor.Tensor) {
	defer c.ran(l, x, &out)
	w, b := l.values("convTranspose1d", c, x, true, l.Spec.Groups, l.Kernel)
	return l.Act.act(nnop.ConvTranspose1D(x, w, b, l.Spec, l.OutPad))
}

// String is e.g. "ConvTranspose1D(1 -> 6, kernel_size=(4,), stride=(2,), padding=(1,))".
func (l *ConvTranspose1D) String() string {
	s := l.Spec
	return l.text("ConvTranspose1D", true, s.Groups, []int{l.Kernel}, []int{s.Stride}, []int{s.Pad}, []int{s.Dilation}, []int{l.OutPad})
}

// ConvTranspose3D is a transposed convolution of volumes [n, channels, depth, height, width].
type ConvTranspose3D struct {
	Filters
	Kernel [3]int
	Spec   nnop.Conv3
	OutPad [3]int
}

// NewConvTranspose3D returns a transposed convolution of volumes; window as in [NewConv3D], options and panics as in
// [NewConvTranspose2D].
func NewConvTranspose3D[S Size3](channels int, kernel S, opts ...ConvOption) *ConvTranspose3D {
	l := newFilters(newWindow("nn.NewConvTranspose3D", 3, kernel), true, channels, opts)
	return &ConvTranspose3D{l.Filters, l.kernel, l.spec3(), l.outPad}
}

// Forward returns the transposed convolution of x: [n, inputs, d, h, w] -> [n, channels, od, oh, ow], sizes as in [ConvTranspose2D].
func (l *ConvTranspose3D) Forward(c *Ctx, x *tensor.Tensor) (out *tensor.Tensor) {
	defer c.ran(l, x, &out)
	w, b := l.values("convTranspose3d", c, x, true, l.Spec.Groups, l.Kernel[:]...)
	return l.Act.act(nnop.ConvTranspose3D(x, w, b, l.Spec, l.OutPad))
}

// String is e.g. "ConvTranspose3D(1 -> 6, kernel_size=(2, 2, 2), stride=(2, 2, 2))".
func (l *ConvTranspose3D) String() string {
	return l.text("ConvTranspose3D", true, l.Spec.Groups, l.Kernel[:], l.Spec.Stride[:], l.Spec.Pad[:], l.Spec.Dilation[:], l.OutPad[:])
}

func (*ConvTranspose1D) kind() string { return "conv" }
func (*ConvTranspose2D) kind() string { return "conv" }
func (*ConvTranspose3D) kind() string { return "conv" }
