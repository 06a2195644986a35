package nnop

import (
	"slices"

	"github.com/fathom-ml/fathom/internal/kernel"
	"github.com/fathom-ml/fathom/tensor"
)

// SGDStep holds the numbers of one update of stochastic gradient descent.
type SGDStep struct {
	LR    float64 // learning rate
	WD    float64 // weight decay
	Scale float64 // of the gradient, 1/batch
}

// SGD updates w in place: w -= LR (Scale g + WD w). Nothing is recorded; w may be a leaf.
func SGD(w, g *tensor.Tensor, s SGDStep) {
	check("sgd", w, g)
	tensor.Write("sgd", w, []*tensor.Tensor{g}, func(d kernel.Device, w kernel.View, in []kernel.View) {
		d.SGD(kernel.SGD{LR: s.LR, WD: s.WD, Scale: s.Scale}, w, in[0])
	})
}

// AdamStep holds the numbers of one Adam update. LR is the step size, already
// corrected for the bias of the averages: lr sqrt(1-B2^t)/(1-B1^t).
type AdamStep struct{ LR, B1, B2, Eps, WD, Scale float64 }

// Adam updates w and the averages m and v in place (11.10): with g' = Scale g + WD w,
// m = B1 m + (1-B1) g', v = B2 v + (1-B2) g'², w -= LR m / (sqrt(v) + Eps).
func Adam(w, m, v, g *tensor.Tensor, s AdamStep) {
	check("adam", w, m, v, g)
	tensor.Write("adam", w, []*tensor.Tensor{m, v, g}, func(d kernel.Device, w kernel.View, in []kernel.View) {
		d.Adam(kernel.Adam{LR: s.LR, B1: s.B1, B2: s.B2, Eps: s.Eps, WD: s.WD, Scale: s.Scale}, w, in[0], in[1], in[2])
	})
}

// check wants floats of one dtype and shape in contiguous memory.
func check(op string, ts ...*tensor.Tensor) {
	for _, t := range ts {
		if !t.DType().IsFloat() || t.DType() != ts[0].DType() || !slices.Equal(t.Shape(), ts[0].Shape()) || !t.IsContiguous() {
			tensor.Misuse(op, "wants contiguous floats of one shape and dtype", "", ts...)
		}
		if t.DType().IsHalf() {
			tensor.Misuse(op, "does not update "+t.DType().String(), "keep the parameters in float32", ts...)
		}
	}
}
