package optim

import (
	"github.com/fathom-ml/fathom/nn"
	"github.com/fathom-ml/fathom/tensor/nnop"
)

// Adagrad divides the gradient by the root of the sum of all its squares so far (11.7; Duchi et al., 2011). With g' = g/n + wd w,
//
//	s += g'²,  w -= lr g' / (sqrt(s) + eps)
type Adagrad struct {
	Base
	eps float64
	s   *Slot
}

// NewAdagrad returns an optimizer for params; the learning rate is 0.01 unless [LR] is given, [Eps] 1e-7.
func NewAdagrad(params []nn.Named, opts ...AdagradOption) *Adagrad {
	o := &Adagrad{Base: NewBase("adagrad", params, 0.01), eps: 1e-7}
	o.s = o.NewSlot("s")
	for _, f := range opts {
		f.adagrad(o)
	}
	return o
}

// Step updates the parameters once; see [Optimizer].
func (o *Adagrad) Step(batchSize int) {
	o.Each(batchSize, func(u *Update) {
		u.Eps = o.eps
		nnop.Update(nnop.RuleAdagrad, u.W, u.G, u.UpdateStep, u.Memory(o.s))
	})
}
