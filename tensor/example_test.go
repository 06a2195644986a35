package tensor_test

import (
	"fmt"

	"github.com/fathom-ml/fathom/tensor"
	"github.com/fathom-ml/fathom/tensor/random"
)

func Example() {
	x := tensor.Arange(12).Reshape(3, 4)
	fmt.Println(x)
	fmt.Println(x.Sum(0))
	fmt.Println(x.MatMul(x.T()))
	fmt.Println(x.Slice(tensor.All, tensor.I(-1)).GtScalar(5))
	// Output:
	// [[ 0.  1.  2.  3.]
	//  [ 4.  5.  6.  7.]
	//  [ 8.  9. 10. 11.]]
	// [12. 15. 18. 21.]
	// [[ 14.  38.  62.]
	//  [ 38. 126. 214.]
	//  [ 62. 214. 366.]]
	// [False  True  True]
}

// With one number Arange counts from 0; like a slice, it stops before its end.
func ExampleArange() {
	fmt.Println(tensor.Arange(5))
	fmt.Println(tensor.Arange(2, 5))
	fmt.Println(tensor.Arange(1, -1, -0.5))
	// Output:
	// [0. 1. 2. 3. 4.]
	// [2. 3. 4.]
	// [ 1.   0.5  0.  -0.5]
}

func ExampleLinspace() {
	fmt.Println(tensor.Linspace(0, 1, 5))
	// Output:
	// [0.   0.25 0.5  0.75 1.  ]
}

func ExampleZeros() {
	fmt.Println(tensor.Zeros(2, 3))
	fmt.Println(tensor.Ones(3))
	fmt.Println(tensor.Full(-1.5, 2))
	// Output:
	// [[0. 0. 0.]
	//  [0. 0. 0.]]
	// [1. 1. 1.]
	// [-1.5 -1.5]
}

func ExampleEye() {
	fmt.Println(tensor.Eye(3))
	// Output:
	// [[1. 0. 0.]
	//  [0. 1. 0.]
	//  [0. 0. 1.]]
}

// The element type of the slice becomes that of the tensor.
func ExampleOf() {
	fmt.Println(tensor.Of([]float32{1, 2, 4, 8}))
	fmt.Println(tensor.Of([]int{1, 2, 3, 4, 5, 6}, 2, 3))
	fmt.Println(tensor.Of([]bool{true, false}).DType())
	// Output:
	// [1. 2. 4. 8.]
	// [[1 2 3]
	//  [4 5 6]]
	// bool
}

func ExampleMatrix() {
	fmt.Println(tensor.Matrix([][]float32{{2, 1, 4, 3}, {1, 2, 3, 4}, {4, 3, 2, 1}}))
	// Output:
	// [[2. 1. 4. 3.]
	//  [1. 2. 3. 4.]
	//  [4. 3. 2. 1.]]
}

func ExampleZerosOf() {
	counts := tensor.ZerosOf(tensor.Int32, 3)
	fmt.Println(counts.Repr())
	// Output:
	// array([0, 0, 0], dtype=int32)
}

// New makes zeros that fit beside a tensor; with other lengths than its own, too.
func ExampleTensor_New() {
	x := tensor.Of([]float64{1, 2, 3})
	fmt.Println(x.New(2, 2).DType(), x.New(2, 2).Shape())
	fmt.Println(tensor.OnesLike(x))
	// Output:
	// float64 [2 2]
	// [1. 1. 1.]
}

func ExampleTensor_Shape() {
	x := tensor.Zeros(2, 3, 4)
	fmt.Println(x.Shape(), x.NDim(), x.Size())
	fmt.Println(x.Len(), x.Dim(1), x.Dim(-1))
	fmt.Println(tensor.Scalar(7).Shape())
	// Output:
	// [2 3 4] 3 24
	// 2 3 4
	// []
}

// String is what Python's print shows: no commas, columns aligned.
func ExampleTensor_String() {
	x := tensor.Matrix([][]float32{{1, -20}, {0.125, 3}})
	fmt.Println(x)
	fmt.Println(tensor.Of([]float32{1. / 3, 1e-5, 1000}))
	// Output:
	// [[  1.    -20.   ]
	//  [  0.125   3.   ]]
	// [3.3333334e-01 9.9999997e-06 1.0000000e+03]
}

// Repr is what a Python notebook shows for the last expression of a cell.
func ExampleTensor_Repr() {
	fmt.Println(tensor.Arange(6).Reshape(2, 3).Repr())
	fmt.Println(tensor.Of([]int{1, 2}).Repr())
	fmt.Println(tensor.Of([]float64{0.5}).Repr())
	// Output:
	// array([[0., 1., 2.],
	//        [3., 4., 5.]])
	// array([1, 2], dtype=int64)
	// array([0.5], dtype=float64)
}

func ExampleTensor_Format() {
	x := tensor.Of([]float32{1, 2})
	fmt.Printf("%v\n", x)
	fmt.Printf("%#v\n", x)
	fmt.Printf("loss %.3f\n", x.Mean())
	// Output:
	// [1. 2.]
	// array([1., 2.])
	// loss 1.500
}

func ExampleTensor_Item() {
	loss := tensor.Of([]float32{1, 2, 6}).Mean()
	fmt.Println(loss.Item() + 1)
	// Output:
	// 4
}

func ExampleTensor_At() {
	x := tensor.Arange(6).Reshape(2, 3)
	fmt.Println(x.At(1, 0), x.At(0, -1))
	// Output:
	// 3 2
}

// Float64s and Ints copy elements of any dtype out, Data shows the memory itself.
func ExampleData() {
	x := tensor.Arange(4)
	tensor.Data[float32](x)[2] = 20
	fmt.Println(x.Float64s(), x.Ints())
	// Output:
	// [0 1 20 3] [0 1 20 3]
}

// Floats are cut toward zero.
func ExampleTensor_AsType() {
	x := tensor.Of([]float32{-1.7, 0, 2.9})
	fmt.Println(x.AsType(tensor.Int32))
	fmt.Println(x.AsType(tensor.Bool))
	fmt.Println(x.GtScalar(0).AsType(tensor.Float32).Mean())
	// Output:
	// [-1  0  2]
	// [ True False  True]
	// 0.33333334
}

// Every random number follows from the seed; these are the first ones of the book (2.1).
func ExampleSeed() {
	tensor.Seed(0)
	fmt.Println(random.Normal(0, 1, 4))
	tensor.Seed(0)
	fmt.Println(random.Normal(0, 1, 4))
	// Output:
	// [2.2122064 1.1630787 0.7740038 0.4838046]
	// [2.2122064 1.1630787 0.7740038 0.4838046]
}
