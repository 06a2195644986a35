package metric

import (
	"cmp"
	"math"
	"slices"

	"github.com/fathom-ml/fathom/tensor"
)

// Ranked follows how well scores put the positive examples before the negative ones. It keeps all scores, 16 bytes an example, since both figures depend on
// their whole order.
type Ranked struct {
	name   string
	score  func(points []scored) float64
	points []scored
}

type scored struct {
	score    float64
	positive bool
}

// NewAUC returns the area under the receiver operating characteristic: the probability that a positive example has a higher score than a
// negative one, where equal scores count half. It is NaN without examples of both kinds.
func NewAUC() *Ranked { return &Ranked{name: "AUC", score: auc} }

// NewAveragePrecision returns the mean over the positive examples of the precision at the score of each (the area under the curve of
// precision over recall, as a sum of steps).
func NewAveragePrecision() *Ranked {
	return &Ranked{name: "average precision", score: averagePrecision}
}

// Name is the name of the figure.
func (m *Ranked) Name() string { return m.name }

// Update takes in scores and as many labels, of which those that are not 0 are positive.
func (m *Ranked) Update(pred, label *tensor.Tensor) {
	if pred.Size() != label.Size() {
		tensor.Misuse("metric."+m.name, "scores and labels do not match", "", pred, label)
	}
	l := label.Detach().AsType(tensor.Float64).Flatten().Float64s()
	for i, s := range pred.Detach().AsType(tensor.Float64).Flatten().Float64s() {
		if math.IsNaN(s) {
			tensor.Misuse("metric."+m.name, "a score is NaN", "", pred, label)
		}
		m.points = append(m.points, scored{s, l[i] != 0})
	}
}

// Value is the figure.
func (m *Ranked) Value() float64 {
	p := slices.Clone(m.points)
	slices.SortFunc(p, func(a, b scored) int { return cmp.Compare(b.score, a.score) })
	return m.score(p)
}

// Merge adds the scores of another one.
func (m *Ranked) Merge(o Metric) { m.points = append(m.points, other(m, o).points...) }

// Reset forgets all.
func (m *Ranked) Reset() { m.points = nil }

// String is name and value.
func (m *Ranked) String() string { return text(m) }

// ties calls f for each run of equal scores with its numbers of positive and negative examples.
func ties(p []scored, f func(positive, negative float64)) {
	for i := 0; i < len(p); {
		pos, neg := 0.0, 0.0
		for s := p[i].score; i < len(p) && p[i].score == s; i++ {
			if p[i].positive {
				pos++
			} else {
				neg++
			}
		}
		f(pos, neg)
	}
}

func auc(p []scored) float64 {
	pos, neg, wins := 0.0, 0.0, 0.0
	ties(p, func(a, b float64) {
		wins += b * (pos + a/2)
		pos, neg = pos+a, neg+b
	})
	return ratio(wins, pos*neg)
}

func averagePrecision(p []scored) float64 {
	pos, all, sum := 0.0, 0.0, 0.0
	ties(p, func(a, b float64) {
		pos, all = pos+a, all+a+b
		sum += a * pos / all
	})
	return ratio(sum, pos)
}
