package nnop_test

import (
	"fmt"
	"testing"

	"github.com/fathom-ml/fathom/tensor"
	"github.com/fathom-ml/fathom/tensor/nnop"
	"github.com/fathom-ml/fathom/tensor/random"
)

// TestLinearAct compares the fused form with the operations it stands for, values and gradients.
func TestLinearAct(t *testing.T) {
	acts := map[nnop.Activation]func(*tensor.Tensor) *tensor.Tensor{
		nnop.ActReLU: (*tensor.Tensor).ReLU, nnop.ActSigmoid: (*tensor.Tensor).Sigmoid, nnop.ActTanh: (*tensor.Tensor).Tanh,
		nnop.ActGELU: (*tensor.Tensor).GELU, nnop.ActGELUTanh: (*tensor.Tensor).GELUTanh,
	}
	r := random.New(1)
	for act, f := range acts {
		x, w, b := r.Normal(0, 1, 50, 70), r.Normal(0, 0.1, 40, 70), r.Normal(0, 1, 40)
		if !tensor.AllClose(nnop.LinearAct(x, w, b, act), f(nnop.Linear(x, w, b)), 1e-5, 1e-6) {
			t.Errorf("activation %d: values differ", act)
		}
		grads := func(y func(x, w, b *tensor.Tensor) *tensor.Tensor) []*tensor.Tensor {
			x, w, b := x.Clone().RequireGrad(), w.Clone().RequireGrad(), b.Clone().RequireGrad()
			y(x, w, b).Square().Sum().Backward()
			return []*tensor.Tensor{x.Grad(), w.Grad(), b.Grad()}
		}
		fused := grads(func(x, w, b *tensor.Tensor) *tensor.Tensor { return nnop.LinearAct(x, w, b, act) })
		plain := grads(func(x, w, b *tensor.Tensor) *tensor.Tensor { return f(nnop.Linear(x, w, b)) })
		for i := range fused {
			if !tensor.AllClose(fused[i], plain[i], 1e-4, 1e-4) {
				t.Errorf("activation %d: gradients of operand %d differ", act, i)
			}
		}
	}
}

// TestLinearHalf compares products of halves, which are rounded once, with those of the same numbers in float32.
func TestLinearHalf(t *testing.T) {
	r := random.New(2)
	for _, dt := range []tensor.DType{tensor.BFloat16, tensor.Float16} {
		x, w, b := r.Normal(0, 1, 3, 40, 600).AsType(dt), r.Normal(0, 0.1, 50, 600).AsType(dt), r.Normal(0, 1, 50).AsType(dt)
		wide := func(t *tensor.Tensor) *tensor.Tensor { return t.AsType(tensor.Float32) }
		eps := map[tensor.DType]float64{tensor.BFloat16: 0x1p-8, tensor.Float16: 0x1p-11}[dt]
		y, want := nnop.LinearAct(x, w, b, nnop.ActReLU), nnop.LinearAct(wide(x), wide(w), wide(b), nnop.ActReLU)
		if y.DType() != dt || !tensor.AllClose(wide(y), want, eps, 1e-4) {
			t.Errorf("%v: linear differs from its float32 form by more than a rounding", dt)
		}
		if y := x.MatMul(w.T()); y.DType() != dt || !tensor.AllClose(wide(y), wide(x).MatMul(wide(w).T()), eps, 1e-4) {
			t.Errorf("%v: matmul differs from its float32 form by more than a rounding", dt)
		}
	}
}

func ExampleLinearAct() {
	x := tensor.Of([]float32{1, 2}, 1, 2)
	w := tensor.Of([]float32{1, 1, 1, -1}, 2, 2)
	b := tensor.Of([]float32{0.5, 0})
	fmt.Println(nnop.LinearAct(x, w, b, nnop.ActReLU))
	// Output: [[3.5 0. ]]
}
