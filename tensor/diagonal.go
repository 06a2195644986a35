package tensor

import "slices"

// diagonal: the view of x along a diagonal of two axes, which is its last axis
type diagonal struct {
	viewOp
	Offset, A, B int
}

func (diagonal) Name() string { return "diagonal" }
func (p diagonal) Grad(n *Node, i int, dy *Tensor) *Tensor {
	shape := n.InShape(0)
	return dy.onDiagonal(p, shape[p.A], shape[p.B])
}

// Diagonal returns a view of the elements of two axes for which the second index is offset more than the first. The axes
// vanish and the diagonal is the last axis: [n, m] with axes 0, 1 -> [min(n, m)]. Writing into it changes x.
func (x *Tensor) Diagonal(offset, a, b int) *Tensor {
	ab := x.axes("diagonal", []int{a, b})
	p := diagonal{Offset: offset, A: ab[0], B: ab[1]}
	n, off := min(x.shape[p.A], x.shape[p.B]-offset), offset*x.strides[p.B]
	if offset < 0 {
		n, off = min(x.shape[p.A]+offset, x.shape[p.B]), -offset*x.strides[p.A]
	}
	n = max(n, 0)
	var shape, strides []int
	for k, d := range x.shape {
		if k != p.A && k != p.B {
			shape, strides = append(shape, d), append(strides, x.strides[k])
		}
	}
	if shape = append(shape, n); numel(shape) == 0 {
		off = 0
	}
	return doView(p, x, shape, append(strides, x.strides[p.A]+x.strides[p.B]), off)
}

var _ = Register(diagonal{},
	Case{F: func(in []*Tensor) *Tensor { return in[0].Diagonal(1, 0, 2) }, In: [][]int{{3, 2, 4}}},
	Case{Name: "below", F: func(in []*Tensor) *Tensor { return in[0].Diagonal(-1, 1, 0) }, In: [][]int{{3, 3}}},
	Case{Name: "wrong", F: func(in []*Tensor) *Tensor { return in[0].Diagonal(0, 0, 0) }, In: [][]int{{2, 2}}, Wrong: true})

// onDiagonal is zeros with x's last axis on a diagonal of two axes of lengths n and m: the adjoint of diagonal.
func (x *Tensor) onDiagonal(p diagonal, n, m int) *Tensor {
	last := len(x.shape) - 1
	y := x.New(append([]int{n, m}, x.shape[:last]...)...)
	i := counting(x.shape[last])
	y.SetSlice(x.MoveAxis(last, 0), At(i.AddScalar(float64(max(-p.Offset, 0)))), At(i.AddScalar(float64(max(p.Offset, 0)))))
	axes := countTo(last + 2)[2:]
	if p.A < p.B {
		return y.Transpose(slices.Insert(slices.Insert(axes, p.A, 0), p.B, 1)...)
	}
	return y.Transpose(slices.Insert(slices.Insert(axes, p.B, 1), p.A, 0)...)
}

// DiagEmbed returns zeros with x's last axis on a diagonal of two new axes, which get the given numbers: [..., n] with offset
// k -> [..., n+|k|, n+|k|] for the axes -2, -1.
func (x *Tensor) DiagEmbed(offset, a, b int) *Tensor {
	if len(x.shape) == 0 {
		Misuse("diagEmbed", "wants an axis", "", x)
	}
	ab := x.Unsqueeze(0).axes("diagEmbed", []int{a, b})
	n := x.shape[len(x.shape)-1] + max(offset, -offset)
	return x.onDiagonal(diagonal{Offset: offset, A: ab[0], B: ab[1]}, n, n)
}

// Diag returns the matrix with vector x on its k-th diagonal, or the k-th diagonal of matrix x (2.3).
func (x *Tensor) Diag(k int) *Tensor {
	switch len(x.shape) {
	case 1:
		return x.DiagEmbed(k, 0, 1)
	case 2:
		return x.Diagonal(k, 0, 1)
	}
	Misuse("diag", "wants a vector or a matrix", "use DiagEmbed or Diagonal", x)
	return nil
}

// Trace returns the sum of the diagonal of the last two axes, which vanish.
func (x *Tensor) Trace() *Tensor {
	if len(x.shape) < 2 {
		Misuse("trace", "wants a matrix", "", x)
	}
	return x.Diagonal(0, -2, -1).Sum(-1)
}

// band is a mask of the cells (i, j) of a matrix for which in(j-i).
func band(op string, n, m int, in func(d int) bool) *Tensor {
	checkShape(op, []int{n, m})
	t := ZerosOf(Bool, n, m)
	d := raw[bool](t)
	for i := range n {
		for j := range m {
			d[i*m+j] = in(j - i)
		}
	}
	return t
}

func (x *Tensor) triangle(op string, in func(d int) bool) *Tensor {
	k := len(x.shape)
	if k < 2 {
		Misuse(op, "wants a matrix", "", x)
	}
	return Where(band(op, x.shape[k-2], x.shape[k-1], in), x, x.like(0))
}

// Tril returns x with zeros above the k-th diagonal of its last two axes; k = 0 is the main one, positive k lie above it.
func (x *Tensor) Tril(k int) *Tensor { return x.triangle("tril", func(d int) bool { return d <= k }) }

// Triu returns x with zeros below the k-th diagonal of its last two axes.
func (x *Tensor) Triu(k int) *Tensor { return x.triangle("triu", func(d int) bool { return d >= k }) }

// Tri returns the n x m float32 matrix with ones on and below the k-th diagonal.
func Tri(n, m, k int) *Tensor {
	return band("tri", n, m, func(d int) bool { return d <= k }).AsType(Float32)
}

// TrilIndices returns the rows and columns of the cells of an n x m matrix on and below the k-th diagonal.
func TrilIndices(n, m, k int) (rows, cols *Tensor) {
	return columns(band("trilIndices", n, m, func(d int) bool { return d <= k }).NonZero())
}

func columns(x *Tensor) (a, b *Tensor) { return x.Slice(All, I(0)), x.Slice(All, I(1)) }

// TriuIndices returns the rows and columns of the cells of an n x m matrix on and above the k-th diagonal.
func TriuIndices(n, m, k int) (rows, cols *Tensor) {
	return columns(band("triuIndices", n, m, func(d int) bool { return d >= k }).NonZero())
}
