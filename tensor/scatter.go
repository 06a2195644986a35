package tensor

import "github.com/fathom-ml/fathom/internal/kernel"

// IndexSelect returns the entries of an axis that idx names, an int64 or int32 tensor of any shape, whose axes take the
// axis' place (NumPy's take with an axis). Negative indices count from the end.
func (x *Tensor) IndexSelect(axis int, idx *Tensor) *Tensor {
	return x.pickSlice("indexSelect", along(x.axis("indexSelect", axis), At(idx)))
}

// IndexAdd returns x with the entries of src added to those that idx names along an axis; repeated indices add up.
func (x *Tensor) IndexAdd(axis int, idx, src *Tensor) *Tensor {
	return x.put("indexAdd", true, src, along(x.axis("indexAdd", axis), At(idx)))
}

// IndexCopy returns x with the entries that idx names along an axis replaced by those of src. Of repeated indices the last counts.
func (x *Tensor) IndexCopy(axis int, idx, src *Tensor) *Tensor {
	return x.put("indexCopy", false, src, along(x.axis("indexCopy", axis), At(idx)))
}

// IndexFill returns x with v in the entries that idx names along an axis.
func (x *Tensor) IndexFill(axis int, idx *Tensor, v float64) *Tensor {
	x.wantInt("indexFill", v)
	return x.put("indexFill", false, x.like(v), along(x.axis("indexFill", axis), At(idx)))
}

// put is a copy of x with v written to what the entries take, or added to it.
func (x *Tensor) put(op string, add bool, v *Tensor, rs []Range) *Tensor {
	y := x.Clone()
	if add && x.dt.IsHalf() {
		y = x.AsType(Float32)
	}
	y.write(assign{rs: rs, add: add, name: op}, v)
	return y.AsType(x.dt)
}

// cells are the entries that index x along one axis with idx and along the others with the position in idx.
func (x *Tensor) cells(op string, axis int, idx *Tensor) []Range {
	a := x.axis(op, axis)
	if len(idx.shape) != len(x.shape) {
		Misuse(op, "the index must have as many axes as the tensor", "", x, idx)
	}
	rs := make([]Range, len(x.shape))
	for k, n := range idx.shape {
		if rs[k] = At(idx); k == a {
			continue
		}
		if n > x.shape[k] {
			Misuse(op, "the index is longer than the tensor beside the axis", "", x, idx)
		}
		rs[k] = At(counting(n).lying(k, len(x.shape)))
	}
	return rs
}

// Gather takes one element for each index along an axis: for a matrix and axis 1, y[i, j] = x[i, idx[i, j]] (NumPy's
// take_along_axis). idx has as many axes as x and is nowhere longer but along the axis; it is not broadcast. Negative
// indices count from the end.
func (x *Tensor) Gather(axis int, idx *Tensor) *Tensor {
	return x.pickSlice("gather", x.cells("gather", axis, idx))
}

// Scatter is the counterpart of Gather: x with src, stretched to idx's shape, written to the places that Gather reads. For a
// matrix and axis 1, y[i, idx[i, j]] = src[i, j]. Where an index is repeated the last value stays and only it gets a gradient.
func (x *Tensor) Scatter(axis int, idx, src *Tensor) *Tensor {
	return x.put("scatter", false, src, x.cells("scatter", axis, idx))
}

// ScatterAdd is Scatter with the elements of src added to x's.
func (x *Tensor) ScatterAdd(axis int, idx, src *Tensor) *Tensor {
	return x.put("scatterAdd", true, src, x.cells("scatterAdd", axis, idx))
}

// scatterFold: y = x with op(x, v) at the places of the other operands
type scatterFold struct{ op kernel.BinaryOp }

var scatterNames = map[kernel.BinaryOp]string{
	kernel.Mul: "scatterMul", kernel.Maximum: "scatterMax", kernel.Minimum: "scatterMin",
}

func (p scatterFold) Name() string { return scatterNames[p.op] }
func (scatterFold) Shape(c *Call) []int {
	c.Real(0)
	return c.x[0].shape
}
func (p scatterFold) Run(c *Call) {
	c.Dev().Copy(c.Y(), c.X(0))
	c.Dev().ScatterFold(p.op, c.Y(), c.X(1), c.saveIndices(2)...)
	c.SaveIn(0, 1)
	c.SaveOut()
}
func (p scatterFold) Grad(n *Node, i int, dy *Tensor) *Tensor {
	if i > 1 {
		return nil
	}
	idx := n.indices(2)
	at := func(x *Tensor) *Tensor { return x.takeRows(idx) }
	x, v, y := n.In(0), n.In(1), n.Out()
	if p.op == kernel.Mul {
		if dy = dy.Mul(y); i == 1 {
			return at(dy).Div(v)
		}
		return dy.Div(x)
	}
	// equal winners share the gradient
	x, v, y = x.Detach(), v.Detach(), y.Detach()
	won, vWon := x.Eq(y).AsType(dy.dt), v.Eq(at(y)).AsType(dy.dt)
	all := won.Add(vWon.addRows(x.shape, idx))
	if dy = dy.Div(all); i == 1 {
		return at(dy).Mul(vWon)
	}
	return dy.Mul(won)
}

func (x *Tensor) scatterFold(op kernel.BinaryOp, axis int, idx, src *Tensor) *Tensor {
	p := x.picks(scatterNames[op], x.cells(scatterNames[op], axis, idx))
	return Do(scatterFold{op}, append([]*Tensor{x, src.AsType(x.dt).Expand(idx.shape...)}, p.idx...)...)
}

// ScatterMul is Scatter with the elements of src multiplied with x's. Gradients are right where no factor is 0.
func (x *Tensor) ScatterMul(axis int, idx, src *Tensor) *Tensor {
	return x.scatterFold(kernel.Mul, axis, idx, src)
}

// ScatterMax is Scatter with the largest of x's element and those of src. Equal winners share the gradient.
func (x *Tensor) ScatterMax(axis int, idx, src *Tensor) *Tensor {
	return x.scatterFold(kernel.Maximum, axis, idx, src)
}

// ScatterMin is Scatter with the smallest of x's element and those of src. Equal winners share the gradient.
func (x *Tensor) ScatterMin(axis int, idx, src *Tensor) *Tensor {
	return x.scatterFold(kernel.Minimum, axis, idx, src)
}

// ScatterMean is Scatter with the mean of x's element and those of src.
func (x *Tensor) ScatterMean(axis int, idx, src *Tensor) *Tensor {
	n := OnesLike(x).ScatterAdd(axis, idx, x.like(1))
	return x.ScatterAdd(axis, idx, src).Div(n)
}

func init() {
	for _, op := range []kernel.BinaryOp{kernel.Mul, kernel.Maximum, kernel.Minimum} {
		f := func(in []*Tensor) *Tensor {
			return in[0].scatterFold(op, 1, Of([]int64{0, 2, 0, -1}, 2, 2), in[1])
		}
		Register(scatterFold{op}, Case{F: f, In: [][]int{{2, 3}, {2, 2}}},
			Case{Name: "wrong", F: f, In: [][]int{{1, 3}, {2, 2}}, Wrong: true})
	}
}
