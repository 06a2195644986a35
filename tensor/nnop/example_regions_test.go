package nnop_test

import (
	"fmt"

	"github.com/fathom-ml/fathom/tensor"
	"github.com/fathom-ml/fathom/tensor/nnop"
)

// Two proposals on a feature map a tenth as large as the image (13.8).
func ExampleROIPool() {
	x := tensor.Arange(16).Reshape(1, 1, 4, 4)
	boxes := tensor.Matrix([][]float32{{0, 0, 0, 20, 20}, {0, 0, 10, 30, 30}})
	y := nnop.ROIPool(x, boxes, nnop.ROI{Out: [2]int{2, 2}, Scale: 0.1})
	fmt.Println(y.Squeeze(1))
	// Output:
	// [[[ 5.  6.]
	//   [ 9. 10.]]
	//
	//  [[ 9. 11.]
	//   [13. 15.]]]
}

// Points between the pixels: half a pixel farther to the right, half a number more.
func ExampleROIAlign() {
	x := tensor.Arange(16).Reshape(1, 1, 4, 4)
	boxes := tensor.Matrix([][]float32{{0, 0.5, 0.5, 2.5, 2.5}, {0, 1, 0.5, 3, 2.5}})
	y := nnop.ROIAlign(x, boxes, nnop.ROI{Out: [2]int{1, 2}, HalfLess: true})
	fmt.Println(y.Squeeze())
	// Output:
	// [[4.5 5.5]
	//  [5.  6. ]]
}

// An image made twice as wide: by repetition, and on straight lines.
func ExampleInterpolate() {
	x := tensor.Matrix([][]float32{{0, 4}, {8, 12}})
	fmt.Println(nnop.Interpolate(x, nnop.Interpolation{}, 4))
	fmt.Println(nnop.Interpolate(x, nnop.Interpolation{Mode: nnop.ResampleLinear}, 4))
	// Output:
	// [[ 0.  0.  4.  4.]
	//  [ 8.  8. 12. 12.]]
	// [[ 0.  1.  3.  4.]
	//  [ 8.  9. 11. 12.]]
}
