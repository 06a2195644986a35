package tensor_test

import (
	"fmt"

	"github.com/fathom-ml/fathom/tensor"
)

func ExampleCartesianProd() {
	fmt.Println(tensor.CartesianProd(tensor.Of([]int64{1, 2}), tensor.Of([]int64{7, 8})))
	// Output:
	// [[1 7]
	//  [1 8]
	//  [2 7]
	//  [2 8]]
}

func ExampleTensor_IsIn() {
	x := tensor.Of([]int64{4, 1, 7})
	fmt.Println(x.IsIn(tensor.Of([]int64{7, 4})))
	// Output: [ True False  True]
}

func ExampleTensor_Unflatten() {
	fmt.Println(tensor.Arange(6).Unflatten(0, 2, -1))
	// Output:
	// [[0. 1. 2.]
	//  [3. 4. 5.]]
}

func ExampleIsClose() {
	x := tensor.Of([]float32{1, 2, 3})
	fmt.Println(tensor.IsClose(x, tensor.Of([]float32{1, 2.00001, 4}), 1e-5, 1e-8))
	// Output: [ True  True False]
}
