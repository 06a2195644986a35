package tensor_test

import (
	"fmt"

	"github.com/fathom-ml/fathom/tensor"
)

// One length may be -1. The result is a view: it shows the same memory.
func ExampleTensor_Reshape() {
	x := tensor.Arange(6)
	m := x.Reshape(2, -1)
	m.SetAt(100, 0, 1)
	fmt.Println(m)
	fmt.Println(x)
	// Output:
	// [[  0. 100.   2.]
	//  [  3.   4.   5.]]
	// [  0. 100.   2.   3.   4.   5.]
}

// A batch of two images of 3x4 pixels becomes a matrix with one image a row (3.6).
func ExampleTensor_FlattenFrom() {
	images := tensor.Zeros(2, 1, 3, 4)
	fmt.Println(images.FlattenFrom(1).Shape(), images.Flatten().Shape())
	// Output:
	// [2 12] [24]
}

func ExampleTensor_Transpose() {
	images := tensor.Zeros(2, 28, 30, 3) // batch, height, width, channels
	fmt.Println(images.Transpose(0, 3, 1, 2).Shape())
	fmt.Println(images.T().Shape())
	fmt.Println(images.SwapAxes(1, 2).Shape())
	// Output:
	// [2 3 28 30]
	// [3 30 28 2]
	// [2 30 28 3]
}

func ExampleTensor_T() {
	a := tensor.Arange(6).Reshape(3, 2)
	fmt.Println(a.T())
	// Output:
	// [[0. 2. 4.]
	//  [1. 3. 5.]]
}

func ExampleTensor_Unsqueeze() {
	x := tensor.Arange(3)
	fmt.Println(x.Unsqueeze(0).Shape(), x.Unsqueeze(-1).Shape())
	fmt.Println(tensor.Zeros(1, 3, 1).Squeeze().Shape(), tensor.Zeros(1, 3, 1).Squeeze(0).Shape())
	// Output:
	// [1 3] [3 1]
	// [3] [3 1]
}

func ExampleTensor_Expand() {
	row := tensor.Arange(3)
	fmt.Println(row.Expand(2, 3))
	fmt.Println(row.Unsqueeze(-1).Expand(3, 2))
	// Output:
	// [[0. 1. 2.]
	//  [0. 1. 2.]]
	// [[0. 0.]
	//  [1. 1.]
	//  [2. 2.]]
}

func ExampleTensor_Index() {
	x := tensor.Arange(6).Reshape(3, 2)
	fmt.Println(x.Index(0), x.Index(-1))
	// Output:
	// [0. 1.] [4. 5.]
}

func ExampleTensor_Narrow() {
	x := tensor.Arange(8).Reshape(2, 4)
	fmt.Println(x.Narrow(1, 1, 2)) // axis 1, two columns from column 1 on
	// Output:
	// [[1. 2.]
	//  [5. 6.]]
}

// The comments show NumPy's notation.
func ExampleTensor_Slice() {
	x := tensor.Arange(12).Reshape(3, 4)
	fmt.Println(x.Slice(tensor.R(1, 3)))                // x[1:3]
	fmt.Println(x.Slice(tensor.All, tensor.R(1, 3)))    // x[:, 1:3]
	fmt.Println(x.Slice(tensor.I(1)))                   // x[1]
	fmt.Println(x.Slice(tensor.I(-1), tensor.From(2)))  // x[-1, 2:]
	fmt.Println(x.Slice(tensor.Until(-1), tensor.I(0))) // x[:-1, 0]
	// Output:
	// [[ 4.  5.  6.  7.]
	//  [ 8.  9. 10. 11.]]
	// [[ 1.  2.]
	//  [ 5.  6.]
	//  [ 9. 10.]]
	// [4. 5. 6. 7.]
	// [10. 11.]
	// [0. 4.]
}

// Steps may be negative, positions beyond the end are cut, as in Python.
func ExampleRange_By() {
	x := tensor.Arange(7)
	fmt.Println(x.Slice(tensor.All.By(2)))       // x[::2]
	fmt.Println(x.Slice(tensor.R(1, 6).By(3)))   // x[1:6:3]
	fmt.Println(x.Slice(tensor.All.By(-1)))      // x[::-1]
	fmt.Println(x.Slice(tensor.From(4).By(-2)))  // x[4::-2]
	fmt.Println(x.Slice(tensor.R(-2, 100)))      // x[-2:100]
	fmt.Println(x.Slice(tensor.R(5, 2)).Shape()) // x[5:2], empty
	// Output:
	// [0. 2. 4. 6.]
	// [1. 4.]
	// [6. 5. 4. 3. 2. 1. 0.]
	// [4. 2. 0.]
	// [5. 6.]
	// [0]
}

func ExampleRange_String() {
	fmt.Println(tensor.All, tensor.I(-1), tensor.R(1, 3), tensor.From(2), tensor.Until(-1), tensor.All.By(-1))
	// Output:
	// : -1 1:3 2: :-1 ::-1
}

// A transposed view does not lie in memory row by row; Contiguous copies it if it must.
func ExampleTensor_Contiguous() {
	x := tensor.Arange(4).Reshape(2, 2)
	y := x.T()
	fmt.Println(x.IsContiguous(), y.IsContiguous())
	fmt.Println(y.SharesMemory(x), y.Contiguous().SharesMemory(x))
	fmt.Println(tensor.Data[float32](y.Contiguous()))
	// Output:
	// true false
	// true false
	// [0 2 1 3]
}

func ExampleTensor_Clone() {
	x := tensor.Zeros(3)
	y := x.Clone()
	y.Fill(1)
	fmt.Println(x, y)
	// Output:
	// [0. 0. 0.] [1. 1. 1.]
}
