package tensor

import "github.com/fathom-ml/fathom/internal/kernel"

// prod over axes
type prod struct{ reduction }

func (prod) Name() string { return "prod" }
func (p prod) Run(c *Call) {
	c.Dev().Reduce(kernel.ReduceProd, p.keepView(c), c.X(0))
	c.SaveIn(0)
}

// Grad is the product of all the other elements. Where some are zero that is not
// the product over the element: with nonzero elements' product q and z zeros, it is q/x
// if z = 0, q at the zero if z = 1, and 0 otherwise.
func (p prod) Grad(n *Node, i int, dy *Tensor) *Tensor {
	x := n.In(0)
	if len(x.shape) == 0 {
		return dy
	}
	var axes []int
	for a := range x.shape {
		if p.Axes.has(a) {
			axes = append(axes, a)
		}
	}
	zero := x.Detach().EqScalar(0)
	zeros := zero.AsType(x.dt).SumKeep(axes...)
	rest := Where(zero, OnesLike(x), x)
	q := Do(prod{reduction{p.Axes, true}}, rest)
	none, single := zeros.EqScalar(0).AsType(x.dt), zeros.EqScalar(1).AsType(x.dt)
	others := q.Mul(Where(zero, single.Expand(x.shape...), none.Div(rest)))
	return p.keep(dy, x.shape).Mul(others)
}

// Prod multiplies the elements over the given axes, or over all; the axes vanish.
// Small integers and bools are multiplied as int64. Second derivatives are right where
// no element is 0.
func (x *Tensor) Prod(axes ...int) *Tensor {
	r := reduction{Axes: axisSetOf(x.axes("prod", axes))}
	return Do(prod{r}, x.counted())
}

var _ = Register(prod{},
	Case{Name: "all", F: func(in []*Tensor) *Tensor { return in[0].Prod() }, In: [][]int{{2, 2}}},
	Case{Name: "axis", F: func(in []*Tensor) *Tensor { return in[0].Prod(-2) }, In: [][]int{{2, 3, 2}}},
	Case{Name: "wrong", F: func(in []*Tensor) *Tensor { return in[0].Prod(2) }, In: [][]int{{2, 3}}, Wrong: true})
