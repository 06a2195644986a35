package tensor_test

import (
	"testing"

	. "github.com/fathom-ml/fathom/tensor"
)

// What an operation costs beside its arithmetic.

func BenchmarkAdd(b *testing.B) {
	x, y := Ones(4), Ones(4)
	b.ReportAllocs()
	for b.Loop() {
		x.Add(y)
	}
}

func BenchmarkAddRecorded(b *testing.B) {
	x, y := Ones(4).RequireGrad(), Ones(4)
	b.ReportAllocs()
	for b.Loop() {
		x.Add(y)
	}
}

// BenchmarkChain reports an operation's share of forward and backward.
func BenchmarkChain(b *testing.B) {
	x := Ones(4).RequireGrad()
	b.ReportAllocs()
	for b.Loop() {
		y := x
		for range 100 {
			y = y.Add(x)
		}
		y.Sum().Backward()
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(100*b.N), "ns/add")
}
