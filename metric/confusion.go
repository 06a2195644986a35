package metric

import (
	"fmt"
	"math"
	"strings"

	"github.com/fathom-ml/fathom/tensor"
)

// Confusion counts, for each true class, how often each class was predicted. Accuracy, precision, recall, F1 and intersection over union follow from
// it; as a [Metric] its value is the accuracy, or the score chosen with [NewScore].
type Confusion struct {
	Counts [][]int // [true][predicted]
	name   string
	score  func(m *Confusion) float64
}

// NewConfusion returns a confusion matrix of that many classes. It panics unless they are positive.
func NewConfusion(classes int) *Confusion {
	if classes < 1 {
		panic(&tensor.Error{Op: "metric.NewConfusion", Msg: fmt.Sprintf("%d classes", classes)})
	}
	m := &Confusion{name: "accuracy", score: (*Confusion).Accuracy, Counts: make([][]int, classes)}
	for i := range m.Counts {
		m.Counts[i] = make([]int, classes)
	}
	return m
}

// NewScore is a confusion matrix whose value is a score of it: metric.NewScore("macro F1", 10, (*metric.Confusion).MacroF1).
func NewScore(name string, classes int, score func(m *Confusion) float64) *Confusion {
	m := NewConfusion(classes)
	m.name, m.score = name, score
	return m
}

// Name is the name of the score.
func (m *Confusion) Name() string { return m.name }

// Update takes in scores [n, classes] and labels [n], or classes and labels of one shape with any axes. Labels below 0 or beyond the classes, such as
// the 255 of segmentation masks, are left out.
func (m *Confusion) Update(pred, label *tensor.Tensor) {
	const op = "metric.Confusion"
	if pred.DType().IsFloat() && pred.NDim() == label.NDim()+1 {
		pred = pred.Detach().ArgMax(-1)
	}
	if pred.Size() != label.Size() {
		tensor.Misuse(op, "predictions and labels do not match", "scores [n, classes] and labels [n], or classes and labels", pred, label)
	}
	p := pred.Detach().AsType(tensor.Int64).Flatten().Ints()
	for i, y := range classes(op, label) {
		if y < 0 || y >= len(m.Counts) {
			continue
		}
		if p[i] < 0 || p[i] >= len(m.Counts) {
			tensor.Misuse(op, fmt.Sprintf("the prediction %d is no class of %d", p[i], len(m.Counts)), "", pred, label)
		}
		m.Counts[y][p[i]]++
	}
}

// Value is the score.
func (m *Confusion) Value() float64 { return m.score(m) }

// Merge adds the counts of another matrix of as many classes.
func (m *Confusion) Merge(o Metric) {
	p := other(m, o)
	if len(p.Counts) != len(m.Counts) {
		panic(&tensor.Error{Op: "metric.Confusion", Msg: fmt.Sprintf("cannot merge %d classes into %d", len(p.Counts), len(m.Counts))})
	}
	for i, row := range p.Counts {
		for j, n := range row {
			m.Counts[i][j] += n
		}
	}
}

// Reset forgets all.
func (m *Confusion) Reset() {
	for _, row := range m.Counts {
		clear(row)
	}
}

// sums is how often a class is true, predicted, and both.
func (m *Confusion) sums(class int) (truth, predicted, both float64) {
	for j, n := range m.Counts[class] {
		truth += float64(n)
		predicted += float64(m.Counts[j][class])
	}
	return truth, predicted, float64(m.Counts[class][class])
}

// Accuracy is the fraction of predictions that are right.
func (m *Confusion) Accuracy() float64 {
	right, all := 0.0, 0.0
	for c := range m.Counts {
		truth, _, both := m.sums(c)
		right, all = right+both, all+truth
	}
	return ratio(right, all)
}

// Precision is the fraction of the predictions of a class that are right, 0 if there are none.
func (m *Confusion) Precision(class int) float64 {
	_, predicted, both := m.sums(class)
	return both / max(predicted, 1)
}

// Recall is the fraction of the examples of a class that are found, 0 if there are none.
func (m *Confusion) Recall(class int) float64 {
	truth, _, both := m.sums(class)
	return both / max(truth, 1)
}

// F1 is the harmonic mean of precision and recall of a class, 0 if both are.
func (m *Confusion) F1(class int) float64 {
	truth, predicted, both := m.sums(class)
	return 2 * both / max(truth+predicted, 1)
}

// IoU is the intersection over union of a class: right, over all that are it or are taken for it; NaN if there is none.
func (m *Confusion) IoU(class int) float64 {
	truth, predicted, both := m.sums(class)
	return ratio(both, truth+predicted-both)
}

// mean is the mean of a score over all classes for which it is a number.
func (m *Confusion) mean(score func(class int) float64) float64 {
	sum, n := 0.0, 0.0
	for c := range m.Counts {
		if v := score(c); !math.IsNaN(v) {
			sum, n = sum+v, n+1
		}
	}
	return ratio(sum, n)
}

// MacroPrecision is the mean of the classes' precisions. (The micro averages of precision, recall and F1 are all the accuracy.)
func (m *Confusion) MacroPrecision() float64 { return m.mean(m.Precision) }

// MacroRecall is the mean of the classes' recalls, the balanced accuracy.
func (m *Confusion) MacroRecall() float64 { return m.mean(m.Recall) }

// MacroF1 is the mean of the classes' F1.
func (m *Confusion) MacroF1() float64 { return m.mean(m.F1) }

// MeanIoU is the mean of the classes' intersections over unions, the measure of segmentation (13.9).
func (m *Confusion) MeanIoU() float64 { return m.mean(m.IoU) }

// BinaryPrecision, BinaryRecall and BinaryF1 are those of class 1 of two.
func (m *Confusion) BinaryPrecision() float64 { return m.Precision(1) }

// BinaryRecall is the recall of class 1.
func (m *Confusion) BinaryRecall() float64 { return m.Recall(1) }

// BinaryF1 is the F1 of class 1.
func (m *Confusion) BinaryF1() float64 { return m.F1(1) }

// String is the matrix: a row for each true class, a column for each predicted one.
func (m *Confusion) String() string {
	var b strings.Builder
	width := len(fmt.Sprint(len(m.Counts)))
	for _, row := range m.Counts {
		for _, n := range row {
			width = max(width, len(fmt.Sprint(n)))
		}
	}
	b.WriteString("true\\predicted\n")
	fmt.Fprintf(&b, "%*s", width, "")
	for c := range m.Counts {
		fmt.Fprintf(&b, " %*d", width, c)
	}
	for c, row := range m.Counts {
		fmt.Fprintf(&b, "\n%*d", width, c)
		for _, n := range row {
			fmt.Fprintf(&b, " %*d", width, n)
		}
	}
	return b.String()
}
