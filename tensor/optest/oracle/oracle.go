// Package oracle reads the cases that tools/oracle/ops.py computed with PyTorch
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
	DY    *string   // weights of the elements of the result
	Grads []*string // gradients of sum(dy*out), nil for operands without

	// Attributes
	Axes                          []int
	Keep                          bool
	Floats                        []float64
	Ranges                        [][]any
	Name                          string
	Stride, Pad, Dilation, Window [2]int
	Groups                        int
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
			c.check(t, f, tensor.Float64, false)
			c.check(t, f, tensor.Float64, true)
			if c.Op != "astype" {
				c.check(t, f, tensor.Float32, false)
				c.check(t, f, tensor.Float32, true)
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

func (c Case) check(t *testing.T, f Func, dt tensor.DType, views bool) {
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
	var y *tensor.Tensor
	if err := tensor.Try(func() { y = f(c, in) }); err != nil {
		t.Errorf("%s: %v", how, err)
		return
	}
	want := c.Out.DType
	if want == "float64" && c.Op != "astype" {
		want = dt.String()
	}
	if !slices.Equal(y.Shape(), c.Out.Shape) || y.DType().String() != want {
		t.Errorf("%s: got %v %v, want %v %v", how, y.DType(), y.Shape(), want, c.Out.Shape)
		return
	}
	c.compare(t, how+" value", y.Float64s(), numbers(t, c.Out.Data), dt)
	if c.DY == nil || t.Failed() {
		return
	}
	dy := tensor.Of(numbers(t, *c.DY), c.Out.Shape...).AsType(y.DType())
	if len(c.Out.Shape) == 0 {
		dy = dy.Reshape()
	}
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

// compare wants close numbers: relative to the number itself, to the largest
// number of the array, whose rounding may have reached all others, or to 1, for
// what is left where large numbers cancel.
func (c Case) compare(t *testing.T, what string, got, want []float64, dt tensor.DType) {
	t.Helper()
	tolerance, floor := 1e-11, 1e-20
	if dt == tensor.Float32 {
		tolerance, floor = 3e-5, 1e-12
	}
	if len(got) != len(want) {
		t.Errorf("%s: %d numbers, want %d", what, len(got), len(want))
		return
	}
	scale := 0.0
	for _, v := range want {
		if !math.IsInf(v, 0) && !math.IsNaN(v) {
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
	x := tensor.Of(numbers(t, a.Data)).Reshape(a.Shape...)
	types := map[string]tensor.DType{"float64": dt, "float32": tensor.Float32, "int64": tensor.Int64,
		"int32": tensor.Int32, "uint8": tensor.Uint8, "bool": tensor.Bool}
	return x.AsType(types[a.DType])
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
