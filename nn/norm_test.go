package nn_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/fathom-ml/fathom/nn"
	"github.com/fathom-ml/fathom/tensor"
)

// TestBatchNormAgainstPyTorch trains a layer for three steps, saves it, and predicts.
func TestBatchNormAgainstPyTorch(t *testing.T) {
	text, err := os.ReadFile("testdata/batchnorm.json")
	if err != nil {
		t.Fatal(err)
	}
	var want struct {
		Gamma, Beta packed
		Steps       []struct{ X, R, Y, DX, DGamma, DBeta, Mean, Variance packed }
		Predicted   packed
	}
	if err := json.Unmarshal(text, &want); err != nil {
		t.Fatal(err)
	}
	l := nn.NewBatchNorm(nn.Momentum(0.8))
	nn.Init(l, nn.Uniform(0.07))
	l.Gamma.SetValue(want.Gamma.tensor())
	l.Beta.SetValue(want.Beta.tensor())
	for _, s := range want.Steps {
		x := s.X.tensor().RequireGrad()
		y := l.Forward(nn.Train(), x)
		s.Y.compare(t, "result", y)
		y.Mul(s.R.tensor()).Backward()
		s.DX.compare(t, "gradient of x", x.Grad())
		s.DGamma.compare(t, "gradient of gamma", l.Gamma.Grad())
		s.DBeta.compare(t, "gradient of beta", l.Beta.Grad())
		s.Mean.compare(t, "running mean", l.RunningMean)
		s.Variance.compare(t, "running variance", l.RunningVar)
	}
	x := want.Steps[2].X.tensor()
	want.Predicted.compare(t, "prediction", l.Forward(nn.Eval(), x))

	file := filepath.Join(t.TempDir(), "bn.safetensors")
	if err := nn.Save(file, l); err != nil {
		t.Fatal(err)
	}
	other := nn.NewBatchNorm()
	if err := nn.Load(file, other); err != nil {
		t.Fatal(err)
	}
	want.Predicted.compare(t, "prediction of the loaded layer", other.Forward(nn.Eval(), x))
}

func TestBatchNormBeforeTraining(t *testing.T) {
	l := nn.NewBatchNorm(nn.Eps(0))
	nn.Init(l, nn.Zeros)
	x := tensor.Of([]float32{1, 2, 3, 4}, 2, 2)
	if y := l.Forward(nil, x); !tensor.AllClose(y, x, 1e-6, 1e-6) {
		t.Errorf("mean 0 and variance 1 give %v", y)
	}
	if l.RunningMean != nil {
		t.Error("evaluation made running averages")
	}
}

// TestBatchNormInScope trains in scopes: the averages outlive them.
func TestBatchNormInScope(t *testing.T) {
	l := nn.NewBatchNorm()
	nn.Init(l, nn.Zeros)
	for range 3 {
		s := tensor.NewScope()
		l.Forward(nn.Train(nn.In(s)), s.In(tensor.Ones(4, 3))).Sum().Backward()
		s.Close()
	}
	if m := l.RunningMean.Float64s(); m[0] < 0.27 || m[0] > 0.272 { // 1 - 0.9³
		t.Errorf("running mean %v", m)
	}
}

func TestNormLayers(t *testing.T) {
	x := tensor.Arange(0, 48, 1).Square().Reshape(2, 4, 2, 3)
	for _, c := range []struct {
		l    nn.Layer
		want string
		axes []int // over which the result has mean 0 and variance 1; nil: not looked at
		keep [4]int
	}{
		{nn.NewBatchNorm(), "BatchNorm(4, eps=1e-05, momentum=0.9)", []int{0, 2, 3}, [4]int{2, 4, 2, 3}},
		{nn.NewBatchNorm(nn.NoScale, nn.NoCenter), "BatchNorm(-1, eps=1e-05, momentum=0.9)", []int{0, 2, 3}, [4]int{2, 4, 2, 3}},
		{nn.NewLayerNorm(), "LayerNorm(3, eps=1e-05)", []int{3}, [4]int{2, 4, 2, 3}},
		{nn.NewLayerNorm(nn.LastAxes(2)), "LayerNorm((2, 3), eps=1e-05)", []int{2, 3}, [4]int{2, 4, 2, 3}},
		{nn.NewLayerNorm(nn.LastAxes(2), nn.NoScale, nn.NoCenter), "LayerNorm(-1, eps=1e-05)", []int{2, 3}, [4]int{2, 4, 2, 3}},
		{nn.NewGroupNorm(2), "GroupNorm(4, eps=1e-05, groups=2)", []int{2, 3}, [4]int{2, 2, 2, 6}},
		{nn.NewInstanceNorm(nn.Inputs(4)), "InstanceNorm(4, eps=1e-05)", []int{2, 3}, [4]int{2, 4, 2, 3}},
		{nn.NewRMSNorm(nn.LastAxes(3)), "RMSNorm((4, 2, 3), eps=1e-05)", nil, [4]int{2, 4, 2, 3}},
		{nn.NewRMSNorm(nn.LastAxes(3), nn.NoScale), "RMSNorm(-1, eps=1e-05)", nil, [4]int{2, 4, 2, 3}},
	} {
		nn.Init(c.l, nn.Zeros)
		y := c.l.Forward(nn.Train(), x).Detach()
		if got := fmt.Sprint(c.l); got != c.want {
			t.Errorf("%s, want %s", got, c.want)
		}
		if c.axes == nil {
			if m := y.Square().Mean(1, 2, 3); !tensor.AllClose(m, tensor.Ones(2), 1e-3, 1e-3) {
				t.Errorf("%v: mean square %v", c.l, m)
			}
			continue
		}
		y = y.Reshape(c.keep[:]...)
		mean, square := y.Mean(c.axes...), y.Square().Mean(c.axes...)
		if !tensor.AllClose(mean, mean.MulScalar(0), 0, 1e-4) || !tensor.AllClose(square, square.MulScalar(0).AddScalar(1), 1e-3, 0) {
			t.Errorf("%v: means %v, mean squares %v", c.l, mean, square)
		}
	}
}

func TestNormLayersRefuse(t *testing.T) {
	for name, f := range map[string]func(){
		"eps":      func() { nn.NewBatchNorm(nn.Eps(-1)) },
		"momentum": func() { nn.NewBatchNorm(nn.Momentum(1.5)) },
		"axes":     func() { nn.NewLayerNorm(nn.LastAxes(0)) },
		"groups":   func() { nn.NewGroupNorm(0) },
		"divides": func() {
			l := nn.NewGroupNorm(2)
			nn.Init(l, nn.Zeros)
			l.Forward(nil, tensor.Ones(2, 3))
		},
		"vector": func() { nn.NewBatchNorm().Forward(nil, tensor.Ones(2)) },
		"row":    func() { nn.NewLayerNorm(nn.LastAxes(2)).Forward(nil, tensor.Ones(2)) },
	} {
		if err := tensor.Try(f); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func ExampleNewBatchNorm() {
	l := nn.NewBatchNorm()
	nn.Init(l, nn.Xavier())
	y := l.Forward(nn.Train(), tensor.Matrix([][]float32{{1, 10}, {3, 30}}))
	fmt.Printf("%.3f\n", y.Float64s())
	fmt.Println(l.RunningMean)
	// Output:
	// [-1.000 -1.000 1.000 1.000]
	// [0.2 2. ]
}

func ExampleNewLayerNorm() {
	l := nn.NewLayerNorm()
	nn.Init(l, nn.Xavier())
	y := l.Forward(nn.Eval(), tensor.Matrix([][]float32{{1, 2, 3}, {10, 20, 30}}))
	fmt.Printf("%.3f\n", y.Float64s())
	// Output: [-1.225 0.000 1.225 -1.225 0.000 1.225]
}
