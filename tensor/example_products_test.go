package tensor_test

import (
	"fmt"

	"github.com/fathom-ml/fathom/tensor"
)

// A matrix with a vector, and a sum over three operands (18.1).
func ExampleEinsum() {
	a := tensor.Matrix([][]float32{{1, 2}, {3, 4}})
	b := tensor.Arange(1, 13).Reshape(2, 2, 3)
	v := tensor.Of([]float32{1, 2})
	fmt.Println(tensor.Einsum("ij, j -> i", a, v))
	fmt.Println(tensor.Einsum("ijk, il, j -> kl", b, a, v))
	// Output:
	// [ 5. 11.]
	// [[ 90. 126.]
	//  [102. 144.]
	//  [114. 162.]]
}

// A repeated letter takes the diagonal; letters that the result does not name are summed over.
func ExampleEinsum_diagonal() {
	a := tensor.Matrix([][]float32{{1, 2}, {3, 4}})
	fmt.Println(tensor.Einsum("ii->i", a), tensor.Einsum("ii", a), tensor.Einsum("ij->j", a))
	batch := tensor.Zeros(5, 2, 3)
	fmt.Println(tensor.Einsum("...ij->...ji", batch).Shape())
	// Output:
	// [1. 4.] 5.0 [4. 6.]
	// [5 3 2]
}

// The scores of attention: every query with every key, a batch and heads beside.
func ExampleEinsum_attention() {
	queries, keys := tensor.Ones(2, 4, 8, 16), tensor.Ones(2, 4, 10, 16)
	fmt.Println(tensor.Einsum("bhqd,bhkd->bhqk", queries, keys).Shape())
	// Output:
	// [2 4 8 10]
}

// The error names the place in the equation.
func ExampleEinsum_error() {
	err := tensor.Try(func() { tensor.Einsum("ij,jk->il", tensor.Zeros(2, 3), tensor.Zeros(3, 4)) })
	fmt.Println(err)
	// Output:
	// einsum: 'l' is in no operand, at position 8 of "ij,jk->il": [2 3] x [3 4]; as in "ij,jk->ik"
}

func ExampleTensor_TensorDot() {
	a := tensor.Matrix([][]float32{{1, 2}, {3, 4}})
	b := tensor.Arange(1, 13).Reshape(2, 2, 3)
	fmt.Println(a.TensorDot(b, 1).Shape())
	fmt.Println(b.TensorDotAxes(a, []int{0, 1}, []int{0, 1}))
	// Output:
	// [2 2 3]
	// [70. 80. 90.]
}

func ExampleTensor_Outer() {
	x, y := tensor.Of([]float32{1, 2, 3}), tensor.Of([]float32{1, 2})
	fmt.Println(x.Outer(y))
	// Output:
	// [[1. 2.]
	//  [2. 4.]
	//  [3. 6.]]
}

func ExampleTensor_Kron() {
	a := tensor.Matrix([][]float32{{1, 2}, {3, 4}})
	fmt.Println(tensor.Eye(2).Kron(a))
	// Output:
	// [[1. 2. 0. 0.]
	//  [3. 4. 0. 0.]
	//  [0. 0. 1. 2.]
	//  [0. 0. 3. 4.]]
}

// The scores of keys for queries, as in the dot product attention of the book (10.2).
func ExampleTensor_BatchDot() {
	queries, keys := tensor.Ones(2, 1, 4), tensor.Ones(2, 10, 4)
	fmt.Println(queries.BatchDot(keys, false, true).Shape())
	// Output:
	// [2 1 10]
}

func ExampleTensor_VDot() {
	x, y := tensor.Of([]complex128{1 + 2i}), tensor.Of([]complex128{3 + 1i})
	fmt.Println(x.VDot(y)) // x conjugated
	// Output:
	// (5-5j)
}

func ExampleTensor_MatMul_integers() {
	x := tensor.Of([]int{0, 1, 2, 3}, 2, 2)
	fmt.Println(x.MatMul(x))
	// Output:
	// [[ 2  3]
	//  [ 6 11]]
}

func ExampleTensor_AddMM() {
	x, a, b := tensor.Of([]float32{10, 20}), tensor.Matrix([][]float32{{1, 2}, {3, 4}}), tensor.Eye(2)
	fmt.Println(x.AddMM(a, b, 1, 2))
	// Output:
	// [[12. 24.]
	//  [16. 28.]]
}
