// Package metric measures predictions.
package metric

import (
	"fmt"

	"github.com/fathom-ml/fathom/tensor"
)

// Hits counts the predictions that are right (3.6): yHat [n, classes] holds a score
// for each class, the highest one being the prediction, or yHat [n] holds the
// predicted classes themselves; y [n] holds the true classes. It panics if the
// shapes do not match or y does not hold integers.
func Hits(yHat, y *tensor.Tensor) int {
	if k := yHat.NDim(); k < 1 || k > 2 || y.NDim() != 1 || y.Dim(0) != yHat.Dim(0) {
		tensor.Misuse("metric.Hits", "predictions and labels do not match", "scores [n, classes] or classes [n], labels [n]", yHat, y)
	}
	if y.DType().IsFloat() || y.DType() == tensor.Bool {
		tensor.Misuse("metric.Hits", "labels must be integers, not "+y.DType().String(), "use AsType(tensor.Int32)", yHat, y)
	}
	if yHat.NDim() == 2 {
		yHat = yHat.Detach().ArgMax(1)
	}
	return int(yHat.Detach().AsType(tensor.Int64).Eq(y).Sum().Item())
}

// Accuracy is the fraction of predictions that are right; see [Hits]. It panics if
// there are none.
func Accuracy(yHat, y *tensor.Tensor) float64 {
	hits := Hits(yHat, y)
	if y.Size() == 0 {
		tensor.Misuse("metric.Accuracy", "no predictions", "", yHat, y)
	}
	return float64(hits) / float64(y.Size())
}

// Mean is a running weighted average; the zero value is empty.
type Mean struct{ sum, weight float64 }

// Add takes in a value that counts weight times, e.g. a batch's mean loss and its size.
func (m *Mean) Add(value, weight float64) {
	m.sum += value * weight
	m.weight += weight
}

// Value is the average of what was added, 0 before that.
func (m *Mean) Value() float64 {
	if m.weight == 0 {
		return 0
	}
	return m.sum / m.weight
}

// Merge takes in what another average took in.
func (m *Mean) Merge(o Mean) { m.sum, m.weight = m.sum+o.sum, m.weight+o.weight }

// Sums is the weighted sum and the sum of the weights, for checkpoints.
func (m *Mean) Sums() (sum, weight float64) { return m.sum, m.weight }

// SetSums puts back what Sums returned.
func (m *Mean) SetSums(sum, weight float64) { m.sum, m.weight = sum, weight }

// Reset empties m.
func (m *Mean) Reset() { *m = Mean{} }

// String is the average with four digits.
func (m *Mean) String() string { return fmt.Sprintf("%.4f", m.Value()) }
