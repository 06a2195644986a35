package mlpconcise

import (
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/fathom-ml/fathom/book"
	"github.com/fathom-ml/fathom/book/booktest"
	"github.com/fathom-ml/fathom/nn"
	"github.com/fathom-ml/fathom/plot"
	"github.com/fathom-ml/fathom/tensor"
	"github.com/fathom-ml/fathom/tensor/random"
)

func lesson(t *testing.T) book.Lesson {
	t.Helper()
	l, err := book.Find("4.3")
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// quick is a run on data that every machine has; recorded is what came of it.
var (
	quick    = book.Options{Quick: true, DataSet: "digits"}
	recorded *booktest.Recorded
)

func run(t *testing.T) *booktest.Recorded {
	t.Helper()
	if recorded == nil {
		recorded = booktest.Run(t, lesson(t), quick)
	}
	return recorded
}

func TestPrinted(t *testing.T) {
	r := run(t)
	booktest.Contains(t, r.Text(),
		"(0): Dense(-1 -> 256, Activation(relu))",
		"(1): Dense(-1 -> 10, linear)",
		"0.Weight (shape=(256, 784), dtype=float32)",
		"0.Bias (shape=(256,), dtype=float32)",
		"1.Weight (shape=(10, 256), dtype=float32)",
		"1.Bias (shape=(10,), dtype=float32)",
		"together: 203530",
		"no more than rounding: true",
		"network train loss train acc test acc")
	n := r.Notices()
	if len(n) != 2 || !strings.Contains(n[0], "digits") || !strings.Contains(n[1], "batches of 32") {
		t.Errorf("notices %q", n)
	}
}

func TestChart(t *testing.T) {
	r := run(t)
	if got := r.Figures(); !slices.Equal(got, []string{"training"}) {
		t.Fatalf("figures %q", got)
	}
	ax := r.Figure("training").Axes[0]
	if ax.XLabel != "epoch" || ax.XLim != (plot.Range{Min: 1, Max: 5}) || ax.YLim != (plot.Range{Min: 0.3, Max: 0.9}) || len(ax.Items) != 3 {
		t.Errorf("%+v", ax)
	}
	for i, name := range []string{"train loss", "train acc", "test acc"} {
		curve := r.Metric("", name)
		if v, ok := r.Result("", name); !ok || len(curve) != 5 || v != curve[4].Value {
			t.Errorf("%s: result %v, curve %v", name, v, curve)
		}
		if l := ax.Items[i].(*plot.Line); l.Label != name || len(l.Y) != 5 {
			t.Errorf("curve %d: %+v", i, l)
		}
	}
}

// The trainings of the exercises have results of their own: what helps and what does harm.
func TestRuns(t *testing.T) {
	r := run(t)
	loss := map[string]float64{}
	for _, run := range []string{
		"layers=1", "layers=2", "layers=3", "activation=tanh", "activation=sigmoid",
		"init=zeros", "init=0.1", "init=1", "init=xavier", "init=xavier,layers=3",
	} {
		v, ok := r.Result(run, "train loss")
		if !ok || !(v > 0 && v < 20) {
			t.Errorf("%s: train loss %v, %v", run, v, ok)
		}
		loss[run] = v
		for _, name := range []string{"train acc", "test acc"} {
			if v, ok := r.Result(run, name); !ok || v <= 0 || v > 1 {
				t.Errorf("%s: %s %v, %v", run, name, v, ok)
			}
		}
	}
	if d := loss["init=zeros"] - math.Log(10); math.Abs(d) > 0.01 {
		t.Errorf("zero weights: loss %v", loss["init=zeros"])
	}
	for _, c := range [][2]string{
		{"layers=1", "layers=2"}, {"layers=2", "layers=3"}, {"activation=tanh", "activation=sigmoid"},
		{"init=xavier", "layers=1"}, {"init=0.1", "init=1"}, {"init=xavier,layers=3", "layers=3"},
	} {
		if !(loss[c[0]] < loss[c[1]]) {
			t.Errorf("%s has the loss %v, %s %v", c[0], loss[c[0]], c[1], loss[c[1]])
		}
	}
}

// What exercise 3 says about the weights' first values: a standard deviation of 1 makes logits in the hundreds.
func TestLargeWeights(t *testing.T) {
	tensor.Seed(0)
	net := mlp(1, 256, nn.ReLU)
	nn.Init(net, nn.Normal(1))
	X := random.Uniform(0, 1, 50, 1, 28, 28)
	if size := net.Forward(nn.Eval(), X).Abs().Mean().Item(); size < 100 || size > 1000 {
		t.Errorf("mean size of the logits %v", size)
	}
}

func TestDigits(t *testing.T) {
	if testing.Short() {
		t.Skip("trains for ten epochs")
	}
	r := booktest.Run(t, lesson(t), book.Options{DataSet: "digits", Set: map[string]string{"short": "1"}})
	if acc, _ := r.Result("", "test acc"); acc < 0.86 {
		t.Errorf("test accuracy %v after 10 epochs", acc)
	}
}

// The book's figures, in full.
func TestRanges(t *testing.T) {
	booktest.NeedFashionMNIST(t)
	var loss, train, test [3]float64
	opts := book.Options{DataSet: "fashion-mnist", Set: map[string]string{"short": "1"}}
	for i, r := range booktest.Seeds(t, lesson(t), opts) {
		loss[i], _ = r.Result("", "train loss")
		train[i], _ = r.Result("", "train acc")
		test[i] = r.Tail("", "test acc", 3)
	}
	booktest.Within(t, "train loss", loss, 0.375, 0.400)
	booktest.Within(t, "train acc", train, 0.858, 0.870)
	booktest.Within(t, "test acc", test, 0.82, 1)
}
