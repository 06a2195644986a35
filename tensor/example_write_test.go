package tensor_test

import (
	"fmt"

	"github.com/fathom-ml/fathom/tensor"
)

// The value is broadcast into the region; the comments show NumPy's notation.
func ExampleTensor_SetSlice() {
	x := tensor.Zeros(3, 4)
	x.SetSlice(tensor.Of([]float32{1, 2, 3, 4}), tensor.R(0, 2))                           // x[0:2] = [1, 2, 3, 4]
	x.SetSlice(tensor.Of([]float32{-1, -2}), tensor.I(2), tensor.All.By(3))                // x[2, ::3] = [-1, -2]
	x.SetSlice(x.Slice(tensor.I(0), tensor.From(2)).Clone(), tensor.I(1), tensor.Until(2)) // x[1, :2] = x[0, 2:]
	fmt.Println(x)
	// Output:
	// [[ 1.  2.  3.  4.]
	//  [ 3.  4.  3.  4.]
	//  [-1.  0.  0. -2.]]
}

// Two rows at once, as in section 2.1.
func ExampleTensor_FillSlice() {
	x := tensor.Arange(12).Reshape(3, 4)
	x.FillSlice(12, tensor.R(0, 2), tensor.All)
	fmt.Println(x)
	// Output:
	// [[12. 12. 12. 12.]
	//  [12. 12. 12. 12.]
	//  [ 8.  9. 10. 11.]]
}

func ExampleTensor_SetAt() {
	x := tensor.Zeros(2, 2)
	x.SetAt(9, 1, 0)
	x.SetAt(7, -2, -1)
	fmt.Println(x)
	// Output:
	// [[0. 7.]
	//  [9. 0.]]
}

// The result goes into memory that is there already (2.1).
func ExampleTensor_CopyFrom() {
	x, y := tensor.Arange(3), tensor.Ones(3)
	z := tensor.ZerosLike(y)
	z.CopyFrom(x.Add(y)) // z[:] = x + y
	fmt.Println(z)
	// Output:
	// [1. 2. 3.]
}

// An assignment form writes where x lies: every view of that memory sees it.
func ExampleTensor_AddAssign() {
	x := tensor.Ones(2, 2)
	row := x.Index(0)
	x.AddAssign(tensor.Arange(2)) // x += [0, 1]
	x.MulScalarAssign(10)         // x *= 10
	fmt.Println(x)
	fmt.Println(row)
	// Output:
	// [[10. 20.]
	//  [10. 20.]]
	// [10. 20.]
}

// One step of gradient descent on w² (3.2). The update is not recorded.
func ExampleTensor_AddScaled() {
	w := tensor.Of([]float32{3, -4}).RequireGrad()
	w.Square().Backward() // the gradient is 2w
	w.AddScaled(-0.25, w.Grad())
	fmt.Println(w)
	// Output:
	// [ 1.5 -2. ]
}
