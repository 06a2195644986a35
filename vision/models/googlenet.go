package models

import (
	"github.com/fathom-ml/fathom/nn"
	"github.com/fathom-ml/fathom/tensor"
)

// GoogLeNet is the network of [NewGoogLeNet].
type GoogLeNet struct {
	Conv1, Conv2, Conv3                                             *ConvNorm
	Inception3a, Inception3b                                        *Inception
	Inception4a, Inception4b, Inception4c, Inception4d, Inception4e *Inception
	Inception5a, Inception5b                                        *Inception
	Dropout                                                         *nn.Dropout
	FC                                                              *nn.Dense
}

// ConvNorm is a convolution, its batch normalisation and max(x, 0).
type ConvNorm struct {
	Conv *nn.Conv2D
	BN   *nn.BatchNorm
}

func newConvNorm(in, out, window int, opts ...nn.ConvOption) *ConvNorm {
	return &ConvNorm{conv(in, out, window, opts...), norm(out, nn.Eps(1e-3))}
}

// Forward runs the three.
func (l *ConvNorm) Forward(c *nn.Ctx, x *tensor.Tensor) *tensor.Tensor {
	return c.Chain(x, l.Conv, l.BN, nn.ReLU)
}

// Inception looks at its input with windows of several sizes at once and puts what they see side by side (7.4).
type Inception struct {
	Branch1                   *ConvNorm
	Branch2, Branch3, Branch4 nn.Sequential
}

// newInception: b1 to b4 are the channels of the branches, in the order in which they are computed.
func newInception(in, b1 int, b2, b3 [2]int, b4 int) *Inception {
	return &Inception{
		Branch1: newConvNorm(in, b1, 1),
		Branch2: nn.Sequential{newConvNorm(in, b2[0], 1), newConvNorm(b2[0], b2[1], 3, nn.Pad(1))},
		Branch3: nn.Sequential{newConvNorm(in, b3[0], 1), newConvNorm(b3[0], b3[1], 3, nn.Pad(1))},
		Branch4: nn.Sequential{nn.NewMaxPool2D(3, nn.Stride(1), nn.Pad(1), nn.CeilMode), newConvNorm(in, b4, 1)},
	}
}

// Forward runs the branches and concatenates their channels.
func (l *Inception) Forward(c *nn.Ctx, x *tensor.Tensor) *tensor.Tensor {
	return tensor.Concat(1, l.Branch1.Forward(c, x), l.Branch2.Forward(c, x), l.Branch3.Forward(c, x), l.Branch4.Forward(c, x))
}

// NewGoogLeNet returns GoogLeNet (Szegedy et al., 2015) as torchvision has it, with batch normalisation and with windows of 3 by 3 where the
// paper has 5 by 5: 6,624,904 parameters. The heads that the paper trains besides the last one are left out; load weights that have
// them with nn.Ignore(nn.Glob("aux*")). Option: [Dropout] (0.2). The book's form is [BookGoogLeNet].
func NewGoogLeNet(opts ...Option) *GoogLeNet {
	c := newConfig("models.NewGoogLeNet", 0.2, opts, "Dropout")
	return &GoogLeNet{
		Conv1:       newConvNorm(c.channels, 64, 7, nn.Stride(2), nn.Pad(3)),
		Conv2:       newConvNorm(64, 64, 1),
		Conv3:       newConvNorm(64, 192, 3, nn.Pad(1)),
		Inception3a: newInception(192, 64, [2]int{96, 128}, [2]int{16, 32}, 32),
		Inception3b: newInception(256, 128, [2]int{128, 192}, [2]int{32, 96}, 64),
		Inception4a: newInception(480, 192, [2]int{96, 208}, [2]int{16, 48}, 64),
		Inception4b: newInception(512, 160, [2]int{112, 224}, [2]int{24, 64}, 64),
		Inception4c: newInception(512, 128, [2]int{128, 256}, [2]int{24, 64}, 64),
		Inception4d: newInception(512, 112, [2]int{144, 288}, [2]int{32, 64}, 64),
		Inception4e: newInception(528, 256, [2]int{160, 320}, [2]int{32, 128}, 128),
		Inception5a: newInception(832, 256, [2]int{160, 320}, [2]int{32, 128}, 128),
		Inception5b: newInception(832, 384, [2]int{192, 384}, [2]int{48, 128}, 128),
		Dropout:     nn.NewDropout(c.drop),
		FC:          dense(1024, c.classes),
	}
}

// Forward maps images [n, channels, height, width] to logits [n, classes].
func (n *GoogLeNet) Forward(c *nn.Ctx, x *tensor.Tensor) *tensor.Tensor {
	pool := nn.NewMaxPool2D(3, nn.Stride(2), nn.CeilMode)
	return c.Chain(x,
		n.Conv1, pool,
		n.Conv2, n.Conv3, pool,
		n.Inception3a, n.Inception3b, pool,
		n.Inception4a, n.Inception4b, n.Inception4c, n.Inception4d, n.Inception4e, nn.NewMaxPool2D(2, nn.CeilMode),
		n.Inception5a, n.Inception5b,
		nn.NewGlobalAvgPool2D(), nn.Flatten, n.Dropout, n.FC)
}
