package mlpscratch

import (
	"fmt"
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
	l, err := book.Find("4.2")
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
		"parameters: 203530",
		"(array([0., 0., 0., 1., 2.]), array([0., 0., 0.5, 1., 1.]))",
		"array([[0., 0., 0., 0., 0.]])",
		"array([[2., 1., 0., 1., 2.]])",
		"loss before training:",
		"active:")
	var before float64
	for _, s := range r.Texts() {
		if _, err := fmt.Sscanf(s, "loss before training: %f", &before); err == nil {
			break
		}
	}
	if before < 2.29 || before > 2.32 {
		t.Errorf("loss before training %v", before)
	}
	n := r.Notices()
	if len(n) != 2 || !strings.Contains(n[0], "digits") || !strings.Contains(n[1], "batches of 32") {
		t.Errorf("notices %q", n)
	}
}

func TestFigures(t *testing.T) {
	r := run(t)
	if got := r.Figures(); !slices.Equal(got, []string{"training", "predictions", "units"}) {
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
	for name, cells := range map[string][2]int{"predictions": {1, 6}, "units": {2, 8}} {
		if f := r.Figure(name); f.Rows != cells[0] || f.Cols != cells[1] {
			t.Errorf("%s: %d x %d cells", name, f.Rows, f.Cols)
		}
	}
}

// The trainings of the exercises have results of their own: what helps and what does harm.
func TestRuns(t *testing.T) {
	r := run(t)
	loss := map[string]float64{}
	for _, run := range []string{"linear", "hidden=16", "hidden=64", "hidden=256", "hidden=1024", "layers=2", "lr=0.01", "lr=0.5", "lr=1"} {
		v, ok := r.Result(run, "train loss")
		if !ok || !(v > 0 && v < 5) {
			t.Errorf("%s: train loss %v, %v", run, v, ok)
		}
		loss[run] = v
		for _, name := range []string{"train acc", "test acc"} {
			if v, ok := r.Result(run, name); !ok || v <= 0 || v > 1 {
				t.Errorf("%s: %s %v, %v", run, name, v, ok)
			}
		}
	}
	for _, c := range [][2]string{{"hidden=64", "hidden=16"}, {"hidden=1024", "hidden=64"}, {"hidden=256", "layers=2"}, {"hidden=256", "lr=0.01"}, {"hidden=256", "lr=1"}} {
		if !(loss[c[0]] < loss[c[1]]) {
			t.Errorf("%s has the loss %v, %s %v", c[0], loss[c[0]], c[1], loss[c[1]])
		}
	}
}

// Every parameter can be set, to small values too.
func TestParameters(t *testing.T) {
	opts := quick
	opts.Set = map[string]string{"hidden": "3", "epochs": "1", "short": "1", "batch": "64", "examples": "200", "lr": "0.2"}
	r := booktest.Run(t, lesson(t), opts)
	booktest.Contains(t, r.Text(), fmt.Sprintf("parameters: %d", 784*3+3+3*10+10))
}

// The handmade network and the library's, with the same weights, have the same logits and gradients.
func TestSameAsLayers(t *testing.T) {
	tensor.Seed(0)
	net, params := perceptron(relu, []int{784, 16, 10})
	layers := nn.Sequential{nn.NewDense(16, nn.ReLU), nn.NewDense(10)}
	nn.Init(layers, nn.Zeros)
	X, y := random.Uniform(0, 1, 20, 1, 28, 28), random.RandInt(0, 10, 20)
	layers.Forward(nn.Eval(), X)
	ps := nn.Parameters(layers)
	for i, w := range params {
		ps[i].SetValue(w.Detach().T().Contiguous())
	}
	got, want := net(X), layers.Forward(nn.Train(), X)
	if !tensor.AllClose(got.Detach(), want.Detach(), 1e-5, 1e-6) {
		t.Errorf("logits\n%v, want\n%v", got, want)
	}
	nn.SoftmaxCrossEntropy(got, y).Backward()
	nn.SoftmaxCrossEntropy(want, y).Backward()
	for i, w := range params {
		if !tensor.AllClose(w.Grad(), ps[i].Grad().T().Contiguous(), 1e-4, 1e-5) {
			t.Errorf("gradient %d differs", i)
		}
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
	var loss, train, test, linear [3]float64
	opts := book.Options{DataSet: "fashion-mnist", Set: map[string]string{"short": "1"}}
	for i, r := range booktest.Seeds(t, lesson(t), opts) {
		loss[i], _ = r.Result("", "train loss")
		train[i], _ = r.Result("", "train acc")
		test[i] = r.Tail("", "test acc", 3)
		linear[i], _ = r.Result("linear", "train loss")
	}
	booktest.Within(t, "train loss", loss, 0.375, 0.400)
	booktest.Within(t, "train acc", train, 0.858, 0.870)
	booktest.Within(t, "test acc", test, 0.82, 1)
	booktest.Within(t, "train loss without ReLU", linear, 0.415, 0.45)
}
