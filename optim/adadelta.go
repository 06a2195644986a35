package optim

import (
	"github.com/fathom-ml/fathom/nn"
	"github.com/fathom-ml/fathom/tensor/nnop"
)

// Adadelta takes its step size from leaky averages of the squares of gradients and of steps (11.9; Zeiler, 2012). With g' = g/n + wd w,
//
//	s = rho s + (1-rho) g'²
//	d = sqrt(u + eps) / sqrt(s + eps) g'
//	u = rho u + (1-rho) d²
//	w -= lr d
type Adadelta struct {
	Base
	rho, eps float64
	s, u     *Slot
}

// Rho is the factor of the running averages of Adadelta, an option; 0.9 unless given.
type Rho float64

func (r Rho) adadelta(o *Adadelta) { o.rho = float64(r) }

// NewAdadelta returns an optimizer for params; the learning rate is 1 unless [LR] is given, [Eps] 1e-5.
func NewAdadelta(params []nn.Named, opts ...AdadeltaOption) *Adadelta {
	o := &Adadelta{Base: NewBase("adadelta", params, 1), rho: 0.9, eps: 1e-5}
	o.s, o.u = o.NewSlot("s"), o.NewSlot("u")
	for _, f := range opts {
		f.adadelta(o)
	}
	return o
}

// Step updates the parameters once; see [Optimizer].
func (o *Adadelta) Step(batchSize int) {
	o.Each(batchSize, func(u *Update) {
		u.B2, u.Eps = o.rho, o.eps
		nnop.Update(nnop.RuleAdadelta, u.W, u.G, u.UpdateStep, u.Memory(o.s), u.Memory(o.u))
	})
}
