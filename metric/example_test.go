package metric_test

import (
	"fmt"
	"strings"

	"github.com/fathom-ml/fathom/metric"
	"github.com/fathom-ml/fathom/tensor"
)

// Metrics follow batches; what two machines saw is merged.
func ExampleMetric() {
	var here, there metric.Metric = metric.NewAccuracy(), metric.NewAccuracy()
	here.Update(tensor.Matrix([][]float64{{0.9, 0.1}, {0.2, 0.8}}), tensor.Of([]int{0, 0}))
	there.Update(tensor.Of([]int{1, 1}), tensor.Of([]int{1, 1})) // classes in place of scores
	here.Merge(there)
	fmt.Println(here.Name(), here.Value())
	// Output: accuracy 0.75
}

func ExampleConfusion() {
	m := metric.NewConfusion(3)
	m.Update(tensor.Of([]int{0, 1, 1, 2, 2, 2}), tensor.Of([]int{0, 1, 2, 2, 2, 0}))
	fmt.Println(m)
	fmt.Printf("precision %.2f, recall %.2f of class 2; macro F1 %.2f, mean IoU %.2f\n", m.Precision(2), m.Recall(2), m.MacroF1(), m.MeanIoU())
	// Output:
	// true\predicted
	//   0 1 2
	// 0 1 0 1
	// 1 0 1 0
	// 2 0 1 2
	// precision 0.67, recall 0.67 of class 2; macro F1 0.67, mean IoU 0.50
}

// The score of a translation (9.7).
func ExampleSentenceBLEU() {
	got, want := strings.Fields("he 's calm ."), strings.Fields("he is calm .")
	fmt.Printf("%.3f\n", metric.SentenceBLEU(got, want, 2))
	// Output: 0.658
}

func ExampleMAP() {
	m := metric.NewMAP(metric.Area)
	m.Add([]metric.Box{{Class: 1, Score: 0.9, X2: 10, Y2: 10}, {Class: 1, Score: 0.8, X1: 50, Y1: 50, X2: 60, Y2: 60}},
		[]metric.Box{{Class: 1, X1: 1, X2: 11, Y2: 10}})
	fmt.Println(m.Value())
	// Output: 1
}
