package metric_test

import (
	"encoding/json"
	"math"
	"os"
	"testing"

	"github.com/fathom-ml/fathom/metric"
	"github.com/fathom-ml/fathom/tensor"
)

// What scikit-learn, NLTK and brute force say (tools/oracle/metrics.py).
type oracle struct {
	Classes struct {
		Scores                                           [][]float64
		Labels                                           []int
		Confusion                                        [][]int
		Accuracy, Top2, Top3, Precision, Recall, F1, Iou float64
		Perplexity                                       float64
	}
	Binary struct {
		Scores                         []float64
		Labels                         []int
		Auc, Ap, Precision, Recall, F1 float64
	}
	Numbers struct {
		Pred, Label                     []float64
		RMSE, MSE, MAE, R2, Correlation float64
	}
	Bleu struct {
		Refs         [][][]string
		Hyps         [][]string
		Bleu4, Bleu2 float64
	}
	Ranking struct {
		Relevance      [][]int
		Ndcg, Auc, Hit float64
	}
	Detection struct {
		Images []struct{ Truth, Det [][]any }
		Area   float64
		P11    float64 `json:"11"`
		Coco   float64
	}
}

func load(t *testing.T) (o oracle) {
	t.Helper()
	text, err := os.ReadFile("testdata/metrics.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, &o); err != nil {
		t.Fatal(err)
	}
	return o
}

func same(t *testing.T, what string, got, want float64) {
	t.Helper()
	if math.Abs(got-want) > 1e-9*math.Max(1, math.Abs(want)) || got != got {
		t.Errorf("%s is %v, want %v", what, got, want)
	}
}

// inParts feeds a metric in one go, in batches, and in two halves that are merged; all values must agree.
func inParts(t *testing.T, make func() metric.Metric, pred, label *tensor.Tensor, want float64) {
	t.Helper()
	n := pred.Dim(0)
	feed := func(m metric.Metric, from, to, batch int) metric.Metric {
		for i := from; i < to; i += batch {
			m.Update(pred.Slice(tensor.R(i, min(i+batch, to))), label.Slice(tensor.R(i, min(i+batch, to))))
		}
		return m
	}
	whole := feed(make(), 0, n, n)
	same(t, whole.Name(), whole.Value(), want)
	same(t, whole.Name()+" in batches", feed(make(), 0, n, 7).Value(), want)
	a := feed(make(), 0, n/3, 5)
	a.Merge(feed(make(), n/3, n, 11))
	a.Merge(make())
	same(t, whole.Name()+" merged", a.Value(), want)
	whole.Reset()
	if v := whole.Value(); v == v {
		t.Errorf("%s of nothing is %v", whole.Name(), v)
	}
	same(t, whole.Name()+" after Reset", feed(whole, 0, n, 9).Value(), want)
}

func TestClasses(t *testing.T) {
	o := load(t).Classes
	pred, label := tensor.Matrix(o.Scores), tensor.Of(o.Labels)
	score := func(name string, f func(*metric.Confusion) float64) func() metric.Metric {
		return func() metric.Metric { return metric.NewScore(name, 5, f) }
	}
	inParts(t, func() metric.Metric { return metric.NewAccuracy() }, pred, label, o.Accuracy)
	inParts(t, func() metric.Metric { return metric.NewTopK(2) }, pred, label, o.Top2)
	inParts(t, func() metric.Metric { return metric.NewTopK(3) }, pred, label, o.Top3)
	inParts(t, func() metric.Metric { return metric.NewPerplexity(-1) }, pred, label, o.Perplexity)
	inParts(t, func() metric.Metric { return metric.NewConfusion(5) }, pred, label, o.Accuracy)
	m := metric.NewConfusion(5)
	m.Update(pred, label)
	for i, row := range o.Confusion {
		for j, n := range row {
			if m.Counts[i][j] != n {
				t.Errorf("class %d was taken for %d %d times, want %d", i, j, m.Counts[i][j], n)
			}
		}
	}
	same(t, "precision", m.MacroPrecision(), o.Precision)
	same(t, "recall", m.MacroRecall(), o.Recall)
	inParts(t, func() metric.Metric { return metric.NewConfusion(5) }, pred.ArgMax(1), label, o.Accuracy)
	same(t, "F1", m.MacroF1(), o.F1)
	inParts(t, score("mean IoU", func(m *metric.Confusion) float64 { return m.MeanIoU() }), pred, label, o.Iou)
}

func TestBinary(t *testing.T) {
	o := load(t).Binary
	pred, label := tensor.Of(o.Scores), tensor.Of(o.Labels)
	inParts(t, func() metric.Metric { return metric.NewAUC() }, pred, label, o.Auc)
	inParts(t, func() metric.Metric { return metric.NewAveragePrecision() }, pred, label, o.Ap)
	m := metric.NewConfusion(2)
	m.Update(pred.GtScalar(0).AsType(tensor.Int64), label)
	same(t, "precision", m.BinaryPrecision(), o.Precision)
	same(t, "recall", m.BinaryRecall(), o.Recall)
	same(t, "F1", m.BinaryF1(), o.F1)
}

func TestNumbers(t *testing.T) {
	o := load(t).Numbers
	pred, label := tensor.Of(o.Pred), tensor.Of(o.Label)
	inParts(t, func() metric.Metric { return metric.NewRMSE() }, pred, label, o.RMSE)
	inParts(t, func() metric.Metric { return metric.NewMSE() }, pred, label, o.MSE)
	inParts(t, func() metric.Metric { return metric.NewMAE() }, pred, label, o.MAE)
	inParts(t, func() metric.Metric { return metric.NewR2() }, pred, label, o.R2)
	inParts(t, func() metric.Metric { return metric.NewPearson() }, pred, label, o.Correlation)
}

func TestBLEU(t *testing.T) {
	o := load(t).Bleu
	for k, want := range map[int]float64{4: o.Bleu4, 2: o.Bleu2} {
		a, b := metric.NewBLEU(k), metric.NewBLEU(k)
		for i, h := range o.Hyps {
			m := a
			if i%3 == 0 {
				m = b
			}
			m.Add(h, o.Refs[i]...)
		}
		a.Merge(b)
		same(t, "BLEU", a.Value(), want)
	}
	// 9.7: A B C D E F against A B B C D has p1 = 4/5, p2 = 3/4, p3 = 1/3, p4 = 0
	label, pred := []string{"A", "B", "C", "D", "E", "F"}, []string{"A", "B", "B", "C", "D"}
	penalty := math.Exp(1 - 6./5)
	same(t, "BLEU 1", metric.SentenceBLEU(pred, label, 1), penalty*math.Sqrt(0.8))
	same(t, "BLEU 2", metric.SentenceBLEU(pred, label, 2), penalty*math.Sqrt(0.8)*math.Pow(0.75, 0.25))
	same(t, "BLEU 3", metric.SentenceBLEU(pred, label, 3), penalty*math.Sqrt(0.8)*math.Pow(0.75, 0.25)*math.Pow(1./3, 0.125))
	same(t, "BLEU 4", metric.SentenceBLEU(pred, label, 4), 0)
	same(t, "of a short one", metric.SentenceBLEU(pred[:2], label, 2), math.Exp(1-6./2))
	same(t, "of nothing", metric.SentenceBLEU(nil, label, 2), 0)
}

func TestRanking(t *testing.T) {
	o := load(t).Ranking
	a, b := metric.NewRanking(5), metric.NewRanking(5)
	for u, row := range o.Relevance {
		var items, right []int
		for i, r := range row {
			items = append(items, 100+i)
			if r == 1 {
				right = append(right, 100+i)
			}
		}
		m := a
		if u%2 == 0 {
			m = b
		}
		m.Add(items, right)
	}
	a.Merge(b)
	same(t, "hit rate", a.HitRate(), o.Hit)
	same(t, "NDCG", a.NDCG(), o.Ndcg)
	same(t, "AUC", a.AUC(), o.Auc)
}

func TestMAP(t *testing.T) {
	o := load(t).Detection
	corners := func(b metric.Box, c any) metric.Box {
		v := c.([]any)
		b.X1, b.Y1, b.X2, b.Y2 = v[0].(float64), v[1].(float64), v[2].(float64), v[3].(float64)
		return b
	}
	var coco []float64
	for i := range 10 {
		coco = append(coco, 0.5+0.05*float64(i))
	}
	for name, c := range map[string]struct {
		a, b *metric.MAP
		want float64
	}{
		"area": {metric.NewMAP(metric.Area), metric.NewMAP(metric.Area), o.Area},
		"11":   {metric.NewMAP(metric.Points11), metric.NewMAP(metric.Points11), o.P11},
		"coco": {metric.NewMAP(metric.Points101, coco...), metric.NewMAP(metric.Points101, coco...), o.Coco},
	} {
		for i, im := range o.Images {
			var truth, det []metric.Box
			for _, b := range im.Truth {
				truth = append(truth, corners(metric.Box{Class: int(b[0].(float64))}, b[1]))
			}
			for _, b := range im.Det {
				det = append(det, corners(metric.Box{Class: int(b[0].(float64)), Score: b[1].(float64)}, b[2]))
			}
			m := c.a
			if i%2 == 0 {
				m = c.b
			}
			m.Add(det, truth)
		}
		c.a.Merge(c.b)
		same(t, "mAP "+name, c.a.Value(), c.want)
	}
}

func TestMetricMisuse(t *testing.T) {
	x := tensor.Zeros(2, 3)
	for _, f := range []func(){
		func() { metric.NewAccuracy().Merge(metric.NewAUC()) },
		func() { metric.NewConfusion(2).Merge(metric.NewConfusion(3)) },
		func() { metric.NewTopK(0) },
		func() { metric.NewTopK(1).Update(x, tensor.Of([]int{0, 7})) },
		func() { metric.NewRMSE().Update(x, tensor.Zeros(2)) },
		func() { metric.NewAUC().Update(tensor.Of([]float64{math.NaN()}), tensor.Of([]int{1})) },
		func() { metric.NewConfusion(2).Update(tensor.Of([]int{5}), tensor.Of([]int{1})) },
		func() { metric.NewPerplexity(0).Update(x, tensor.Of([]int{0})) },
	} {
		if err := tensor.Try(f); err == nil {
			t.Error("no panic")
		}
	}
	m := metric.NewConfusion(2)
	m.Update(tensor.Of([]int{0, 1, 1}), tensor.Of([]int{0, 255, 1})) // 255 is left out
	same(t, "accuracy", m.Value(), 1)
}
