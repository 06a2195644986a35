package nn_test

import (
	"fmt"
	"testing"

	"github.com/fathom-ml/fathom/nn"
	"github.com/fathom-ml/fathom/tensor"
)

// A sentence of word numbers becomes a row of vectors; word 0 is padding.
func ExampleNewEmbedding() {
	e := nn.NewEmbedding(5, 3, nn.PaddingIndex(0))
	nn.Init(e, nn.Ones)
	words := tensor.Of([]int64{4, 1, 4, 0})
	y := e.Forward(nn.Train(), words)
	y.Sum().Backward()
	fmt.Println(e, y.Shape())
	fmt.Println(e.Weight.Grad())
	// Output:
	// Embedding(5 -> 3) [4 3]
	// [[0. 0. 0.]
	//  [1. 1. 1.]
	//  [0. 0. 0.]
	//  [0. 0. 0.]
	//  [2. 2. 2.]]
}

func TestEmbeddingMisuse(t *testing.T) {
	for name, f := range map[string]func(){
		"width":   func() { nn.NewEmbedding(3, 0) },
		"padding": func() { nn.NewEmbedding(3, 2, nn.PaddingIndex(3)) },
	} {
		if err := tensor.Try(f); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}
