package tensor_test

import (
	"testing"
	"time"

	. "github.com/fathom-ml/fathom/tensor"
)

// What an operation costs beside its arithmetic: the mean, which includes the garbage collector's part, and the best of
// many bursts, which is what a busy machine lets one compare. go test -bench Overhead ./tensor
func BenchmarkOverhead(b *testing.B) {
	x, y, w := Ones(4), Ones(4), Ones(4).RequireGrad()
	for _, c := range []struct {
		name string
		ops  int // operations a call
		f    func()
	}{
		{"add", 1, func() { x.Add(y) }},
		{"add recorded", 1, func() { w.Add(y) }},
		{"chain", 100, func() {
			s := w
			for range 100 {
				s = s.Add(w)
			}
			s.Sum().Backward()
		}},
	} {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			best := time.Hour
			burst := max(1, 200/c.ops)
			for b.Loop() {
				start := time.Now()
				for range burst {
					c.f()
				}
				best = min(best, time.Since(start))
			}
			ops := float64(burst * c.ops)
			b.ReportMetric(float64(best.Nanoseconds())/ops, "best-ns")
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/ops/float64(b.N), "mean-ns")
		})
	}
}
