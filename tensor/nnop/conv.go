package nnop

import (
	"fmt"
	"slices"

	"github.com/fathom-ml/fathom/internal/kernel"
	"github.com/fathom-ml/fathom/tensor"
)

// Conv says how a window moves over an image, as (rows, columns). The zero
// value is stride 1, no padding, dilation 1, one group.
type Conv struct {
	Stride, Pad, Dilation [2]int
	Groups                int
}

func (s Conv) kernel() kernel.Conv {
	one := func(v int) int { return max(v, 1) }
	return kernel.Conv{
		StrideH: one(s.Stride[0]), StrideW: one(s.Stride[1]),
		PadH: s.Pad[0], PadW: s.Pad[1],
		DilationH: one(s.Dilation[0]), DilationW: one(s.Dilation[1]),
		Groups: one(s.Groups),
	}
}

// windows is how many windows fit an axis.
func windows(n, window, stride, pad, dilation int) int {
	span := (window-1)*dilation + 1
	if n+2*pad < span {
		return 0
	}
	return (n+2*pad-span)/stride + 1
}

// conv2d: y = act(x * w + b) (cross-correlation)
type conv2d struct {
	spec kernel.Conv
	act  Activation
}

func (conv2d) Name() string { return "conv2d" }

func (p conv2d) Shape(c *tensor.Call) []int {
	c.SameDType()
	c.Float(0)
	x, w, s := c.In(0), c.In(1), p.spec
	if len(x) != 4 || len(w) != 4 {
		return c.Fail("wants x [batch, channels, height, width] and w [out, channels, height, width]", "")
	}
	if s.PadH < 0 || s.PadW < 0 || w[0]%s.Groups != 0 || x[1] != w[1]*s.Groups {
		return c.Fail(fmt.Sprintf("channels do not fit (groups %d, padding %d, %d)", s.Groups, s.PadH, s.PadW), "")
	}
	if c.N() == 3 && !slices.Equal(c.In(2), w[:1]) {
		return c.Fail("the bias must have one number an output channel", "")
	}
	oh := windows(x[2], w[2], s.StrideH, s.PadH, s.DilationH)
	ow := windows(x[3], w[3], s.StrideW, s.PadW, s.DilationW)
	if oh == 0 || ow == 0 {
		return c.Fail("the window is larger than the padded image", "use a smaller kernel or more padding")
	}
	return c.Dims(x[0], w[0], oh, ow)
}

func (p conv2d) Run(c *tensor.Call) {
	var bias kernel.View
	if c.N() == 3 {
		bias = c.X(2)
	}
	c.Dev().Conv(p.spec, c.Y(), c.X(0), c.X(1), bias, kernel.Activation(p.act))
	c.SaveIn(0, 1)
	if p.act != NoActivation {
		c.SaveOut()
	}
}

func (conv2d) Grad(*tensor.Node, int, *tensor.Tensor) *tensor.Tensor { return nil } // see GradAll

// GradAll takes dy through the activation once for all operands.
func (p conv2d) GradAll(n *tensor.Node, dys []*tensor.Tensor, want []bool) []*tensor.Tensor {
	dy := dys[0].Contiguous()
	if p.act != NoActivation {
		dy = gradOf(p.act, n, dy, n.Out())
	}
	grads := make([]*tensor.Tensor, len(want))
	if want[0] {
		grads[0] = tensor.Do(convGradX{p.spec, slices.Clone(n.InShape(0))}, dy, n.In(1))
	}
	if want[1] {
		grads[1] = tensor.Do(convGradW{p.spec, slices.Clone(n.InShape(1))}, dy, n.In(0))
	}
	if len(want) == 3 && want[2] {
		grads[2] = dy.Sum(0, 2, 3)
	}
	return grads
}

// convGradX: the gradient of x from dy and w; linear in both.
type convGradX struct {
	spec  kernel.Conv
	shape []int
}

func (convGradX) Name() string { return "convGradX" }
func (p convGradX) Shape(c *tensor.Call) []int {
	return checkConvGrad(c, p.spec, p.shape, c.In(1))
}
func (p convGradX) Run(c *tensor.Call) {
	c.Dev().ConvGradX(p.spec, c.Y(), c.X(0), c.X(1))
	c.SaveIn(0, 1)
}
func (p convGradX) Grad(n *tensor.Node, i int, g *tensor.Tensor) *tensor.Tensor {
	if i == 0 {
		return tensor.Do(conv2d{spec: p.spec}, g.Contiguous(), n.In(1))
	}
	return tensor.Do(convGradW{p.spec, n.In(1).Shape()}, n.In(0), g.Contiguous())
}

// convGradW: the gradient of w from dy and x; linear in both.
type convGradW struct {
	spec  kernel.Conv
	shape []int
}

func (convGradW) Name() string { return "convGradW" }
func (p convGradW) Shape(c *tensor.Call) []int {
	checkConvGrad(c, p.spec, c.In(1), p.shape)
	return p.shape
}
func (p convGradW) Run(c *tensor.Call) {
	c.Dev().ConvGradW(p.spec, c.Y(), c.X(0), c.X(1))
	c.SaveIn(0, 1)
}
func (p convGradW) Grad(n *tensor.Node, i int, g *tensor.Tensor) *tensor.Tensor {
	if i == 0 {
		return tensor.Do(conv2d{spec: p.spec}, n.In(1), g.Contiguous())
	}
	return tensor.Do(convGradX{p.spec, n.In(1).Shape()}, n.In(0), g.Contiguous())
}

// checkConvGrad wants operand 0 to have the shape of the convolution of x and w; it returns x.
func checkConvGrad(c *tensor.Call, s kernel.Conv, x, w []int) []int {
	dy := c.In(0)
	if len(dy) != 4 || len(x) != 4 || len(w) != 4 || dy[0] != x[0] || dy[1] != w[0] || x[1] != w[1]*s.Groups ||
		dy[2] != windows(x[2], w[2], s.StrideH, s.PadH, s.DilationH) ||
		dy[3] != windows(x[3], w[3], s.StrideW, s.PadW, s.DilationW) {
		c.Fail("shapes do not belong to one convolution", "")
	}
	return x
}

// Conv2D returns the cross-correlation of images x with windows w, plus a bias (6.2, 6.3, 6.4).
// Shapes: x [n, in, h, w], w [out, in/groups, kh, kw], b [out] or nil; the result is
// [n, out, oh, ow] with oh = floor((h + 2 pad - dilation (kh-1) - 1) / stride) + 1.
// It panics with a *tensor.Error if shapes or dtypes do not fit.
func Conv2D(x, w, b *tensor.Tensor, s Conv) *tensor.Tensor {
	return Conv2DAct(x, w, b, s, NoActivation)
}

// Conv2DAct returns act(Conv2D(x, w, b, s)) in one pass; shapes and panics as there. The gradient of the activation is
// computed from its result; those that cannot be are operations of their own.
func Conv2DAct(x, w, b *tensor.Tensor, s Conv, a Activation) *tensor.Tensor {
	if form := activations[a]; a != NoActivation && form.slope == 0 {
		return form.apply(Conv2D(x, w, b, s))
	}
	p := conv2d{s.kernel(), a}
	if b == nil {
		return tensor.Do(p, x.Contiguous(), w.Contiguous())
	}
	return tensor.Do(p, x.Contiguous(), w.Contiguous(), b.Contiguous())
}

func convCase(name string, s Conv, wrong bool, shapes ...[]int) tensor.Case {
	return tensor.Case{Name: name, In: shapes, Wrong: wrong, F: func(in []*tensor.Tensor) *tensor.Tensor {
		if len(in) == 2 {
			return Conv2D(in[0], in[1], nil, s)
		}
		return Conv2D(in[0], in[1], in[2], s)
	}}
}

func actCase(a Activation) tensor.Case {
	return tensor.Case{Name: fmt.Sprint("act", a), In: [][]int{{2, 2, 3, 3}, {2, 2, 2, 2}, {2}}, F: func(in []*tensor.Tensor) *tensor.Tensor {
		return Conv2DAct(in[0], in[1], in[2], Conv{}, a)
	}}
}

var _ = tensor.Register(conv2d{}, append(otherCases,
	convCase("bias", Conv{}, false, []int{2, 2, 3, 4}, []int{3, 2, 2, 2}, []int{3}),
	convCase("padded", Conv{Stride: [2]int{2, 1}, Pad: [2]int{1, 2}}, false, []int{1, 2, 4, 3}, []int{2, 2, 3, 3}),
	convCase("groups", Conv{Groups: 2, Dilation: [2]int{2, 1}}, false, []int{1, 2, 5, 3}, []int{2, 1, 2, 2}),
	convCase("channels", Conv{}, true, []int{2, 3, 3, 4}, []int{3, 2, 2, 2}),
	convCase("window", Conv{}, true, []int{2, 2, 3, 4}, []int{3, 2, 5, 2}),
	convCase("axes", Conv{}, true, []int{2, 12}, []int{3, 2, 5, 2}),
	actCase(ActReLU), actCase(ActSigmoid), actCase(ActTanh))...)

var unit = Conv{}.kernel()

var _ = tensor.Register(convGradX{}, append(transposedCases,
	tensor.Case{F: func(in []*tensor.Tensor) *tensor.Tensor {
		return tensor.Do(convGradX{unit, []int{1, 2, 3, 3}}, in[0], in[1])
	}, In: [][]int{{1, 1, 2, 2}, {1, 2, 2, 2}}},
	tensor.Case{Name: "wrong", F: func(in []*tensor.Tensor) *tensor.Tensor {
		return tensor.Do(convGradX{unit, []int{1, 2, 3, 3}}, in[0], in[1])
	}, In: [][]int{{1, 1, 3, 2}, {1, 2, 2, 2}}, Wrong: true})...)
var _ = tensor.Register(convGradW{},
	tensor.Case{F: func(in []*tensor.Tensor) *tensor.Tensor {
		return tensor.Do(convGradW{unit, []int{1, 2, 2, 2}}, in[0], in[1])
	}, In: [][]int{{1, 1, 2, 2}, {1, 2, 3, 3}}},
	tensor.Case{Name: "wrong", F: func(in []*tensor.Tensor) *tensor.Tensor {
		return tensor.Do(convGradW{unit, []int{1, 2, 2, 2}}, in[0], in[1])
	}, In: [][]int{{1, 1, 3, 2}, {1, 2, 3, 3}}, Wrong: true})
