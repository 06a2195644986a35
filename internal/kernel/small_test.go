package kernel_test

import (
	"testing"

	"github.com/fathom-ml/fathom/internal/kernel"
)

// BenchmarkSmall is what a call costs when there is next to nothing to do.
func BenchmarkSmall(b *testing.B) {
	x, w, y, s, m := tensor(10, 2), tensor(2, 1), tensor(10, 1), tensor(1, 1), tensor(10, 2)
	r := tensor(10, 2)
	r.Strides = []int{0, 1}
	for _, c := range []struct {
		name string
		f    func()
	}{
		{"Gemm", func() { dev.Gemm(y, x, w, false, kernel.Epilogue{}) }},
		{"Sum", func() { dev.Reduce(kernel.ReduceSum, s, y) }},
		{"SumColumns", func() {
			dev.Reduce(kernel.ReduceSum, kernel.View{P: w.P, DT: w.DT, Shape: []int{1, 2}, Strides: []int{2, 1}}, x)
		}},
		{"Row", func() { dev.Binary(kernel.Add, m, x, r) }},
		{"Affine", func() { dev.Affine(m, x, 2, 0) }},
		{"Fill", func() { dev.Fill(m, 1) }},
		{"Softmax", func() { dev.Softmax(m, x, false) }},
		{"SGD", func() { dev.Update(kernel.Update{}, m, x, [3]kernel.View{}) }},
		{"ArgMax", func() {
			dev.ArgReduce(kernel.ReduceMax, kernel.View{P: m.P, DT: kernel.Int64, Shape: []int{10, 1}, Strides: []int{1, 1}}, x, 1)
		}},
	} {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				c.f()
			}
		})
	}
}
