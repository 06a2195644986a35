package nnop_test

import (
	"math"
	"testing"
	"time"

	"github.com/fathom-ml/fathom/tensor"
	"github.com/fathom-ml/fathom/tensor/nnop"
	"github.com/fathom-ml/fathom/tensor/random"
)

// One training step of the character models of 8.6, 9.1 and 9.2: 32 sequences of 35 steps, 28 characters, 256 units;
// forward, loss, backward, clipping by the global norm, update.
func benchmarkRecurrentStep(b *testing.B, gates int, cell func(x, h0, wIH, wHH, bIH, bHH *tensor.Tensor) *tensor.Tensor) {
	const steps, batch, units, chars = 35, 32, 256, 28
	w := func(shape ...int) *tensor.Tensor { return random.Uniform(-0.06, 0.06, shape...).RequireGrad() }
	ps := []*tensor.Tensor{w(gates*units, chars), w(gates*units, units), w(gates * units), w(gates * units), w(chars, units), w(chars)}
	x, y := tensor.Zeros(steps, batch, chars), tensor.ZerosOf(tensor.Int32, steps*batch)
	ids := tensor.Data[int32](y)
	for i := range steps * batch {
		tensor.Data[float32](x)[i*chars+i*7%chars] = 1
		ids[i] = int32((i*7 + 3) % chars)
	}
	h0 := tensor.Zeros(batch, units)
	step := func() {
		s := tensor.NewScope()
		defer s.Close()
		h := cell(s.In(x), h0, ps[0], ps[1], ps[2], ps[3])
		out := nnop.Linear(h.Reshape(steps*batch, units), ps[4], ps[5])
		nnop.SoftmaxCrossEntropy(out, y).Mean().Backward()
		sum := 0.0
		for _, p := range ps {
			sum += s.In(p.Grad()).Square().Sum().Item()
		}
		clip := math.Min(1, 1/math.Sqrt(sum))
		for _, p := range ps {
			nnop.SGD(p, p.Grad(), nnop.SGDStep{LR: 1, Scale: clip})
		}
	}
	step()
	b.ResetTimer()
	best := time.Hour
	for b.Loop() {
		start := time.Now()
		step()
		best = min(best, time.Since(start))
	}
	b.ReportMetric(best.Seconds()*1e3, "best-ms")
}

func BenchmarkRNNStep(b *testing.B) {
	benchmarkRecurrentStep(b, 1, func(x, h0, wIH, wHH, bIH, bHH *tensor.Tensor) *tensor.Tensor {
		y, _ := nnop.RNN(x, h0, wIH, wHH, bIH, bHH, nnop.RNNTanh)
		return y
	})
}

func BenchmarkGRUStep(b *testing.B) {
	benchmarkRecurrentStep(b, 3, func(x, h0, wIH, wHH, bIH, bHH *tensor.Tensor) *tensor.Tensor {
		y, _ := nnop.GRU(x, h0, wIH, wHH, bIH, bHH, nnop.ResetAfter)
		return y
	})
}

// The variant of the book's formulas, which PyTorch does not have.
func BenchmarkGRUBeforeStep(b *testing.B) {
	benchmarkRecurrentStep(b, 3, func(x, h0, wIH, wHH, bIH, bHH *tensor.Tensor) *tensor.Tensor {
		y, _ := nnop.GRU(x, h0, wIH, wHH, bIH, bHH, nnop.ResetBefore)
		return y
	})
}

func BenchmarkLSTMStep(b *testing.B) {
	benchmarkRecurrentStep(b, 4, func(x, h0, wIH, wHH, bIH, bHH *tensor.Tensor) *tensor.Tensor {
		y, _, _ := nnop.LSTM(x, h0, nil, wIH, wHH, bIH, bHH)
		return y
	})
}
