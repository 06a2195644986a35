package softmaxconcise

import (
	"slices"
	"strings"
	"testing"

	"github.com/fathom-ml/fathom/book"
	"github.com/fathom-ml/fathom/book/booktest"
	"github.com/fathom-ml/fathom/plot"
)

func lesson(t *testing.T) book.Lesson {
	t.Helper()
	l, err := book.Find("3.7")
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// quick is a run on data that every machine has.
var quick = book.Options{Quick: true, DataSet: "digits"}

func TestPrinted(t *testing.T) {
	r := booktest.Run(t, lesson(t), quick)
	booktest.Contains(t, r.Text(),
		"(0): Dense(-1 -> 10, linear)",
		"handmade: [1.4076060 inf]",
		"library: [1.4076060 300.]",
		"[[0.09003057 -0.75527153 0.66524096] [-1. 0. 1.]]",
		"(0): Dense(784 -> 10, linear)",
		"batch lr train loss train acc test acc")
	if n := r.Notices(); len(n) != 1 || !strings.Contains(n[0], "digits") {
		t.Errorf("notices %q", n)
	}
}

func TestChart(t *testing.T) {
	r := booktest.Run(t, lesson(t), quick)
	if got := r.Figures(); !slices.Equal(got, []string{"training"}) {
		t.Fatalf("figures %q", got)
	}
	ax := r.Figure("training").Axes[0]
	if ax.XLabel != "epoch" || ax.XLim != (plot.Range{Min: 1, Max: 3}) || ax.YLim != (plot.Range{Min: 0.3, Max: 0.9}) || len(ax.Items) != 3 {
		t.Errorf("%+v", ax)
	}
	for i, name := range []string{"train loss", "train acc", "test acc"} {
		curve := r.Metric("", name)
		if v, ok := r.Result("", name); !ok || len(curve) != 3 || v != curve[2].Value {
			t.Errorf("%s: result %v, curve %v", name, v, curve)
		}
		if l := ax.Items[i].(*plot.Line); l.Label != name || len(l.Y) != 3 {
			t.Errorf("curve %d: %+v", i, l)
		}
	}
}

// The exercise's table has the rows it promises; a rate of 1 is worse than one of 0.1 and yet no number is lost.
func TestTable(t *testing.T) {
	r := booktest.Run(t, lesson(t), quick)
	texts := r.Texts()
	table := texts[len(texts)-1]
	if strings.Contains(table, "NaN") || strings.Contains(table, "Inf") {
		t.Errorf("the table holds no numbers:\n%s", table)
	}
	booktest.Contains(t, table, "256 0.01", "256 0.1", "256 1", "32 0.1", "2048 0.1")
}

func TestDigits(t *testing.T) {
	r := booktest.Run(t, lesson(t), book.Options{DataSet: "digits", Set: map[string]string{"short": "1"}})
	if acc, _ := r.Result("", "test acc"); acc < 0.83 {
		t.Errorf("test accuracy %v after 10 epochs", acc)
	}
}

// The book's figures, in full.
func TestRanges(t *testing.T) {
	booktest.NeedFashionMNIST(t)
	var loss, train, test [3]float64
	for i, r := range booktest.Seeds(t, lesson(t), book.Options{DataSet: "fashion-mnist"}) {
		loss[i], _ = r.Result("", "train loss")
		train[i], _ = r.Result("", "train acc")
		test[i] = r.Tail("", "test acc", 3)
	}
	booktest.Within(t, "train loss", loss, 0.445, 0.458)
	booktest.Within(t, "train acc", train, 0.842, 0.850)
	booktest.Within(t, "test acc", test, 0.82, 1)
}
