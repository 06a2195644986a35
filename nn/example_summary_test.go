package nn_test

import (
	"fmt"

	"github.com/fathom-ml/fathom/nn"
	"github.com/fathom-ml/fathom/tensor"
)

// The account of LeNet (6.6).
func ExampleSummary() {
	net := nn.Sequential{
		nn.NewConv2D(6, 5, nn.Pad(2), nn.Sigmoid), nn.NewAvgPool2D(2),
		nn.NewConv2D(16, 5, nn.Sigmoid), nn.NewAvgPool2D(2), nn.Flatten,
		nn.NewDense(120, nn.Sigmoid), nn.NewDense(84, nn.Sigmoid), nn.NewDense(10),
	}
	nn.Init(net, nn.Xavier())
	fmt.Println(nn.Summary(net, tensor.Zeros(1, 1, 28, 28)))
	// Output:
	// layer  kind         output           parameters    FLOPs
	// --------------------------------------------------------
	// 0      Conv2D       (1, 6, 28, 28)          156  239,904
	// 1      AvgPool2D    (1, 6, 14, 14)            0    4,704
	// 2      Conv2D       (1, 16, 10, 10)       2,416  481,600
	// 3      AvgPool2D    (1, 16, 5, 5)             0    1,600
	// 4      FlattenAxes  (1, 400)                  0        0
	// 5      Dense        (1, 120)             48,120   96,120
	// 6      Dense        (1, 84)              10,164   20,244
	// 7      Dense        (1, 10)                 850    1,690
	// parameters: 61,706 (61,706 trained), 241.0 KiB
	// FLOPs: 845,862
}

// A model as a tree; the layer Shared is met twice.
func ExampleTree() {
	shared := nn.NewDense(8, nn.ReLU, nn.Inputs(8))
	m := &struct {
		Body   nn.Sequential
		Heads  map[string]*nn.Dense
		Shared *nn.Dense
	}{
		nn.Sequential{nn.NewDense(8, nn.ReLU, nn.Inputs(4)), shared},
		map[string]*nn.Dense{"b": nn.NewDense(2, nn.Inputs(8)), "a": nn.NewDense(3, nn.NoBias, nn.Inputs(8))},
		shared,
	}
	nn.Init(m, nn.Xavier())
	nn.Freeze(m, nn.Glob("Body.0.*"))
	fmt.Println(nn.Tree(m))
	// Output:
	// struct: 154 parameters
	// ├─ Body: Sequential: 112
	// │  ├─ 0: Dense(4 -> 8, Activation(relu))  Weight (8, 4) frozen, Bias (8,) frozen: 40
	// │  └─ 1: Dense(8 -> 8, Activation(relu))  Weight (8, 8), Bias (8,): 72
	// ├─ Heads: map: 42
	// │  ├─ a: Dense(8 -> 3, linear)  Weight (3, 8): 24
	// │  └─ b: Dense(8 -> 2, linear)  Weight (2, 8), Bias (2,): 18
	// └─ Shared: Dense(8 -> 8, Activation(relu))  Weight (8, 8) shared with Body.1.Weight, Bias (8,) shared with Body.1.Bias
}

// Means of what the layers give.
func ExampleObserve() {
	net := nn.Sequential{nn.NewDense(3, nn.Inputs(2)), nn.ReLU}
	nn.Init(net, nn.Ones)
	net.Forward(nn.Eval(nn.Observe(func(layer any, x, y *tensor.Tensor) {
		fmt.Println(nn.Name(layer), y.Shape(), y.Mean().Item())
	})), tensor.Ones(4, 2))
	// Output:
	// dense [4 3] 2
	// relu [4 3] 2
}
