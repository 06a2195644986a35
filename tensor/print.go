package tensor

import (
	"fmt"
	"slices"
	"sync/atomic"

	"github.com/fathom-ml/fathom/internal/numfmt"
)

// PrintOptions are NumPy's options for printing. A field left zero means NumPy's default, so that
// PrintOptions{Precision: 4} changes one thing. String of a 0-d tensor is that of a number in Python and
// minds none of them, as in NumPy.
type PrintOptions struct {
	Precision int    // digits after the point of a float, 8; negative: none
	Threshold int    // more elements than this are summarised, 1000; negative: any
	EdgeItems int    // elements shown at each end of a summarised axis, 3
	LineWidth int    // characters of a line, 75
	Suppress  bool   // no exponents for the sake of small numbers: 0.00001 is 0.00001, or 0.
	Sign      string // before floats that are not negative: "-" (nothing), "+" or " "
	FloatMode string // "maxprec": Precision digits at most; "fixed": always; "unique": as many as a number needs; "maxprec_equal"
	NaN, Inf  string // how these are written: "nan", "inf"
}

// check returns o in the printer's form; it panics on words that are not among the choices.
func (o PrintOptions) check(op string) numfmt.Options {
	if !slices.Contains([]string{"", "-", "+", " "}, o.Sign) {
		Misuse(op, fmt.Sprintf("sign %q", o.Sign), `it is "-", "+" or " "`)
	}
	if !slices.Contains([]string{"", "maxprec", "fixed", "unique", "maxprec_equal"}, o.FloatMode) {
		Misuse(op, fmt.Sprintf("float mode %q", o.FloatMode), "it is maxprec, fixed, unique or maxprec_equal")
	}
	return numfmt.Options(o)
}

var printOptions atomic.Pointer[PrintOptions]

func init() { printOptions.Store(new(PrintOptions)) }

// SetPrintOptions sets the options of String, Repr and Format for the whole process and returns those
// that held before: defer tensor.SetPrintOptions(tensor.SetPrintOptions(o)). Unlike NumPy's, it
// sets all of them. It is safe for concurrent use. It panics on a sign or float mode that does not exist.
func SetPrintOptions(o PrintOptions) (old PrintOptions) {
	o.check("setPrintOptions")
	return *printOptions.Swap(&o)
}

// printable is x as the printer sees it; only the elements that are shown are read.
func (x *Tensor) printable() numfmt.Array {
	c := x.Detach()
	where := func(flat int) (off int) {
		for a := len(c.shape) - 1; a >= 0; a-- {
			off += flat % c.shape[a] * c.strides[a]
			flat /= c.shape[a]
		}
		return off
	}
	kind := map[DType]numfmt.Kind{Float32: numfmt.Float32, Float64: numfmt.Float64, Float16: numfmt.Float16, BFloat16: numfmt.BFloat16,
		Complex64: numfmt.Complex64, Complex128: numfmt.Complex128, Bool: numfmt.Bool}
	a := numfmt.Array{Shape: c.shape, DType: c.dt.String(), Kind: numfmt.Int}
	if k, ok := kind[c.dt]; ok {
		a.Kind = k
	}
	a.Float = func(i int) float64 { return c.at(where(i)) }
	a.Int = func(i int) int64 { return c.intAt(where(i)) }
	if c.dt.IsComplex() {
		re, im := c.Real(), c.Imag()
		a.Complex = func(i int) complex128 { return complex(re.at(2*where(i)), im.at(2*where(i))) }
	}
	return a
}

// String is NumPy's plain form, as Python's print shows it: [0. 1.], a row a line, columns
// aligned, 8 significant digits, the middle left out of more than 1000 elements; see [SetPrintOptions].
func (x *Tensor) String() string { return x.StringWith(*printOptions.Load()) }

// StringWith is String with options of its own.
func (x *Tensor) StringWith(o PrintOptions) string {
	return numfmt.Str(x.printable(), o.check("stringWith"))
}

// Repr is the form that a notebook shows for a value: array([0., 1.]), with the dtype unless it is float32 or bool.
func (x *Tensor) Repr() string { return x.ReprWith(*printOptions.Load()) }

// ReprWith is Repr with options of its own.
func (x *Tensor) ReprWith(o PrintOptions) string {
	return numfmt.Repr(x.printable(), o.check("reprWith"))
}

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
		x.Item() // there is one
		fmt.Fprintf(f, fmt.FormatString(f, verb), x.intAt(0))
	default:
		if x.dt.IsComplex() && x.Size() == 1 {
			fmt.Fprintf(f, fmt.FormatString(f, verb), x.Complex128s()[0])
			return
		}
		fmt.Fprintf(f, fmt.FormatString(f, verb), x.Item())
	}
}
