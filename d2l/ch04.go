package d2l

import (
	"github.com/fathom-ml/fathom/data"
	"github.com/fathom-ml/fathom/nn"
	"github.com/fathom-ml/fathom/show"
	"github.com/fathom-ml/fathom/tensor"
)

// EvaluateLoss is the mean loss of net over a data set: the sum of all loss values by their
// number (4.4).
func EvaluateLoss(p show.Display, net nn.Layer, iter *Batches, loss Loss) (float64, error) {
	sums := NewAccumulator(2)
	iter = iter.With(data.Recycle())
	for X, y := range iter.Batches() {
		show.Check(p)
		inScope(func(s *tensor.Scope) {
			l := loss(net.Forward(nn.Eval(), s.In(X)), y)
			sums.Add(l.Sum().Item(), float64(l.Size()))
		})
	}
	return sums.At(0) / sums.At(1), iter.Err()
}
