package main

import (
	"github.com/fathom-ml/fathom/nn"
	"github.com/fathom-ml/fathom/tensor"
	"github.com/fathom-ml/fathom/tensor/random"
)

// denseBlock is the block of 7.7: each convolution sees the results of all before it.
type denseBlock []nn.Sequential

func newDenseBlock(convs, growth int) denseBlock {
	var b denseBlock
	for range convs {
		b = append(b, nn.Sequential{nn.NewBatchNorm(), nn.ReLU, nn.NewConv2D(growth, 3, nn.Pad(1))})
	}
	return b
}

func (b denseBlock) Forward(c *nn.Ctx, x *tensor.Tensor) *tensor.Tensor {
	for _, l := range b {
		x = tensor.Concat(1, x, l.Forward(c, x))
	}
	return x
}

// densenet is a block of 4 convolutions that grows by 32 channels each, averaged and classified.
func densenet() *training {
	return classifier(nn.Sequential{newDenseBlock(4, 32), globalPool, nn.NewDense(10)}, 0.05)
}

func mapData() []*tensor.Tensor {
	return []*tensor.Tensor{random.Normal(0, 1, 32, 64, 24, 24), random.RandInt(0, 10, 32)}
}
