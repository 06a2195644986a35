package tensor_test

import (
	"fmt"

	"github.com/fathom-ml/fathom/tensor"
)

func ExampleTensor_Add() {
	x := tensor.Of([]float32{1, 2, 4, 8})
	y := tensor.Full(2, 4)
	fmt.Println(x.Add(y))
	fmt.Println(x.Sub(y))
	fmt.Println(x.Mul(y))
	fmt.Println(x.Div(y))
	fmt.Println(x.Pow(y))
	// Output:
	// [ 3.  4.  6. 10.]
	// [-1.  0.  2.  6.]
	// [ 2.  4.  8. 16.]
	// [0.5 1.  2.  4. ]
	// [ 1.  4. 16. 64.]
}

// A column and a row meet in a matrix: axes are aligned at the end, and an axis of length 1
// is stretched (2.1).
func ExampleTensor_Add_broadcasting() {
	a := tensor.Arange(3).Reshape(3, 1)
	b := tensor.Arange(2).Reshape(1, 2)
	fmt.Println(a.Add(b))
	fmt.Println(tensor.Zeros(4, 1, 3).Add(tensor.Zeros(2, 1)).Shape())
	// Output:
	// [[0. 1.]
	//  [1. 2.]
	//  [2. 3.]]
	// [4 2 3]
}

func ExampleTensor_AddScalar() {
	x := tensor.Arange(3)
	fmt.Println(x.AddScalar(10), x.MulScalar(2), x.PowScalar(3))
	fmt.Println(x.Affine(2, 1)) // 2x + 1 in one pass
	// Output:
	// [10. 11. 12.] [0. 2. 4.] [0. 1. 8.]
	// [1. 3. 5.]
}

// A division of integers gives floats, as in Python.
func ExampleTensor_Div() {
	x := tensor.Of([]int{1, 2, 3})
	fmt.Println(x.DivScalar(2))
	fmt.Println(x.Div(tensor.Of([]int{4, 4, 4})))
	// Output:
	// [0.5 1.  1.5]
	// [0.25 0.5  0.75]
}

func ExampleTensor_Exp() {
	x := tensor.Of([]float32{0, 1, 2})
	fmt.Printf("%.4f\n", x.Exp().Float64s())
	fmt.Printf("%.4f\n", x.Exp().Log().Float64s())
	// Output:
	// [1.0000 2.7183 7.3891]
	// [0.0000 1.0000 2.0000]
}

func ExampleTensor_Abs() {
	x := tensor.Of([]float32{-4, 0, 9})
	fmt.Println(x.Neg(), x.Abs(), x.Sign())
	fmt.Println(x.Abs().Sqrt(), x.Square())
	// Output:
	// [ 4. -0. -9.] [4. 0. 9.] [-1.  0.  1.]
	// [2. 0. 3.] [16.  0. 81.]
}

// The activation functions of section 4.1.
func ExampleTensor_ReLU() {
	x := tensor.Of([]float32{-2, 0, 2})
	fmt.Println(x.ReLU())
	fmt.Printf("%.4f\n", x.Sigmoid().Float64s())
	fmt.Printf("%.4f\n", x.Tanh().Float64s())
	// Output:
	// [0. 0. 2.]
	// [0.1192 0.5000 0.8808]
	// [-0.9640 0.0000 0.9640]
}

func ExampleTensor_Maximum() {
	x, y := tensor.Of([]float32{1, 5, 3}), tensor.Of([]float32{4, 2, 3})
	fmt.Println(x.Maximum(y), x.Minimum(y))
	fmt.Println(x.MaximumScalar(2).MinimumScalar(4)) // clipped to [2, 4]
	// Output:
	// [4. 5. 3.] [1. 2. 3.]
	// [2. 4. 3.]
}

func ExampleTensor_Eq() {
	x, y := tensor.Of([]float32{1, 2, 3}), tensor.Of([]float32{3, 2, 1})
	fmt.Println(x.Eq(y))
	fmt.Println(x.Lt(y))
	fmt.Println(x.GeScalar(2))
	fmt.Println(x.Eq(y).Sum()) // how many are equal
	// Output:
	// [False  True False]
	// [ True False False]
	// [False  True  True]
	// 1
}

func ExampleWhere() {
	x := tensor.Of([]float32{-2, -1, 1, 2})
	fmt.Println(tensor.Where(x.GtScalar(0), x, x.MulScalar(0.5))) // a leaky rectifier
	// Output:
	// [-1.  -0.5  1.   2. ]
}

// The axes that are summed over vanish (2.3).
func ExampleTensor_Sum() {
	a := tensor.Arange(6).Reshape(2, 3)
	fmt.Println(a.Sum())
	fmt.Println(a.Sum(0))
	fmt.Println(a.Sum(-1))
	fmt.Println(tensor.Ones(2, 3, 4).Sum(0, 2))
	// Output:
	// 15.0
	// [3. 5. 7.]
	// [ 3. 12.]
	// [8. 8. 8.]
}

// With the axis kept, the sums still broadcast against the matrix (2.3).
func ExampleTensor_SumKeep() {
	a := tensor.Arange(4).Reshape(2, 2)
	fmt.Println(a.SumKeep(1))
	fmt.Println(a.Div(a.SumKeep(1)))
	// Output:
	// [[1.]
	//  [5.]]
	// [[0.  1. ]
	//  [0.4 0.6]]
}

func ExampleTensor_Mean() {
	a := tensor.Arange(6).Reshape(2, 3)
	fmt.Println(a.Mean(), a.Mean(0), a.MeanKeep(1).Shape())
	// Output:
	// 2.5 [1.5 2.5 3.5] [2 1]
}

func ExampleTensor_Max() {
	a := tensor.Of([]float32{3, 1, 4, 1, 5, 9}, 2, 3)
	fmt.Println(a.Max(), a.Min(), a.Max(0), a.Min(1))
	fmt.Println(a.Sub(a.MaxKeep(1)))
	// Output:
	// 9.0 1.0 [3. 5. 9.] [1. 1.]
	// [[-1. -3.  0.]
	//  [-8. -4.  0.]]
}

// The predicted class of each row is where its largest score stands (3.6).
func ExampleTensor_ArgMax() {
	scores := tensor.Matrix([][]float32{{0.1, 0.3, 0.6}, {0.3, 0.5, 0.2}})
	fmt.Println(scores.ArgMax(1))
	fmt.Println(scores.ArgMax(), scores.ArgMin()) // in the flattened matrix
	// Output:
	// [2 1]
	// 2 0
}

func ExampleTensor_CumSum() {
	a := tensor.Arange(6).Reshape(2, 3)
	fmt.Println(a.CumSum(0))
	fmt.Println(a.CumSum(1))
	// Output:
	// [[0. 1. 2.]
	//  [3. 5. 7.]]
	// [[ 0.  1.  3.]
	//  [ 3.  7. 12.]]
}

func ExampleTensor_Prod() {
	fmt.Println(tensor.Arange(1, 6).Prod())
	fmt.Println(tensor.Arange(1, 5).Reshape(2, 2).Prod(1))
	// Output:
	// 120.0
	// [ 2. 12.]
}

func ExampleTensor_All() {
	x := tensor.Of([]float32{1, 2, 3})
	fmt.Println(x.GtScalar(0).All(), x.GtScalar(2).All(), x.GtScalar(2).Any())
	// Output:
	// true false true
}

func ExampleTensor_Norm() {
	u := tensor.Of([]float32{3, -4})
	fmt.Println(u.Norm())                 // L2
	fmt.Println(u.Abs().Sum())            // L1
	fmt.Println(tensor.Ones(4, 9).Norm()) // Frobenius
	// Output:
	// 5.0
	// 7.0
	// 6.0
}

// The products of section 2.3: vector with vector, matrix with vector, matrix with matrix.
func ExampleTensor_Dot() {
	a := tensor.Arange(6).Reshape(2, 3)
	x := tensor.Of([]float32{1, 0, 2})
	fmt.Println(x.Dot(x))
	fmt.Println(a.Dot(x))
	fmt.Println(a.Dot(a.T()))
	// Output:
	// 5.0
	// [ 4. 13.]
	// [[ 5. 14.]
	//  [14. 50.]]
}

// The axes before the last two are batches: they are matched pairwise, or broadcast.
func ExampleTensor_MatMul() {
	x := tensor.Arange(8).Reshape(2, 2, 2)
	y := tensor.Matrix([][]float32{{0, 1}, {1, 0}}) // exchanges columns
	fmt.Println(x.MatMul(y))
	fmt.Println(tensor.Zeros(10, 1, 3, 4).MatMul(tensor.Zeros(5, 4, 6)).Shape())
	// Output:
	// [[[1. 0.]
	//   [3. 2.]]
	//
	//  [[5. 4.]
	//   [7. 6.]]]
	// [10 5 3 6]
}

func ExampleAllClose() {
	x := tensor.Of([]float32{1, 100})
	y := tensor.Of([]float32{1.00001, 100.001})
	fmt.Println(tensor.Equal(x, y), tensor.AllClose(x, y, 1e-4, 0), tensor.AllClose(x, y, 0, 1e-4))
	// Output:
	// false true false
}
