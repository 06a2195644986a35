package optim

import (
	"math"

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
	Base
	momentum, trust float64 // a trust of 0: not LARS
	nesterov        bool
	v               *Slot
}

type nesterov struct{}

// Nesterov makes the momentum of SGD look one step ahead, an option (Sutskever et al., 2013).
var Nesterov nesterov

func (nesterov) sgd(o *SGD) { o.nesterov = true }

// NewSGD returns an optimizer for params; the learning rate is 0.01 unless [LR]
// is given. It panics if [Nesterov] is given without [Momentum].
func NewSGD(params []nn.Named, opts ...SGDOption) *SGD {
	return newSGD(&SGD{Base: NewBase("sgd", params, 0.01)}, opts)
}

// Trust is the trust coefficient of LARS, an option; 0.001 unless given.
type Trust float64

func (t Trust) sgd(o *SGD) {
	if o.trust == 0 {
		panic(&tensor.Error{Op: "optim.NewSGD", Msg: "Trust is an option of LARS", Hint: "use optim.NewLARS"})
	}
	o.trust = float64(t)
}

// NewLARS returns an optimizer that adapts the rate of each layer (You et al., 2017): a parameter of two axes or more is updated as by
// [NewSGD] with the rate
//
//	lr trust |w| / (|g/n| + wd |w|)
//
// where |.| is the root of the sum of the squares, and one of one axis, such as a bias, as by SGD. (If |w| or |g| is zero the rate is lr.)
// The learning rate is 0.1 unless [LR] is given, [Momentum] 0.9, [Trust] 0.001.
func NewLARS(params []nn.Named, opts ...SGDOption) *SGD {
	return newSGD(&SGD{Base: NewBase("lars", params, 0.1), momentum: 0.9, trust: 0.001}, opts)
}

func newSGD(o *SGD, opts []SGDOption) *SGD {
	o.v = o.NewSlot("v")
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
	o.Each(batchSize, func(u *Update) {
		if o.trust > 0 && u.W.NDim() > 1 {
			w, g := math.Sqrt(nnop.SumSquares(u.W)), u.Scale*math.Sqrt(nnop.SumSquares(u.G))
			if w > 0 && g > 0 {
				u.LR *= o.trust * w / (g + u.WD*w)
			}
		}
		if o.momentum == 0 {
			nnop.Update(nnop.RuleSGD, u.W, u.G, u.UpdateStep)
			return
		}
		u.B1 = o.momentum
		nnop.Update(rule, u.W, u.G, u.UpdateStep, u.Memory(o.v))
	})
}
