package nn_test

import (
	"fmt"

	"github.com/fathom-ml/fathom/nn"
	"github.com/fathom-ml/fathom/tensor"
)

// Two axes of three become one.
func ExampleNewFlatten() {
	x := tensor.Ones(2, 3, 4, 5)
	fmt.Println(nn.Flatten.Forward(nil, x).Shape())
	fmt.Println(nn.NewFlatten(2, -1).Forward(nil, x).Shape())
	// Output:
	// [2 60]
	// [2 3 20]
}

// 0 keeps a length, -1 is what is left.
func ExampleNewReshape() {
	net := nn.Sequential{nn.NewReshape(0, 1, 28, -1), nn.NewUnflatten(2, 4, 7)}
	fmt.Println(net.Forward(nil, tensor.Ones(5, 784)).Shape())
	// Output:
	// [5 1 4 7 28]
}

// A function with a name.
func ExampleNewLambda() {
	net := nn.Sequential{nn.NewLambda("center", func(x *tensor.Tensor) *tensor.Tensor { return x.Sub(x.Mean()) })}
	fmt.Println(net.Forward(nil, tensor.Arange(3)))
	fmt.Println(net)
	// Output:
	// [-1.  0.  1.]
	// Sequential(
	//   (0): Lambda(center)
	// )
}

// The block of section 7.6: where the stride or the channels change, a convolution of one pixel takes x along.
func ExampleNewResidual() {
	block := nn.NewResidual(nn.Sequential{
		nn.NewConv2D(6, 3, nn.Pad(1), nn.Stride(2)), nn.NewBatchNorm(), nn.ReLU,
		nn.NewConv2D(6, 3, nn.Pad(1)), nn.NewBatchNorm(),
	}, nn.NewConv2D(6, 1, nn.Stride(2)))
	net := nn.Sequential{block, nn.ReLU}
	nn.Init(net, nn.Xavier())
	fmt.Println(net.Forward(nn.Eval(), tensor.Ones(4, 3, 6, 6)).Shape())
	// Output:
	// [4 6 3 3]
}

// Branches of an Inception block (7.4) side by side.
func ExampleNewConcat() {
	block := nn.NewConcat(1,
		nn.NewConv2D(4, 1, nn.ReLU),
		nn.Sequential{nn.NewConv2D(2, 1, nn.ReLU), nn.NewConv2D(8, 3, nn.Pad(1), nn.ReLU)},
		nn.Sequential{nn.NewMaxPool2D(3, nn.Pad(1), nn.Stride(1)), nn.NewConv2D(4, 1, nn.ReLU)},
	)
	nn.Init(block, nn.Xavier())
	fmt.Println(block.Forward(nn.Eval(), tensor.Ones(1, 3, 12, 12)).Shape())
	// Output:
	// [1 16 12 12]
}

// A number for every pair of elements of the two inputs.
func ExampleNewBilinear() {
	l := nn.NewBilinear(1)
	l.Weight.SetValue(tensor.Matrix([][]float32{{1, 0}, {0, 1}}).Unsqueeze(0)) // the inner product
	l.Bias.SetValue(tensor.Zeros(1))
	a, b := tensor.Matrix([][]float32{{1, 2}}), tensor.Matrix([][]float32{{3, 4}})
	fmt.Println(l.Forward(nn.Eval(), a, b))
	// Output:
	// [[11.]]
}

// Twice as many numbers: repeated, on straight lines, and on straight lines from the first to the last.
func ExampleNewUpsample() {
	x := tensor.Of([]float32{0, 6}, 1, 1, 2)
	fmt.Println(nn.NewUpsample(2).Forward(nil, x))
	fmt.Println(nn.NewUpsample(2, nn.LinearMode).Forward(nil, x))
	fmt.Println(nn.NewUpsample(2, nn.LinearMode, nn.AlignCorners).Forward(nil, x))
	// Output:
	// [[[0. 0. 6. 6.]]]
	// [[[0.  1.5 4.5 6. ]]]
	// [[[0. 2. 4. 6.]]]
}

// Images of one size from images of any size.
func ExampleNewUpsampleTo() {
	l := nn.NewUpsampleTo([2]int{320, 480}, nn.LinearMode)
	fmt.Println(l.Forward(nil, tensor.Ones(1, 3, 10, 15)).Shape(), l)
	// Output:
	// [1 3 320 480] Upsample((320, 480), linear)
}

// Four channels become the four pixels of a block.
func ExampleNewPixelShuffle() {
	x := tensor.Arange(8).Reshape(1, 4, 1, 2)
	y := nn.NewPixelShuffle(2).Forward(nil, x)
	fmt.Println(y.Squeeze())
	fmt.Println(tensor.Equal(nn.NewPixelUnshuffle(2).Forward(nil, y), x))
	// Output:
	// [[0. 2. 1. 3.]
	//  [4. 6. 5. 7.]]
	// true
}

// Zeros around, or what a mirror at the border shows.
func ExampleNewReflectionPad2D() {
	x := tensor.Arange(4).Reshape(1, 1, 1, 4)
	fmt.Println(nn.NewReflectionPad2D([2]int{0, 2}).Forward(nil, x))
	fmt.Println(nn.NewPadding(tensor.PadCircular, [2]int{2, 2}).Forward(nil, x))
	fmt.Println(nn.NewZeroPad2D([2]int{0, 1}).Forward(nil, x))
	// Output:
	// [[[[2. 1. 0. 1. 2. 3. 2. 1.]]]]
	// [[[[2. 3. 0. 1. 2. 3. 0. 1.]]]]
	// [[[[0. 0. 1. 2. 3. 0.]]]]
}

// A channel is dropped as a whole.
func ExampleNewDropout2D() {
	tensor.Seed(1)
	y := nn.NewDropout2D(0.5).Forward(nn.Train(), tensor.Ones(1, 4, 8, 8))
	fmt.Println(tensor.Equal(y.Min(2, 3), y.Max(2, 3)))
	// Output:
	// true
}

// What is dropped gets a value below zero, so that mean 0 and variance 1 stay.
func ExampleNewAlphaDropout() {
	y := nn.NewAlphaDropout(0.5).Forward(nn.Train(), tensor.Zeros(10000))
	fmt.Printf("%.1f %.4f %.4f\n", y.Mean().Item(), y.Min().Item(), y.Max().Item())
	// Output:
	// 0.0 -0.7792 0.7792
}
