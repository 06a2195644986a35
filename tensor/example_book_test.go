package tensor_test

import (
	"fmt"

	"github.com/fathom-ml/fathom/tensor"
)

// Section 2.3 of the book, its main lines in order.
func Example_linearAlgebra() {
	A := tensor.Arange(20).Reshape(5, 4)
	fmt.Println(A.T())
	B := tensor.Matrix([][]float32{{1, 2, 3}, {2, 0, 4}, {3, 4, 5}})
	fmt.Println(B.Eq(B.T()).All())
	fmt.Println(A.Sum(), A.Sum(0), A.Sum(1), A.Sum(0, 1))
	fmt.Println(A.Mean(), A.Mean(0))
	fmt.Println(A.Div(A.SumKeep(1)).Index(0))
	fmt.Println(A.CumSum(0).Index(-1))
	x, y := tensor.Arange(4), tensor.Ones(4)
	fmt.Println(x.Dot(y), A.Dot(x), A.Dot(tensor.Ones(4, 3)).Shape())
	u := tensor.Of([]float32{3, -4})
	fmt.Println(u.Norm(), u.Abs().Sum(), tensor.Ones(4, 9).Norm())
	// Output:
	// [[ 0.  4.  8. 12. 16.]
	//  [ 1.  5.  9. 13. 17.]
	//  [ 2.  6. 10. 14. 18.]
	//  [ 3.  7. 11. 15. 19.]]
	// true
	// 190.0 [40. 45. 50. 55.] [ 6. 22. 38. 54. 70.] 190.0
	// 9.5 [ 8.  9. 10. 11.]
	// [0.         0.16666667 0.33333334 0.5       ]
	// [40. 45. 50. 55.]
	// 6.0 [ 14.  38.  62.  86. 110.] [5 3]
	// 5.0 7.0 6.0
}
