package models

import (
	"github.com/fathom-ml/fathom/nn"
	"github.com/fathom-ml/fathom/tensor"
)

// ResNet is the network of [NewResNet].
type ResNet struct {
	Conv1                          *nn.Conv2D
	BN1                            *nn.BatchNorm
	Pool                           nn.Layer
	Layer1, Layer2, Layer3, Layer4 nn.Sequential
	FC                             *nn.Dense
}

// BasicBlock adds to its input what two convolutions make of it (7.6).
type BasicBlock struct {
	Conv1      *nn.Conv2D
	BN1        *nn.BatchNorm
	Conv2      *nn.Conv2D
	BN2        *nn.BatchNorm
	Downsample nn.Sequential // of the input, empty where its shape fits
}

// Bottleneck is a block of three convolutions, of which that of 3 by 3 works on a quarter of the channels.
type Bottleneck struct {
	Conv1      *nn.Conv2D
	BN1        *nn.BatchNorm
	Conv2      *nn.Conv2D
	BN2        *nn.BatchNorm
	Conv3      *nn.Conv2D
	BN3        *nn.BatchNorm
	Downsample nn.Sequential
}

// resnetBlocks are the numbers of blocks in the four stages. From 50 layers on they are bottlenecks.
var resnetBlocks = map[int][4]int{18: {2, 2, 2, 2}, 34: {3, 4, 6, 3}, 50: {3, 4, 6, 3}, 101: {3, 4, 23, 3}, 152: {3, 8, 36, 3}}

// NewResNet returns a residual network (7.6; He et al., 2016) with 18, 34, 50, 101 or 152 layers, as torchvision has it: ResNet-18
// has 11,689,512 parameters. Options: [Width], [SmallInput], [StrideFirst], [Gluon]. The book's form is [BookResNet18].
func NewResNet(layers int, opts ...Option) *ResNet {
	c := newConfig("models.NewResNet", 0, opts, "Width", "SmallInput", "StrideFirst", "Gluon")
	blocks := depth("models.NewResNet", layers, resnetBlocks)
	in := c.scale(64)
	n := &ResNet{Conv1: conv(c.channels, in, 7, nn.Stride(2), nn.Pad(3)), BN1: norm(in), Pool: halve()}
	if c.small {
		n.Conv1, n.Pool = conv(c.channels, in, 3, nn.Pad(1)), nn.Identity
	}
	for i, stage := range []*nn.Sequential{&n.Layer1, &n.Layer2, &n.Layer3, &n.Layer4} {
		width, stride := c.scale(64<<i), min(i, 1)+1
		for range blocks[i] {
			var b nn.Layer
			if layers < 50 {
				b, in = newBasicBlock(in, width, stride), width
			} else {
				b, in = newBottleneck(in, width, stride, c), 4*width
			}
			*stage = append(*stage, b)
			stride = 1
		}
	}
	n.FC = dense(in, c.classes)
	return n
}

func newBasicBlock(in, out, stride int) *BasicBlock {
	return &BasicBlock{
		conv(in, out, 3, nn.Stride(stride), nn.Pad(1)), norm(out),
		conv(out, out, 3, nn.Pad(1)), norm(out),
		shortcut(in, out, stride),
	}
}

func newBottleneck(in, width, stride int, c config) *Bottleneck {
	first, later, one := 1, stride, conv
	if c.first1x1 {
		first, later = stride, 1
	}
	if c.biased {
		one = biased
	}
	return &Bottleneck{
		one(in, width, 1, nn.Stride(first)), norm(width),
		conv(width, width, 3, nn.Stride(later), nn.Pad(1)), norm(width),
		one(width, 4*width, 1), norm(4 * width),
		shortcut(in, 4*width, stride),
	}
}

// shortcut gives the input the shape of the block's result.
func shortcut(in, out, stride int) nn.Sequential {
	if in == out && stride == 1 {
		return nil
	}
	return nn.Sequential{conv(in, out, 1, nn.Stride(stride)), norm(out)}
}

// Forward is max(f(x) + g(x), 0).
func (b *BasicBlock) Forward(c *nn.Ctx, x *tensor.Tensor) *tensor.Tensor {
	y := c.Chain(x, b.Conv1, b.BN1, nn.ReLU, b.Conv2, b.BN2)
	return y.Add(b.Downsample.Forward(c, x)).ReLU()
}

// Forward is max(f(x) + g(x), 0).
func (b *Bottleneck) Forward(c *nn.Ctx, x *tensor.Tensor) *tensor.Tensor {
	y := c.Chain(x, b.Conv1, b.BN1, nn.ReLU, b.Conv2, b.BN2, nn.ReLU, b.Conv3, b.BN3)
	return y.Add(b.Downsample.Forward(c, x)).ReLU()
}

// Forward maps images [n, channels, height, width] to logits [n, classes].
func (n *ResNet) Forward(c *nn.Ctx, x *tensor.Tensor) *tensor.Tensor {
	return c.Chain(x, n.Conv1, n.BN1, nn.ReLU, n.Pool, n.Layer1, n.Layer2, n.Layer3, n.Layer4, nn.NewGlobalAvgPool2D(), nn.Flatten, n.FC)
}
