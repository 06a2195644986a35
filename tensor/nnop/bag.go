package nnop

import (
	"github.com/fathom-ml/fathom/internal/kernel"
	"github.com/fathom-ml/fathom/tensor"
)

// BagMode says what [EmbeddingBag] makes of the rows of a bag.
type BagMode uint8

// The modes of EmbeddingBag.
const (
	BagSum BagMode = iota
	BagMean
	BagMax
)

// bag: y[i] = sum of w[idx[j]] for j in [first[i], first[i+1])
type bag struct{}

func (bag) Name() string               { return "embeddingBag" }
func (bag) Shape(c *tensor.Call) []int { return c.Dims(c.In(2)[0]-1, c.In(0)[1]) }
func (bag) Run(c *tensor.Call) {
	c.Dev().GatherFold(kernel.ReduceSum, c.Y(), c.X(0), c.X(1), c.X(2), kernel.View{})
	c.SaveIn(1, 2)
}
func (bag) Grad(n *tensor.Node, i int, dy *tensor.Tensor) *tensor.Tensor {
	if i > 0 {
		return nil
	}
	return tensor.Do(bagGrad{n.InShape(0)[0]}, dy.Contiguous(), n.In(1), n.In(2))
}

// bagGrad: zeros with dy[i] added to the rows idx[j] for j in [first[i], first[i+1])
type bagGrad struct{ rows int }

func (bagGrad) Name() string                 { return "embeddingBagGrad" }
func (p bagGrad) Shape(c *tensor.Call) []int { return c.Dims(p.rows, c.In(0)[1]) }
func (p bagGrad) Run(c *tensor.Call) {
	y, dy, idx := c.Y(), c.X(0), c.X(1)
	c.Dev().Fill(y, 0)
	first := c.Operand(2).Ints()
	bags, total := len(first)-1, idx.Shape[0]
	c.SaveIn(1, 2)
	if total == 0 {
		return
	}
	// bags of one size: dy is read again for each row, without a copy
	k := total / bags
	even := k*bags == total
	for i := range first {
		even = even && first[i] == i*k
	}
	n := dy.Shape[1]
	if even {
		idx.Shape, idx.Strides = []int{bags, k}, []int{k, 1}
		dy.Shape, dy.Strides = []int{bags, k, n}, []int{dy.Strides[0], 0, dy.Strides[1]}
		c.Dev().ScatterFold(kernel.Add, y, dy, idx)
		return
	}
	for i := range bags {
		k := first[i+1] - first[i]
		if k == 0 {
			continue
		}
		one := kernel.View{P: idx.At(first[i]), DT: idx.DT, Shape: []int{k}, Strides: []int{1}}
		row := kernel.View{P: dy.At(i * dy.Strides[0]), DT: dy.DT, Shape: []int{k, n}, Strides: []int{0, dy.Strides[1]}}
		c.Dev().ScatterFold(kernel.Add, y, row, one)
	}
}
func (bagGrad) Grad(n *tensor.Node, i int, g *tensor.Tensor) *tensor.Tensor {
	if i > 0 {
		return nil
	}
	return tensor.Do(bag{}, g.Contiguous(), n.In(1), n.In(2))
}

// bagMax: y[i] = maximum of w[idx[j]] for j in [first[i], first[i+1])
type bagMax struct{}

func (bagMax) Name() string               { return "embeddingBagMax" }
func (bagMax) Shape(c *tensor.Call) []int { return bag{}.Shape(c) }
func (bagMax) Run(c *tensor.Call) {
	var arg kernel.View
	if c.Recorded() {
		t := c.Scratch(tensor.Int64, c.Y().Shape...)
		arg = t.View()
		c.Save(t)
	}
	c.Dev().GatherFold(kernel.ReduceMax, c.Y(), c.X(0), c.X(1), c.X(2), arg)
	c.SaveIn(2)
}
func (bagMax) Grad(n *tensor.Node, i int, dy *tensor.Tensor) *tensor.Tensor {
	if i > 0 {
		return nil
	}
	arg := n.Saved(0, "use Take and Max")
	first := n.In(2)
	count := first.Slice(tensor.From(1)).Sub(first.Slice(tensor.Until(-1)))
	dy = dy.Mul(count.GtScalar(0).AsType(dy.DType()).Unsqueeze(-1)) // no rows, no gradient
	return tensor.ZerosOf(dy.DType(), n.InShape(0)...).ScatterAdd(0, arg, dy)
}

// EmbeddingBag returns the sum, the mean or the maximum of the rows of w that the indices of each bag name, without
// making the rows. Shapes: w [vocabulary, d]; either idx [n, k] and offsets nil, bags of k indices; or idx [m] and offsets
// [n], ascending from 0: bag i has the indices from offsets[i] up to the next offset. The result is [n, d], 0 for an empty
// bag. The gradient of a maximum goes to the first row that has it. It panics if an index is not in [0, vocabulary).
func EmbeddingBag(idx, offsets, w *tensor.Tensor, mode BagMode) *tensor.Tensor {
	op := bag{}.Name()
	if mode == BagMax {
		op = bagMax{}.Name()
	}
	idx = checkRows(op, idx, w)
	var first []int64
	switch {
	case offsets == nil && idx.NDim() == 2:
		for i := range idx.Dim(0) + 1 {
			first = append(first, int64(i*idx.Dim(1)))
		}
	case offsets == nil || idx.NDim() != 1 || offsets.NDim() != 1:
		tensor.Misuse(op, "wants indices [n, k], or a vector of indices and one of offsets", "", idx, w)
	default:
		if dt := offsets.DType(); dt != tensor.Int32 && dt != tensor.Int64 {
			tensor.Misuse(op, "offsets must be int32 or int64, not "+dt.String(), "use AsType(tensor.Int64)", idx, offsets, w)
		}
		for i, o := range offsets.Ints() {
			if i == 0 && o != 0 || o > idx.Dim(0) || i > 0 && int64(o) < first[i-1] {
				tensor.Misuse(op, "offsets must ascend from 0 to the number of indices at most", "", idx, offsets, w)
			}
			first = append(first, int64(o))
		}
		first = append(first, int64(idx.Dim(0)))
	}
	bounds := tensor.Of(first)
	idx = idx.Flatten()
	w = w.Contiguous()
	if mode == BagMax {
		return tensor.Do(bagMax{}, w, idx, bounds)
	}
	y := tensor.Do(bag{}, w, idx, bounds)
	if mode == BagMean {
		scale := make([]float64, len(first)-1)
		for i := range scale {
			scale[i] = 1 / float64(max(1, first[i+1]-first[i]))
		}
		y = y.Mul(tensor.Of(scale).AsType(w.DType()).Unsqueeze(-1))
	}
	return y
}

func bagCases(mode BagMode) []tensor.Case {
	once := mode == BagMax
	return []tensor.Case{
		{F: func(in []*tensor.Tensor) *tensor.Tensor { return EmbeddingBag(someRows(), nil, in[0], mode) }, In: [][]int{{3, 2}}, Once: once},
		{Name: "offsets", Once: once, F: func(in []*tensor.Tensor) *tensor.Tensor {
			return EmbeddingBag(tensor.Of([]int64{2, 0, 1, 1}), tensor.Of([]int64{0, 1, 1}), in[0], mode)
		}, In: [][]int{{3, 2}}},
		{Name: "wrong", F: func(in []*tensor.Tensor) *tensor.Tensor { return EmbeddingBag(someRows(), nil, in[0], mode) }, In: [][]int{{2, 2}}, Wrong: true},
	}
}

var _ = tensor.Register(bag{}, append(bagCases(BagSum), bagCases(BagMean)[1])...)
var _ = tensor.Register(bagMax{}, bagCases(BagMax)...)
var _ = tensor.RegisterAny(bagGrad{}, tensor.Case{F: func(in []*tensor.Tensor) *tensor.Tensor {
	return tensor.Do(bagGrad{3}, in[0], someRows().Flatten(), tensor.Of([]int64{0, 2, 4}))
}, In: [][]int{{2, 2}}})
