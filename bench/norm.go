package main

import (
	"github.com/fathom-ml/fathom/tensor"
	"github.com/fathom-ml/fathom/tensor/nnop"
	"github.com/fathom-ml/fathom/tensor/random"
)

const epsilon = 1e-5

// normRows are normalisations and softmax, forward and backward.
func normRows() []row {
	var rows []row
	add := func(name string, f func(in []*tensor.Tensor) *tensor.Tensor, learned bool, channels int, shape ...int) {
		data := func() []*tensor.Tensor {
			in := []*tensor.Tensor{random.Normal(0, 1, shape...)}
			if learned {
				in = append(in, random.Uniform(0.5, 1.5, channels), random.Normal(0, 1, channels))
			}
			return append(in, random.Normal(0, 1, shape...))
		}
		rows = append(rows, row{name: name, data: data, make: func(in []*tensor.Tensor) work {
			return plain(in, f)
		}}, row{name: name + "-back", data: data, make: func(in []*tensor.Tensor) work {
			last := len(in) - 1
			return backward(in[:last], func() *tensor.Tensor { return f(in) }, in[last])
		}})
	}
	add("softmax", func(in []*tensor.Tensor) *tensor.Tensor { return nnop.Softmax(in[0]) }, false, 0, 128, 1000)
	add("layernorm", func(in []*tensor.Tensor) *tensor.Tensor { return nnop.LayerNorm(in[0], in[1], in[2], epsilon) }, true, 512, 640, 512)
	add("batchnorm", func(in []*tensor.Tensor) *tensor.Tensor {
		y, _, _ := nnop.BatchNorm(in[0], in[1], in[2], epsilon)
		return y
	}, true, 64, 32, 64, 24, 24)
	return rows
}
