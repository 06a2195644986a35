package tensor

import (
	"math"

	"github.com/fathom-ml/fathom/internal/kernel"
)

// fn2 is an elementwise function of two operands that is one kernel code.
type fn2 struct{ op kernel.BinaryOp }

type rule2 func(g, a, b *Tensor) *Tensor

// fn2s gives each function its name and the gradients of its operands a and b from that of the result, g.
var fn2s = [...]struct {
	name string
	grad [2]rule2
}{
	kernel.FloorDivide: {"floorDivide", [2]rule2{}},
	kernel.Remainder: {"remainder", [2]rule2{func(g, a, b *Tensor) *Tensor { return g },
		func(g, a, b *Tensor) *Tensor { return g.Mul(a.Detach().FloorDivide(b.Detach())).Neg() }}},
	kernel.Fmod: {"fmod", [2]rule2{func(g, a, b *Tensor) *Tensor { return g },
		func(g, a, b *Tensor) *Tensor { return g.Mul(a.Detach().Div(b.Detach()).Trunc()).Neg() }}},
	kernel.Atan2: {"atan2", [2]rule2{func(g, a, b *Tensor) *Tensor { return g.Mul(b).Div(a.Square().Add(b.Square())) },
		func(g, a, b *Tensor) *Tensor { return g.Mul(a).Div(a.Square().Add(b.Square())).Neg() }}},
	kernel.Hypot: {"hypot", [2]rule2{func(g, a, b *Tensor) *Tensor { return g.Mul(a.Div(a.Hypot(b))) },
		func(g, a, b *Tensor) *Tensor { return g.Mul(b.Div(a.Hypot(b))) }}},
	kernel.LogAddExp: {"logAddExp", [2]rule2{func(g, a, b *Tensor) *Tensor { return g.Mul(a.Sub(b).Sigmoid()) },
		func(g, a, b *Tensor) *Tensor { return g.Mul(b.Sub(a).Sigmoid()) }}},
	kernel.LogAddExp2: {"logAddExp2", [2]rule2{func(g, a, b *Tensor) *Tensor { return g.Mul(a.Sub(b).MulScalar(math.Ln2).Sigmoid()) },
		func(g, a, b *Tensor) *Tensor { return g.Mul(b.Sub(a).MulScalar(math.Ln2).Sigmoid()) }}},
	kernel.CopySign: {"copySign", [2]rule2{func(g, a, b *Tensor) *Tensor { // 1 or -1, 0 at 0
		return g.Mul(a.Detach().Sign().Mul(a.like(1).CopySign(b.Detach())))
	}}},
	kernel.Xlogy: {"xlogy", [2]rule2{func(g, a, b *Tensor) *Tensor { // log b, 0 where a is 0 and there is no logarithm
		return Where(a.Detach().EqScalar(0).Mul(b.Detach().LeScalar(0)), g.like(0), g.Xlogy(b))
	}, func(g, a, b *Tensor) *Tensor { return g.Mul(a).Div(b) }}},
}

func (f fn2) Name() string      { return fn2s[f.op].name }
func (fn2) Shape(c *Call) []int { return binary{}.Shape(c) }

func (f fn2) Run(c *Call) {
	if runBinary(c, f.op); fn2s[f.op].grad[0] != nil {
		c.SaveIn(0, 1)
	}
}

func (f fn2) Grad(n *Node, i int, dy *Tensor) *Tensor {
	if rule := fn2s[f.op].grad[i]; rule != nil {
		return rule(dy, n.In(0), n.In(1))
	}
	return nil
}

func init() {
	for code, f := range fn2s {
		if f.name != "" {
			op := fn2{kernel.BinaryOp(code)}
			Register(op, binaryCases(func(x, y *Tensor) *Tensor { return Do(op, x, y) })...)
		}
	}
	for _, f := range intFns {
		Register(f, Case{Name: "wrong", F: func(in []*Tensor) *Tensor { return Do(f, in[0], in[1]) }, In: [][]int{{2, 3}, {2}}, Wrong: true})
	}
}

// FloorDivide returns the largest whole number not above x/y, elementwise, broadcast: // in Python. An integer
// divided by 0 gives 0, as in NumPy. There is no gradient.
func (x *Tensor) FloorDivide(y *Tensor) *Tensor { return promoted(fn2{kernel.FloorDivide}, x, y) }

// Remainder returns x - y*FloorDivide(x, y), which has the sign of y: % in Python. An integer divided by 0 leaves 0.
func (x *Tensor) Remainder(y *Tensor) *Tensor { return promoted(fn2{kernel.Remainder}, x, y) }

// Fmod returns the rest of the division rounded toward zero, which has the sign of x: % in Go and C. An integer
// divided by 0 leaves 0.
func (x *Tensor) Fmod(y *Tensor) *Tensor { return promoted(fn2{kernel.Fmod}, x, y) }

// Atan2 returns the angle of the point with ordinate y (the receiver) and abscissa x, from -π to π.
func (y *Tensor) Atan2(x *Tensor) *Tensor { return promotedFloats(fn2{kernel.Atan2}, y, x) }

// Hypot returns sqrt(x² + y²) without overflow. Its gradient at (0, 0) is NaN, as in PyTorch.
func (x *Tensor) Hypot(y *Tensor) *Tensor { return promotedFloats(fn2{kernel.Hypot}, x, y) }

// LogAddExp returns log(e^x + e^y) without overflow.
func (x *Tensor) LogAddExp(y *Tensor) *Tensor { return promotedFloats(fn2{kernel.LogAddExp}, x, y) }

// LogAddExp2 returns log2(2^x + 2^y) without overflow.
func (x *Tensor) LogAddExp2(y *Tensor) *Tensor { return promotedFloats(fn2{kernel.LogAddExp2}, x, y) }

// CopySign returns |x| with the sign of y, that of a zero included. Its derivative at x = 0 is 0.
func (x *Tensor) CopySign(y *Tensor) *Tensor { return promotedFloats(fn2{kernel.CopySign}, x, y) }

// Xlogy returns x log y, 0 where x is 0 unless y is NaN.
func (x *Tensor) Xlogy(y *Tensor) *Tensor { return promotedFloats(fn2{kernel.Xlogy}, x, y) }

// FMax returns the larger of x and y, elementwise, broadcast; a number if one of them is NaN. Equal
// operands: the gradient is x's.
func (x *Tensor) FMax(y *Tensor) *Tensor { return Where(x.Ge(y).Add(y.IsNaN()), x, y) }

// FMin returns the smaller of x and y, elementwise, broadcast; a number if one of them is NaN. Equal
// operands: the gradient is x's.
func (x *Tensor) FMin(y *Tensor) *Tensor { return Where(x.Le(y).Add(y.IsNaN()), x, y) }

// Heaviside returns 0 where x < 0, 1 where x > 0, and h where x is 0. There is no gradient for x.
func (x *Tensor) Heaviside(h *Tensor) *Tensor {
	return Where(x.EqScalar(0), h, x.GtScalar(0).AsType(ResultTypeOf(x, h)))
}

// Lerp returns x + w*(y-x): x for w = 0, y for w = 1.
func (x *Tensor) Lerp(y *Tensor, w float64) *Tensor {
	if w < 0.5 {
		return x.Add(y.Sub(x).MulScalar(w))
	}
	return y.Sub(y.Sub(x).MulScalar(1 - w))
}

// addCMul: y = x + v a b of floats, in one pass
type addCMul struct {
	binary
	V float64
}

func (addCMul) Name() string { return "addCMul" }
func (p addCMul) Run(c *Call) {
	c.Dev().MulAdd(c.Y(), c.XB(0), c.XB(1), c.XB(2), p.V)
	c.SaveIn(1, 2)
}
func (p addCMul) Grad(n *Node, i int, dy *Tensor) *Tensor {
	if i == 0 {
		return dy
	}
	return dy.Mul(n.In(3 - i)).MulScalar(p.V)
}

var _ = Register(addCMul{}, binaryCases(func(x, y *Tensor) *Tensor { return x.AddCMul(y, x, 0.7) })...)

// AddCMul returns x + v*a*b, elementwise, broadcast.
func (x *Tensor) AddCMul(a, b *Tensor, v float64) *Tensor {
	if x.dt == a.dt && a.dt == b.dt && (x.dt == Float32 || x.dt == Float64) {
		return Do(addCMul{V: v}, x, a, b)
	}
	return x.Add(a.Mul(b).MulScalar(v))
}

// AddCDiv returns x + v*a/b.
func (x *Tensor) AddCDiv(a, b *Tensor, v float64) *Tensor { return x.Add(a.Div(b).MulScalar(v)) }

// intFn is a function of two integers; the bitwise ones take bools too.
type intFn struct {
	op   kernel.BinaryOp
	name string
}

var intFns = []intFn{
	{kernel.And, "bitwiseAnd"}, {kernel.Or, "bitwiseOr"}, {kernel.Xor, "bitwiseXor"},
	{kernel.LeftShift, "leftShift"}, {kernel.RightShift, "rightShift"}, {kernel.Gcd, "gcd"}, {kernel.Lcm, "lcm"},
}

func (f intFn) Name() string                          { return f.name }
func (intFn) ResultType(c *Call) DType                { return c.dt }
func (intFn) Grad(n *Node, i int, dy *Tensor) *Tensor { return nil }
func (f intFn) Shape(c *Call) []int {
	c.integers(f.op <= kernel.Xor)
	c.SameDType()
	return c.Broadcast()
}
func (f intFn) Run(c *Call) {
	if c.dt == Bool && f.op == kernel.Xor {
		f.op = kernel.Ne
	}
	runBinary(c, f.op)
}

// integers fails unless the first operand holds integers, or bools where they will do.
func (c *Call) integers(bools bool) {
	if dt := c.x[0].dt; kindOf(dt) > kindInt || dt == Bool && !bools {
		c.Fail("wants integers, got "+dt.String(), "use AsType")
	}
}

// BitwiseAnd returns x & y of integers or bools, elementwise, broadcast.
func (x *Tensor) BitwiseAnd(y *Tensor) *Tensor { return promoted(intFns[0], x, y) }

// BitwiseOr returns x | y of integers or bools.
func (x *Tensor) BitwiseOr(y *Tensor) *Tensor { return promoted(intFns[1], x, y) }

// BitwiseXor returns the exclusive or of integers or bools.
func (x *Tensor) BitwiseXor(y *Tensor) *Tensor { return promoted(intFns[2], x, y) }

// LeftShift returns x << y of integers, 0 where y is negative or no less than the width.
func (x *Tensor) LeftShift(y *Tensor) *Tensor { return promoted(intFns[3], x, y) }

// RightShift returns x >> y of integers, which keeps the sign; 0 or -1 where y is negative or no less than the width.
func (x *Tensor) RightShift(y *Tensor) *Tensor { return promoted(intFns[4], x, y) }

// Gcd returns the greatest common divisor of integers.
func (x *Tensor) Gcd(y *Tensor) *Tensor { return promoted(intFns[5], x, y) }

// Lcm returns the least common multiple of integers.
func (x *Tensor) Lcm(y *Tensor) *Tensor { return promoted(intFns[6], x, y) }

// not: the other value of bools, every bit of integers
type not struct{}

func (not) Name() string                            { return "bitwiseNot" }
func (not) ResultType(c *Call) DType                { return c.dt }
func (not) Shape(c *Call) []int                     { c.integers(true); return c.x[0].shape }
func (not) Run(c *Call)                             { runUnary(c, kernel.Not) }
func (not) Grad(n *Node, i int, dy *Tensor) *Tensor { return nil }

var _ = RegisterAny(not{})

// BitwiseNot inverts every bit of integers, and bools.
func (x *Tensor) BitwiseNot() *Tensor { return Do(not{}, x) }

// LogicalNot returns x == 0, as bools. In this and the other logical functions numbers are true unless they are 0.
func (x *Tensor) LogicalNot() *Tensor { return x.AsType(Bool).BitwiseNot() }

// LogicalAnd says where both x and y are true, broadcast.
func (x *Tensor) LogicalAnd(y *Tensor) *Tensor { return x.AsType(Bool).BitwiseAnd(y.AsType(Bool)) }

// LogicalOr says where x or y is true, or both, broadcast.
func (x *Tensor) LogicalOr(y *Tensor) *Tensor { return x.AsType(Bool).BitwiseOr(y.AsType(Bool)) }

// LogicalXor says where one of x and y is true, but not both, broadcast.
func (x *Tensor) LogicalXor(y *Tensor) *Tensor { return x.AsType(Bool).Ne(y.AsType(Bool)) }
