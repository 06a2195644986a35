package tensor

import "github.com/fathom-ml/fathom/internal/kernel"

// axisSet is a set of axes, one bit each.
type axisSet uint64

func axisSetOf(axes []int) (s axisSet) {
	for _, a := range axes {
		s |= 1 << a
	}
	return s
}

func (s axisSet) has(a int) bool { return s>>a&1 != 0 }

// reduction folds axes away, or to length 1 with Keep.
type reduction struct {
	Axes axisSet
	Keep bool
}

func (r reduction) Shape(c *Call) []int {
	if dt := c.x[0].dt; dt.IsComplex() {
		c.Fail("wants real numbers, got "+dt.String(), "take Abs, Real or Imag")
	}
	out := c.dims[:0]
	for i, d := range c.x[0].shape {
		switch {
		case !r.Axes.has(i):
			out = append(out, d)
		case r.Keep:
			out = append(out, 1)
		}
	}
	return out
}

// keepView is the result's view with all axes of the operand.
func (r reduction) keepView(c *Call) kernel.View {
	v := c.Y()
	if r.Keep {
		return v
	}
	rank := len(c.x[0].shape)
	shape, strides := make([]int, 0, rank), make([]int, 0, rank)
	k := 0
	for i := range rank {
		if r.Axes.has(i) {
			shape, strides = append(shape, 1), append(strides, 0)
			continue
		}
		shape, strides = append(shape, v.Shape[k]), append(strides, v.Strides[k])
		k++
	}
	v.Shape, v.Strides = shape, strides
	return v
}

// keep gives a result, or its gradient, the axes of the operand back.
func (r reduction) keep(t *Tensor, shape []int) *Tensor {
	if r.Keep {
		return t
	}
	full := make([]int, len(shape))
	for i, d := range shape {
		if full[i] = d; r.Axes.has(i) {
			full[i] = 1
		}
	}
	return t.Reshape(full...)
}

// count is the number of elements of x in one fold.
func (r reduction) count(x *Tensor) int {
	n := 1
	for i, d := range x.shape {
		if r.Axes.has(i) {
			n *= d
		}
	}
	return n
}

// rows is x with its folded axes as one, the last.
func (r reduction) rows(x *Tensor) *Tensor {
	var kept, folded, dims []int
	for i, d := range x.shape {
		if r.Axes.has(i) {
			folded = append(folded, i)
		} else {
			kept, dims = append(kept, i), append(dims, d)
		}
	}
	return x.Transpose(append(kept, folded...)...).Reshape(append(dims, r.count(x))...)
}

// sum over axes
type sum struct{ reduction }

func (sum) Name() string { return "sum" }
func (sum) ResultType(c *Call) DType {
	if dt := c.x[0].dt; kindOf(dt) > kindInt {
		return dt
	}
	return Int64
}
func (p sum) Run(c *Call) { c.Dev().Reduce(kernel.ReduceSum, p.keepView(c), c.X(0)) }
func (p sum) Grad(n *Node, i int, dy *Tensor) *Tensor {
	return p.keep(dy, n.InShape(0)).Expand(n.InShape(0)...)
}

// counted is x as int64 if it holds bools or other integers: they are folded in it, as in PyTorch.
func (x *Tensor) counted() *Tensor {
	if kindOf(x.dt) <= kindInt {
		return x.AsType(Int64)
	}
	return x
}

func (x *Tensor) sum(op string, axes []int, keep bool) *Tensor {
	r := reduction{axisSetOf(x.axes(op, axes)), keep}
	if x.dt.IsComplex() {
		return Complex(Do(sum{r}, x.Real()), Do(sum{r}, x.Imag()))
	}
	return Do(sum{r}, x)
}

// Sum adds the elements up over the given axes, or over all; the axes vanish (2.3).
// Small integers and bools are added as int64, so that the sum of a comparison counts. Sums of float32 run in float64 but for
// pieces of a few terms: the error is a few roundings, however many the terms, and does not depend on the number of threads.
func (x *Tensor) Sum(axes ...int) *Tensor { return x.sum("sum", axes, false) }

// SumKeep is Sum with the axes kept at length 1 (NumPy's keepdims), so that the result broadcasts against x (2.3).
func (x *Tensor) SumKeep(axes ...int) *Tensor { return x.sum("sum", axes, true) }

var _ = Register(sum{}, reduceCases("sum", (*Tensor).Sum, (*Tensor).SumKeep)...)

func (x *Tensor) mean(axes []int, keep bool) *Tensor {
	if kindOf(x.dt) < kindFloat {
		Misuse("mean", "wants floats, got "+x.dt.String(), "use AsType(tensor.Float32)", x)
	}
	if half := x.dt; half.IsHalf() { // the sum may leave its range
		return x.AsType(Float32).mean(axes, keep).AsType(half)
	}
	n := reduction{Axes: axisSetOf(x.axes("mean", axes))}.count(x)
	return x.sum("mean", axes, keep).DivScalar(float64(n))
}

// Mean averages over the given axes, or over all; the axes vanish (2.3). It panics unless x holds floats.
func (x *Tensor) Mean(axes ...int) *Tensor { return x.mean(axes, false) }

// MeanKeep is Mean with the axes kept at length 1.
func (x *Tensor) MeanKeep(axes ...int) *Tensor { return x.mean(axes, true) }

// extremum is the maximum or minimum over axes; equal winners share the gradient.
type extremum struct {
	reduction
	Op kernel.ReduceOp
}

func (p extremum) Name() string {
	return [...]string{kernel.ReduceMax: "max", kernel.ReduceMin: "min"}[p.Op]
}

func (p extremum) Shape(c *Call) []int {
	for i, d := range c.x[0].shape {
		if d == 0 && p.Axes.has(i) {
			c.Fail("no elements to choose from", "the axis has length 0")
		}
	}
	return p.reduction.Shape(c)
}

func (p extremum) Run(c *Call) {
	c.Dev().Reduce(p.Op, p.keepView(c), c.X(0))
	c.SaveIn(0)
	c.SaveOut()
}

func (p extremum) Grad(n *Node, i int, dy *Tensor) *Tensor {
	x := n.In(0).Detach()
	won := x.Eq(p.keep(n.Out().Detach(), x.shape)).AsType(x.dt)
	return p.keep(dy, x.shape).Mul(won.Div(Do(sum{reduction{p.Axes, true}}, won)))
}

func (x *Tensor) extremum(op kernel.ReduceOp, axes []int, keep bool) *Tensor {
	p := extremum{Op: op}
	p.reduction = reduction{axisSetOf(x.axes(p.Name(), axes)), keep}
	return Do(p, x)
}

// Max is the largest element over the given axes, or over all; NaN if any is NaN. Equal
// winners share the gradient. It panics if there are no elements to choose from.
func (x *Tensor) Max(axes ...int) *Tensor { return x.extremum(kernel.ReduceMax, axes, false) }

// MaxKeep is Max with the axes kept at length 1.
func (x *Tensor) MaxKeep(axes ...int) *Tensor { return x.extremum(kernel.ReduceMax, axes, true) }

// Min is the smallest element over the given axes, or over all; NaN if any is NaN. Equal
// winners share the gradient. It panics if there are no elements to choose from.
func (x *Tensor) Min(axes ...int) *Tensor { return x.extremum(kernel.ReduceMin, axes, false) }

// MinKeep is Min with the axes kept at length 1.
func (x *Tensor) MinKeep(axes ...int) *Tensor { return x.extremum(kernel.ReduceMin, axes, true) }

var _ = Register(extremum{Op: kernel.ReduceMax}, reduceCases("max", (*Tensor).Max, (*Tensor).MaxKeep)...)
var _ = Register(extremum{Op: kernel.ReduceMin}, reduceCases("min", (*Tensor).Min, (*Tensor).MinKeep)...)

func reduceCases(name string, f, keep func(x *Tensor, axes ...int) *Tensor) []Case {
	return []Case{
		{Name: "all", F: func(in []*Tensor) *Tensor { return f(in[0]) }, In: [][]int{{2, 3}}},
		{Name: "axis", F: func(in []*Tensor) *Tensor { return f(in[0], -2) }, In: [][]int{{2, 3, 2}}},
		{Name: "keep", F: func(in []*Tensor) *Tensor { return keep(in[0], 0, 2) }, In: [][]int{{2, 3, 2}}},
		{Name: "wrong", F: func(in []*Tensor) *Tensor { return f(in[0], 5) }, In: [][]int{{2, 3}}, Wrong: true},
	}
}

// truth folds bools.
type truth struct {
	reduction
	Op kernel.ReduceOp
}

func (p truth) Name() string {
	return [...]string{kernel.ReduceAny: "any", kernel.ReduceAll: "all"}[p.Op]
}
func (p truth) Run(c *Call)                           { c.Dev().Reduce(p.Op, p.keepView(c), c.X(0)) }
func (truth) Grad(n *Node, i int, dy *Tensor) *Tensor { return nil }

func (x *Tensor) truth(op kernel.ReduceOp, axes []int, keep bool) *Tensor {
	p := truth{Op: op}
	p.reduction = reduction{axisSetOf(x.axes(p.Name(), axes)), keep}
	if x.dt != Bool {
		x = x.NeScalar(0)
	}
	return Do(p, x)
}

// All says whether every element is true (not zero); so it is if there are none.
func (x *Tensor) All() bool { return x.truth(kernel.ReduceAll, nil, false).Item() != 0 }

// Any says whether some element is true (not zero).
func (x *Tensor) Any() bool { return x.truth(kernel.ReduceAny, nil, false).Item() != 0 }

// AllOver says as a Bool tensor whether every element over the given axes, or over all, is true (not zero); the axes vanish.
func (x *Tensor) AllOver(axes ...int) *Tensor { return x.truth(kernel.ReduceAll, axes, false) }

// AllOverKeep is AllOver with the axes kept at length 1.
func (x *Tensor) AllOverKeep(axes ...int) *Tensor { return x.truth(kernel.ReduceAll, axes, true) }

// AnyOver says as a Bool tensor whether some element over the given axes, or over all, is true (not zero); the axes vanish.
func (x *Tensor) AnyOver(axes ...int) *Tensor { return x.truth(kernel.ReduceAny, axes, false) }

// AnyOverKeep is AnyOver with the axes kept at length 1.
func (x *Tensor) AnyOverKeep(axes ...int) *Tensor { return x.truth(kernel.ReduceAny, axes, true) }

// CountNonZero is the number (int64) of elements over the given axes, or over all, that are not 0; the axes vanish.
func (x *Tensor) CountNonZero(axes ...int) *Tensor { return x.NeScalar(0).Sum(axes...) }

// argExtremum is the index of the largest or smallest element along an axis.
type argExtremum struct {
	reduction
	Op   kernel.ReduceOp
	Axis int
}

func (p argExtremum) Name() string {
	return [...]string{kernel.ReduceMax: "argmax", kernel.ReduceMin: "argmin"}[p.Op]
}
func (argExtremum) ResultType(*Call) DType { return Int64 }
func (p argExtremum) Shape(c *Call) []int {
	if c.x[0].shape[p.Axis] == 0 {
		c.Fail("no elements to choose from", "the axis has length 0")
	}
	return p.reduction.Shape(c)
}
func (p argExtremum) Run(c *Call) {
	c.Dev().ArgReduce(p.Op, p.keepView(c), c.X(0), p.Axis)
}
func (argExtremum) Grad(n *Node, i int, dy *Tensor) *Tensor { return nil }

func (x *Tensor) argExtremum(op kernel.ReduceOp, axis []int, keep bool) *Tensor {
	p := argExtremum{Op: op}
	if len(axis) > 1 {
		Misuse(p.Name(), "takes one axis", "", x)
	}
	if len(axis) == 0 {
		y := x.Flatten().argExtremum(op, []int{0}, false)
		return reduction{^axisSet(0), !keep}.keep(y, x.shape)
	}
	p.Axis = x.axis(p.Name(), axis[0])
	p.reduction = reduction{1 << p.Axis, keep}
	return Do(p, x)
}

// ArgMax is the index (int64) of the first largest element along an axis, which vanishes, or of
// the flattened tensor if no axis is given (3.6). A NaN counts as largest.
func (x *Tensor) ArgMax(axis ...int) *Tensor { return x.argExtremum(kernel.ReduceMax, axis, false) }

// ArgMaxKeep is ArgMax with the axis, or all, kept at length 1.
func (x *Tensor) ArgMaxKeep(axis ...int) *Tensor { return x.argExtremum(kernel.ReduceMax, axis, true) }

// ArgMin is the index (int64) of the first smallest element along an axis, which vanishes, or of
// the flattened tensor if no axis is given. A NaN counts as smallest.
func (x *Tensor) ArgMin(axis ...int) *Tensor { return x.argExtremum(kernel.ReduceMin, axis, false) }

// ArgMinKeep is ArgMin with the axis, or all, kept at length 1.
func (x *Tensor) ArgMinKeep(axis ...int) *Tensor { return x.argExtremum(kernel.ReduceMin, axis, true) }

// MaxWithIndex returns the largest elements along an axis, which vanishes, and the index (int64) of each, that of the first
// of equal ones: torch.max(x, dim). A NaN counts as largest. The gradient goes to the element at the index alone, where
// [Tensor.Max] shares it among equal ones.
func (x *Tensor) MaxWithIndex(axis int) (values, idx *Tensor) {
	return x.winner(axis, x.ArgMaxKeep(axis))
}

// MinWithIndex is MaxWithIndex for the smallest elements.
func (x *Tensor) MinWithIndex(axis int) (values, idx *Tensor) {
	return x.winner(axis, x.ArgMinKeep(axis))
}

func (x *Tensor) winner(axis int, idx *Tensor) (*Tensor, *Tensor) {
	return x.Gather(axis, idx).Squeeze(axis), idx.Squeeze(axis)
}

var _ = Register(argExtremum{Op: kernel.ReduceMax},
	Case{Name: "wrong", F: func(in []*Tensor) *Tensor { return in[0].ArgMax(2) }, In: [][]int{{2, 3}}, Wrong: true})
var _ = Register(argExtremum{Op: kernel.ReduceMin},
	Case{Name: "wrong", F: func(in []*Tensor) *Tensor { return in[0].ArgMin(-3) }, In: [][]int{{2, 3}}, Wrong: true})
