package tensor

import "github.com/fathom-ml/fathom/internal/kernel"

// unary is the shape rule of elementwise functions of one float operand.
type unary struct{}

func (unary) Shape(c *Call) []int { c.Float(0); return c.x[0].shape }

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
		return x.Real().Square().Add(x.Imag().Square()).Sqrt()
	}
	return Do(abs{}, x)
}

var _ = RegisterAny(abs{}, unaryCase((*Tensor).Abs))

// sign: -1, 0 or 1
type sign struct{ number }

func (sign) Name() string                            { return "sign" }
func (sign) Run(c *Call)                             { runUnary(c, kernel.Sign) }
func (sign) Grad(n *Node, i int, dy *Tensor) *Tensor { return nil }

// Sign returns -1, 0 or 1 for each element. Its derivative is 0.
func (x *Tensor) Sign() *Tensor { return Do(sign{}, x) }

var _ = RegisterAny(sign{}, unaryCase((*Tensor).Sign))

// exp: y = e^x
type exp struct{ unary }

func (exp) Name() string                            { return "exp" }
func (exp) Run(c *Call)                             { runUnary(c, kernel.Exp); c.SaveOut() }
func (exp) Grad(n *Node, i int, dy *Tensor) *Tensor { return dy.Mul(n.Out()) }

// Exp returns e to the power of each element (2.1).
func (x *Tensor) Exp() *Tensor { return Do(exp{}, x) }

var _ = RegisterAny(exp{}, unaryCase((*Tensor).Exp))

// log: y = ln x
type log struct{ unary }

func (log) Name() string                            { return "log" }
func (log) Run(c *Call)                             { runUnary(c, kernel.Log); c.SaveIn(0) }
func (log) Grad(n *Node, i int, dy *Tensor) *Tensor { return dy.Div(n.In(0)) }

// Log returns the natural logarithm of each element, NaN for negative ones and -Inf for 0.
func (x *Tensor) Log() *Tensor { return Do(log{}, x) }

var _ = RegisterAny(log{}, unaryCase((*Tensor).Log))

// sqrt: y' = 1/(2y)
type sqrt struct{ unary }

func (sqrt) Name() string                            { return "sqrt" }
func (sqrt) Run(c *Call)                             { runUnary(c, kernel.Sqrt); c.SaveOut() }
func (sqrt) Grad(n *Node, i int, dy *Tensor) *Tensor { return dy.MulScalar(0.5).Div(n.Out()) }

// Sqrt returns the square root of each element, NaN for negative ones; its derivative at 0 is infinite.
func (x *Tensor) Sqrt() *Tensor { return Do(sqrt{}, x) }

var _ = RegisterAny(sqrt{}, unaryCase((*Tensor).Sqrt))

// square: y' = 2x
type square struct{ field }

func (square) Name() string                            { return "square" }
func (square) Run(c *Call)                             { runUnary(c, kernel.Square); c.SaveIn(0) }
func (square) Grad(n *Node, i int, dy *Tensor) *Tensor { return dy.Mul(n.In(0)).MulScalar(2) }

// Square returns the square of each element.
func (x *Tensor) Square() *Tensor { return Do(square{}, x) }

var _ = RegisterAny(square{}, unaryCase((*Tensor).Square))

// reciprocal: y' = -y^2
type reciprocal struct{ unary }

func (reciprocal) Name() string { return "reciprocal" }
func (reciprocal) Run(c *Call)  { runUnary(c, kernel.Reciprocal); c.SaveOut() }
func (reciprocal) Grad(n *Node, i int, dy *Tensor) *Tensor {
	return dy.Mul(n.Out().Square()).Neg()
}

// Reciprocal returns 1/x for each element.
func (x *Tensor) Reciprocal() *Tensor { return Do(reciprocal{}, x) }

var _ = RegisterAny(reciprocal{}, unaryCase((*Tensor).Reciprocal))

// sin: y' = cos x
type sin struct{ unary }

func (sin) Name() string                            { return "sin" }
func (sin) Run(c *Call)                             { runUnary(c, kernel.Sin); c.SaveIn(0) }
func (sin) Grad(n *Node, i int, dy *Tensor) *Tensor { return dy.Mul(n.In(0).Cos()) }

// Sin returns the sine of each element, in radians.
func (x *Tensor) Sin() *Tensor { return Do(sin{}, x) }

var _ = RegisterAny(sin{}, unaryCase((*Tensor).Sin))

// cos: y' = -sin x
type cos struct{ unary }

func (cos) Name() string                            { return "cos" }
func (cos) Run(c *Call)                             { runUnary(c, kernel.Cos); c.SaveIn(0) }
func (cos) Grad(n *Node, i int, dy *Tensor) *Tensor { return dy.Mul(n.In(0).Sin()).Neg() }

// Cos returns the cosine of each element, in radians.
func (x *Tensor) Cos() *Tensor { return Do(cos{}, x) }

var _ = RegisterAny(cos{}, unaryCase((*Tensor).Cos))

// unaryCase is the sample of an elementwise function.
func unaryCase(f func(x *Tensor) *Tensor) Case {
	return Case{F: func(in []*Tensor) *Tensor { return f(in[0]) }, In: [][]int{{2, 3}}}
}
