package main

import (
	"github.com/fathom-ml/fathom/nn"
	"github.com/fathom-ml/fathom/tensor"
	"github.com/fathom-ml/fathom/tensor/random"
)

// linreg is linear regression of 3.3: 2 features, batch 10.
func linreg() *training {
	net := nn.NewDense(1)
	return &training{model: net, opt: sgd(0.03), loss: func(c *nn.Ctx, in []*tensor.Tensor) *tensor.Tensor {
		return nn.L2Loss(net.Forward(c, in[0]), in[1])
	}}
}

func linregData() []*tensor.Tensor {
	return []*tensor.Tensor{random.Normal(0, 1, 10, 2), random.Normal(0, 1, 10, 1)}
}
