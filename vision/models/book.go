package models

import (
	"github.com/fathom-ml/fathom/nn"
	"github.com/fathom-ml/fathom/tensor"
)

// BookAlexNet returns the network of 7.1, for images of 224 x 224 pixels: 46,764,746 parameters for one channel and 10 classes.
func BookAlexNet(classes int) nn.Sequential {
	pool := nn.NewMaxPool2D(3, nn.Stride(2))
	return nn.Sequential{
		nn.NewConv2D(96, 11, nn.Stride(4), nn.ReLU), pool,
		nn.NewConv2D(256, 5, nn.Pad(2), nn.ReLU), pool,
		nn.NewConv2D(384, 3, nn.Pad(1), nn.ReLU), nn.NewConv2D(384, 3, nn.Pad(1), nn.ReLU), nn.NewConv2D(256, 3, nn.Pad(1), nn.ReLU), pool,
		nn.NewDense(4096, nn.ReLU), nn.NewDropout(0.5),
		nn.NewDense(4096, nn.ReLU), nn.NewDropout(0.5),
		nn.NewDense(classes),
	}
}

// BookInception returns the block of 7.4: b1 to b4 are the channels of its branches.
func BookInception(b1 int, b2, b3 [2]int, b4 int) *nn.Concat {
	return nn.NewConcat(1,
		nn.NewConv2D(b1, 1, nn.ReLU),
		nn.Sequential{nn.NewConv2D(b2[0], 1, nn.ReLU), nn.NewConv2D(b2[1], 3, nn.Pad(1), nn.ReLU)},
		nn.Sequential{nn.NewConv2D(b3[0], 1, nn.ReLU), nn.NewConv2D(b3[1], 5, nn.Pad(2), nn.ReLU)},
		nn.Sequential{nn.NewMaxPool2D(3, nn.Stride(1), nn.Pad(1)), nn.NewConv2D(b4, 1, nn.ReLU)})
}

// BookGoogLeNet returns the network of 7.4, which is the paper's without batch normalisation: 5,977,530 parameters for one channel and 10 classes.
func BookGoogLeNet(classes int) nn.Sequential {
	pair := func(a, b int) [2]int { return [2]int{a, b} }
	return nn.Sequential{
		nn.Sequential{nn.NewConv2D(64, 7, nn.Stride(2), nn.Pad(3), nn.ReLU), halve()},
		nn.Sequential{nn.NewConv2D(64, 1, nn.ReLU), nn.NewConv2D(192, 3, nn.Pad(1), nn.ReLU), halve()},
		nn.Sequential{BookInception(64, pair(96, 128), pair(16, 32), 32), BookInception(128, pair(128, 192), pair(32, 96), 64), halve()},
		nn.Sequential{BookInception(192, pair(96, 208), pair(16, 48), 64), BookInception(160, pair(112, 224), pair(24, 64), 64),
			BookInception(128, pair(128, 256), pair(24, 64), 64), BookInception(112, pair(144, 288), pair(32, 64), 64),
			BookInception(256, pair(160, 320), pair(32, 128), 128), halve()},
		nn.Sequential{BookInception(256, pair(160, 320), pair(32, 128), 128), BookInception(384, pair(192, 384), pair(48, 128), 128), nn.NewGlobalAvgPool2D()},
		nn.NewDense(classes),
	}
}

// BookResidual is the block of 7.6: two convolutions with biases and normalisations, added to the input or to what a convolution of 1 by 1 makes of it.
type BookResidual struct {
	Conv1, Conv2, Conv3 *nn.Conv2D // Conv3 may be nil
	BN1, BN2            *nn.BatchNorm
}

// NewBookResidual returns a block. With project the input goes through a convolution, which another number of channels and strides other than 1 need.
func NewBookResidual(channels, stride int, project bool) *BookResidual {
	b := &BookResidual{Conv1: nn.NewConv2D(channels, 3, nn.Pad(1), nn.Stride(stride)), Conv2: nn.NewConv2D(channels, 3, nn.Pad(1)),
		BN1: nn.NewBatchNorm(), BN2: nn.NewBatchNorm()}
	if project {
		b.Conv3 = nn.NewConv2D(channels, 1, nn.Stride(stride))
	}
	return b
}

// Forward is max(f(x) + g(x), 0).
func (b *BookResidual) Forward(c *nn.Ctx, x *tensor.Tensor) *tensor.Tensor {
	y := c.Chain(x, b.Conv1, b.BN1, nn.ReLU, b.Conv2, b.BN2)
	if b.Conv3 != nil {
		x = b.Conv3.Forward(c, x)
	}
	return y.Add(x).ReLU()
}

func bookStages(net nn.Sequential, classes int) nn.Sequential {
	for i := range 4 {
		width, stride := 64<<i, min(i, 1)+1
		net = append(net, nn.Sequential{NewBookResidual(width, stride, i > 0), NewBookResidual(width, 1, false)})
	}
	return append(net, nn.NewGlobalAvgPool2D(), nn.NewDense(classes))
}

// BookResNet18 returns the network of 7.6: 11,178,378 parameters for one channel and 10 classes.
func BookResNet18(classes int) nn.Sequential {
	return bookStages(nn.Sequential{nn.NewConv2D(64, 7, nn.Stride(2), nn.Pad(3)), nn.NewBatchNorm(), nn.ReLU, halve()}, classes)
}

// BookSmallResNet18 returns the network of 12.6 and 13.1, which begins with a convolution of 3 by 3 and no pooling, for images of 28 x 28 or 32 x 32 pixels.
func BookSmallResNet18(classes int) nn.Sequential {
	return bookStages(nn.Sequential{nn.NewConv2D(64, 3, nn.Pad(1)), nn.NewBatchNorm(), nn.ReLU}, classes)
}

// BookDenseBlock is a number of convolutions, each of which adds channels to those of its input (7.7).
type BookDenseBlock struct{ Convs []nn.Sequential }

// NewBookDenseBlock returns a block of convs convolutions that add growth channels each.
func NewBookDenseBlock(convs, growth int) *BookDenseBlock {
	b := new(BookDenseBlock)
	for range convs {
		b.Convs = append(b.Convs, nn.Sequential{nn.NewBatchNorm(), nn.ReLU, nn.NewConv2D(growth, 3, nn.Pad(1))})
	}
	return b
}

// Forward maps [n, c, h, w] to [n, c + convs*growth, h, w].
func (b *BookDenseBlock) Forward(c *nn.Ctx, x *tensor.Tensor) *tensor.Tensor {
	for _, l := range b.Convs {
		x = tensor.Concat(1, x, l.Forward(c, x))
	}
	return x
}

// BookDenseNet returns the network of 7.7: four blocks of four convolutions with a growth of 32; 758,226 parameters for one channel and 10 classes.
func BookDenseNet(classes int) nn.Sequential {
	net := nn.Sequential{nn.NewConv2D(64, 7, nn.Stride(2), nn.Pad(3)), nn.NewBatchNorm(), nn.ReLU, halve()}
	for i, channels := 0, 64; i < 4; i++ {
		net = append(net, NewBookDenseBlock(4, 32))
		if channels += 4 * 32; i < 3 {
			channels /= 2
			net = append(net, nn.Sequential{nn.NewBatchNorm(), nn.ReLU, nn.NewConv2D(channels, 1), nn.NewAvgPool2D(2)})
		}
	}
	return append(net, nn.NewBatchNorm(), nn.ReLU, nn.NewGlobalAvgPool2D(), nn.NewDense(classes))
}
