package tensor_test

import (
	"fmt"
	"math"

	"github.com/fathom-ml/fathom/tensor"
)

func ExampleTensor_Var() {
	x := tensor.Matrix([][]float32{{1, 2, 3, 4}, {2, 2, 2, 2}})
	fmt.Println(x.Var(0, 1), x.Var(1, 1)) // NumPy's and PyTorch's default
	fmt.Println(x.Std(0, 1))
	z := x.Sub(x.MeanKeep(0)).Div(x.StdKeep(0, 0)) // columns of mean 0 and deviation 1
	fmt.Println(z.Slice(tensor.All, tensor.I(3)))
	// Output:
	// [1.25 0.  ] [1.6666666 0.       ]
	// [1.118034 0.      ]
	// [ 1. -1.]
}

func ExampleTensor_LogSumExp() {
	x := tensor.Of([]float32{1000, 1000, -1000})
	fmt.Println(x.Exp().Sum().Log(), x.LogSumExp())
	fmt.Println(x.LogCumSumExp(0))
	// Output:
	// inf 1000.6932
	// [1000.     1000.6932 1000.6932]
}

func ExampleTensor_NormP() {
	x := tensor.Matrix([][]float32{{3, -4}, {0, 12}})
	fmt.Println(x.NormP(2, 1), x.NormP(1, 1), x.NormP(math.Inf(1), 1), x.NormP(0, 1))
	fmt.Println(x.Div(x.NormPKeep(2, 1))) // rows of length 1
	// Output:
	// [ 5. 12.] [ 7. 12.] [ 4. 12.] [2. 1.]
	// [[ 0.6 -0.8]
	//  [ 0.   1. ]]
}

func ExampleTensor_AllOver() {
	x := tensor.Matrix([][]float32{{1, 2}, {0, 3}})
	fmt.Println(x.AllOver(1), x.AnyOver(1), x.CountNonZero(0))
	// Output:
	// [ True False] [ True  True] [1 2]
}

func ExampleTensor_MaxWithIndex() {
	scores := tensor.Matrix([][]float32{{0.1, 0.3, 0.6}, {0.5, 0.5, 0}})
	values, classes := scores.MaxWithIndex(1)
	fmt.Println(values, classes)
	// Output:
	// [0.6 0.5] [2 0]
}

func ExampleTensor_CumProd() {
	x := tensor.Of([]float32{3, 2, 0, 5}).RequireGrad()
	y := x.CumProd(0)
	y.Backward()
	fmt.Println(y, x.Grad())
	// Output:
	// [3. 6. 0. 0.] [ 3.  3. 36.  0.]
}

func ExampleTensor_CumMax() {
	values, idx := tensor.Of([]float32{1, 3, 2, 3, 5}).CumMax(0)
	fmt.Println(values, idx)
	fmt.Println(tensor.Of([]int{1, 2, 3}).CumSumReverse(0))
	// Output:
	// [1. 3. 3. 3. 5.] [0 1 1 3 4]
	// [6 5 3]
}

func ExampleTensor_Median() {
	x := tensor.Of([]float32{7, 1, 4, 2})
	fmt.Println(x.Median(), x.Quantile(0.5)) // the lower of the two, and their mean
	fmt.Println(x.Quantiles([]float64{0, 0.4, 1}, tensor.InterpNearest))
	// Output:
	// 2.0 3.0
	// [1. 2. 7.]
}

func ExampleTensor_NanMean() {
	x := tensor.Of([]float64{1, math.NaN(), 5})
	fmt.Println(x.Mean(), x.NanMean(), x.NanSum())
	// Output:
	// nan 3.0 6.0
}

func ExampleTensor_Average() {
	grades := tensor.Matrix([][]float32{{1, 3}, {2, 4}})
	fmt.Println(grades.Average(tensor.Of([]float32{3, 1}), 1))
	// Output:
	// [1.5 2.5]
}

func ExampleTensor_CorrCoef() {
	x := tensor.Matrix([][]float32{{1, 2, 3}, {2, 4, 6}, {3, 2, 1}}) // three variables, three observations
	fmt.Println(x.Cov(1))
	fmt.Println(x.CorrCoef())
	// Output:
	// [[ 1.  2. -1.]
	//  [ 2.  4. -2.]
	//  [-1. -2.  1.]]
	// [[ 1.  1. -1.]
	//  [ 1.  1. -1.]
	//  [-1. -1.  1.]]
}
