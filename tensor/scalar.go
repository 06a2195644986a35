package tensor

import (
	"fmt"
	"math"

	"github.com/fathom-ml/fathom/internal/kernel"
)

// affine: y = m x + c
type affine struct {
	field
	M, C float64
}

func (affine) Name() string                              { return "affine" }
func (p affine) Run(c *Call)                             { c.Dev().Affine(c.Y(), c.X(0), p.M, p.C) }
func (p affine) Grad(n *Node, i int, dy *Tensor) *Tensor { return dy.MulScalar(p.M) }

var _ = RegisterAny(affine{}, unaryCase(func(x *Tensor) *Tensor { return x.Affine(3, 1) }))

// Affine returns m*x + c for each element, in one pass.
func (x *Tensor) Affine(m, c float64) *Tensor {
	return Do(affine{M: m, C: c}, x.scalarHome(m).scalarHome(c))
}

// wantInt refuses a fraction as operand of an integer tensor.
func (x *Tensor) wantInt(op string, v float64) {
	if kindOf(x.dt) >= kindFloat {
		return
	}
	if v != math.Trunc(v) || math.IsInf(v, 0) {
		Misuse(op, fmt.Sprintf("%v does not fit %v", v, x.dt), "use AsType(tensor.Float32)", x)
	}
}

// scalar is f of x and v, both in the dtype in which they meet.
func (x *Tensor) scalar(v float64, f func(x, y *Tensor) *Tensor) *Tensor {
	x = x.scalarHome(v)
	return f(x, x.like(v))
}

// AddScalar returns x + v for each element. In this and the other scalar forms an integer tensor stays one
// unless v is a fraction; then it becomes float32 (see [PromoteTypes]).
func (x *Tensor) AddScalar(v float64) *Tensor { return x.Affine(1, v) }

// SubScalar returns x - v.
func (x *Tensor) SubScalar(v float64) *Tensor { return x.Affine(1, -v) }

// MulScalar returns x * v.
func (x *Tensor) MulScalar(v float64) *Tensor { return x.Affine(v, 0) }

// DivScalar returns x / v. Integers are divided as float32.
func (x *Tensor) DivScalar(v float64) *Tensor {
	x = x.scalarHome(0.5) // a float
	return x.Div(x.like(v))
}

// RSubScalar returns v - x.
func (x *Tensor) RSubScalar(v float64) *Tensor { return x.Affine(-1, v) }

// RDivScalar returns v / x. Integers divide as float32.
func (x *Tensor) RDivScalar(v float64) *Tensor {
	if x = x.floats(); v == 1 {
		return x.Reciprocal()
	}
	return x.like(v).Div(x)
}

// RPowScalar returns v to the power x.
func (x *Tensor) RPowScalar(v float64) *Tensor {
	return x.scalar(v, func(x, y *Tensor) *Tensor { return y.Pow(x) })
}

// FloorDivideScalar returns the largest whole number not above x/v. Integers divided by 0 give 0.
func (x *Tensor) FloorDivideScalar(v float64) *Tensor { return x.scalar(v, (*Tensor).FloorDivide) }

// RemainderScalar returns x - v*FloorDivideScalar(x, v), which has the sign of v.
func (x *Tensor) RemainderScalar(v float64) *Tensor { return x.scalar(v, (*Tensor).Remainder) }

// FmodScalar returns the rest of the division of x by v rounded toward zero, which has the sign of x.
func (x *Tensor) FmodScalar(v float64) *Tensor { return x.scalar(v, (*Tensor).Fmod) }

// PowScalar returns x to the power v. It panics if x holds integers and v is a negative integer.
func (x *Tensor) PowScalar(v float64) *Tensor {
	switch v {
	case 2:
		return x.Square()
	case 0.5:
		return x.Sqrt()
	}
	x = x.scalarHome(v)
	if v < 0 && !x.dt.IsFloat() {
		Misuse("pow", fmt.Sprintf("an integer to the negative power %v", v), "use AsType(tensor.Float32)", x)
	}
	return Do(powScalar{P: v}, x, x.like(v))
}

// powScalar: y = x^p; the second operand holds p.
type powScalar struct {
	binary
	P float64
}

func (powScalar) Name() string { return "powScalar" }
func (powScalar) Run(c *Call)  { runBinary(c, kernel.Pow); c.SaveIn(0) }
func (p powScalar) Grad(n *Node, i int, dy *Tensor) *Tensor {
	if p.P == 0 { // also at x = 0
		return ZerosLike(dy)
	}
	return dy.Mul(n.In(0).PowScalar(p.P - 1)).MulScalar(p.P)
}

var _ = RegisterAny(powScalar{}, unaryCase(func(x *Tensor) *Tensor { return x.PowScalar(3) }))

// MaximumScalar returns the larger of x and v, elementwise.
func (x *Tensor) MaximumScalar(v float64) *Tensor { return x.scalar(v, (*Tensor).Maximum) }

// MinimumScalar returns the smaller of x and v, elementwise.
func (x *Tensor) MinimumScalar(v float64) *Tensor { return x.scalar(v, (*Tensor).Minimum) }

// like is the 0-d tensor v with x's dtype.
func (x *Tensor) like(v float64) *Tensor {
	t, _ := alloc(nil, x.dt, nil, false)
	device.Fill(t.view(), v)
	return t
}
