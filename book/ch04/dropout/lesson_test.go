package dropout

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
	l, err := book.Find("4.6")
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

// The masks are those of the book's random stream.
func TestPrinted(t *testing.T) {
	r := run(t)
	text := r.Text()
	booktest.Contains(t, text,
		"[[ 0. 1. 2. 3. 4. 5. 6. 7.] [ 8. 9. 10. 11. 12. 13. 14. 15.]]",
		"[[ 0. 2. 4. 6. 8. 10. 12. 14.] [ 0. 18. 20. 0. 0. 0. 28. 0.]]",
		"[[0. 0. 0. 0. 0. 0. 0. 0.] [0. 0. 0. 0. 0. 0. 0. 0.]]",
		"evaluation is the same each time: true",
		"training is the same each time: false",
		"(0): Dense(-1 -> 256, Activation(relu))", "(1): Dropout(p = 0.2)",
		"(2): Dense(-1 -> 256, Activation(relu))", "(3): Dropout(p = 0.5)", "(4): Dense(-1 -> 10, linear)")
	if n := r.Notices(); len(n) != 2 || !strings.Contains(n[0], "digits") || !strings.Contains(n[1], "batches of 32") {
		t.Errorf("notices %q", n)
	}
}

// A mask keeps the mean and has the variance p/(1-p); its values are 0 and 1/(1-p).
func TestDropoutLayer(t *testing.T) {
	tensor.Seed(0)
	const n = 100000
	for _, p := range []float64{0.1, 0.5, 0.9} {
		y := dropoutLayer(tensor.Ones(n), p)
		v := p / (1 - p)
		if mean := y.Mean().Item(); math.Abs(mean-1) > 4*math.Sqrt(v/n) {
			t.Errorf("p = %g: mean %g", p, mean)
		}
		if got := y.Var(0).Item(); math.Abs(got/v-1) > 0.05 {
			t.Errorf("p = %g: variance %g, want %g", p, got, v)
		}
		for _, x := range y.Float64s() {
			if x != 0 && math.Abs(x*(1-p)-1) > 1e-6 {
				t.Fatalf("p = %g: value %g", p, x)
			}
		}
	}
	if err := tensor.Try(func() { dropoutLayer(tensor.Ones(2), 1.5) }); err == nil {
		t.Error("a probability of 1.5 is taken")
	}
}

// Without dropout the handmade network is the library's; in training both have the mean of evaluation to first order.
func TestSameAsLayers(t *testing.T) {
	tensor.Seed(0)
	net := &perceptron{
		W1: random.Normal(0, 0.05, 784, 256), b1: random.Normal(0, 0.1, 256),
		W2: random.Normal(0, 0.05, 256, 256), b2: random.Normal(0, 0.1, 256),
		W3: random.Normal(0, 0.05, 256, 10), b3: random.Normal(0, 0.1, 10),
		dropout1: 0.2, dropout2: 0.5,
	}
	layers := mlp(0.2, 0.5)
	nn.Init(layers, nn.Zeros)
	X := random.Uniform(0, 1, 4, 1, 28, 28)
	layers.Forward(nn.Eval(), X)
	ps := nn.Parameters(layers)
	for i, v := range []*tensor.Tensor{net.W1.T(), net.b1, net.W2.T(), net.b2, net.W3.T(), net.b3} {
		ps[i].SetValue(v.Contiguous())
	}
	want := net.Forward(nn.Eval(), X)
	if got := layers.Forward(nn.Eval(), X); !tensor.AllClose(got, want, 1e-4, 1e-5) {
		t.Errorf("logits\n%v, want\n%v", got, want)
	}
	if got := net.Forward(nn.Train(), X); tensor.AllClose(got, want, 1e-4, 1e-5) {
		t.Error("nothing is dropped in training")
	}
}

// DropConnect drops weights in training alone and scales the others.
func TestDropConnect(t *testing.T) {
	tensor.Seed(0)
	d := newDropConnect(1, 0.75)
	nn.Init(d, nn.Constant(1))
	x := tensor.Ones(1, 1000)
	if y := d.Forward(nn.Eval(), x).Item(); y != 1000 {
		t.Errorf("evaluation gives %g", y)
	}
	y := d.Forward(nn.Train(), x).Item() // 4 times a binomial number of 1000 at 1/4: deviation 55
	if math.Abs(y-1000) > 220 || math.Mod(y, 4) != 0 || y == 1000 {
		t.Errorf("training gives %g", y)
	}
	if ps := nn.Parameters(d); len(ps) != 2 {
		t.Errorf("%d parameters", len(ps))
	}
}

func TestFigures(t *testing.T) {
	r := run(t)
	if got := r.Figures(); !slices.Equal(got, []string{"dropout2", "training", "concise-training"}) {
		t.Fatalf("figures %q", got)
	}
	for run, name := range map[string]string{"": "training", "concise": "concise-training"} {
		ax := r.Figure(name).Axes[0]
		if ax.XLabel != "epoch" || ax.XLim != (plot.Range{Min: 1, Max: 4}) || ax.YLim != (plot.Range{Min: 0.3, Max: 0.9}) || len(ax.Items) != 3 {
			t.Errorf("%s: %+v", name, ax)
		}
		for i, curve := range []string{"train loss", "train acc", "test acc"} {
			points := r.Metric(run, curve)
			if v, ok := r.Result(run, curve); !ok || len(points) != 4 || v != points[3].Value || ax.Items[i].(*plot.Line).Label != curve {
				t.Errorf("%s: %s %v of %v", name, curve, v, points)
			}
		}
	}
}

func TestDigits(t *testing.T) {
	if testing.Short() {
		t.Skip("trains for long")
	}
	r := booktest.Run(t, lesson(t), book.Options{DataSet: "digits", Set: map[string]string{"long": "50"}})
	for _, run := range []string{"", "concise"} {
		if acc := r.Tail(run, "test acc", 3); acc < 0.8 {
			t.Errorf("run %q: test accuracy %v", run, acc)
		}
	}
	loss := func(run, name string) float64 {
		v, ok := r.Result(run, name)
		if !ok {
			t.Errorf("run %s has no %s", run, name)
		}
		return v
	}
	for _, run := range []string{"0.2, 0.5", "0.5, 0.2", "0.2, 0.5, decay"} {
		if loss(run, "test loss") > loss("none", "test loss") || loss(run, "test acc") < 0.88 {
			t.Errorf("%s: test loss %v, without dropout %v, accuracy %v", run, loss(run, "test loss"), loss("none", "test loss"), loss(run, "test acc"))
		}
	}
	if loss("0.5, 0.8", "train loss") < loss("none", "train loss") {
		t.Error("dropout makes training easier")
	}
}

// The book's figures, in full: loss and training accuracy of two builds, widened by 2 %.
func TestRanges(t *testing.T) {
	booktest.NeedFashionMNIST(t)
	opts := book.Options{DataSet: "fashion-mnist", Set: map[string]string{"long": "1"}}
	runs := booktest.Seeds(t, lesson(t), opts)
	for run, loss := range map[string][2]float64{"": {0, 0.357}, "concise": {0, 0.353}} {
		var l, train, test [3]float64
		for i, r := range runs {
			l[i], _ = r.Result(run, "train loss")
			train[i], _ = r.Result(run, "train acc")
			test[i] = r.Tail(run, "test acc", 3)
		}
		booktest.Within(t, run+" train loss", l, loss[0], loss[1])
		booktest.Within(t, run+" train acc", train, 0.855, 1)
		booktest.Within(t, run+" test acc", test, 0.82, 1)
	}
}
