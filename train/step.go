// Package train runs trainings: [Step] is one step in a memory scope of its own; [Fit] is the loop around it, with callbacks for progress, charts,
// validation, early stopping, checkpoints from which a training goes on to the same bits, and logs.
package train

import (
	"github.com/fathom-ml/fathom/nn"
	"github.com/fathom-ml/fathom/optim"
	"github.com/fathom-ml/fathom/tensor"
)

// Step is one training step in a memory scope of its own. It calls loss with a training context,
// which computes the losses of a batch, one number an example or one in all, from inputs that it puts into
// the scope with c.In; it computes the gradients and updates the parameters with opt, whose batch size
// is the number of losses. What the step computed goes back to the pool of buffers, so that a
// training of hours holds what one step holds. It returns the mean loss.
func Step(opt optim.Optimizer, loss func(c *nn.Ctx) *tensor.Tensor) float64 {
	s := tensor.NewScope()
	defer s.Close()
	l := loss(nn.Train(nn.In(s)))
	l.Backward()
	n := max(l.Size(), 1)
	opt.Step(n)
	return l.Detach().Sum().Item() / float64(n)
}
