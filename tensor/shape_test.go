package tensor_test

import (
	"math"
	"slices"
	"testing"

	. "github.com/fathom-ml/fathom/tensor"
)

func wantShape(t *testing.T, x *Tensor, want ...int) {
	t.Helper()
	if !slices.Equal(x.Shape(), want) {
		t.Errorf("shape %v, want %v", x.Shape(), want)
	}
}

func TestCreation(t *testing.T) {
	wantString(t, Arange(1, 2, 0.25), "[1.   1.25 1.5  1.75]")
	wantShape(t, Arange(0, 3, 0.1), 30)
	wantShape(t, Arange(3, 1), 0)
	wantString(t, Linspace(0, 1, 5), "[0.   0.25 0.5  0.75 1.  ]")
	wantString(t, Eye(2), "[[1. 0.]\n [0. 1.]]")
	wantString(t, Matrix([][]int32{{1, 2}, {3, 4}}), "[[1 2]\n [3 4]]")
	if dt := Of([]int{1}).DType(); dt != Int64 {
		t.Error(dt)
	}
	if z := Zeros(); z.NDim() != 0 || z.Size() != 1 || z.Item() != 0 {
		t.Error(z)
	}
	wantError(t, func() { Of([]float32{1, 2, 3}, 2, 2) }, "of", "[2 2]")
	wantError(t, func() { Zeros(2, -1) }, "zeros", "negative")
	wantError(t, func() { Zeros(1<<40, 1<<40) }, "zeros", "memory")
	wantError(t, func() { Arange(0, 1, 0) }, "arange")
	wantError(t, func() { Matrix([][]int{{1}, {1, 2}}) }, "matrix", "row 1")
}

func TestReshapeSharesWhenItCan(t *testing.T) {
	x := Arange(24)
	y := x.Reshape(2, -1, 4)
	wantShape(t, y, 2, 3, 4)
	if !y.SharesMemory(x) {
		t.Error("a contiguous tensor was copied")
	}
	p := y.Transpose(1, 0, 2)
	if q := p.Reshape(3, 2, 2, 2); !q.SharesMemory(x) || q.At(2, 1, 1, 0) != p.At(2, 1, 2) {
		t.Error("splitting the last axis needs no copy")
	}
	if q := p.Reshape(6, 4); q.SharesMemory(x) || q.At(1, 0) != 12 {
		t.Error("folding exchanged axes needs a copy", q)
	}
	if q := y.Slice(All, I(1)).Reshape(8); q.SharesMemory(x) || q.At(4) != 16 {
		t.Error(q)
	}
	wantShape(t, Zeros(0, 3).Reshape(3, 0), 3, 0)
	wantShape(t, Zeros(1, 1).Reshape())
	wantError(t, func() { x.Reshape(5, -1) }, "reshape", "[24]", "[5 -1]")
	wantError(t, func() { x.Reshape(-1, -1) }, "reshape")
	wantShape(t, Zeros(2, 3, 4).FlattenFrom(1), 2, 12)
	wantShape(t, Zeros(2, 1, 4, 1).Squeeze(), 2, 4)
	wantShape(t, Zeros(2, 1, 4, 1).Squeeze(-1), 2, 1, 4)
	wantError(t, func() { Zeros(2, 3).Squeeze(0) }, "squeeze", "[2 3]")
	wantShape(t, Zeros(2, 3).Unsqueeze(-1), 2, 3, 1)
	wantError(t, func() { Zeros(2, 3).Unsqueeze(4) }, "unsqueeze", "axis 4")
}

func TestSlices(t *testing.T) {
	x := Arange(12).Reshape(3, 4)
	wantString(t, x.Index(-1), "[ 8.  9. 10. 11.]")
	wantString(t, x.Slice(R(1, 3)), "[[ 4.  5.  6.  7.]\n [ 8.  9. 10. 11.]]")
	wantString(t, x.Slice(All, I(-2)), "[ 2.  6. 10.]")
	wantString(t, x.Slice(I(0), All.By(2)), "[0. 2.]")
	wantString(t, x.Slice(I(0), All.By(-1)), "[3. 2. 1. 0.]")
	wantString(t, x.Slice(I(0), R(-1, 0).By(-2)), "[3. 1.]")
	wantString(t, x.Slice(I(0), From(-3)), "[1. 2. 3.]")
	wantString(t, x.Slice(I(0), Until(-3)), "[0.]")
	wantShape(t, x.Slice(R(2, 1)), 0, 4)
	wantShape(t, x.Slice(R(1, 99)), 2, 4)
	wantError(t, func() { x.Index(3) }, "slice", "index 3", "[3 4]")
	wantError(t, func() { x.Slice(All, All, All) }, "slice", "[3 4]")
	wantError(t, func() { x.Narrow(1, 3, 2) }, "narrow", "[3 4]")
}

func TestWritesThroughViews(t *testing.T) {
	x := Arange(12).Reshape(3, 4)
	x.SetAt(9, 1, 2)
	wantString(t, x.Index(1), "[4. 5. 9. 7.]")
	x.FillSlice(12, R(0, 2), All)
	wantString(t, x, "[[12. 12. 12. 12.]\n [12. 12. 12. 12.]\n [ 8.  9. 10. 11.]]")
	x.T().SetSlice(Of([]float32{1, 2, 3}), I(0))
	wantString(t, x.Slice(All, I(0)), "[1. 2. 3.]")
	x.Slice(I(2)).SetSlice(x.Slice(I(2), All.By(-1))) // overlapping
	wantString(t, x.Index(2), "[11. 10.  9.  3.]")
	y := Zeros(3, 4)
	y.CopyFrom(x.AsType(Int32))
	if !Equal(x, y) {
		t.Error(y)
	}
	before := x
	x.AddAssign(y)
	if x != before || x.At(2, 0) != 22 {
		t.Error(x)
	}
	wantError(t, func() { Zeros(1).Expand(3).Fill(1) }, "setSlice", "expanded", "[3]")
	wantError(t, func() { x.SetAt(1, 5, 0) }, "index 5")
	wantError(t, func() { Of([]int{1, 2}).Fill(0.5) }, "0.5", "int64")
}

func TestTypes(t *testing.T) {
	x := Of([]float64{-1.7, 0, 2.9})
	wantString(t, x.AsType(Int32), "[-1  0  2]")
	wantString(t, x.AsType(Bool), "[ True False  True]")
	wantString(t, Of([]bool{true, false}).Sum(), "1")
	if dt := Of([]int32{1, 2}).Sum().DType(); dt != Int64 {
		t.Error(dt)
	}
	wantString(t, Of([]int{1, 2}).Div(Of([]int{2, 4})), "[0.5 0.5]")
	wantString(t, Of([]int{3, 4}).MulScalar(2), "[6 8]")
	wantString(t, Of([]int{3, 4}).GtScalar(3.5), "[False  True]")
	wantError(t, func() { Ones(2, 2).MatMul(ZerosOf(Float64, 2, 2)) }, "matmul", "float32", "float64", "AsType")
	if y := Of([]int{0, 1}).Exp(); y.DType() != Float32 || math.Abs(y.At(1)-math.E) > 1e-6 {
		t.Error(y)
	}
	wantError(t, func() { Of([]int{1, 2}).Mean() }, "mean", "int64")
	if got := Of([]int64{math.MaxInt64}).Ints()[0]; got != math.MaxInt64 {
		t.Error(got)
	}
}

func TestReductions(t *testing.T) {
	a := Arange(20).Reshape(5, 4)
	wantString(t, a.Sum(0), "[40. 45. 50. 55.]")
	wantString(t, a.Sum(-1), "[ 6. 22. 38. 54. 70.]")
	wantString(t, a.Sum(0, 1), "190.0")
	wantString(t, a.Mean(), "9.5")
	wantShape(t, a.SumKeep(1), 5, 1)
	wantString(t, a.Div(a.SumKeep(1)).Index(0), "[0.         0.16666667 0.33333334 0.5       ]")
	wantString(t, a.CumSum(0).Index(4), "[40. 45. 50. 55.]")
	wantString(t, a.ArgMax(1), "[3 3 3 3 3]")
	wantString(t, a.ArgMax(), "19")
	wantString(t, a.Max(0), "[16. 17. 18. 19.]")
	wantString(t, Of([]float32{3, -4}).Norm(), "5.0")
	wantString(t, Zeros(0).Sum(), "0.0")
	wantShape(t, Zeros(2, 0).Sum(1), 2)
	wantError(t, func() { Zeros(2, 0).Max(1) }, "max", "[2 0]")
	wantError(t, func() { a.Sum(0, 0) }, "sum", "twice")
	wantError(t, func() { a.Mean(2) }, "mean", "axis 2", "[5 4]")
	if x := Of([]float32{1, float32(math.NaN())}); !math.IsNaN(x.Max().Item()) || x.ArgMax().Item() != 1 {
		t.Error("NaN must win")
	}
}

func TestProducts(t *testing.T) {
	a, x := Arange(20).Reshape(5, 4), Arange(4)
	wantString(t, x.Dot(Ones(4)), "6.0")
	wantString(t, a.Dot(x), "[ 14.  38.  62.  86. 110.]")
	wantString(t, a.Dot(Ones(4, 3)).Index(1), "[22. 22. 22.]")
	wantShape(t, Zeros(2, 1, 3, 4).MatMul(Zeros(5, 4, 6)), 2, 5, 3, 6)
	wantShape(t, Zeros(3, 0).MatMul(Zeros(0, 2)), 3, 2)
	wantError(t, func() { a.MatMul(a) }, "matmul", "[5 4] x [5 4]", "Transpose")
	wantError(t, func() { Zeros(2, 2, 2).Dot(a) }, "dot")
}

func TestJoinAndTake(t *testing.T) {
	x := Arange(6).Reshape(3, 2)
	wantString(t, Concat(-1, x, x).Index(0), "[0. 1. 0. 1.]")
	wantShape(t, Stack(1, x, x, x), 3, 3, 2)
	wantString(t, x.Take(Of([]int{-1, 0})), "[[4. 5.]\n [0. 1.]]")
	wantShape(t, x.Take(Of([]int{0, 1, 2, 0}, 2, 2)), 2, 2, 2)
	wantString(t, x.Pick(Of([]int32{1, 0, -1})), "[1. 2. 5.]")
	wantError(t, func() { x.Take(Of([]int{3})) }, "take", "index 3", "length 3")
	wantError(t, func() { x.Take(Ones(1)) }, "take", "float32")
	wantError(t, func() { Concat(0) }, "concat")
	wantError(t, func() { Stack(0, x, x.T()) }, "stack", "[3 2]", "[2 3]")
}

func TestNilOperand(t *testing.T) {
	wantError(t, func() { Ones(2).Add(nil) }, "add", "nil")
}
