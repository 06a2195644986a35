package nn_test

import (
	"encoding/json"
	"math"
	"os"
	"testing"

	"github.com/fathom-ml/fathom/nn"
	"github.com/fathom-ml/fathom/tensor"
)

// packed is a tensor in testdata/layers.json, which tools/oracle/nn.py writes.
type packed struct {
	Shape []int
	Data  []float32
}

func (p packed) tensor() *tensor.Tensor { return tensor.Of(p.Data, p.Shape...) }

type oracleCase struct {
	X, R, Y, DX   packed
	Params, Grads []packed
}

func (p packed) compare(t *testing.T, what string, got *tensor.Tensor) {
	t.Helper()
	if !tensor.AllClose(got.Detach(), p.tensor(), 1e-5, 1e-5) {
		t.Errorf("%s:\n%v\nPyTorch:\n%v", what, got, p.tensor())
	}
}

func TestLayersAgainstPyTorch(t *testing.T) {
	text, err := os.ReadFile("testdata/layers.json")
	if err != nil {
		t.Fatal(err)
	}
	var cases map[string]oracleCase
	if err := json.Unmarshal(text, &cases); err != nil {
		t.Fatal(err)
	}
	layers := map[string]nn.Layer{
		"dense":            nn.NewDense(5),
		"dense relu":       nn.NewDense(6, nn.ReLU),
		"dense axes tanh":  nn.NewDense(5, nn.Tanh, nn.NoBias, nn.KeepAxes),
		"conv pad sigmoid": nn.NewConv2D(3, 5, nn.Pad(2), nn.Sigmoid),
		"conv stride":      nn.NewConv2D(4, 3, nn.Stride(2), nn.Pad(1)),
		"conv sides":       nn.NewConv2D(2, [2]int{3, 5}, nn.Pad([2]int{0, 1}), nn.Stride([2]int{3, 2}), nn.NoBias),
		"conv groups":      nn.NewConv2D(6, 2, nn.Dilation(2), nn.Groups(2), nn.Inputs(4)),
		"conv 1x1 relu":    nn.NewConv2D(2, 1, nn.ReLU),
		"max pool":         nn.NewMaxPool2D(2),
		"max pool overlap": nn.NewMaxPool2D(3, nn.Stride(2), nn.Pad(1)),
		"avg pool":         nn.NewAvgPool2D(2),
		"avg pool sides":   nn.NewAvgPool2D([2]int{3, 2}, nn.Stride([2]int{2, 1}), nn.Pad([2]int{1, 1})),
		"l2 loss": nn.Func(func(x *tensor.Tensor) *tensor.Tensor {
			return nn.L2Loss(x, cases["l2 loss"].Params[0].tensor())
		}),
		"cross-entropy": nn.Func(func(x *tensor.Tensor) *tensor.Tensor {
			return nn.SoftmaxCrossEntropy(x, tensor.Of([]uint8{2, 0, 4, 1}))
		}),
		"cross-entropy axes": nn.Func(func(x *tensor.Tensor) *tensor.Tensor {
			return nn.SoftmaxCrossEntropy(x, tensor.Of([]int64{2, 0, 1, 3, 3, 0}, 2, 3))
		}),
	}
	if len(layers) != len(cases) {
		t.Errorf("%d layers for %d cases", len(layers), len(cases))
	}
	for name, want := range cases {
		t.Run(name, func(t *testing.T) {
			l := layers[name]
			params := nn.Parameters(l)
			for i, p := range params {
				if i < len(want.Params) {
					p.SetValue(want.Params[i].tensor())
				}
			}
			x := want.X.tensor().RequireGrad()
			y := l.Forward(nn.Train(), x)
			want.Y.compare(t, "result", y)
			y.Mul(want.R.tensor()).Backward()
			want.DX.compare(t, "gradient of x", x.Grad())
			for i, p := range params {
				want.Grads[i].compare(t, "gradient of "+p.Path, p.Grad())
			}
			want.Y.compare(t, "result in evaluation", l.Forward(nil, want.X.tensor()))
		})
	}
}

func TestSquaredLossTakesLabelsOfAnotherShape(t *testing.T) {
	pred := tensor.Matrix([][]float32{{1}, {3}})
	got := nn.L2Loss(pred, tensor.Of([]float64{2, 5})).Float64s()
	if len(got) != 2 || got[0] != 0.5 || got[1] != 2 {
		t.Errorf("%v, want [0.5 2]", got)
	}
}

func TestLossesRefuse(t *testing.T) {
	for name, f := range map[string]func(){
		"l2 sizes":   func() { nn.L2Loss(tensor.Zeros(2, 1), tensor.Zeros(3)) },
		"l2 batch":   func() { nn.L2Loss(tensor.Zeros(2, 3), tensor.Zeros(3, 2)) },
		"l2 scalar":  func() { nn.L2Loss(tensor.Scalar(1), tensor.Scalar(1)) },
		"ce labels":  func() { nn.SoftmaxCrossEntropy(tensor.Zeros(2, 3), tensor.Of([]int{1})) },
		"ce floats":  func() { nn.SoftmaxCrossEntropy(tensor.Zeros(2, 3), tensor.Zeros(2)) },
		"ce range":   func() { nn.SoftmaxCrossEntropy(tensor.Zeros(2, 3), tensor.Of([]int{0, 3})) },
		"ce vector":  func() { nn.SoftmaxCrossEntropy(tensor.Zeros(3), tensor.Of([]int{0, 3, 1})) },
		"dense 1-d":  func() { nn.NewDense(3).Forward(nil, tensor.Zeros(3)) },
		"conv 2-d":   func() { nn.NewConv2D(3, 2).Forward(nil, tensor.Zeros(3, 4)) },
		"units":      func() { nn.NewDense(0) },
		"channels":   func() { nn.NewConv2D(0, 3) },
		"window":     func() { nn.NewMaxPool2D(0) },
		"pad":        func() { nn.NewConv2D(1, 3, nn.Pad(-1)) },
		"stride":     func() { nn.NewAvgPool2D(3, nn.Stride(0)) },
		"groups":     func() { nn.NewConv2D(2, 3, nn.Groups(0)) },
		"dropout":    func() { nn.NewDropout(1.5) },
		"no init":    func() { nn.Init(nn.NewDense(1), nil) },
		"xavier 1-d": func() { nn.Init(nn.NewParam(nn.Shape(3)), nn.Xavier()) },
	} {
		if err := tensor.Try(f); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func TestDropout(t *testing.T) {
	tensor.Seed(0)
	d, x := nn.NewDropout(0.5), tensor.Ones(100, 100)
	a, b := d.Forward(nn.Train(), x), d.Forward(nn.Train(), x)
	if tensor.Equal(a, b) {
		t.Error("two training steps have one mask")
	}
	c := nn.Train()
	if tensor.Equal(d.Forward(c, x), d.Forward(c, x)) {
		t.Error("two layers of one step have one mask")
	}
	tensor.Seed(0)
	if !tensor.Equal(a, d.Forward(nn.Train(), x)) {
		t.Error("the same seed gives another mask")
	}
	if m := a.Mean().Item(); math.Abs(m-1) > 0.05 {
		t.Errorf("mean %v, want about 1", m)
	}
	if y := d.Forward(nn.Eval(), x); !tensor.Equal(x, y) {
		t.Error("dropout in evaluation")
	}
	if y := d.Forward(nil, x); !tensor.Equal(x, y) {
		t.Error("dropout without a context")
	}
}
