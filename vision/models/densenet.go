package models

import (
	"github.com/fathom-ml/fathom/nn"
	"github.com/fathom-ml/fathom/tensor"
)

// DenseNet is the network of [NewDenseNet].
type DenseNet struct {
	Features   *DenseFeatures
	Classifier *nn.Dense
}

// DenseFeatures is a stem, four dense blocks with a transition after each but the last, and a normalisation.
type DenseFeatures struct {
	Conv0       *nn.Conv2D
	Norm0       *nn.BatchNorm
	Pool        nn.Layer
	Blocks      []nn.Sequential // of DenseLayers
	Transitions []*Transition
	Norm5       *nn.BatchNorm
}

// DenseLayer adds channels to those of its input (7.7): a convolution of 1 by 1 down to four times the growth, one of 3 by 3 to the growth.
type DenseLayer struct {
	Norm1   *nn.BatchNorm
	Conv1   *nn.Conv2D
	Norm2   *nn.BatchNorm
	Conv2   *nn.Conv2D
	Dropout *nn.Dropout
}

// Transition halves channels and sides.
type Transition struct {
	Norm *nn.BatchNorm
	Conv *nn.Conv2D
}

type densePlan struct {
	stem, growth int
	blocks       [4]int
}

var densePlans = map[int]densePlan{
	121: {64, 32, [4]int{6, 12, 24, 16}}, 161: {96, 48, [4]int{6, 12, 36, 24}},
	169: {64, 32, [4]int{6, 12, 32, 32}}, 201: {64, 32, [4]int{6, 12, 48, 32}},
}

// NewDenseNet returns a densely connected network (7.7; Huang et al., 2017) with 121, 161, 169 or 201 layers, as torchvision and Gluon
// have it: DenseNet-121 has 7,978,856 parameters. Options: [Dropout] (0), [Width], [SmallInput]. The book's form is
// [BookDenseNet].
func NewDenseNet(layers int, opts ...Option) *DenseNet {
	c := newConfig("models.NewDenseNet", 0, opts, "Dropout", "Width", "SmallInput")
	plan := depth("models.NewDenseNet", layers, densePlans)
	in, growth := c.scale(plan.stem), c.scale(plan.growth)
	f := &DenseFeatures{Conv0: conv(c.channels, in, 7, nn.Stride(2), nn.Pad(3)), Norm0: norm(in), Pool: halve()}
	if c.small {
		f.Conv0, f.Pool = conv(c.channels, in, 3, nn.Pad(1)), nn.Identity
	}
	for i, count := range plan.blocks {
		var block nn.Sequential
		for range count {
			block = append(block, &DenseLayer{norm(in), conv(in, 4*growth, 1), norm(4 * growth), conv(4*growth, growth, 3, nn.Pad(1)), nn.NewDropout(c.drop)})
			in += growth
		}
		f.Blocks = append(f.Blocks, block)
		if i < 3 {
			f.Transitions = append(f.Transitions, &Transition{norm(in), conv(in, in/2, 1)})
			in /= 2
		}
	}
	f.Norm5 = norm(in)
	return &DenseNet{f, dense(in, c.classes)}
}

// Forward puts the new channels behind those of x.
func (l *DenseLayer) Forward(c *nn.Ctx, x *tensor.Tensor) *tensor.Tensor {
	return tensor.Concat(1, x, c.Chain(x, l.Norm1, nn.ReLU, l.Conv1, l.Norm2, nn.ReLU, l.Conv2, l.Dropout))
}

// Forward maps [n, c, h, w] to [n, c/2, h/2, w/2].
func (l *Transition) Forward(c *nn.Ctx, x *tensor.Tensor) *tensor.Tensor {
	return c.Chain(x, l.Norm, nn.ReLU, l.Conv, nn.NewAvgPool2D(2))
}

// Forward maps images to their last features.
func (f *DenseFeatures) Forward(c *nn.Ctx, x *tensor.Tensor) *tensor.Tensor {
	x = c.Chain(x, f.Conv0, f.Norm0, nn.ReLU, f.Pool)
	for i, b := range f.Blocks {
		x = b.Forward(c, x)
		if i < len(f.Transitions) {
			x = f.Transitions[i].Forward(c, x)
		}
	}
	return c.Chain(x, f.Norm5, nn.ReLU)
}

// Forward maps images [n, channels, height, width] to logits [n, classes].
func (n *DenseNet) Forward(c *nn.Ctx, x *tensor.Tensor) *tensor.Tensor {
	return c.Chain(x, n.Features, nn.NewGlobalAvgPool2D(), nn.Flatten, n.Classifier)
}
