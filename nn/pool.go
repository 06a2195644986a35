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
	return &MaxPool2D{newPool("nn.NewMaxPool2D", sides(window), opts)}
}

// NewAvgPool2D returns an average pooling layer; windows as in [NewMaxPool2D].
func NewAvgPool2D[S Size](window S, opts ...PoolOption) *AvgPool2D {
	return &AvgPool2D{newPool("nn.NewAvgPool2D", sides(window), opts)}
}

type poolOption func(p *nnop.Pool)

func (o poolOption) pool(p *nnop.Pool) { o(p) }

var (
	// CeilMode keeps the windows of a pooling layer that begin inside the image and end beyond it.
	CeilMode PoolOption = poolOption(func(p *nnop.Pool) { p.Ceil = true })
	// ExcludePad makes an average pooling layer leave the padding out of its averages.
	ExcludePad PoolOption = poolOption(func(p *nnop.Pool) { p.ExcludePad = true })
)

func newPool(op string, window [2]int, opts []PoolOption) nnop.Pool {
	window = notNegative(op, window, 1)
	p := nnop.Pool{Kernel: window, Stride: window}
	for _, o := range opts {
		o.pool(&p)
	}
	return p
}

// Forward maps [n, c, h, w] to [n, c, floor((h + 2 pad - k)/stride) + 1, ...].
func (l *MaxPool2D) Forward(_ *Ctx, x *tensor.Tensor) *tensor.Tensor {
	return nnop.MaxPool2D(x, l.Spec)
}

// Forward maps [n, c, h, w] to [n, c, floor((h + 2 pad - k)/stride) + 1, ...].
func (l *AvgPool2D) Forward(_ *Ctx, x *tensor.Tensor) *tensor.Tensor {
	return nnop.AvgPool2D(x, l.Spec)
}

// String is e.g. "MaxPool2D(size=(2, 2), stride=(2, 2), padding=(0, 0))".
func (l *MaxPool2D) String() string { return "MaxPool2D" + poolString(l.Spec) }

// String is e.g. "AvgPool2D(size=(2, 2), stride=(2, 2), padding=(0, 0))".
func (l *AvgPool2D) String() string { return "AvgPool2D" + poolString(l.Spec) }

func poolString(p nnop.Pool) string {
	return fmt.Sprintf("(size=%s, stride=%s, padding=%s)", tuple(p.Kernel[:]), tuple(p.Stride[:]), tuple(p.Pad[:]))
}
