// Package optest checks registered operations: gradients of first and second
// order against finite differences in float64, and the errors of wrong shapes.
// Every room that registers operations runs it in its tests.
package optest

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/fathom-ml/fathom/tensor"
)

const (
	step      = 1e-5
	tolerance = 1e-5
)

// Run checks every case of every entry.
func Run(t *testing.T, table []tensor.Entry) {
	for _, e := range table {
		right, wrong := 0, 0
		for i, c := range e.Cases {
			name := c.Name
			if name == "" {
				name = fmt.Sprint(i)
			}
			t.Run(e.Op.Name()+"/"+name, func(t *testing.T) {
				if c.Wrong {
					checkWrong(t, e.Op.Name(), c)
					return
				}
				checkGrad(t, c)
			})
			if c.Wrong {
				wrong++
			} else {
				right++
			}
		}
		if wrong == 0 && !e.AnyShape {
			t.Errorf("%s: no case with wrong shapes", e.Op.Name())
		}
		if right == 0 && !discrete(e.Op) {
			t.Errorf("%s: no case for the gradient check", e.Op.Name())
		}
	}
}

// discrete says whether a result of op is not a float: nothing to differentiate.
func discrete(op tensor.Op) bool {
	_, one := op.(tensor.ResultType)
	_, several := op.(tensor.ResultTypes)
	return one || several
}

func inputs(c tensor.Case) []*tensor.Tensor {
	lo, hi := c.Lo, c.Hi
	if lo == 0 && hi == 0 {
		lo, hi = 0.5, 2
	}
	r := rand.New(rand.NewPCG(7, 11))
	in := make([]*tensor.Tensor, len(c.In))
	for k, shape := range c.In {
		in[k] = tensor.ZerosOf(tensor.Float64, shape...)
		d := tensor.Data[float64](in[k])
		for i := range d {
			d[i] = lo + (hi-lo)*r.Float64()
		}
	}
	return in
}

// weigh makes one number of y that every element influences differently.
func weigh(y *tensor.Tensor) *tensor.Tensor {
	w := tensor.ZerosOf(y.DType(), y.Shape()...)
	d := tensor.Data[float64](w)
	for i := range d {
		d[i] = math.Cos(float64(i) + 0.5)
	}
	return y.Mul(w).Sum()
}

func leaves(in []*tensor.Tensor) []*tensor.Tensor {
	out := make([]*tensor.Tensor, len(in))
	for k, x := range in {
		out[k] = x.Detach().Clone().RequireGrad()
	}
	return out
}

// numeric differentiates f with respect to in[k] by central differences.
func numeric(f func(in []*tensor.Tensor) float64, in []*tensor.Tensor, k int) []float64 {
	d := tensor.Data[float64](in[k])
	g := make([]float64, len(d))
	for j, v := range d {
		d[j] = v + step
		a := f(in)
		d[j] = v - step
		b := f(in)
		d[j] = v
		g[j] = (a - b) / (2 * step)
	}
	return g
}

func near(t *testing.T, what string, got *tensor.Tensor, want []float64) {
	t.Helper()
	for j, g := range got.Float64s() {
		if w := want[j]; !(math.Abs(g-w) <= tolerance*(1+math.Abs(w))) {
			t.Errorf("%s, element %d: got %v, finite differences %v", what, j, g, w)
			return
		}
	}
}

func checkGrad(t *testing.T, c tensor.Case) {
	in := inputs(c)
	first := func(in []*tensor.Tensor) float64 { return weigh(c.F(in)).Item() }
	l := leaves(in)
	y := c.F(l)
	if !y.Recorded() {
		if numericZero(first, in) {
			return // a function without a gradient, such as sign
		}
		t.Fatal("the result is not recorded")
	}
	weigh(y).Backward()
	for k := range in {
		near(t, fmt.Sprint("gradient of operand ", k), l[k].Grad(), numeric(first, in, k))
	}

	// second order: the derivative of a number made of first derivatives
	second := func(l []*tensor.Tensor) *tensor.Tensor {
		y := weigh(c.F(l).Square()) // the square bends linear operations
		var s *tensor.Tensor
		for _, g := range tensor.GradOf(y, l, tensor.Create) {
			if g == nil {
				continue
			}
			if q := weigh(g); s == nil {
				s = q
			} else {
				s = s.Add(q)
			}
		}
		return s
	}
	l = leaves(in)
	var s *tensor.Tensor
	err := tensor.Try(func() {
		if s = second(l); s != nil && s.Recorded() {
			s.Backward()
		}
	})
	if c.Once {
		if err == nil || !strings.Contains(err.Error(), "second derivative") {
			t.Errorf("a second derivative must be refused, got %v", err)
		}
		return
	}
	if err != nil {
		t.Fatal("second derivative:", err)
	}
	if s == nil {
		return
	}
	value := func(in []*tensor.Tensor) float64 { return second(leaves(in)).Item() }
	for k := range in {
		near(t, fmt.Sprint("second derivative, operand ", k), l[k].Grad(), numeric(value, in, k))
	}
}

func numericZero(f func(in []*tensor.Tensor) float64, in []*tensor.Tensor) bool {
	for k := range in {
		for _, g := range numeric(f, in, k) {
			if g != 0 {
				return false
			}
		}
	}
	return true
}

// checkWrong wants a *tensor.Error that names the operation and the shapes of all operands.
func checkWrong(t *testing.T, name string, c tensor.Case) {
	in := inputs(c)
	var e *tensor.Error
	if err := tensor.Try(func() { c.F(in) }); !errors.As(err, &e) {
		t.Fatalf("no *tensor.Error but %v", err)
	}
	msg := e.Error()
	if e.Op != name {
		t.Errorf("the error does not name %s: %s", name, msg)
	}
	for _, x := range in {
		if !strings.Contains(msg, fmt.Sprint(x.Shape())) {
			t.Errorf("the error does not show shape %v: %s", x.Shape(), msg)
		}
	}
}
