package weightdecay

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"github.com/fathom-ml/fathom/book"
	"github.com/fathom-ml/fathom/book/booktest"
	"github.com/fathom-ml/fathom/d2l"
	"github.com/fathom-ml/fathom/nn"
	"github.com/fathom-ml/fathom/optim"
	"github.com/fathom-ml/fathom/plot"
	"github.com/fathom-ml/fathom/tensor"
	"github.com/fathom-ml/fathom/tensor/random"
)

func run(t *testing.T, opts book.Options) *booktest.Recorded {
	t.Helper()
	l, err := book.Find("4.5")
	if err != nil {
		t.Fatal(err)
	}
	return booktest.Run(t, l, opts)
}

// TestPublished holds the norms against those of tools/oracle/weightdecay.py, which computes the lesson in NumPy on the book's
// stream (they hardly depend on the order of the examples), and the losses against the book's.
func TestPublished(t *testing.T) {
	runs := []struct {
		name              string
		norm, train, test float64
	}{
		{"lambda=0", 13.259391, 1.1e-6, 60.2},
		{"lambda=3", 0.38249, 4.2e-4, 0.095},
		{"wd=0", 15.014069, 2.3e-5, 94.6},
		{"wd=3", 0.33992, 5.0e-4, 0.0736},
	}
	for seed := range uint64(3) {
		r := run(t, book.Options{Seed: seed})
		for _, want := range runs {
			norm, _ := r.Result(want.name, "norm")
			train, _ := r.Result(want.name, "train loss")
			test, _ := r.Result(want.name, "test loss")
			if math.Abs(norm-want.norm) > 5e-5 {
				t.Errorf("seed %d, %s: norm %g, want %g", seed, want.name, norm, want.norm)
			}
			if math.Abs(train/want.train-1) > 0.06 || math.Abs(test/want.test-1) > 0.004 {
				t.Errorf("seed %d, %s: losses %g, %g, the book's are %g, %g", seed, want.name, train, test, want.train, want.test)
			}
			booktest.Contains(t, r.Text(), fmt.Sprintf("L2 norm of w: %v", float32(norm)))
		}
	}
}

func TestFigures(t *testing.T) {
	r := run(t, book.Options{})
	names := []string{"lambda=0-loss", "lambda=3-loss", "wd=0-loss", "wd=3-loss"}
	if got := r.Figures(); !slices.Equal(got, append(names, "loss-against-lambda")) {
		t.Fatalf("figures %q", got)
	}
	for _, name := range names {
		ax := r.Figure(name).Axes[0]
		if ax.XLabel != "epochs" || ax.YLabel != "loss" || ax.YScale != plot.Log || ax.XLim != (plot.Range{Min: 5, Max: 100}) || len(ax.Items) != 2 {
			t.Errorf("%s: %+v", name, ax)
		}
		for i, label := range []string{"train", "test"} {
			if l := ax.Items[i].(*plot.Line); l.Label != label || len(l.X) != 20 || l.X[0] != 5 || l.X[19] != 100 {
				t.Errorf("%s: curve %q from %g to %g", name, l.Label, l.X[0], l.X[len(l.X)-1])
			}
		}
	}
	test := r.Figure("loss-against-lambda").Axes[0].Items[1].(*plot.Line).Y
	if !slices.IsSortedFunc(test, func(a, b float64) int { return int(math.Copysign(1, b-a)) }) || test[0] < 50 || math.Abs(test[len(test)-1]-0.01) > 0.003 {
		t.Errorf("test losses against lambda: %v", test)
	}
}

func TestExercises(t *testing.T) {
	text := run(t, book.Options{}).Text()
	for form, ok := range map[string]func(a, b float64) bool{
		"started at 0, lambda=0: train loss %g, test loss %g": func(a, b float64) bool { return a < 1e-8 && b < 0.012 },
		"absolute values: %g of 200, test loss %g":            func(a, b float64) bool { return a == 200 && math.Abs(b-0.01) < 0.003 },
		"squares: %g of 200, test loss %g":                    func(a, b float64) bool { return a < 100 && b > 0.02 },
	} {
		a, b := scan(t, text, form)
		if !ok(a, b) {
			t.Errorf("%s: %g, %g", form, a, b)
		}
	}
	booktest.Contains(t, text, "lambda=700: norm of w +Inf")
}

// scan finds the line of the form in a text and reads its two numbers.
func scan(t *testing.T, text, form string) (a, b float64) {
	t.Helper()
	for i := range text {
		if n, _ := fmt.Sscanf(text[i:], form, &a, &b); n == 2 && (i == 0 || text[i-1] == '\n') {
			return a, b
		}
	}
	t.Errorf("no line %q in\n%s", form, text)
	return 0, 0
}

// The penalty in the loss and the option of the optimizer give the same weights.
func TestSameAsOption(t *testing.T) {
	tensor.Seed(0)
	X, y, first := random.Normal(0, 1, 5, 8), random.Normal(0, 1, 5, 1), random.Normal(0, 1, 8, 1)
	w, b := fit(loaders{train: d2l.LoadArray(5, false, X, y)}, first, l2Penalty, 3, 0.01, 30)
	net := nn.NewDense(1)
	nn.Init(net, nn.InitFunc(func(_ string, v *tensor.Tensor) { v.CopyFrom(first.T()) }))
	nn.SetWDMult(net, nn.Match("Bias$"), 0)
	opt := optim.NewSGD(nn.Parameters(net), optim.LR(0.01), optim.WD(3))
	for range 30 {
		nn.L2Loss(net.Forward(nn.Train(), X), y).Backward()
		opt.Step(5)
	}
	if !tensor.AllClose(net.Weight.Value().Detach().T(), w, 1e-5, 1e-6) || !tensor.AllClose(net.Bias.Value().Detach(), b, 1e-5, 1e-6) {
		t.Errorf("weights %v and %v, biases %v and %v", net.Weight.Value(), w, net.Bias.Value(), b)
	}
}

func TestParameters(t *testing.T) {
	r := run(t, book.Options{Set: map[string]string{"epochs": "10", "lambda": "1", "lr": "0.001", "train": "30"}})
	if n := len(r.Metric("lambda=1", "train")); n != 2 {
		t.Errorf("%d points", n)
	}
}
