package nnop

import (
	"github.com/fathom-ml/fathom/internal/kernel"
	"github.com/fathom-ml/fathom/tensor"
)

// Activation names a function that a fused operation applies to its result while that is still in cache.
type Activation uint8

// The activations.
const (
	NoActivation Activation = iota
	ActReLU
	ActSigmoid
	ActTanh
	ActGELU
	ActGELUTanh
)

// activations gives each activation its form as an operation of its own and, where the result y tells the derivative,
// the kernel of dy f'(y) and the derivative of f' by y.
var activations = [...]struct {
	apply func(x *tensor.Tensor) *tensor.Tensor
	slope kernel.BinaryOp // 0: x is needed
	bend  func(y *tensor.Tensor) *tensor.Tensor
}{
	NoActivation: {apply: func(x *tensor.Tensor) *tensor.Tensor { return x }},
	ActReLU:      {apply: (*tensor.Tensor).ReLU, slope: kernel.ReLUGrad},
	ActSigmoid:   {(*tensor.Tensor).Sigmoid, kernel.SigmoidGrad, func(y *tensor.Tensor) *tensor.Tensor { return y.Affine(-2, 1) }},
	ActTanh:      {(*tensor.Tensor).Tanh, kernel.TanhGrad, func(y *tensor.Tensor) *tensor.Tensor { return y.MulScalar(-2) }},
	ActGELU:      {apply: (*tensor.Tensor).GELU},
	ActGELUTanh:  {apply: (*tensor.Tensor).GELUTanh},
}

// actGrad: dx = dy f'(x), computed from y = f(x)
type actGrad struct{ act Activation }

func (actGrad) Name() string               { return "actGrad" }
func (actGrad) Shape(c *tensor.Call) []int { c.SameDType(); return c.Broadcast() }
func (p actGrad) Run(c *tensor.Call) {
	c.Dev().Binary(activations[p.act].slope, c.Y(), c.XB(0), c.XB(1))
	c.SaveIn(0, 1)
}
func (p actGrad) Grad(n *tensor.Node, i int, g *tensor.Tensor) *tensor.Tensor {
	bend := activations[p.act].bend
	switch {
	case i == 0:
		return tensor.Do(p, g, n.In(1))
	case bend == nil:
		return nil
	}
	return g.Mul(n.In(0)).Mul(bend(n.In(1)))
}

// gradOf is dy times the derivative of act, where y is its result, in dy's memory if n spares it.
func gradOf(act Activation, n *tensor.Node, dy, y *tensor.Tensor) *tensor.Tensor {
	switch {
	case act == NoActivation:
		return dy
	case n == nil || !n.Spare(dy):
		return tensor.Do(actGrad{act}, dy, y)
	}
	tensor.Write("actGrad", dy, []*tensor.Tensor{y}, func(d kernel.Device, dy kernel.View, in []kernel.View) {
		d.Binary(activations[act].slope, dy, dy, in[0])
	})
	return dy
}

var _ = tensor.Register(actGrad{ActTanh},
	tensor.Case{Name: "relu", F: func(in []*tensor.Tensor) *tensor.Tensor { return gradOf(ActReLU, nil, in[0], in[1]) }, In: [][]int{{2, 3}, {2, 3}}},
	tensor.Case{Name: "sigmoid", F: func(in []*tensor.Tensor) *tensor.Tensor { return gradOf(ActSigmoid, nil, in[0], in[1]) }, In: [][]int{{2, 3}, {2, 3}}},
	tensor.Case{Name: "tanh", F: func(in []*tensor.Tensor) *tensor.Tensor { return gradOf(ActTanh, nil, in[0], in[1]) }, In: [][]int{{2, 3}, {2, 3}}},
	tensor.Case{Name: "wrong", F: func(in []*tensor.Tensor) *tensor.Tensor { return gradOf(ActTanh, nil, in[0], in[1]) }, In: [][]int{{2, 3}, {2, 4}}, Wrong: true})
