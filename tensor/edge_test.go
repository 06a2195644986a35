package tensor_test

import (
	"errors"
	"math"
	"strings"
	"testing"

	. "github.com/fathom-ml/fathom/tensor"
)

// TestPowAtZero wants the gradients of PyTorch where b a^(b-1) and y ln a are 0 times infinity.
func TestPowAtZero(t *testing.T) {
	a, b := Of([]float32{0, 0, 0, 2}).RequireGrad(), Of([]float32{0, 1, 2, 3}).RequireGrad()
	a.Pow(b).Backward()
	wantString(t, a.Grad(), "[ 0.  1.  0. 12.]")
	if g := b.Grad(); !AllClose(g, Of([]float32{0, 0, 0, 5.545177}), 1e-6, 0) {
		t.Errorf("gradient of the exponent: %v", g)
	}
	a.PowScalar(0).Backward()
	wantString(t, a.Grad(), "[0. 0. 0. 0.]")
	first := GradOf(a.PowScalar(1), []*Tensor{a}, Create)[0]
	wantString(t, GradOf(first, []*Tensor{a})[0], "[0. 0. 0. 0.]")
	wantError(t, func() { Of([]int{1, 2}).PowScalar(-1) }, "pow", "negative power -1", "[2]")
}

func TestNormAtZero(t *testing.T) {
	x := Zeros(2).RequireGrad()
	y := x.Norm()
	y.Backward()
	wantString(t, y, "0.0")
	wantString(t, x.Grad(), "[0. 0.]")
}

func TestAllClose(t *testing.T) {
	inf, nan := math.Inf(1), math.NaN()
	for _, c := range []struct {
		x, y *Tensor
		want bool
	}{
		{Scalar(inf), Scalar(inf), true},
		{Scalar(1), Scalar(inf), false},
		{Scalar(inf), Scalar(1), false},
		{Scalar(-inf), Scalar(inf), false},
		{Scalar(nan), Scalar(nan), false},
		{Scalar(1), Scalar(nan), false},
		{Of([]int{1, 2}), Of([]float64{1, 2.00001}), true},
		{Of([]bool{true}), Ones(3), true},
		{Of([]bool{true}), Zeros(1), false},
	} {
		if got := AllClose(c.x, c.y, 1e-5, 1e-8); got != c.want {
			t.Errorf("AllClose(%v, %v) is %v", c.x, c.y, got)
		}
	}
	if !AllClose(Scalar(inf), Scalar(inf), 0, 0) {
		t.Error("infinity is not close to itself without tolerance")
	}
}

func TestNoTensors(t *testing.T) {
	wantError(t, func() { Concat(0) }, "concat", "no tensors")
	wantError(t, func() { Concat(0, nil) }, "concat", "nil")
	wantError(t, func() { Stack(0) }, "stack", "no tensors")
	wantError(t, func() { Stack(2, Ones(3)) }, "stack", "axis 2", "[3]")
	wantError(t, func() { Stack(-3, Ones(3)) }, "stack", "axis -3", "[3]")
}

// Results that no memory holds are refused, however they come about.
func TestOversizedResults(t *testing.T) {
	long := Ones(1).Expand(1 << 32)
	for name, f := range map[string]func(){
		"mul":   func() { long.Unsqueeze(1).Mul(long) },
		"outer": func() { long.Outer(long) },
		"kron":  func() { long.Kron(long) },
		"where": func() {
			a := Ones(1).Expand(1 << 22)
			Where(a.Reshape(-1, 1, 1).GtScalar(0), a.Reshape(1, -1, 1), a)
		},
		"odd": func() { Ones(1).Expand(4043312912).Unsqueeze(1).Mul(Ones(1).Expand(4562284561)) },
	} {
		var e *Error
		if err := Try(f); !errors.As(err, &e) || !strings.Contains(e.Error(), "larger than any memory") {
			t.Errorf("%s: %v", name, err)
		}
	}
}
