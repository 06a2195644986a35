package tensor

import (
	"math/bits"

	"github.com/fathom-ml/fathom/internal/kernel"
)

// prod over axes
type prod struct{ reduction }

func (prod) Name() string { return "prod" }
func (p prod) Run(c *Call) {
	c.Dev().Reduce(kernel.ReduceProd, p.keepView(c), c.X(0))
	c.SaveIn(0)
}

// Grad, for one axis, is the product of the elements before and of those after: zeros need no care.
func (p prod) Grad(n *Node, i int, dy *Tensor) *Tensor {
	x, axis := n.In(0), bits.TrailingZeros64(uint64(p.Axes))
	part := func(reverse bool) *Tensor {
		return Do(scan{Op: kernel.ReduceProd, Axis: axis, Reverse: reverse}, x).prev(axis, reverse, 1)
	}
	return p.keep(dy, x.shape).Mul(part(false)).Mul(part(true))
}

func (x *Tensor) prod(axes []int, keep bool) *Tensor {
	x, axes = x.counted(), x.axes("prod", axes)
	if !x.Recorded() {
		return Do(prod{reduction{axisSetOf(axes), keep}}, x)
	}
	for _, a := range axes {
		x = Do(prod{reduction{1 << a, true}}, x)
	}
	if keep {
		return x
	}
	return x.Squeeze(axes...)
}

// Prod multiplies the elements over the given axes, or over all; the axes vanish.
// Small integers and bools are multiplied as int64. All derivatives are right where elements are 0.
func (x *Tensor) Prod(axes ...int) *Tensor { return x.prod(axes, false) }

// ProdKeep is Prod with the axes kept at length 1.
func (x *Tensor) ProdKeep(axes ...int) *Tensor { return x.prod(axes, true) }

var _ = Register(prod{}, reduceCases("prod", (*Tensor).Prod, (*Tensor).ProdKeep)...)
