package nn

import (
	"fmt"

	"github.com/fathom-ml/fathom/tensor"
	"github.com/fathom-ml/fathom/tensor/nnop"
)

// GlobalAvgPool2D takes the average of each channel (7.3).
type GlobalAvgPool2D struct{}

// GlobalMaxPool2D takes the maximum of each channel.
type GlobalMaxPool2D struct{}

// NewGlobalAvgPool2D returns a layer that averages each channel.
func NewGlobalAvgPool2D() *GlobalAvgPool2D { return new(GlobalAvgPool2D) }

// NewGlobalMaxPool2D returns a layer that takes the maximum of each channel.
func NewGlobalMaxPool2D() *GlobalMaxPool2D { return new(GlobalMaxPool2D) }

// Forward maps [n, c, ...] to [n, c, 1, ...].
func (*GlobalAvgPool2D) Forward(_ *Ctx, x *tensor.Tensor) *tensor.Tensor {
	return nnop.AvgPoolGlobal(x)
}

// Forward maps [n, c, ...] to [n, c, 1, ...].
func (*GlobalMaxPool2D) Forward(_ *Ctx, x *tensor.Tensor) *tensor.Tensor {
	return nnop.MaxPoolGlobal(x)
}

// String is "GlobalAvgPool2D()".
func (*GlobalAvgPool2D) String() string { return "GlobalAvgPool2D()" }

// String is "GlobalMaxPool2D()".
func (*GlobalMaxPool2D) String() string { return "GlobalMaxPool2D()" }

// AdaptiveAvgPool2D averages images over as many windows as make a result of the given sides.
type AdaptiveAvgPool2D struct{ Out [2]int }

// AdaptiveMaxPool2D takes maxima over the windows of [AdaptiveAvgPool2D].
type AdaptiveMaxPool2D struct{ Out [2]int }

// NewAdaptiveAvgPool2D returns an average pooling layer whose result has the given sides, whatever the image has.
func NewAdaptiveAvgPool2D[S Size](out S) *AdaptiveAvgPool2D {
	return &AdaptiveAvgPool2D{notNegative("nn.NewAdaptiveAvgPool2D", sides(out), 1)}
}

// NewAdaptiveMaxPool2D is NewAdaptiveAvgPool2D for maxima.
func NewAdaptiveMaxPool2D[S Size](out S) *AdaptiveMaxPool2D {
	return &AdaptiveMaxPool2D{notNegative("nn.NewAdaptiveMaxPool2D", sides(out), 1)}
}

// Forward maps [n, c, h, w] to [n, c, Out...].
func (l *AdaptiveAvgPool2D) Forward(_ *Ctx, x *tensor.Tensor) *tensor.Tensor {
	return nnop.AdaptiveAvgPool2D(x, l.Out[0], l.Out[1])
}

// Forward maps [n, c, h, w] to [n, c, Out...].
func (l *AdaptiveMaxPool2D) Forward(_ *Ctx, x *tensor.Tensor) *tensor.Tensor {
	return nnop.AdaptiveMaxPool2D(x, l.Out[0], l.Out[1])
}

// String is e.g. "AdaptiveAvgPool2D(size=(7, 7))".
func (l *AdaptiveAvgPool2D) String() string { return "AdaptiveAvgPool2D(size=" + tuple(l.Out[:]) + ")" }

// String is e.g. "AdaptiveMaxPool2D(size=(7, 7))".
func (l *AdaptiveMaxPool2D) String() string { return "AdaptiveMaxPool2D(size=" + tuple(l.Out[:]) + ")" }

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

func newPool1(op string, window int, opts []PoolOption) nnop.Pool1 {
	p := newPool(op, [2]int{window, window}, opts)
	return nnop.Pool1{Kernel: window, Stride: p.Stride[1], Pad: p.Pad[1], Ceil: p.Ceil, ExcludePad: p.ExcludePad}
}

// Forward maps [n, c, w] to [n, c, floor((w + 2 pad - k)/stride) + 1].
func (l *MaxPool1D) Forward(_ *Ctx, x *tensor.Tensor) *tensor.Tensor {
	return nnop.MaxPool1D(x, l.Spec)
}

// Forward maps [n, c, w] to [n, c, floor((w + 2 pad - k)/stride) + 1].
func (l *AvgPool1D) Forward(_ *Ctx, x *tensor.Tensor) *tensor.Tensor {
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

// NewMaxPool3D returns a maximum pooling layer for volumes with cubes as windows; options, whose numbers hold
// for the depth as well, as in [NewMaxPool2D]. For other windows set Spec.
func NewMaxPool3D(window int, opts ...PoolOption) *MaxPool3D {
	return &MaxPool3D{newPool3("nn.NewMaxPool3D", window, opts)}
}

// NewAvgPool3D returns an average pooling layer for volumes; see [NewMaxPool3D].
func NewAvgPool3D(window int, opts ...PoolOption) *AvgPool3D {
	return &AvgPool3D{newPool3("nn.NewAvgPool3D", window, opts)}
}

func newPool3(op string, window int, opts []PoolOption) nnop.Pool3 {
	p := newPool(op, [2]int{window, window}, opts)
	three := func(v [2]int) [3]int { return [3]int{v[0], v[0], v[1]} }
	return nnop.Pool3{Kernel: three(p.Kernel), Stride: three(p.Stride), Pad: three(p.Pad), Ceil: p.Ceil, ExcludePad: p.ExcludePad}
}

// Forward maps [n, c, d, h, w] to [n, c, od, oh, ow].
func (l *MaxPool3D) Forward(_ *Ctx, x *tensor.Tensor) *tensor.Tensor {
	return nnop.MaxPool3D(x, l.Spec)
}

// Forward maps [n, c, d, h, w] to [n, c, od, oh, ow].
func (l *AvgPool3D) Forward(_ *Ctx, x *tensor.Tensor) *tensor.Tensor {
	return nnop.AvgPool3D(x, l.Spec)
}

// String is e.g. "MaxPool3D(size=(2, 2, 2), stride=(2, 2, 2), padding=(0, 0, 0))".
func (l *MaxPool3D) String() string { return "MaxPool3D" + pool3String(l.Spec) }

// String is e.g. "AvgPool3D(size=(2, 2, 2), stride=(2, 2, 2), padding=(0, 0, 0))".
func (l *AvgPool3D) String() string { return "AvgPool3D" + pool3String(l.Spec) }

func pool3String(p nnop.Pool3) string {
	return fmt.Sprintf("(size=%s, stride=%s, padding=%s)", tuple(p.Kernel[:]), tuple(p.Stride[:]), tuple(p.Pad[:]))
}
