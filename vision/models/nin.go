package models

import "github.com/fathom-ml/fathom/nn"

// NewNiN returns the network in network of 7.3 (Lin, Chen and Yan, 2013): every convolution is followed by two of 1 by 1, and the last block has a channel for each
// class. 1,992,166 parameters for 10 classes and one channel. Images have 67 x 67 pixels or more. Option: [Dropout] (0.5).
func NewNiN(opts ...Option) nn.Sequential {
	c := newConfig("models.NewNiN", 0.5, opts, "Dropout")
	block := func(in, out, window int, opts ...nn.ConvOption) nn.Sequential {
		return nn.Sequential{biased(in, out, window, append(opts, nn.ReLU)...), biased(out, out, 1, nn.ReLU), biased(out, out, 1, nn.ReLU)}
	}
	pool := nn.NewMaxPool2D(3, nn.Stride(2))
	return nn.Sequential{
		block(c.channels, 96, 11, nn.Stride(4)), pool,
		block(96, 256, 5, nn.Pad(2)), pool,
		block(256, 384, 3, nn.Pad(1)), pool,
		nn.NewDropout(c.drop),
		block(384, c.classes, 3, nn.Pad(1)),
		nn.NewGlobalAvgPool2D(), nn.Flatten,
	}
}
