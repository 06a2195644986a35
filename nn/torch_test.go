package nn_test

import (
	"testing"

	"github.com/fathom-ml/fathom/nn"
	"github.com/fathom-ml/fathom/tensor"
	"github.com/fathom-ml/fathom/tensor/optest/oracle"
)

// torchLayers are the layers that tools/oracle/layers.py has cases for; the values of their parameters come with a case.
var torchLayers = map[string]func() nn.Layer{}

// layers adds layers without parameters.
func addLayers(ls map[string]nn.Layer) bool {
	for name, l := range ls {
		torchLayers[name] = func() nn.Layer { return l }
	}
	return true
}

// TestLayersOfTorch holds layers against torch.nn: values, and gradients of the input and of all parameters.
func TestLayersOfTorch(t *testing.T) {
	funcs := map[string]oracle.Func{}
	for name, make := range torchLayers {
		funcs[name] = func(_ oracle.Case, in []*tensor.Tensor) *tensor.Tensor {
			l := make()
			ps := nn.Parameters(l)
			if len(ps) != len(in)-1 {
				t.Fatalf("%v has %d parameters, PyTorch's %d", l, len(ps), len(in)-1)
			}
			for i, p := range ps {
				nn.Put(p.Param, in[1+i])
			}
			return l.Forward(nn.Train(), in[0])
		}
	}
	funcs["rrelu"] = func(_ oracle.Case, in []*tensor.Tensor) *tensor.Tensor {
		return nn.NewRReLU(0.1, 0.3).Forward(nn.Eval(), in[0])
	}
	oracle.Run(t, "testdata/torch.json.gz", funcs)
}
