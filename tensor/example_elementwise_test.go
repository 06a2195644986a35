package tensor_test

import (
	"fmt"
	"math"

	"github.com/fathom-ml/fathom/tensor"
)

// Near 0 the two keep the digits that 1 + x would lose.
func ExampleTensor_Log1p() {
	x := tensor.Of([]float64{1e-12, 1})
	fmt.Println(x.Log1p(), x.Expm1())
	fmt.Println(x.AddScalar(1).Log().At(0) == 1e-12)
	// Output:
	// [1.00000000e-12 6.93147181e-01] [1.00000000e-12 1.71828183e+00]
	// false
}

func ExampleTensor_Log2() {
	x := tensor.Of([]int{1, 8, 1000})
	fmt.Println(x.Log2(), x.Log10()) // integers count as float32
	// Output:
	// [0.       3.       9.965784] [0.      0.90309 3.     ]
}

// The distribution function of the standard normal, and its inverse.
func ExampleTensor_Erf() {
	x := tensor.Of([]float64{-1.96, 0, 1.96})
	p := x.DivScalar(math.Sqrt2).Erf().Affine(0.5, 0.5)
	fmt.Println(p)
	fmt.Println(p.Affine(2, -1).ErfInv().MulScalar(math.Sqrt2))
	// Output:
	// [0.0249979 0.5       0.9750021]
	// [-1.96  0.    1.96]
}

// The logarithm of a factorial and its derivatives.
func ExampleTensor_Lgamma() {
	n := tensor.Of([]float64{1, 5, 100}).RequireGrad()
	y := n.Lgamma() // log 0!, log 4!, log 99!
	fmt.Println(y)
	y.Backward()
	fmt.Println(n.Grad())
	fmt.Println(n.Detach().Polygamma(1))
	// Output:
	// [  0.           3.17805383 359.13420537]
	// [-0.57721566  1.50611767  4.60016185]
	// [1.64493407 0.22132296 0.01005017]
}

func ExampleTensor_Round() {
	x := tensor.Of([]float32{-1.5, -0.4, 0.5, 2.345})
	fmt.Println(x.Floor(), x.Ceil(), x.Trunc())
	fmt.Println(x.Round(), x.RoundTo(1))
	// Output:
	// [-2. -1.  0.  2.] [-1. -0.  1.  3.] [-1. -0.  0.  2.]
	// [-2. -0.  0.  2.] [-1.5 -0.4  0.5  2.3]
}

// Remainder and FloorDivide are % and // of Python, Fmod is % of Go.
func ExampleTensor_Remainder() {
	x, y := tensor.Of([]int{-7, 7, -7, 7}), tensor.Of([]int{3, 3, -3, -3})
	fmt.Println(x.Remainder(y), x.FloorDivide(y), x.Fmod(y))
	fmt.Println(tensor.Arange(5).RemainderScalar(1.5))
	// Output:
	// [ 2  1 -1 -2] [-3  2  2 -3] [-1  1 -1  1]
	// [0.  1.  0.5 0.  1. ]
}

func ExampleTensor_Clip() {
	x := tensor.Of([]float32{-3, -1, 0, 1, 3}).RequireGrad()
	y := x.Clip(-1, 2)
	fmt.Println(y, x.Clip(0, math.Inf(1)))
	y.Backward()
	fmt.Println(x.Grad())
	// Output:
	// [-1. -1.  0.  1.  2.] [0. 0. 0. 1. 3.]
	// [0. 1. 1. 1. 0.]
}

func ExampleTensor_NanToNum() {
	x := tensor.Of([]float64{math.NaN(), 1, math.Inf(1), math.Inf(-1)})
	fmt.Println(x.IsNaN(), x.IsInf(), x.IsFinite())
	fmt.Println(x.NanToNum(0, 100, -100))
	// Output:
	// [ True False False False] [False False  True  True] [False  True False False]
	// [   0.    1.  100. -100.]
}

func ExampleTensor_LogAddExp() {
	x := tensor.Of([]float32{1000, 0})
	fmt.Println(x.LogAddExp(tensor.Zeros())) // log(e^1000 + 1), log 2
	// Output:
	// [1.000000e+03 6.931472e-01]
}

func ExampleTensor_Atan2() {
	y, x := tensor.Of([]float32{1, -1}), tensor.Of([]float32{-1, -1})
	fmt.Println(y.Atan2(x).Rad2Deg(), y.Hypot(x))
	// Output:
	// [ 135. -135.] [1.4142135 1.4142135]
}

func ExampleTensor_BitwiseAnd() {
	x, y := tensor.Of([]int{12, 10}), tensor.Of([]int{10, 3})
	fmt.Println(x.BitwiseAnd(y), x.BitwiseOr(y), x.BitwiseXor(y), x.BitwiseNot())
	fmt.Println(x.LeftShift(tensor.Of([]int{1, 2})), x.Gcd(y))
	// Output:
	// [8 2] [14 11] [6 9] [-13 -11]
	// [24 40] [2 1]
}

func ExampleTensor_LogicalAnd() {
	x := tensor.Arange(6)
	fmt.Println(x.GtScalar(1).LogicalAnd(x.LtScalar(4)))
	fmt.Println(x.LogicalNot())
	// Output:
	// [False False  True  True False False]
	// [ True False False False False False]
}

func ExampleTensor_GELU() {
	x := tensor.Of([]float64{-2, 0, 2})
	fmt.Println(x.GELU(), x.GELUTanh())
	fmt.Println(x.SiLU(), x.Mish())
	fmt.Println(x.Softplus(), x.LogSigmoid())
	fmt.Println(x.ELU(1), x.LeakyReLU(0.1), x.Hardswish())
	// Output:
	// [-0.04550026  0.          1.95449974] [-0.04540231  0.          1.95459769]
	// [-0.23840584  0.          1.76159416] [-0.25250148  0.          1.94395896]
	// [0.12692801 0.69314718 2.12692801] [-2.12692801 -0.69314718 -0.12692801]
	// [-0.86466472  0.          2.        ] [-0.2  0.   2. ] [-0.33333333  0.          1.66666667]
}

// Each half of the last axis gates the other.
func ExampleTensor_GLU() {
	x := tensor.Of([]float32{1, 2, 0, 0}, 1, 4)
	fmt.Println(x.GLU(-1))
	// Output:
	// [[0.5 1. ]]
}

// Losses that are square near 0 and linear beyond.
func ExampleTensor_Huber() {
	d := tensor.Of([]float32{-3, -0.5, 0, 1, 3})
	fmt.Println(d.Huber(1))
	fmt.Println(d.SmoothL1(2)) // square up to 1/4
	// Output:
	// [2.5   0.125 0.    0.5   2.5  ]
	// [2.875 0.375 0.    0.875 2.875]
}
