package nn

import (
	"fmt"

	"github.com/fathom-ml/fathom/tensor"
	"github.com/fathom-ml/fathom/tensor/nnop"
)

// Dense is a fully connected layer, y = act(x Wᵀ + b) (3.3, 4.3).
type Dense struct {
	Units    int
	Act      *Activation // nil: none
	KeepAxes bool        // act on the last axis only
	Weight   *Param      // [units, inputs]
	Bias     *Param      // [units], nil if there is none
	inputs   int         // -1: the first use tells
}

// DenseOption is an option of [NewDense]: an [*Activation], [NoBias], [KeepAxes] or [Inputs].
type DenseOption interface{ dense(d *Dense) }

type noBias struct{}

// NoBias leaves the bias out.
var NoBias noBias

func (noBias) dense(d *Dense) { d.Bias = nil }

type keepAxes struct{}

// KeepAxes makes a Dense act on the last axis alone: [..., inputs] -> [..., units].
// Without it all axes after the first are folded into one.
var KeepAxes keepAxes

func (keepAxes) dense(d *Dense) { d.KeepAxes = true }

// Inputs is the number of inputs of a [Dense], or of input channels of a convolution, if
// it is to be known before the first use.
type Inputs int

func (n Inputs) dense(d *Dense) { d.inputs = int(n) }

// NewDense returns a fully connected layer with the given number of outputs. The
// number of inputs comes with the first use. It panics if units is not positive.
func NewDense(units int, opts ...DenseOption) *Dense {
	if units < 1 {
		panic(&tensor.Error{Op: "nn.NewDense", Msg: fmt.Sprintf("%d units", units)})
	}
	d := &Dense{Units: units, inputs: -1, Bias: NewParam(Shape(units), InitWith(Zeros))}
	for _, o := range opts {
		o.dense(d)
	}
	d.Weight = NewParam(Shape(units, d.inputs))
	return d
}

// Forward returns act(x Wᵀ + b): [n, ...] -> [n, units], with KeepAxes [..., inputs] -> [..., units].
func (d *Dense) Forward(c *Ctx, x *tensor.Tensor) (out *tensor.Tensor) {
	defer c.ran(d, x, &out)
	if x.NDim() == 0 || x.NDim() == 1 && !d.KeepAxes {
		tensor.Misuse("dense", "wants a batch of examples", "Unsqueeze(0) makes a batch of one", x)
	}
	if !d.KeepAxes && x.NDim() != 2 {
		x = x.FlattenFrom(1)
	}
	w := c.Param(d.Weight, d.Units, x.Dim(-1))
	b := c.Param(d.Bias, d.Units)
	if d.Act != nil && d.Act.fused != nnop.NoActivation {
		return nnop.LinearAct(x, w, b, d.Act.fused)
	}
	return d.Act.act(nnop.Linear(x, w, b))
}

// String is "Dense(20 -> 256, Activation(relu))", with -1 for an unknown number of inputs.
func (d *Dense) String() string {
	return fmt.Sprintf("Dense(%d -> %d, %s)", lengthOf(d.Weight, 1), d.Units, d.Act.label())
}

// lengthOf is a length of a parameter's shape, -1 if it is not known.
func lengthOf(p *Param, axis int) int {
	if s := p.Shape(); axis < len(s) {
		return s[axis]
	}
	return -1
}
