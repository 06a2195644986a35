package tensor_test

import (
	"math"
	"testing"

	"github.com/fathom-ml/fathom/tensor"
)

// TestHalves computes with halves: results and gradients are halves, rounded from float32.
func TestHalves(t *testing.T) {
	for _, dt := range []tensor.DType{tensor.Float16, tensor.BFloat16} {
		x := tensor.Of([]float32{1, 2.5, -3, 0.1}).AsType(dt)
		third := float32(0.333251953125) // 1/3 in float16
		if dt == tensor.BFloat16 {
			third = 0.333984375
		}
		if y := tensor.Of([]float32{1, 1}).AsType(dt).Div(tensor.Of([]float32{3, 3}).AsType(dt)); y.DType() != dt || y.Float32s()[0] != third {
			t.Errorf("%v: 1/3 is %v %v", dt, y.DType(), y)
		}
		if y := x.GtScalar(0); y.DType() != tensor.Bool || !y.Index(0).All() || y.Index(2).All() {
			t.Errorf("%v: comparison gives %v", dt, y)
		}
		if y := x.Mul(tensor.Ones(4)); y.DType() != tensor.Float32 {
			t.Errorf("%v with float32 is %v", dt, y.DType())
		}
		if y := x.Mul(tensor.Of([]int{1, 2, 3, 4})); y.DType() != dt {
			t.Errorf("%v with int64 is %v", dt, y.DType())
		}

		w := tensor.Of([]float32{2, -1}).AsType(dt).RequireGrad()
		y := w.Mul(w).Add(w.Exp())
		for range 2 {
			y.Backward(tensor.Retain, tensor.Accumulate)
		}
		want := tensor.Of([]float64{2 * (4 + math.Exp(2)), 2 * (-2 + math.Exp(-1))})
		if g := w.Grad(); g.DType() != dt || !tensor.AllClose(g, want, 0.02, 0) {
			t.Errorf("%v: gradient %v %v, want about %v", dt, g.DType(), g, want)
		}
		w.AddScaled(-0.5, tensor.Ones(2).AsType(dt))
		if got := w.Float32s(); got[0] != 1.5 || got[1] != -1.5 {
			t.Errorf("%v: after the update %v", dt, got)
		}
		z := x.Clone()
		z.SetSlice(tensor.Scalar(7), tensor.R(1, 3))
		if got := z.Float32s(); got[1] != 7 || got[2] != 7 || z.DType() != dt {
			t.Errorf("%v: after the write %v", dt, got)
		}
		if c := tensor.Concat(0, x, z).Take(tensor.Of([]int{5, 0})); c.DType() != dt || c.Float32s()[0] != 7 {
			t.Errorf("%v: concat and take give %v", dt, c)
		}
	}
	// a sum that leaves the range of float16 on the way
	big := tensor.Full(60000, 64).AsType(tensor.Float16)
	if m := big.Mean(); m.DType() != tensor.Float16 || m.Item() != 60000 {
		t.Errorf("the mean is %v", m)
	}
	err := tensor.Try(func() { big.Reshape(8, 8).MatMul(tensor.Ones(8, 8)) })
	if err == nil {
		t.Error("a matrix product of float16 and float32 must be refused")
	}
}

func TestInt8(t *testing.T) {
	x := tensor.Of([]int8{-128, 127, 3, -4})
	if y := x.Add(tensor.Of([]int8{1, 1, 1, 1})); y.DType() != tensor.Int8 || y.Ints()[1] != -128 {
		t.Errorf("int8 wraps: got %v", y)
	}
	if s := x.Sum(); s.DType() != tensor.Int64 || s.Item() != -2 {
		t.Errorf("the sum is %v %v", s.DType(), s)
	}
	if y := x.AsType(tensor.Uint8); y.Ints()[0] != 128 || y.Ints()[3] != 252 {
		t.Errorf("as uint8: %v", y)
	}
	if y := x.Add(tensor.Of([]uint8{1, 1, 1, 255})); y.DType() != tensor.Int32 || y.Ints()[3] != 251 {
		t.Errorf("with uint8: %v %v", y.DType(), y)
	}
}

func TestComplex(t *testing.T) {
	x := tensor.Of([]complex128{1 + 2i, -3i, 4})
	y := tensor.Of([]complex64{2, 1i, 1 - 1i})
	z := x.Mul(y)
	want := []complex128{2 + 4i, 3, 4 - 4i}
	for i, v := range z.Complex128s() {
		if v != want[i] {
			t.Errorf("element %d is %v, want %v", i, v, want[i])
		}
	}
	if z.DType() != tensor.Complex128 {
		t.Error(z.DType())
	}
	if a := x.Abs(); a.DType() != tensor.Float64 || !tensor.AllClose(a, tensor.Of([]float64{math.Sqrt(5), 3, 4}), 1e-15, 0) {
		t.Errorf("magnitudes %v", a)
	}
	x.Imag().Fill(0) // a view
	if !tensor.Equal(x, tensor.Of([]complex128{1, 0, 4})) {
		t.Errorf("after clearing the imaginary parts: %v", x.Complex128s())
	}
	m := tensor.Of([]complex128{1, 1i, -1i, 2}, 2, 2)
	id := m.MatMul(tensor.Of([]complex128{2, -1i, 1i, 1}, 2, 2)) // m times its inverse
	if !tensor.AllClose(id, tensor.Eye(2), 1e-15, 1e-15) {
		t.Errorf("the product is %v", id.Complex128s())
	}
	if c := m.Conj().T().Slice(tensor.I(0), tensor.All).Complex128s(); c[1] != 1i {
		t.Errorf("the conjugate transpose has %v", c)
	}
	for what, f := range map[string]func(){
		"order":    func() { x.Lt(x) },
		"exp":      func() { x.Exp() },
		"item":     func() { x.Index(0).Item() },
		"gradient": func() { tensor.Ones(2).RequireGrad().AsType(tensor.Complex64) },
		"leaf":     func() { x.RequireGrad() },
		"maximum":  func() { x.Maximum(x) },
	} {
		if tensor.Try(f) == nil {
			t.Errorf("%s of complex numbers must be refused", what)
		}
	}
}
