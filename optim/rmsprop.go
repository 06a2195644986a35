package optim

import (
	"github.com/fathom-ml/fathom/nn"
	"github.com/fathom-ml/fathom/tensor"
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
	base
	alpha, momentum, eps float64
	centered             bool
	v, m, b              []*tensor.Tensor
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
	o := &RMSProp{base: newBase(params, 0.001), alpha: 0.9, eps: 1e-8}
	o.v, o.m, o.b = o.states(), o.states(), o.states()
	for _, f := range opts {
		f.rmsprop(o)
	}
	return o
}

// Step updates the parameters once; see [Optimizer].
func (o *RMSProp) Step(batchSize int) {
	o.each("rmsprop", batchSize, func(u *update) {
		u.step.B1, u.step.B2, u.step.Eps = o.momentum, o.alpha, o.eps
		switch v := u.slot(o.v); {
		case o.centered && o.momentum != 0:
			nnop.Update(nnop.RuleRMSPropCenteredMomentum, u.w, u.g, u.step, v, u.slot(o.m), u.slot(o.b))
		case o.centered:
			nnop.Update(nnop.RuleRMSPropCentered, u.w, u.g, u.step, v, u.slot(o.m))
		case o.momentum != 0:
			nnop.Update(nnop.RuleRMSPropMomentum, u.w, u.g, u.step, v, u.slot(o.b))
		default:
			nnop.Update(nnop.RuleRMSProp, u.w, u.g, u.step, v)
		}
	})
}
