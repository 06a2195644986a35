package tensor_test

import (
	"fmt"

	"github.com/fathom-ml/fathom/tensor"
)

// Tensors of integers between the brackets, as in NumPy: x[[2, 0]], x[[0, 1], [3, 2]], x[:, [1, 1]].
func ExampleAt() {
	x := tensor.Arange(12).Reshape(3, 4)
	idx := tensor.Of([]int64{2, 0})
	fmt.Println(x.Slice(tensor.At(idx)))
	fmt.Println(x.Slice(tensor.Ints(0, 1), tensor.Ints(3, 2)))
	fmt.Println(x.Slice(tensor.All, tensor.Ints(1, 1)).Shape())
	// Output:
	// [[ 8.  9. 10. 11.]
	//  [ 0.  1.  2.  3.]]
	// [3. 6.]
	// [3 2]
}

// conf[below] = 1 - conf[below] (13.4)
func ExampleMask() {
	conf := tensor.Of([]float32{0.25, 0.75, 0.5})
	below := tensor.Mask(conf.LtScalar(0.6))
	fmt.Println(conf.Slice(below))
	conf.SetSlice(conf.Slice(below).Affine(-1, 1), below)
	fmt.Println(conf)
	// Output:
	// [0.25 0.5 ]
	// [0.75 0.75 0.5 ]
}

// boxes[:, None, :2] (13.4) and images[..., 0]
func ExampleTensor_Slice_newAxis() {
	boxes := tensor.Zeros(5, 4)
	fmt.Println(boxes.Slice(tensor.All, tensor.NewAxis, tensor.Until(2)).Shape())
	images := tensor.Zeros(2, 28, 30, 3)
	fmt.Println(images.Slice(tensor.Ellipsis, tensor.I(0)).Shape())
	// Output:
	// [5 1 2]
	// [2 28 30]
}

// Repeated indices add up, and a window of a matrix is Y[i:i+h, j:j+w] += K (13.10).
func ExampleTensor_AddAt() {
	count := tensor.Zeros(4)
	count.AddAt(tensor.Scalar(1), tensor.Ints(3, 1, 3, 3))
	fmt.Println(count)
	y := tensor.Zeros(3, 3)
	y.AddAt(tensor.Ones(2, 2), tensor.R(1, 3), tensor.R(0, 2))
	fmt.Println(y)
	// Output:
	// [0. 1. 0. 3.]
	// [[0. 0. 0.]
	//  [1. 1. 0.]
	//  [1. 1. 0.]]
}

func ExampleTensor_MaskedFill() {
	scores := tensor.Arange(6).Reshape(2, 3)
	valid := tensor.Of([]bool{true, true, false})
	fmt.Println(scores.MaskedFill(valid.EqScalar(0), -1e6).Sum(0))
	fmt.Println(scores.MaskedSelect(valid))
	// Output:
	// [ 3.e+00  5.e+00 -2.e+06]
	// [0. 1. 3. 4.]
}

func ExampleTensor_NonZero() {
	fmt.Println(tensor.Matrix([][]float32{{0, 7}, {3, 0}}).NonZero())
	// Output:
	// [[0 1]
	//  [1 0]]
}

// One element of each row, and its way back.
func ExampleTensor_Gather() {
	x := tensor.Arange(6).Reshape(2, 3)
	idx := tensor.Of([]int64{2, 0}, 2, 1)
	y := x.Gather(1, idx)
	fmt.Println(y)
	fmt.Println(tensor.Zeros(2, 3).Scatter(1, idx, y.AddScalar(1)))
	// Output:
	// [[2.]
	//  [3.]]
	// [[0. 0. 3.]
	//  [4. 0. 0.]]
}

// Sums of groups: idx says to which group a number belongs.
func ExampleTensor_ScatterAdd() {
	group := tensor.Of([]int64{0, 1, 0, 1, 1})
	fmt.Println(tensor.Zeros(2).ScatterAdd(0, group, tensor.Arange(5)))
	// Output:
	// [2. 8.]
}

func ExampleTensor_IndexSelect() {
	x := tensor.Arange(6).Reshape(2, 3)
	fmt.Println(x.IndexSelect(1, tensor.Of([]int64{2, 2, 0})))
	// Output:
	// [[2. 2. 0.]
	//  [5. 5. 3.]]
}

func ExampleTensor_Sort() {
	values, order := tensor.Of([]float32{0.1, 0.9, 0.5}).Sort(0, tensor.Descending)
	fmt.Println(values, order)
	// Output:
	// [0.9 0.5 0.1] [1 2 0]
}

func ExampleTensor_TopK() {
	values, idx := tensor.Matrix([][]float32{{3, 1, 2}, {4, 6, 5}}).TopK(2, -1, true)
	fmt.Println(values)
	fmt.Println(idx)
	// Output:
	// [[3. 2.]
	//  [6. 5.]]
	// [[0 2]
	//  [1 2]]
}

func ExampleTensor_Unique() {
	values, inverse, counts := tensor.Of([]int64{3, 1, 3, 7}).Unique()
	fmt.Println(values, inverse, counts)
	// Output:
	// [1 3 7] [1 0 1 2] [1 2 1]
}

func ExampleSearchSorted() {
	edges := tensor.Of([]float32{1, 3, 5})
	x := tensor.Of([]float32{0, 1, 4, 9})
	fmt.Println(tensor.SearchSorted(edges, x, false), tensor.SearchSorted(edges, x, true))
	// Output:
	// [0 0 2 3] [0 1 2 3]
}

func ExampleTensor_Histogram() {
	counts, edges := tensor.Of([]float32{1, 2, 2, 4}).Histogram(3, 1, 4)
	fmt.Println(counts, edges)
	// Output:
	// [1 2 1] [1. 2. 3. 4.]
}

func ExampleInterp() {
	x := tensor.Of([]float32{-1, 0.5, 1.5, 9})
	fmt.Println(tensor.Interp(x, tensor.Arange(3), tensor.Of([]float32{0, 10, 40})))
	// Output:
	// [ 0.  5. 25. 40.]
}

func ExampleMeshgrid() {
	grid := tensor.Meshgrid("xy", tensor.Arange(3), tensor.Of([]float32{5, 6}))
	fmt.Println(grid[0])
	fmt.Println(grid[1])
	// Output:
	// [[0. 1. 2.]
	//  [0. 1. 2.]]
	// [[5. 5. 5.]
	//  [6. 6. 6.]]
}

func ExampleTensor_Pad() {
	x := tensor.Arange(1, 5)
	fmt.Println(x.Pad(tensor.PadConstant(0), [2]int{1, 2}))
	fmt.Println(x.Pad(tensor.PadReflect, [2]int{2, 2}))
	fmt.Println(x.Pad(tensor.PadCircular, [2]int{2, -1}))
	fmt.Println(tensor.Zeros(8, 3, 28, 28).Pad(tensor.PadReplicate, [2]int{1, 1}, [2]int{2, 2}).Shape())
	// Output:
	// [0. 1. 2. 3. 4. 0. 0.]
	// [3. 2. 1. 2. 3. 4. 3. 2.]
	// [3. 4. 1. 2. 3.]
	// [8 3 30 32]
}

func ExampleTensor_Tile() {
	x := tensor.Of([]float32{1, 2})
	fmt.Println(x.Tile(2), x.Repeat(2), x.RepeatEach(tensor.Of([]int64{1, 3})))
	// Output:
	// [1. 2. 1. 2.] [1. 1. 2. 2.] [1. 2. 2. 2.]
}

func ExampleTensor_Roll() {
	x := tensor.Arange(6).Reshape(2, 3)
	fmt.Println(x.Roll([]int{1}, 1))
	fmt.Println(x.Flip(0))
	fmt.Println(x.Rot90(1, 0, 1))
	// Output:
	// [[2. 0. 1.]
	//  [5. 3. 4.]]
	// [[3. 4. 5.]
	//  [0. 1. 2.]]
	// [[2. 5.]
	//  [1. 4.]
	//  [0. 3.]]
}

func ExampleTensor_Split() {
	x := tensor.Arange(7)
	fmt.Println(x.Split(0, 2, 5))
	fmt.Println(x.Chunk(0, 3))
	fmt.Println(x.ArraySplit(0, 3))
	// Output:
	// [[0. 1.] [2. 3. 4. 5. 6.]]
	// [[0. 1. 2.] [3. 4. 5.] [6.]]
	// [[0. 1. 2.] [3. 4.] [5. 6.]]
}

func ExampleHStack() {
	a, b := tensor.Arange(3), tensor.Ones(3)
	fmt.Println(tensor.HStack(a, b))
	fmt.Println(tensor.VStack(a, b))
	fmt.Println(tensor.ColumnStack(a, b))
	// Output:
	// [0. 1. 2. 1. 1. 1.]
	// [[0. 1. 2.]
	//  [1. 1. 1.]]
	// [[0. 1.]
	//  [1. 1.]
	//  [2. 1.]]
}

// The diagonal is a view: it can be written to.
func ExampleTensor_Diagonal() {
	x := tensor.Arange(6).Reshape(2, 3)
	x.Diagonal(1, 0, 1).Fill(9)
	fmt.Println(x)
	fmt.Println(x.Diag(0), x.Trace())
	fmt.Println(tensor.Of([]float32{1, 2}).Diag(0))
	// Output:
	// [[0. 9. 2.]
	//  [3. 4. 9.]]
	// [0. 4.] 4.0
	// [[1. 0.]
	//  [0. 2.]]
}

func ExampleTensor_Tril() {
	x := tensor.Ones(3, 3)
	fmt.Println(x.Tril(0))
	fmt.Println(x.Triu(1))
	// Output:
	// [[1. 0. 0.]
	//  [1. 1. 0.]
	//  [1. 1. 1.]]
	// [[0. 1. 1.]
	//  [0. 0. 1.]
	//  [0. 0. 0.]]
}

func ExampleTensor_OneHot() {
	fmt.Println(tensor.Of([]int64{0, 2}).OneHot(5))
	// Output:
	// [[1. 0. 0. 0. 0.]
	//  [0. 0. 1. 0. 0.]]
}

// Padding counts as 0 in the loss (9.7).
func ExampleTensor_SequenceMask() {
	x := tensor.Matrix([][]float32{{1, 2, 3}, {4, 5, 6}})
	fmt.Println(x.SequenceMask(tensor.Of([]int64{1, 2}), 0, 1))
	// Output:
	// [[1. 0. 0.]
	//  [4. 5. 0.]]
}

func ExampleTensor_Unfold() {
	fmt.Println(tensor.Arange(6).Unfold(0, 3, 1).Mean(1)) // a moving average
	// Output:
	// [1. 2. 3. 4.]
}

func ExampleTrapezoid() {
	x := tensor.Linspace(0, 3, 4)
	fmt.Println(tensor.Trapezoid(x.Square(), x, 0), x.Square().Diff(0))
	// Output:
	// 9.5 [1. 3. 5.]
}

func ExampleFromFunc() {
	fmt.Println(tensor.FromFunc(func(at []int) float64 { return float64(10*at[0] + at[1]) }, 2, 3))
	fmt.Println(tensor.ArangeOf(tensor.Int64, 2, 8, 2), tensor.EyeOf(tensor.Uint8, 2, 3, 1))
	// Output:
	// [[ 0.  1.  2.]
	//  [10. 11. 12.]]
	// [2 4 6] [[0 1 0]
	//  [0 0 1]]
}
