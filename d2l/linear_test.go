package d2l_test

import (
	"fmt"
	"math"
	"slices"
	"testing"
	"time"

	"github.com/fathom-ml/fathom/d2l"
	"github.com/fathom-ml/fathom/tensor"
)

// The first row of the book's synthetic data, as 3.2 prints it.
func TestSyntheticData(t *testing.T) {
	tensor.Seed(0)
	X, y := d2l.SyntheticData(tensor.Of([]float32{2, -3.4}), 4.2, 1000)
	if !slices.Equal(X.Shape(), []int{1000, 2}) || !slices.Equal(y.Shape(), []int{1000, 1}) {
		t.Fatalf("shapes %v and %v", X.Shape(), y.Shape())
	}
	if got := X.Index(0).String(); got != "[2.2122064 1.1630787]" {
		t.Errorf("features %s", got)
	}
	if got := y.At(0, 0); math.Abs(got-4.662078) > 4.7e-6 {
		t.Errorf("label %v", got)
	}
}

// Minibatch SGD on the squared loss finds the weights that made the data, with rows in any
// order and a last batch that is smaller.
func TestLinearRegression(t *testing.T) {
	tensor.Seed(0)
	trueW := tensor.Of([]float32{2, -3.4})
	X, y := d2l.SyntheticData(trueW, 4.2, 1003)
	w, b := tensor.Zeros(2, 1).RequireGrad(), tensor.Zeros(1).RequireGrad()
	iter := d2l.LoadArray(10, true, X, y)
	if iter.Len() != 101 {
		t.Errorf("%d batches", iter.Len())
	}
	for range 3 {
		for X, y := range iter.Batches() {
			d2l.SquaredLoss(d2l.Linreg(X, w, b), y).Backward()
			d2l.SGD([]*tensor.Tensor{w, b}, 0.03, X.Len())
		}
	}
	if e := w.Detach().Reshape(2).Sub(trueW).Abs().Max().Item(); e > 2e-3 {
		t.Errorf("w is off by %v", e)
	}
	if e := math.Abs(b.At(0) - 4.2); e > 2e-3 {
		t.Errorf("b is off by %v", e)
	}
}

func TestLoadArrayInOrder(t *testing.T) {
	iter := d2l.LoadArray(2, false, tensor.Arange(5), tensor.Arange(5, 10))
	var got []float64
	for X, y := range iter.Batches() {
		got = append(got, append(X.Float64s(), y.Float64s()...)...)
	}
	if want := []float64{0, 1, 5, 6, 2, 3, 7, 8, 4, 9}; !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}

func TestTimer(t *testing.T) {
	timer := d2l.NewTimer()
	time.Sleep(2 * time.Millisecond)
	first := timer.Stop()
	timer.Start()
	second := timer.Stop()
	if first < 0.002 || second < 0 || !slices.Equal(timer.Times, []float64{first, second}) {
		t.Errorf("times %v, %v: %v", first, second, timer.Times)
	}
	if s := timer.Sum(); s != first+second || timer.Avg() != s/2 {
		t.Errorf("sum %v, average %v of %v", s, timer.Avg(), timer.Times)
	}
	if c := timer.CumSum(); !slices.Equal(c, []float64{first, first + second}) {
		t.Errorf("running sums %v of %v", c, timer.Times)
	}
	if idle := new(d2l.Timer); idle.Avg() != 0 || idle.Sum() != 0 || len(idle.CumSum()) != 0 {
		t.Error("a timer that never ran has times")
	}
}

// The update of minibatch SGD, w - lr/n * (sum of the gradients of n examples).
func ExampleSGD() {
	X := tensor.Matrix([][]float32{{1}, {2}})
	y := tensor.Of([]float32{1, 3})
	w, b := tensor.Zeros(1, 1).RequireGrad(), tensor.Zeros(1).RequireGrad()
	loss := d2l.SquaredLoss(d2l.Linreg(X, w, b), y)
	fmt.Println(loss.Detach().Reshape(-1))
	loss.Backward()
	d2l.SGD([]*tensor.Tensor{w, b}, 0.5, 2)
	fmt.Println(w, b)
	// Output:
	// [0.5 4.5]
	// [[1.75]] [1.]
}

func ExampleLoadArray() {
	features, labels := tensor.Arange(6).Reshape(3, 2), tensor.Arange(3)
	for X, y := range d2l.LoadArray(2, false, features, labels).Batches() {
		fmt.Println(X.Shape(), y)
	}
	// Output:
	// [2 2] [0. 1.]
	// [1 2] [2.]
}
