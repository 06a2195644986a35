package nn

import (
	"fmt"

	"github.com/fathom-ml/fathom/tensor"
	"github.com/fathom-ml/fathom/tensor/nnop"
)

// MaxPool2D takes the maximum of each window of the images (6.5).
type MaxPool2D struct{ Spec nnop.Pool }

// AvgPool2D takes the average of each window of the images, padding counted unless [ExcludePad] says otherwise (6.5).
type AvgPool2D struct{ Spec nnop.Pool }

// NewMaxPool2D returns a maximum pooling layer. Windows do not overlap unless
// [Stride] says so; what is left over at the border is dropped but for [CeilMode].
func NewMaxPool2D[S Size](window S, opts ...PoolOption) *MaxPool2D {
	return &MaxPool2D{newPool2("nn.NewMaxPool2D", window, opts)}
}

// NewAvgPool2D returns an average pooling layer; windows as in [NewMaxPool2D].
func NewAvgPool2D[S Size](window S, opts ...PoolOption) *AvgPool2D {
	return &AvgPool2D{newPool2("nn.NewAvgPool2D", window, opts)}
}

// PoolOption is an option of the pooling layers: [Pad], [Stride], [CeilMode] or [ExcludePad].
type PoolOption interface{ pool(w *window) }

type poolOption func(w *window)

func (o poolOption) pool(w *window) { o(w) }

var (
	// CeilMode keeps the windows of a pooling layer that begin inside the image and end beyond it.
	CeilMode PoolOption = poolOption(func(w *window) { w.ceil = true })
	// ExcludePad makes an average pooling layer leave the padding out of its averages.
	ExcludePad PoolOption = poolOption(func(w *window) { w.excludePad = true })
)

// pooling reads the options; windows lie side by side unless one says otherwise.
func (w window) pooling(opts []PoolOption) window {
	w.stride = w.kernel
	for _, o := range opts {
		o.pool(&w)
	}
	return w
}

func newPool2[S Size](op string, kernel S, opts []PoolOption) nnop.Pool {
	w := newWindow(op, 2, kernel).pooling(opts)
	return nnop.Pool{Kernel: w.two(w.kernel), Stride: w.two(w.stride), Pad: w.two(w.pad), Ceil: w.ceil, ExcludePad: w.excludePad}
}

func newPool1(op string, kernel int, opts []PoolOption) nnop.Pool1 {
	w := newWindow(op, 1, kernel).pooling(opts)
	return nnop.Pool1{Kernel: kernel, Stride: w.stride[0], Pad: w.pad[0], Ceil: w.ceil, ExcludePad: w.excludePad}
}

func newPool3[S Size3](op string, kernel S, opts []PoolOption) nnop.Pool3 {
	w := newWindow(op, 3, kernel).pooling(opts)
	return nnop.Pool3{Kernel: w.kernel, Stride: w.stride, Pad: w.pad, Ceil: w.ceil, ExcludePad: w.excludePad}
}

// Forward maps [n, c, h, w] to [n, c, floor((h + 2 pad - k)/stride) + 1, ...].
func (l *MaxPool2D) Forward(c *Ctx, x *tensor.Tensor) (out *tensor.Tensor) {
	defer c.ran(l, x, &out)
	return nnop.MaxPool2D(x, l.Spec)
}

// Forward maps [n, c, h, w] to [n, c, floor((h + 2 pad - k)/stride) + 1, ...].
func (l *AvgPool2D) Forward(c *Ctx, x *tensor.Tensor) (out *tensor.Tensor) {
	defer c.ran(l, x, &out)
	return nnop.AvgPool2D(x, l.Spec)
}

// String is e.g. "MaxPool2D(size=(2, 2), stride=(2, 2), padding=(0, 0))".
func (l *MaxPool2D) String() string { return "MaxPool2D" + poolString(l.Spec) }

// String is e.g. "AvgPool2D(size=(2, 2), stride=(2, 2), padding=(0, 0))".
func (l *AvgPool2D) String() string { return "AvgPool2D" + poolString(l.Spec) }

func poolString(p nnop.Pool) string {
	return fmt.Sprintf("(size=%s, stride=%s, padding=%s)", tuple(p.Kernel[:]), tuple(p.Stride[:]), tuple(p.Pad[:]))
}

// kind is the name by which the book counts layers, see [Name].
func (*MaxPool2D) kind() string { return "pool" }
func (*AvgPool2D) kind() string { return "pool" }
