package models

import (
	"github.com/fathom-ml/fathom/nn"
	"github.com/fathom-ml/fathom/tensor"
)

// ResNetV2 is the network of [NewResNetV2]. Its parts are those of Gluon's zoo, so that what the book does with them can be done: the last two
// layers of Features pool and flatten (13.11), Output is the layer that fine-tuning replaces (13.2).
type ResNetV2 struct {
	Features nn.Sequential
	Output   *nn.Dense
}

// PreActivation is a block of [ResNetV2]: normalisation and max(x, 0) come before each convolution, so that the sum runs through
// the network untouched (He et al., 2016, "Identity Mappings"). It has two convolutions, or three if it is a bottleneck.
type PreActivation struct {
	BN1        *nn.BatchNorm
	Conv1      *nn.Conv2D
	BN2        *nn.BatchNorm
	Conv2      *nn.Conv2D
	BN3        *nn.BatchNorm // nil without a third convolution
	Conv3      *nn.Conv2D
	Downsample *nn.Conv2D // of the normalised input; nil where the shape of the input fits
}

// NewResNetV2 returns a residual network of the second version with 18, 34, 50, 101 or 152 layers, as Gluon has it: ResNet-18 has 11,687,848
// parameters that are trained. Weights of Gluon are loaded with nn.GluonNames and nn.Ignore(nn.Glob("features.0.gamma",
// "features.0.beta")), which are fixed to 1 and 0 there. Options: [Width], [SmallInput].
func NewResNetV2(layers int, opts ...Option) *ResNetV2 {
	c := newConfig("models.NewResNetV2", 0, opts, "Width", "SmallInput")
	blocks := depth("models.NewResNetV2", layers, resnetBlocks)
	in := c.scale(64)
	f := nn.Sequential{norm(c.channels, nn.NoScale, nn.NoCenter)}
	if c.small {
		f = append(f, conv(c.channels, in, 3, nn.Pad(1)))
	} else {
		f = append(f, conv(c.channels, in, 7, nn.Stride(2), nn.Pad(3)), norm(in), nn.ReLU, halve())
	}
	for i, count := range blocks {
		var stage nn.Sequential
		width, stride := c.scale(64<<i), min(i, 1)+1
		for range count {
			stage = append(stage, newPreActivation(in, width, stride, layers >= 50))
			if in = width; layers >= 50 {
				in = 4 * width
			}
			stride = 1
		}
		f = append(f, stage)
	}
	f = append(f, norm(in), nn.ReLU, nn.NewGlobalAvgPool2D(), nn.Flatten)
	return &ResNetV2{f, dense(in, c.classes)}
}

func newPreActivation(in, width, stride int, bottleneck bool) *PreActivation {
	out := width
	b := &PreActivation{BN1: norm(in), BN2: norm(width)}
	if bottleneck {
		out = 4 * width
		b.Conv1 = conv(in, width, 1)
		b.Conv2 = conv(width, width, 3, nn.Stride(stride), nn.Pad(1))
		b.BN3, b.Conv3 = norm(width), conv(width, out, 1)
	} else {
		b.Conv1 = conv(in, width, 3, nn.Stride(stride), nn.Pad(1))
		b.Conv2 = conv(width, width, 3, nn.Pad(1))
	}
	if in != out || stride != 1 {
		b.Downsample = conv(in, out, 1, nn.Stride(stride))
	}
	return b
}

// Forward is f(x) + g(x).
func (b *PreActivation) Forward(c *nn.Ctx, x *tensor.Tensor) *tensor.Tensor {
	h := c.Chain(x, b.BN1, nn.ReLU)
	y := c.Chain(h, b.Conv1, b.BN2, nn.ReLU, b.Conv2)
	if b.Conv3 != nil {
		y = c.Chain(y, b.BN3, nn.ReLU, b.Conv3)
	}
	if b.Downsample != nil {
		x = b.Downsample.Forward(c, h)
	}
	return y.Add(x)
}

// Forward maps images [n, channels, height, width] to logits [n, classes].
func (n *ResNetV2) Forward(c *nn.Ctx, x *tensor.Tensor) *tensor.Tensor {
	return c.Chain(x, n.Features, n.Output)
}
