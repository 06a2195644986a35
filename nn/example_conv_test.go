package nn_test

import (
	"fmt"

	"github.com/fathom-ml/fathom/nn"
	"github.com/fathom-ml/fathom/tensor"
)

// A difference of neighbours in a sequence.
func ExampleNewConv1D() {
	l := nn.NewConv1D(1, 2, nn.NoBias)
	l.Weight.SetValue(tensor.Of([]float32{-1, 1}, 1, 1, 2))
	x := tensor.Of([]float32{0, 1, 4, 9, 16}, 1, 1, 5)
	fmt.Println(l.Forward(nn.Eval(), x))
	// Output:
	// [[[1. 3. 5. 7.]]]
}

// A window of one picture, three rows and three columns, in a film of eight pictures.
func ExampleNewConv3D() {
	l := nn.NewConv3D(16, [3]int{1, 3, 3}, nn.Pad([3]int{0, 1, 1}), nn.ReLU)
	nn.Init(l, nn.Xavier())
	fmt.Println(l.Forward(nn.Eval(), tensor.Ones(1, 3, 8, 12, 12)).Shape())
	fmt.Println(l)
	// Output:
	// [1 16 8 12 12]
	// Conv3D(3 -> 16, kernel_size=(1, 3, 3), stride=(1, 1, 1), padding=(0, 1, 1), Activation(relu))
}

// Each number puts a window of its size into the result; where windows overlap, they add up (13.10).
func ExampleNewConvTranspose2D() {
	l := nn.NewConvTranspose2D(1, 2, nn.NoBias)
	l.Weight.SetValue(tensor.Arange(4).Reshape(1, 1, 2, 2))
	x := tensor.Arange(4).Reshape(1, 1, 2, 2)
	fmt.Println(l.Forward(nn.Eval(), x).Squeeze())
	// Output:
	// [[ 0.  0.  1.]
	//  [ 0.  4.  6.]
	//  [ 4. 12.  9.]]
}

// A convolution of stride 2 makes 4 of 7 and of 8; OutputPad says which one is meant.
func ExampleOutputPad() {
	half := nn.NewConv1D(1, 3, nn.Stride(2), nn.Pad(1))
	nn.Init(half, nn.Ones)
	for n := 7; n <= 8; n++ {
		x := half.Forward(nil, tensor.Ones(1, 1, n))
		back := nn.NewConvTranspose1D(1, 3, nn.Stride(2), nn.Pad(1), nn.OutputPad(n-7))
		nn.Init(back, nn.Ones)
		fmt.Println(n, x.Dim(2), back.Forward(nil, x).Dim(2))
	}
	// Output:
	// 7 4 7
	// 8 4 8
}

// The average of each channel, for images of any size (7.3), and for sequences.
func ExampleNewGlobalAvgPool1D() {
	x := tensor.Arange(6).Reshape(1, 2, 3)
	fmt.Println(nn.NewGlobalAvgPool1D().Forward(nil, x).Flatten())
	// Output:
	// [1. 4.]
}

// Two windows over three numbers overlap in the middle one.
func ExampleNewAdaptiveAvgPool1D() {
	x := tensor.Of([]float32{1, 2, 6}, 1, 1, 3)
	fmt.Println(nn.NewAdaptiveAvgPool1D(2).Forward(nil, x))
	// Output:
	// [[[1.5 4. ]]]
}

// The length of each pair of numbers.
func ExampleNewLpPool1D() {
	x := tensor.Of([]float32{3, 4, 5, 12}, 1, 1, 4)
	fmt.Println(nn.NewLpPool1D(2, 2).Forward(nil, x))
	// Output:
	// [[[ 5. 13.]]]
}
