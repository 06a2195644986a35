package metric

import (
	"math"

	"github.com/fathom-ml/fathom/tensor"
)

// Errors follows differences between numbers: RMSE, MSE, MAE, correlation, R². It keeps sums alone.
type Errors struct {
	name  string
	score func(m *Errors) float64

	n       float64
	abs, sq float64 // of the differences
	mp, ml  float64 // means of predictions and labels
	pp, ll  float64 // sums of squares around the means
	pl      float64
}

// NewRMSE returns the root of the mean squared error.
func NewRMSE() *Errors {
	return &Errors{name: "RMSE", score: func(m *Errors) float64 { return math.Sqrt(ratio(m.sq, m.n)) }}
}

// NewMSE returns the mean squared error.
func NewMSE() *Errors {
	return &Errors{name: "MSE", score: func(m *Errors) float64 { return ratio(m.sq, m.n) }}
}

// NewMAE returns the mean absolute error.
func NewMAE() *Errors {
	return &Errors{name: "MAE", score: func(m *Errors) float64 { return ratio(m.abs, m.n) }}
}

// NewPearson returns the correlation coefficient of predictions and labels (18.6).
func NewPearson() *Errors {
	return &Errors{name: "correlation", score: func(m *Errors) float64 { return ratio(m.pl, math.Sqrt(m.pp*m.ll)) }}
}

// NewR2 returns the coefficient of determination: 1 - squared errors / squared deviations of the labels from their mean.
func NewR2() *Errors {
	return &Errors{name: "R2", score: func(m *Errors) float64 { return 1 - ratio(m.sq, m.ll) }}
}

// Name is the name of the score.
func (m *Errors) Name() string { return m.name }

// Update takes in predictions and as many labels.
func (m *Errors) Update(pred, label *tensor.Tensor) {
	if pred.Size() != label.Size() {
		tensor.Misuse("metric."+m.name, "predictions and labels do not match", "", pred, label)
	}
	l := label.Detach().AsType(tensor.Float64).Flatten().Float64s()
	for i, p := range pred.Detach().AsType(tensor.Float64).Flatten().Float64s() {
		d := p - l[i]
		m.n++
		m.abs += math.Abs(d)
		m.sq += d * d
		dp, dl := p-m.mp, l[i]-m.ml
		m.mp += dp / m.n
		m.ml += dl / m.n
		m.pp += dp * (p - m.mp)
		m.ll += dl * (l[i] - m.ml)
		m.pl += dp * (l[i] - m.ml)
	}
}

// Value is the score.
func (m *Errors) Value() float64 { return m.score(m) }

// Merge adds the sums of another one of that name (Chan et al., 1979).
func (m *Errors) Merge(o Metric) {
	p := other(m, o)
	if p.n == 0 {
		return
	}
	n := m.n + p.n
	dp, dl := p.mp-m.mp, p.ml-m.ml
	w := m.n * p.n / n
	m.pp += p.pp + dp*dp*w
	m.ll += p.ll + dl*dl*w
	m.pl += p.pl + dp*dl*w
	m.mp += dp * p.n / n
	m.ml += dl * p.n / n
	m.n, m.abs, m.sq = n, m.abs+p.abs, m.sq+p.sq
}

// Reset forgets all.
func (m *Errors) Reset() { *m = Errors{name: m.name, score: m.score} }

// String is name and value.
func (m *Errors) String() string { return text(m) }
