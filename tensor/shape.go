package tensor

import (
	"slices"
)

// viewOp is embedded by operations that only make another handle.
type viewOp struct{}

func (viewOp) Shape(c *Call) []int { return nil }
func (viewOp) Run(c *Call)         {}

// reshape: the same elements in row-major order under another shape
type reshape struct{ viewOp }

func (reshape) Name() string                            { return "reshape" }
func (reshape) Grad(n *Node, i int, dy *Tensor) *Tensor { return dy.Reshape(n.InShape(0)...) }

// Reshape returns x with another shape and the same elements in row-major order. One length may be -1: it follows
// from the others. The result shares memory with x if x's strides allow it (always if x is contiguous), else it is a
// copy. Reshape() of a tensor with one element is 0-d. It panics if the number of elements differs (2.1).
func (x *Tensor) Reshape(shape ...int) *Tensor {
	want := x.resolveShape(shape)
	if strides, ok := viewStrides(x.shape, x.strides, want); ok {
		return doView(reshape{}, x, want, strides, 0)
	}
	return doView(reshape{}, x.Clone(), want, nil, 0)
}

// resolveShape replaces -1 and checks the size.
func (x *Tensor) resolveShape(shape []int) []int {
	want := slices.Clone(shape)
	known, free := 1, -1
	for i, d := range want {
		switch {
		case d == -1 && free < 0:
			free = i
		case d < 0:
			panic(&Error{Op: "reshape", Msg: "only one length may be -1 and none less", Shapes: [][]int{x.Shape(), want}})
		default:
			known *= d
		}
	}
	size := x.Size()
	if free >= 0 && known > 0 && size%known == 0 {
		want[free] = size / known
		return want
	}
	if free >= 0 || known != size {
		panic(&Error{Op: "reshape", Msg: "the number of elements differs", Shapes: [][]int{x.Shape(), want},
			Hint: "one length may be -1"})
	}
	return want
}

// viewStrides finds strides that show memory of (shape, strides) under another
// shape of the same size, if there are any.
func viewStrides(shape, strides, want []int) ([]int, bool) {
	out := make([]int, len(want))
	if numel(shape) == 0 {
		return nil, true
	}
	var s, st []int // axes of length 1 do not matter
	for i, d := range shape {
		if d != 1 {
			s, st = append(s, d), append(st, strides[i])
		}
	}
	j := len(want) - 1
	for i := len(s) - 1; i >= 0; {
		// a run of axes that lie in one piece
		run, step := s[i], st[i]
		i--
		for i >= 0 && st[i] == step*run {
			run *= s[i]
			i--
		}
		for run > 1 {
			if j < 0 {
				return nil, false
			}
			d := want[j]
			if d != 1 && run%d != 0 {
				return nil, false
			}
			out[j] = step
			step *= d
			run /= d
			j--
		}
	}
	for ; j >= 0; j-- { // what is left has length 1
		out[j] = 1
	}
	return out, true
}

var _ = Register(reshape{},
	Case{F: func(in []*Tensor) *Tensor { return in[0].Reshape(3, -1) }, In: [][]int{{2, 3}}},
	Case{Name: "copy", F: func(in []*Tensor) *Tensor { return in[0].T().Reshape(-1) }, In: [][]int{{2, 3}}},
	Case{Name: "wrong", F: func(in []*Tensor) *Tensor { return in[0].Reshape(4, 2) }, In: [][]int{{2, 3}}, Wrong: true})

// Flatten returns x as a vector: Reshape(-1).
func (x *Tensor) Flatten() *Tensor { return x.Reshape(-1) }

// FlattenFrom folds the axes from the given one on into one: FlattenFrom(1) makes
// a matrix of a batch of images, [n, c, h, w] -> [n, c*h*w].
func (x *Tensor) FlattenFrom(axis int) *Tensor {
	a := x.axis("flatten", axis)
	return x.Reshape(append(slices.Clone(x.shape[:a]), numel(x.shape[a:]))...)
}

// Unsqueeze inserts an axis of length 1, which gets the given number; -1 appends it (NumPy's expand_dims).
func (x *Tensor) Unsqueeze(axis int) *Tensor {
	k := axis
	if k < 0 {
		k += len(x.shape) + 1
	}
	if k < 0 || k > len(x.shape) {
		panic(axisError("unsqueeze", axis, x))
	}
	return x.Reshape(slices.Insert(slices.Clone(x.shape), k, 1)...)
}

// Squeeze removes the given axes, which must have length 1, or all axes of length 1 if none is given.
func (x *Tensor) Squeeze(axes ...int) *Tensor {
	var out []int
	drop := axisSetOf(x.axes("squeeze", axes))
	for i, d := range x.shape {
		if drop.has(i) && d == 1 {
			continue
		}
		if drop.has(i) && len(axes) > 0 {
			Misuse("squeeze", "an axis has a length other than 1", "", x)
		}
		out = append(out, d)
	}
	return x.Reshape(out...)
}

// permute: axes in another order
type permute struct {
	viewOp
	Axes []int
}

func (permute) Name() string { return "transpose" }
func (p permute) Grad(n *Node, i int, dy *Tensor) *Tensor {
	inv := make([]int, len(p.Axes))
	for k, a := range p.Axes {
		inv[a] = k
	}
	return dy.Transpose(inv...)
}

// Transpose returns a view with the axes in the given order, or reversed if none is
// given: axis i of the result is axis axes[i] of x. Every axis must be named once.
func (x *Tensor) Transpose(axes ...int) *Tensor {
	k := len(x.shape)
	if len(axes) == 0 {
		axes = make([]int, k)
		for i := range axes {
			axes[i] = k - 1 - i
		}
	}
	if len(axes) != k {
		Misuse("transpose", "wants every axis once", "", x)
	}
	order := x.axes("transpose", axes)
	shape, strides := make([]int, k), make([]int, k)
	for i, a := range order {
		shape[i], strides[i] = x.shape[a], x.strides[a]
	}
	return doView(permute{Axes: order}, x, shape, strides, 0)
}

// T is Transpose with all axes reversed; of a matrix the transpose (2.3). A vector stays a vector.
func (x *Tensor) T() *Tensor { return x.Transpose() }

// SwapAxes returns a view with two axes exchanged.
func (x *Tensor) SwapAxes(a, b int) *Tensor {
	a, b = x.axis("swapAxes", a), x.axis("swapAxes", b)
	axes := make([]int, len(x.shape))
	for i := range axes {
		axes[i] = i
	}
	axes[a], axes[b] = b, a
	return x.Transpose(axes...)
}

var _ = Register(permute{},
	Case{F: func(in []*Tensor) *Tensor { return in[0].Transpose(2, 0, 1) }, In: [][]int{{2, 3, 4}}},
	Case{Name: "T", F: func(in []*Tensor) *Tensor { return in[0].T() }, In: [][]int{{2, 3}}},
	Case{Name: "wrong", F: func(in []*Tensor) *Tensor { return in[0].Transpose(0, 0) }, In: [][]int{{2, 3}}, Wrong: true})

// expand: stretched axes, without a copy
type expand struct{ viewOp }

func (expand) Name() string                            { return "expand" }
func (expand) Grad(n *Node, i int, dy *Tensor) *Tensor { return dy } // the engine sums

// Expand stretches axes of length 1, and new axes in front, to the given shape
// without copying (NumPy's broadcast_to). The elements of a stretched axis are
// the same memory: writing into the result panics. All lengths are given; -1 is not one.
func (x *Tensor) Expand(shape ...int) *Tensor {
	lead := len(shape) - len(x.shape)
	ok := lead >= 0
	strides := make([]int, len(shape))
	for i := range x.shape {
		if !ok {
			break
		}
		switch d := shape[lead+i]; {
		case d == x.shape[i]:
			strides[lead+i] = x.strides[i]
		case x.shape[i] != 1 || d < 0:
			ok = false
		}
	}
	if !ok {
		panic(&Error{Op: "expand", Msg: "cannot stretch", Shapes: [][]int{x.Shape(), slices.Clone(shape)},
			Hint: "only axes of length 1 stretch, and new ones come in front"})
	}
	checkShape("expand", shape)
	return doView(expand{}, x, shape, strides, 0)
}

var _ = Register(expand{},
	Case{F: func(in []*Tensor) *Tensor { return in[0].Expand(4, 2, 3) }, In: [][]int{{2, 1}}},
	Case{Name: "wrong", F: func(in []*Tensor) *Tensor { return in[0].Expand(4, 2) }, In: [][]int{{2, 3}}, Wrong: true})
