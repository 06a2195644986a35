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
	return &training{model: net, opt: sgd(1, optim.ClipNorm(1)), loss: func(c *nn.Ctx, in []*tensor.Tensor) *tensor.Tensor {
		x := in[0].T().OneHot(vocabulary)
		h, _ := net.Layer.Forward(c, x, nil)
		return nn.SoftmaxCrossEntropy(net.Out.Forward(c, h.Reshape(-1, hidden)), in[1])
	}}
}

// textData are letters [32, 35] and the letters that follow, in the order of the outputs.
func textData() []*tensor.Tensor {
	return []*tensor.Tensor{random.RandInt(0, vocabulary, 32, letters), random.RandInt(0, vocabulary, 32*letters)}
}
