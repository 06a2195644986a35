package nn

import (
	"github.com/fathom-ml/fathom/tensor"
	"github.com/fathom-ml/fathom/tensor/nnop"
)

// Softmax is e^x divided by the sum of e^x along an axis, -1 for the last (3.6).
func Softmax(axis int) *Activation {
	return with("softmax", along(axis, nnop.Softmax), axis)
}

// LogSoftmax is the logarithm of [Softmax], without overflow (3.7).
func LogSoftmax(axis int) *Activation {
	return with("log_softmax", along(axis, nnop.LogSoftmax), axis)
}

// Softmin is [Softmax] of -x: the smallest gets most.
func Softmin(axis int) *Activation {
	return with("softmin", along(axis, func(x *tensor.Tensor) *tensor.Tensor { return nnop.Softmax(x.Neg()) }), axis)
}

// GLU halves an axis, of even length, and is a sigmoid(b) of the halves a and b (Dauphin et al., 2016).
func GLU(axis int) *Activation {
	return with("glu", func(x *tensor.Tensor) *tensor.Tensor { return x.GLU(axis) }, axis)
}

// along makes f, which works along the last axis, work along another one.
func along(axis int, f func(*tensor.Tensor) *tensor.Tensor) func(*tensor.Tensor) *tensor.Tensor {
	if axis == -1 {
		return f
	}
	return func(x *tensor.Tensor) *tensor.Tensor { return f(x.SwapAxes(axis, -1)).SwapAxes(axis, -1) }
}
