package nn

import (
	"fmt"

	"github.com/fathom-ml/fathom/tensor"
	"github.com/fathom-ml/fathom/tensor/nnop"
)

// Layer maps one tensor to one tensor. Models with other signatures are ordinary
// types; only [Sequential] and [Ctx.Chain] need this one.
type Layer interface {
	Forward(c *Ctx, x *tensor.Tensor) *tensor.Tensor
}

// Func is a function without parameters, used as a layer. Layers that a function
// captures are not found by [Parameters].
type Func func(x *tensor.Tensor) *tensor.Tensor

// Forward calls f.
func (f Func) Forward(_ *Ctx, x *tensor.Tensor) *tensor.Tensor { return f(x) }

// Sequential runs layers one after the other. It is a slice: index it, append to
// it, range over it.
type Sequential []Layer

// Forward feeds each layer with the result of the one before.
func (s Sequential) Forward(c *Ctx, x *tensor.Tensor) *tensor.Tensor {
	return c.Chain(x, s...)
}

type flatten struct{}

// Flatten folds all axes after the first into one: [n, c, h, w] -> [n, c*h*w].
var Flatten Layer = flatten{}

func (flatten) Forward(_ *Ctx, x *tensor.Tensor) *tensor.Tensor { return x.FlattenFrom(1) }
func (flatten) String() string                                  { return "Flatten" }

// Dropout sets elements to zero with probability P while training and divides the
// others by 1-P (4.6); in evaluation it does nothing. The masks come from the
// layers' random stream.
type Dropout struct{ P float64 }

// NewDropout returns a dropout layer. It panics unless 0 <= p <= 1.
func NewDropout(p float64) *Dropout {
	if !(p >= 0 && p <= 1) {
		panic(&tensor.Error{Op: "nn.NewDropout", Msg: fmt.Sprintf("the probability %v is not in [0, 1]", p)})
	}
	return &Dropout{p}
}

// Forward drops elements of x if c is for training.
func (d *Dropout) Forward(c *Ctx, x *tensor.Tensor) *tensor.Tensor {
	if !c.Training() || d.P == 0 {
		return x
	}
	return nnop.Dropout(x, d.P, c.Key())
}

// String is "Dropout(p = 0.5)".
func (d *Dropout) String() string { return fmt.Sprintf("Dropout(p = %v)", d.P) }
