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
type SGD struct {
	base
	momentum float64
	v        []*tensor.Tensor
}

// Momentum is the factor by which SGD keeps its last step, an option.
type Momentum float64

func (m Momentum) sgd(o *SGD) { o.momentum = float64(m) }

// NewSGD returns an optimizer for params; the learning rate is 0.01 unless [LR]
// is given.
func NewSGD(params []nn.Named, opts ...SGDOption) *SGD {
	o := &SGD{base: newBase(params, 0.01), v: make([]*tensor.Tensor, len(params))}
	for _, f := range opts {
		f.sgd(o)
	}
	return o
}

// Step updates the parameters once; see [Optimizer].
func (o *SGD) Step(batchSize int) {
	o.each("sgd", batchSize, func(u update) {
		if o.momentum == 0 {
			nnop.SGD(u.w, u.g, nnop.SGDStep{LR: u.lr, WD: u.wd, Scale: u.scale})
			return
		}
		v := u.slot(o.v)
		v.MulScalarAssign(o.momentum)
		v.AddScaled(-u.lr*u.scale, u.g)
		v.AddScaled(-u.lr*u.wd, u.w.Detach())
		u.w.AddScaled(1, v)
	})
}
