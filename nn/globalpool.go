package nn

import (
	"fmt"

	"github.com/fathom-ml/fathom/tensor"
	"github.com/fathom-ml/fathom/tensor/nnop"
)

// GlobalPool takes the average or the maximum of each channel (7.3).
type GlobalPool struct {
	name string
	axes int // 0: any number
	f    func(*tensor.Tensor) *tensor.Tensor
}

// NewGlobalAvgPool1D returns a layer that averages each channel: [n, c, w] -> [n, c, 1].
func NewGlobalAvgPool1D() *GlobalPool { return &GlobalPool{"GlobalAvgPool1D", 1, nnop.AvgPoolGlobal} }

// NewGlobalAvgPool2D returns a layer that averages each channel: [n, c, ...] -> [n, c, 1, ...].
func NewGlobalAvgPool2D() *GlobalPool { return &GlobalPool{"GlobalAvgPool2D", 0, nnop.AvgPoolGlobal} }

// NewGlobalAvgPool3D returns a layer that averages each channel: [n, c, d, h, w] -> [n, c, 1, 1, 1].
func NewGlobalAvgPool3D() *GlobalPool { return &GlobalPool{"GlobalAvgPool3D", 3, nnop.AvgPoolGlobal} }

// NewGlobalMaxPool1D returns a layer that takes the maximum of each channel: [n, c, w] -> [n, c, 1].
func NewGlobalMaxPool1D() *GlobalPool { return &GlobalPool{"GlobalMaxPool1D", 1, nnop.MaxPoolGlobal} }

// NewGlobalMaxPool2D returns a layer that takes the maximum of each channel: [n, c, ...] -> [n, c, 1, ...].
func NewGlobalMaxPool2D() *GlobalPool { return &GlobalPool{"GlobalMaxPool2D", 0, nnop.MaxPoolGlobal} }

// NewGlobalMaxPool3D returns a layer that takes the maximum of each channel: [n, c, d, h, w] -> [n, c, 1, 1, 1].
func NewGlobalMaxPool3D() *GlobalPool { return &GlobalPool{"GlobalMaxPool3D", 3, nnop.MaxPoolGlobal} }

// Forward maps [n, c, ...] to [n, c, 1, ...].
func (l *GlobalPool) Forward(c *Ctx, x *tensor.Tensor) (out *tensor.Tensor) {
	defer c.ran(l, x, &out)
	if l.axes != 0 && x.NDim() != l.axes+2 {
		tensor.Misuse("global"+l.name[len("Global"):], fmt.Sprintf("wants %d axes after batch and channels", l.axes), "", x)
	}
	return l.f(x)
}

// String is e.g. "GlobalAvgPool2D()".
func (l *GlobalPool) String() string { return l.name + "()" }
func (l *GlobalPool) kind() string   { return "pool" }
