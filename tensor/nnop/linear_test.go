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

func ExampleLinearAct() {
	x := tensor.Of([]float32{1, 2}, 1, 2)
	w := tensor.Of([]float32{1, 1, 1, -1}, 2, 2)
	b := tensor.Of([]float32{0.5, 0})
	fmt.Println(nnop.LinearAct(x, w, b, nnop.ActReLU))
	// Output: [[3.5 0. ]]
}
