package main

import (
	"github.com/fathom-ml/fathom/nn"
	"github.com/fathom-ml/fathom/tensor"
	"github.com/fathom-ml/fathom/tensor/nnop"
	"github.com/fathom-ml/fathom/tensor/random"
)

// embeddingBag averages the vectors of 20 words out of 10000 and classifies the mean, batch 512.
func embeddingBag() *training {
	net := &struct {
		Embedding *nn.Param
		Out       *nn.Dense
	}{nn.NewParam(nn.Shape(10000, 64), nn.InitWith(nn.Normal(0.1))), nn.NewDense(2)}
	return &training{model: net, opt: sgd(0.5), loss: func(c *nn.Ctx, in []*tensor.Tensor) *tensor.Tensor {
		h := nnop.EmbeddingBag(in[0], nil, c.Param(net.Embedding), nnop.BagMean)
		return nn.SoftmaxCrossEntropy(net.Out.Forward(c, h), in[1])
	}}
}

func bagData() []*tensor.Tensor {
	return []*tensor.Tensor{random.RandInt(0, 10000, 512, 20), random.RandInt(0, 2, 512)}
}
