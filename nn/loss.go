package nn

import (
	"slices"

	"github.com/fathom-ml/fathom/tensor"
	"github.com/fathom-ml/fathom/tensor/nnop"
)

// L2Loss returns (pred - label)²/2, averaged over all axes but the first: one
// value an example (3.3). A label of another shape with as many elements is
// reshaped to pred's.
func L2Loss(pred, label *tensor.Tensor) *tensor.Tensor {
	if pred.NDim() == 0 || label.Size() != pred.Size() || label.NDim() == 0 || label.Dim(0) != pred.Dim(0) {
		tensor.Misuse("nn.L2Loss", "predictions and labels do not match", "one label a prediction, examples on axis 0", pred, label)
	}
	if shape := pred.Shape(); !slices.Equal(shape, label.Shape()) {
		label = label.Reshape(shape...)
	}
	return nnop.SquaredError(pred, label.AsType(pred.DType()))
}

// SoftmaxCrossEntropy returns the negative logarithm of the softmax probability of
// each label, computed from the logits without overflow: one value an example (3.7).
// Shapes: logits [n, ..., classes], integer labels [n, ...]; axes between the first and the
// last are averaged over.
func SoftmaxCrossEntropy(logits, labels *tensor.Tensor) *tensor.Tensor {
	k := logits.NDim()
	if k < 2 || !slices.Equal(logits.Shape()[:k-1], labels.Shape()) {
		tensor.Misuse("nn.SoftmaxCrossEntropy", "logits and labels do not match", "logits [n, ..., classes], labels [n, ...]", logits, labels)
	}
	if labels.DType() == tensor.Uint8 {
		labels = labels.AsType(tensor.Int32)
	}
	if k == 2 {
		return nnop.SoftmaxCrossEntropy(logits, labels)
	}
	loss := nnop.SoftmaxCrossEntropy(logits.Reshape(-1, logits.Dim(-1)), labels.Flatten())
	return perExample(loss.Reshape(labels.Shape()...))
}

// perExample averages over all axes but the first.
func perExample(x *tensor.Tensor) *tensor.Tensor {
	if x.NDim() < 2 {
		return x
	}
	axes := make([]int, x.NDim()-1)
	for i := range axes {
		axes[i] = i + 1
	}
	return x.Mean(axes...)
}
