package linalg_test

import (
	"fmt"

	"github.com/fathom-ml/fathom/linalg"
	"github.com/fathom-ml/fathom/tensor"
)

func ExampleInv() {
	m := tensor.Matrix([][]float32{{1, 2}, {1, 4}})
	inv := linalg.Inv(m)
	fmt.Println(inv)
	fmt.Println(inv.MatMul(m))
	// Output:
	// [[ 2.  -1. ]
	//  [-0.5  0.5]]
	// [[1. 0.]
	//  [0. 1.]]
}

func ExampleSolve() {
	a := tensor.Matrix([][]float64{{3, 1}, {1, 2}})
	b := tensor.Of([]float64{9, 8})
	fmt.Println(linalg.Solve(a, b))

	// a matrix without an answer
	err := tensor.Try(func() { linalg.Solve(tensor.Matrix([][]float64{{1, 2}, {2, 4}}), b) })
	fmt.Println(err)
	// Output:
	// [2. 3.]
	// solve: the matrix is singular: [2 2] x [2 1]
}

func ExampleDet() {
	// its gradient is the matrix of cofactors
	a := tensor.Matrix([][]float64{{1, -1}, {2, 3}}).RequireGrad()
	d := linalg.Det(a)
	d.Backward()
	fmt.Printf("%.3f %.3f\n", d.Item(), a.Grad().Float64s())
	// Output: 5.000 [3.000 -2.000 1.000 1.000]
}

func ExampleEig() {
	// the eigenvalues of a matrix (18.2)
	w, v := linalg.Eig(tensor.Matrix([][]float64{{2, 1}, {2, 3}}))
	fmt.Printf("%.4f\n", w.Complex128s())
	fmt.Printf("%.4f\n", v.Real().Abs().Float64s())
	// Output:
	// [(1.0000+0.0000i) (4.0000+0.0000i)]
	// [0.7071 0.4472 0.7071 0.8944]
}

func ExampleEigH() {
	// Gershgorin's circles: the values lie near the diagonal (18.2)
	a := tensor.Matrix([][]float64{{1, 0.1, 0.1, 0.1}, {0.1, 3, 0.2, 0.3}, {0.1, 0.2, 5, 0.5}, {0.1, 0.3, 0.5, 9}})
	w, _ := linalg.EigH(a)
	fmt.Printf("%.4f\n", w.Float64s())
	// Output: [0.9923 2.9734 4.9539 9.0803]
}

func ExampleSVD() {
	a := tensor.Matrix([][]float64{{3, 0}, {4, 5}})
	u, s, vt := linalg.SVD(a)
	fmt.Printf("%.4f\n", s.Float64s())
	fmt.Printf("%.4f\n", u.Mul(s).MatMul(vt).Float64s())
	// Output:
	// [6.7082 2.2361]
	// [3.0000 0.0000 4.0000 5.0000]
}

func ExampleQR() {
	q, r := linalg.QR(tensor.Matrix([][]float64{{3, 1}, {4, 2}}))
	fmt.Printf("%.2f\n%.2f\n", q.Float64s(), r.Float64s())
	// Output:
	// [-0.60 -0.80 -0.80 0.60]
	// [-5.00 -2.20 0.00 0.40]
}

func ExampleCholesky() {
	fmt.Println(linalg.Cholesky(tensor.Matrix([][]float64{{4, 2}, {2, 5}})))
	// Output:
	// [[2. 0.]
	//  [1. 2.]]
}

func ExampleLstSq() {
	// the line through three points
	x := tensor.Matrix([][]float64{{0, 1}, {1, 1}, {2, 1}})
	w, residuals, rank, _ := linalg.LstSq(x, tensor.Of([]float64{1, 3, 4}))
	fmt.Printf("%.4f %.4f %d\n", w.Float64s(), residuals.Item(), rank.Ints())
	// Output: [1.5000 1.1667] 0.1667 [2]
}

func ExampleVectorNorm() {
	u := tensor.Of([]float32{3, -4})
	fmt.Println(linalg.Norm(u).Item(), linalg.VectorNorm(u, 1).Item())
	// Output: 5 7
}

func ExampleMatrixNorm() {
	x := tensor.Ones(4, 9)
	fmt.Println(linalg.MatrixNorm(x, linalg.Fro).Item(), linalg.MatrixNorm(x, linalg.One).Item(), linalg.MatrixNorm(x, linalg.Inf).Item())
	// Output: 6 4 9
}

func ExampleMatrixRank() {
	fmt.Println(linalg.MatrixRank(tensor.Matrix([][]float64{{2, 4}, {4, 8}})).Item())
	// Output: 1
}

func ExampleBlockDiag() {
	fmt.Println(linalg.BlockDiag(tensor.Ones(2, 2), tensor.Full(3, 1, 1)))
	// Output:
	// [[1. 1. 0.]
	//  [1. 1. 0.]
	//  [0. 0. 3.]]
}

func ExampleCDist() {
	x := tensor.Matrix([][]float32{{0, 0}, {3, 4}})
	y := tensor.Matrix([][]float32{{0, 4}, {3, 0}, {3, 4}})
	fmt.Println(linalg.CDist(x, y, 2))
	// Output:
	// [[4. 3. 5.]
	//  [3. 4. 0.]]
}
