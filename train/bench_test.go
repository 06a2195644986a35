package train_test

import (
	"testing"

	"github.com/fathom-ml/fathom/nn"
	"github.com/fathom-ml/fathom/optim"
	"github.com/fathom-ml/fathom/tensor"
	"github.com/fathom-ml/fathom/tensor/random"
	"github.com/fathom-ml/fathom/train"
)

// Linear regression on 10 examples of 2 features (3.3): nothing but overhead.
func BenchmarkLinearRegression(b *testing.B) {
	x, y := random.Normal(0, 1, 10, 2), random.Normal(0, 1, 10, 1)
	net := nn.NewDense(1)
	nn.Init(net, nn.Normal(0.01))
	net.Forward(nn.Eval(), x)
	opt := optim.NewSGD(nn.Parameters(net), optim.LR(0.03))
	step := func() {
		train.Step(opt, func(c *nn.Ctx) *tensor.Tensor { return nn.L2Loss(net.Forward(c, c.In(x)), y) })
	}
	step()
	for b.Loop() {
		step()
	}
}

// LeNet (6.6) on 256 images, in a scope and by hand.
func BenchmarkLeNet(b *testing.B) {
	x, y := random.Uniform(0, 1, 256, 1, 28, 28), random.RandInt(0, 10, 256)
	net := lenet(x)
	opt := optim.NewSGD(nn.Parameters(net), optim.LR(0.9))
	bench := func(name string, step func()) {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			step()
			for b.Loop() {
				step()
			}
		})
	}
	bench("step", func() {
		train.Step(opt, func(c *nn.Ctx) *tensor.Tensor { return nn.SoftmaxCrossEntropy(net.Forward(c, c.In(x)), y) })
	})
	bench("by hand", func() {
		nn.SoftmaxCrossEntropy(net.Forward(nn.Train(), x), y).Backward()
		opt.Step(256)
	})
}
