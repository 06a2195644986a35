package nn

import (
	"fmt"

	"github.com/fathom-ml/fathom/tensor"
	"github.com/fathom-ml/fathom/tensor/nnop"
)

// LpPool1D takes the p-norm of each window of sequences [n, c, w], (sum of x^p)^(1/p) without the absolute value: p = 1 is the sum,
// and large powers come near the maximum.
type LpPool1D struct {
	P    float64
	Spec nnop.Pool1
}

// LpPool2D is [LpPool1D] for images [n, c, h, w].
type LpPool2D struct {
	P    float64
	Spec nnop.Pool
}

// LpPool3D is [LpPool1D] for volumes [n, c, d, h, w].
type LpPool3D struct {
	P    float64
	Spec nnop.Pool3
}

// NewLpPool1D returns a pooling layer by p-norms; windows and options as in [NewMaxPool2D], without [Pad]. It panics unless p > 0.
func NewLpPool1D(p float64, window int, opts ...PoolOption) *LpPool1D {
	s := newPool1("nn.NewLpPool1D", window, opts)
	checkPower("nn.NewLpPool1D", p, s.Pad)
	return &LpPool1D{p, s}
}

// NewLpPool2D is [NewLpPool1D] for images.
func NewLpPool2D[S Size](p float64, window S, opts ...PoolOption) *LpPool2D {
	s := newPool2("nn.NewLpPool2D", window, opts)
	checkPower("nn.NewLpPool2D", p, s.Pad[:]...)
	return &LpPool2D{p, s}
}

// NewLpPool3D is [NewLpPool1D] for volumes.
func NewLpPool3D[S Size3](p float64, window S, opts ...PoolOption) *LpPool3D {
	s := newPool3("nn.NewLpPool3D", window, opts)
	checkPower("nn.NewLpPool3D", p, s.Pad[:]...)
	return &LpPool3D{p, s}
}

func checkPower(op string, p float64, pad ...int) {
	for _, n := range pad {
		if n != 0 {
			panic(&tensor.Error{Op: op, Msg: "cannot pad"})
		}
	}
	if !(p > 0) {
		panic(&tensor.Error{Op: op, Msg: fmt.Sprintf("the power %v is not positive", p)})
	}
}

// Forward maps [n, c, w] to [n, c, floor((w - k)/stride) + 1].
func (l *LpPool1D) Forward(c *Ctx, x *tensor.Tensor) (out *tensor.Tensor) {
	defer c.ran(l, x, &out)
	return nnop.LpPool1D(x, l.P, l.Spec)
}

// Forward maps [n, c, h, w] to [n, c, oh, ow].
func (l *LpPool2D) Forward(c *Ctx, x *tensor.Tensor) (out *tensor.Tensor) {
	defer c.ran(l, x, &out)
	return nnop.LpPool2D(x, l.P, l.Spec)
}

// Forward maps [n, c, d, h, w] to [n, c, od, oh, ow].
func (l *LpPool3D) Forward(c *Ctx, x *tensor.Tensor) (out *tensor.Tensor) {
	defer c.ran(l, x, &out)
	return nnop.LpPool3D(x, l.P, l.Spec)
}

// String is e.g. "LpPool1D(p=2, size=2, stride=2)".
func (l *LpPool1D) String() string {
	return fmt.Sprintf("LpPool1D(p=%v, size=%d, stride=%d)", l.P, l.Spec.Kernel, l.Spec.Stride)
}

// String is e.g. "LpPool2D(p=2, size=(2, 2), stride=(2, 2))".
func (l *LpPool2D) String() string {
	return fmt.Sprintf("LpPool2D(p=%v, size=%s, stride=%s)", l.P, tuple(l.Spec.Kernel[:]), tuple(l.Spec.Stride[:]))
}

// String is e.g. "LpPool3D(p=2, size=(2, 2, 2), stride=(2, 2, 2))".
func (l *LpPool3D) String() string {
	return fmt.Sprintf("LpPool3D(p=%v, size=%s, stride=%s)", l.P, tuple(l.Spec.Kernel[:]), tuple(l.Spec.Stride[:]))
}

func (*LpPool1D) kind() string { return "pool" }
func (*LpPool2D) kind() string { return "pool" }
func (*LpPool3D) kind() string { return "pool" }
