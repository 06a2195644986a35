package tensor_test

import (
	"fmt"
	"strings"

	"github.com/fathom-ml/fathom/tensor"
)

// The gradient of a result is given instead of ones: weights of the elements of a loss, for example.
func ExampleTensor_BackwardWith() {
	x := tensor.Of([]float32{1, 2, 3}).RequireGrad()
	x.Square().BackwardWith(tensor.Of([]float32{1, 10, 100}))
	fmt.Println(x.Grad())
	// Output:
	// [  2.  40. 600.]
}

// Two results at once: the gradient of 3 a + b.
func ExampleGradOfAll() {
	x := tensor.Scalar(2).RequireGrad()
	a, b := x.Square(), x.MulScalar(5)
	g := tensor.GradOfAll([]*tensor.Tensor{a, b}, []*tensor.Tensor{tensor.Scalar(3), nil}, []*tensor.Tensor{x})
	fmt.Println(g[0])
	// Output:
	// 17.0
}

// A straight-through estimator: rounding whose gradient is that of the identity.
func ExampleFunction() {
	round := tensor.Function{
		Name: "round",
		Forward: func(c *tensor.FunctionCall, xs []*tensor.Tensor) []*tensor.Tensor {
			return []*tensor.Tensor{xs[0].AddScalar(0.5).AsType(tensor.Int32).AsType(tensor.Float32)}
		},
		Backward: func(c *tensor.FunctionCall, dys []*tensor.Tensor) []*tensor.Tensor { return dys },
	}
	x := tensor.Of([]float32{0.2, 1.7, 2.4}).RequireGrad()
	y := round.Apply(x)
	y.Square().Backward()
	fmt.Println(y, x.Grad())
	// Output:
	// [0. 2. 2.] [0. 4. 4.]
}

// Attributes are variables of the function around: a layer that turns gradients round, as in adversarial training.
func ExampleFunction_Apply() {
	reverse := func(x *tensor.Tensor, strength float64) *tensor.Tensor {
		return tensor.Function{
			Name:    "reverse",
			Forward: func(c *tensor.FunctionCall, xs []*tensor.Tensor) []*tensor.Tensor { return xs },
			Backward: func(c *tensor.FunctionCall, dys []*tensor.Tensor) []*tensor.Tensor {
				return []*tensor.Tensor{dys[0].MulScalar(-strength)}
			},
		}.Apply(x)
	}
	x := tensor.Of([]float32{1, 2}).RequireGrad()
	y := reverse(x, 0.5)
	y.Square().Backward()
	fmt.Println(y, x.Grad())
	// Output:
	// [1. 2.] [-1. -2.]
}

// Saved operands keep their history, so that the function can be differentiated twice.
func ExampleFunctionCall_Save() {
	cube := tensor.Function{
		Name: "cube",
		Forward: func(c *tensor.FunctionCall, xs []*tensor.Tensor) []*tensor.Tensor {
			c.Save(xs[0])
			return []*tensor.Tensor{xs[0].PowScalar(3)}
		},
		Backward: func(c *tensor.FunctionCall, dys []*tensor.Tensor) []*tensor.Tensor {
			return []*tensor.Tensor{dys[0].Mul(c.Saved()[0].Square()).MulScalar(3)}
		},
	}
	x := tensor.Of([]float32{1, 2}).RequireGrad()
	g := tensor.GradOf(cube.Apply(x), []*tensor.Tensor{x}, tensor.Create)[0]
	g.Backward()
	fmt.Println(g, x.Grad())
	// Output:
	// [ 3. 12.] [ 6. 12.]
}

// The block runs once in the forward pass and once in Backward.
func ExampleCheckpoint() {
	w := tensor.Of([]float32{2, 3}).RequireGrad()
	block := func(xs ...*tensor.Tensor) *tensor.Tensor {
		fmt.Println("run")
		return xs[0].Mul(w).Square()
	}
	x := tensor.Ones(2).RequireGrad()
	y := tensor.Checkpoint(block, x)
	fmt.Println("loss", y.Sum())
	y.Backward()
	fmt.Println(x.Grad(), w.Grad())
	// Output:
	// run
	// loss 13.0
	// run
	// [ 8. 18.] [4. 6.]
}

// Gradients on the way are seen, and here clipped.
func ExampleTensor_OnGrad() {
	x := tensor.Of([]float32{1, 2, 3}).RequireGrad()
	h := x.Square()
	remove := h.OnGrad(func(g *tensor.Tensor) *tensor.Tensor {
		fmt.Println("gradient of h:", g)
		return g.Minimum(tensor.Full(5, 3))
	})
	y := h.Square()
	y.Backward(tensor.Retain)
	fmt.Println(x.Grad())
	remove()
	y.Backward()
	fmt.Println(x.Grad())
	// Output:
	// gradient of h: [ 2.  8. 18.]
	// [ 4. 20. 30.]
	// [  4.  32. 108.]
}

func ExampleDetectAnomaly() {
	tensor.DetectAnomaly(true)
	defer tensor.DetectAnomaly(false)
	x := tensor.Of([]float32{4, 0, 1}).RequireGrad()
	err := tensor.Try(func() { x.Sqrt().Sum().Backward() })
	message, _, _ := strings.Cut(err.Error(), ";") // the line of the call follows
	fmt.Println(message)
	// Output:
	// backward of sqrt: +Inf (element 1 of 3) was born here, from a finite gradient: [3]
}
