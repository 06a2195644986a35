package nn_test

import (
	"fmt"

	"github.com/fathom-ml/fathom/nn"
	"github.com/fathom-ml/fathom/tensor"
)

// A batch of images is flattened on the way in; KeepAxes maps the last axis alone.
func ExampleNewDense() {
	images := tensor.Ones(2, 1, 4, 4)
	flat, last := nn.NewDense(10, nn.ReLU), nn.NewDense(10, nn.KeepAxes)
	nn.Init(flat, nn.Uniform(0.07))
	nn.Init(last, nn.Uniform(0.07))
	fmt.Println(flat.Forward(nn.Eval(), images).Shape(), flat)
	fmt.Println(last.Forward(nn.Eval(), images).Shape(), last)
	// Output:
	// [2 10] Dense(16 -> 10, Activation(relu))
	// [2 1 4 10] Dense(4 -> 10, linear)
}

// Padding and stride of section 6.3.
func ExampleNewConv2D() {
	x := tensor.Ones(1, 1, 8, 8)
	for _, l := range []*nn.Conv2D{
		nn.NewConv2D(1, 3, nn.Pad(1)),
		nn.NewConv2D(1, [2]int{5, 3}, nn.Pad([2]int{2, 1})),
		nn.NewConv2D(1, 3, nn.Pad(1), nn.Stride(2)),
		nn.NewConv2D(1, [2]int{3, 5}, nn.Pad([2]int{0, 1}), nn.Stride([2]int{3, 4})),
	} {
		nn.Init(l, nn.Xavier())
		fmt.Println(l.Forward(nn.Eval(), x).Shape())
	}
	// Output:
	// [1 1 8 8]
	// [1 1 8 8]
	// [1 1 4 4]
	// [1 1 2 2]
}

// Windows lie side by side unless Stride says otherwise (6.5).
func ExampleNewMaxPool2D() {
	x := tensor.Arange(16).Reshape(1, 1, 4, 4)
	fmt.Println(nn.NewMaxPool2D(3).Forward(nil, x).Squeeze())
	fmt.Println(nn.NewMaxPool2D(3, nn.Pad(1), nn.Stride(2)).Forward(nil, x).Squeeze())
	fmt.Println(nn.NewAvgPool2D(2).Forward(nil, x).Squeeze())
	// Output:
	// 10.0
	// [[ 5.  7.]
	//  [13. 15.]]
	// [[ 2.5  4.5]
	//  [10.5 12.5]]
}

// Dropout acts in training only (4.6).
func ExampleNewDropout() {
	l := nn.NewDropout(0.5)
	x := tensor.Ones(1000)
	y := l.Forward(nn.Train(), x)
	fmt.Println(y.Min(), y.Max())
	fmt.Println(tensor.Equal(l.Forward(nn.Eval(), x), x))
	// Output:
	// 0.0 2.0
	// true
}

// A function without parameters becomes a layer.
func ExampleFunc() {
	center := nn.Func(func(x *tensor.Tensor) *tensor.Tensor { return x.Sub(x.Mean()) })
	fmt.Println(nn.Sequential{center, nn.ReLU}.Forward(nil, tensor.Arange(5)))
	// Output:
	// [0. 0. 0. 1. 2.]
}

// A residual block reads in the order in which it runs (7.6).
func ExampleCtx_Chain() {
	c := nn.Eval()
	first, second := nn.NewDense(2, nn.NoBias), nn.NewDense(2, nn.NoBias)
	nn.Init(nn.Sequential{first, second}, nn.Constant(1))
	x := tensor.Of([]float32{1, 2}, 1, 2)
	y := c.Chain(x, first, nn.ReLU, second).Add(x)
	fmt.Println(y)
	// Output:
	// [[7. 8.]]
}

// Half of the squared difference, averaged over all axes but the first (3.3).
func ExampleL2Loss() {
	yHat := tensor.Of([]float32{1, 2, 3, 5}, 2, 2)
	fmt.Println(nn.L2Loss(yHat, tensor.Zeros(2, 2)))
	// Output:
	// [1.25 8.5 ]
}
