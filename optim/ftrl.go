package optim

import (
	"github.com/fathom-ml/fathom/nn"
	"github.com/fathom-ml/fathom/tensor/nnop"
)

// Ftrl follows the regularised leader: weights of features that matter little become exactly zero (McMahan et al., 2013). With g' = g/n,
//
//	z += g' - (sqrt(s + g'²) - sqrt(s))/lr w,  s += g'²
//	w = 0 if |z| <= l1, else (sign(z) l1 - z) / ((beta + sqrt(s))/lr + wd)
//
// [WD] is the weight of the squares here, apart from the gradient.
type Ftrl struct {
	Base
	l1, beta float64
	z, s     *Slot
}

// L1 is the weight of the absolute values in Ftrl, an option; 0.01 unless given.
type L1 float64

func (v L1) ftrl(o *Ftrl) { o.l1 = float64(v) }

// Beta is beta of Ftrl, an option; 1 unless given.
type Beta float64

func (v Beta) ftrl(o *Ftrl) { o.beta = float64(v) }

// NewFtrl returns an optimizer for params; the learning rate is 0.1 unless [LR] is given.
func NewFtrl(params []nn.Named, opts ...FtrlOption) *Ftrl {
	o := &Ftrl{Base: NewBase("ftrl", params, 0.1), l1: 0.01, beta: 1}
	o.z, o.s = o.NewSlot("z"), o.NewSlot("s")
	for _, f := range opts {
		f.ftrl(o)
	}
	return o
}

// Step updates the parameters once; see [Optimizer].
func (o *Ftrl) Step(batchSize int) {
	o.Each(batchSize, func(u *Update) {
		if u.LR == 0 { // by the parameter's multiplier
			return
		}
		u.C, u.Eps, u.B1, u.WD = o.l1, o.beta, u.WD, 0
		nnop.Update(nnop.RuleFtrl, u.W, u.G, u.UpdateStep, u.Memory(o.z), u.Memory(o.s))
	})
}
