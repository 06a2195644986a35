package nn_test

import (
	"fmt"
	"math"
	"strings"

	"github.com/fathom-ml/fathom/nn"
	"github.com/fathom-ml/fathom/tensor"
)

// Perceptron is a model: a struct with layers as fields and a Forward method (5.1).
type Perceptron struct {
	Hidden, Out *nn.Dense
}

func (m *Perceptron) Forward(c *nn.Ctx, x *tensor.Tensor) *tensor.Tensor {
	return m.Out.Forward(c, m.Hidden.Forward(c, x).ReLU())
}

// Parameters are found by walking the model and named by the fields that lead to them (5.2).
func ExampleParameters() {
	m := &Perceptron{Hidden: nn.NewDense(256), Out: nn.NewDense(10)}
	nn.Init(m, nn.Normal(0.01))
	m.Forward(nn.Eval(), tensor.Ones(2, 20)) // the first use tells the shapes
	for _, p := range nn.Parameters(m) {
		fmt.Println(p)
	}
	// Output:
	// Hidden.Weight (shape=(256, 20), dtype=float32)
	// Hidden.Bias (shape=(256,), dtype=float32)
	// Out.Weight (shape=(10, 256), dtype=float32)
	// Out.Bias (shape=(10,), dtype=float32)
}

// In training the parameters are recorded, in evaluation not.
func ExampleTrain() {
	d := nn.NewDense(1)
	nn.Init(d, nn.Constant(1))
	x := tensor.Arange(3).Reshape(1, 3)
	fmt.Println(d.Forward(nn.Train(), x).Recorded(), d.Forward(nn.Eval(), x).Recorded())
	d.Forward(nn.Train(), x).Backward()
	fmt.Println(d.Weight.Grad(), d.Bias.Grad())
	// Output:
	// true false
	// [[0. 1. 2.]] [1.]
}

// The first values are drawn when the shape is known; Xavier's lie within sqrt(6/(inputs + outputs)) (4.8).
func ExampleInit() {
	d := nn.NewDense(20)
	nn.Init(d, nn.Xavier())
	fmt.Println(d.Weight.HasValue())
	d.Forward(nn.Eval(), tensor.Ones(1, 30))
	limit := math.Sqrt(6. / 50)
	fmt.Println(d.Weight.Shape(), d.Weight.Value().Abs().Max().Item() <= limit)
	fmt.Println(d.Bias.Value().Norm()) // biases begin at zero
	// Output:
	// false
	// [20 30] true
	// 0.0
}

// An initialiser of one's own (5.2): 1 on the diagonal.
func ExampleInitFunc() {
	identity := nn.InitFunc(func(path string, w *tensor.Tensor) {
		fmt.Println("drawing", path)
		w.CopyFrom(tensor.Eye(w.Dim(0)))
	})
	net := nn.Sequential{nn.NewDense(3, nn.NoBias, nn.Inputs(3))}
	nn.Init(net, identity)
	fmt.Println(net.Forward(nn.Eval(), tensor.Arange(3).Reshape(1, 3)))
	// Output:
	// drawing 0.Weight
	// [[0. 1. 2.]]
}

// Biases without weight decay.
func ExampleSelect() {
	m := &Perceptron{Hidden: nn.NewDense(4), Out: nn.NewDense(2)}
	isBias := func(path string) bool { return strings.HasSuffix(path, "Bias") }
	for _, p := range nn.Select(nn.Parameters(m), isBias) {
		p.SetWDMult(0)
		fmt.Println(p.Path, p.WDMult())
	}
	// Output:
	// Hidden.Bias 0
	// Out.Bias 0
}

func ExampleParam_SetValue() {
	d := nn.NewDense(2)
	d.Weight.SetValue(tensor.Matrix([][]float32{{1, 0, 0}, {0, 0, 1}})) // picks inputs 0 and 2
	d.Bias.SetValue(tensor.Of([]float32{0, 100}))
	fmt.Println(d.Forward(nn.Eval(), tensor.Of([]float32{5, 6, 7}, 1, 3)))
	// Output:
	// [[  5. 107.]]
}

// Centered keeps a running mean, which is state: saved with the model, but not trained.
type Centered struct {
	Mean *tensor.Tensor
}

func (l *Centered) Forward(c *nn.Ctx, x *tensor.Tensor) *tensor.Tensor {
	if c.Training() {
		l.Mean = l.Mean.MulScalar(0.5).Add(x.Mean(0).MulScalar(0.5))
	}
	return x.Sub(l.Mean)
}

// State that a layer computed in a step outlives the scope of the step.
func ExampleKeepState() {
	l := &Centered{Mean: tensor.Zeros(2)}
	s := tensor.NewScope()
	l.Forward(nn.Train(nn.In(s)), s.In(tensor.Full(8, 4, 2)))
	nn.KeepState(l, s)
	s.Close()
	fmt.Println(l.Mean, len(nn.Parameters(l)))
	// Output:
	// [4. 4.] 0
}
