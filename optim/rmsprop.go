package optim

import (
	"github.com/fathom-ml/fathom/nn"
	"github.com/fathom-ml/fathom/tensor/nnop"
)

// RMSProp divides the gradient by the root of a leaky average of its square (11.8; Tieleman and Hinton, 2012). With g' = g/n + wd w,
//
//	v = alpha v + (1-alpha) g'²,  w -= lr g' / (sqrt(v) + eps)
//
// With [Centered] the square of the average m = alpha m + (1-alpha) g' is subtracted from v under the root; with momentum mu
//
//	b = mu b + g' / (sqrt(v) + eps),  w -= lr b
type RMSProp struct {
	Base
	alpha, momentum, eps float64
	centered             bool
	v, m, b              *Slot
}

// Alpha is the factor of the running averages of RMSProp, an option; 0.9 unless given.
type Alpha float64

func (a Alpha) rmsprop(o *RMSProp) { o.alpha = float64(a) }

type centered struct{}

// Centered makes RMSProp divide by the deviation from the average gradient, an option (Graves, 2013).
var Centered centered

func (centered) rmsprop(o *RMSProp) { o.centered = true }

// NewRMSProp returns an optimizer for params; the learning rate is 0.001 unless [LR] is given, [Eps] 1e-8.
func NewRMSProp(params []nn.Named, opts ...RMSPropOption) *RMSProp {
	o := &RMSProp{Base: NewBase("rmsprop", params, 0.001), alpha: 0.9, eps: 1e-8}
	o.v, o.m, o.b = o.NewSlot("v"), o.NewSlot("m"), o.NewSlot("b")
	for _, f := range opts {
		f.rmsprop(o)
	}
	return o
}

// Step updates the parameters once; see [Optimizer].
func (o *RMSProp) Step(batchSize int) {
	o.Each(batchSize, func(u *Update) {
		u.B1, u.B2, u.Eps = o.momentum, o.alpha, o.eps
		switch v := u.Memory(o.v); {
		case o.centered && o.momentum != 0:
			nnop.Update(nnop.RuleRMSPropCenteredMomentum, u.W, u.G, u.UpdateStep, v, u.Memory(o.m), u.Memory(o.b))
		case o.centered:
			nnop.Update(nnop.RuleRMSPropCentered, u.W, u.G, u.UpdateStep, v, u.Memory(o.m))
		case o.momentum != 0:
			nnop.Update(nnop.RuleRMSPropMomentum, u.W, u.G, u.UpdateStep, v, u.Memory(o.b))
		default:
			nnop.Update(nnop.RuleRMSProp, u.W, u.G, u.UpdateStep, v)
		}
	})
}
