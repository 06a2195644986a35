package nnop

import (
	"fmt"

	"github.com/fathom-ml/fathom/internal/kernel"
	"github.com/fathom-ml/fathom/tensor"
)

// embedding: y[i, ...] = w[idx[i, ...]]
type embedding struct {
	tensor.Moves
	padding int // the row without gradient, -1: none
}

func (embedding) Name() string { return "embedding" }
func (embedding) Shape(c *tensor.Call) []int {
	return append(c.Dims(c.In(1)...), c.In(0)[1])
}
func (embedding) Run(c *tensor.Call) {
	c.Dev().Gather(c.Y(), c.X(0), c.X(1))
	c.SaveIn(1)
}
func (p embedding) Grad(n *tensor.Node, i int, dy *tensor.Tensor) *tensor.Tensor {
	if i == 1 {
		return nil
	}
	return tensor.Do(embeddingGrad{n.InShape(0)[0], p.padding}, dy, n.In(1))
}

// embeddingGrad: zeros with dy[i, ...] added to row idx[i, ...], but for the row of the padding
type embeddingGrad struct{ rows, padding int }

func (embeddingGrad) Name() string { return "embeddingGrad" }
func (p embeddingGrad) Shape(c *tensor.Call) []int {
	dy := c.In(0)
	return c.Dims(p.rows, dy[len(dy)-1])
}
func (p embeddingGrad) Run(c *tensor.Call) {
	y := c.Y()
	c.Dev().Fill(y, 0)
	c.Dev().ScatterFold(kernel.Add, y, c.X(0), c.X(1))
	if p.padding >= 0 {
		c.Dev().Fill(rowOf(y, p.padding), 0)
	}
	c.SaveIn(1)
}
func (p embeddingGrad) Grad(n *tensor.Node, i int, g *tensor.Tensor) *tensor.Tensor {
	if i == 1 {
		return nil
	}
	idx := n.In(1)
	y := tensor.Do(embedding{padding: -1}, g, idx)
	if p.padding >= 0 {
		y = y.Mul(idx.NeScalar(float64(p.padding)).AsType(y.DType()).Unsqueeze(-1))
	}
	return y
}

// rowOf is row i of a matrix.
func rowOf(v kernel.View, i int) kernel.View {
	return kernel.View{P: v.At(i * v.Strides[0]), DT: v.DT, Shape: v.Shape[1:], Strides: v.Strides[1:]}
}

// checkRows wants a matrix of floats and indices of its rows, which it returns contiguous.
func checkRows(op string, idx, w *tensor.Tensor) *tensor.Tensor {
	if w.NDim() != 2 || !w.DType().IsFloat() {
		tensor.Misuse(op, "wants a matrix of floats with a row an entry", "", idx, w)
	}
	if dt := idx.DType(); dt != tensor.Int32 && dt != tensor.Int64 {
		tensor.Misuse(op, "indices must be int32 or int64, not "+dt.String(), "use AsType(tensor.Int64)", idx, w)
	}
	idx = idx.Contiguous()
	if k, bad := tensor.OutOfRange(idx, w.Dim(0)); bad {
		tensor.Misuse(op, fmt.Sprintf("index %d is out of range for %d rows", k, w.Dim(0)), "", idx, w)
	}
	return idx
}

// Embedding returns a row of w for each index: y[i, ...] = w[idx[i, ...]] (9.7, 14.1). Shapes: idx of int32 or int64
// any, w [vocabulary, d]; the result has idx's shape and then d. Gradients of a row that is taken several times add up, in
// the order of the indices; if padding is given the row of that number gets none. It panics if an index is not in
// [0, vocabulary).
func Embedding(idx, w *tensor.Tensor, padding ...int) *tensor.Tensor {
	const op = "embedding"
	idx = checkRows(op, idx, w)
	p := embedding{padding: -1}
	switch {
	case len(padding) > 1:
		tensor.Misuse(op, "takes one padding index", "", idx, w)
	case len(padding) == 1:
		if p.padding = padding[0]; p.padding < 0 || p.padding >= w.Dim(0) {
			tensor.Misuse(op, fmt.Sprintf("the padding index %d is out of range for %d rows", p.padding, w.Dim(0)), "", idx, w)
		}
	}
	return tensor.Do(p, w, idx)
}

// someRows are indices for the tests.
func someRows() *tensor.Tensor { return tensor.Of([]int64{2, 0, 2, 1}, 2, 2) }

var _ = tensor.Register(embedding{},
	tensor.Case{F: func(in []*tensor.Tensor) *tensor.Tensor { return Embedding(someRows(), in[0]) }, In: [][]int{{3, 2}}},
	tensor.Case{Name: "padding", F: func(in []*tensor.Tensor) *tensor.Tensor { return Embedding(someRows(), in[0], 3) }, In: [][]int{{4, 2}}},
	tensor.Case{Name: "wrong", F: func(in []*tensor.Tensor) *tensor.Tensor { return Embedding(someRows(), in[0]) }, In: [][]int{{2, 2}}, Wrong: true})
var _ = tensor.RegisterAny(embeddingGrad{},
	tensor.Case{F: func(in []*tensor.Tensor) *tensor.Tensor {
		return tensor.Do(embeddingGrad{3, -1}, in[0], someRows())
	}, In: [][]int{{2, 2, 2}}},
	tensor.Case{Name: "padding", F: func(in []*tensor.Tensor) *tensor.Tensor {
		return tensor.Do(embeddingGrad{3, 2}, in[0], someRows())
	}, In: [][]int{{2, 2, 2}}})
