package tensor

import "slices"

// clone: y = x in fresh contiguous memory
type clone struct{ Moves }

func (clone) Name() string                            { return "clone" }
func (clone) Shape(c *Call) []int                     { return c.x[0].shape }
func (clone) Run(c *Call)                             { c.Dev().Copy(c.Y(), c.X(0)) }
func (clone) Grad(n *Node, i int, dy *Tensor) *Tensor { return dy }

// Clone returns a copy of x in contiguous memory of its own. Gradients flow through it.
func (x *Tensor) Clone() *Tensor { return Do(clone{}, x) }

// Contiguous returns x itself if its elements lie in row-major order without gaps, else a copy.
func (x *Tensor) Contiguous() *Tensor {
	if x.IsContiguous() {
		return x
	}
	return x.Clone()
}

var _ = RegisterAny(clone{}, unaryCase((*Tensor).Clone))

// cast: y = x as another dtype
type cast struct {
	Moves
	To, From DType
}

func (cast) Name() string             { return "asType" }
func (p cast) ResultType(*Call) DType { return p.To }
func (p cast) Shape(c *Call) []int {
	if p.To.IsComplex() && c.x[0].node != nil {
		c.Fail("complex numbers have no gradients", "Detach the operand")
	}
	return c.x[0].shape
}
func (cast) Run(c *Call)                               { c.Dev().Copy(c.Y(), c.X(0)) }
func (p cast) Grad(n *Node, i int, dy *Tensor) *Tensor { return dy.AsType(p.From) }

// apart is y, a copy of it if it is on x's memory: a result into which one may write without changing the operand.
func (y *Tensor) apart(x *Tensor) *Tensor {
	if y.buf == x.buf {
		return y.Clone()
	}
	return y
}

// AsType returns x converted to a dtype: floats to integers toward zero, to halves with ties to even,
// anything to Bool as x != 0, complex numbers to real ones by dropping the imaginary part; x itself if it has that dtype already.
// Gradients flow between float types, not through others.
func (x *Tensor) AsType(dt DType) *Tensor {
	if x.dt == dt {
		return x
	}
	return Do(cast{To: dt, From: x.dt}, x)
}

var _ = RegisterAny(cast{}, unaryCase(func(x *Tensor) *Tensor { return x.AsType(Int32).AsType(Float64).Add(x) }))

// concat: operands one after the other along an axis
type concat struct {
	Moves
	Axis  int
	Sizes []int
}

func (concat) Name() string { return "concat" }
func (p concat) Shape(c *Call) []int {
	c.SameDType()
	d := append(c.dims[:0], c.x[0].shape...)
	for _, x := range c.x[1:] {
		if len(x.shape) != len(d) {
			return c.Fail("numbers of axes differ", "")
		}
		for k := range d {
			if k != p.Axis && x.shape[k] != d[k] {
				return c.Fail("lengths differ beside the axis", "")
			}
		}
		d[p.Axis] += x.shape[p.Axis]
	}
	return d
}

func (p concat) Run(c *Call) {
	v, start := c.Y(), 0
	for i, n := range p.Sizes {
		w := v
		w.Shape = append([]int(nil), v.Shape...)
		w.Shape[p.Axis] = n
		if w.Size() > 0 {
			w.P = offset(v.P, start*v.Strides[p.Axis]*v.DT.Size())
			c.Dev().Copy(w, c.X(i))
		}
		start += n
	}
}

func (p concat) Grad(n *Node, i int, dy *Tensor) *Tensor {
	start := 0
	for _, k := range p.Sizes[:i] {
		start += k
	}
	return dy.Narrow(p.Axis, start, p.Sizes[i])
}

// Concat joins tensors along an existing axis (2.1). The lengths of the other axes must agree: Concat(1, [2, 3], [2, 1]) has shape [2, 4].
func Concat(axis int, xs ...*Tensor) *Tensor {
	someTensors("concat", xs)
	xs = promotedAll(xs)
	p := concat{Axis: xs[0].axis("concat", axis)}
	for _, x := range xs {
		if len(x.shape) != len(xs[0].shape) {
			Misuse("concat", "numbers of axes differ", "Unsqueeze, or use Stack", xs...)
		}
		p.Sizes = append(p.Sizes, x.shape[p.Axis])
	}
	return Do(p, xs...)
}

// someTensors wants at least one tensor and no nil.
func someTensors(op string, xs []*Tensor) {
	if len(xs) == 0 || slices.Contains(xs, nil) {
		panic(&Error{Op: op, Msg: "no tensors, or a nil among them"})
	}
}

// Stack joins tensors of equal shape along a new axis, which gets the given number:
// Stack(0, x, y) has x and y as its entries 0 and 1.
func Stack(axis int, xs ...*Tensor) *Tensor {
	someTensors("stack", xs)
	if nd := len(xs[0].shape); axis > nd || axis < -nd-1 {
		panic(axisError("stack", axis, xs[0]))
	}
	ys := make([]*Tensor, len(xs))
	for i, x := range xs {
		for k, d := range xs[0].shape {
			if len(x.shape) != len(xs[0].shape) || x.shape[k] != d {
				Misuse("stack", "shapes differ", "", xs...)
			}
		}
		ys[i] = x.Unsqueeze(axis)
	}
	return Concat(axis, ys...)
}

var _ = Register(concat{},
	Case{F: func(in []*Tensor) *Tensor { return Concat(1, in...) }, In: [][]int{{2, 1}, {2, 3}, {2, 2}}},
	Case{Name: "stack", F: func(in []*Tensor) *Tensor { return Stack(-1, in...) }, In: [][]int{{2, 3}, {2, 3}}},
	Case{Name: "wrong", F: func(in []*Tensor) *Tensor { return Concat(1, in...) }, In: [][]int{{2, 1}, {3, 1}}, Wrong: true})
