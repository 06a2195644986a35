package polyfit

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/fathom-ml/fathom/book"
	"github.com/fathom-ml/fathom/book/booktest"
	"github.com/fathom-ml/fathom/plot"
	"github.com/fathom-ml/fathom/tensor"
)

func run(t *testing.T, opts book.Options) *booktest.Recorded {
	t.Helper()
	l, err := book.Find("4.4")
	if err != nil {
		t.Fatal(err)
	}
	return booktest.Run(t, l, opts)
}

// The data are those printed in the book, denormal number included.
func TestData(t *testing.T) {
	text := run(t, book.Options{Quick: true}).Text()
	booktest.Contains(t, text, "array([[-0.03716067], [-1.1468065 ]])",
		"array([[ 1.0000000e+00, -3.7160669e-02,  6.9045764e-04",
		"-5.6051939e-45",
		"1.0000000e+00, -1.1468065e+00,  6.5758252e-01, -2.5137332e-01",
		"array([ 5.1432443, -0.06415121])")
	booktest.Contains(t, text, "loss after one epoch: nan")
}

// weights reads the three printed weight rows.
func weights(t *testing.T, text string) [][]float64 {
	t.Helper()
	var all [][]float64
	for _, part := range strings.Split(text, "weight: [[")[1:] {
		row, _, _ := strings.Cut(part, "]")
		var w []float64
		for _, f := range strings.Fields(row) {
			var v float64
			if _, err := fmt.Sscan(f, &v); err != nil {
				t.Fatal(err)
			}
			w = append(w, v)
		}
		all = append(all, w)
	}
	return all
}

// TestPublished holds weights and losses of the three runs, at three orders of the examples, against the book's.
func TestPublished(t *testing.T) {
	published := []struct {
		run               string
		weights           []float64
		first, last, test float64
		tolerance         float64 // of the weights; the book's two builds differ by up to 0.006 at degree 1
		points, epochs    int
	}{
		{"", []float64{5.019, 1.222, -3.424, 5.572}, 16.9, 0.00478, 0.0062, 0.002, 21, 400},
		{"degree=1", []float64{2.700, 4.230}, 0, 6.61, 10.8, 0.03, 21, 400},
		{"degree=19", []float64{4.992, 1.306, -3.353, 5.117, -0.111, 1.303, 0.127, 0.166}, 0, 0.00542, 0.0299, 0.002, 76, 1500},
	}
	for seed := range uint64(3) {
		r := run(t, book.Options{Seed: seed})
		got := weights(t, r.Text())
		for i, want := range published {
			for j, w := range want.weights {
				if math.Abs(got[i][j]-w) > want.tolerance {
					t.Errorf("seed %d, run %q: weight %d is %g, the book's %g", seed, want.run, j, got[i][j], w)
				}
			}
			train, test := r.Metric(want.run, "train"), r.Metric(want.run, "test")
			if len(train) != want.points || len(test) != want.points || train[0].X != 1 || train[1].X != 20 || train[len(train)-1].X != float64(want.epochs) {
				t.Fatalf("run %q: %d and %d points", want.run, len(train), len(test))
			}
			trainLoss, _ := r.Result(want.run, "train loss")
			testLoss, _ := r.Result(want.run, "test loss")
			if trainLoss != train[len(train)-1].Value || testLoss != test[len(test)-1].Value {
				t.Errorf("run %q: results %g, %g are not the ends of the curves", want.run, trainLoss, testLoss)
			}
			if math.Abs(trainLoss/want.last-1) > 0.01 || math.Abs(testLoss/want.test-1) > 0.01 {
				t.Errorf("seed %d, run %q: losses %g, %g, the book's %g, %g", seed, want.run, trainLoss, testLoss, want.last, want.test)
			}
			if want.first > 0 && (math.Abs(train[0].Value/want.first-1) > 0.04 || math.Abs(test[0].Value/24.4-1) > 0.04) {
				t.Errorf("seed %d: first losses %g, %g", seed, train[0].Value, test[0].Value)
			}
		}
	}
}

func TestFigures(t *testing.T) {
	r := run(t, book.Options{})
	if got := r.Figures(); !slices.Equal(got, []string{"capacity-vs-error", "loss", "degree=1-loss", "degree=19-loss", "loss-against-degree"}) {
		t.Fatalf("figures %q", got)
	}
	for name, epochs := range map[string]float64{"loss": 400, "degree=1-loss": 400, "degree=19-loss": 1500} {
		ax := r.Figure(name).Axes[0]
		if ax.XLabel != "epoch" || ax.YLabel != "loss" || ax.YScale != plot.Log || ax.XLim != (plot.Range{Min: 1, Max: epochs}) || ax.YLim != (plot.Range{Min: 1e-3, Max: 1e2}) {
			t.Errorf("%s: %+v", name, ax)
		}
	}
}

// Exact fits: the training loss falls with the degree, the test loss has its valley at the true one, and more data bring the
// two together.
func TestExercises(t *testing.T) {
	r := run(t, book.Options{Quick: true})
	ax := r.Figure("loss-against-degree").Axes[0]
	train, test := ax.Items[0].(*plot.Line).Y, ax.Items[1].(*plot.Line).Y
	for d := 1; d < 20; d++ {
		if train[d] > train[d-1]*(1+1e-3) { // the solver cuts off singular values that are 0 to rounding
			t.Errorf("degree %d has the training loss %g, %d %g", d, train[d], d-1, train[d-1])
		}
	}
	best := 0
	for d, l := range test {
		if l < test[best] {
			best = d
		}
	}
	if len(train) != 20 || best < 3 || best > 4 || test[19] < 1e3 {
		t.Errorf("the best degree is %d, test losses %v", best, test)
	}
	few, _ := r.Result("n=4", "train loss")
	all, _ := r.Result("n=100", "train loss")
	fewTest, _ := r.Result("n=4", "test loss")
	allTest, _ := r.Result("n=100", "test loss")
	if few > 1e-15 || fewTest < 0.1 || math.Abs(all-0.005) > 0.001 || math.Abs(allTest-0.005) > 0.001 {
		t.Errorf("4 examples: %g, %g; 100: %g, %g", few, fewTest, all, allTest)
	}
}

// The least-squares solution has no slope left.
func TestSolve(t *testing.T) {
	x := tensor.Matrix([][]float32{{1, 0}, {1, 1}, {1, 2}})
	train, test := solve(split{x, x, tensor.Of([]float32{0, 1, 5}), tensor.Of([]float32{-0.5, 2, 4.5})}, 3)
	if math.Abs(train-0.25) > 1e-9 || math.Abs(test) > 1e-9 { // the line -0.5 + 2.5x; residuals 0.5, -1, 0.5
		t.Errorf("losses %g, %g", train, test)
	}
}

func TestParameters(t *testing.T) {
	r := run(t, book.Options{Set: map[string]string{"epochs": "20", "long": "40", "lr": "0.001"}})
	if n := len(r.Metric("", "train")); n != 2 {
		t.Errorf("%d points", n)
	}
	if n := len(r.Metric("degree=19", "train")); n != 3 {
		t.Errorf("%d points", n)
	}
}
