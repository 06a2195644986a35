package nnop_test

import (
	"testing"

	"github.com/fathom-ml/fathom/tensor"
	"github.com/fathom-ml/fathom/tensor/nnop"
	"github.com/fathom-ml/fathom/tensor/optest/oracle"
)

// along is f, which works along the last axis, along the axis of the call.
func along(f func(x *tensor.Tensor) *tensor.Tensor) oracle.CallFunc {
	return func(c oracle.Call) []*tensor.Tensor {
		a := c.Int(1, "dim", -1)
		return []*tensor.Tensor{f(c.X().SwapAxes(a, -1)).SwapAxes(a, -1)}
	}
}

// pooling reads the window of a call; its numbers have the given places among the arguments.
func pooling(f func(x *tensor.Tensor, s nnop.Pool) *tensor.Tensor) oracle.CallFunc {
	return func(c oracle.Call) []*tensor.Tensor {
		s := nnop.Pool{Kernel: c.Pair(1, "kernel_size", 0), Stride: c.Pair(2, "stride", 0), Pad: c.Pair(3, "padding", 0)}
		return []*tensor.Tensor{f(c.X(), s)}
	}
}

// TestOpInfo holds the operations against PyTorch's samples of its own.
func TestOpInfo(t *testing.T) {
	oracle.RunCalls(t, "testdata/opinfo.json.gz", map[string]oracle.CallFunc{
		"softmax":                  along(nnop.Softmax),
		"log_softmax":              along(nnop.LogSoftmax),
		"nn.functional.max_pool2d": pooling(nnop.MaxPool2D),
		"nn.functional.unfold": func(c oracle.Call) []*tensor.Tensor {
			s := nnop.Conv{Dilation: c.Pair(2, "dilation", 1), Pad: c.Pair(3, "padding", 0), Stride: c.Pair(4, "stride", 1)}
			return []*tensor.Tensor{nnop.Im2Col(c.X(), c.Pair(1, "kernel_size", 1), s)}
		},
		"nn.functional.linear": func(c oracle.Call) []*tensor.Tensor {
			return []*tensor.Tensor{nnop.Linear(c.X(), c.T(1, "weight"), c.T(2, "bias"))}
		},
		"nn.functional.conv2d": func(c oracle.Call) []*tensor.Tensor {
			s := nnop.Conv{Stride: c.Pair(3, "stride", 1), Pad: c.Pair(4, "padding", 0), Dilation: c.Pair(5, "dilation", 1), Groups: c.Int(6, "groups", 1)}
			return []*tensor.Tensor{nnop.Conv2D(c.X(), c.T(1, "weight"), c.T(2, "bias"), s)}
		},
	})
}
