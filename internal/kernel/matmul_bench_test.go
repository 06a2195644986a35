package kernel_test

import (
	"fmt"
	"testing"

	"github.com/fathom-ml/fathom/internal/kernel"
)

// BenchmarkBatched multiplies many small matrices, and many that share the right one.
func BenchmarkBatched(b *testing.B) {
	for _, s := range [][4]int{{256, 10, 8, 10}, {256, 10, 10, 8}, {4096, 4, 4, 4}, {64, 10, 32, 32}, {8, 128, 64, 64}} {
		g, m, k, n := s[0], s[1], s[2], s[3]
		x, y, c := tensor(g, m, k), tensor(g, k, n), tensor(g, m, n)
		shared := tensor(g, k, n)
		shared.Strides = []int{0, n, 1}
		turned := tensor(g, n, k)
		turned.Shape, turned.Strides = []int{g, k, n}, []int{k * n, 1, k}
		for _, f := range []struct {
			name string
			b    kernel.View
		}{{"NN", y}, {"NT", turned}, {"shared", shared}} {
			b.Run(fmt.Sprintf("%dx%dx%dx%d/%s", g, m, k, n, f.name), func(b *testing.B) {
				for b.Loop() {
					dev.Gemm(c, x, f.b, false, kernel.Epilogue{})
				}
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*g), "ns/product")
			})
		}
	}
}

// BenchmarkHalf multiplies halves, beside float32.
func BenchmarkHalf(b *testing.B) {
	for _, s := range [][3]int{{512, 512, 512}, {256, 784, 256}, {64, 64, 64}} {
		m, k, n := s[0], s[1], s[2]
		for _, dt := range []kernel.DType{kernel.Float32, kernel.BFloat16, kernel.Float16} {
			x, y, c := tensor(m, k), tensor(k, n), tensor(m, n)
			x.DT, y.DT, c.DT = dt, dt, dt
			dev.Fill(x, 0.25)
			dev.Fill(y, 0.25)
			b.Run(fmt.Sprintf("%dx%dx%d/%v", m, k, n, dt), func(b *testing.B) {
				for b.Loop() {
					dev.Gemm(c, x, y, false, kernel.Epilogue{})
				}
				b.ReportMetric(2*float64(m*k*n)*float64(b.N)/float64(b.Elapsed().Nanoseconds()), "GF/s")
			})
		}
	}
}
