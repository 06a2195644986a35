package main

import (
	"github.com/fathom-ml/fathom/nn"
	"github.com/fathom-ml/fathom/tensor"
	"github.com/fathom-ml/fathom/tensor/random"
)

// residual is the block of 7.6.
type residual struct {
	Conv1, Conv2 *nn.Conv2D
	Conv3        *nn.Conv2D // nil: the block adds its input as it is
	BN1, BN2     *nn.BatchNorm
}

func newResidual(channels, stride int, conv3 bool) *residual {
	r := &residual{
		Conv1: nn.NewConv2D(channels, 3, nn.Pad(1), nn.Stride(stride)), Conv2: nn.NewConv2D(channels, 3, nn.Pad(1)),
		BN1: nn.NewBatchNorm(), BN2: nn.NewBatchNorm(),
	}
	if conv3 {
		r.Conv3 = nn.NewConv2D(channels, 1, nn.Stride(stride))
	}
	return r
}

func (r *residual) Forward(c *nn.Ctx, x *tensor.Tensor) *tensor.Tensor {
	y := c.Chain(x, r.Conv1, r.BN1, nn.ReLU, r.Conv2, r.BN2)
	if r.Conv3 != nil {
		x = r.Conv3.Forward(c, x)
	}
	return y.Add(x).ReLU()
}

// globalPool averages each channel over the whole image.
var globalPool = nn.Func(func(x *tensor.Tensor) *tensor.Tensor { return x.Mean(2, 3) })

// resnet18 is ResNet-18 of 7.6 on 32 images of 1x96x96. The rate is low: with the book's 0.05 the first steps on
// noise change weights by as much as they are, and an element that rounding puts on the other side of a ReLU's
// corner shows in every weight.
func resnet18() *training {
	net := nn.Sequential{
		nn.NewConv2D(64, 7, nn.Stride(2), nn.Pad(3)), nn.NewBatchNorm(), nn.ReLU, nn.NewMaxPool2D(3, nn.Stride(2), nn.Pad(1)),
		newResidual(64, 1, false), newResidual(64, 1, false),
	}
	for _, channels := range []int{128, 256, 512} {
		net = append(net, newResidual(channels, 2, true), newResidual(channels, 1, false))
	}
	return classifier(append(net, globalPool, nn.NewDense(10)), 0.0002)
}

func largeImageData() []*tensor.Tensor {
	return []*tensor.Tensor{random.Normal(0, 1, 32, 1, 96, 96), random.RandInt(0, 10, 32)}
}
