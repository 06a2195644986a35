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

func ExampleNewAdamW() {
	net := nn.NewDense(1, nn.NoBias)
	nn.Init(net, nn.Zeros)
	opt := optim.NewAdamW(nn.Parameters(net), optim.LR(0.1), optim.WD(0.001))
	for range 200 {
		nn.L2Loss(net.Forward(nn.Train(), tensor.Ones(1, 1)), tensor.Full(3, 1, 1)).Backward()
		opt.Step(1)
	}
	fmt.Printf("%.1f\n", net.Weight.Value().Item())
	// Output: 3.0
}

func ExampleNewRMSProp() {
	net := nn.NewDense(1, nn.NoBias)
	nn.Init(net, nn.Zeros)
	opt := optim.NewRMSProp(nn.Parameters(net), optim.LR(0.05), optim.Alpha(0.9), optim.Centered, optim.Eps(1e-2))
	for range 200 {
		nn.L2Loss(net.Forward(nn.Train(), tensor.Ones(1, 1)), tensor.Full(3, 1, 1)).Backward()
		opt.Step(1)
	}
	fmt.Printf("%.1f\n", net.Weight.Value().Item())
	// Output: 3.0
}

// The first step of Adagrad is the learning rate, whatever the gradient; later ones become shorter (11.7).
func ExampleNewAdagrad() {
	w := nn.NewParam(nn.Shape(1))
	w.SetValue(tensor.Zeros(1))
	opt := optim.NewAdagrad([]nn.Named{{Path: "w", Param: w}}, optim.LR(1))
	for range 3 {
		nn.Train().Param(w).MulScalar(5).Backward()
		opt.Step(1)
		fmt.Printf("%.3f\n", w.Value().Item())
	}
	// Output:
	// -1.000
	// -1.707
	// -2.284
}

// Adadelta needs no learning rate (11.9).
func ExampleNewAdadelta() {
	net := nn.NewDense(1, nn.NoBias)
	nn.Init(net, nn.Zeros)
	opt := optim.NewAdadelta(nn.Parameters(net))
	for range 1000 {
		nn.L2Loss(net.Forward(nn.Train(), tensor.Ones(1, 1)), tensor.Full(3, 1, 1)).Backward()
		opt.Step(1)
	}
	fmt.Printf("%.1f\n", net.Weight.Value().Item())
	// Output: 3.0
}

// The gradients 3 and 4 have the norm 5, which is more than 1 (8.5).
func ExampleClipGradNorm() {
	w := nn.NewParam(nn.Shape(2))
	w.SetValue(tensor.Zeros(2))
	nn.Train().Param(w).Mul(tensor.Of([]float32{3, 4})).Backward()
	fmt.Println(optim.ClipGradNorm([]nn.Named{{Path: "w", Param: w}}, 1))
	fmt.Println(w.Grad())
	// Output:
	// 5
	// [0.6 0.8]
}
