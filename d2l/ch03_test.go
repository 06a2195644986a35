package d2l_test

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/fathom-ml/fathom/d2l"
	"github.com/fathom-ml/fathom/data"
	"github.com/fathom-ml/fathom/nn"
	"github.com/fathom-ml/fathom/optim"
	"github.com/fathom-ml/fathom/show"
	"github.com/fathom-ml/fathom/tensor"
)

func TestAccuracy(t *testing.T) {
	for name, c := range map[string]struct {
		yHat, y *tensor.Tensor
		want    float64
	}{
		"book":       {tensor.Matrix([][]float32{{0.1, 0.3, 0.6}, {0.3, 0.2, 0.5}}), tensor.Of([]int{0, 2}), 1},
		"int32":      {tensor.Eye(3), tensor.Of([]int32{0, 1, 2}), 3},
		"classes":    {tensor.Of([]float32{0, 1, 1}), tensor.Of([]int32{0, 1, 2}), 2},
		"one column": {tensor.Of([]float32{0, 1, 1}, 3, 1), tensor.Of([]int32{0, 1, 2}), 2},
		"recorded":   {tensor.Eye(2).RequireGrad(), tensor.Of([]int{0, 0}), 1},
	} {
		if got := d2l.Accuracy(c.yHat, c.y); got != c.want {
			t.Errorf("%s: %v hits, want %v", name, got, c.want)
		}
	}
}

// The rate over a data set is that over all its examples at once, however they are cut.
func TestEvaluateAccuracy(t *testing.T) {
	X := tensor.Matrix([][]float32{{1, 0}, {0, 1}, {1, 0}, {1, 0}, {0, 1}})
	y := tensor.Of([]int32{0, 1, 1, 0, 0})
	net := nn.Func(func(x *tensor.Tensor) *tensor.Tensor { return x.MulScalar(2) })
	for batch := 1; batch <= 5; batch++ {
		got, err := d2l.EvaluateAccuracy(newScreen(), net, d2l.LoadArray(batch, false, X, y))
		if err != nil || math.Abs(got-0.6) > 1e-15 {
			t.Errorf("batch %d: %v, %v", batch, got, err)
		}
	}
}

// softmaxRegression is a fresh network of 3.7 and the update of its parameters.
func softmaxRegression(lr float64) (nn.Layer, d2l.Updater) {
	tensor.Seed(0)
	net := nn.Sequential{nn.NewDense(10)}
	nn.Init(net, nn.Normal(0.01))
	return net, optim.NewSGD(nn.Parameters(net), optim.LR(lr)).Step
}

func TestTrainCh3(t *testing.T) {
	s := newScreen()
	net, update := softmaxRegression(0.1)
	train, test, err := d2l.LoadDataFashionMNIST(s, 32)
	if err != nil {
		t.Fatal(err)
	}
	const epochs = 5
	if err := d2l.TrainCh3(s, net, train, test, nn.SoftmaxCrossEntropy, epochs, update); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"train loss", "train acc", "test acc"} {
		curve := s.metrics[name]
		if len(curve) != epochs || curve[epochs-1] != s.results[name] {
			t.Errorf("%s: curve %v, result %v", name, curve, s.results[name])
		}
	}
	loss := s.metrics["train loss"]
	if !slices.IsSortedFunc(loss, func(a, b float64) int { return cmp.Compare(b, a) }) {
		t.Errorf("the loss does not fall: %v", loss)
	}
	if s.results["train loss"] > 0.3 || s.results["train acc"] < 0.9 || s.results["test acc"] < 0.8 {
		t.Errorf("results %v", s.results)
	}
	if s.updates != epochs || s.done != 1 {
		t.Errorf("chart updated %d times and finished %d times", s.updates, s.done)
	}
	lines := s.figures["training"].Axes[0].Items
	if len(lines) != 3 {
		t.Errorf("%d curves", len(lines))
	}
	if strings.Contains(s.text.String(), "Not there yet") {
		t.Error(s.text.String())
	}
}

// A training that learns nothing is called out.
func TestTrainCh3NotThereYet(t *testing.T) {
	s := newScreen()
	net, update := softmaxRegression(0)
	train, test := d2l.LoadImages(data.Digits(true), data.Digits(false), 256)
	if err := d2l.TrainCh3(s, net, train, test, nn.SoftmaxCrossEntropy, 1, update); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(s.text.String(), "Not there yet") {
		t.Errorf("printed %q", s.text.String())
	}
}

// The end of the run ends the loops, those by hand as well.
func TestCancel(t *testing.T) {
	s := newScreen()
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	s.ctx = ctx
	net, update := softmaxRegression(0.1)
	train, test, err := d2l.LoadDataFashionMNIST(s, 16)
	if err != nil {
		t.Fatal(err)
	}
	steps := 0
	for range train.Batches() {
		if steps++; steps == 3 {
			cancel()
		}
	}
	if steps != 3 || !errors.Is(train.Err(), context.Canceled) {
		t.Errorf("%d steps, %v", steps, train.Err())
	}
	defer func() {
		if r, ok := recover().(show.Interrupted); !ok || !errors.Is(r.Err, context.Canceled) {
			t.Errorf("recovered %v", r)
		}
	}()
	err = d2l.TrainCh3(s, net, train, test, nn.SoftmaxCrossEntropy, 1, update)
	if !errors.Is(err, context.Canceled) {
		t.Errorf("TrainCh3 returned %v", err)
	}
	show.Check(s)
}

func TestPredictCh3(t *testing.T) {
	s := newScreen()
	_, test := d2l.LoadImages(data.Digits(true), data.Digits(false), 32)
	always7 := nn.Func(func(x *tensor.Tensor) *tensor.Tensor {
		scores := tensor.Zeros(x.Dim(0), 10)
		scores.FillSlice(1, tensor.All, tensor.I(7))
		return scores
	})
	labels := data.Digits(false).Labels.Narrow(0, 0, 6).Ints()
	for _, names := range []func(*tensor.Tensor) []string{nil, d2l.GetFashionMNISTLabels} {
		if err := d2l.PredictCh3(s, always7, test, 6, names); err != nil {
			t.Fatal(err)
		}
		f := s.figures["predictions"]
		if f.Rows != 1 || f.Cols != 6 || f.Width != 9 || f.Height != 1.5 {
			t.Errorf("%d x %d cells on %v x %v inches", f.Rows, f.Cols, f.Width, f.Height)
		}
		for i, ax := range f.Axes {
			want := fmt.Sprint(labels[i], "\n7")
			if names != nil {
				want = data.FashionClasses()[labels[i]] + "\nsneaker"
			}
			if ax.Title != want {
				t.Errorf("title %q, want %q", ax.Title, want)
			}
		}
	}
}

func TestAnimator(t *testing.T) {
	s := newScreen()
	a := d2l.NewAnimator(s, "curves", d2l.Axis{XLabel: "epoch", Legend: []string{"a", "b"}})
	a.Add(1, 10, 20)
	a.Add(1.5, 11, math.NaN())
	a.Add(2, math.NaN(), 21)
	a.Done()
	if !slices.Equal(s.metrics["a"], []float64{10, 11}) || !slices.Equal(s.metrics["b"], []float64{20, 21}) {
		t.Errorf("metrics %v", s.metrics)
	}
	ax := s.figures["curves"].Axes[0]
	if ax.XLabel != "epoch" || !ax.Legend || !ax.Grid || s.updates != 3 || s.done != 1 {
		t.Errorf("%+v, %d updates", ax, s.updates)
	}
}

func TestAccumulator(t *testing.T) {
	a := d2l.NewAccumulator(2)
	a.Add(1, 2)
	a.Add(0.5, 3)
	if a.At(0) != 1.5 || a.At(1) != 5 {
		t.Errorf("%v %v", a.At(0), a.At(1))
	}
	a.Reset()
	if a.At(0) != 0 || a.At(1) != 0 {
		t.Error("not reset")
	}
	defer func() {
		if recover() == nil {
			t.Error("three values for two sums were taken")
		}
	}()
	a.Add(1, 2, 3)
}

func ExampleAccuracy() {
	yHat := tensor.Matrix([][]float32{{0.1, 0.3, 0.6}, {0.3, 0.2, 0.5}})
	y := tensor.Of([]int32{0, 2})
	fmt.Println(d2l.Accuracy(yHat, y), "of", y.Size())
	// Output: 1 of 2
}

func ExampleAccumulator() {
	sums := d2l.NewAccumulator(2) // hits, examples
	sums.Add(200, 256)
	sums.Add(100, 144)
	fmt.Println(sums.At(0) / sums.At(1))
	// Output: 0.75
}

// Softmax regression on the embedded digits, the update written by hand.
func ExampleTrainEpochCh3() {
	p := show.Plain(context.Background(), os.Stdout)
	tensor.Seed(0)
	train, test := d2l.LoadImages(data.Digits(true), data.Digits(false), 32)
	W, b := tensor.Zeros(784, 10).RequireGrad(), tensor.Zeros(10).RequireGrad()
	net := nn.Func(func(X *tensor.Tensor) *tensor.Tensor { return d2l.Linreg(X.FlattenFrom(1), W, b) })
	update := func(n int) { d2l.SGD([]*tensor.Tensor{W, b}, 0.1, n) }
	_, _, err := d2l.TrainEpochCh3(p, net, train, nn.SoftmaxCrossEntropy, update)
	fmt.Println(err)
	acc, err := d2l.EvaluateAccuracy(p, net, test)
	fmt.Println(acc > 0.8, err)
	// Output:
	// <nil>
	// true <nil>
}
