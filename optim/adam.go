package optim

import (
	"math"

	"github.com/fathom-ml/fathom/nn"
	"github.com/fathom-ml/fathom/tensor"
	"github.com/fathom-ml/fathom/tensor/nnop"
)

// Adam follows running averages of the gradient and of its square (11.10;
// Kingma and Ba, 2014). With g' = g/n + wd w, in step t of the parameter,
//
//	m = b1 m + (1-b1) g'
//	v = b2 v + (1-b2) g'²
//	w -= lr sqrt(1-b2^t)/(1-b1^t) m / (sqrt(v) + eps)
//
// AdamW (Loshchilov and Hutter, 2019) takes the decay out of the gradient: g' = g/n, and
//
//	w = (1 - lr wd) w - lr/(1-b1^t) m / (sqrt(v/(1-b2^t)) + eps)
//
// (Its eps is added to the corrected root, as in PyTorch; that of Adam is not, as in the book's framework.)
type Adam struct {
	base
	b1, b2, eps float64
	decoupled   bool // AdamW
	m, v        []*tensor.Tensor
	t           []int

	last         int // the step of the corrections below
	mean, square float64
}

// Betas are the factors of the two running averages, an option; 0.9 and 0.999 unless given.
type Betas [2]float64

func (b Betas) adam(o *Adam) { o.b1, o.b2 = b[0], b[1] }

// NewAdam returns an optimizer for params; the learning rate is 0.001 unless
// [LR] is given, [Eps] 1e-8.
func NewAdam(params []nn.Named, opts ...AdamOption) *Adam {
	o := &Adam{base: newBase(params, 0.001), b1: 0.9, b2: 0.999, eps: 1e-8, t: make([]int, len(params))}
	o.m, o.v = o.states(), o.states()
	for _, f := range opts {
		f.adam(o)
	}
	return o
}

// NewAdamW returns an optimizer for params that decays weights apart from the gradient; [WD] is 0.01 unless given, the rest as in
// [NewAdam].
func NewAdamW(params []nn.Named, opts ...AdamOption) *Adam {
	o := NewAdam(params, append([]AdamOption{WD(0.01)}, opts...)...)
	o.decoupled = true
	return o
}

// Step updates the parameters once; see [Optimizer].
func (o *Adam) Step(batchSize int) {
	name := "adam"
	if o.decoupled {
		name = "adamW"
	}
	o.each(name, batchSize, func(u *update) {
		if u.anew {
			o.t[u.i] = 0
		}
		o.t[u.i]++
		if t := o.t[u.i]; t != o.last {
			o.last, o.mean, o.square = t, 1-math.Pow(o.b1, float64(t)), math.Sqrt(1-math.Pow(o.b2, float64(t)))
		}
		s := u.step
		if s.B1, s.B2, s.Eps = o.b1, o.b2, o.eps; o.decoupled {
			s.Decay, s.WD = s.LR*s.WD, 0
			s.Eps *= o.square
		}
		s.LR *= o.square / o.mean
		nnop.Update(nnop.RuleAdam, u.w, u.g, s, u.slot(o.m), u.slot(o.v))
	})
}
