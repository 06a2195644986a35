package mxparams

import (
	"iter"

	"github.com/fathom-ml/fathom/tensor"
)

// All ranges over the arrays that have a shape by their names without "arg:" and "aux:", which is what nn.LoadFrom takes.
func All(list []Entry) iter.Seq2[string, *tensor.Tensor] {
	return func(yield func(string, *tensor.Tensor) bool) {
		for _, e := range list {
			if _, name := e.Split(); e.Tensor != nil && !yield(name, e.Tensor) {
				return
			}
		}
	}
}
