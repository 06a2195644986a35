package tensor_test

import (
	"slices"
	"testing"

	"github.com/fathom-ml/fathom/tensor"
)

// The gradient given to BackwardWith is read, not copied; it stays as it is, even if it is that of a leaf of the graph.
func TestBackwardWithLeavesItsGradient(t *testing.T) {
	n := 100 // not a small value, which has its data beside it
	x := tensor.Arange(float64(n)).RequireGrad()
	dy := tensor.Full(3, n)
	y := x.Mul(x).Add(x.Sigmoid())
	y.BackwardWith(dy, tensor.Retain)
	if want := slices.Repeat([]float32{3}, n); !slices.Equal(dy.Float32s(), want) {
		t.Fatal("the gradient was written over:", dy)
	}
	first := x.Grad().Clone()
	want := first.Mul(y.Detach().Sub(x.Detach().Sigmoid()).Sqrt().MulScalar(2).Add(x.Detach().Sigmoid().Mul(x.Detach().Sigmoid().Affine(-1, 1))))
	y.BackwardWith(x.Grad())
	if d := x.Grad().Sub(want).Abs().Max().Item(); d > 1e-3*want.Abs().Max().Item() {
		t.Fatal("the gradient of a leaf as a seed:", d)
	}
	z := x.AddScalar(1)
	z.BackwardWith(dy)
	if !slices.Equal(x.Grad().Float32s(), dy.Float32s()) {
		t.Fatal(x.Grad())
	}
	x.ZeroGrad()
	if dy.Min().Item() != 3 {
		t.Fatal("the leaf took the memory of the gradient it was given")
	}
}
