package main

import (
	"github.com/fathom-ml/fathom/nn"
	"github.com/fathom-ml/fathom/tensor"
	"github.com/fathom-ml/fathom/tensor/nnop"
	"github.com/fathom-ml/fathom/tensor/random"
)

// The language model of 8.6 and 9.1, 9.2: one-hot letters, one recurrent layer, batch 32.
const (
	vocabulary = 28
	hidden     = 256
	letters    = 35
)

// recurrent is the language model around a recurrent layer.
func recurrent(layer nn.Layer) *training {
	net := &struct{ Layer, Out nn.Layer }{layer, nn.NewDense(vocabulary)}
	return &training{model: net, opt: sgd(1), clip: 1, loss: func(c *nn.Ctx, in []*tensor.Tensor) *tensor.Tensor {
		x := in[0].T().OneHot(vocabulary)
		h := net.Layer.Forward(c, x)
		return nn.SoftmaxCrossEntropy(net.Out.Forward(c, h.Reshape(-1, hidden)), in[1])
	}}
}

// textData are letters [32, 35] and the letters that follow, in the order of the outputs.
func textData() []*tensor.Tensor {
	return []*tensor.Tensor{random.RandInt(0, vocabulary, 32, letters), random.RandInt(0, vocabulary, 32*letters)}
}

// cell holds the weights of a recurrent layer with a number of gates, in PyTorch's order.
type cell struct {
	WIH, WHH, BIH, BHH *nn.Param
	step               func(x, wh, bh, h, c *tensor.Tensor) (newH, newC *tensor.Tensor)
}

func newCell(gates int, step func(x, wh, bh, h, c *tensor.Tensor) (newH, newC *tensor.Tensor)) *cell {
	bias := func() *nn.Param { return nn.NewParam(nn.Shape(gates*hidden), nn.InitWith(nn.Uniform(0.1))) }
	return &cell{nn.NewParam(nn.Shape(gates*hidden, vocabulary)), nn.NewParam(nn.Shape(gates*hidden, hidden)), bias(), bias(), step}
}

// Forward maps [steps, batch, vocabulary] to [steps, batch, hidden].
func (l *cell) Forward(c *nn.Ctx, x *tensor.Tensor) *tensor.Tensor {
	wh, bh := c.Param(l.WHH), c.Param(l.BHH)
	px := nnop.Linear(x, c.Param(l.WIH), c.Param(l.BIH))
	h := x.New(x.Dim(1), hidden)
	m := h
	var out []*tensor.Tensor
	for t := range x.Dim(0) {
		h, m = l.step(px.Index(t), wh, bh, h, m)
		out = append(out, h)
	}
	return tensor.Stack(0, out...)
}

func newRNN() nn.Layer {
	return newCell(1, func(x, wh, bh, h, c *tensor.Tensor) (newH, newC *tensor.Tensor) {
		return x.Add(nnop.Linear(h, wh, bh)).Tanh(), c
	})
}

func newGRU() nn.Layer {
	return newCell(3, func(x, wh, bh, h, c *tensor.Tensor) (newH, newC *tensor.Tensor) {
		g, k := x.Chunk(-1, 3), nnop.Linear(h, wh, bh).Chunk(-1, 3)
		r, z := g[0].Add(k[0]).Sigmoid(), g[1].Add(k[1]).Sigmoid()
		n := g[2].Add(r.Mul(k[2])).Tanh()
		return n.Add(z.Mul(h.Sub(n))), c
	})
}

func newLSTM() nn.Layer {
	return newCell(4, func(x, wh, bh, h, c *tensor.Tensor) (newH, newC *tensor.Tensor) {
		g := x.Add(nnop.Linear(h, wh, bh)).Chunk(-1, 4)
		c = g[1].Sigmoid().Mul(c).Add(g[0].Sigmoid().Mul(g[2].Tanh()))
		return g[3].Sigmoid().Mul(c.Tanh()), c
	})
}
