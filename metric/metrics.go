package metric

import (
	"fmt"
	"math"

	"github.com/fathom-ml/fathom/tensor"
)

// Metric follows a figure of merit over batches. The zero number of examples gives NaN.
type Metric interface {
	Name() string
	// Update takes in the predictions and labels of a batch.
	Update(pred, label *tensor.Tensor)
	// Value is the figure over all that was taken in.
	Value() float64
	// Merge takes in what another metric of the same kind and settings took in, e.g. on another machine; it panics if it is of another kind.
	Merge(other Metric)
	Reset()
}

// other is o as the kind of the metric into which it is merged.
func other[M Metric](into M, o Metric) M {
	m, ok := o.(M)
	if !ok {
		panic(&tensor.Error{Op: "metric." + into.Name(), Msg: fmt.Sprintf("cannot merge %s (%T)", o.Name(), o)})
	}
	return m
}

// ratio is a/b, NaN if b is 0.
func ratio(a, b float64) float64 {
	if b == 0 {
		return math.NaN()
	}
	return a / b
}

// text shows a metric as its name and value.
func text(m Metric) string { return fmt.Sprintf("%s %.4f", m.Name(), m.Value()) }

// AccuracyOf is the fraction of predictions that are right (3.6); see [Hits].
type AccuracyOf struct{ hits, n int }

// NewAccuracy returns an accuracy.
func NewAccuracy() *AccuracyOf { return new(AccuracyOf) }

// Name is "accuracy".
func (m *AccuracyOf) Name() string { return "accuracy" }

// Update takes in scores [n, classes] or classes [n] and labels [n].
func (m *AccuracyOf) Update(pred, label *tensor.Tensor) {
	m.hits += Hits(pred, label)
	m.n += label.Size()
}

// Value is the accuracy.
func (m *AccuracyOf) Value() float64 { return ratio(float64(m.hits), float64(m.n)) }

// Merge adds the counts of another accuracy.
func (m *AccuracyOf) Merge(o Metric) { p := other(m, o); m.hits, m.n = m.hits+p.hits, m.n+p.n }

// Reset forgets all.
func (m *AccuracyOf) Reset() { *m = AccuracyOf{} }

// String is name and value.
func (m *AccuracyOf) String() string { return text(m) }

// TopK is the fraction of examples whose label is among the k classes of highest score.
type TopK struct{ k, hits, n int }

// NewTopK returns a top-k accuracy. It panics unless k is positive.
func NewTopK(k int) *TopK {
	if k < 1 {
		panic(&tensor.Error{Op: "metric.NewTopK", Msg: fmt.Sprintf("k is %d", k)})
	}
	return &TopK{k: k}
}

// Name is e.g. "top-5 accuracy".
func (m *TopK) Name() string { return fmt.Sprintf("top-%d accuracy", m.k) }

// Update takes in scores [n, classes] and labels [n]. Of equal scores those of lower classes count as higher.
func (m *TopK) Update(pred, label *tensor.Tensor) {
	scores, labels := scoresAndLabels("metric.TopK", pred, label)
	k := pred.Dim(1)
	for i, y := range labels {
		row := scores[i*k : (i+1)*k]
		above := 0
		for j, s := range row {
			if s > row[y] || s == row[y] && j < y {
				above++
			}
		}
		if above < m.k {
			m.hits++
		}
	}
	m.n += len(labels)
}

// scoresAndLabels checks scores [n, classes] and labels [n].
func scoresAndLabels(op string, pred, label *tensor.Tensor) ([]float64, []int) {
	if pred.NDim() != 2 || label.NDim() != 1 || label.Dim(0) != pred.Dim(0) {
		tensor.Misuse(op, "predictions and labels do not match", "scores [n, classes], labels [n]", pred, label)
	}
	y := classes(op, label)
	for _, c := range y {
		if c < 0 || c >= pred.Dim(1) {
			tensor.Misuse(op, fmt.Sprintf("label %d is out of range for %d classes", c, pred.Dim(1)), "", pred, label)
		}
	}
	return pred.Detach().Flatten().Float64s(), y
}

// classes are integer labels.
func classes(op string, label *tensor.Tensor) []int {
	if dt := label.DType(); dt.IsFloat() || dt.IsComplex() {
		tensor.Misuse(op, "labels must be integers, not "+dt.String(), "use AsType(tensor.Int32)", label)
	}
	return label.Detach().AsType(tensor.Int64).Flatten().Ints()
}

// Value is the accuracy.
func (m *TopK) Value() float64 { return ratio(float64(m.hits), float64(m.n)) }

// Merge adds the counts of another top-k accuracy.
func (m *TopK) Merge(o Metric) { p := other(m, o); m.hits, m.n = m.hits+p.hits, m.n+p.n }

// Reset forgets all.
func (m *TopK) Reset() { m.hits, m.n = 0, 0 }

// String is name and value.
func (m *TopK) String() string { return text(m) }

// Perplexity is exp of the mean negative log-probability of the labels (8.4).
type Perplexity struct {
	ignore int
	sum    float64
	n      int
}

// NewPerplexity returns a perplexity that leaves out the label ignore, e.g. that of padding; -1 leaves out none.
func NewPerplexity(ignore int) *Perplexity { return &Perplexity{ignore: ignore} }

// Name is "perplexity".
func (m *Perplexity) Name() string { return "perplexity" }

// Update takes in logits [..., classes] and labels [...].
func (m *Perplexity) Update(logits, label *tensor.Tensor) {
	if logits.NDim() < 1 || label.Size()*logits.Dim(-1) != logits.Size() {
		tensor.Misuse("metric.Perplexity", "logits and labels do not match", "logits [..., classes], labels [...]", logits, label)
	}
	x := logits.Detach().AsType(tensor.Float64).Reshape(-1, logits.Dim(-1))
	norm := x.LogSumExp(1).Float64s()
	scores, y := scoresAndLabels("metric.Perplexity", x, tensor.Of(zeroed(classes("metric.Perplexity", label), m.ignore)))
	for i, c := range classes("metric.Perplexity", label) {
		if c != m.ignore {
			m.sum += norm[i] - scores[i*x.Dim(1)+y[i]]
			m.n++
		}
	}
}

// zeroed is labels with 0 for one of them.
func zeroed(labels []int, ignore int) []int {
	out := make([]int, len(labels))
	for i, c := range labels {
		if c != ignore {
			out[i] = c
		}
	}
	return out
}

// Value is the perplexity.
func (m *Perplexity) Value() float64 { return math.Exp(ratio(m.sum, float64(m.n))) }

// Merge adds the sums of another perplexity.
func (m *Perplexity) Merge(o Metric) { p := other(m, o); m.sum, m.n = m.sum+p.sum, m.n+p.n }

// Reset forgets all.
func (m *Perplexity) Reset() { m.sum, m.n = 0, 0 }

// String is name and value.
func (m *Perplexity) String() string { return text(m) }
