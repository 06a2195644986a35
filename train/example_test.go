package train_test

import (
	"fmt"

	"github.com/fathom-ml/fathom/nn"
	"github.com/fathom-ml/fathom/optim"
	"github.com/fathom-ml/fathom/tensor"
	"github.com/fathom-ml/fathom/tensor/random"
	"github.com/fathom-ml/fathom/train"
)

// A line through points: y = 2x - 3.
func ExampleStep() {
	x := random.Normal(0, 1, 100, 1)
	y := x.MulScalar(2).AddScalar(-3)
	net := nn.NewDense(1)
	nn.Init(net, nn.Normal(0.01))
	net.Forward(nn.Eval(), x) // fixes the shapes
	opt := optim.NewSGD(nn.Parameters(net), optim.LR(0.1))
	for range 200 {
		train.Step(opt, func(c *nn.Ctx) *tensor.Tensor { return nn.L2Loss(net.Forward(c, c.In(x)), y) })
	}
	fmt.Printf("%.3f %.3f\n", net.Weight.Value().Item(), net.Bias.Value().Item())
	// Output: 2.000 -3.000
}
