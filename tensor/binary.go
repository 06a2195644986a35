package tensor

import "github.com/fathom-ml/fathom/internal/kernel"

// binary is the shape rule of elementwise operations of two operands.
type binary struct{}

func (binary) Shape(c *Call) []int {
	c.Real(0)
	c.SameDType()
	return c.Broadcast()
}

// arithmetic is binary for what complex numbers have too and, sums and products, bools (PyTorch: or, and).
type arithmetic struct{}

func (arithmetic) Shape(c *Call) []int { c.SameDType(); return c.Broadcast() }

// ordered is binary for bools too, which are ordered false, true.
type ordered struct{}

func (ordered) Shape(c *Call) []int {
	if c.x[0].dt == Bool {
		return arithmetic{}.Shape(c)
	}
	return binary{}.Shape(c)
}

func runArithmetic(c *Call, op, onBool kernel.BinaryOp) {
	if c.dt == Bool {
		op = onBool
	}
	runBinary(c, op)
}

func runBinary(c *Call, op kernel.BinaryOp) {
	if !c.same || !flatBinary(op, c.y, c.x[0], c.x[1]) {
		c.Dev().Binary(op, c.Y(), c.XB(0), c.XB(1))
	}
}

// flatBinary is y = op(a, b), of one shape, if they are few elements without gaps: views would cost more than the work.
func flatBinary(op kernel.BinaryOp, y, a, b *Tensor) bool {
	const few = 4096 // bytes
	if y.buf.n > few || !y.IsContiguous() || !a.IsContiguous() || !b.IsContiguous() {
		return false
	}
	device.BinaryRun(op, a.dt, y.first(), a.first(), b.first(), y.Size())
	return true
}

// add: y = a + b
type add struct{ arithmetic }

func (add) Name() string                            { return "add" }
func (add) Run(c *Call)                             { runArithmetic(c, kernel.Add, kernel.Or) }
func (add) Grad(n *Node, i int, dy *Tensor) *Tensor { return dy }

// Add returns x + y, elementwise, broadcast (2.1). The sum of bools is their or.
func (x *Tensor) Add(y *Tensor) *Tensor { return promoted(add{}, x, y) }

var _ = Register(add{}, binaryCases((*Tensor).Add)...)

// sub: y = a - b
type sub struct{ arithmetic }

func (sub) Name() string { return "sub" }
func (p sub) Shape(c *Call) []int {
	if c.x[0].dt == Bool {
		c.Fail("wants numbers, got bool", "use Ne for the exclusive or, or AsType")
	}
	return p.arithmetic.Shape(c)
}
func (sub) Run(c *Call) { runBinary(c, kernel.Sub) }
func (sub) Grad(n *Node, i int, dy *Tensor) *Tensor {
	if i == 1 {
		return dy.Neg()
	}
	return dy
}

// Sub returns x - y, elementwise, broadcast.
func (x *Tensor) Sub(y *Tensor) *Tensor { return promoted(sub{}, x, y) }

var _ = Register(sub{}, binaryCases((*Tensor).Sub)...)

// mul: y = a * b
type mul struct{ arithmetic }

func (mul) Name() string                            { return "mul" }
func (mul) Run(c *Call)                             { runArithmetic(c, kernel.Mul, kernel.And); c.SaveIn(0, 1) }
func (mul) Grad(n *Node, i int, dy *Tensor) *Tensor { return dy.Mul(n.In(1 - i)) }

// Mul returns x * y, elementwise (the Hadamard product), broadcast (2.3). The product of bools is their and.
func (x *Tensor) Mul(y *Tensor) *Tensor { return promoted(mul{}, x, y) }

var _ = Register(mul{}, append(binaryCases((*Tensor).Mul),
	Case{Name: "itself", F: func(in []*Tensor) *Tensor { return in[0].Mul(in[0]) }, In: [][]int{{3}}})...)

// div: y = a / b
type div struct{ arithmetic }

func (div) Name() string { return "div" }
func (div) Run(c *Call)  { runBinary(c, kernel.Div); c.SaveIn(0, 1) }
func (div) Grad(n *Node, i int, dy *Tensor) *Tensor {
	q := dy.Div(n.In(1))
	if i == 1 {
		return q.Mul(n.In(0).Div(n.In(1))).Neg()
	}
	return q
}

// Div returns x / y, elementwise, broadcast. Two integer tensors are divided as float32.
func (x *Tensor) Div(y *Tensor) *Tensor { return promotedFloats(div{}, x, y) }

var _ = Register(div{}, binaryCases((*Tensor).Div)...)

// pow: y = a^b
type pow struct{ binary }

func (pow) Name() string { return "pow" }
func (pow) Run(c *Call)  { runBinary(c, kernel.Pow); c.SaveIn(0, 1); c.SaveOut() }
func (pow) Grad(n *Node, i int, dy *Tensor) *Tensor {
	a, b := n.In(0), n.In(1)
	size := a.Detach().Abs() // below, 0 where the formula would be 0 times infinity
	if i == 0 {              // b a^(b-1), 0 at 0^0
		a = Where(size.Add(b.Detach().Abs()).EqScalar(0), a.like(1), a)
		return dy.Mul(b).Mul(a.Pow(b.SubScalar(1)))
	}
	// y ln a, 0 at a = 0 unless b < 0
	a = Where(size.Add(b.Detach().Neg().ReLU()).EqScalar(0), a.like(1), a)
	return dy.Mul(n.Out()).Mul(a.Log())
}

// Pow returns x to the power y, elementwise, broadcast. The derivative with respect to x
// at 0⁰ is 0, as is that with respect to y where x = 0 and y >= 0.
func (x *Tensor) Pow(y *Tensor) *Tensor { return promoted(pow{}, x, y) }

var _ = Register(pow{}, binaryCases((*Tensor).Pow)...)

// maximum: the larger of a and b; equal operands share the gradient.
type maximum struct{ ordered }

func (maximum) Name() string { return "maximum" }
func (maximum) Run(c *Call)  { runArithmetic(c, kernel.Maximum, kernel.Or); c.SaveIn(0, 1) }
func (maximum) Grad(n *Node, i int, dy *Tensor) *Tensor {
	return dy.Mul(share(n.In(i).Detach(), n.In(1-i).Detach()))
}

// Maximum returns the larger of x and y, elementwise, broadcast; NaN if either is NaN.
// Equal operands share the gradient.
func (x *Tensor) Maximum(y *Tensor) *Tensor { return promoted(maximum{}, x, y) }

var _ = Register(maximum{}, binaryCases((*Tensor).Maximum)...)

// minimum: the smaller of a and b; equal operands share the gradient.
type minimum struct{ ordered }

func (minimum) Name() string { return "minimum" }
func (minimum) Run(c *Call)  { runArithmetic(c, kernel.Minimum, kernel.And); c.SaveIn(0, 1) }
func (minimum) Grad(n *Node, i int, dy *Tensor) *Tensor {
	return dy.Mul(share(n.In(1-i).Detach(), n.In(i).Detach()))
}

// Minimum returns the smaller of x and y, elementwise, broadcast; NaN if either is NaN.
// Equal operands share the gradient.
func (x *Tensor) Minimum(y *Tensor) *Tensor { return promoted(minimum{}, x, y) }

var _ = Register(minimum{}, binaryCases((*Tensor).Minimum)...)

// share is 1 where a > b, 1/2 where a == b, else 0.
func share(a, b *Tensor) *Tensor {
	return a.Gt(b).AsType(a.dt).Add(a.Eq(b).AsType(a.dt).MulScalar(0.5))
}

// binaryCases are the samples of an elementwise operation.
func binaryCases(f func(x, y *Tensor) *Tensor) []Case {
	call := func(in []*Tensor) *Tensor { return f(in[0], in[1]) }
	return []Case{
		{Name: "same", F: call, In: [][]int{{2, 3}, {2, 3}}},
		{Name: "rows", F: call, In: [][]int{{2, 3}, {3}}},
		{Name: "outer", F: call, In: [][]int{{2, 1, 3}, {4, 1}}},
		{Name: "scalar", F: call, In: [][]int{{}, {2, 2}}},
		{Name: "wrong", F: call, In: [][]int{{2, 3}, {2}}, Wrong: true},
	}
}
