package train_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"github.com/fathom-ml/fathom/data"
	"github.com/fathom-ml/fathom/metric"
	"github.com/fathom-ml/fathom/nn"
	"github.com/fathom-ml/fathom/optim"
	"github.com/fathom-ml/fathom/tensor"
	"github.com/fathom-ml/fathom/train"
)

// classifier is a network for the embedded digits, and batches of them.
func classifier() (nn.Sequential, *data.Loader[data.Batch], *data.Loader[data.Batch]) {
	tensor.Seed(0)
	net := nn.Sequential{nn.NewDense(64, nn.ReLU), nn.NewDropout(0.2), nn.NewDense(10)}
	nn.Init(net, nn.Xavier())
	return net, data.NewLoader(data.Digits(true), 64, data.Shuffle(true)), data.NewLoader(data.Digits(false), 256)
}

// An image classifier: training with validation, early stopping, and a checkpoint from which it goes on.
func ExampleFit() {
	net, digits, test := classifier()
	valid := func(r *train.Run) (map[string]float64, error) {
		acc := metric.NewAccuracy()
		loss, err := train.Evaluate(r, test, func(c *nn.Ctx, b data.Batch) *tensor.Tensor {
			x, y := b.XY()
			yHat := net.Forward(c, c.In(x))
			acc.Update(yHat, y)
			return nn.SoftmaxCrossEntropy(yHat, y)
		})
		return map[string]float64{"valid loss": loss, "valid acc": acc.Value()}, err
	}
	dir, err := os.MkdirTemp("", "fathom")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	var last float64
	err = train.Fit(context.Background(), train.Task[data.Batch]{
		Model: net, Optimizer: optim.NewAdam(nn.Parameters(net), optim.LR(0.003)), Batches: digits, Loss: train.Pairs(net, nn.SoftmaxCrossEntropy),
	}, 15,
		train.Validate(valid),
		train.EarlyStopping("valid loss", 3, train.RestoreBest()),
		train.Callback{Epoch: func(r *train.Run) error { last = r.Values["valid acc"]; return nil }},
		train.Checkpoint(filepath.Join(dir, "digits.safetensors"), train.Resume()))
	fmt.Println(err, last > 0.88)
	// Output: <nil> true
}

// The same by hand, in ten lines.
func ExampleFit_byHand() {
	net, digits, test := classifier()
	opt := optim.NewAdam(nn.Parameters(net), optim.LR(0.003))
	for range 15 {
		for X, y := range digits.Batches() {
			train.Step(opt, func(c *nn.Ctx) *tensor.Tensor { return nn.SoftmaxCrossEntropy(net.Forward(c, c.In(X)), y) })
		}
	}
	acc := metric.NewAccuracy()
	for X, y := range test.Batches() {
		acc.Update(net.Forward(nn.Eval(), X), y)
	}
	fmt.Println(acc.Value() > 0.88)
	// Output: true
}

// A training in two halves: what was saved after the first goes into a new model and a new optimizer.
func ExampleSaveCheckpoint() {
	file := filepath.Join(os.TempDir(), fmt.Sprintf("half-%d.safetensors", os.Getpid()))
	defer os.Remove(file)
	build := func() (*nn.Dense, optim.Optimizer) {
		net := nn.NewDense(1, nn.Inputs(1))
		nn.Init(net, nn.Zeros)
		return net, optim.NewSGD(nn.Parameters(net), optim.LR(0.02), optim.Momentum(0.9))
	}
	x := tensor.Of([]float32{1, 2, 3}, 3, 1)
	y := x.MulScalar(2)
	step := func(net *nn.Dense, opt optim.Optimizer) float64 {
		return train.Step(opt, func(c *nn.Ctx) *tensor.Tensor { return nn.L2Loss(net.Forward(c, c.In(x)), y) })
	}
	net, opt := build()
	for range 20 {
		step(net, opt)
	}
	if err := train.SaveCheckpoint(file, net, opt, 1, 20); err != nil {
		fmt.Println(err)
	}
	again, opt2 := build()
	epoch, steps, err := train.LoadCheckpoint(file, again, opt2)
	fmt.Println(epoch, steps, err)
	fmt.Println(step(net, opt) == step(again, opt2))
	// Output:
	// 1 20 <nil>
	// true
}

// A learning rate for a new problem (Smith, 2017).
func ExampleFindLR() {
	net, digits, _ := classifier()
	net.Forward(nn.Eval(), tensor.Zeros(1, 784)) // fixes the shapes
	s, err := train.FindLR(context.Background(), train.Task[data.Batch]{
		Model: net, Optimizer: optim.NewSGD(nn.Parameters(net)), Batches: digits, Loss: train.Pairs(net, nn.SoftmaxCrossEntropy),
	}, 1e-4, 10, 80)
	fmt.Println(err, s.Suggestion > 0.01 && s.Suggestion < 5)
	// Output: <nil> true
}
