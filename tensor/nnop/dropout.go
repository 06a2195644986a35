package nnop

import (
	"fmt"

	"github.com/fathom-ml/fathom/tensor"
)

// dropout is linear: the mask follows from the key, so the gradient is the same map.
type dropout struct {
	P   float64
	Key uint64
}

func (dropout) Name() string               { return "dropout" }
func (dropout) Shape(c *tensor.Call) []int { c.Float(0); return c.In(0) }
func (p dropout) Run(c *tensor.Call)       { c.Dev().Dropout(c.Y(), c.X(0), p.P, p.Key) }
func (p dropout) Grad(n *tensor.Node, i int, dy *tensor.Tensor) *tensor.Tensor {
	return tensor.Do(p, dy)
}

// Dropout sets each element to 0 with probability p and divides the others by
// 1-p (4.6). The mask follows from the key and the element's index alone. It panics
// unless 0 <= p <= 1.
func Dropout(x *tensor.Tensor, p float64, key uint64) *tensor.Tensor {
	if !(p >= 0 && p <= 1) {
		tensor.Misuse("dropout", fmt.Sprintf("the probability %v is not in [0, 1]", p), "", x)
	}
	return tensor.Do(dropout{p, key}, x)
}

var _ = tensor.RegisterAny(dropout{}, tensor.Case{F: func(in []*tensor.Tensor) *tensor.Tensor {
	return Dropout(in[0], 0.4, 17)
}, In: [][]int{{3, 4}}})
