package optim

import (
	"github.com/fathom-ml/fathom/nn"
	"github.com/fathom-ml/fathom/tensor"
	"github.com/fathom-ml/fathom/tensor/nnop"
)

// SGD is stochastic gradient descent (3.2, 11.4, 11.6). With the gradient g of the sum of n losses,
//
//	w -= lr (g/n + wd w)
//
// and with momentum mu,
//
//	v = mu v - lr (g/n + wd w),  w += v
//
// or, with [Nesterov], w += mu v - lr (g/n + wd w).
type SGD struct {
	base
	momentum float64
	nesterov bool
	v        []*tensor.Tensor
}

type nesterov struct{}

// Nesterov makes the momentum of SGD look one step ahead, an option (Sutskever et al., 2013).
var Nesterov nesterov

func (nesterov) sgd(o *SGD) { o.nesterov = true }

// NewSGD returns an optimizer for params; the learning rate is 0.01 unless [LR]
// is given. It panics if [Nesterov] is given without [Momentum].
func NewSGD(params []nn.Named, opts ...SGDOption) *SGD {
	o := &SGD{base: newBase(params, 0.01)}
	o.v = o.states()
	for _, f := range opts {
		f.sgd(o)
	}
	if o.nesterov && o.momentum == 0 {
		panic(&tensor.Error{Op: "optim.NewSGD", Msg: "Nesterov without momentum", Hint: "give optim.Momentum(0.9) too"})
	}
	return o
}

// Step updates the parameters once; see [Optimizer].
func (o *SGD) Step(batchSize int) {
	rule := nnop.RuleMomentum
	if o.nesterov {
		rule = nnop.RuleNesterov
	}
	o.each("sgd", batchSize, func(u *update) {
		if o.momentum == 0 {
			nnop.Update(nnop.RuleSGD, u.w, u.g, u.step)
			return
		}
		u.step.B1 = o.momentum
		nnop.Update(rule, u.w, u.g, u.step, u.slot(o.v))
	})
}
