package npy

import (
	"iter"

	"github.com/fathom-ml/fathom/tensor"
)

// All ranges over entries as names and tensors, which is what nn.LoadFrom takes.
func All(list []Entry) iter.Seq2[string, *tensor.Tensor] {
	return func(yield func(string, *tensor.Tensor) bool) {
		for _, e := range list {
			if !yield(e.Name, e.Tensor) {
				return
			}
		}
	}
}
