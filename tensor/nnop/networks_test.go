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

// window is the arguments of a pooling.
type window struct {
	kernel, stride, pad [3]int
	ceil, exclude       bool
}

func (w window) one() nnop.Pool1 {
	return nnop.Pool1{Kernel: w.kernel[0], Stride: w.stride[0], Pad: w.pad[0], Ceil: w.ceil, ExcludePad: w.exclude}
}

func (w window) two() nnop.Pool {
	return nnop.Pool{Kernel: [2]int(w.kernel[:2]), Stride: [2]int(w.stride[:2]), Pad: [2]int(w.pad[:2]), Ceil: w.ceil, ExcludePad: w.exclude}
}

func (w window) three() nnop.Pool3 {
	return nnop.Pool3{Kernel: w.kernel, Stride: w.stride, Pad: w.pad, Ceil: w.ceil, ExcludePad: w.exclude}
}

// windows reads the arguments of a case: a number each, or a list of them.
func windows(f func(x *tensor.Tensor, w window) *tensor.Tensor) oracle.Funcs {
	lengths := func(v any) (l [3]int) {
		list, ok := v.([]any)
		if !ok {
			list = []any{v}
		}
		for i, e := range list {
			l[i] = int(e.(float64))
		}
		return l
	}
	return func(c oracle.Case, in []*tensor.Tensor) []*tensor.Tensor {
		w := window{lengths(c.Args[0]), lengths(c.Args[1]), lengths(c.Args[2]), c.Args[3].(bool), c.Args[4].(bool)}
		return []*tensor.Tensor{f(in[0], w)}
	}
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
		"max_pool1d": windows(func(x *tensor.Tensor, w window) *tensor.Tensor { return nnop.MaxPool1D(x, w.one()) }),
		"avg_pool1d": windows(func(x *tensor.Tensor, w window) *tensor.Tensor { return nnop.AvgPool1D(x, w.one()) }),
		"max_pool2d": windows(func(x *tensor.Tensor, w window) *tensor.Tensor { return nnop.MaxPool2D(x, w.two()) }),
		"avg_pool2d": windows(func(x *tensor.Tensor, w window) *tensor.Tensor { return nnop.AvgPool2D(x, w.two()) }),
		"max_pool3d": windows(func(x *tensor.Tensor, w window) *tensor.Tensor { return nnop.MaxPool3D(x, w.three()) }),
		"avg_pool3d": windows(func(x *tensor.Tensor, w window) *tensor.Tensor { return nnop.AvgPool3D(x, w.three()) }),
		"lp_pool2d": windows(func(x *tensor.Tensor, w window) *tensor.Tensor {
			p := w.pad[0]
			w.pad = [3]int{}
			return nnop.LpPool2D(x, float64(p), w.two())
		}),
		"adaptive_avg_pool2d": func(c oracle.Case, in []*tensor.Tensor) []*tensor.Tensor {
			return []*tensor.Tensor{nnop.AdaptiveAvgPool2D(in[0], c.Ints[0], c.Ints[1])}
		},
		"adaptive_max_pool2d": func(c oracle.Case, in []*tensor.Tensor) []*tensor.Tensor {
			return []*tensor.Tensor{nnop.AdaptiveMaxPool2D(in[0], c.Ints[0], c.Ints[1])}
		},
	})
}
