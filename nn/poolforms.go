package nn

import (
	"fmt"

	"github.com/fathom-ml/fathom/tensor"
	"github.com/fathom-ml/fathom/tensor/nnop"
)

// MaxPool1D takes the maximum of each window of sequences [n, c, w].
type MaxPool1D struct{ Spec nnop.Pool1 }

// AvgPool1D takes the average of each window of sequences [n, c, w].
type AvgPool1D struct{ Spec nnop.Pool1 }

// NewMaxPool1D returns a maximum pooling layer for sequences; options as in [NewMaxPool2D].
func NewMaxPool1D(window int, opts ...PoolOption) *MaxPool1D {
	return &MaxPool1D{newPool1("nn.NewMaxPool1D", window, opts)}
}

// NewAvgPool1D returns an average pooling layer for sequences; options as in [NewAvgPool2D].
func NewAvgPool1D(window int, opts ...PoolOption) *AvgPool1D {
	return &AvgPool1D{newPool1("nn.NewAvgPool1D", window, opts)}
}

// Forward maps [n, c, w] to [n, c, floor((w + 2 pad - k)/stride) + 1].
func (l *MaxPool1D) Forward(c *Ctx, x *tensor.Tensor) (out *tensor.Tensor) {
	defer c.ran(l, x, &out)
	return nnop.MaxPool1D(x, l.Spec)
}

// Forward maps [n, c, w] to [n, c, floor((w + 2 pad - k)/stride) + 1].
func (l *AvgPool1D) Forward(c *Ctx, x *tensor.Tensor) (out *tensor.Tensor) {
	defer c.ran(l, x, &out)
	return nnop.AvgPool1D(x, l.Spec)
}

// String is e.g. "MaxPool1D(size=2, stride=2, padding=0)".
func (l *MaxPool1D) String() string { return "MaxPool1D" + pool1String(l.Spec) }

// String is e.g. "AvgPool1D(size=2, stride=2, padding=0)".
func (l *AvgPool1D) String() string { return "AvgPool1D" + pool1String(l.Spec) }

func pool1String(p nnop.Pool1) string {
	return fmt.Sprintf("(size=%d, stride=%d, padding=%d)", p.Kernel, p.Stride, p.Pad)
}

// MaxPool3D takes the maximum of each window of volumes [n, c, d, h, w].
type MaxPool3D struct{ Spec nnop.Pool3 }

// AvgPool3D takes the average of each window of volumes [n, c, d, h, w].
type AvgPool3D struct{ Spec nnop.Pool3 }

// NewMaxPool3D returns a maximum pooling layer for volumes; the window is the side of a cube or the sides [depth, rows, columns],
// options as in [NewMaxPool2D].
func NewMaxPool3D[S Size3](window S, opts ...PoolOption) *MaxPool3D {
	return &MaxPool3D{newPool3("nn.NewMaxPool3D", window, opts)}
}

// NewAvgPool3D returns an average pooling layer for volumes; see [NewMaxPool3D].
func NewAvgPool3D[S Size3](window S, opts ...PoolOption) *AvgPool3D {
	return &AvgPool3D{newPool3("nn.NewAvgPool3D", window, opts)}
}

// Forward maps [n, c, d, h, w] to [n, c, od, oh, ow].
func (l *MaxPool3D) Forward(c *Ctx, x *tensor.Tensor) (out *tensor.Tensor) {
	defer c.ran(l, x, &out)
	return nnop.MaxPool3D(x, l.Spec)
}

// Forward maps [n, c, d, h, w] to [n, c, od, oh, ow].
func (l *AvgPool3D) Forward(c *Ctx, x *tensor.Tensor) (out *tensor.Tensor) {
	defer c.ran(l, x, &out)
	return nnop.AvgPool3D(x, l.Spec)
}

// String is e.g. "MaxPool3D(size=(2, 2, 2), stride=(2, 2, 2), padding=(0, 0, 0))".
func (l *MaxPool3D) String() string { return "MaxPool3D" + pool3String(l.Spec) }

// String is e.g. "AvgPool3D(size=(2, 2, 2), stride=(2, 2, 2), padding=(0, 0, 0))".
func (l *AvgPool3D) String() string { return "AvgPool3D" + pool3String(l.Spec) }

func pool3String(p nnop.Pool3) string {
	return fmt.Sprintf("(size=%s, stride=%s, padding=%s)", tuple(p.Kernel[:]), tuple(p.Stride[:]), tuple(p.Pad[:]))
}

func (*MaxPool1D) kind() string { return "pool" }
func (*AvgPool1D) kind() string { return "pool" }
func (*MaxPool3D) kind() string { return "pool" }
func (*AvgPool3D) kind() string { return "pool" }
