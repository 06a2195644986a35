package nn

import (
	"fmt"

	"github.com/fathom-ml/fathom/tensor"
	"github.com/fathom-ml/fathom/tensor/nnop"
)

// Embedding is a table of vectors, one for each entry of a vocabulary (9.7, 14.1).
type Embedding struct {
	Vocabulary, Width int
	Weight            *Param // [vocabulary, width]
	padding           []int
}

// EmbeddingOption is an option of [NewEmbedding].
type EmbeddingOption func(*Embedding)

// PaddingIndex is the number of an entry that stands for nothing: its vector gets no gradient.
func PaddingIndex(i int) EmbeddingOption { return func(e *Embedding) { e.padding = []int{i} } }

// NewEmbedding returns a table of vocabulary vectors of the given width. It panics if a number is not positive or the
// padding index is not in [0, vocabulary).
func NewEmbedding(vocabulary, width int, opts ...EmbeddingOption) *Embedding {
	e := &Embedding{Vocabulary: vocabulary, Width: width, Weight: NewParam(Shape(vocabulary, width))}
	for _, o := range opts {
		o(e)
	}
	if vocabulary < 1 || width < 1 || len(e.padding) > 0 && (e.padding[0] < 0 || e.padding[0] >= vocabulary) {
		panic(&tensor.Error{Op: "nn.NewEmbedding", Msg: fmt.Sprintf("%d entries of width %d, padding index %v", vocabulary, width, e.padding)})
	}
	return e
}

// Forward returns the vector of each index: [...] of int32 or int64 -> [..., width]. Floats that hold whole numbers are
// converted.
func (e *Embedding) Forward(c *Ctx, idx *tensor.Tensor) (out *tensor.Tensor) {
	defer c.ran(e, idx, &out)
	if idx.DType().IsFloat() {
		idx = idx.AsType(tensor.Int64)
	}
	return nnop.Embedding(idx, c.Param(e.Weight, e.Vocabulary, e.Width), e.padding...)
}

// String is "Embedding(28 -> 32)".
func (e *Embedding) String() string { return fmt.Sprintf("Embedding(%d -> %d)", e.Vocabulary, e.Width) }
