package tensor_test

import (
	"fmt"

	"github.com/fathom-ml/fathom/internal/kernel"
	"github.com/fathom-ml/fathom/tensor"
)

// cube: y = x³, y' = 3x²
type cube struct{}

func (cube) Name() string { return "cube" }

// Shape is the shape rule: any floats, the result has their shape.
func (cube) Shape(c *tensor.Call) []int { c.Float(0); return c.In(0) }

// Run computes the result and keeps the operand for Grad.
func (cube) Run(c *tensor.Call) {
	c.Dev().Binary(kernel.Mul, c.Y(), c.X(0), c.X(0))
	c.Dev().Binary(kernel.Mul, c.Y(), c.Y(), c.X(0))
	c.SaveIn(0)
}

// Grad is written with tensor operations, so second derivatives follow.
func (cube) Grad(n *tensor.Node, i int, dy *tensor.Tensor) *tensor.Tensor {
	return dy.Mul(n.In(0).Square().MulScalar(3))
}

// Cube returns x³ for each element.
func Cube(x *tensor.Tensor) *tensor.Tensor { return tensor.Do(cube{}, x) }

// The generic tests check the gradients of every registered operation.
var _ = tensor.RegisterAny(cube{}, tensor.Case{
	F:  func(in []*tensor.Tensor) *tensor.Tensor { return Cube(in[0]) },
	In: [][]int{{2, 3}},
})

// An operation of one's own.
func ExampleDo() {
	x := tensor.Of([]float32{1, 2, 3}).RequireGrad()
	y := Cube(x)
	y.Backward()
	fmt.Println(y, x.Grad())
	fmt.Println(tensor.Try(func() { Cube(tensor.Of([]int{1})) }))
	// Output:
	// [ 1.  8. 27.] [ 3. 12. 27.]
	// cube: wants floats, got int64: [1]; use AsType(tensor.Float32)
}
