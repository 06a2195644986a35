package models

import "github.com/fathom-ml/fathom/nn"

// vggBlocks are the numbers of convolutions between two poolings.
var vggBlocks = map[int][5]int{11: {1, 1, 2, 2, 2}, 13: {2, 2, 2, 2, 2}, 16: {2, 2, 3, 3, 3}, 19: {2, 2, 4, 4, 4}}

// NewVGG returns the network of Simonyan and Zisserman (2014) with 11, 13, 16 or 19 layers (7.2): blocks of convolutions of 3 by 3, each ended by a
// pooling. VGG-11 has 132,863,336 parameters. Images have 32 x 32 pixels or more. Options: [BatchNorm], [Width] (of the
// convolutions), [Hidden], [Dropout] (0.5).
//
// The book's VGG-11 is NewVGG(11, Classes(10), Channels(1)), the narrow one that it trains has Width(0.25) besides.
func NewVGG(layers int, opts ...Option) *Net {
	c := newConfig("models.NewVGG", 0.5, opts, "BatchNorm", "Width", "Hidden", "Dropout")
	n := &Net{kind: "vgg"}
	in := c.channels
	for i, convs := range depth("models.NewVGG", layers, vggBlocks) {
		out := c.scale(min(64<<i, 512))
		for range convs {
			n.Features = append(n.Features, biased(in, out, 3, nn.Pad(1)))
			if c.batchNorm {
				n.Features = append(n.Features, norm(out))
			}
			n.Features = append(n.Features, nn.ReLU)
			in = out
		}
		n.Features = append(n.Features, nn.NewMaxPool2D(2))
	}
	n.Features = append(n.Features, nn.NewAdaptiveAvgPool2D(7), nn.Flatten)
	n.Classifier = nn.Sequential{
		dense(in*7*7, c.hidden), nn.ReLU, nn.NewDropout(c.drop),
		dense(c.hidden, c.hidden), nn.ReLU, nn.NewDropout(c.drop),
		dense(c.hidden, c.classes),
	}
	return n
}
