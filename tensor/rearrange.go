package tensor

import (
	"fmt"
	"slices"
)

// along is a list of entries for Slice: r for one axis, all of the axes before it.
func along(axis int, r Range) []Range {
	return append(slices.Repeat([]Range{All}, axis), r)
}

// lying is vector x as a tensor of nd axes, on the given one.
func (x *Tensor) lying(axis, nd int) *Tensor {
	shape := slices.Repeat([]int{1}, nd)
	shape[axis] = x.Size()
	return x.Reshape(shape...)
}

// Flip returns a view with the given axes reversed, or all if none is given.
func (x *Tensor) Flip(axes ...int) *Tensor {
	rs := slices.Repeat([]Range{All}, len(x.shape))
	for _, a := range x.axes("flip", axes) {
		rs[a] = All.By(-1)
	}
	return x.Slice(rs...)
}

// Rot90 turns the plane of two axes k times by 90 degrees, from the first axis towards the second.
func (x *Tensor) Rot90(k, a, b int) *Tensor {
	x.axes("rot90", []int{a, b})
	for range mod(k, 4) {
		x = x.Flip(b).SwapAxes(a, b)
	}
	return x
}

// MoveAxis returns a view in which an axis has moved to another position; the others keep their order.
func (x *Tensor) MoveAxis(from, to int) *Tensor {
	from, to = x.axis("moveAxis", from), x.axis("moveAxis", to)
	axes := slices.Delete(countTo(len(x.shape)), from, from+1)
	return x.Transpose(slices.Insert(axes, to, from)...)
}

func countTo(n int) []int {
	out := make([]int, n)
	for i := range out {
		out[i] = i
	}
	return out
}

// Roll shifts the elements along axes, those that leave one end enter at the other: element i of an axis moves to i+shift. There is
// one shift an axis; a single shift without axes rolls the flattened tensor.
func (x *Tensor) Roll(shifts []int, axes ...int) *Tensor {
	if len(axes) == 0 && len(shifts) == 1 {
		return x.Flatten().Roll(shifts, 0).Reshape(x.shape...)
	}
	if len(shifts) != len(axes) {
		Misuse("roll", fmt.Sprintf("%d shifts for %d axes", len(shifts), len(axes)), "", x)
	}
	for k, a := range axes {
		a = x.axis("roll", a)
		if n := x.shape[a]; n > 0 {
			cut := mod(-shifts[k], n)
			x = Concat(a, x.Slice(along(a, From(cut))...), x.Slice(along(a, Until(cut))...))
		}
	}
	return x
}

// Tile repeats x as a whole, reps times along each axis (NumPy's tile, PyTorch's repeat). The lists of lengths are
// aligned at the end, and missing ones are 1.
func (x *Tensor) Tile(reps ...int) *Tensor {
	shape := x.Shape()
	for len(shape) < len(reps) {
		shape = slices.Insert(shape, 0, 1)
	}
	checkShape("tile", reps)
	var apart, wide, out []int
	for i, d := range shape {
		r := 1
		if k := i - len(shape) + len(reps); k >= 0 {
			r = reps[k]
		}
		apart, wide, out = append(apart, 1, d), append(wide, r, d), append(out, r*d)
	}
	return x.Reshape(apart...).Expand(wide...).Reshape(out...).apart(x)
}

// Repeat repeats each element n times along an axis, or of the flattened tensor if none is given (NumPy's repeat, PyTorch's
// repeat_interleave): [a, b] -> [a, a, b, b].
func (x *Tensor) Repeat(n int, axis ...int) *Tensor {
	x, a := x.orFlat("repeat", axis)
	wide := slices.Insert(x.Shape(), a+1, n)
	shape := x.Shape()
	shape[a] *= n
	checkShape("repeat", wide)
	return x.Unsqueeze(a + 1).Expand(wide...).Reshape(shape...).apart(x)
}

// RepeatEach is Repeat with a count for each element of the axis, a vector of int64 or int32.
func (x *Tensor) RepeatEach(counts *Tensor, axis ...int) *Tensor {
	x, a := x.orFlat("repeatEach", axis)
	var idx []int
	if len(counts.shape) != 1 || counts.shape[0] != x.shape[a] || kindOf(counts.dt) != kindInt {
		Misuse("repeatEach", "wants one integer for each element of the axis", "", x, counts)
	}
	for i, n := range counts.Ints() {
		if n < 0 {
			Misuse("repeatEach", fmt.Sprintf("count %d is negative", n), "", x, counts)
		}
		idx = append(idx, slices.Repeat([]int{i}, n)...)
	}
	return x.Slice(along(a, Ints(idx...))...)
}

// orFlat is x and an axis of it, or x as a vector if no axis is given.
func (x *Tensor) orFlat(op string, axis []int) (*Tensor, int) {
	switch len(axis) {
	case 0:
		return x.Flatten(), 0
	case 1:
		return x, x.axis(op, axis[0])
	}
	Misuse(op, "wants one axis", "", x)
	return nil, 0
}

// Split cuts x along an axis into views of the given lengths, which must add up to its length.
func (x *Tensor) Split(axis int, lengths ...int) []*Tensor {
	a, start := x.axis("split", axis), 0
	out := make([]*Tensor, len(lengths))
	for i, n := range lengths {
		if n < 0 || start+n > x.shape[a] {
			break
		}
		out[i] = x.Narrow(a, start, n)
		start += n
	}
	if start != x.shape[a] || slices.Contains(out, nil) {
		Misuse("split", fmt.Sprintf("lengths %v do not add up to axis %d", lengths, axis), "use Chunk or ArraySplit for equal parts", x)
	}
	return out
}

// Chunk cuts x along an axis into at most n views of equal length, the last one shorter if need be, as PyTorch does; see ArraySplit.
func (x *Tensor) Chunk(axis, n int) []*Tensor {
	a := x.axis("chunk", axis)
	wantParts("chunk", n, x)
	d := x.shape[a]
	size := max(1, (d+n-1)/n)
	lengths := slices.Repeat([]int{size}, d/size)
	if d%size > 0 || d == 0 {
		lengths = append(lengths, d%size)
	}
	return x.Split(a, lengths...)
}

// ArraySplit cuts x along an axis into exactly n views whose lengths differ by at most one, the longer ones first, as
// NumPy does; see Chunk.
func (x *Tensor) ArraySplit(axis, n int) []*Tensor {
	a := x.axis("arraySplit", axis)
	wantParts("arraySplit", n, x)
	lengths := slices.Repeat([]int{x.shape[a] / n}, n)
	for i := range x.shape[a] % n {
		lengths[i]++
	}
	return x.Split(a, lengths...)
}

func wantParts(op string, n int, x *Tensor) {
	if n < 1 {
		Misuse(op, fmt.Sprintf("cannot make %d parts", n), "", x)
	}
}

// Unbind returns the entries of an axis as views without it.
func (x *Tensor) Unbind(axis int) []*Tensor {
	a := x.axis("unbind", axis)
	out := make([]*Tensor, x.shape[a])
	for i := range out {
		out[i] = x.Slice(along(a, I(i))...)
	}
	return out
}

// AtLeast1D gives a number an axis.
func (x *Tensor) AtLeast1D() *Tensor {
	if len(x.shape) == 0 {
		return x.Reshape(1)
	}
	return x
}

// AtLeast2D gives x two axes at least; a vector of length n becomes [1, n].
func (x *Tensor) AtLeast2D() *Tensor {
	if x = x.AtLeast1D(); len(x.shape) == 1 {
		return x.Unsqueeze(0)
	}
	return x
}

// AtLeast3D gives x three axes at least, as NumPy does: a vector of length n becomes [1, n, 1], a matrix [m, n, 1].
func (x *Tensor) AtLeast3D() *Tensor {
	if x = x.AtLeast2D(); len(x.shape) == 2 {
		return x.Unsqueeze(2)
	}
	return x
}

// mapped is f of each tensor, of which there must be one.
func mapped(op string, xs []*Tensor, f func(x *Tensor) *Tensor) []*Tensor {
	someTensors(op, xs)
	out := make([]*Tensor, len(xs))
	for i, x := range xs {
		out[i] = f(x)
	}
	return out
}

// HStack joins tensors along the second axis, vectors along the first.
func HStack(xs ...*Tensor) *Tensor {
	xs = mapped("hStack", xs, (*Tensor).AtLeast1D)
	return Concat(min(1, len(xs[0].shape)-1), xs...)
}

// VStack joins tensors along the first axis; a vector counts as a row.
func VStack(xs ...*Tensor) *Tensor { return Concat(0, mapped("vStack", xs, (*Tensor).AtLeast2D)...) }

// DStack joins tensors along the third axis, see AtLeast3D.
func DStack(xs ...*Tensor) *Tensor { return Concat(2, mapped("dStack", xs, (*Tensor).AtLeast3D)...) }

// ColumnStack joins tensors along the second axis; a vector counts as a column.
func ColumnStack(xs ...*Tensor) *Tensor {
	return Concat(1, mapped("columnStack", xs, func(x *Tensor) *Tensor {
		if len(x.shape) < 2 {
			return x.Reshape(-1, 1)
		}
		return x
	})...)
}

// BroadcastTensors stretches tensors to the shape that they broadcast to, without copying, see Expand.
func BroadcastTensors(xs ...*Tensor) []*Tensor { return stretched("broadcastTensors", xs) }

func stretched(op string, xs []*Tensor) []*Tensor {
	someTensors(op, xs)
	var shape []int
	for _, x := range xs {
		var ok bool
		if shape, ok = broadcastShapes(shape, x.shape); !ok {
			Misuse(op, "shapes do not broadcast", "lengths must be equal or 1, counted from the last axis", xs...)
		}
	}
	return mapped(op, xs, func(x *Tensor) *Tensor {
		if slices.Equal(x.shape, shape) {
			return x
		}
		return x.Expand(shape...)
	})
}

// Meshgrid returns the coordinates of a grid whose axes have the given vectors as coordinates, as views. With indexing "ij" axis i of
// the results belongs to vector i; with "xy", NumPy's default, the first two axes are exchanged, so that
// vectors of length n and m give matrices of m rows (13.4).
func Meshgrid(indexing string, xs ...*Tensor) []*Tensor {
	someTensors("meshgrid", xs)
	if indexing != "ij" && indexing != "xy" {
		Misuse("meshgrid", fmt.Sprintf("indexing is %q", indexing), `it must be "ij" or "xy"`, xs...)
	}
	lines := make([]*Tensor, len(xs))
	for i, x := range xs {
		if len(x.shape) > 1 {
			Misuse("meshgrid", "wants vectors", "", xs...)
		}
		a := i
		if indexing == "xy" && i < 2 && len(xs) > 1 {
			a = 1 - i
		}
		lines[i] = x.lying(a, len(xs))
	}
	return BroadcastTensors(lines...)
}
