package nn

import "github.com/fathom-ml/fathom/tensor"

// Checkpoint returns f(c, x), a block's Forward for example, without holding what f computes on the way: Backward
// runs f again (see [tensor.Checkpoint]). The random masks are the same in both runs, and running
// averages move in the first alone.
func Checkpoint(c *Ctx, f func(c *Ctx, x *tensor.Tensor) *tensor.Tensor, x *tensor.Tensor) *tensor.Tensor {
	if !c.Training() {
		return f(c, x)
	}
	key, again := c.Key(), false
	return tensor.Checkpoint(func(xs ...*tensor.Tensor) *tensor.Tensor {
		d := &Ctx{training: true, key: key, scope: c.scope, values: c.values, again: again}
		again = true
		return f(d, xs[0])
	}, x)
}
