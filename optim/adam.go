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
type Adam struct {
	base
	b1, b2, eps float64
	m, v        []*tensor.Tensor
	t           []int
}

// Betas are the factors of the two running averages, an option; 0.9 and 0.999 unless given.
type Betas [2]float64

func (b Betas) adam(o *Adam) { o.b1, o.b2 = b[0], b[1] }

// Eps keeps Adam from dividing by zero, an option; 1e-8 unless given.
type Eps float64

func (e Eps) adam(o *Adam) { o.eps = float64(e) }

// NewAdam returns an optimizer for params; the learning rate is 0.001 unless
// [LR] is given.
func NewAdam(params []nn.Named, opts ...AdamOption) *Adam {
	n := len(params)
	o := &Adam{base: newBase(params, 0.001), b1: 0.9, b2: 0.999, eps: 1e-8,
		m: make([]*tensor.Tensor, n), v: make([]*tensor.Tensor, n), t: make([]int, n)}
	for _, f := range opts {
		f.adam(o)
	}
	return o
}

// Step updates the parameters once; see [Optimizer].
func (o *Adam) Step(batchSize int) {
	o.each("adam", batchSize, func(u update) {
		if u.anew {
			o.t[u.i] = 0
		}
		o.t[u.i]++
		t := float64(o.t[u.i])
		nnop.Adam(u.w, u.slot(o.m), u.slot(o.v), u.g, nnop.AdamStep{
			LR: u.lr * math.Sqrt(1-math.Pow(o.b2, t)) / (1 - math.Pow(o.b1, t)),
			B1: o.b1, B2: o.b2, Eps: o.eps, WD: u.wd, Scale: u.scale,
		})
	})
}
