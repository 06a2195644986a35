package nn

import (
	"fmt"
	"math"

	"github.com/fathom-ml/fathom/tensor"
	"github.com/fathom-ml/fathom/tensor/nnop"
)

// Dropout sets elements to zero with probability P while training and divides the
// others by 1-P (4.6); in evaluation it does nothing. The masks come from the
// layers' random stream.
type Dropout struct{ P float64 }

// NewDropout returns a dropout layer. It panics unless 0 <= p <= 1.
func NewDropout(p float64) *Dropout {
	checkProbability("nn.NewDropout", p)
	return &Dropout{p}
}

// Forward drops elements of x if c is for training.
func (d *Dropout) Forward(c *Ctx, x *tensor.Tensor) (out *tensor.Tensor) {
	defer c.ran(d, x, &out)
	if !c.Training() || d.P == 0 {
		return x
	}
	return nnop.Dropout(x, d.P, c.Key())
}

// String is "Dropout(p = 0.5)".
func (d *Dropout) String() string { return fmt.Sprintf("Dropout(p = %v)", d.P) }

// SpatialDropout drops whole channels: with probability P while training all of a channel of an example becomes zero, and
// the others are divided by 1-P (Tompson et al., 2015). In evaluation it does nothing.
type SpatialDropout struct {
	P    float64
	axes int // after batch and channels
}

// NewDropout1D returns a layer that drops channels of sequences [n, c, w]. It panics unless 0 <= p <= 1.
func NewDropout1D(p float64) *SpatialDropout { return newSpatialDropout("nn.NewDropout1D", p, 1) }

// NewDropout2D returns a layer that drops channels of images [n, c, h, w]. It panics unless 0 <= p <= 1.
func NewDropout2D(p float64) *SpatialDropout { return newSpatialDropout("nn.NewDropout2D", p, 2) }

// NewDropout3D returns a layer that drops channels of volumes [n, c, d, h, w]. It panics unless 0 <= p <= 1.
func NewDropout3D(p float64) *SpatialDropout { return newSpatialDropout("nn.NewDropout3D", p, 3) }

func newSpatialDropout(op string, p float64, axes int) *SpatialDropout {
	checkProbability(op, p)
	return &SpatialDropout{p, axes}
}

// Forward drops channels of x if c is for training. It panics if x has another number of axes.
func (d *SpatialDropout) Forward(c *Ctx, x *tensor.Tensor) (out *tensor.Tensor) {
	defer c.ran(d, x, &out)
	if x.NDim() != 2+d.axes {
		tensor.Misuse(fmt.Sprintf("dropout%dD", d.axes), fmt.Sprintf("wants %d axes", 2+d.axes), "", x)
	}
	if !c.Training() || d.P == 0 {
		return x
	}
	shape := x.Shape()
	for i := range shape[2:] {
		shape[2+i] = 1
	}
	return x.Mul(mask(c, x, d.P, shape))
}

// mask holds 0 with probability p, else 1/(1-p).
func mask(c *Ctx, x *tensor.Tensor, p float64, shape []int) *tensor.Tensor {
	return nnop.Dropout(tensor.OnesOf(x.DType(), shape...), p, c.Key())
}

// String is e.g. "Dropout2D(p = 0.5)".
func (d *SpatialDropout) String() string { return fmt.Sprintf("Dropout%dD(p = %v)", d.axes, d.P) }
func (d *SpatialDropout) kind() string   { return "dropout" }

// AlphaDropout is the dropout for [SELU]: what is dropped gets the value that SELU has far below zero, and the result is
// scaled and moved so that mean 0 and variance 1 stay (Klambauer et al., 2017). In evaluation it does nothing.
type AlphaDropout struct{ P float64 }

// NewAlphaDropout returns a dropout layer for SELU. It panics unless 0 <= p < 1.
func NewAlphaDropout(p float64) *AlphaDropout {
	checkProbability("nn.NewAlphaDropout", p)
	if p == 1 {
		panic(&tensor.Error{Op: "nn.NewAlphaDropout", Msg: "nothing would be left"})
	}
	return &AlphaDropout{p}
}

// Forward returns a (x m + v (1-m)) + b for a mask m of zeros and ones if c is for training, with v = -1.758...,
// a = ((1-p)(1 + p v²))^(-1/2) and b = -a p v.
func (d *AlphaDropout) Forward(c *Ctx, x *tensor.Tensor) (out *tensor.Tensor) {
	defer c.ran(d, x, &out)
	if !c.Training() || d.P == 0 {
		return x
	}
	const v = -1.7580993408473766
	a := 1 / math.Sqrt((1-d.P)*(1+d.P*v*v))
	m := mask(c, x, d.P, x.Shape()).MulScalar(1 - d.P)
	return x.SubScalar(v).Mul(m).Affine(a, a*v-a*d.P*v)
}

// String is e.g. "AlphaDropout(p = 0.5)".
func (d *AlphaDropout) String() string { return fmt.Sprintf("AlphaDropout(p = %v)", d.P) }
func (d *AlphaDropout) kind() string   { return "dropout" }

func checkProbability(op string, p float64) {
	if !(p >= 0 && p <= 1) {
		panic(&tensor.Error{Op: op, Msg: fmt.Sprintf("the probability %v is not in [0, 1]", p)})
	}
}
