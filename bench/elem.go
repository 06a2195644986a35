package main

import (
	"sync"

	"github.com/fathom-ml/fathom/tensor"
	"github.com/fathom-ml/fathom/tensor/random"
)

// elements are functions of one array.
var elements = []struct {
	name string
	f    func(*tensor.Tensor) *tensor.Tensor
}{
	{"relu", (*tensor.Tensor).ReLU},
	{"sum", func(x *tensor.Tensor) *tensor.Tensor { return x.Sum() }},
	{"exp", (*tensor.Tensor).Exp},
	{"log", (*tensor.Tensor).Log},
	{"sigmoid", (*tensor.Tensor).Sigmoid},
	{"tanh", (*tensor.Tensor).Tanh},
	{"erf", (*tensor.Tensor).Erf},
}

// many is how often the functions of few elements run in one scope. The peers run them as often.
const many = 16

// elementRows are elementwise functions of 2^20 elements, more than a cache holds, and of 4096. The peers
// write into an array that is there already, the fastest way they have.
func elementRows() []row {
	var rows []row
	for _, size := range []struct {
		name  string
		n     int
		times int
	}{{"1M", 1 << 20, 1}, {"4096", 4096, many}} {
		add := func(name string, operands int, f func(in []*tensor.Tensor) *tensor.Tensor) {
			rows = append(rows, row{
				name:  name + "-" + size.name,
				times: size.times,
				data: func() []*tensor.Tensor {
					x := random.Normal(0, 1, size.n)
					if name == "log" {
						x = random.Uniform(0.1, 10, size.n)
					}
					in := []*tensor.Tensor{x}
					for len(in) < operands {
						in = append(in, random.Normal(0, 1, size.n))
					}
					return in
				},
				make: func(in []*tensor.Tensor) work { return repeated(size.times, in, f) },
			})
		}
		add("add", 2, func(in []*tensor.Tensor) *tensor.Tensor { return in[0].Add(in[1]) })
		y := sync.OnceValue(func() *tensor.Tensor { return tensor.Zeros(size.n) })
		add("copy", 1, func(in []*tensor.Tensor) *tensor.Tensor {
			y().CopyFrom(in[0])
			return y()
		})
		for _, e := range elements {
			add(e.name, 1, func(in []*tensor.Tensor) *tensor.Tensor { return e.f(in[0]) })
		}
	}
	return rows
}
