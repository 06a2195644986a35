package tensor_test

import (
	"fmt"

	"github.com/fathom-ml/fathom/tensor"
)

func ExampleConcat() {
	x := tensor.Arange(4).Reshape(2, 2)
	y := tensor.Full(9, 1, 2)
	fmt.Println(tensor.Concat(0, x, y))
	fmt.Println(tensor.Concat(1, x, x).Shape())
	// Output:
	// [[0. 1.]
	//  [2. 3.]
	//  [9. 9.]]
	// [2 4]
}

func ExampleStack() {
	x, y := tensor.Arange(3), tensor.Ones(3)
	fmt.Println(tensor.Stack(0, x, y))
	fmt.Println(tensor.Stack(-1, x, y))
	// Output:
	// [[0. 1. 2.]
	//  [1. 1. 1.]]
	// [[0. 1.]
	//  [1. 1.]
	//  [2. 1.]]
}

// Rows in any order and as often as wished: NumPy's x[[2, 0, -1]].
func ExampleTensor_Take() {
	x := tensor.Arange(6).Reshape(3, 2)
	fmt.Println(x.Take(tensor.Of([]int{2, 0, -1})))
	words := tensor.Of([]int{0, 1, 1, 2}, 2, 2) // two sentences of two words
	fmt.Println(x.Take(words).Shape())
	// Output:
	// [[4. 5.]
	//  [0. 1.]
	//  [4. 5.]]
	// [2 2 2]
}

// The probability of the true class in each row, as the cross-entropy of section 3.6 needs it.
func ExampleTensor_Pick() {
	yHat := tensor.Matrix([][]float32{{0.1, 0.3, 0.6}, {0.3, 0.2, 0.5}})
	y := tensor.Of([]int{0, 2})
	fmt.Println(yHat.Pick(y))
	fmt.Printf("%.4f\n", yHat.Pick(y).Log().Neg().Float64s())
	// Output:
	// [0.1 0.5]
	// [2.3026 0.6931]
}
