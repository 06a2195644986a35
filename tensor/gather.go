package tensor

import (
	"slices"
	"unsafe"

	"github.com/fathom-ml/fathom/internal/kernel"
)

// take: y[i, ...] = x[idx[i], ...], or with several operands idx x[idx0[i], idx1[i], ..., ...]
type take struct{ Moves }

func (take) Name() string { return "take" }
func (take) Shape(c *Call) []int {
	return append(append(c.dims[:0], c.x[1].shape...), c.x[0].shape[len(c.x)-1:]...)
}
func (take) Run(c *Call) { c.Dev().Gather(c.Y(), c.X(0), c.saveIndices(1)...) }
func (take) Grad(n *Node, i int, dy *Tensor) *Tensor {
	if i > 0 {
		return nil
	}
	return dy.addRows(n.InShape(0), n.indices(1))
}

// takeGrad: zeros with dy[i] added to row idx[i]
type takeGrad struct{ shape []int }

func (takeGrad) Name() string          { return "takeGrad" }
func (p takeGrad) Shape(c *Call) []int { return p.shape }
func (takeGrad) Run(c *Call) {
	c.Dev().Fill(c.Y(), 0)
	c.Dev().ScatterFold(kernel.Add, c.Y(), c.X(0), c.saveIndices(1)...)
}
func (takeGrad) Grad(n *Node, i int, g *Tensor) *Tensor {
	if i > 0 {
		return nil
	}
	return g.takeRows(n.indices(1))
}

func (x *Tensor) takeRows(idx []*Tensor) *Tensor {
	return Do(take{}, append([]*Tensor{x}, idx...)...)
}

func (x *Tensor) addRows(shape []int, idx []*Tensor) *Tensor {
	return Do(takeGrad{shape}, append([]*Tensor{x}, idx...)...)
}

// saveIndices saves the operands from the given one on, which are indices, and returns their views.
func (c *Call) saveIndices(from int) []kernel.View {
	views := make([]kernel.View, 0, 3)
	for i := from; i < len(c.x); i++ {
		c.SaveIn(i)
		views = append(views, c.X(i))
	}
	return views
}

// indices are the operands from the given one on.
func (n *Node) indices(from int) (idx []*Tensor) {
	for i := from; i < len(n.in); i++ {
		idx = append(idx, n.In(i))
	}
	return idx
}

// Take returns the rows of x (entries of the first axis) that idx names, an int64 or int32 tensor of any shape:
// x[idx] in NumPy. Negative indices count from the end. Result shape: idx's shape, then x's without the first axis.
// Gradients of a row that is taken several times add up. It panics if an index is out of range.
func (x *Tensor) Take(idx *Tensor) *Tensor {
	if len(x.shape) == 0 {
		Misuse("take", "a 0-d tensor has no rows", "", x, idx)
	}
	return Do(take{}, x, x.checkedIndex("take", idx, 0))
}

// checkedIndex is idx contiguous and with all entries in [0, x.shape[axis]).
func (x *Tensor) checkedIndex(op string, idx *Tensor, axis int) *Tensor {
	if idx.dt != Int64 && idx.dt != Int32 {
		Misuse(op, "the index must be int64 or int32, not "+idx.dt.String(), "use AsType(tensor.Int64)", x, idx)
	}
	idx = idx.Contiguous()
	n, low := x.shape[axis], 0
	if k, bad := scanIndex(idx, n, &low); bad {
		e := indexError(op, k, axis, x.shape)
		e.Shapes = append(e.Shapes, idx.Shape())
		panic(e)
	}
	if low >= 0 {
		return idx
	}
	neg := idx.LtScalar(0).AsType(idx.dt).MulScalar(float64(n))
	return idx.Add(neg)
}

// OutOfRange returns an entry of idx that is not in [0, n), if there is one, for operations that take
// class numbers. idx is a contiguous int32 or int64 tensor.
func OutOfRange(idx *Tensor, n int) (int, bool) {
	low := 0
	if k, bad := scanIndex(idx, n, &low); bad {
		return k, true
	}
	return low, low < 0
}

// scanIndex finds an entry outside [-n, n), and the smallest entry.
func scanIndex(idx *Tensor, n int, low *int) (int, bool) {
	if idx.dt == Int32 {
		return outOfRange(raw[int32](idx), n, low)
	}
	return outOfRange(raw[int64](idx), n, low)
}

func outOfRange[T int32 | int64](idx []T, n int, low *int) (int, bool) {
	for _, k := range idx {
		v := int(k)
		if *low = min(*low, v); v < -n || v >= n {
			return v, true
		}
	}
	return 0, false
}

// raw is the memory of a contiguous tensor, not pinned: for use inside one call only.
func raw[T Element](t *Tensor) []T {
	v := t.view()
	return unsafe.Slice((*T)(v.P), t.Size())
}

var _ = Register(take{},
	Case{F: func(in []*Tensor) *Tensor { return in[0].Take(Of([]int64{2, 0, 2})) }, In: [][]int{{3, 2}}},
	Case{Name: "matrix", F: func(in []*Tensor) *Tensor { return in[0].Take(Of([]int64{-1, 0, 1, 1}, 2, 2)) }, In: [][]int{{3, 2}}},
	Case{Name: "wrong", F: func(in []*Tensor) *Tensor { return in[0].Take(Of([]int64{3})) }, In: [][]int{{3, 2}}, Wrong: true})
var _ = RegisterAny(takeGrad{},
	Case{F: func(in []*Tensor) *Tensor { return Do(takeGrad{[]int{3, 2}}, in[0], Of([]int64{2, 2})) }, In: [][]int{{2, 2}}})

// Pick returns one element of each row: y[i] = x[i, idx[i]], for a matrix x and a vector idx of int64 or int32 (3.6;
// npx.pick). Negative indices count from the end. Shapes: [n, m], [n] -> [n]. It panics if an index is out of range.
func (x *Tensor) Pick(idx *Tensor) *Tensor {
	if len(x.shape) != 2 || !slices.Equal(idx.shape, x.shape[:1]) {
		Misuse("pick", "wants a matrix and one index a row", "", x, idx)
	}
	return Do(take{}, x, counting(x.shape[0]), x.checkedIndex("pick", idx, 1))
}

// counting is 0, 1, ..., n-1 as int64.
func counting(n int) *Tensor {
	t := ZerosOf(Int64, n)
	d := raw[int64](t)
	for i := range d {
		d[i] = int64(i)
	}
	return t
}
