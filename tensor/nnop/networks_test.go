package nnop_test

import (
	"strings"
	"testing"

	"github.com/fathom-ml/fathom/tensor"
	"github.com/fathom-ml/fathom/tensor/nnop"
	"github.com/fathom-ml/fathom/tensor/optest/oracle"
)

// factors are gamma and beta of a case, as far as its name says that they are there.
func factors(c oracle.Case, in []*tensor.Tensor) (gamma, beta *tensor.Tensor) {
	rest := in[1:]
	if strings.Contains(c.Name, "g") {
		gamma, rest = rest[0], rest[1:]
	}
	if strings.Contains(c.Name, "b") {
		beta = rest[0]
	}
	return gamma, beta
}

// normalising is a normalisation with one result.
func normalising(f func(c oracle.Case, x, gamma, beta *tensor.Tensor) *tensor.Tensor) oracle.Funcs {
	return func(c oracle.Case, in []*tensor.Tensor) []*tensor.Tensor {
		gamma, beta := factors(c, in)
		return []*tensor.Tensor{f(c, in[0], gamma, beta)}
	}
}

// numbers is an argument that is a list of numbers, in x's dtype.
func numbers(x *tensor.Tensor, v any) *tensor.Tensor {
	var d []float64
	for _, e := range v.([]any) {
		d = append(d, e.(float64))
	}
	return tensor.Of(d).AsType(x.DType())
}

// TestNetworks holds normalisation and pooling against PyTorch.
func TestNetworks(t *testing.T) {
	oracle.RunAll(t, "testdata/networks.json.gz", map[string]oracle.Funcs{
		"batch_norm": func(c oracle.Case, in []*tensor.Tensor) []*tensor.Tensor {
			gamma, beta := factors(c, in)
			y, mean, variance := nnop.BatchNorm(in[0], gamma, beta, c.Floats[0])
			return []*tensor.Tensor{y, mean, variance}
		},
		"batch_norm_infer": normalising(func(c oracle.Case, x, gamma, beta *tensor.Tensor) *tensor.Tensor {
			return nnop.BatchNormInfer(x, gamma, beta, numbers(x, c.Args[0]), numbers(x, c.Args[1]), c.Floats[0])
		}),
		"layer_norm": normalising(func(c oracle.Case, x, gamma, beta *tensor.Tensor) *tensor.Tensor {
			return nnop.LayerNorm(x, gamma, beta, c.Floats[0])
		}),
		"group_norm": normalising(func(c oracle.Case, x, gamma, beta *tensor.Tensor) *tensor.Tensor {
			return nnop.GroupNorm(x, gamma, beta, c.Groups, c.Floats[0])
		}),
		"instance_norm": normalising(func(c oracle.Case, x, gamma, beta *tensor.Tensor) *tensor.Tensor {
			return nnop.InstanceNorm(x, gamma, beta, c.Floats[0])
		}),
		"rms_norm": normalising(func(c oracle.Case, x, gamma, beta *tensor.Tensor) *tensor.Tensor {
			return nnop.RMSNorm(x, gamma, c.Floats[0])
		}),
	})
}
