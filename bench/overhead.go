package main

import (
	"github.com/fathom-ml/fathom/tensor"
	"github.com/fathom-ml/fathom/tensor/random"
)

// overheadRows are what an operation costs beyond its arithmetic.
func overheadRows() []row {
	four := func() []*tensor.Tensor {
		return []*tensor.Tensor{random.Uniform(0, 1, 4), random.Uniform(0, 1, 4)}
	}
	return []row{
		{name: "tiny", data: four, make: func(in []*tensor.Tensor) work {
			return work{run: func() { in[0].Add(in[1]) }, result: func() []*tensor.Tensor {
				return []*tensor.Tensor{in[0].Add(in[1])}
			}}
		}},
		{name: "chain", data: four, make: func(in []*tensor.Tensor) work {
			a := in[0].RequireGrad()
			run := func() { // 100 recorded sums and their backward
				y := a
				for range 100 {
					y = y.Add(in[1])
				}
				y.Sum().Backward()
			}
			return work{run: run, result: func() []*tensor.Tensor {
				run()
				return []*tensor.Tensor{a.Grad()}
			}}
		}},
	}
}
