package tensor_test

import (
	"fmt"

	"github.com/fathom-ml/fathom/tensor"
)

// The gradient of 2 x.x is 4x (2.5).
func ExampleTensor_Backward() {
	x := tensor.Arange(4).RequireGrad()
	y := x.Dot(x).MulScalar(2)
	y.Backward()
	fmt.Println(y, x.Grad())
	// Output:
	// 28.0 [ 0.  4.  8. 12.]
}

// Backward of a tensor with several elements is Backward of their sum (2.5).
func ExampleTensor_Backward_vector() {
	x := tensor.Arange(4).RequireGrad()
	x.Mul(x).Backward()
	fmt.Println(x.Grad())
	// Output:
	// [0. 2. 4. 6.]
}

// A second Backward replaces the gradient; with Accumulate it adds. Retain keeps the
// graph, which Backward otherwise consumes.
func ExampleTensor_Backward_modes() {
	x := tensor.Of([]float32{1, 2}).RequireGrad()
	y := x.Square()
	y.Backward(tensor.Retain)
	y.Backward(tensor.Retain)
	fmt.Println(x.Grad())
	y.Backward(tensor.Accumulate)
	fmt.Println(x.Grad())
	// Output:
	// [2. 4.]
	// [4. 8.]
}

// Ordinary control flow is differentiated as it was run (2.5).
func ExampleTensor_RequireGrad() {
	f := func(a *tensor.Tensor) *tensor.Tensor {
		b := a.MulScalar(2)
		for b.Norm().Item() < 1000 {
			b = b.MulScalar(2)
		}
		if b.Sum().Item() > 0 {
			return b
		}
		return b.MulScalar(100)
	}
	a := tensor.Scalar(-3).RequireGrad()
	f(a).Backward()
	fmt.Println(a.Grad()) // 100 times the power of two that takes 3 beyond 1000
	// Output:
	// 51200.0
}

// z = u x with u = x², but u counts as a constant: the gradient is u, not 3x² (2.5).
func ExampleTensor_Detach() {
	x := tensor.Arange(4).RequireGrad()
	y := x.Mul(x)
	u := y.Detach()
	u.Mul(x).Backward()
	fmt.Println(tensor.Equal(x.Grad(), u), u.Recorded())
	y.Backward() // y's own graph is still there
	fmt.Println(x.Grad())
	// Output:
	// true false
	// [0. 2. 4. 6.]
}

func ExampleTensor_Grad() {
	w := tensor.Ones(2).RequireGrad()
	fmt.Println(w.IsLeaf(), w.Grad())
	w.MulScalar(3).Backward()
	fmt.Println(w.Grad())
	w.ZeroGrad()
	fmt.Println(w.Grad())
	// Output:
	// true [0. 0.]
	// [3. 3.]
	// [0. 0.]
}

// Optimizers skip parameters that the last Backward did not reach.
func ExampleTensor_FreshGrad() {
	w, unused := tensor.Ones(1).RequireGrad(), tensor.Ones(1).RequireGrad()
	w.Square().Backward()
	fmt.Println(w.FreshGrad(), unused.FreshGrad())
	fmt.Println(w.FreshGrad()) // it was read
	// Output:
	// true false
	// false
}

// GradOf also answers for values in between, and leaves the gradients of leaves alone.
func ExampleGradOf() {
	x := tensor.Of([]float32{1, 2, 3}).RequireGrad()
	h := x.Square()
	y := h.MulScalar(5).Sum()
	g := tensor.GradOf(y, []*tensor.Tensor{x, h})
	fmt.Println(g[0], g[1])
	fmt.Println(x.Grad())
	// Output:
	// [10. 20. 30.] [5. 5. 5.]
	// [0. 0. 0.]
}

// Create records the gradient, so that it can be differentiated: x³, 3x², 6x.
func ExampleGradOf_secondDerivative() {
	x := tensor.Of([]float32{1, 2, 3}).RequireGrad()
	y := x.PowScalar(3)
	dy := tensor.GradOf(y, []*tensor.Tensor{x}, tensor.Create)[0]
	ddy := tensor.GradOf(dy, []*tensor.Tensor{x})[0]
	fmt.Println(dy)
	fmt.Println(ddy)
	// Output:
	// [ 3. 12. 27.]
	// [ 6. 12. 18.]
}
