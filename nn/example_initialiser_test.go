package nn_test

import (
	"fmt"

	"github.com/fathom-ml/fathom/nn"
	"github.com/fathom-ml/fathom/tensor"
)

// The default of the book's framework is Xavier's uniform distribution; options change what is divided by, and what is drawn.
func ExampleXavier() {
	for _, in := range []nn.Initialiser{
		nn.Xavier(),
		nn.Xavier(nn.DrawNormal, nn.FanIn, nn.Magnitude(2)), // Gluon's Xavier("gaussian", "in", 2)
		nn.Xavier(nn.DrawNormal, nn.WithGain(5./3)),         // PyTorch's xavier_normal_(w, 5/3)
	} {
		tensor.Seed(0)
		l := nn.NewDense(200, nn.Inputs(100))
		nn.Init(l, in)
		fmt.Printf("%.2f\n", l.Weight.Value().Std(0).Item())
	}
	// Output:
	// 0.08
	// 0.14
	// 0.14
}

// Through ten layers of ReLU, signals keep their size.
func ExampleKaiming() {
	tensor.Seed(0)
	net := nn.Sequential{}
	for range 10 {
		net = append(net, nn.NewDense(512, nn.ReLU))
	}
	x := tensor.Ones(1, 512)
	nn.Init(net, nn.Kaiming())
	y := net.Forward(nn.Eval(), x).Square().Mean().Item()
	nn.Init(net, nn.Normal(0.01))
	small := net.Forward(nn.Eval(), x).Square().Mean().Item()
	fmt.Println(0.2 < y && y < 5, small < 1e-6)
	// Output:
	// true true
}

// A map that keeps lengths.
func ExampleOrthogonal() {
	tensor.Seed(0)
	l := nn.NewDense(3, nn.NoBias)
	nn.Init(l, nn.Orthogonal(1))
	y := l.Forward(nn.Eval(), tensor.Of([]float32{2, 0, 0}, 1, 3))
	fmt.Printf("%.4f\n", y.Norm().Item())
	// Output:
	// 2.0000
}

// Weights by which a transposed convolution makes images twice as large.
func ExampleBilinearFilter() {
	l := nn.NewConvTranspose2D(1, 4, nn.Stride(2), nn.Pad(1), nn.NoBias)
	nn.Init(l, nn.BilinearFilter())
	fmt.Println(l.Forward(nn.Eval(), tensor.Ones(1, 1, 2, 2)).Shape())
	fmt.Println(l.Weight.Value().Squeeze())
	// Output:
	// [1 1 4 4]
	// [[0.0625 0.1875 0.1875 0.0625]
	//  [0.1875 0.5625 0.5625 0.1875]
	//  [0.1875 0.5625 0.5625 0.1875]
	//  [0.0625 0.1875 0.1875 0.0625]]
}

// Rules go before what a layer says itself, here that a bias begins at 0.
func ExampleMixed() {
	net := nn.Sequential{nn.NewDense(2), nn.NewDense(1)}
	nn.Init(net, nn.Mixed(nn.Xavier(),
		nn.For("1.Weight", nn.Ones),
		nn.ForRegexp(`Bias$`, nn.Constant(0.5))))
	net.Forward(nn.Eval(), tensor.Ones(1, 3))
	fmt.Println(nn.Parameters(net)[2].Value(), nn.Parameters(net)[3].Value())
	// Output:
	// [[1. 1.]] [0.5]
}

// At first an LSTM keeps what it has.
func ExampleLSTMForgetBias() {
	l := nn.NewLSTM(2)
	nn.Init(l, nn.Mixed(nn.Xavier(), nn.For("*.BiasIH", nn.LSTMForgetBias(1))))
	fmt.Println(l.Layers[0].BiasIH.Value())
	// Output:
	// [0. 0. 1. 1. 0. 0. 0. 0.]
}

// No number is farther than two standard deviations from the mean.
func ExampleTruncatedNormal() {
	tensor.Seed(0)
	l := nn.NewEmbedding(1000, 64)
	nn.Init(l, nn.TruncatedNormal(0, 0.02, -0.04, 0.04))
	fmt.Printf("%.3f\n", l.Weight.Value().Abs().Max().Item())
	// Output:
	// 0.040
}

// Values that were computed elsewhere.
func ExampleConstantOf() {
	l := nn.NewDense(1, nn.NoBias)
	nn.Init(l, nn.ConstantOf(tensor.Matrix([][]float32{{2, -3.5}})))
	fmt.Println(l.Forward(nn.Eval(), tensor.Ones(1, 2)))
	// Output:
	// [[-1.5]]
}

// The numbers that PyTorch's layers begin with, biases too.
func ExampleInitTorch() {
	tensor.Seed(0)
	l := nn.NewDense(1000, nn.Inputs(25))
	nn.Init(l, nn.Zeros)
	nn.InitTorch(l)
	fmt.Printf("%.2f %.2f\n", l.Weight.Value().Max().Item(), l.Bias.Value().Max().Item())
	// Output:
	// 0.20 0.20
}
