// Package numfmt prints arrays as NumPy 1.2x prints them, digit for digit and
// blank for blank, so that the output of a lesson can be held against a page of
// the book. It knows nothing of tensors: an [Array] is a shape and a function
// that gives the elements.
package numfmt

import (
	"fmt"
	"strings"
)

// Kind says which of NumPy's formats the elements want.
type Kind uint8

// The kinds of elements.
const (
	Float32 Kind = iota
	Float64
	Int
	Bool
)

// Array is what can be printed: the elements of an array in row-major order.
type Array struct {
	Shape []int
	Kind  Kind
	DType string                 // NumPy's name of the element type, e.g. "int64"
	Float func(flat int) float64 // element of a Float32 or Float64 array
	Int   func(flat int) int64   // element of an Int or Bool array
}

// NumPy's default print options.
const (
	lineWidth = 75
	threshold = 1000 // more elements than this are summarised
	edgeItems = 3    // elements at each end of a summarised axis
	precision = 8    // digits after the point
)

// Str is NumPy's str(a): "[0. 1. 2.]", and "28.0" for an array without axes.
func Str(a Array) string {
	if len(a.Shape) == 0 {
		return a.scalar()
	}
	return a.layout(lineWidth, " ", " ")
}

// Repr is NumPy's repr(a) with the framework's rule for the element type:
// float32, its default, and bool go without saying, all others are named:
// "array([0., 1., 2.])", "array([0, 1], dtype=int64)".
func Repr(a Array) string {
	const prefix = "array("
	s := prefix
	switch {
	case a.size() > 0 && len(a.Shape) == 0:
		s += a.words([]int{0})[0]
	case a.size() > 0 || len(a.Shape) == 1:
		s += a.layout(lineWidth-len(")"), ", ", strings.Repeat(" ", len(prefix)+1))
	default:
		dims := strings.ReplaceAll(fmt.Sprint(a.Shape), " ", ", ")
		s += "[], shape=(" + dims[1:len(dims)-1] + ")"
	}
	switch {
	case a.Kind == Float32, a.Kind == Bool && a.size() > 0:
		return s + ")"
	case a.Kind == Float64 || a.DType == "int64": // NumPy itself does not name these
		return s + ", dtype=" + a.DType + ")"
	}
	s += ","
	name := "dtype=" + a.DType + ")"
	if len(s)-(strings.LastIndexByte(s, '\n')+1)+len(name)+1 > lineWidth {
		return s + "\n" + strings.Repeat(" ", len(prefix)) + name
	}
	return s + " " + name
}

func (a Array) size() int {
	n := 1
	for _, d := range a.Shape {
		n *= d
	}
	return n
}

// layout arranges the elements in nested brackets. Each line but the first
// starts with the hanging blanks.
func (a Array) layout(width int, separator, hanging string) string {
	if a.size() == 0 {
		return "[]"
	}
	l := layouter{shape: a.Shape, separator: separator, summarise: a.size() > threshold}
	l.words = a.words(l.shown(nil, 0, 0))
	l.block(0, hanging, width)
	return l.out.String()
}

// layouter writes the elements of one array.
type layouter struct {
	shape     []int
	separator string
	summarise bool
	words     []string // the elements still to be written
	out       strings.Builder
}

// gap is the position on an axis where dots stand for what is left out, and
// the number of positions left out; a gap of 0 positions is none.
func (l *layouter) gap(axis int) (at, skip int) {
	if n := l.shape[axis]; l.summarise && n > 2*edgeItems {
		return edgeItems, n - 2*edgeItems
	}
	return -1, 0
}

// shown appends the flat indices of the elements that are printed.
func (l *layouter) shown(to []int, axis, flat int) []int {
	if axis == len(l.shape) {
		return append(to, flat)
	}
	at, skip := l.gap(axis)
	for i := 0; i < l.shape[axis]; i++ {
		if i == at {
			i += skip
		}
		to = l.shown(to, axis+1, flat*l.shape[axis]+i)
	}
	return to
}

// block writes one bracket: the axes from axis on. The opening bracket stands
// where the last of the hanging blanks would.
func (l *layouter) block(axis int, hanging string, width int) {
	l.out.WriteByte('[')
	if axis == len(l.shape)-1 {
		l.row(axis, hanging, width-1)
	} else {
		next := strings.TrimRight(l.separator, " ") + strings.Repeat("\n", len(l.shape)-axis-1) + hanging
		at, skip := l.gap(axis)
		for i := 0; i < l.shape[axis]; i++ {
			if i > 0 {
				l.out.WriteString(next)
			}
			if i == at {
				l.out.WriteString("..." + next)
				i += skip
			}
			l.block(axis+1, hanging+" ", width-1)
		}
	}
	l.out.WriteByte(']')
}

// row writes the elements of the last axis, broken into lines of the width.
func (l *layouter) row(axis int, hanging string, width int) {
	at, skip := l.gap(axis)
	line := hanging // the blanks stand for what is already written
	start := len(hanging)
	put := func(word string) {
		if len(line)+len(word) > width && len(line) > len(hanging) {
			l.out.WriteString(strings.TrimRight(line[start:], " ") + "\n")
			line, start = hanging, 0
		}
		line += word + l.separator
	}
	for i := 0; i < l.shape[axis]; i++ {
		if i == at {
			put("...")
			i += skip
		}
		put(l.words[0])
		l.words = l.words[1:]
	}
	l.out.WriteString(strings.TrimSuffix(line[start:], l.separator))
}
