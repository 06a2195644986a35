package softmaxscratch

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/fathom-ml/fathom/book"
	"github.com/fathom-ml/fathom/book/booktest"
	"github.com/fathom-ml/fathom/d2l"
	"github.com/fathom-ml/fathom/nn"
	"github.com/fathom-ml/fathom/plot"
	"github.com/fathom-ml/fathom/show"
	"github.com/fathom-ml/fathom/tensor"
	"github.com/fathom-ml/fathom/tensor/nnop"
	"github.com/fathom-ml/fathom/tensor/random"
)

// printed is what the book's page shows before any picture is read, in its order. The softmax is of random
// numbers that the default stream gives after the weights.
var printed = []string{
	`(array([[5., 7., 9.]]),
	 array([[ 6.],
	        [15.]]))`,
	`(array([[0.22376052, 0.06659239, 0.06583703, 0.29964197, 0.3441681 ],
	        [0.63209665, 0.03179282, 0.194987  , 0.09209415, 0.04902935]]),
	 array([1.        , 0.99999994]))`,
	`array([0.1, 0.5])`,
	`array([2.3025851, 0.6931472])`,
	`0.5`,
}

func lesson(t *testing.T) book.Lesson {
	t.Helper()
	l, err := book.Find("3.6")
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// quick is a run on data that every machine has.
var quick = book.Options{Quick: true, DataSet: "digits"}

func TestBook(t *testing.T) {
	r := booktest.Run(t, lesson(t), quick)
	booktest.Equal(t, strings.Join(r.Texts()[:5], ""), strings.Join(printed, "\n"))
	if n := r.Notices(); len(n) != 1 || !strings.Contains(n[0], "digits") {
		t.Errorf("notices %q", n)
	}
	loss := r.Metric("", "train loss")
	if len(loss) != 3 || loss[2].Value >= loss[0].Value || loss[2].Value > 1.2 {
		t.Errorf("train loss %v", loss)
	}
}

// The accuracy of the untrained model on the makers' files.
func TestUntrained(t *testing.T) {
	booktest.NeedFashionMNIST(t)
	r := booktest.Run(t, lesson(t), book.Options{DataSet: "fashion-mnist", Set: map[string]string{"epochs": "1"}})
	booktest.Equal(t, strings.Join(r.Texts()[:6], ""), strings.Join(append(slices.Clone(printed), "0.082"), "\n"))
}

func TestExercises(t *testing.T) {
	r := booktest.Run(t, lesson(t), quick)
	texts := r.Texts()
	booktest.Contains(t, strings.Join(texts[6:], ""),
		"array([[ 0., 0., nan]])",
		"array([inf])",
		"1.9287499e-22, 1.0000000e+00]])", "array([200.])",
		"threshold answered accuracy", "0 1.000")
}

func TestFigures(t *testing.T) {
	r := booktest.Run(t, lesson(t), quick)
	if got := r.Figures(); !slices.Equal(got, []string{"training", "predictions"}) {
		t.Fatalf("figures %q", got)
	}
	ax := r.Figure("training").Axes[0]
	if ax.XLabel != "epoch" || ax.XLim != (plot.Range{Min: 1, Max: 3}) || ax.YLim != (plot.Range{Min: 0.3, Max: 0.9}) || len(ax.Items) != 3 {
		t.Errorf("%+v", ax)
	}
	for i, name := range []string{"train loss", "train acc", "test acc"} {
		line := ax.Items[i].(*plot.Line)
		if line.Label != name || len(line.X) != 3 || line.X[0] != 1 || line.X[2] != 3 {
			t.Errorf("curve %d: %+v", i, line)
		}
		if v, ok := r.Result("", name); !ok || v != line.Y[2] {
			t.Errorf("%s: result %v, curve %v", name, v, line.Y)
		}
	}
	f := r.Figure("predictions")
	if f.Rows != 1 || f.Cols != 6 || f.Width != 9 || f.Height != 1.5 {
		t.Errorf("predictions: %d x %d cells on %v x %v inches", f.Rows, f.Cols, f.Width, f.Height)
	}
	for _, ax := range f.Axes {
		if strings.Count(ax.Title, "\n") != 1 {
			t.Errorf("title %q", ax.Title)
		}
	}
}

// What the lesson builds gives the very numbers of what d2l has under the same names.
func TestSameAsD2L(t *testing.T) {
	r := booktest.Run(t, lesson(t), quick)
	tensor.Seed(0)
	p := show.Plain(context.Background(), &strings.Builder{})
	m := &metrics{Display: p, values: map[string][]float64{}}
	trainIter, testIter, err := d2l.LoadDataFashionMNIST(m, 256)
	if err != nil {
		t.Fatal(err)
	}
	W, b := random.Normal(0, 0.01, 784, 10).RequireGrad(), tensor.Zeros(10).RequireGrad()
	net := nn.Func(func(X *tensor.Tensor) *tensor.Tensor {
		return nnop.Softmax(X.Reshape(-1, 784).MatMul(W).Add(b))
	})
	update := func(n int) { d2l.SGD([]*tensor.Tensor{W, b}, 0.1, n) }
	if err := d2l.TrainCh3(m, net, trainIter, testIter, crossEntropy, 3, update); err != nil {
		t.Fatal(err)
	}
	for name, want := range m.values {
		for i, point := range r.Metric("", name) {
			if d := point.Value - want[i]; d > 1e-5 || d < -1e-5 {
				t.Errorf("%s, epoch %d: %v, d2l %v", name, i+1, point.Value, want[i])
			}
		}
	}
	if len(m.values) != 3 {
		t.Errorf("d2l recorded %v", m.values)
	}
}

// metrics is a display that keeps curves and has chosen the digits.
type metrics struct {
	show.Display
	values map[string][]float64
}

func (m *metrics) DataSet() string { return "digits" }
func (m *metrics) Quick() bool     { return false }
func (m *metrics) Metric(name string, _ int, _, v float64) {
	m.values[name] = append(m.values[name], v)
}

func TestSafeForms(t *testing.T) {
	tensor.Seed(0)
	o := random.Normal(0, 30, 50, 10).RequireGrad()
	y := random.RandInt(0, 10, 50)
	if got, want := safeSoftmax(o.Detach()), nnop.Softmax(o.Detach()); !tensor.AllClose(got, want, 1e-5, 1e-6) {
		t.Errorf("softmax\n%v, want\n%v", got, want)
	}
	loss := safeCrossEntropy(o, y)
	if want := nnop.SoftmaxCrossEntropy(o.Detach(), y); !tensor.AllClose(loss.Detach(), want, 1e-5, 1e-5) {
		t.Errorf("loss\n%v, want\n%v", loss, want)
	}
	loss.Backward()
	grad := o.Grad().Clone()
	nnop.SoftmaxCrossEntropy(o, y).Backward()
	if !tensor.AllClose(grad, o.Grad(), 1e-5, 1e-5) {
		t.Errorf("gradient\n%v, want\n%v", grad, o.Grad())
	}
}

func TestAnswers(t *testing.T) {
	X := tensor.Matrix([][]float32{{0.9, 0.1}, {0.4, 0.6}, {0.2, 0.8}, {0.7, 0.3}})
	y := tensor.Of([]int32{0, 1, 0, 1})
	net := func(X *tensor.Tensor) *tensor.Tensor { return X }
	for _, c := range []struct{ threshold, share, right float64 }{{0, 1, 0.5}, {0.75, 0.5, 0.5}, {0.85, 0.25, 1}} {
		share, right, err := answers(net, d2l.LoadArray(3, false, X, y), c.threshold)
		if share != c.share || right != c.right || err != nil {
			t.Errorf("threshold %v: %v %v %v", c.threshold, share, right, err)
		}
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
