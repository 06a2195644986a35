package nn

import (
	"fmt"

	"github.com/fathom-ml/fathom/tensor"
	"github.com/fathom-ml/fathom/tensor/nnop"
)

// Size is the side of a square window, or its two sides [rows, columns].
type Size interface{ int | [2]int }

func sides[S Size](s S) [2]int {
	switch s := any(s).(type) {
	case int:
		return [2]int{s, s}
	case [2]int:
		return s
	}
	panic("unreachable")
}

// Conv2D is a convolution of images with learned windows, act(x * W + b) (6.2 to 6.4). Images
// are [n, channels, height, width].
type Conv2D struct {
	Channels int
	Kernel   [2]int
	Spec     nnop.Conv   // stride, padding, dilation, groups
	Act      *Activation // nil: none
	Weight   *Param      // [channels, inputs/groups, rows, columns]
	Bias     *Param      // [channels], nil if there is none
	inputs   int         // -1: the first use tells
}

// ConvOption is an option of [NewConv2D]: [Pad], [Stride], [Dilation], [Groups], an
// [*Activation], [NoBias] or [Inputs].
type ConvOption interface{ conv(l *Conv2D) }

// PoolOption is an option of the pooling layers: [Pad] or [Stride].
type PoolOption interface{ pool(p *nnop.Pool) }

// WindowOption is an option of convolutions and pooling.
type WindowOption struct {
	ofConv func(s *nnop.Conv)
	ofPool func(p *nnop.Pool)
}

func (o WindowOption) conv(l *Conv2D)    { o.ofConv(&l.Spec) }
func (o WindowOption) pool(p *nnop.Pool) { o.ofPool(p) }

// Pad adds rows and columns of zeros on each side: nn.Pad(2), nn.Pad([2]int{2, 1}).
func Pad[S Size](n S) WindowOption {
	v := notNegative("nn.Pad", sides(n), 0)
	return WindowOption{func(s *nnop.Conv) { s.Pad = v }, func(p *nnop.Pool) { p.Pad = v }}
}

// Stride is how far the window moves: nn.Stride(2), nn.Stride([2]int{3, 4}).
func Stride[S Size](n S) WindowOption {
	v := notNegative("nn.Stride", sides(n), 1)
	return WindowOption{func(s *nnop.Conv) { s.Stride = v }, func(p *nnop.Pool) { p.Stride = v }}
}

type convOption func(s *nnop.Conv)

func (o convOption) conv(l *Conv2D) { o(&l.Spec) }

// Dilation spreads the window: its elements lie n apart.
func Dilation[S Size](n S) ConvOption {
	v := notNegative("nn.Dilation", sides(n), 1)
	return convOption(func(s *nnop.Conv) { s.Dilation = v })
}

// Groups splits the channels into n groups that do not see each other.
func Groups(n int) ConvOption {
	notNegative("nn.Groups", [2]int{n, n}, 1)
	return convOption(func(s *nnop.Conv) { s.Groups = n })
}

func notNegative(op string, v [2]int, least int) [2]int {
	if min(v[0], v[1]) < least {
		panic(&tensor.Error{Op: op, Msg: fmt.Sprintf("%v is less than %d", v, least)})
	}
	return v
}

// NewConv2D returns a convolution with the given number of output channels and
// window, e.g. nn.NewConv2D(6, 5, nn.Pad(2), nn.Sigmoid) or
// nn.NewConv2D(1, [2]int{1, 2}, nn.NoBias). The number of input channels comes with
// the first use. It panics unless channels and window are positive.
func NewConv2D[S Size](channels int, kernel S, opts ...ConvOption) *Conv2D {
	k := notNegative("nn.NewConv2D", sides(kernel), 1)
	if channels < 1 {
		panic(&tensor.Error{Op: "nn.NewConv2D", Msg: fmt.Sprintf("%d channels", channels)})
	}
	one := [2]int{1, 1}
	l := &Conv2D{Channels: channels, Kernel: k, inputs: -1,
		Spec: nnop.Conv{Stride: one, Dilation: one, Groups: 1},
		Bias: NewParam(Shape(channels), InitWith(Zeros))}
	for _, o := range opts {
		o.conv(l)
	}
	in := l.inputs
	if in > 0 {
		in /= l.Spec.Groups
	}
	l.Weight = NewParam(Shape(channels, in, k[0], k[1]))
	return l
}

// Forward returns the convolution of x: [n, inputs, h, w] -> [n, channels, oh, ow]
// with oh = floor((h + 2 pad - dilation (k-1) - 1)/stride) + 1.
func (l *Conv2D) Forward(c *Ctx, x *tensor.Tensor) *tensor.Tensor {
	if x.NDim() != 4 {
		tensor.Misuse("conv2d", "wants images [n, channels, height, width]", "Reshape them", x)
	}
	w := c.Param(l.Weight, l.Channels, x.Dim(1)/l.Spec.Groups, l.Kernel[0], l.Kernel[1])
	b := c.Param(l.Bias, l.Channels)
	if l.Act != nil && l.Act.fused != nnop.NoActivation {
		return nnop.Conv2DAct(x, w, b, l.Spec, l.Act.fused)
	}
	return l.Act.act(nnop.Conv2D(x, w, b, l.Spec))
}

// String is e.g. "Conv2D(1 -> 6, kernel_size=(5, 5), stride=(1, 1), padding=(2, 2), Activation(sigmoid))".
func (l *Conv2D) String() string {
	in := lengthOf(l.Weight, 1)
	if in > 0 {
		in *= l.Spec.Groups
	}
	s := fmt.Sprintf("Conv2D(%d -> %d, kernel_size=%s, stride=%s", in, l.Channels, tuple(l.Kernel[:]), tuple(l.Spec.Stride[:]))
	if l.Spec.Pad != [2]int{} {
		s += ", padding=" + tuple(l.Spec.Pad[:])
	}
	if l.Spec.Dilation != [2]int{1, 1} {
		s += ", dilation=" + tuple(l.Spec.Dilation[:])
	}
	if l.Spec.Groups != 1 {
		s += fmt.Sprintf(", groups=%d", l.Spec.Groups)
	}
	if l.Bias == nil {
		s += ", bias=False"
	}
	if l.Act != nil {
		s += ", " + l.Act.String()
	}
	return s + ")"
}
