package models

import (
	"github.com/fathom-ml/fathom/nn"
	"github.com/fathom-ml/fathom/tensor"
)

// InvertedResidual is a block of [NewMobileNetV2]: wider inside than at its ends, with a convolution inside that sees one channel at a time.
type InvertedResidual struct {
	Conv nn.Sequential
	Add  bool // the input, where the shapes agree
}

// mobileStages: how much wider a block is inside, its channels, how many blocks, the stride of the first.
var mobileStages = [...][4]int{{1, 16, 1, 1}, {6, 24, 2, 2}, {6, 32, 3, 2}, {6, 64, 4, 2}, {6, 96, 3, 1}, {6, 160, 3, 2}, {6, 320, 1, 1}}

// NewMobileNetV2 returns the network of Sandler et al. (2018) as torchvision has it: 3,504,872 parameters. Options: [Width], which is rounded to
// multiples of 8 channels, and [Dropout] (0.2).
func NewMobileNetV2(opts ...Option) *Net {
	c := newConfig("models.NewMobileNetV2", 0.2, opts, "Width", "Dropout")
	in, last := eights(32*c.width), eights(1280*max(1, c.width))
	n := &Net{kind: "mobilenet", Features: nn.Sequential{clipped(c.channels, in, 3, nn.Stride(2), nn.Pad(1))}}
	for _, s := range mobileStages {
		out, stride := eights(float64(s[1])*c.width), s[3]
		for range s[2] {
			n.Features = append(n.Features, newInvertedResidual(in, out, s[0], stride))
			in, stride = out, 1
		}
	}
	n.Features = append(n.Features, clipped(in, last, 1), nn.NewGlobalAvgPool2D(), nn.Flatten)
	n.Classifier = nn.Sequential{nn.NewDropout(c.drop), dense(last, c.classes)}
	return n
}

// clipped is a convolution, its normalisation and min(max(x, 0), 6).
func clipped(in, out, window int, opts ...nn.ConvOption) nn.Sequential {
	return nn.Sequential{conv(in, out, window, opts...), norm(out), nn.ReLU6}
}

func newInvertedResidual(in, out, times, stride int) *InvertedResidual {
	b := &InvertedResidual{Add: in == out && stride == 1}
	inside := in * times
	if times != 1 {
		b.Conv = append(b.Conv, clipped(in, inside, 1))
	}
	b.Conv = append(b.Conv, clipped(inside, inside, 3, nn.Stride(stride), nn.Pad(1), nn.Groups(inside)), conv(inside, out, 1), norm(out))
	return b
}

// Forward is f(x) + x, or f(x) where the shapes differ.
func (b *InvertedResidual) Forward(c *nn.Ctx, x *tensor.Tensor) *tensor.Tensor {
	y := b.Conv.Forward(c, x)
	if b.Add {
		y = y.Add(x)
	}
	return y
}

// eights rounds to a multiple of 8, but not down by more than a tenth.
func eights(v float64) int {
	n := max(8, int(v+4)/8*8)
	if float64(n) < 0.9*v {
		n += 8
	}
	return n
}
