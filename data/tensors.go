package data

import (
	"fmt"

	"github.com/fathom-ml/fathom/tensor"
)

// Batch is one minibatch of tensors whose first axes have the same length: features and
// labels, or whatever the data set holds.
type Batch []*tensor.Tensor

// XY is the batch as a pair, features and labels. It panics with a [tensor.Error] unless
// the batch has two tensors.
func (b Batch) XY() (x, y *tensor.Tensor) {
	if len(b) != 2 {
		tensor.Misuse("batches", fmt.Sprintf("the data set has %d tensors an example, not features and labels", len(b)), "range over All(ctx) instead", b...)
	}
	return b[0], b[1]
}

// Tensors is a data set in memory: example i is entry i of every tensor's first axis.
type Tensors struct{ xs []*tensor.Tensor }

// NewTensors makes a data set of features X and labels ys, [n, ...] each (3.3:
// gluon.data.ArrayDataset). It keeps the tensors, detached, and copies nothing. It panics
// with a [tensor.Error] if their first axes differ.
func NewTensors(X *tensor.Tensor, ys ...*tensor.Tensor) *Tensors {
	xs := append([]*tensor.Tensor{X}, ys...)
	for _, x := range xs {
		if x.NDim() == 0 {
			tensor.Misuse("newTensors", "a 0-d tensor has no examples", "", xs...)
		}
		if x.Dim(0) != X.Dim(0) {
			tensor.Misuse("newTensors", "the numbers of examples differ", "the first axis counts the examples", xs...)
		}
	}
	for i, x := range xs {
		xs[i] = x.Detach()
	}
	return &Tensors{xs}
}

// Len is the number of examples.
func (d *Tensors) Len() int { return d.xs[0].Dim(0) }

// Take is the data set of the first n examples, or all if there are fewer. It shares memory.
func (d *Tensors) Take(n int) *Tensors {
	out := &Tensors{}
	for _, x := range d.xs {
		out.xs = append(out.xs, x.Narrow(0, 0, min(n, d.Len())))
	}
	return out
}

// Batch copies the examples that idx names.
func (d *Tensors) Batch(idx []int) (Batch, error) { return d.BatchIn(nil, idx) }

// BatchIn is Batch with the results in a scope.
func (d *Tensors) BatchIn(s *tensor.Scope, idx []int) (Batch, error) {
	at := rows(s, idx)
	b := make(Batch, len(d.xs))
	for i, x := range d.xs {
		b[i] = x.Take(at)
	}
	return b, nil
}

// rows is idx as a tensor in a scope: what it picks belongs to the scope too.
func rows(s *tensor.Scope, idx []int) *tensor.Tensor {
	at := tensor.Of(idx)
	if s != nil {
		at = s.In(at)
	}
	return at
}
