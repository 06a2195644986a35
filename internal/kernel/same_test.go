package kernel_test

import (
	"math/rand/v2"
	"slices"
	"testing"
	"unsafe"

	"github.com/fathom-ml/fathom/internal/kernel"
)

func random(shape ...int) kernel.View {
	v := tensor(shape...)
	r := rand.New(rand.NewPCG(1, 2))
	for i := range floats(v) {
		floats(v)[i] = float32(r.NormFloat64())
	}
	return v
}

func floats(v kernel.View) []float32 { return unsafe.Slice((*float32)(v.P), v.Size()) }

// TestSameBits repeats threaded kernels: the bits must be the same each time.
func TestSameBits(t *testing.T) {
	s := kernel.Conv{StrideH: 1, StrideW: 1, PadH: 2, PadW: 2, DilationH: 1, DilationW: 1, Groups: 1}
	x, w, y, dw := random(33, 3, 20, 20), random(6, 3, 5, 5), random(33, 6, 20, 20), tensor(6, 3, 5, 5)
	long, one, cols := random(1, 300007), tensor(1, 1), tensor(1, 401)
	a, b, c := random(150, 210), random(210, 170), tensor(150, 170)
	wide := random(700, 401)
	rnn := kernel.RNNData{P: random(9, 33, 120), H0: random(33, 30), C0: random(33, 30), W: random(120, 30), Y: tensor(9, 33, 30),
		HN: tensor(33, 30), CN: tensor(33, 30), Kept: tensor(9, 33, 120), Cs: tensor(9, 33, 30)}
	grads := kernel.RNNGrads{DY: random(9, 33, 30), DP: tensor(9, 33, 120), DH0: tensor(33, 30), DC0: tensor(33, 30), DW: tensor(120, 30)}
	lstm := kernel.RNN{Cell: kernel.CellLSTM}
	q, att, dk, lse := random(2, 3, 130, 20), tensor(2, 3, 130, 20), tensor(2, 3, 130, 20), tensor(2, 3, 130)
	weigh := func() {
		dev.Attention(kernel.Attention{Scale: 0.2, Drop: 0.1}, att, lse, q, q, q, kernel.View{}, kernel.View{})
	}
	runs := map[string]struct {
		y kernel.View
		f func()
	}{
		"conv":    {y, func() { dev.Conv(s, y, x, w, kernel.View{}, kernel.ActTanh) }},
		"gradw":   {dw, func() { dev.ConvGradW(s, dw, y, x) }},
		"sum":     {one, func() { dev.Reduce(kernel.ReduceSum, one, long) }},
		"columns": {cols, func() { dev.Reduce(kernel.ReduceSum, cols, wide) }},
		"lstm": {grads.DW, func() {
			dev.RNN(lstm, rnn)
			dev.RNNGrad(lstm, rnn, grads)
		}},
		"attention": {att, weigh},
		"attention grad": {dk, func() {
			weigh()
			dev.AttentionGrad(kernel.Attention{Scale: 0.2, Drop: 0.1}, kernel.View{}, dk, kernel.View{}, kernel.View{}, q, att, lse, q, q, q,
				kernel.View{}, kernel.View{})
		}},
		"gemm": {c, func() { dev.Gemm(c, a, b, false, kernel.Epilogue{}) }},
	}
	for name, r := range runs {
		r.f()
		first := slices.Clone(floats(r.y))
		for range 20 {
			r.f()
			if !slices.Equal(first, floats(r.y)) {
				t.Fatalf("%s: two runs differ", name)
			}
		}
	}
}
