package nnop_test

import (
	"fmt"
	"math"

	"github.com/fathom-ml/fathom/tensor"
	"github.com/fathom-ml/fathom/tensor/nnop"
)

// Three examples of two inputs, mapped to two outputs; each row of w makes one output.
func ExampleLinear() {
	x := tensor.Arange(6).Reshape(3, 2)
	w := tensor.Matrix([][]float32{{1, 1}, {1, -1}})
	b := tensor.Of([]float32{0, 10})
	fmt.Println(nnop.Linear(x, w, b))
	// Output:
	// [[1. 9.]
	//  [5. 9.]
	//  [9. 9.]]
}

// The cross-correlation of section 6.2, and its edge detector.
func ExampleConv2D() {
	x := tensor.Arange(9).Reshape(1, 1, 3, 3)
	k := tensor.Arange(4).Reshape(1, 1, 2, 2)
	fmt.Println(nnop.Conv2D(x, k, nil, nnop.Conv{}).Squeeze())

	image := tensor.Ones(1, 1, 2, 8)
	image.FillSlice(0, tensor.All, tensor.All, tensor.All, tensor.R(2, 6))
	edge := tensor.Of([]float32{1, -1}, 1, 1, 1, 2)
	fmt.Println(nnop.Conv2D(image, edge, nil, nnop.Conv{}).Squeeze())
	// Output:
	// [[19. 25.]
	//  [37. 43.]]
	// [[ 0.  1.  0.  0.  0. -1.  0.]
	//  [ 0.  1.  0.  0.  0. -1.  0.]]
}

// Padding keeps the size, a stride of 2 halves it, groups keep channels apart (6.3, 6.4).
func ExampleConv() {
	x := tensor.Ones(1, 2, 8, 8)
	w := tensor.Ones(4, 2, 3, 3)
	same := nnop.Conv{Pad: [2]int{1, 1}}
	half := nnop.Conv{Pad: [2]int{1, 1}, Stride: [2]int{2, 2}}
	wide := nnop.Conv{Dilation: [2]int{2, 2}}
	fmt.Println(nnop.Conv2D(x, w, nil, same).Shape())
	fmt.Println(nnop.Conv2D(x, w, nil, half).Shape())
	fmt.Println(nnop.Conv2D(x, w, nil, wide).Shape())
	fmt.Println(nnop.Conv2D(x, tensor.Ones(4, 1, 3, 3), nil, nnop.Conv{Groups: 2}).Shape())
	// Output:
	// [1 4 8 8]
	// [1 4 4 4]
	// [1 4 4 4]
	// [1 4 6 6]
}

// Maximum and average of the windows of section 6.5.
func ExampleMaxPool2D() {
	x := tensor.Arange(9).Reshape(1, 1, 3, 3)
	window := nnop.Pool{Kernel: [2]int{2, 2}, Stride: [2]int{1, 1}}
	fmt.Println(nnop.MaxPool2D(x, window).Squeeze())
	fmt.Println(nnop.AvgPool2D(x, window).Squeeze())
	// Output:
	// [[4. 5.]
	//  [7. 8.]]
	// [[2. 3.]
	//  [5. 6.]]
}

// Without a stride, windows lie side by side.
func ExamplePool() {
	x := tensor.Arange(16).Reshape(1, 1, 4, 4)
	fmt.Println(nnop.MaxPool2D(x, nnop.Pool{Kernel: [2]int{2, 2}}).Squeeze())
	fmt.Println(nnop.MaxPool2D(x, nnop.Pool{Kernel: [2]int{3, 3}, Stride: [2]int{2, 2}, Pad: [2]int{1, 1}}).Squeeze())
	// Output:
	// [[ 5.  7.]
	//  [13. 15.]]
	// [[ 5.  7.]
	//  [13. 15.]]
}

// Large scores do not overflow: the exponential is taken of differences to the largest one.
func ExampleSoftmax() {
	x := tensor.Matrix([][]float32{{1, 2, 3}, {1000, 1000, 1000}})
	y := nnop.Softmax(x)
	fmt.Printf("%.4f\n", y.Index(0).Float64s())
	fmt.Printf("%.4f\n", y.Index(1).Float64s())
	fmt.Printf("%.4f\n", nnop.LogSoftmax(x).Index(1).Float64s())
	// Output:
	// [0.0900 0.2447 0.6652]
	// [0.3333 0.3333 0.3333]
	// [-1.0986 -1.0986 -1.0986]
}

// The gradient of the loss is the softmax less one at the label (3.4).
func ExampleSoftmaxCrossEntropy() {
	logits := tensor.Matrix([][]float32{{1, 2, 3}, {0, 0, 0}}).RequireGrad()
	labels := tensor.Of([]int32{2, 0})
	loss := nnop.SoftmaxCrossEntropy(logits, labels)
	loss.Backward()
	fmt.Printf("%.4f\n", loss.Float64s())
	fmt.Printf("%.4f\n", logits.Grad().Index(0).Float64s())
	fmt.Printf("%.4f\n", logits.Grad().Index(1).Float64s())
	// Output:
	// [0.4076 1.0986]
	// [0.0900 0.2447 -0.3348]
	// [-0.6667 0.3333 0.3333]
}

// What is not dropped grows, so that the expected value stays (4.6). One key gives one mask.
func ExampleDropout() {
	x := tensor.Ones(100000)
	y := nnop.Dropout(x, 0.2, 1)
	fmt.Println(y.Min(), y.Max())
	fmt.Printf("%.2f are dropped, mean %.2f\n", y.EqScalar(0).AsType(tensor.Float32).Mean(), y.Mean())
	fmt.Println(tensor.Equal(y, nnop.Dropout(x, 0.2, 1)), tensor.Equal(y, nnop.Dropout(x, 0.2, 2)))
	// Output:
	// 0.0 1.25
	// 0.20 are dropped, mean 1.00
	// true false
}

// One step with weight decay, on gradients that were summed over a batch of 4.
func ExampleSGD() {
	w := tensor.Of([]float32{1, -2})
	g := tensor.Of([]float32{8, 4})
	nnop.SGD(w, g, nnop.SGDStep{LR: 0.5, WD: 0.25, Scale: 1. / 4})
	fmt.Println(w) // w - 0.5 (g/4 + 0.25 w)
	// Output:
	// [-0.125 -2.25 ]
}

// The first step of Adam moves every weight by about the learning rate, whatever its gradient.
func ExampleAdam() {
	w, g := tensor.Ones(2), tensor.Of([]float32{0.01, -100})
	m, v := tensor.ZerosLike(w), tensor.ZerosLike(w)
	lr, b1, b2 := 0.1, 0.9, 0.999
	step := nnop.AdamStep{LR: lr * math.Sqrt(1-b2) / (1 - b1), B1: b1, B2: b2, Eps: 1e-8, Scale: 1}
	nnop.Adam(w, m, v, g, step)
	fmt.Printf("%.3f\n", w.Float64s())
	// Output:
	// [0.900 1.100]
}

// A convolution is a matrix product (6.2).
func ExampleIm2Col() {
	x, k := tensor.Arange(9).Reshape(1, 1, 3, 3), tensor.Arange(4)
	columns := nnop.Im2Col(x, [2]int{2, 2}, nnop.Conv{})
	fmt.Println(columns.Shape())
	fmt.Println(k.MatMul(columns).Reshape(2, 2))
	// Output:
	// [1 4 4]
	// [[19. 25.]
	//  [37. 43.]]
}

func ExampleSquaredError() {
	predicted := tensor.Of([]float32{1, 2, 3, 4}, 2, 2)
	target := tensor.Of([]float32{1, 0, 3, 0}, 2, 2)
	fmt.Println(nnop.SquaredError(predicted, target))
	// Output: [1. 4.]
}

// The transposed convolution of section 13.10: each pixel of x scales the window, and what overlaps is added.
func ExampleConvTranspose2D() {
	x := tensor.Arange(4).Reshape(1, 1, 2, 2)
	k := tensor.Arange(4).Reshape(1, 1, 2, 2)
	fmt.Println(nnop.ConvTranspose2D(x, k, nil, nnop.Conv{}, [2]int{}).Squeeze())
	// Output:
	// [[ 0.  0.  1.]
	//  [ 0.  4.  6.]
	//  [ 4. 12.  9.]]
}

// A moving sum over three steps.
func ExampleConv1D() {
	x := tensor.Arange(6).Reshape(1, 1, 6)
	fmt.Println(nnop.Conv1D(x, tensor.Ones(1, 1, 3), nil, nnop.Conv1{Pad: 1}).Squeeze())
	// Output:
	// [ 1.  3.  6.  9. 12.  9.]
}

// The sums of all cubes of two by two by two.
func ExampleConv3D() {
	x := tensor.Arange(12).Reshape(1, 1, 2, 2, 3)
	fmt.Println(nnop.Conv3D(x, tensor.Ones(1, 1, 2, 2, 2), nil, nnop.Conv3{}).Squeeze())
	// Output:
	// [40. 48.]
}

func ExampleBatchNorm() {
	x := tensor.Matrix([][]float32{{1, 10}, {3, 30}})
	y, mean, variance := nnop.BatchNorm(x, nil, nil, 0)
	fmt.Println(y, mean, variance)
	// Output:
	// [[-1. -1.]
	//  [ 1.  1.]] [ 2. 20.] [  1. 100.]
}

func ExampleLayerNorm() {
	x := tensor.Matrix([][]float32{{1, 3}, {10, 30}})
	fmt.Println(nnop.LayerNorm(x, tensor.Of([]float32{2, 1}), nil, 0))
	// Output:
	// [[-2.  1.]
	//  [-2.  1.]]
}

func ExampleGroupNorm() {
	x := tensor.Matrix([][]float32{{1, 3, 10, 30}})
	fmt.Println(nnop.GroupNorm(x, nil, nil, 2, 0))
	// Output: [[-1.  1. -1.  1.]]
}

func ExampleAdaptiveAvgPool2D() {
	x := tensor.Arange(0, 5, 1).Reshape(1, 1, 1, 5)
	fmt.Println(nnop.AdaptiveAvgPool2D(x, 1, 2).Flatten())
	// Output: [1. 3.]
}

func ExampleMaxPool1D() {
	x := tensor.Of([]float32{1, 5, 2, 4, 3}, 1, 1, 5)
	fmt.Println(nnop.MaxPool1D(x, nnop.Pool1{Kernel: 2}).Flatten(), nnop.MaxPool1D(x, nnop.Pool1{Kernel: 2, Ceil: true}).Flatten())
	// Output: [5. 4.] [5. 4. 3.]
}

// Momentum goes on in the direction of the last steps (11.6).
func ExampleUpdate() {
	w, g, v := tensor.Zeros(2), tensor.Of([]float32{1, -2}), tensor.Zeros(2)
	for range 2 {
		nnop.Update(nnop.RuleMomentum, w, g, nnop.UpdateStep{LR: 1, Scale: 1, B1: 0.5}, v)
		fmt.Println(w)
	}
	// Output:
	// [-1.  2.]
	// [-2.5  5. ]
}

func ExampleSumSquares() {
	fmt.Println(nnop.SumSquares(tensor.Of([]float32{3, 4})))
	// Output: 25
}

func ExampleLpPool1D() {
	x := tensor.Of([]float32{3, 4, 6, 8}, 1, 1, 4)
	fmt.Println(nnop.LpPool1D(x, 2, nnop.Pool1{Kernel: 2}).Flatten())
	// Output: [ 5. 10.]
}
