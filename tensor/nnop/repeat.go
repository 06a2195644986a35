package nnop

import (
	"slices"

	"github.com/fathom-ml/fathom/internal/kernel"
	"github.com/fathom-ml/fathom/tensor"
)

// repeat writes each entry of an axis k times.
type repeat struct{ axis, k int }

func (repeat) Name() string { return "repeatEntries" }
func (p repeat) Shape(c *tensor.Call) []int {
	shape := slices.Clone(c.In(0))
	shape[p.axis] *= p.k
	return shape
}
func (p repeat) Run(c *tensor.Call) {
	for j := range p.k {
		c.Dev().Copy(p.every(c.Y(), j), c.X(0))
	}
}
func (p repeat) Grad(n *tensor.Node, i int, dy *tensor.Tensor) *tensor.Tensor {
	return tensor.Do(repeatGrad{p}, dy)
}

// every is the entries j, j+k, j+2k ... of the axis.
func (p repeat) every(v kernel.View, j int) kernel.View {
	v.P, v.Shape, v.Strides = v.At(j*v.Strides[p.axis]), slices.Clone(v.Shape), slices.Clone(v.Strides)
	v.Shape[p.axis] /= p.k
	v.Strides[p.axis] *= p.k
	return v
}

// repeatGrad adds up every k entries.
type repeatGrad struct{ repeat }

func (repeatGrad) Name() string { return "repeatEntriesGrad" }
func (p repeatGrad) Shape(c *tensor.Call) []int {
	shape := slices.Clone(c.In(0))
	if shape[p.axis]%p.k != 0 {
		return c.Fail("the entries do not divide", "")
	}
	shape[p.axis] /= p.k
	return shape
}
func (p repeatGrad) Run(c *tensor.Call) {
	c.Dev().Copy(c.Y(), p.every(c.X(0), 0))
	for j := 1; j < p.k; j++ {
		c.Dev().Binary(kernel.Add, c.Y(), c.Y(), p.every(c.X(0), j))
	}
}
func (p repeatGrad) Grad(n *tensor.Node, i int, g *tensor.Tensor) *tensor.Tensor {
	return tensor.Do(p.repeat, g)
}

func repeatCase(op tensor.Op, wrong bool, shape ...int) tensor.Case {
	return tensor.Case{In: [][]int{shape}, Wrong: wrong, F: func(in []*tensor.Tensor) *tensor.Tensor { return tensor.Do(op, in[0]) }}
}

var _ = tensor.RegisterAny(repeat{}, repeatCase(repeat{1, 3}, false, 2, 3, 2), repeatCase(repeat{1, 2}, false, 2, 3))
var _ = tensor.Register(repeatGrad{}, repeatCase(repeatGrad{repeat{1, 2}}, false, 2, 4, 2), repeatCase(repeatGrad{repeat{1, 2}}, true, 2, 3))
