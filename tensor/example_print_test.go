package tensor_test

import (
	"fmt"

	"github.com/fathom-ml/fathom/tensor"
)

// Fewer digits, and shorter summaries, for all that is printed from here on.
func ExampleSetPrintOptions() {
	old := tensor.SetPrintOptions(tensor.PrintOptions{Precision: 3, Threshold: 5, EdgeItems: 2})
	defer tensor.SetPrintOptions(old)
	fmt.Println(tensor.Of([]float32{3.14159265, 2.71828183}))
	fmt.Println(tensor.Arange(100))
	// Output:
	// [3.142 2.718]
	// [ 0.  1. ... 98. 99.]
}

// One call, other options.
func ExampleTensor_StringWith() {
	x := tensor.Of([]float64{1e-10, 1.6, 2})
	fmt.Println(x)
	fmt.Println(x.StringWith(tensor.PrintOptions{Suppress: true}))
	fmt.Println(x.StringWith(tensor.PrintOptions{Suppress: true, FloatMode: "fixed", Precision: 2, Sign: "+"}))
	// Output:
	// [1.0e-10 1.6e+00 2.0e+00]
	// [0.  1.6 2. ]
	// [+0.00 +1.60 +2.00]
}

func ExampleTensor_ReprWith() {
	x := tensor.Complex(tensor.Of([]float64{1, 1. / 3}), tensor.Of([]float64{0, -2}))
	fmt.Println(x.ReprWith(tensor.PrintOptions{Precision: 3}))
	fmt.Println(tensor.Of([]int8{-1, 2}).Repr())
	// Output:
	// array([1.   +0.j, 0.333-2.j], dtype=complex128)
	// array([-1,  2], dtype=int8)
}
