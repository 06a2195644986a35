package tensor

import (
	"fmt"
	"slices"

	"github.com/fathom-ml/fathom/internal/kernel"
)

// Range says what to take of one axis, or of several: one of the entries between the brackets of NumPy's x[...].
// [I], [R], [From], [Until], [All] and [Range.By] make indices (the axis vanishes) and ranges with a step, [NewAxis] and
// [Ellipsis] are the constants, [At], [Ints] and [Mask] index with tensors. Negative positions count from the end. As in
// Python, a range that reaches too far is cut and may be empty; an index must exist.
type Range struct {
	from, to     int
	step         int // 0 means 1
	kind         rangeKind
	noFrom, noTo bool
	idx          *Tensor
}

type rangeKind uint8

const (
	isRange rangeKind = iota
	isIndex
	isNewAxis
	isEllipsis
	isArray // idx: integers, or bools for a mask
)

// All takes a whole axis, as a bare colon does in NumPy.
var All = Range{noFrom: true, noTo: true}

// NewAxis inserts an axis of length 1, as None does in NumPy: x.Slice(All, NewAxis) is x[:, None] (13.4).
var NewAxis = Range{kind: isNewAxis}

// Ellipsis stands for as many whole axes as are left, as three dots do in NumPy: x.Slice(Ellipsis, I(0)) is x[..., 0].
var Ellipsis = Range{kind: isEllipsis}

// I takes index i; the axis vanishes: x[i].
func I(i int) Range { return Range{from: i, kind: isIndex} }

// R takes the half-open range x[from:to].
func R(from, to int) Range { return Range{from: from, to: to} }

// From takes everything from position i on: x[i:].
func From(i int) Range { return Range{from: i, noTo: true} }

// Until takes everything before position i: x[:i].
func Until(i int) Range { return Range{to: i, noFrom: true} }

// By returns the range with a step, x[from:to:step]: All.By(2) takes every second element, All.By(-1) reverses the
// axis, From(4).By(-1) runs down from position 4. It panics if step is 0 or r is not a range.
func (r Range) By(step int) Range {
	if step == 0 || r.kind != isRange {
		panic(&Error{Op: "slice", Msg: "a step must not be 0, and only a range has one"})
	}
	r.step = step
	return r
}

// String is the NumPy notation, e.g. "1:-1:2"; of a tensor it shows dtype and shape.
func (r Range) String() string {
	switch r.kind {
	case isIndex:
		return fmt.Sprint(r.from)
	case isNewAxis:
		return "None"
	case isEllipsis:
		return "..."
	case isArray:
		return fmt.Sprint(r.idx.dt.String(), r.idx.shape)
	}
	var a, b, s string
	if !r.noFrom {
		a = fmt.Sprint(r.from)
	}
	if !r.noTo {
		b = fmt.Sprint(r.to)
	}
	if r.step > 1 || r.step < 0 {
		s = fmt.Sprint(":", r.step)
	}
	return a + ":" + b + s
}

// axes is how many axes the entry stands for; an ellipsis, whose number depends on the others, counts 0.
func (r *Range) axes() int {
	switch {
	case r.kind == isNewAxis || r.kind == isEllipsis:
		return 0
	case r.kind == isArray && r.idx.dt == Bool:
		return len(r.idx.shape)
	}
	return 1
}

// leftOver is how many of nd axes the entries leave to an ellipsis, or to the end.
func leftOver(op string, shape []int, rs []Range) int {
	left, dots := len(shape), 0
	for i := range rs {
		left -= rs[i].axes()
		if rs[i].kind == isEllipsis {
			dots++
		}
	}
	if left < 0 || dots > 1 {
		msg := fmt.Sprintf("%d indices for %d axes: %v", len(shape)-left, len(shape), rs)
		if dots > 1 {
			msg = "more than one ellipsis"
		}
		panic(&Error{Op: op, Msg: msg, Shapes: [][]int{slices.Clone(shape)}})
	}
	return left
}

// resolve gives start, length and step of the range on an axis of length n;
// like Python's, a range that reaches too far is cut, an index must exist.
func (r *Range) resolve(n int) (start, length, step int, ok bool) {
	if r.kind == isIndex {
		i := r.from
		if i < 0 {
			i += n
		}
		return i, 1, 1, i >= 0 && i < n
	}
	step = r.step
	if step == 0 {
		step = 1
	}
	lo, hi := 0, n // limits of start and stop
	if step < 0 {
		lo, hi = -1, n-1
	}
	at := func(v int) int {
		if v < 0 {
			v += n
		}
		return min(max(v, lo), hi)
	}
	start, stop := lo, hi
	if step < 0 {
		start, stop = hi, lo
	}
	if !r.noFrom {
		start = at(r.from)
	}
	if !r.noTo {
		stop = at(r.to)
	}
	if step > 0 {
		length = max(0, (stop-start+step-1)/step)
	} else {
		length = max(0, (start-stop-step-1)/-step)
	}
	return start, length, step, true
}

// region is what ranges take of a strided block.
type region struct {
	shape, strides []int
	off            int
}

func resolveRegion(op string, shape, strides []int, rs []Range) region {
	g := region{make([]int, 0, len(shape)), make([]int, 0, len(shape)), 0}
	a := 0
	whole := func(n int) {
		g.shape, g.strides = append(g.shape, shape[a:a+n]...), append(g.strides, strides[a:a+n]...)
		a += n
	}
	for i := range rs {
		r := &rs[i]
		switch {
		case r.kind == isNewAxis:
			g.shape, g.strides = append(g.shape, 1), append(g.strides, 0)
			continue
		case r.kind == isEllipsis:
			whole(leftOver(op, shape, rs))
			continue
		case a == len(shape):
			leftOver(op, shape, rs) // panics
		}
		start, n, step, ok := r.resolve(shape[a])
		if !ok {
			panic(indexError(op, r.from, a, shape))
		}
		g.off += start * strides[a]
		if r.kind == isRange {
			g.shape, g.strides = append(g.shape, n), append(g.strides, step*strides[a])
		}
		a++
	}
	whole(len(shape) - a)
	if numel(g.shape) == 0 {
		g.off = 0 // it must not point outside the memory
	}
	return g
}

func indexError(op string, i, axis int, shape []int) *Error {
	return &Error{Op: op, Msg: fmt.Sprintf("index %d is out of range for axis %d of length %d", i, axis, shape[axis]),
		Shapes: [][]int{slices.Clone(shape)}, Hint: "indices run from -length to length-1"}
}

// slice: a strided part; its adjoint is unslice.
type slice struct {
	viewOp
	rs []Range
}

func (slice) Name() string { return "slice" }
func (p slice) Grad(n *Node, i int, dy *Tensor) *Tensor {
	return Do(unslice{slices.Clone(n.InShape(0)), p.rs}, dy)
}

// Slice returns what stands between the brackets in NumPy's x[...]; axes without an entry are
// whole: x.Slice(R(1, 3)) is x[1:3] in NumPy, x.Slice(All, I(-1)) is x[:, -1] (2.1), x.Slice(All, NewAxis, Until(2)) is
// x[:, None, :2] (13.4). With indices, ranges, NewAxis and Ellipsis it is a view.
//
// With tensors ([At], [Ints], [Mask]) it is a copy, through which gradients flow back, adding up where an element was
// taken several times. The rules are NumPy's: integer tensors, and the indices beside them, broadcast together; a mask
// counts as the positions where it is true, one integer vector for each of its axes. The axes of the broadcast shape
// stand where the first of these entries stood if they are neighbours, else in front.
//
// It panics if there are more entries than axes, an index does not exist, or index tensors do not broadcast.
func (x *Tensor) Slice(rs ...Range) *Tensor {
	if hasArrays(rs) {
		return x.pickSlice("slice", rs)
	}
	g := resolveRegion("slice", x.shape, x.strides, rs)
	return doView(slice{rs: slices.Clone(rs)}, x, g.shape, g.strides, g.off)
}

// Index returns the view x[i] on the first axis, which vanishes: Slice(I(i)). For one number use At.
func (x *Tensor) Index(i int) *Tensor { return x.Slice(I(i)) }

// Narrow returns the view of length n from start on along an axis. Unlike Slice it
// panics if the axis is not that long; start must not be negative.
func (x *Tensor) Narrow(axis, start, n int) *Tensor {
	a := x.axis("narrow", axis)
	if start < 0 || n < 0 || start+n > x.shape[a] {
		Misuse("narrow", fmt.Sprintf("[%d, %d) is out of range for axis %d", start, start+n, a), "", x)
	}
	rs := make([]Range, a+1)
	for i := range rs {
		rs[i] = All
	}
	rs[a] = R(start, start+n)
	return x.Slice(rs...)
}

// unslice: zeros of a shape with dy in the region
type unslice struct {
	shape []int
	rs    []Range
}

func (unslice) Name() string { return "unslice" }
func (p unslice) Shape(c *Call) []int {
	g := resolveRegion("unslice", p.shape, make([]int, len(p.shape)), p.rs)
	if !slices.Equal(g.shape, c.In(0)) {
		c.Fail(fmt.Sprintf("does not fill the region %v of %v", p.rs, p.shape), "")
	}
	return p.shape
}
func (p unslice) Run(c *Call) {
	v := c.Y()
	c.Dev().Fill(v, 0)
	c.Dev().Copy(part(v, resolveRegion("unslice", v.Shape, v.Strides, p.rs)), c.X(0))
}
func (p unslice) Grad(n *Node, i int, g *Tensor) *Tensor { return g.Slice(p.rs...) }

// part is a region of a view.
func part(v kernel.View, g region) kernel.View {
	v.P = offset(v.P, g.off*v.DT.Size())
	v.Shape, v.Strides = g.shape, g.strides
	return v
}

var _ = Register(slice{},
	Case{F: func(in []*Tensor) *Tensor { return in[0].Slice(All, R(1, 3)) }, In: [][]int{{2, 4}}},
	Case{Name: "step", F: func(in []*Tensor) *Tensor { return in[0].Slice(All.By(-1), R(-1, 0).By(-2)) }, In: [][]int{{2, 4}}},
	Case{Name: "index", F: func(in []*Tensor) *Tensor { return in[0].Slice(I(-1), From(1)) }, In: [][]int{{2, 4, 2}}},
	Case{Name: "axes", F: func(in []*Tensor) *Tensor { return in[0].Slice(NewAxis, Ellipsis, R(1, 3)) }, In: [][]int{{2, 4, 4}}},
	Case{Name: "wrong", F: func(in []*Tensor) *Tensor { return in[0].Slice(I(2)) }, In: [][]int{{2, 4}}, Wrong: true})
var _ = Register(unslice{},
	Case{F: func(in []*Tensor) *Tensor { return Do(unslice{[]int{4, 2}, []Range{R(1, 3)}}, in[0]) }, In: [][]int{{2, 2}}},
	Case{Name: "wrong", F: func(in []*Tensor) *Tensor { return Do(unslice{[]int{4, 2}, []Range{R(1, 3)}}, in[0]) }, In: [][]int{{3, 2}}, Wrong: true})
