package tensor

import (
	"math"

	"github.com/fathom-ml/fathom/internal/kernel"
)

// scan folds along an axis and keeps every step, from the end if Reverse.
type scan struct {
	number
	Op      kernel.ReduceOp
	Axis    int
	Reverse bool
}

func (p scan) Name() string { return [...]string{"cumsum", "cumprod", "cummax", "cummin"}[p.Op] }
func (p scan) Run(c *Call) {
	c.Dev().Scan(p.Op, c.Y(), c.X(0), p.Axis, p.Reverse)
	if p.Op == kernel.ReduceProd {
		c.SaveIn(0)
		c.SaveOut()
	}
}

// Grad of a product: the elements before x[j], times s[j] = dy[j] + x[j+1] s[j+1]; nothing is divided by x. The running
// extrema get none: their callers gather the winners.
func (p scan) Grad(n *Node, i int, dy *Tensor) *Tensor {
	switch p.Op {
	case kernel.ReduceSum:
		return Do(scan{Op: p.Op, Axis: p.Axis, Reverse: !p.Reverse}, dy)
	case kernel.ReduceProd:
		after := n.In(0).prev(p.Axis, !p.Reverse, 0)
		return n.Out().prev(p.Axis, p.Reverse, 1).Mul(Do(recur{p.Axis, !p.Reverse}, after, dy))
	}
	return nil
}

// prev moves every element of an axis to the next place; the first place, which is the last if reverse, gets fill.
func (x *Tensor) prev(axis int, reverse bool, fill float64) *Tensor {
	n := x.shape[axis]
	if n == 0 {
		return x
	}
	shape := x.Shape()
	shape[axis] = 1
	edge := x.like(fill).Expand(shape...)
	if reverse {
		return Concat(axis, x.Narrow(axis, 1, n-1), edge)
	}
	return Concat(axis, edge, x.Narrow(axis, 0, n-1))
}

// recur: y[i] = a[i] y[i-1] + b[i] along an axis, y[-1] = 0. With g the recurrence of dy from the other end, db is g and da is
// g[i] y[i-1].
type recur struct {
	Axis    int
	Reverse bool
}

func (recur) Name() string { return "recur" }
func (recur) Shape(c *Call) []int {
	c.Float(0)
	c.SameDType()
	if c.Broadcast(); !c.same {
		c.Fail("shapes differ", "")
	}
	return c.x[0].shape
}
func (p recur) Run(c *Call) {
	c.Dev().Recur(c.Y(), c.X(0), c.X(1), p.Axis, p.Reverse)
	c.SaveIn(0)
	c.SaveOut()
}
func (p recur) Grad(n *Node, i int, dy *Tensor) *Tensor {
	g := Do(recur{p.Axis, !p.Reverse}, n.In(0).prev(p.Axis, !p.Reverse, 0), dy)
	if i == 1 {
		return g
	}
	return g.Mul(n.Out().prev(p.Axis, p.Reverse, 0))
}

func (x *Tensor) scan(op kernel.ReduceOp, axis int, reverse bool) *Tensor {
	p := scan{Op: op, Reverse: reverse}
	p.Axis = x.axis(p.Name(), axis)
	return Do(p, x)
}

// CumSum returns the running sums along an axis; the shape stays (2.3). Small integers and bools are added as int64.
func (x *Tensor) CumSum(axis int) *Tensor { return x.counted().scan(kernel.ReduceSum, axis, false) }

// CumSumReverse is CumSum from the end of the axis: element i is the sum of elements i, i+1, ...
func (x *Tensor) CumSumReverse(axis int) *Tensor {
	return x.counted().scan(kernel.ReduceSum, axis, true)
}

// CumProd returns the running products along an axis; the shape stays. Small integers and bools are multiplied as int64.
// All derivatives are right where elements are 0.
func (x *Tensor) CumProd(axis int) *Tensor { return x.counted().scan(kernel.ReduceProd, axis, false) }

// CumMax returns the running maxima along an axis and the index (int64) of each, that of the latest of equal ones, as in
// PyTorch. From a NaN on all are NaN. Each gradient goes to the element at the index.
func (x *Tensor) CumMax(axis int) (values, idx *Tensor) { return x.cumBest(kernel.ReduceMax, axis) }

// CumMin is CumMax for minima.
func (x *Tensor) CumMin(axis int) (values, idx *Tensor) { return x.cumBest(kernel.ReduceMin, axis) }

func (x *Tensor) cumBest(op kernel.ReduceOp, axis int) (values, idx *Tensor) {
	a := x.axis(scan{Op: op}.Name(), axis)
	rows := x.Detach().SwapAxes(a, -1)
	won := rows.Eq(rows.scan(op, -1, false)).LogicalOr(rows.IsNaN())
	places := counting(x.shape[a])
	idx = Where(won, places, places.like(0)).scan(kernel.ReduceMax, -1, false).SwapAxes(a, -1)
	return x.Gather(a, idx), idx
}

// LogCumSumExp returns ln(e^x₀ + ... + e^xᵢ) for every element of an axis without overflow; the shape stays. It panics
// unless x holds floats.
func (x *Tensor) LogCumSumExp(axis int) *Tensor {
	return x.floating("logCumSumExp", func(x *Tensor) *Tensor {
		a := x.axis("logCumSumExp", axis)
		most := x.Detach().scan(kernel.ReduceMax, a, false)
		m := most.finite()
		// sums of e^(x-m): a new maximum makes the old sum smaller
		none := most.prev(a, false, math.Inf(-1)).EqScalar(math.Inf(-1))
		decay := Where(none, x.like(0), m.prev(a, false, 0).Sub(m).Exp())
		return Do(recur{Axis: a}, decay, x.Sub(m).Exp()).tame((*Tensor).Log).Add(m)
	})
}

// finite is x with 0 for infinities.
func (x *Tensor) finite() *Tensor { return Where(x.Abs().EqScalar(math.Inf(1)), x.like(0), x) }

// tame is f of x with derivative 0 at 0, where f's is infinite.
func (x *Tensor) tame(f func(x *Tensor) *Tensor) *Tensor {
	if !x.Recorded() {
		return f(x)
	}
	none := x.Detach().EqScalar(0)
	return Where(none, f(x.like(0)), f(Where(none, x.like(1), x)))
}

var _ = Register(scan{Op: kernel.ReduceSum}, scanCases((*Tensor).CumSum)...)
var _ = Register(scan{Op: kernel.ReduceProd}, scanCases((*Tensor).CumProd)...)
var _ = Register(scan{Op: kernel.ReduceMax}, scanCases(func(x *Tensor, axis int) *Tensor { y, _ := x.CumMax(axis); return y })...)
var _ = Register(scan{Op: kernel.ReduceMin}, scanCases(func(x *Tensor, axis int) *Tensor { y, _ := x.CumMin(axis); return y })...)
var _ = Register(recur{},
	Case{Name: "first", F: func(in []*Tensor) *Tensor { return Do(recur{0, false}, in...) }, In: [][]int{{3, 2}, {3, 2}}},
	Case{Name: "reverse", F: func(in []*Tensor) *Tensor { return Do(recur{1, true}, in...) }, In: [][]int{{2, 4}, {2, 4}}},
	Case{Name: "wrong", F: func(in []*Tensor) *Tensor { return Do(recur{0, false}, in...) }, In: [][]int{{3, 2}, {3}}, Wrong: true})

func scanCases(f func(x *Tensor, axis int) *Tensor) []Case {
	return []Case{
		{Name: "axis", F: func(in []*Tensor) *Tensor { return f(in[0], 1) }, In: [][]int{{2, 3, 2}}},
		{Name: "last", F: func(in []*Tensor) *Tensor { return f(in[0], -1) }, In: [][]int{{2, 4}}},
		{Name: "wrong", F: func(in []*Tensor) *Tensor { return f(in[0], 2) }, In: [][]int{{2, 3}}, Wrong: true},
	}
}
