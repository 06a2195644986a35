package main

import (
	"github.com/fathom-ml/fathom/nn"
	"github.com/fathom-ml/fathom/optim"
	"github.com/fathom-ml/fathom/tensor"
	"github.com/fathom-ml/fathom/tensor/random"
)

// cases are the steps, under the names that peer.py knows.
var cases = []struct {
	name, what string
	make       func() func()
}{
	{"lenet", "LeNet of 6.6, batch 256: forward, backward, SGD", lenet},
	{"mlp", "784-256-10, batch 256: forward, backward, SGD", mlp},
	{"linreg", "2 features, batch 10: forward, backward, SGD", linreg},
	{"tiny", "sum of two vectors of 4", tiny},
	{"chain", "100 recorded sums of 4 elements and their backward", chain},
}

type loss func(yHat, y *tensor.Tensor) *tensor.Tensor

// trainer is one step in a scope, as d2l.TrainCh6 takes it.
func trainer(net nn.Layer, l loss, X, y *tensor.Tensor, lr float64) func() {
	nn.Init(net, nn.Xavier())
	net.Forward(nn.Eval(), X)
	opt := optim.NewSGD(nn.Parameters(net), optim.LR(lr))
	return func() {
		s := tensor.NewScope()
		defer s.Close()
		l(net.Forward(nn.Train(nn.In(s)), s.In(X)), y).Backward()
		opt.Step(X.Len())
	}
}

func lenet() func() {
	net := nn.Sequential{
		nn.NewConv2D(6, 5, nn.Pad(2), nn.Sigmoid), nn.NewAvgPool2D(2),
		nn.NewConv2D(16, 5, nn.Sigmoid), nn.NewAvgPool2D(2),
		nn.NewDense(120, nn.Sigmoid), nn.NewDense(84, nn.Sigmoid), nn.NewDense(10),
	}
	return trainer(net, nn.SoftmaxCrossEntropy, random.Uniform(0, 1, 256, 1, 28, 28), random.RandInt(0, 10, 256), 0.9)
}

func mlp() func() {
	net := nn.Sequential{nn.NewDense(256, nn.ReLU), nn.NewDense(10)}
	return trainer(net, nn.SoftmaxCrossEntropy, random.Uniform(0, 1, 256, 1, 28, 28), random.RandInt(0, 10, 256), 0.1)
}

func linreg() func() {
	return trainer(nn.NewDense(1), nn.L2Loss, random.Normal(0, 1, 10, 2), random.Normal(0, 1, 10, 1), 0.03)
}

func tiny() func() {
	a, b := random.Uniform(0, 1, 4), random.Uniform(0, 1, 4)
	return func() { a.Add(b) }
}

func chain() func() {
	a := random.Uniform(0, 1, 4).RequireGrad()
	return func() {
		y := a
		for range 100 {
			y = y.Add(a)
		}
		y.Sum().Backward()
	}
}
