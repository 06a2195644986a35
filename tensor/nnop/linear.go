package nnop

import (
	"slices"

	"github.com/fathom-ml/fathom/internal/kernel"
	"github.com/fathom-ml/fathom/tensor"
)

// linear: y = act(x wᵀ + b). The kernel takes halves as they are.
type linear struct {
	tensor.Moves
	act Activation
}

func (linear) Name() string { return "linear" }

func (linear) Shape(c *tensor.Call) []int {
	c.SameDType()
	c.Float(0)
	x, w := c.In(0), c.In(1)
	if len(x) != 2 || len(w) != 2 || x[1] != w[1] {
		return c.Fail("wants x [batch, in] and w [out, in]", "did you forget FlattenFrom(1)?")
	}
	if c.N() == 3 && !slices.Equal(c.In(2), w[:1]) {
		return c.Fail("the bias must have one number an output", "")
	}
	return c.Dims(x[0], w[0])
}

func (p linear) Run(c *tensor.Call) {
	ep := kernel.Epilogue{Act: kernel.Activation(p.act)}
	if c.N() == 3 {
		ep.Bias = c.X(2).P
	}
	w := c.X(1)
	w.Shape = []int{w.Shape[1], w.Shape[0]}
	w.Strides = []int{w.Strides[1], w.Strides[0]}
	c.Dev().Gemm(c.Y(), c.X(0), w, false, ep)
	c.SaveIn(0, 1)
	if p.act != NoActivation {
		c.SaveOut()
	}
}

// Grad is not called: see GradAll.
func (linear) Grad(*tensor.Node, int, *tensor.Tensor) *tensor.Tensor { return nil }

// GradAll takes the gradient through the activation once for all operands.
func (p linear) GradAll(n *tensor.Node, dys []*tensor.Tensor, want []bool) []*tensor.Tensor {
	dy := dys[0]
	if p.act != NoActivation {
		dy = gradOf(p.act, n, dy, n.Out())
	}
	out := make([]*tensor.Tensor, len(want))
	if want[0] {
		out[0] = dy.MatMul(n.In(1))
	}
	if want[1] {
		out[1] = dy.T().MatMul(n.In(0))
	}
	if len(want) == 3 && want[2] {
		out[2] = dy.Sum(0)
	}
	return out
}

// Linear returns x wᵀ + b. Shapes: x [..., in], w [out, in], b [out] or nil;
// the result is [..., out].
func Linear(x, w, b *tensor.Tensor) *tensor.Tensor { return LinearAct(x, w, b, NoActivation) }

// LinearAct returns act(x wᵀ + b), the activation applied block by block as the product is made. Shapes are those
// of [Linear]. With a gradient to come, GELU is an operation of its own, since its derivative needs x wᵀ + b.
func LinearAct(x, w, b *tensor.Tensor, act Activation) *tensor.Tensor {
	lead := x.Shape()
	if len(lead) != 2 && len(lead) > 0 && w.NDim() == 2 {
		if lead[len(lead)-1] != w.Dim(1) {
			tensor.Misuse("linear", "the last axis of x must be the inputs of w", "", x, w)
		}
		y := LinearAct(x.Reshape(-1, w.Dim(1)), w, b, act)
		return y.Reshape(append(lead[:len(lead)-1], w.Dim(0))...)
	}
	if form := activations[act]; act != NoActivation && form.slope == 0 &&
		(x.Node() != nil || w.Node() != nil || b != nil && b.Node() != nil) {
		return form.apply(LinearAct(x, w, b, NoActivation))
	}
	if b == nil {
		return tensor.Do(linear{act: act}, x, w)
	}
	return tensor.Do(linear{act: act}, x, w, b.Contiguous())
}

var _ = tensor.Register(linear{},
	tensor.Case{Name: "bias", F: func(in []*tensor.Tensor) *tensor.Tensor { return Linear(in[0], in[1], in[2]) }, In: [][]int{{2, 3}, {4, 3}, {4}}},
	tensor.Case{Name: "relu", F: func(in []*tensor.Tensor) *tensor.Tensor { return LinearAct(in[0], in[1], in[2], ActReLU) }, In: [][]int{{2, 3}, {4, 3}, {4}}, Lo: -1, Hi: 1},
	tensor.Case{Name: "sigmoid", F: func(in []*tensor.Tensor) *tensor.Tensor { return LinearAct(in[0], in[1], in[2], ActSigmoid) }, In: [][]int{{2, 3}, {4, 3}, {4}}, Lo: -1, Hi: 1},
	tensor.Case{Name: "tanh", F: func(in []*tensor.Tensor) *tensor.Tensor { return LinearAct(in[0], in[1], nil, ActTanh) }, In: [][]int{{2, 3}, {4, 3}}, Lo: -1, Hi: 1},
	tensor.Case{Name: "gelu", F: func(in []*tensor.Tensor) *tensor.Tensor { return LinearAct(in[0], in[1], in[2], ActGELU) }, In: [][]int{{2, 3}, {4, 3}, {4}}, Lo: -1, Hi: 1},
	tensor.Case{Name: "axes", F: func(in []*tensor.Tensor) *tensor.Tensor { return Linear(in[0], in[1], nil) }, In: [][]int{{2, 2, 3}, {4, 3}}},
	tensor.Case{Name: "wrong", F: func(in []*tensor.Tensor) *tensor.Tensor { return Linear(in[0], in[1], in[2]) }, In: [][]int{{2, 3}, {3, 4}, {4}}, Wrong: true},
	tensor.Case{Name: "bias", F: func(in []*tensor.Tensor) *tensor.Tensor { return Linear(in[0], in[1], in[2]) }, In: [][]int{{2, 3}, {4, 3}, {3}}, Wrong: true})
