package tensor

import (
	"slices"

	"github.com/fathom-ml/fathom/internal/kernel"
)

// matmul: y = a b over the last two axes; the axes before them are broadcast. The kernel takes halves as they are.
type matmul struct{ Moves }

func (matmul) Name() string { return "matmul" }
func (matmul) Shape(c *Call) []int {
	c.SameDType()
	c.Real(0)
	a, b := c.x[0].shape, c.x[1].shape
	if len(a) < 2 || len(b) < 2 {
		return c.Fail("needs matrices", "did you forget Reshape or Unsqueeze?")
	}
	m, k, k2, n := a[len(a)-2], a[len(a)-1], b[len(b)-2], b[len(b)-1]
	if k != k2 {
		return c.Fail("inner dimensions differ", "did you forget FlattenFrom or Transpose?")
	}
	batch, ok := broadcastShapes(a[:len(a)-2], b[:len(b)-2])
	if !ok {
		return c.Fail("the axes before the matrices do not broadcast", "")
	}
	return append(append(c.dims[:0], batch...), m, n)
}

func (matmul) Run(c *Call) {
	batch := c.y.shape[:len(c.y.shape)-2]
	c.Dev().Gemm(c.Y(), batched(c.X(0), batch), batched(c.X(1), batch), false, kernel.Epilogue{})
	c.SaveIn(0, 1)
}

func (matmul) Grad(n *Node, i int, dy *Tensor) *Tensor {
	if i == 0 {
		return dy.MatMul(n.In(1).SwapAxes(-1, -2))
	}
	return n.In(0).SwapAxes(-1, -2).MatMul(dy)
}

// batched stretches the leading axes of a view with zero strides.
func batched(v kernel.View, batch []int) kernel.View {
	k := len(v.Shape) - 2
	if slices.Equal(v.Shape[:k], batch) {
		return v
	}
	shape := append(slices.Clone(batch), v.Shape[k:]...)
	strides := make([]int, len(batch), len(shape))
	lead := len(batch) - k
	for i := range k {
		if v.Shape[i] != 1 {
			strides[lead+i] = v.Strides[i]
		}
	}
	v.Shape, v.Strides = shape, append(strides, v.Strides[k:]...)
	return v
}

func broadcastShapes(a, b []int) ([]int, bool) {
	if len(a) < len(b) {
		a, b = b, a
	}
	out := slices.Clone(a)
	lead := len(a) - len(b)
	for i, d := range b {
		switch o := out[lead+i]; {
		case o == d || d == 1:
		case o == 1:
			out[lead+i] = d
		default:
			return nil, false
		}
	}
	return out, true
}

// MatMul is the matrix product over the last two axes; the axes before them are batches and broadcast. A vector on
// the left is a row, on the right a column, and its axis vanishes from the result, as in NumPy's matmul. Both must
// have one dtype, not bool; integers wrap. Shapes: [..., m, k] x [..., k, n] -> [..., m, n] (2.3).
func (x *Tensor) MatMul(y *Tensor) *Tensor {
	switch {
	case x.dt.IsComplex() || y.dt.IsComplex():
		return byParts((*Tensor).MatMul, x, y)
	case len(x.shape) == 0 || len(y.shape) == 0:
		Misuse("matmul", "an operand is 0-d", "use Mul or MulScalar", x, y)
	case len(x.shape) == 1 && len(y.shape) == 1:
		return dot("matmul", x, y)
	case len(x.shape) == 1:
		checkInner("matmul", x, y, x.shape[0], y.shape[len(y.shape)-2])
		return Do(matmul{}, x.Unsqueeze(0), y).Squeeze(-2)
	case len(y.shape) == 1:
		checkInner("matmul", x, y, x.shape[len(x.shape)-1], y.shape[0])
		return Do(matmul{}, x, y.Unsqueeze(1)).Squeeze(-1)
	}
	return Do(matmul{}, x, y)
}

// Dot is the inner product of two vectors, a 0-d tensor; with matrices it is MatMul (2.3). With more axes it sums over
// the last of x and the last but one of y, or its only one, as NumPy's dot; with a 0-d tensor it is Mul.
// Shapes: [n], [n] -> []; [m, k], [k] -> [m]; [k], [k, n] -> [n]; [m, k], [k, n] -> [m, n].
func (x *Tensor) Dot(y *Tensor) *Tensor {
	if len(x.shape) == 1 && len(y.shape) == 1 {
		return dot("dot", x, y)
	}
	if len(x.shape) == 0 || len(y.shape) == 0 {
		return x.Mul(y)
	}
	if len(x.shape) > 2 || len(y.shape) > 2 {
		return x.contract("dot", y, []int{-1}, []int{-min(2, len(y.shape))})
	}
	return x.MatMul(y)
}

func dot(op string, x, y *Tensor) *Tensor {
	checkInner(op, x, y, x.shape[0], y.shape[0])
	return x.Unsqueeze(0).MatMul(y.Unsqueeze(1)).Reshape()
}

func checkInner(op string, x, y *Tensor, a, b int) {
	if a != b {
		Misuse(op, "inner dimensions differ", "did you forget Transpose?", x, y)
	}
}

var _ = Register(matmul{},
	Case{Name: "matrices", F: func(in []*Tensor) *Tensor { return in[0].MatMul(in[1]) }, In: [][]int{{2, 3}, {3, 4}}},
	Case{Name: "batch", F: func(in []*Tensor) *Tensor { return in[0].MatMul(in[1]) }, In: [][]int{{2, 1, 2, 3}, {3, 3, 2}}},
	Case{Name: "vector", F: func(in []*Tensor) *Tensor { return in[0].MatMul(in[1]) }, In: [][]int{{2, 3}, {3}}},
	Case{Name: "row", F: func(in []*Tensor) *Tensor { return in[0].MatMul(in[1]) }, In: [][]int{{3}, {3, 2}}},
	Case{Name: "dot", F: func(in []*Tensor) *Tensor { return in[0].Dot(in[1]) }, In: [][]int{{3}, {3}}},
	Case{Name: "einsum", F: func(in []*Tensor) *Tensor { return Einsum("bij,bkj,ii->ik", in[0], in[1], in[2]) }, In: [][]int{{2, 2, 3}, {2, 2, 3}, {2, 2}}},
	Case{Name: "tensordot", F: func(in []*Tensor) *Tensor { return in[0].TensorDot(in[1], 2) }, In: [][]int{{2, 2, 3}, {2, 3, 2}}},
	Case{Name: "transposed", F: func(in []*Tensor) *Tensor { return in[0].T().MatMul(in[1].T()) }, In: [][]int{{3, 2}, {4, 3}}},
	Case{Name: "inner", F: func(in []*Tensor) *Tensor { return in[0].MatMul(in[1]) }, In: [][]int{{2, 3}, {4, 3}}, Wrong: true},
	Case{Name: "batches", F: func(in []*Tensor) *Tensor { return in[0].MatMul(in[1]) }, In: [][]int{{2, 2, 3}, {3, 3, 2}}, Wrong: true},
	Case{Name: "vectors", F: func(in []*Tensor) *Tensor { return in[0].MatMul(in[1]) }, In: [][]int{{2}, {3}}, Wrong: true})
