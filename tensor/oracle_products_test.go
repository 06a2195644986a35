package tensor_test

import (
	"testing"

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
			return in[0].Cross(in[1], c.Axes[0])
		},
		"dot":    two((*tensor.Tensor).Dot),
		"matmul": two((*tensor.Tensor).MatMul),
	})
}
