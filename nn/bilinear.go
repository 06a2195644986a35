package nn

import (
	"fmt"

	"github.com/fathom-ml/fathom/tensor"
)

// Bilinear maps two inputs to y_k = a W_k b + bias_k, a number for every pair of their elements (Tenenbaum and Freeman, 2000).
type Bilinear struct {
	Units  int
	Act    *Activation // nil: none
	Weight *Param      // [units, inputs of a, inputs of b]
	Bias   *Param      // [units], nil if there is none
}

// BilinearOption is an option of [NewBilinear]: an [*Activation] or [NoBias].
type BilinearOption interface{ bilinear(l *Bilinear) }

func (a *Activation) bilinear(l *Bilinear) { l.Act = a }
func (noBias) bilinear(l *Bilinear)        { l.Bias = nil }

// NewBilinear returns a bilinear layer with the given number of outputs. The numbers of inputs come with the first use. It panics if
// units is not positive.
func NewBilinear(units int, opts ...BilinearOption) *Bilinear {
	if units < 1 {
		panic(&tensor.Error{Op: "nn.NewBilinear", Msg: fmt.Sprintf("%d units", units)})
	}
	l := &Bilinear{Units: units, Weight: NewParam(Shape(units, -1, -1)), Bias: NewParam(Shape(units), InitWith(Zeros))}
	for _, o := range opts {
		o.bilinear(l)
	}
	return l
}

// Forward maps a [..., i] and b [..., j], equal but for their last axes, to [..., units].
func (l *Bilinear) Forward(c *Ctx, a, b *tensor.Tensor) (out *tensor.Tensor) {
	defer c.ran(l, a, &out)
	k := a.NDim() - 1
	if k < 0 || b.NDim() != k+1 || fmt.Sprint(a.Shape()[:k]) != fmt.Sprint(b.Shape()[:k]) {
		tensor.Misuse("bilinear", "wants inputs [..., i] and [..., j] that agree on all axes but the last", "", a, b)
	}
	w := c.Param(l.Weight, l.Units, a.Dim(-1), b.Dim(-1))
	y := tensor.Einsum("...i,kij,...j->...k", a, w, b)
	if bias := c.Param(l.Bias, l.Units); bias != nil {
		y = y.Add(bias)
	}
	return l.Act.act(y)
}

// String is e.g. "Bilinear(20, 30 -> 40)", with -1 for an unknown number of inputs.
func (l *Bilinear) String() string {
	return fmt.Sprintf("Bilinear(%d, %d -> %d)", lengthOf(l.Weight, 1), lengthOf(l.Weight, 2), l.Units)
}
