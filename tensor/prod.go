package tensor

import "github.com/fathom-ml/fathom/internal/kernel"

// prod over axes
type prod struct{ reduction }

func (prod) Name() string { return "prod" }
func (p prod) Run(c *Call) {
	c.Dev().Reduce(kernel.ReduceProd, p.keepView(c), c.X(0))
	c.SaveIn(0)
}

// Grad is the product of the elements before and of those after, so that zeros need no care.
func (p prod) Grad(n *Node, i int, dy *Tensor) *Tensor {
	x := p.rows(n.In(0))
	last := len(x.shape) - 1
	part := func(reverse bool) *Tensor {
		return Do(scan{kernel.ReduceProd, last, reverse}, x).prev(last, reverse, 1)
	}
	return p.keep(dy, n.InShape(0)).Mul(p.unrows(part(false).Mul(part(true)), n.InShape(0)))
}

func (x *Tensor) prod(axes []int, keep bool) *Tensor {
	return Do(prod{reduction{axisSetOf(x.axes("prod", axes)), keep}}, x.counted())
}

// Prod multiplies the elements over the given axes, or over all; the axes vanish.
// Small integers and bools are multiplied as int64. All derivatives are right where elements are 0.
func (x *Tensor) Prod(axes ...int) *Tensor { return x.prod(axes, false) }

// ProdKeep is Prod with the axes kept at length 1.
func (x *Tensor) ProdKeep(axes ...int) *Tensor { return x.prod(axes, true) }

var _ = Register(prod{}, reduceCases("prod", (*Tensor).Prod, (*Tensor).ProdKeep)...)
