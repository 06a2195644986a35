package nn_test

import (
	"testing"

	"github.com/fathom-ml/fathom/nn"
	"github.com/fathom-ml/fathom/tensor"
	"github.com/fathom-ml/fathom/tensor/optest/oracle"
)

// torchLayers are the layers that tools/oracle/layers.py has cases for, by file and name; the values of their parameters
// come with a case.
var torchLayers = map[string]map[string]nn.Layer{}

// add adds the layers of a file. As a parameter keeps the shape of its first use, a layer with parameters has one shape
// in all its cases.
func add(file string, layers map[string]nn.Layer) bool {
	torchLayers[file] = layers
	return true
}

// pairs are layers of two inputs.
var pairs = map[string]map[string]*nn.Bilinear{}

// put gives the parameters of a layer their values.
func put(t *testing.T, l any, values []*tensor.Tensor) {
	ps := nn.Parameters(l)
	if len(ps) != len(values) {
		t.Fatalf("%v has %d parameters, PyTorch's %d", l, len(ps), len(values))
	}
	for i, p := range ps {
		nn.Put(p.Param, values[i])
	}
}

// TestLayersOfTorch holds layers against torch.nn: values, and gradients of the input and of all parameters.
func TestLayersOfTorch(t *testing.T) {
	for file, layers := range torchLayers {
		funcs := map[string]oracle.Func{}
		for name, l := range layers {
			funcs[name] = func(_ oracle.Case, in []*tensor.Tensor) *tensor.Tensor {
				put(t, l, in[1:])
				c := nn.Train()
				switch l := l.(type) {
				case *nn.RReLU:
					c = nn.Eval()
				case *nn.BatchNorm:
					l.RunningMean, l.RunningVar = nil, nil
				}
				return l.Forward(c, in[0])
			}
		}
		for name, l := range pairs[file] {
			funcs[name] = func(_ oracle.Case, in []*tensor.Tensor) *tensor.Tensor {
				put(t, l, in[2:])
				return l.Forward(nn.Train(), in[0], in[1])
			}
		}
		oracle.Run(t, "testdata/"+file+".json.gz", funcs)
	}
}
