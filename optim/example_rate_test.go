package optim_test

import (
	"fmt"

	"github.com/fathom-ml/fathom/nn"
	"github.com/fathom-ml/fathom/optim"
	"github.com/fathom-ml/fathom/tensor"
)

// The loss w has the gradient 1: each step moves w by the learning rate, which is lowered as
// training goes on (11.11).
func ExampleOptimizer() {
	w := nn.NewParam(nn.Shape(1))
	w.SetValue(tensor.Ones(1))
	var opt optim.Optimizer = optim.NewSGD([]nn.Named{{Path: "w", Param: w}}, optim.LR(0.5))
	for range 3 {
		nn.Train().Param(w).Backward()
		opt.Step(1)
		opt.SetLR(opt.LR() / 2)
		fmt.Println(w.Value(), opt.LR())
	}
	// Output:
	// [0.5] 0.25
	// [0.25] 0.125
	// [0.125] 0.0625
}

// With momentum a step goes on in the direction of the last ones (11.6).
func ExampleMomentum() {
	w := nn.NewParam(nn.Shape(1))
	w.SetValue(tensor.Zeros(1))
	opt := optim.NewSGD([]nn.Named{{Path: "w", Param: w}}, optim.LR(1), optim.Momentum(0.5))
	for range 3 {
		nn.Train().Param(w).Backward() // the gradient is 1
		opt.Step(1)
		fmt.Println(w.Value())
	}
	// Output:
	// [-1.]
	// [-2.5]
	// [-4.25]
}

// Weight decay alone shrinks a weight by the factor 1 - lr wd in each step (4.5).
func ExampleWD() {
	w := nn.NewParam(nn.Shape(1))
	w.SetValue(tensor.Full(8, 1))
	opt := optim.NewSGD([]nn.Named{{Path: "w", Param: w}}, optim.LR(0.5), optim.WD(1))
	for range 3 {
		nn.Train().Param(w).MulScalar(0).Backward()
		opt.Step(1)
		fmt.Println(w.Value())
	}
	// Output:
	// [4.]
	// [2.]
	// [1.]
}
