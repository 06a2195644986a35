package optim_test

import (
	"encoding/json"
	"os"
	"strconv"
	"testing"

	"github.com/fathom-ml/fathom/nn"
	"github.com/fathom-ml/fathom/optim"
	"github.com/fathom-ml/fathom/tensor"
)

// packed is a tensor in testdata/steps.json, which tools/oracle/nn.py writes.
type packed struct {
	Shape []int
	Data  []float32
}

func (p packed) tensor() *tensor.Tensor { return tensor.Of(p.Data, p.Shape...) }

func TestStepsAgainstPyTorch(t *testing.T) {
	text, err := os.ReadFile("testdata/steps.json")
	if err != nil {
		t.Fatal(err)
	}
	var oracle struct {
		Start   []packed
		Batches []struct {
			X packed
			Y []int
		}
		After map[string]map[string][]packed
	}
	if err := json.Unmarshal(text, &oracle); err != nil {
		t.Fatal(err)
	}
	optimizers := map[string]func(ps []nn.Named) optim.Optimizer{
		"sgd": func(ps []nn.Named) optim.Optimizer { return optim.NewSGD(ps, optim.LR(0.3), optim.WD(0.05)) },
		"momentum": func(ps []nn.Named) optim.Optimizer {
			return optim.NewSGD(ps, optim.LR(0.1), optim.WD(0.05), optim.Momentum(0.9))
		},
		"adam": func(ps []nn.Named) optim.Optimizer { return optim.NewAdam(ps, optim.LR(0.05)) },
		"adam wd": func(ps []nn.Named) optim.Optimizer {
			return optim.NewAdam(ps, optim.LR(0.05), optim.WD(0.1), optim.Betas{0.8, 0.95})
		},
	}
	for name, makeOptimizer := range optimizers {
		t.Run(name, func(t *testing.T) {
			net := nn.Sequential{nn.NewDense(4, nn.Tanh), nn.NewDense(3)}
			params := nn.Parameters(net)
			for i, p := range params {
				p.SetValue(oracle.Start[i].tensor())
			}
			opt := makeOptimizer(params)
			compared := 0
			for k, b := range oracle.Batches {
				nn.SoftmaxCrossEntropy(net.Forward(nn.Train(), b.X.tensor()), tensor.Of(b.Y)).Backward()
				opt.Step(len(b.Y))
				for i, want := range oracle.After[name][strconv.Itoa(k+1)] {
					compared++
					if got := params[i].Value().Detach(); !tensor.AllClose(got, want.tensor(), 1e-5, 1e-5) {
						t.Errorf("step %d, %s:\n%v\nPyTorch:\n%v", k+1, params[i].Path, got, want.tensor())
					}
				}
			}
			if compared != 12 {
				t.Errorf("%d comparisons, want 12", compared)
			}
		})
	}
}
