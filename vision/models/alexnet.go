package models

import "github.com/fathom-ml/fathom/nn"

// NewLeNet returns the network of 6.6 (LeCun et al., 1998), with the sigmoid and average pooling of the book, for images of
// 28 x 28 pixels: 61,706 parameters for 10 classes and one channel, which are its defaults.
func NewLeNet(opts ...Option) nn.Sequential {
	c := newConfig("models.NewLeNet", 0, append([]Option{Classes(10), Channels(1)}, opts...))
	return nn.Sequential{
		biased(c.channels, 6, 5, nn.Pad(2), nn.Sigmoid), nn.NewAvgPool2D(2),
		biased(6, 16, 5, nn.Sigmoid), nn.NewAvgPool2D(2),
		nn.NewDense(120, nn.Sigmoid, nn.Inputs(400)),
		nn.NewDense(84, nn.Sigmoid, nn.Inputs(120)),
		dense(84, c.classes),
	}
}

// NewAlexNet returns AlexNet (7.1) in the form of Krizhevsky (2014), as torchvision and Gluon have it: 61,100,840 parameters. Images
// have 63 x 63 pixels or more, 224 x 224 as a rule. Options: [Dropout] (0.5), [Hidden].
func NewAlexNet(opts ...Option) *Net {
	c := newConfig("models.NewAlexNet", 0.5, opts, "Dropout", "Hidden")
	pool := nn.NewMaxPool2D(3, nn.Stride(2))
	return &Net{
		kind: "alexnet",
		Features: nn.Sequential{
			biased(c.channels, 64, 11, nn.Stride(4), nn.Pad(2)), nn.ReLU, pool,
			biased(64, 192, 5, nn.Pad(2)), nn.ReLU, pool,
			biased(192, 384, 3, nn.Pad(1)), nn.ReLU,
			biased(384, 256, 3, nn.Pad(1)), nn.ReLU,
			biased(256, 256, 3, nn.Pad(1)), nn.ReLU, pool,
			nn.NewAdaptiveAvgPool2D(6), nn.Flatten,
		},
		Classifier: nn.Sequential{
			nn.NewDropout(c.drop), dense(256*6*6, c.hidden), nn.ReLU,
			nn.NewDropout(c.drop), dense(c.hidden, c.hidden), nn.ReLU,
			dense(c.hidden, c.classes),
		},
	}
}
