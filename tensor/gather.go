package tensor

import (
	"fmt"
	"slices"
	"unsafe"
)

// take: y[i, ...] = x[idx[i], ...]
type take struct {
	Moves
	Rows int
}

func (take) Name() string { return "take" }
func (take) Shape(c *Call) []int {
	return append(append(c.dims[:0], c.x[1].shape[0]), c.x[0].shape[1:]...)
}
func (take) Run(c *Call) { c.Dev().Gather(c.Y(), c.X(0), c.X(1)); c.SaveIn(1) }
func (p take) Grad(n *Node, i int, dy *Tensor) *Tensor {
	if i == 1 {
		return nil
	}
	return Do(takeGrad{p.Rows}, dy, n.In(1))
}

// takeGrad: zeros with dy[i] added to row idx[i]
type takeGrad struct{ Rows int }

func (takeGrad) Name() string { return "takeGrad" }
func (p takeGrad) Shape(c *Call) []int {
	return append(append(c.dims[:0], p.Rows), c.x[0].shape[1:]...)
}
func (takeGrad) Run(c *Call) {
	c.Dev().Fill(c.Y(), 0)
	c.Dev().ScatterAdd(c.Y(), c.X(0), c.X(1))
	c.SaveIn(1)
}
func (p takeGrad) Grad(n *Node, i int, g *Tensor) *Tensor {
	if i == 1 {
		return nil
	}
	return Do(take{Rows: p.Rows}, g, n.In(1))
}

// Take returns the rows of x (entries of the first axis) that idx names, an
// int64 or int32 tensor of any shape: x[idx] in NumPy. Negative indices count from
// the end. Result shape: idx's shape, then x's without the first axis. Gradients of a row that is
// taken several times add up. It panics if an index is out of range.
func (x *Tensor) Take(idx *Tensor) *Tensor {
	if len(x.shape) == 0 {
		Misuse("take", "a 0-d tensor has no rows", "", x, idx)
	}
	rows := x.shape[0]
	flat := checkedIndex("take", x, idx, rows)
	y := Do(take{Rows: rows}, x, flat)
	if len(idx.shape) == 1 {
		return y
	}
	return y.Reshape(append(idx.Shape(), x.shape[1:]...)...)
}

// checkedIndex is idx as a contiguous vector with all entries in [0, n).
func checkedIndex(op string, x, idx *Tensor, n int) *Tensor {
	if idx.dt != Int64 && idx.dt != Int32 {
		Misuse(op, "the index must be int64 or int32, not "+idx.dt.String(), "use AsType(tensor.Int64)", x, idx)
	}
	flat := idx.Contiguous()
	if len(flat.shape) != 1 {
		flat = flat.Reshape(-1)
	}
	low, bad := 0, 0
	if k, isBad := scanIndex(flat, n, &low); isBad {
		bad = k
		Misuse(op, fmt.Sprintf("index %d is out of range for length %d", bad, n), "", x, idx)
	}
	if low >= 0 {
		return flat
	}
	neg := flat.LtScalar(0).AsType(flat.dt).MulScalar(float64(n))
	return flat.Add(neg)
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
	check := func(v int) bool {
		*low = min(*low, v)
		return v < -n || v >= n
	}
	if idx.dt == Int32 {
		for _, v := range raw[int32](idx) {
			if check(int(v)) {
				return int(v), true
			}
		}
		return 0, false
	}
	for _, v := range raw[int64](idx) {
		if check(int(v)) {
			return int(v), true
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
	Case{F: func(in []*Tensor) *Tensor { return Do(takeGrad{3}, in[0], Of([]int64{2, 2})) }, In: [][]int{{2, 2}}})

// pick: y[i] = x[i, idx[i]]
type pick struct {
	Moves
	Cols int
}

func (pick) Name() string        { return "pick" }
func (pick) Shape(c *Call) []int { return c.Dims(c.x[0].shape[0]) }
func (pick) Run(c *Call)         { c.Dev().Pick(c.Y(), c.X(0), c.X(1)); c.SaveIn(1) }
func (p pick) Grad(n *Node, i int, dy *Tensor) *Tensor {
	if i == 1 {
		return nil
	}
	return Do(pickGrad{p.Cols}, dy, n.In(1))
}

// pickGrad: zeros with dy[i] at (i, idx[i])
type pickGrad struct{ Cols int }

func (pickGrad) Name() string          { return "pickGrad" }
func (p pickGrad) Shape(c *Call) []int { return c.Dims(c.x[0].shape[0], p.Cols) }
func (pickGrad) Run(c *Call) {
	c.Dev().Fill(c.Y(), 0)
	c.Dev().PickAdd(c.Y(), c.X(0), c.X(1))
	c.SaveIn(1)
}
func (p pickGrad) Grad(n *Node, i int, g *Tensor) *Tensor {
	if i == 1 {
		return nil
	}
	return Do(pick{Cols: p.Cols}, g, n.In(1))
}

// Pick returns one element of each row: y[i] = x[i, idx[i]], for a matrix x and a
// vector idx of int64 or int32 (3.6; npx.pick). Negative indices count from the end. Shapes:
// [n, m], [n] -> [n]. It panics if an index is out of range.
func (x *Tensor) Pick(idx *Tensor) *Tensor {
	if len(x.shape) != 2 || !slices.Equal(idx.shape, x.shape[:1]) {
		Misuse("pick", "wants a matrix and one index a row", "", x, idx)
	}
	return Do(pick{Cols: x.shape[1]}, x, checkedIndex("pick", x, idx, x.shape[1]))
}

var _ = Register(pick{},
	Case{F: func(in []*Tensor) *Tensor { return in[0].Pick(Of([]int64{2, -3})) }, In: [][]int{{2, 3}}},
	Case{Name: "wrong", F: func(in []*Tensor) *Tensor { return in[0].Pick(Of([]int64{2, 0, 1})) }, In: [][]int{{2, 3}}, Wrong: true})
var _ = RegisterAny(pickGrad{},
	Case{F: func(in []*Tensor) *Tensor { return Do(pickGrad{3}, in[0], Of([]int64{2, 0})) }, In: [][]int{{2}}})
