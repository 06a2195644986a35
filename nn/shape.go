package nn

import (
	"fmt"
	"strings"

	"github.com/fathom-ml/fathom/tensor"
)

// FlattenAxes folds neighbouring axes into one.
type FlattenAxes struct{ Start, End int }

// Flatten folds all axes after the first into one: [n, c, h, w] -> [n, c*h*w].
var Flatten Layer = &FlattenAxes{1, -1}

// NewFlatten returns a layer that folds the axes from start to end, both included, into one; a negative number counts from
// the last axis. NewFlatten(1, -1) is [Flatten].
func NewFlatten(start, end int) *FlattenAxes { return &FlattenAxes{start, end} }

// Forward folds the axes of x. It panics if x does not have them.
func (l *FlattenAxes) Forward(c *Ctx, x *tensor.Tensor) (out *tensor.Tensor) {
	defer c.ran(l, x, &out)
	if l.Start == 1 && l.End == -1 {
		return x.FlattenFrom(1)
	}
	shape := x.Shape()
	from, to := axisOf(l.Start, len(shape)), axisOf(l.End, len(shape))
	if from < 0 || to < from || to >= len(shape) {
		tensor.Misuse("flatten", fmt.Sprintf("there are no axes %d to %d", l.Start, l.End), "", x)
	}
	return x.Reshape(append(append(shape[:from:from], length(shape[from:to+1])), shape[to+1:]...)...)
}

// String is "Flatten", or e.g. "Flatten(2, -1)".
func (l *FlattenAxes) String() string {
	if l.Start == 1 && l.End == -1 {
		return "Flatten"
	}
	return fmt.Sprintf("Flatten(%d, %d)", l.Start, l.End)
}

func (l *FlattenAxes) kind() string { return "flatten" }

// axisOf is the number of an axis that may be counted from the last.
func axisOf(axis, n int) int {
	if axis < 0 {
		axis += n
	}
	return axis
}

// length is the number of elements of a shape.
func length(shape []int) int {
	n := 1
	for _, d := range shape {
		n *= d
	}
	return n
}

// Reshape gives its input another shape.
type Reshape struct{ Lengths []int }

// NewReshape returns a layer that reshapes to the given lengths; 0 keeps the length of that axis, as in Gluon, and one -1 is
// what is left: NewReshape(0, 3, -1) makes [n, 12] into [n, 3, 4]. It panics on numbers below -1 and on more than one -1.
func NewReshape(lengths ...int) *Reshape {
	rest := 0
	for _, d := range lengths {
		if d == -1 {
			rest++
		}
		if d < -1 || rest > 1 {
			panic(&tensor.Error{Op: "nn.NewReshape", Msg: fmt.Sprintf("cannot reshape to %v", lengths)})
		}
	}
	return &Reshape{lengths}
}

// Forward reshapes x. It panics if the lengths do not fit.
func (l *Reshape) Forward(c *Ctx, x *tensor.Tensor) (out *tensor.Tensor) {
	defer c.ran(l, x, &out)
	shape := make([]int, len(l.Lengths))
	for i, d := range l.Lengths {
		if d == 0 {
			if i >= x.NDim() {
				tensor.Misuse("reshape", fmt.Sprintf("there is no axis %d to keep: %v", i, l.Lengths), "", x)
			}
			d = x.Dim(i)
		}
		shape[i] = d
	}
	return x.Reshape(shape...)
}

// String is e.g. "Reshape(0, 3, -1)".
func (l *Reshape) String() string { return "Reshape" + list(l.Lengths) }

// Unflatten splits an axis into several, the opposite of [FlattenAxes].
type Unflatten struct {
	Axis    int
	Lengths []int
}

// NewUnflatten returns a layer that splits an axis into axes of the given lengths, of which one may be -1:
// NewUnflatten(1, 3, -1) makes [n, 12] into [n, 3, 4].
func NewUnflatten(axis int, lengths ...int) *Unflatten { return &Unflatten{axis, lengths} }

// Forward splits the axis of x. It panics if the lengths do not fit.
func (l *Unflatten) Forward(c *Ctx, x *tensor.Tensor) (out *tensor.Tensor) {
	defer c.ran(l, x, &out)
	return x.Unflatten(l.Axis, l.Lengths...)
}

// String is e.g. "Unflatten(1, [3, -1])".
func (l *Unflatten) String() string {
	return fmt.Sprintf("Unflatten(%d, [%s])", l.Axis, strings.Trim(list(l.Lengths), "()"))
}

// list prints numbers as arguments: (0, 3, -1).
func list(d []int) string {
	return "(" + strings.Trim(strings.ReplaceAll(fmt.Sprint(d), " ", ", "), "[]") + ")"
}
