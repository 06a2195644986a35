package nnop

import (
	"fmt"
	"slices"

	"github.com/fathom-ml/fathom/internal/kernel"
	"github.com/fathom-ml/fathom/tensor"
)

// Pool is a pooling window, as (rows, columns). A zero Stride means the window itself.
type Pool struct {
	Kernel, Stride, Pad [2]int
	Ceil                bool // as many windows as begin inside, though they may end beyond; without it what is left over is dropped
	ExcludePad          bool // an average counts the cells inside the image only
}

// poolSpec is what a pooling needs to know: the windows, or how many there are if they are adaptive.
type poolSpec struct {
	kernel.Pool
	ceil bool
	out  [2]int
}

func (s Pool) spec(most bool) poolSpec {
	for i := range s.Stride {
		if s.Stride[i] == 0 {
			s.Stride[i] = s.Kernel[i]
		}
	}
	return poolSpec{ceil: s.Ceil, Pool: kernel.Pool{
		Max: most, Inside: s.ExcludePad, KH: s.Kernel[0], KW: s.Kernel[1],
		StrideH: s.Stride[0], StrideW: s.Stride[1], PadH: s.Pad[0], PadW: s.Pad[1],
	}}
}

// sides are the lengths of the result for images of h*w.
func (s poolSpec) sides(h, w int) (oh, ow int) {
	if s.Adaptive {
		return s.out[0], s.out[1]
	}
	return s.count(h, s.KH, s.StrideH, s.PadH), s.count(w, s.KW, s.StrideW, s.PadW)
}

// count is the number of windows along n; 0 if none fits.
func (s poolSpec) count(n, k, stride, pad int) int {
	if n+2*pad < k {
		return 0
	}
	if !s.ceil {
		return (n+2*pad-k)/stride + 1
	}
	o := (n+2*pad-k+stride-1)/stride + 1
	if (o-1)*stride >= n+pad { // the last one would begin beyond the image
		o--
	}
	return o
}

func (s poolSpec) shape(c *tensor.Call) []int {
	c.Float(0)
	x := c.In(0)
	if len(x) != 4 {
		return c.Fail("wants [batch, channels, height, width]", "")
	}
	if s.Adaptive {
		if s.out[0] < 1 || s.out[1] < 1 || x[2] < 1 || x[3] < 1 {
			return c.Fail(fmt.Sprintf("cannot make %d x %d of the image", s.out[0], s.out[1]), "")
		}
		return c.Dims(x[0], x[1], s.out[0], s.out[1])
	}
	if s.KH < 1 || s.KW < 1 || s.StrideH < 1 || s.StrideW < 1 || s.PadH < 0 || s.PadW < 0 || 2*s.PadH > s.KH || 2*s.PadW > s.KW {
		return c.Fail("window and stride must be positive, padding at most half the window", "")
	}
	oh, ow := s.sides(x[2], x[3])
	if oh == 0 || ow == 0 {
		return c.Fail("the window is larger than the padded image", "")
	}
	return c.Dims(x[0], x[1], oh, ow)
}

// maxPool2d keeps where each maximum came from.
type maxPool2d struct{ spec poolSpec }

func (p maxPool2d) Name() string {
	if p.spec.Adaptive {
		return "adaptiveMaxPool2d"
	}
	return "maxPool2d"
}
func (p maxPool2d) Shape(c *tensor.Call) []int { return p.spec.shape(c) }
func (p maxPool2d) Run(c *tensor.Call) {
	var arg kernel.View
	if c.Recorded() {
		t := c.Scratch(tensor.Int32, c.Y().Shape...)
		arg = t.View()
		c.Save(t)
	}
	c.Dev().Pool(p.spec.Pool, c.Y(), c.X(0), arg)
}
func (p maxPool2d) Grad(n *tensor.Node, i int, dy *tensor.Tensor) *tensor.Tensor {
	arg := n.Saved(0, "use Max over slices")
	return tensor.Do(poolGrad{p.spec, n.InShape(0)}, dy.Contiguous(), arg)
}

// avgPool2d is linear.
type avgPool2d struct{ spec poolSpec }

func (p avgPool2d) Name() string {
	if p.spec.Adaptive {
		return "adaptiveAvgPool2d"
	}
	return "avgPool2d"
}
func (p avgPool2d) Shape(c *tensor.Call) []int { return p.spec.shape(c) }
func (p avgPool2d) Run(c *tensor.Call)         { c.Dev().Pool(p.spec.Pool, c.Y(), c.X(0), kernel.View{}) }
func (p avgPool2d) Grad(n *tensor.Node, i int, dy *tensor.Tensor) *tensor.Tensor {
	return tensor.Do(poolGrad{p.spec, n.InShape(0)}, dy.Contiguous())
}

// poolGrad: the gradient of the image from dy, and from where the maxima came.
type poolGrad struct {
	spec  poolSpec
	shape []int
}

func (poolGrad) Name() string { return "poolGrad" }
func (p poolGrad) Shape(c *tensor.Call) []int {
	x := p.shape
	if oh, ow := p.spec.sides(x[2], x[3]); !slices.Equal(c.In(0), []int{x[0], x[1], oh, ow}) {
		c.Fail("shapes do not belong to one pooling", "")
	}
	return x
}
func (p poolGrad) Run(c *tensor.Call) {
	var arg kernel.View
	if c.N() == 2 {
		arg = c.X(1)
	}
	c.Dev().PoolGrad(p.spec.Pool, c.Y(), c.X(0), arg)
}
func (p poolGrad) Grad(n *tensor.Node, i int, g *tensor.Tensor) *tensor.Tensor {
	if p.spec.Max {
		n.NoSecond("use Max over slices")
	}
	return tensor.Do(avgPool2d{p.spec}, g.Contiguous())
}

// MaxPool2D returns the maximum of each window of the images x (6.5).
// Shapes: [n, c, h, w] -> [n, c, floor((h + 2 pad - k)/stride) + 1, ...], with s.Ceil rounded up; padded
// cells never win. Equal values: the first in the window gets the gradient.
func MaxPool2D(x *tensor.Tensor, s Pool) *tensor.Tensor {
	return tensor.Do(maxPool2d{s.spec(true)}, x.Contiguous())
}

// AvgPool2D returns the average of each window of the images x (6.5); padded
// cells count as zeros unless s.ExcludePad. Shapes as in MaxPool2D.
func AvgPool2D(x *tensor.Tensor, s Pool) *tensor.Tensor {
	return tensor.Do(avgPool2d{s.spec(false)}, x.Contiguous())
}

func poolCases(f func(x *tensor.Tensor, s Pool) *tensor.Tensor, once bool) []tensor.Case {
	call := func(s Pool) func(in []*tensor.Tensor) *tensor.Tensor {
		return func(in []*tensor.Tensor) *tensor.Tensor { return f(in[0], s) }
	}
	return []tensor.Case{
		{Name: "2x2", F: call(Pool{Kernel: [2]int{2, 2}}), In: [][]int{{2, 2, 4, 5}}, Once: once},
		{Name: "overlap", F: call(Pool{Kernel: [2]int{3, 2}, Stride: [2]int{2, 1}, Pad: [2]int{1, 1}}), In: [][]int{{1, 2, 5, 3}}, Once: once},
		{Name: "ceil", F: call(Pool{Kernel: [2]int{3, 2}, Stride: [2]int{2, 2}, Pad: [2]int{1, 0}, Ceil: true, ExcludePad: true}), In: [][]int{{1, 1, 6, 5}}, Once: once},
		{Name: "global", F: call(Pool{Kernel: [2]int{3, 2}}), In: [][]int{{2, 1, 3, 2}}, Once: once},
		{Name: "wrong", F: call(Pool{Kernel: [2]int{4, 4}}), In: [][]int{{1, 2, 3, 3}}, Wrong: true},
	}
}

var _ = tensor.Register(maxPool2d{}, poolCases(MaxPool2D, true)...)
var _ = tensor.Register(avgPool2d{}, poolCases(AvgPool2D, false)...)

var halves = Pool{Kernel: [2]int{2, 2}}.spec(false)

var _ = tensor.Register(poolGrad{},
	tensor.Case{F: func(in []*tensor.Tensor) *tensor.Tensor {
		return tensor.Do(poolGrad{halves, []int{1, 1, 4, 4}}, in[0])
	}, In: [][]int{{1, 1, 2, 2}}},
	tensor.Case{Name: "wrong", F: func(in []*tensor.Tensor) *tensor.Tensor {
		return tensor.Do(poolGrad{halves, []int{1, 1, 4, 4}}, in[0])
	}, In: [][]int{{1, 1, 2, 3}}, Wrong: true})
