package nn

import (
	"fmt"
	"slices"
	"strings"

	"github.com/fathom-ml/fathom/tensor"
)

// Lambda is a function without parameters, with a name for printing; [Func] is one without.
type Lambda struct {
	name string
	f    func(x *tensor.Tensor) *tensor.Tensor
}

// NewLambda makes a layer of a function. Layers that the function captures are not found by [Parameters].
func NewLambda(name string, f func(x *tensor.Tensor) *tensor.Tensor) *Lambda {
	return &Lambda{name, f}
}

// Forward calls the function.
func (l *Lambda) Forward(c *Ctx, x *tensor.Tensor) (out *tensor.Tensor) {
	defer c.ran(l, x, &out)
	return l.f(x)
}

// String is e.g. "Lambda(center)".
func (l *Lambda) String() string { return "Lambda(" + l.name + ")" }
func (l *Lambda) kind() string   { return l.name }

// Identity returns what it gets.
var Identity Layer = NewLambda("identity", func(x *tensor.Tensor) *tensor.Tensor { return x })

// Residual adds to what its body makes of x the input itself, or what a projection makes of it: f(x) + x, or f(x) + g(x)
// (7.6; He et al., 2016).
type Residual struct {
	Body       Layer
	Projection Layer // nil: x as it is
}

// NewResidual returns a residual block, e.g. nn.NewResidual(nn.Sequential{conv1, nn.ReLU, conv2}). A projection, of one or more
// layers, gives x the shape that the body has.
func NewResidual(body Layer, projection ...Layer) *Residual {
	l := &Residual{Body: body}
	switch len(projection) {
	case 0:
	case 1:
		l.Projection = projection[0]
	default:
		l.Projection = Sequential(projection)
	}
	return l
}

// Forward runs the body, then the projection. It panics if the two have different shapes.
func (l *Residual) Forward(c *Ctx, x *tensor.Tensor) (out *tensor.Tensor) {
	defer c.ran(l, x, &out)
	y := c.Chain(x, l.Body)
	if l.Projection != nil {
		x = l.Projection.Forward(c, x)
	}
	if !slices.Equal(x.Shape(), y.Shape()) {
		tensor.Misuse("residual", "the body and what is added to it have different shapes", "give NewResidual a projection of x", y, x)
	}
	return y.Add(x)
}

// String shows body and projection, indented.
func (l *Residual) String() string {
	lines := []string{"Body", describeAny(l.Body)}
	if l.Projection != nil {
		lines = append(lines, "Projection", describeAny(l.Projection))
	}
	return nested("Residual", lines...)
}

// Concat runs branches side by side on the same input and concatenates their results (7.4).
type Concat struct {
	Axis     int
	Branches []Layer
}

// NewConcat returns a layer that concatenates the results of its branches along an axis: 1 for the channels of images.
// It panics without branches.
func NewConcat(axis int, branches ...Layer) *Concat {
	if len(branches) == 0 {
		panic(&tensor.Error{Op: "nn.NewConcat", Msg: "no branches"})
	}
	return &Concat{axis, branches}
}

// Forward runs the branches in order. It panics if their results differ on another axis.
func (l *Concat) Forward(c *Ctx, x *tensor.Tensor) (out *tensor.Tensor) {
	defer c.ran(l, x, &out)
	ys := make([]*tensor.Tensor, len(l.Branches))
	for i, b := range l.Branches {
		ys[i] = c.Chain(x, b)
	}
	return tensor.Concat(l.Axis, ys...)
}

// String shows the branches, indented.
func (l *Concat) String() string {
	var lines []string
	for i, b := range l.Branches {
		lines = append(lines, fmt.Sprint(i), describeAny(b))
	}
	return nested(fmt.Sprintf("Concat(axis=%d)", l.Axis), lines...)
}

// nested prints pairs of a name and a text, indented below a title.
func nested(title string, pairs ...string) string {
	var b strings.Builder
	b.WriteString(title + "(\n")
	for i := 0; i < len(pairs); i += 2 {
		fmt.Fprintf(&b, "  (%s): %s\n", pairs[i], strings.ReplaceAll(pairs[i+1], "\n", "\n  "))
	}
	b.WriteString(")")
	return b.String()
}

// describeAny is describe for a layer that may be nil.
func describeAny(l Layer) string {
	if l == nil {
		return "nil"
	}
	return describe(l)
}
