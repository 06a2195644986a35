package nnop_test

import (
	"fmt"
	"testing"

	"github.com/fathom-ml/fathom/tensor"
	"github.com/fathom-ml/fathom/tensor/nnop"
	"github.com/fathom-ml/fathom/tensor/optest/oracle"
	"github.com/fathom-ml/fathom/tensor/random"
)

func ExampleEmbedding() {
	w := tensor.Of([]float32{0, 0, 1, 2, 3, 4}, 3, 2).RequireGrad()
	y := nnop.Embedding(tensor.Of([]int64{1, 2, 1, 0}), w, 0)
	fmt.Println(y)
	y.Sum().Backward()
	fmt.Println(w.Grad())
	// Output:
	// [[1. 2.]
	//  [3. 4.]
	//  [1. 2.]
	//  [0. 0.]]
	// [[0. 0.]
	//  [2. 2.]
	//  [1. 1.]]
}

func ExampleEmbeddingBag() {
	w := tensor.Of([]float32{0, 0, 1, 2, 3, 4}, 3, 2)
	idx := tensor.Of([]int64{1, 2, 2})
	fmt.Println(nnop.EmbeddingBag(idx, tensor.Of([]int64{0, 2}), w, nnop.BagMean))
	// Output:
	// [[2. 3.]
	//  [3. 4.]]
}

// TestEmbeddingIsComposite compares the operations and their gradients with chains of plain ones.
func TestEmbeddingIsComposite(t *testing.T) {
	const vocabulary, d, n, k = 7, 33, 6, 4
	draw := make([]int64, n*k)
	for i := range draw {
		draw[i] = int64(i * i % vocabulary)
	}
	idx := tensor.Of(draw, n, k)
	offsets := tensor.Of([]int64{0, 3, 3, 9, 20})
	ragged := func(w *tensor.Tensor, f func(x *tensor.Tensor) *tensor.Tensor) *tensor.Tensor {
		var parts []*tensor.Tensor
		for i, o := range append(offsets.Ints()[1:], n*k) {
			if from := offsets.Ints()[i]; from < o {
				parts = append(parts, f(w.Take(idx.Flatten().Slice(tensor.R(from, o)))))
			} else {
				parts = append(parts, tensor.Zeros(d))
			}
		}
		return tensor.Stack(0, parts...)
	}
	sum := func(x *tensor.Tensor) *tensor.Tensor { return x.Sum(0) }
	mean := func(x *tensor.Tensor) *tensor.Tensor { return x.Mean(0) }
	most := func(x *tensor.Tensor) *tensor.Tensor { return x.Max(0) }
	for name, f := range map[string][2]func(w *tensor.Tensor) *tensor.Tensor{
		"embedding": {func(w *tensor.Tensor) *tensor.Tensor { return nnop.Embedding(idx, w) },
			func(w *tensor.Tensor) *tensor.Tensor { return w.Take(idx) }},
		"sum": {func(w *tensor.Tensor) *tensor.Tensor { return nnop.EmbeddingBag(idx, nil, w, nnop.BagSum) },
			func(w *tensor.Tensor) *tensor.Tensor { return w.Take(idx).Sum(1) }},
		"mean": {func(w *tensor.Tensor) *tensor.Tensor { return nnop.EmbeddingBag(idx, nil, w, nnop.BagMean) },
			func(w *tensor.Tensor) *tensor.Tensor { return w.Take(idx).Mean(1) }},
		"ragged sum": {func(w *tensor.Tensor) *tensor.Tensor {
			return nnop.EmbeddingBag(idx.Flatten(), offsets, w, nnop.BagSum)
		},
			func(w *tensor.Tensor) *tensor.Tensor { return ragged(w, sum) }},
		"ragged mean": {func(w *tensor.Tensor) *tensor.Tensor {
			return nnop.EmbeddingBag(idx.Flatten(), offsets, w, nnop.BagMean)
		},
			func(w *tensor.Tensor) *tensor.Tensor { return ragged(w, mean) }},
		"ragged max": {func(w *tensor.Tensor) *tensor.Tensor {
			return nnop.EmbeddingBag(idx.Flatten(), offsets, w, nnop.BagMax)
		},
			func(w *tensor.Tensor) *tensor.Tensor { return ragged(w, most) }},
	} {
		var y, g [2]*tensor.Tensor
		w := random.New(3).Normal(0, 1, vocabulary, d)
		for i := range f {
			leaf := w.Clone().RequireGrad()
			y[i] = f[i](leaf)
			y[i].Square().Sum().Backward()
			g[i] = leaf.Grad()
		}
		if name == "ragged max" { // a row that is taken twice shares with itself
			g[0], g[1] = g[0].Sum(), g[1].Sum()
		}
		if !tensor.AllClose(y[0], y[1], 1e-6, 1e-6) || !tensor.AllClose(g[0], g[1], 1e-5, 1e-5) {
			t.Errorf("%s is not its composite", name)
		}
	}
}

// TestEmbeddingOracle holds the operations against PyTorch.
func TestEmbeddingOracle(t *testing.T) {
	oracle.Run(t, "testdata/embedding.json.gz", map[string]oracle.Func{
		"embedding": func(c oracle.Case, in []*tensor.Tensor) *tensor.Tensor {
			return nnop.Embedding(in[0], in[1], c.Ints...)
		},
		"embedding_bag": func(c oracle.Case, in []*tensor.Tensor) *tensor.Tensor {
			var offsets *tensor.Tensor
			if len(c.Ints) > 0 {
				offsets = tensor.Of(c.Ints)
			}
			mode := map[string]nnop.BagMode{"sum": nnop.BagSum, "mean": nnop.BagMean, "max": nnop.BagMax}[c.Name]
			return nnop.EmbeddingBag(in[0], offsets, in[1], mode)
		},
	})
}

// TestEmbeddingPadding wants no gradient in the row of the padding.
func TestEmbeddingPadding(t *testing.T) {
	w := tensor.Ones(3, 2).RequireGrad()
	nnop.Embedding(tensor.Of([]int32{2, 1, 1, 2}), w, 2).Sum().Backward()
	if g := w.Grad(); !tensor.Equal(g, tensor.Of([]float32{0, 0, 2, 2, 0, 0}, 3, 2)) {
		t.Error("gradient", g)
	}
}

func BenchmarkEmbedding(b *testing.B) {
	w := random.New(1).Normal(0, 1, 10000, 128).RequireGrad()
	idx := random.New(2).Uniform(0, 10000, 64, 35).AsType(tensor.Int64)
	dy := tensor.Ones(64, 35, 128)
	b.Run("Forward", func(b *testing.B) {
		for b.Loop() {
			s := tensor.NewScope()
			nnop.Embedding(s.In(idx), w.Detach())
			s.Close()
		}
	})
	b.Run("Both", func(b *testing.B) {
		for b.Loop() {
			s := tensor.NewScope()
			nnop.Embedding(s.In(idx), w).Mul(dy).Sum().Backward()
			s.Close()
		}
	})
	b.Run("Bag", func(b *testing.B) {
		for b.Loop() {
			s := tensor.NewScope()
			nnop.EmbeddingBag(s.In(idx), nil, w, nnop.BagMean).Sum().Backward()
			s.Close()
		}
	})
}
