package nn

import (
	"fmt"

	"github.com/fathom-ml/fathom/tensor"
	"github.com/fathom-ml/fathom/tensor/random"
)

// PReLU is x above 0, else w x with a learned slope w (He et al., 2015).
type PReLU struct {
	Weight   *Param // [1], or [channels]
	channels bool
}

// PReLUOption is an option of [NewPReLU].
type PReLUOption func(*PReLU)

// PerChannel gives each entry of axis 1 a slope of its own; without it there is one slope for all.
func PerChannel(l *PReLU) { l.channels = true }

// NewPReLU returns a rectifier with learned slopes, which begin at 0.25.
func NewPReLU(opts ...PReLUOption) *PReLU {
	l := &PReLU{Weight: NewParam(InitWith(Constant(0.25)))}
	for _, o := range opts {
		o(l)
	}
	if !l.channels {
		l.Weight.shape = []int{1}
	}
	return l
}

// Forward keeps the shape of x, [n, channels, ...] if there is a slope for each channel.
func (l *PReLU) Forward(c *Ctx, x *tensor.Tensor) (out *tensor.Tensor) {
	defer c.ran(l, x, &out)
	k := 1
	if l.channels {
		k = channels("prelu", x)
	}
	return x.PReLU(c.Param(l.Weight, k))
}

// String is e.g. "PReLU(1)" or "PReLU(64)", with -1 for an unknown number of channels.
func (l *PReLU) String() string { return fmt.Sprintf("PReLU(%d)", lengthOf(l.Weight, 0)) }

// RReLU is x above 0, else x times a slope that is drawn for each element from U(Lower, Upper) in training and
// is their mean in evaluation (Xu et al., 2015). The slopes come from the layers' random stream.
type RReLU struct{ Lower, Upper float64 }

// NewRReLU returns a rectifier with random slopes, between 1/8 and 1/3 in PyTorch unless set. It panics if
// lower > upper.
func NewRReLU(lower, upper float64) *RReLU {
	if !(lower <= upper) {
		panic(&tensor.Error{Op: "nn.NewRReLU", Msg: fmt.Sprintf("nothing lies between %v and %v", lower, upper)})
	}
	return &RReLU{lower, upper}
}

// Forward keeps the shape of x.
func (l *RReLU) Forward(c *Ctx, x *tensor.Tensor) (out *tensor.Tensor) {
	defer c.ran(l, x, &out)
	if !c.Training() {
		return x.LeakyReLU((l.Lower + l.Upper) / 2)
	}
	slope := random.New(c.Key()).Uniform(l.Lower, l.Upper, x.Shape()...).AsType(x.DType())
	return tensor.Where(x.GtScalar(0), x, x.Mul(slope))
}

// String is e.g. "RReLU(0.125, 0.333)".
func (l *RReLU) String() string { return fmt.Sprintf("RReLU(%.3g, %.3g)", l.Lower, l.Upper) }
