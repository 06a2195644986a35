package nnop

import (
	"slices"

	"github.com/fathom-ml/fathom/tensor"
)

// squaredError: loss[i] = mean over j of (a[i, j] - b[i, j])²/2
type squaredError struct{}

func (squaredError) Name() string { return "squaredError" }

func (squaredError) Shape(c *tensor.Call) []int {
	c.SameDType()
	c.Float(0)
	a := c.In(0)
	if len(a) == 0 || !slices.Equal(a, c.In(1)) {
		return c.Fail("wants predictions and targets of one shape, examples on axis 0", "")
	}
	return c.Dims(a[0])
}

func (squaredError) Run(c *tensor.Call) {
	c.Dev().SquaredError(c.Y(), c.X(0), c.X(1))
	c.SaveIn(0, 1)
}

func (squaredError) Grad(n *tensor.Node, i int, dy *tensor.Tensor) *tensor.Tensor {
	a, b := n.In(0), n.In(1)
	if i == 1 {
		a, b = b, a
	}
	if !n.Recording() {
		return tensor.Do(squaredErrorGrad{}, dy, a, b)
	}
	lengths := make([]int, a.NDim()) // dy as a column beside a
	for k := range lengths {
		lengths[k] = 1
	}
	lengths[0] = dy.Dim(0)
	return a.Sub(b).Mul(dy.Reshape(lengths...)).MulScalar(float64(dy.Dim(0)) / float64(a.Size()))
}

// squaredErrorGrad is the fused rule; it is used only where nothing is recorded.
type squaredErrorGrad struct{}

func (squaredErrorGrad) Name() string               { return "squaredErrorGrad" }
func (squaredErrorGrad) Shape(c *tensor.Call) []int { return c.In(1) }
func (squaredErrorGrad) Run(c *tensor.Call) {
	c.Dev().SquaredErrorGrad(c.Y(), c.X(0), c.X(1), c.X(2))
}
func (squaredErrorGrad) Grad(*tensor.Node, int, *tensor.Tensor) *tensor.Tensor { return nil }

// SquaredError returns one loss an example: half the mean of (a - b)² over all axes but the first (3.1, 3.3).
// Shapes: a and b [n, ...], the result is [n].
func SquaredError(a, b *tensor.Tensor) *tensor.Tensor { return tensor.Do(squaredError{}, a, b) }

var _ = tensor.Register(squaredError{},
	tensor.Case{F: func(in []*tensor.Tensor) *tensor.Tensor { return SquaredError(in[0], in[1]) }, In: [][]int{{3}, {3}}},
	tensor.Case{Name: "axes", F: func(in []*tensor.Tensor) *tensor.Tensor { return SquaredError(in[0], in[1]) }, In: [][]int{{2, 3, 2}, {2, 3, 2}}},
	tensor.Case{Name: "wrong", F: func(in []*tensor.Tensor) *tensor.Tensor { return SquaredError(in[0], in[1]) }, In: [][]int{{2, 3}, {2, 1}}, Wrong: true})
