package main

import (
	"github.com/fathom-ml/fathom/nn"
	"github.com/fathom-ml/fathom/tensor"
	"github.com/fathom-ml/fathom/tensor/random"
)

// mlp is the perceptron of 4.3: 784-256-10, batch 256.
func mlp() *training {
	return classifier(nn.Sequential{nn.NewDense(256, nn.ReLU), nn.NewDense(10)}, 0.1)
}

// lenet is LeNet of 6.6, batch 256.
func lenet() *training {
	return classifier(nn.Sequential{
		nn.NewConv2D(6, 5, nn.Pad(2), nn.Sigmoid), nn.NewAvgPool2D(2),
		nn.NewConv2D(16, 5, nn.Sigmoid), nn.NewAvgPool2D(2),
		nn.NewDense(120, nn.Sigmoid), nn.NewDense(84, nn.Sigmoid), nn.NewDense(10),
	}, 0.9)
}

// classifier trains a network on images and labels.
func classifier(net nn.Layer, lr float64) *training {
	return &training{model: net, opt: sgd(lr), loss: func(c *nn.Ctx, in []*tensor.Tensor) *tensor.Tensor {
		return nn.SoftmaxCrossEntropy(net.Forward(c, in[0]), in[1])
	}}
}

func imageData() []*tensor.Tensor {
	return []*tensor.Tensor{random.Uniform(0, 1, 256, 1, 28, 28), random.RandInt(0, 10, 256)}
}
