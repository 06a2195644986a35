package main

import (
	"github.com/fathom-ml/fathom/nn"
	"github.com/fathom-ml/fathom/optim"
	"github.com/fathom-ml/fathom/tensor"
	"github.com/fathom-ml/fathom/tensor/random"
)

// The language model of 8.6 and 9.1, 9.2: one-hot letters, one recurrent layer, batch 32.
const (
	vocabulary = 28
	hidden     = 256
	letters    = 35
)

// recurrent is the language model around a recurrent layer.
func recurrent(layer *nn.Recurrent) *training {
	net := &struct {
		Layer *nn.Recurrent
		Out   *nn.Dense
	}{layer, nn.NewDense(vocabulary)}
	return &training{model: net, opt: clipped, loss: func(c *nn.Ctx, in []*tensor.Tensor) *tensor.Tensor {
		x := in[0].T().OneHot(vocabulary)
		h, _ := net.Layer.Forward(c, x, nil)
		return nn.SoftmaxCrossEntropy(net.Out.Forward(c, h.Reshape(-1, hidden)), in[1])
	}}
}

// textData are letters [32, 35] and the letters that follow, in the order of the outputs.
func textData() []*tensor.Tensor {
	return []*tensor.Tensor{random.RandInt(0, vocabulary, 32, letters), random.RandInt(0, vocabulary, 32*letters)}
}

// clipped is SGD whose gradients have a common norm of at most 1 (8.5).
func clipped(ps []nn.Named) optim.Optimizer { return &clippedSGD{optim.NewSGD(ps, optim.LR(1)), ps} }

type clippedSGD struct {
	*optim.SGD
	params []nn.Named
}

func (o *clippedSGD) Step(n int) {
	sum := tensor.Scalar(0)
	for _, p := range o.params {
		sum = sum.Add(p.Grad().Square().Sum())
	}
	if norm := sum.Sqrt().Item() / float64(n); norm > 1 {
		for _, p := range o.params {
			p.Grad().MulScalarAssign(1 / norm)
		}
	}
	o.SGD.Step(n)
}
