package tensor

import "github.com/fathom-ml/fathom/internal/kernel"

// unary is the shape rule of elementwise functions of one float operand; their methods call floats first.
type unary struct{}

func (unary) Shape(c *Call) []int { c.Float(0); return c.x[0].shape }

// floats is x, integers and bools as float32.
func (x *Tensor) floats() *Tensor {
	if x != nil && kindOf(x.dt) <= kindInt {
		return x.AsType(Float32)
	}
	return x
}

// number is the same for functions that integers have too.
type number struct{}

func (number) Shape(c *Call) []int { c.Real(0); return c.x[0].shape }

// field is the same for functions that complex numbers have as well.
type field struct{}

func (field) Shape(c *Call) []int {
	if c.x[0].dt == Bool {
		c.Fail("wants numbers, got bool", "use AsType(tensor.Float32)")
	}
	return c.x[0].shape
}

func runUnary(c *Call, op kernel.UnaryOp) { c.Dev().Unary(op, c.Y(), c.X(0)) }

// neg: y = -x
type neg struct{ field }

func (neg) Name() string                            { return "neg" }
func (neg) Run(c *Call)                             { runUnary(c, kernel.Neg) }
func (neg) Grad(n *Node, i int, dy *Tensor) *Tensor { return dy.Neg() }

// Neg returns -x.
func (x *Tensor) Neg() *Tensor { return Do(neg{}, x) }

var _ = RegisterAny(neg{}, unaryCase((*Tensor).Neg))

// abs: y = |x|
type abs struct{ number }

func (abs) Name() string                            { return "abs" }
func (abs) Run(c *Call)                             { runUnary(c, kernel.Abs); c.SaveIn(0) }
func (abs) Grad(n *Node, i int, dy *Tensor) *Tensor { return dy.Mul(n.In(0).Sign()) }

// Abs returns the absolute value of each element, a real number also for a complex one; its derivative at 0 is 0.
func (x *Tensor) Abs() *Tensor {
	if x.dt.IsComplex() {
		return x.Real().Hypot(x.Imag())
	}
	return Do(abs{}, x)
}

var _ = RegisterAny(abs{}, unaryCase((*Tensor).Abs))

// sign: -1, 0 or 1
type sign struct{ number }

func (sign) Name() string                            { return "sign" }
func (sign) Run(c *Call)                             { runUnary(c, kernel.Sign) }
func (sign) Grad(n *Node, i int, dy *Tensor) *Tensor { return nil }

// Sign returns -1, 0 or 1 for each element, NaN for NaN (as NumPy; PyTorch gives 0). Its derivative is 0.
func (x *Tensor) Sign() *Tensor { return Do(sign{}, x) }

var _ = RegisterAny(sign{}, unaryCase((*Tensor).Sign))

// square: y' = 2x
type square struct{ field }

func (square) Name() string                            { return "square" }
func (square) Run(c *Call)                             { runUnary(c, kernel.Square); c.SaveIn(0) }
func (square) Grad(n *Node, i int, dy *Tensor) *Tensor { return dy.Mul(n.In(0)).MulScalar(2) }

// Square returns the square of each element.
func (x *Tensor) Square() *Tensor { return Do(square{}, x) }

var _ = RegisterAny(square{}, unaryCase((*Tensor).Square))

// unaryCase is the sample of an elementwise function.
func unaryCase(f func(x *Tensor) *Tensor) Case {
	return Case{F: func(in []*Tensor) *Tensor { return f(in[0]) }, In: [][]int{{2, 3}}}
}
