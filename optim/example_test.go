package optim_test

import (
	"fmt"

	"github.com/fathom-ml/fathom/nn"
	"github.com/fathom-ml/fathom/optim"
	"github.com/fathom-ml/fathom/tensor"
	"github.com/fathom-ml/fathom/tensor/random"
)

// Linear regression (3.3): the true weights come out again.
func ExampleNewSGD() {
	tensor.Seed(0)
	x := random.Normal(0, 1, 1000, 2)
	y := x.MatMul(tensor.Of([]float32{2, -3.4}, 2, 1)).AddScalar(4.2)
	net := nn.NewDense(1)
	nn.Init(net, nn.Normal(0.01))
	opt := optim.NewSGD(nn.Parameters(net), optim.LR(0.03))
	for range 3 {
		for i := 0; i < 1000; i += 10 {
			loss := nn.L2Loss(net.Forward(nn.Train(), x.Slice(tensor.R(i, i+10))), y.Slice(tensor.R(i, i+10)))
			loss.Backward()
			opt.Step(10)
		}
	}
	fmt.Printf("%.2f %.2f\n", net.Weight.Value().Float64s(), net.Bias.Value().Item())
	// Output: [2.00 -3.40] 4.20
}

func ExampleNewAdam() {
	net := nn.NewDense(1, nn.NoBias)
	nn.Init(net, nn.Zeros)
	opt := optim.NewAdam(nn.Parameters(net), optim.LR(0.1))
	for range 200 {
		nn.L2Loss(net.Forward(nn.Train(), tensor.Ones(1, 1)), tensor.Full(3, 1, 1)).Backward()
		opt.Step(1)
	}
	fmt.Printf("%.2f\n", net.Weight.Value().Item())
	// Output: 3.00
}
