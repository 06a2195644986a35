// Package oracle reads the cases that the scripts in tools/oracle computed with PyTorch
// and NumPy and holds operations against them: values and gradients, in
// float64 and float32, on contiguous operands and on views.
package oracle

import (
	"compress/gzip"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/fathom-ml/fathom/tensor"
)

// A Case is one use of an operation.
type Case struct {
	Op    string
	In    []Array
	Out   Array
	Outs  []Array   // of an operation with several results; the first is differentiated
	DY    *string   // weights of the elements of the (first) result
	Grads []*string // gradients of sum(dy*out), nil for operands without

	// Attributes
	Axes                          []int
	Keep                          bool
	Ints                          []int
	Floats                        []float64
	Ranges                        [][]any
	Name                          string
	Stride, Pad, Dilation, Window [2]int
	Groups                        int
	Args                          []any          // of a Call
	KW                            map[string]any // of a Call

	Only []string   // float64 or float32: run in that alone, with the dtypes of operands and results as they are
	RTol [2]float64 // a tolerance of its own, for float64 and float32
	Each bool       // each number is held to its own size, denormal ones too

	Signs bool // zeros are compared with their signs
	Fails bool // the call is misuse
}

// An Array is an operand or a result.
type Array struct {
	Shape []int
	DType string
	Data  string
}

// Slices are the case's Ranges.
func (c Case) Slices() []tensor.Range {
	var rs []tensor.Range
	num := func(v any) int { return int(v.(float64)) }
	for _, r := range c.Ranges {
		if r[0] == "i" {
			rs = append(rs, tensor.I(num(r[1])))
			continue
		}
		var q tensor.Range
		switch {
		case r[1] == nil && r[2] == nil:
			q = tensor.All
		case r[1] == nil:
			q = tensor.Until(num(r[2]))
		case r[2] == nil:
			q = tensor.From(num(r[1]))
		default:
			q = tensor.R(num(r[1]), num(r[2]))
		}
		if step := num(r[3]); step != 1 {
			q = q.By(step)
		}
		rs = append(rs, q)
	}
	return rs
}

// Func computes the result of a case.
type Func func(c Case, in []*tensor.Tensor) *tensor.Tensor

// Run holds funcs against all cases of a file. Every operation of the file must
// have a function, and every function a case.
func Run(t *testing.T, path string, funcs map[string]Func) {
	several := map[string]Funcs{}
	for name, f := range funcs {
		several[name] = func(c Case, in []*tensor.Tensor) []*tensor.Tensor { return []*tensor.Tensor{f(c, in)} }
	}
	RunAll(t, path, several)
}

// Funcs computes the results of a case.
type Funcs func(c Case, in []*tensor.Tensor) []*tensor.Tensor

// RunAll is Run for operations with any number of results.
func RunAll(t *testing.T, path string, funcs map[string]Funcs) {
	cases := read(t, path)
	seen := map[string]int{}
	for _, c := range cases {
		f := funcs[c.Op]
		seen[c.Op]++
		if f == nil {
			t.Errorf("no function for %s", c.Op)
			continue
		}
		t.Run(fmt.Sprint(c.Op, "/", seen[c.Op]), func(t *testing.T) {
			ran := false
			for _, dt := range []tensor.DType{tensor.Float64, tensor.Float32} {
				if c.Only == nil || slices.Contains(c.Only, dt.String()) {
					ran = true
					c.check(t, f, dt, false)
					if !c.Fails {
						c.check(t, f, dt, true)
					}
				}
			}
			if !ran {
				t.Errorf("a case that runs in neither float64 nor float32 but in %v checks nothing", c.Only)
			}
		})
	}
	for op := range funcs {
		if seen[op] == 0 {
			t.Errorf("no case for %s", op)
		}
	}
}

func read(t *testing.T, path string) (cases []Case) {
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.NewDecoder(z).Decode(&cases); err != nil {
		t.Fatal(err)
	}
	return cases
}

func (c Case) check(t *testing.T, f Funcs, dt tensor.DType, views bool) {
	t.Helper()
	how := dt.String()
	if views {
		how += " views"
	}
	in := make([]*tensor.Tensor, len(c.In))
	for i, a := range c.In {
		in[i] = a.tensor(t, dt)
		if views {
			in[i] = reversed(in[i])
		}
		if c.DY != nil && c.Grads[i] != nil {
			in[i].RequireGrad()
		}
	}
	outs := c.Outs
	if outs == nil {
		outs = []Array{c.Out}
	}
	var ys []*tensor.Tensor
	err := tensor.Try(func() { ys = f(c, in) })
	if c.Fails {
		if err == nil {
			t.Errorf("%s: got %v, want a panic: %s", how, ys, c.Name)
		}
		return
	}
	if err != nil {
		t.Errorf("%s: %v", how, err)
		return
	}
	if len(ys) != len(outs) {
		t.Errorf("%s: %d results, want %d", how, len(ys), len(outs))
		return
	}
	for k, out := range outs {
		c.checkValue(t, fmt.Sprint(how, " value ", k), ys[k], out, dt)
	}
	if c.DY == nil || t.Failed() {
		return
	}
	y := ys[0]
	dy := tensor.Of(numbers(t, *c.DY)).Reshape(y.Shape()...).AsType(y.DType())
	if err := tensor.Try(func() { y.Mul(dy).Sum().Backward() }); err != nil {
		t.Errorf("%s: %v", how, err)
		return
	}
	for i, g := range c.Grads {
		if g != nil {
			c.compare(t, fmt.Sprintf("%s gradient %d", how, i), in[i].Grad().Float64s(), numbers(t, *g), dt)
		}
	}
}

// narrow is the name of a float64 or complex128 dtype at the precision of the run.
func narrow(name string, dt tensor.DType) string {
	if dt == tensor.Float32 {
		switch name {
		case "float64":
			return "float32"
		case "complex128":
			return "complex64"
		}
	}
	return name
}

func (c Case) checkValue(t *testing.T, what string, y *tensor.Tensor, out Array, dt tensor.DType) {
	t.Helper()
	want := narrow(out.DType, dt)
	if c.Only != nil {
		want = out.DType
	}
	if !slices.Equal(y.Shape(), out.Shape) || y.DType().String() != want {
		t.Errorf("%s: got %v %v, want %v %v", what, y.DType(), y.Shape(), want, out.Shape)
		return
	}
	var got []float64
	if y.DType().IsComplex() {
		for _, v := range y.Complex128s() {
			got = append(got, real(v), imag(v))
		}
	} else {
		got = y.Float64s()
	}
	numbers := numbers(t, out.Data)
	c.compare(t, what, got, numbers, dt)
	for i, w := range numbers {
		if c.Signs && w == 0 && !t.Failed() && math.Signbit(w) != math.Signbit(got[i]) {
			t.Errorf("%s: element %d is %v, want %v", what, i, got[i], w)
		}
	}
}

// compare wants close numbers: relative to the number itself, to the largest
// number of the array, whose rounding may have reached all others, or to 1, for
// what is left where large numbers cancel.
func (c Case) compare(t *testing.T, what string, got, want []float64, dt tensor.DType) {
	t.Helper()
	tolerance, floor := 1e-11, 1e-20
	if dt == tensor.Float32 {
		tolerance, floor = 3e-5, 1e-12
	}
	if r := c.RTol; r[0] != 0 {
		tolerance = r[0]
		if dt == tensor.Float32 {
			tolerance = r[1]
		}
	}
	if len(got) != len(want) {
		t.Errorf("%s: %d numbers, want %d", what, len(got), len(want))
		return
	}
	scale := 0.0
	if c.Each {
		floor = 1e-323
		if dt == tensor.Float32 {
			floor = 2e-45
		}
	}
	for _, v := range want {
		if !c.Each && !math.IsInf(v, 0) && !math.IsNaN(v) {
			scale = max(scale, math.Abs(v))
		}
	}
	for i, w := range want {
		g := got[i]
		if dt == tensor.Float32 {
			w = float64(float32(w)) // may be infinite
		}
		same := g == w || math.IsNaN(g) && math.IsNaN(w)
		if !same && !(math.Abs(g-w) <= tolerance*(math.Abs(w)+0.1*scale)+floor) {
			t.Errorf("%s: element %d is %v, want %v", what, i, g, w)
			return
		}
	}
}

// tensor is the operand; its floats get the dtype of the run.
func (a Array) tensor(t *testing.T, dt tensor.DType) *tensor.Tensor {
	x := tensor.Of(numbers(t, a.Data))
	if a.DType == "complex64" || a.DType == "complex128" {
		x = x.Reshape(-1, 2)
		x = tensor.Complex(x.Slice(tensor.All, tensor.I(0)), x.Slice(tensor.All, tensor.I(1)))
	}
	return x.Reshape(a.Shape...).AsType(DType(t, narrow(a.DType, dt)))
}

// DType is the dtype of a name.
func DType(t *testing.T, name string) tensor.DType {
	t.Helper()
	for dt := tensor.Float32; dt <= tensor.Complex128; dt++ {
		if dt.String() == name {
			return dt
		}
	}
	t.Fatalf("no dtype is called %q", name)
	return 0
}

// reversed is x on memory in which its axes lie in the opposite order, every
// second element unused.
func reversed(x *tensor.Tensor) *tensor.Tensor {
	shape := x.Shape()
	slices.Reverse(shape)
	m := tensor.ZerosOf(x.DType(), append(shape, 2)...)
	v := m.Slice(append(slices.Repeat([]tensor.Range{tensor.All}, len(shape)), tensor.I(1))...).Transpose()
	v.CopyFrom(x)
	return v
}

func numbers(t *testing.T, s string) []float64 {
	words := strings.Fields(s)
	x := make([]float64, len(words))
	for i, w := range words {
		v, err := strconv.ParseFloat(w, 64)
		if err != nil {
			t.Fatal(err)
		}
		x[i] = v
	}
	return x
}
