package tensor

import (
	"math"

	"github.com/fathom-ml/fathom/internal/kernel"
)

// compare gives a Bool tensor; it is never recorded.
type compare struct{ op kernel.BinaryOp }

var compareNames = map[kernel.BinaryOp]string{
	kernel.Eq: "eq", kernel.Ne: "ne", kernel.Lt: "lt", kernel.Le: "le", kernel.Gt: "gt", kernel.Ge: "ge",
}

func (p compare) Name() string         { return compareNames[p.op] }
func (compare) ResultType(*Call) DType { return Bool }
func (p compare) Shape(c *Call) []int {
	if c.x[0].dt.IsComplex() && p.op > kernel.Ne {
		c.Fail("complex numbers have no order", "compare Abs, Real or Imag")
	}
	c.SameDType()
	return c.Broadcast()
}
func (p compare) Run(c *Call)                           { runBinary(c, p.op) }
func (compare) Grad(n *Node, i int, dy *Tensor) *Tensor { return nil }

// Eq returns x == y, elementwise, broadcast, as a Bool tensor (2.1). Comparisons are never recorded.
func (x *Tensor) Eq(y *Tensor) *Tensor { return promoted(compare{kernel.Eq}, x, y) }

// Ne returns x != y, elementwise, broadcast, as a Bool tensor.
func (x *Tensor) Ne(y *Tensor) *Tensor { return promoted(compare{kernel.Ne}, x, y) }

// Lt returns x < y, elementwise, broadcast, as a Bool tensor.
func (x *Tensor) Lt(y *Tensor) *Tensor { return promoted(compare{kernel.Lt}, x, y) }

// Le returns x <= y, elementwise, broadcast, as a Bool tensor.
func (x *Tensor) Le(y *Tensor) *Tensor { return promoted(compare{kernel.Le}, x, y) }

// Gt returns x > y, elementwise, broadcast, as a Bool tensor.
func (x *Tensor) Gt(y *Tensor) *Tensor { return promoted(compare{kernel.Gt}, x, y) }

// Ge returns x >= y, elementwise, broadcast, as a Bool tensor.
func (x *Tensor) Ge(y *Tensor) *Tensor { return promoted(compare{kernel.Ge}, x, y) }

// EqScalar returns x == v, elementwise, as a Bool tensor.
func (x *Tensor) EqScalar(v float64) *Tensor { return x.scalarCompare(kernel.Eq, v) }

// NeScalar returns x != v, elementwise.
func (x *Tensor) NeScalar(v float64) *Tensor { return x.scalarCompare(kernel.Ne, v) }

// LtScalar returns x < v, elementwise.
func (x *Tensor) LtScalar(v float64) *Tensor { return x.scalarCompare(kernel.Lt, v) }

// LeScalar returns x <= v, elementwise.
func (x *Tensor) LeScalar(v float64) *Tensor { return x.scalarCompare(kernel.Le, v) }

// GtScalar returns x > v, elementwise.
func (x *Tensor) GtScalar(v float64) *Tensor { return x.scalarCompare(kernel.Gt, v) }

// GeScalar returns x >= v, elementwise.
func (x *Tensor) GeScalar(v float64) *Tensor { return x.scalarCompare(kernel.Ge, v) }

func (x *Tensor) scalarCompare(op kernel.BinaryOp, v float64) *Tensor {
	if kindOf(x.dt) <= kindInt { // compare with fractions as they are
		x = x.AsType(Float64)
	}
	return Do(compare{op}, x, x.like(v))
}

func init() {
	for op := kernel.Eq; op <= kernel.Ge; op++ {
		f := func(in []*Tensor) *Tensor { return Do(compare{op}, in[0], in[1]) }
		Register(compare{op}, Case{Name: "wrong", F: f, In: [][]int{{2, 3}, {2}}, Wrong: true})
	}
}

// where: y = cond ? a : b
type where struct{ Moves }

func (where) Name() string             { return "where" }
func (where) ResultType(c *Call) DType { return c.x[1].dt }
func (where) Shape(c *Call) []int {
	if c.x[0].dt != Bool {
		c.Fail("the condition must be bool, not "+c.x[0].dt.String(), "compare first, e.g. x.GtScalar(0)")
	}
	if c.x[1].dt != c.x[2].dt {
		c.Fail("dtypes differ: "+c.x[1].dt.String()+" and "+c.x[2].dt.String(), "use AsType")
	}
	return c.Broadcast()
}
func (where) Run(c *Call) {
	c.Dev().Where(c.Y(), c.XB(0), c.XB(1), c.XB(2))
	c.SaveIn(0)
}
func (where) Grad(n *Node, i int, dy *Tensor) *Tensor {
	zero := dy.like(0)
	if i == 1 {
		return Where(n.In(0), dy, zero)
	}
	return Where(n.In(0), zero, dy)
}

// Where returns a where cond, a Bool tensor, is true, else b, elementwise, broadcast. Each of a and b gets the gradient of the elements that came from it.
func Where(cond, a, b *Tensor) *Tensor {
	if a.dt != b.dt {
		dt := ResultTypeOf(a, b)
		a, b = a.AsType(dt), b.AsType(dt)
	}
	return Do(where{}, cond, a, b)
}

var _ = Register(where{},
	Case{F: func(in []*Tensor) *Tensor { return Where(in[0].Detach().GtScalar(1), in[0], in[1]) }, In: [][]int{{2, 3}, {3}}},
	Case{Name: "wrong", F: func(in []*Tensor) *Tensor { return Where(in[0].GtScalar(1), in[0], in[1]) },
		In: [][]int{{2, 3}, {2}}, Wrong: true})

// Equal says whether x and y have equal dtypes, shapes and elements; NaN differs from itself.
func Equal(x, y *Tensor) bool {
	if x.dt != y.dt || len(x.shape) != len(y.shape) {
		return false
	}
	for i, d := range x.shape {
		if d != y.shape[i] {
			return false
		}
	}
	return x.Detach().Eq(y.Detach()).All()
}

// AllClose says whether IsClose holds for all elements.
func AllClose(x, y *Tensor, rtol, atol float64) bool { return IsClose(x, y, rtol, atol).All() }

// IsClose says where x == y or |x - y| <= atol + rtol*|y| < ∞, elementwise, as a Bool tensor; x and y broadcast and are
// compared as float64 or complex128, so that dtypes may differ. NaN is close to nothing.
func IsClose(x, y *Tensor, rtol, atol float64) *Tensor {
	if rtol < 0 || atol < 0 {
		Misuse("isClose", "a tolerance is negative", "", x, y)
	}
	dt := Float64
	if x.dt.IsComplex() || y.dt.IsComplex() {
		dt = Complex128
	}
	x, y = x.Detach().AsType(dt), y.Detach().AsType(dt)
	same := x.Eq(y)
	tolerance := y.Abs().Affine(rtol, atol).MinimumScalar(math.MaxFloat64)
	return Where(same, same, x.Sub(y).Abs().Le(tolerance))
}
