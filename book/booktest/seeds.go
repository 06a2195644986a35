package booktest

import (
	"os"
	"slices"
	"testing"

	"github.com/fathom-ml/fathom/book"
)

// Seeds runs a lesson three times, with seeds 0, 1 and 2, to judge figures that depend on chance:
// by their median, no other seed chosen. It skips the test unless FATHOM_LONG=1.
func Seeds(t testing.TB, l book.Lesson, opts book.Options) [3]*Recorded {
	t.Helper()
	if os.Getenv("FATHOM_LONG") != "1" {
		t.Skip("trains three times; set FATHOM_LONG=1")
	}
	var runs [3]*Recorded
	for seed := range runs {
		opts.Seed = uint64(seed)
		runs[seed] = Run(t, l, opts)
	}
	return runs
}

// Within holds the median of three values, shown with its name, against a range: lo to hi.
func Within(t testing.TB, name string, values [3]float64, lo, hi float64) {
	t.Helper()
	sorted := values
	slices.Sort(sorted[:])
	t.Logf("%s: %.4f, median %.4f, range %g to %g", name, values, sorted[1], lo, hi)
	if !(sorted[1] >= lo && sorted[1] <= hi) {
		t.Errorf("%s: the median %.4f of %.4f is outside %g to %g", name, sorted[1], values, lo, hi)
	}
}

// Tail is the mean of the last n points of a curve, in the manner in which test accuracies are judged
// (n = 3). It is 0 if there are fewer.
func (r *Recorder) Tail(run, name string, n int) float64 {
	points := r.Metric(run, name)
	if len(points) < n {
		return 0
	}
	sum := 0.0
	for _, p := range points[len(points)-n:] {
		sum += p.Value
	}
	return sum / float64(n)
}
