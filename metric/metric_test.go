package metric_test

import (
	"fmt"
	"testing"

	"github.com/fathom-ml/fathom/metric"
	"github.com/fathom-ml/fathom/tensor"
)

func ExampleAccuracy() {
	scores := tensor.Matrix([][]float32{{0.1, 0.3, 0.6}, {0.3, 0.2, 0.5}})
	labels := tensor.Of([]int32{0, 2})
	fmt.Println(metric.Hits(scores, labels), metric.Accuracy(scores, labels))
	// Output: 1 0.5
}

func ExampleMean() {
	var loss metric.Mean
	loss.Add(2, 256)
	loss.Add(1, 256)
	fmt.Println(loss.Value())
	// Output: 1.5
}

func TestHits(t *testing.T) {
	scores := tensor.Matrix([][]float32{{1, 1}, {0, 2}, {3, 0}}) // a tie goes to the first
	for _, y := range []*tensor.Tensor{
		tensor.Of([]int{0, 1, 1}), tensor.Of([]int32{0, 1, 1}), tensor.Of([]uint8{0, 1, 1}), tensor.Of([]int64{0, 1, 1, 7}).Narrow(0, 0, 3),
	} {
		if n := metric.Hits(scores, y); n != 2 {
			t.Errorf("%v: %d hits, want 2", y.DType(), n)
		}
		if n := metric.Hits(tensor.Of([]float32{0, 1, 0}), y); n != 2 {
			t.Errorf("classes against %v: %d hits, want 2", y.DType(), n)
		}
	}
	for name, f := range map[string]func(){
		"float labels": func() { metric.Hits(scores, tensor.Zeros(3)) },
		"other length": func() { metric.Hits(scores, tensor.Of([]int{1})) },
		"axes":         func() { metric.Hits(tensor.Zeros(3, 1, 1), tensor.Of([]int{1, 2, 3})) },
		"empty":        func() { metric.Accuracy(tensor.Zeros(0, 2), tensor.Of([]int{})) },
	} {
		if tensor.Try(f) == nil {
			t.Errorf("%s: no error", name)
		}
	}
	var m metric.Mean
	if m.Add(3, 1); m.Value() != 3 || m.String() != "3.0000" {
		t.Errorf("mean of 3: %v", m)
	}
	if m.Reset(); m.Value() != 0 {
		t.Errorf("empty mean: %v", m.Value())
	}
}
