package tensor_test

import (
	"errors"
	"strconv"
	"testing"

	"github.com/fathom-ml/fathom/linalg"
	"github.com/fathom-ml/fathom/tensor"
	"github.com/fathom-ml/fathom/tensor/optest/oracle"
)

// TestProductsOracle holds the products against PyTorch and NumPy.
func TestProductsOracle(t *testing.T) {
	oracle.Run(t, "testdata/products.json.gz", map[string]oracle.Func{
		"einsum": func(c oracleCase, in operands) *tensor.Tensor { return tensor.Einsum(c.Name, in...) },
		"tensordot": func(c oracleCase, in operands) *tensor.Tensor {
			return in[0].TensorDot(in[1], c.Axes[0])
		},
		"tensordot_axes": func(c oracleCase, in operands) *tensor.Tensor {
			return in[0].TensorDotAxes(in[1], c.Axes, c.Ints)
		},
		"outer": two((*tensor.Tensor).Outer),
		"inner": two((*tensor.Tensor).Inner),
		"kron":  two((*tensor.Tensor).Kron),
		"vdot":  two((*tensor.Tensor).VDot),
		"batch_dot": func(c oracleCase, in operands) *tensor.Tensor {
			return in[0].BatchDot(in[1], c.Ints[0] == 1, c.Ints[1] == 1)
		},
		"cross": func(c oracleCase, in operands) *tensor.Tensor {
			return linalg.Cross(in[0], in[1], c.Axes[0])
		},
		"addmm": func(c oracleCase, in operands) *tensor.Tensor {
			return in[0].AddMM(in[1], in[2], c.Floats[0], c.Floats[1])
		},
		"cdist": func(c oracleCase, in operands) *tensor.Tensor {
			p, err := strconv.ParseFloat(c.Name, 64)
			if err != nil {
				t.Error(err)
			}
			return linalg.CDist(in[0], in[1], p)
		},
		"dot":    two((*tensor.Tensor).Dot),
		"matmul": two((*tensor.Tensor).MatMul),
	})
}

func TestProductsMisuse(t *testing.T) {
	a, b, batch := tensor.Zeros(2, 3), tensor.Zeros(3, 4), tensor.Zeros(2, 3, 4)
	for op, fs := range map[string][]func(){
		"tensorDot": {func() { a.TensorDot(b, 2) }, func() { a.TensorDot(b, 3) }, func() { a.TensorDot(b, -1) },
			func() { a.TensorDotAxes(b, []int{0}, []int{0}) }, func() { a.TensorDotAxes(b, []int{2}, []int{0}) },
			func() { a.TensorDotAxes(b, []int{0, 1}, []int{0}) }, func() { a.TensorDotAxes(a, []int{1, 1}, []int{1, 1}) }},
		"inner":    {func() { a.Inner(b) }},
		"dot":      {func() { batch.Dot(batch) }},
		"vdot":     {func() { a.VDot(b) }},
		"batchDot": {func() { a.BatchDot(b, false, false) }, func() { batch.BatchDot(tensor.Zeros(1, 4, 3), false, false) }},
		"addMM":    {func() { a.AddMM(a, batch, 1, 1) }},
		"expand":   {func() { batch.AddMM(a, b, 1, 1) }},
		"matmul":   {func() { a.AsType(tensor.Bool).MatMul(b.AsType(tensor.Bool)) }, func() { batch.BatchDot(batch, false, false) }},
	} {
		for k, f := range fs {
			var e *tensor.Error
			if err := tensor.Try(f); !errors.As(err, &e) || e.Op != op {
				t.Errorf("%s, %d: %v", op, k, err)
			}
		}
	}
}

// Results that no memory holds are refused, also where the number of their elements wraps to 0.
func TestProductsTooLarge(t *testing.T) {
	x := tensor.Zeros(1).Expand(1 << 32)
	for op, f := range map[string]func(){
		"einsum": func() { tensor.Einsum("a,b->ab", x, x) },
		"matmul": func() { x.Unsqueeze(1).MatMul(x.Unsqueeze(0)) },
	} {
		var e *tensor.Error
		if err := tensor.Try(f); !errors.As(err, &e) || e.Op != op {
			t.Errorf("%s: %v", op, err)
		}
	}
}
