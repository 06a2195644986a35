package nn_test

import (
	"fmt"

	"github.com/fathom-ml/fathom/nn"
	"github.com/fathom-ml/fathom/optim"
	"github.com/fathom-ml/fathom/tensor"
	"github.com/fathom-ml/fathom/tensor/random"
)

// Fine-tuning (13.2): the body of a trained network is frozen and a new head is trained on it; then all is trained with a small rate for the body.
func ExampleFreeze() {
	tensor.Seed(0)
	body := nn.Sequential{nn.NewDense(8, nn.Tanh), nn.NewDense(8, nn.Tanh)}
	old := nn.Sequential{body, nn.NewDense(3)}
	nn.Init(old, nn.Xavier())
	x := random.Normal(0, 1, 32, 4)
	old.Forward(nn.Eval(), x) // stands for training

	net := nn.Sequential{body, nn.NewDense(1)}
	nn.Init(net[1], nn.Xavier())
	fmt.Println("frozen:", nn.Freeze(net, nn.Glob("0.*")))
	before := nn.State(body)
	opt := optim.NewAdam(nn.Parameters(net), optim.LR(0.01))
	step := func() {
		nn.L2Loss(net.Forward(nn.Train(), x), x.Sum(1)).Backward()
		opt.Step(32)
	}
	step()
	moved := func() bool { return !tensor.Equal(nn.State(body)["0.Weight"], before["0.Weight"]) }
	fmt.Println("the body moved:", moved())

	nn.Unfreeze(net, nil)
	nn.SetLRMult(net, nn.Glob("0.*"), 0.1)
	step()
	fmt.Println("the body moved:", moved())
	// Output:
	// frozen: 4
	// the body moved: false
	// the body moved: true
}

// Autoencoder has one matrix for both directions.
type Autoencoder struct {
	Encode *nn.Dense
	Bias   *nn.Param
}

func (m *Autoencoder) Forward(c *nn.Ctx, x *tensor.Tensor) *tensor.Tensor {
	h := m.Encode.Forward(c, x)
	return h.MatMul(c.Param(m.Encode.Weight)).Add(c.Param(m.Bias, x.Dim(1)))
}

// Tied weights: a parameter that is used twice is listed once, and the gradients of both uses add up (5.2).
func ExampleParam_tied() {
	m := &Autoencoder{nn.NewDense(2, nn.NoBias), nn.NewParam(nn.InitWith(nn.Zeros))}
	nn.Init(m, nn.Ones)
	m.Forward(nn.Train(), tensor.Ones(1, 3)).Backward()
	for _, p := range nn.Parameters(m) {
		fmt.Println(p.Path, p.Shape(), p.Grad().Flatten())
	}
	// Output:
	// Encode.Weight [2 3] [6. 6. 6. 6. 6. 6.]
	// Bias [3] [1. 1. 1.]
}

// A loss of one's own is a function of tensors: here the pinball loss, whose least is at a quantile of the labels.
func ExampleWith_customLoss() {
	tensor.Seed(0)
	pinball := func(q float64) func(pred, label *tensor.Tensor) *tensor.Tensor {
		return func(pred, label *tensor.Tensor) *tensor.Tensor {
			d := label.Sub(pred)
			return d.MulScalar(q).Maximum(d.MulScalar(q - 1))
		}
	}
	labels := random.Uniform(0, 10, 1000)
	guess := nn.NewParam()
	guess.SetValue(tensor.Zeros(1))
	opt := optim.NewSGD([]nn.Named{{Path: "guess", Param: guess}}, optim.LR(0.5))
	loss := pinball(0.9)
	for range 400 {
		loss(nn.Train().Param(guess).Expand(1000), labels).Backward()
		opt.Step(1000)
	}
	fmt.Printf("%.0f\n", guess.Value().Item())
	// Output: 9
}

// The options of a loss: a class that counts more, smoothed labels, a label that does not count; the mean of the batch.
func ExampleWith() {
	logits, labels := tensor.Zeros(3, 2), tensor.Of([]int{0, 1, -1})
	loss := nn.With(nn.ClassWeights(tensor.Of([]float32{1, 3})), nn.LabelSmoothing(0.1), nn.IgnoreIndex(-1), nn.AsMean).SoftmaxCrossEntropy
	fmt.Printf("%.4f\n", loss(logits, labels).Item())
	// Output: 0.6931
}

// A copy of a model that shares nothing with it, and the average of its values over a training.
func ExampleNewEMA() {
	net := nn.NewDense(1, nn.NoBias, nn.Inputs(1))
	nn.Init(net, nn.Zeros)
	start := nn.Clone(net)
	average := nn.NewEMA(net, 0.5)
	for _, w := range []float64{1, 2, 3} {
		net.Weight.Value().Fill(w)
		average.Update()
	}
	x := tensor.Ones(1, 1)
	fmt.Println(start.Forward(nn.Eval(), x).Item(), net.Forward(nn.Eval(), x).Item(), net.Forward(nn.EvalOn(average.Values()), x).Item())
	// Output: 0 3 2.25
}

// A model as a function of its weights: how the loss changes with a factor before all of them.
func ExampleValuesOf() {
	net := nn.NewDense(1, nn.NoBias, nn.Inputs(2))
	nn.Init(net, nn.Ones)
	factor := tensor.Scalar(2).RequireGrad()
	values := nn.ValuesOf(net, map[string]*tensor.Tensor{"Weight": nn.State(net)["Weight"].Mul(factor)})
	y := net.Forward(nn.TrainOn(values), tensor.Ones(1, 2))
	y.Square().Backward()
	fmt.Println(y.Item(), factor.Grad().Item()) // y = 2 factor, d(y²)/d factor = 8 factor
	// Output: 4 16
}
