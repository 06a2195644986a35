package booktest

import (
	"math"
	"testing"

	"github.com/fathom-ml/fathom/book"
)

func (f *failures) Logf(string, ...any) {}

func TestWithin(t *testing.T) {
	for _, c := range []struct {
		values [3]float64
		inside bool
	}{
		{[3]float64{9, 1, 2}, true},
		{[3]float64{9, 1, 9}, false},
		{[3]float64{0, 0, 2}, false},
		{[3]float64{math.NaN(), math.NaN(), 2}, false},
	} {
		f := &failures{TB: t}
		Within(f, "x", c.values, 1, 3)
		if (len(f.texts) == 0) != c.inside {
			t.Errorf("%v: reported %q", c.values, f.texts)
		}
	}
}

func TestTail(t *testing.T) {
	var r Recorder
	for i, v := range []float64{100, 1, 2, 3} {
		_ = r.Event(book.Metric{Name: "acc", Step: i + 1, Value: v})
		_ = r.Event(book.Metric{Name: "loss", Step: i + 1, Value: 7})
	}
	if got := r.Tail("", "acc", 3); got != 2 {
		t.Errorf("tail %v", got)
	}
	if got := r.Tail("", "acc", 5); got != 0 {
		t.Errorf("tail of too few %v", got)
	}
}
