package tensor

import (
	"fmt"

	"github.com/fathom-ml/fathom/internal/numfmt"
)

// printable is x as the printer sees it.
func (x *Tensor) printable() numfmt.Array {
	c := x.Detach()
	if !c.IsContiguous() {
		c = c.Clone()
	}
	a := numfmt.Array{Shape: c.shape, DType: c.dt.String()}
	a.Float = c.at
	a.Int = func(i int) int64 { return int64(c.at(i)) }
	switch c.dt {
	case Float32:
		a.Kind = numfmt.Float32
	case Float64:
		a.Kind = numfmt.Float64
	case Bool:
		a.Kind = numfmt.Bool
	case Int64:
		d := raw[int64](c)
		a.Kind, a.Int = numfmt.Int, func(i int) int64 { return d[i] }
	default:
		a.Kind = numfmt.Int
	}
	return a
}

// String is NumPy's plain form, as Python's print shows it: [0. 1.], a row a line, columns
// aligned, 8 significant digits, the middle left out of more than 1000 elements.
func (x *Tensor) String() string { return numfmt.Str(x.printable()) }

// Repr is the form that a notebook shows for a value: array([0., 1.]), with the
// dtype unless it is float32 or bool.
func (x *Tensor) Repr() string { return numfmt.Repr(x.printable()) }

// GoString is Repr, so that %#v prints it.
func (x *Tensor) GoString() string { return x.Repr() }

// Format prints the form of String for %v and %s and that of Repr for %#v. A tensor with one
// element also takes the verbs of numbers: fmt.Printf("%.3f", loss).
func (x *Tensor) Format(f fmt.State, verb rune) {
	switch verb {
	case 'v', 's':
		if f.Flag('#') {
			fmt.Fprint(f, x.Repr())
			return
		}
		fmt.Fprint(f, x.String())
	case 'd':
		fmt.Fprintf(f, fmt.FormatString(f, verb), int(x.Item()))
	default:
		fmt.Fprintf(f, fmt.FormatString(f, verb), x.Item())
	}
}
