package models

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/fathom-ml/fathom/nn"
	"github.com/fathom-ml/fathom/tensor"
)

// Option is an option of the constructors: [Classes] and [Channels] of all, the others of those that say so. A constructor
// panics on an option that is not its own.
type Option struct {
	name string
	set  func(c *config)
}

type config struct {
	classes, channels, hidden  int
	width, drop                float64
	small, batchNorm, first1x1 bool
	biased                     bool
}

// Classes is the number of outputs, 1000 unless set.
func Classes(n int) Option {
	positive("models.Classes", float64(n))
	return Option{"Classes", func(c *config) { c.classes = n }}
}

// Channels is the number of channels of the images, 3 unless set.
func Channels(n int) Option {
	positive("models.Channels", float64(n))
	return Option{"Channels", func(c *config) { c.channels = n }}
}

// Hidden is the number of units of the two dense layers before the last one, 4096 unless set.
func Hidden(n int) Option {
	positive("models.Hidden", float64(n))
	return Option{"Hidden", func(c *config) { c.hidden = n }}
}

// Width multiplies the numbers of channels of the convolutions.
func Width(factor float64) Option {
	positive("models.Width", factor)
	return Option{"Width", func(c *config) { c.width = factor }}
}

// Dropout is the probability of the network's dropout layers.
func Dropout(p float64) Option {
	nn.NewDropout(p)
	return Option{"Dropout", func(c *config) { c.drop = p }}
}

var (
	// SmallInput is for images of 32 x 32 pixels or so: the network begins with a convolution of 3 by 3 and stride 1 and no pooling.
	SmallInput = Option{"SmallInput", func(c *config) { c.small = true }}
	// BatchNorm puts a batch normalisation behind every convolution.
	BatchNorm = Option{"BatchNorm", func(c *config) { c.batchNorm = true }}
	// StrideFirst puts the stride of a bottleneck into its first convolution, as He et al. (2016) and Gluon do, not into that of 3 by 3, as
	// torchvision does.
	StrideFirst = Option{"StrideFirst", func(c *config) { c.first1x1 = true }}
	// Gluon makes the bottlenecks of Gluon's zoo: StrideFirst, and the convolutions of 1 by 1 have biases.
	Gluon = Option{"Gluon", func(c *config) { c.first1x1, c.biased = true, true }}
)

func positive(op string, v float64) {
	if !(v > 0) || math.IsInf(v, 0) {
		panic(&tensor.Error{Op: op, Msg: fmt.Sprintf("%v is not positive", v)})
	}
}

// newConfig applies options to the defaults; known names those that the constructor takes besides Classes and Channels.
func newConfig(op string, drop float64, opts []Option, known ...string) config {
	c := config{classes: 1000, channels: 3, hidden: 4096, width: 1, drop: drop}
	for _, o := range opts {
		if o.set == nil || o.name != "Classes" && o.name != "Channels" && !slices.Contains(known, o.name) {
			panic(&tensor.Error{Op: op, Msg: "has no option " + o.name, Hint: "it takes " + strings.Join(append([]string{"Classes", "Channels"}, known...), ", ")})
		}
		o.set(&c)
	}
	return c
}

// scale is n channels times the width.
func (c config) scale(n int) int { return max(1, int(float64(n)*c.width)) }

// depth refuses a depth that a family does not have.
func depth[V any](op string, n int, table map[int]V) V {
	v, ok := table[n]
	if !ok {
		var have []int
		for k := range table {
			have = append(have, k)
		}
		slices.Sort(have)
		panic(&tensor.Error{Op: op, Msg: fmt.Sprintf("there is none of depth %d", n), Hint: fmt.Sprintf("there are %v", have)})
	}
	return v
}
