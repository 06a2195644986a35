package models

import (
	"github.com/fathom-ml/fathom/nn"
	"github.com/fathom-ml/fathom/tensor"
)

// Net is a network in two parts: features, which look at the image, and the classifier behind them, which is what changes
// when the network learns other classes (13.2).
type Net struct {
	Features, Classifier nn.Sequential
	kind                 string // of network, for the names of others
}

// Forward maps images [n, channels, height, width] to logits [n, classes].
func (n *Net) Forward(c *nn.Ctx, x *tensor.Tensor) *tensor.Tensor {
	return c.Chain(x, n.Features, n.Classifier)
}

// String shows the layers.
func (n *Net) String() string {
	return "Features: " + n.Features.String() + "\nClassifier: " + n.Classifier.String()
}

// conv is a convolution without bias, as those before a batch normalisation are.
func conv(in, out, window int, opts ...nn.ConvOption) *nn.Conv2D {
	return nn.NewConv2D(out, window, append(opts, nn.Inputs(in), nn.NoBias)...)
}

// biased is a convolution with a bias.
func biased(in, out, window int, opts ...nn.ConvOption) *nn.Conv2D {
	return nn.NewConv2D(out, window, append(opts, nn.Inputs(in))...)
}

func norm(n int, opts ...nn.NormOption) *nn.BatchNorm {
	return nn.NewBatchNorm(append(opts, nn.Inputs(n))...)
}

func dense(in, out int) *nn.Dense { return nn.NewDense(out, nn.Inputs(in)) }

// halve is the pooling that most networks begin with.
func halve() *nn.MaxPool2D { return nn.NewMaxPool2D(3, nn.Stride(2), nn.Pad(1)) }
