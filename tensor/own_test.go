package tensor_test

import (
	"math"
	"testing"

	"github.com/fathom-ml/fathom/tensor"
)

// TestOwnMemory: functions whose results are not views give memory of their own also where they change nothing.
func TestOwnMemory(t *testing.T) {
	type unary = func(x *tensor.Tensor) *tensor.Tensor
	for name, f := range map[string]unary{
		"clip":       func(x *tensor.Tensor) *tensor.Tensor { return x.Clip(math.Inf(-1), math.Inf(1)) },
		"clipTensor": func(x *tensor.Tensor) *tensor.Tensor { return x.ClipTensor(nil, nil) },
		"nanToNum":   func(x *tensor.Tensor) *tensor.Tensor { return x.NanToNum() },
		"floor":      (*tensor.Tensor).Floor,
		"roundTo":    func(x *tensor.Tensor) *tensor.Tensor { return x.RoundTo(2) },
		"sum":        func(x *tensor.Tensor) *tensor.Tensor { return x.Sum() },
		"sumKeep":    func(x *tensor.Tensor) *tensor.Tensor { return x.SumKeep() },
		"max":        func(x *tensor.Tensor) *tensor.Tensor { return x.Max() },
		"prod":       func(x *tensor.Tensor) *tensor.Tensor { return x.Prod() },
		"prodKeep":   func(x *tensor.Tensor) *tensor.Tensor { return x.ProdKeep() },
		"tile":       func(x *tensor.Tensor) *tensor.Tensor { return x.Tile(1) },
		"repeat":     func(x *tensor.Tensor) *tensor.Tensor { return x.Repeat(1) },
		"pad":        func(x *tensor.Tensor) *tensor.Tensor { return x.Pad(tensor.PadConstant(0)) },
		"roll":       func(x *tensor.Tensor) *tensor.Tensor { return x.Roll([]int{0}) },
		"concat":     func(x *tensor.Tensor) *tensor.Tensor { return tensor.Concat(0, x.Flatten()) },
		"stack":      func(x *tensor.Tensor) *tensor.Tensor { return tensor.Stack(0, x) },
		"abs":        (*tensor.Tensor).Abs,
		"mulScalar":  func(x *tensor.Tensor) *tensor.Tensor { return x.MulScalar(1) },
		"tril":       func(x *tensor.Tensor) *tensor.Tensor { return x.Expand(1, 1).Tril(0) },
		"indexSelect": func(x *tensor.Tensor) *tensor.Tensor {
			return x.Flatten().IndexSelect(0, tensor.Of([]int64{0}))
		},
		"cartesianProd": func(x *tensor.Tensor) *tensor.Tensor { return tensor.CartesianProd(x.Flatten()) },
	} {
		for _, x := range []*tensor.Tensor{
			tensor.Of([]int64{3}), tensor.Of([]int64{3}).Reshape(), tensor.Of([]float32{3}),
			tensor.Of([]float32{3}).Reshape(), tensor.Of([]float32{3}).Reshape().RequireGrad(),
		} {
			if y := f(x); y.SharesMemory(x) {
				t.Errorf("%s of %v %v is on the operand's memory", name, x.DType(), x.Shape())
			}
		}
	}
}
