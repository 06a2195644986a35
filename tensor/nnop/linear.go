package nnop

import (
	"slices"

	"github.com/fathom-ml/fathom/internal/kernel"
	"github.com/fathom-ml/fathom/tensor"
)

// linear: y = x wᵀ + b
type linear struct{}

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

func (linear) Run(c *tensor.Call) {
	var ep kernel.Epilogue
	if c.N() == 3 {
		ep.Bias = c.X(2).P
	}
	w := c.X(1)
	w.Shape = []int{w.Shape[1], w.Shape[0]}
	w.Strides = []int{w.Strides[1], w.Strides[0]}
	c.Dev().Gemm(c.Y(), c.X(0), w, false, ep)
	c.SaveIn(0, 1)
}

func (linear) Grad(n *tensor.Node, i int, dy *tensor.Tensor) *tensor.Tensor {
	switch i {
	case 0:
		return dy.MatMul(n.In(1))
	case 1:
		return dy.T().MatMul(n.In(0))
	}
	return dy.Sum(0)
}

// Linear returns x wᵀ + b. Shapes: x [..., in], w [out, in], b [out] or nil;
// the result is [..., out].
func Linear(x, w, b *tensor.Tensor) *tensor.Tensor {
	lead := x.Shape()
	if len(lead) != 2 && len(lead) > 0 && w.NDim() == 2 {
		if lead[len(lead)-1] != w.Dim(1) {
			tensor.Misuse("linear", "the last axis of x must be the inputs of w", "", x, w)
		}
		y := Linear(x.Reshape(-1, w.Dim(1)), w, b)
		return y.Reshape(append(lead[:len(lead)-1], w.Dim(0))...)
	}
	if b == nil {
		return tensor.Do(linear{}, x, w)
	}
	return tensor.Do(linear{}, x, w, b.Contiguous())
}

var _ = tensor.Register(linear{},
	tensor.Case{Name: "bias", F: func(in []*tensor.Tensor) *tensor.Tensor { return Linear(in[0], in[1], in[2]) }, In: [][]int{{2, 3}, {4, 3}, {4}}},
	tensor.Case{Name: "axes", F: func(in []*tensor.Tensor) *tensor.Tensor { return Linear(in[0], in[1], nil) }, In: [][]int{{2, 2, 3}, {4, 3}}},
	tensor.Case{Name: "wrong", F: func(in []*tensor.Tensor) *tensor.Tensor { return Linear(in[0], in[1], in[2]) }, In: [][]int{{2, 3}, {3, 4}, {4}}, Wrong: true},
	tensor.Case{Name: "bias", F: func(in []*tensor.Tensor) *tensor.Tensor { return Linear(in[0], in[1], in[2]) }, In: [][]int{{2, 3}, {4, 3}, {3}}, Wrong: true})
