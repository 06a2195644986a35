package nnop_test

import (
	"testing"

	"github.com/fathom-ml/fathom/tensor"
	"github.com/fathom-ml/fathom/tensor/nnop"
	"github.com/fathom-ml/fathom/tensor/optest/oracle"
)

// TestOracle holds the operations against PyTorch.
func TestOracle(t *testing.T) {
	// bias is the last operand, if there is one
	bias := func(in []*tensor.Tensor) *tensor.Tensor {
		if len(in) > 2 {
			return in[2]
		}
		return nil
	}
	pool := func(c oracle.Case) nnop.Pool { return nnop.Pool{Kernel: c.Window, Stride: c.Stride, Pad: c.Pad} }
	oracle.Run(t, "testdata/ops.json.gz", map[string]oracle.Func{
		"softmax":     func(c oracle.Case, in []*tensor.Tensor) *tensor.Tensor { return nnop.Softmax(in[0]) },
		"log_softmax": func(c oracle.Case, in []*tensor.Tensor) *tensor.Tensor { return nnop.LogSoftmax(in[0]) },
		"softmax_cross_entropy": func(c oracle.Case, in []*tensor.Tensor) *tensor.Tensor {
			return nnop.SoftmaxCrossEntropy(in[0], in[1])
		},
		"linear": func(c oracle.Case, in []*tensor.Tensor) *tensor.Tensor {
			return nnop.Linear(in[0], in[1], bias(in))
		},
		"conv2d": func(c oracle.Case, in []*tensor.Tensor) *tensor.Tensor {
			return nnop.Conv2D(in[0], in[1], bias(in), nnop.Conv{Stride: c.Stride, Pad: c.Pad, Dilation: c.Dilation, Groups: c.Groups})
		},
		"max_pool2d": func(c oracle.Case, in []*tensor.Tensor) *tensor.Tensor { return nnop.MaxPool2D(in[0], pool(c)) },
		"avg_pool2d": func(c oracle.Case, in []*tensor.Tensor) *tensor.Tensor { return nnop.AvgPool2D(in[0], pool(c)) },
	})
}
