package models

import (
	"fmt"

	"github.com/fathom-ml/fathom/nn"
	"github.com/fathom-ml/fathom/tensor"
)

// Fire is the block of a SqueezeNet: few channels, and from them more through windows of 1 by 1 and of 3 by 3.
type Fire struct{ Squeeze, Expand1x1, Expand3x3 *nn.Conv2D }

func newFire(in, squeeze, expand int) *Fire {
	return &Fire{biased(in, squeeze, 1, nn.ReLU), biased(squeeze, expand, 1, nn.ReLU), biased(squeeze, expand, 3, nn.Pad(1), nn.ReLU)}
}

// Forward concatenates the two expansions.
func (f *Fire) Forward(c *nn.Ctx, x *tensor.Tensor) *tensor.Tensor {
	x = f.Squeeze.Forward(c, x)
	return tensor.Concat(1, f.Expand1x1.Forward(c, x), f.Expand3x3.Forward(c, x))
}

// NewSqueezeNet returns the network of Iandola et al. (2016), version "1.0" or "1.1", as torchvision and Gluon have it: 1,248,424
// and 1,235,496 parameters. The classifier is a convolution, averaged over all positions. Option: [Dropout] (0.5).
func NewSqueezeNet(version string, opts ...Option) *Net {
	c := newConfig("models.NewSqueezeNet", 0.5, opts, "Dropout")
	pool := nn.NewMaxPool2D(3, nn.Stride(2), nn.CeilMode)
	n := &Net{kind: "squeezenet"}
	switch version {
	case "1.0":
		n.Features = nn.Sequential{
			biased(c.channels, 96, 7, nn.Stride(2)), nn.ReLU, pool,
			newFire(96, 16, 64), newFire(128, 16, 64), newFire(128, 32, 128), pool,
			newFire(256, 32, 128), newFire(256, 48, 192), newFire(384, 48, 192), newFire(384, 64, 256), pool,
			newFire(512, 64, 256),
		}
	case "1.1":
		n.Features = nn.Sequential{
			biased(c.channels, 64, 3, nn.Stride(2)), nn.ReLU, pool,
			newFire(64, 16, 64), newFire(128, 16, 64), pool,
			newFire(128, 32, 128), newFire(256, 32, 128), pool,
			newFire(256, 48, 192), newFire(384, 48, 192), newFire(384, 64, 256), newFire(512, 64, 256),
		}
	default:
		panic(&tensor.Error{Op: "models.NewSqueezeNet", Msg: fmt.Sprintf("there is no version %q", version), Hint: `there are "1.0" and "1.1"`})
	}
	n.Classifier = nn.Sequential{nn.NewDropout(c.drop), biased(512, c.classes, 1), nn.ReLU, nn.NewGlobalAvgPool2D(), nn.Flatten}
	return n
}
