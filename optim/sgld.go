package optim

import (
	"math"

	"github.com/fathom-ml/fathom/internal/rng"
	"github.com/fathom-ml/fathom/nn"
	"github.com/fathom-ml/fathom/tensor/nnop"
	"github.com/fathom-ml/fathom/tensor/random"
)

// SGLD is stochastic gradient Langevin dynamics: gradient descent with noise, whose path in the end samples the posterior distribution of the
// weights (Welling and Teh, 2011; 11.4, 11.11):
//
//	w -= lr/2 (g/n + wd w) + N(0, lr)
//
// where N(0, lr) has the variance lr. (Where g is to be the gradient of the sum over a whole data set of N examples, estimated from n,
// multiply the loss by N.)
type SGLD struct {
	Base
	seed uint64
}

// NewSGLD returns an optimizer for params; the learning rate is 0.01 unless [LR] is given. The noise of update t of a parameter follows from seed, t and the
// place of the parameter alone, so that a run that is resumed goes on with the same noise.
func NewSGLD(params []nn.Named, seed uint64, opts ...Option) *SGLD {
	return &SGLD{Base: NewBase("sgld", params, 0.01, opts...), seed: seed}
}

// Step updates the parameters once; see [Optimizer].
func (o *SGLD) Step(batchSize int) {
	o.Each(batchSize, func(u *Update) {
		noise := random.New(rng.Split(rng.Split(o.seed, uint64(u.i)), uint64(u.T))).Normal(0, math.Sqrt(u.LR), u.W.Shape()...)
		u.LR /= 2
		nnop.Update(nnop.RuleSGD, u.W, u.G, u.UpdateStep)
		u.W.AddScaled(-1, noise.AsType(u.W.DType()))
	})
}
