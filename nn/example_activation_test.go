package nn_test

import (
	"fmt"

	"github.com/fathom-ml/fathom/nn"
	"github.com/fathom-ml/fathom/tensor"
)

// An activation is a layer, and an option of layers that have one.
func ExampleLeakyReLU() {
	x := tensor.Of([]float32{-2, -1, 0, 1})
	for _, a := range []*nn.Activation{nn.LeakyReLU(0.1), nn.ReLU6, nn.Hardtanh(-1, 1), nn.Softshrink(0.5)} {
		fmt.Println(a, a.Forward(nil, x))
	}
	fmt.Println(nn.NewDense(4, nn.LeakyReLU(0.1)))
	// Output:
	// Activation(leaky_relu(0.1)) [-0.2 -0.1  0.   1. ]
	// Activation(relu6) [0. 0. 0. 1.]
	// Activation(hardtanh(-1, 1)) [-1. -1.  0.  1.]
	// Activation(softshrink(0.5)) [-1.5 -0.5  0.   0.5]
	// Dense(-1 -> 4, Activation(leaky_relu(0.1)))
}

// The classes lie on axis 1, pixels behind it.
func ExampleSoftmax() {
	scores := tensor.Of([]float32{0, 2, 0, 2, 5, 5}, 1, 3, 2)
	p := nn.Softmax(1).Forward(nil, scores)
	fmt.Println(p.Sum(1))
	fmt.Println(p.ArgMax(1))
	// Output:
	// [[1. 1.]]
	// [[2 2]]
}

// Half of the channels open and close the other half.
func ExampleGLU() {
	x := tensor.Of([]float32{3, 4, 200, -200}, 1, 4)
	fmt.Println(nn.GLU(1).Forward(nil, x))
	// Output:
	// [[3. 0.]]
}

// The slopes of a PReLU are learned; they begin at 1/4.
func ExampleNewPReLU() {
	l := nn.NewPReLU(nn.PerChannel)
	nn.Init(l, nn.Xavier())
	x := tensor.Matrix([][]float32{{-4, 8}, {2, -2}})
	fmt.Println(l.Forward(nn.Train(), x))
	fmt.Println(l, l.Weight.Value())
	// Output:
	// [[-1.   8. ]
	//  [ 2.  -0.5]]
	// PReLU(2) [0.25 0.25]
}

// In evaluation the slope is the mean of the two ends.
func ExampleNewRReLU() {
	fmt.Println(nn.NewRReLU(0.1, 0.3).Forward(nn.Eval(), tensor.Of([]float32{-10, 1})))
	// Output:
	// [-2.  1.]
}

// A layer of tanh wants larger weights than one of ReLU.
func ExampleGain() {
	fmt.Printf("%.3f %.3f %.3f\n", nn.Gain(nn.ReLU), nn.Gain(nn.Tanh), nn.Gain(nil))
	// Output:
	// 1.414 1.667 1.000
}
