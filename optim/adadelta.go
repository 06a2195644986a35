package optim

import (
	"github.com/fathom-ml/fathom/nn"
	"github.com/fathom-ml/fathom/tensor"
	"github.com/fathom-ml/fathom/tensor/nnop"
)

// Adadelta takes its step size from leaky averages of the squares of gradients and of steps (11.9; Zeiler, 2012). With g' = g/n + wd w,
//
//	s = rho s + (1-rho) g'²
//	d = sqrt(u + eps) / sqrt(s + eps) g'
//	u = rho u + (1-rho) d²
//	w -= lr d
type Adadelta struct {
	base
	rho, eps float64
	s, u     []*tensor.Tensor
}

// Rho is the factor of the running averages of Adadelta, an option; 0.9 unless given.
type Rho float64

func (r Rho) adadelta(o *Adadelta) { o.rho = float64(r) }

// NewAdadelta returns an optimizer for params; the learning rate is 1 unless [LR] is given, [Eps] 1e-5.
func NewAdadelta(params []nn.Named, opts ...AdadeltaOption) *Adadelta {
	o := &Adadelta{base: newBase(params, 1), rho: 0.9, eps: 1e-5}
	o.s, o.u = o.states(), o.states()
	for _, f := range opts {
		f.adadelta(o)
	}
	return o
}

// Step updates the parameters once; see [Optimizer].
func (o *Adadelta) Step(batchSize int) {
	o.each("adadelta", batchSize, func(u *update) {
		u.step.B2, u.step.Eps = o.rho, o.eps
		nnop.Update(nnop.RuleAdadelta, u.w, u.g, u.step, u.slot(o.s), u.slot(o.u))
	})
}
