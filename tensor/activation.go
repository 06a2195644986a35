package tensor

import "github.com/fathom-ml/fathom/internal/kernel"

// sigmoid: y = 1/(1+e^-x), y' = y(1-y)
type sigmoid struct{ unary }

func (sigmoid) Name() string { return "sigmoid" }
func (sigmoid) Run(c *Call)  { runUnary(c, kernel.Sigmoid); c.SaveOut() }
func (sigmoid) Grad(n *Node, i int, dy *Tensor) *Tensor {
	return Do(sigmoidGrad{}, dy, n.Out())
}

// sigmoidGrad: dx = dy y (1-y)
type sigmoidGrad struct{ binary }

func (sigmoidGrad) Name() string { return "sigmoidGrad" }
func (sigmoidGrad) Run(c *Call)  { runBinary(c, kernel.SigmoidGrad); c.SaveIn(0, 1) }
func (sigmoidGrad) Grad(n *Node, i int, g *Tensor) *Tensor {
	if i == 0 {
		return Do(sigmoidGrad{}, g, n.In(1))
	}
	return g.Mul(n.In(0)).Mul(n.In(1).MulScalar(-2).AddScalar(1))
}

// Sigmoid returns 1/(1+e^-x) for each element (4.1).
func (x *Tensor) Sigmoid() *Tensor { return Do(sigmoid{}, x) }

var _ = RegisterAny(sigmoid{}, unaryCase((*Tensor).Sigmoid))
var _ = Register(sigmoidGrad{}, binaryCases(func(x, y *Tensor) *Tensor { return Do(sigmoidGrad{}, x, y) })...)

// tanh: y' = 1 - y^2
type tanh struct{ unary }

func (tanh) Name() string { return "tanh" }
func (tanh) Run(c *Call)  { runUnary(c, kernel.Tanh); c.SaveOut() }
func (tanh) Grad(n *Node, i int, dy *Tensor) *Tensor {
	return Do(tanhGrad{}, dy, n.Out())
}

// tanhGrad: dx = dy (1-y^2)
type tanhGrad struct{ binary }

func (tanhGrad) Name() string { return "tanhGrad" }
func (tanhGrad) Run(c *Call)  { runBinary(c, kernel.TanhGrad); c.SaveIn(0, 1) }
func (tanhGrad) Grad(n *Node, i int, g *Tensor) *Tensor {
	if i == 0 {
		return Do(tanhGrad{}, g, n.In(1))
	}
	return g.Mul(n.In(0)).Mul(n.In(1)).MulScalar(-2)
}

// Tanh returns the hyperbolic tangent of each element (4.1).
func (x *Tensor) Tanh() *Tensor { return Do(tanh{}, x) }

var _ = RegisterAny(tanh{}, unaryCase((*Tensor).Tanh))
var _ = Register(tanhGrad{}, binaryCases(func(x, y *Tensor) *Tensor { return Do(tanhGrad{}, x, y) })...)

// relu: y = max(x, 0)
type relu struct{ unary }

func (relu) Name() string                            { return "relu" }
func (relu) Run(c *Call)                             { runUnary(c, kernel.ReLU); c.SaveOut() }
func (relu) Grad(n *Node, i int, dy *Tensor) *Tensor { return Do(reluGrad{}, dy, n.Out()) }

// reluGrad: dx = dy where y > 0, else 0; no gradient reaches the mask.
type reluGrad struct{ binary }

func (reluGrad) Name() string { return "reluGrad" }
func (reluGrad) Run(c *Call)  { runBinary(c, kernel.ReLUGrad); c.SaveIn(1) }
func (reluGrad) Grad(n *Node, i int, g *Tensor) *Tensor {
	if i == 0 {
		return Do(reluGrad{}, g, n.In(1))
	}
	return nil
}

// ReLU returns max(x, 0) for each element; its derivative at 0 is 0 (4.1).
func (x *Tensor) ReLU() *Tensor { return Do(relu{}, x) }

var _ = RegisterAny(relu{},
	Case{F: func(in []*Tensor) *Tensor { return in[0].ReLU() }, In: [][]int{{2, 3}}, Lo: -1, Hi: 1})
var _ = Register(reluGrad{}, binaryCases(func(x, y *Tensor) *Tensor { return Do(reluGrad{}, x, y) })...)
