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

// The kinds of elements. NumPy has no bfloat16; it is printed like the other floats, with the
// digits that its 8 bits need.
const (
	Float32 Kind = iota
	Float64
	Int
	Bool
	Float16
	BFloat16
	Complex64
	Complex128
)

// Array is what can be printed: the elements of an array in row-major order.
type Array struct {
	Shape   []int
	Kind    Kind
	DType   string                    // NumPy's name of the element type, e.g. "int64"
	Float   func(flat int) float64    // element of an array of floats
	Int     func(flat int) int64      // element of an Int or Bool array
	Complex func(flat int) complex128 // element of a complex array
}

// Options are NumPy's print options. A field left zero is NumPy's default.
type Options struct {
	Precision int    // digits after the point, 8; negative: none
	Threshold int    // more elements than this are summarised, 1000; negative: any
	EdgeItems int    // elements at each end of a summarised axis, 3
	LineWidth int    // characters of a line, 75
	Suppress  bool   // no exponents for the sake of small numbers
	Sign      string // of positive floats: "-" (none), "+", or " "
	FloatMode string // "maxprec", "fixed", "unique" or "maxprec_equal"
	NaN, Inf  string // "nan", "inf"
}

// maxPrecision is more digits than any float has.
const maxPrecision = 1100

// filled puts the defaults into the fields left zero.
func (o Options) filled() Options {
	number := func(v *int, def int) {
		if *v == 0 {
			*v = def
		}
		*v = max(*v, 0)
	}
	word := func(v *string, def string) {
		if *v == "" {
			*v = def
		}
	}
	number(&o.Precision, 8)
	number(&o.Threshold, 1000)
	number(&o.EdgeItems, 3)
	number(&o.LineWidth, 75)
	o.Precision, o.EdgeItems = min(o.Precision, maxPrecision), max(o.EdgeItems, 1)
	word(&o.Sign, "-")
	word(&o.FloatMode, "maxprec")
	word(&o.NaN, "nan")
	word(&o.Inf, "inf")
	return o
}

// Str is NumPy's str(a): "[0. 1. 2.]", and "28.0" for an array without axes, which the options
// do not change.
func Str(a Array, o Options) string {
	if len(a.Shape) == 0 {
		return a.scalar()
	}
	o = o.filled()
	return a.layout(o, o.LineWidth, " ", " ")
}

// Repr is NumPy's repr(a) with the framework's rule for the element type:
// float32, its default, and bool go without saying, all others are named:
// "array([0., 1., 2.])", "array([0, 1], dtype=int64)".
func Repr(a Array, o Options) string {
	const prefix = "array("
	o = o.filled()
	s := prefix
	switch {
	case a.size() > 0 && len(a.Shape) == 0:
		s += a.words([]int{0}, o)[0]
	case a.size() > 0 || len(a.Shape) == 1:
		s += a.layout(o, o.LineWidth-len(")"), ", ", strings.Repeat(" ", len(prefix)+1))
	default:
		dims := strings.ReplaceAll(fmt.Sprint(a.Shape), " ", ", ")
		s += "[], shape=(" + dims[1:len(dims)-1] + ")"
	}
	switch {
	case a.Kind == Float32, a.Kind == Bool && a.size() > 0:
		return s + ")"
	case a.Kind == Float64, a.Kind == Complex128, a.DType == "int64": // NumPy itself does not name these
		return s + ", dtype=" + a.DType + ")"
	}
	s += ","
	name := "dtype=" + a.DType + ")"
	if len(s)-(strings.LastIndexByte(s, '\n')+1)+len(name)+1 > o.LineWidth {
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
