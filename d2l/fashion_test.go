package d2l_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/fathom-ml/fathom/d2l"
	"github.com/fathom-ml/fathom/data"
	"github.com/fathom-ml/fathom/plot"
	"github.com/fathom-ml/fathom/tensor"
)

func TestLoadDataFashionMNIST(t *testing.T) {
	s := newScreen()
	train, test, err := d2l.LoadDataFashionMNIST(s, 32, d2l.Resize(64), d2l.Examples(600))
	if err != nil {
		t.Fatal(err)
	}
	if train.Dataset().Len() != 600 || test.Dataset().Len() != 100 {
		t.Errorf("%d and %d examples", train.Dataset().Len(), test.Dataset().Len())
	}
	if !strings.Contains(s.text.String(), "digits") {
		t.Errorf("no notice that these are the digits: %q", s.text.String())
	}
	for _, iter := range []*d2l.Batches{train, test} {
		for X, y := range iter.Batches() {
			if !slices.Equal(X.Shape(), []int{32, 1, 64, 64}) || X.DType() != tensor.Float32 ||
				!slices.Equal(y.Shape(), []int{32}) || y.DType() != tensor.Int32 {
				t.Errorf("%v %v, %v %v", X.Shape(), X.DType(), y.Shape(), y.DType())
			}
			if lo, hi := X.Min().Item(), X.Max().Item(); lo < 0 || hi > 1 || hi < 0.9 {
				t.Errorf("pixels from %v to %v", lo, hi)
			}
			break
		}
	}
}

// The training set is shuffled, the test set is not.
func TestLoadImagesOrder(t *testing.T) {
	tensor.Seed(0)
	train, test := d2l.LoadImages(data.Digits(true), data.Digits(false), 100)
	first := func(iter *d2l.Batches) []int {
		for _, y := range iter.Batches() {
			return y.Ints()
		}
		return nil
	}
	if slices.Equal(first(train), data.Digits(true).Labels.Narrow(0, 0, 100).Ints()) {
		t.Error("the training set is not shuffled")
	}
	if !slices.Equal(first(test), data.Digits(false).Labels.Narrow(0, 0, 100).Ints()) {
		t.Error("the test set is not in order")
	}
}

func TestShowImages(t *testing.T) {
	s := newScreen()
	images := tensor.Arange(3*4*5).Reshape(3, 4, 5)
	d2l.ShowImages(s, "grid", images, 2, 2, []string{"a", "b"}, 1.5)
	f := s.figures["grid"]
	if f.Rows != 2 || f.Cols != 2 || f.Width != 3 || f.Height != 3 {
		t.Errorf("%d x %d cells on %v x %v inches", f.Rows, f.Cols, f.Width, f.Height)
	}
	img := f.Axes[1].Items[0].(*plot.Image)
	if !f.Axes[1].Hidden || f.Axes[1].Title != "b" || img.Height != 4 || img.Width != 5 || img.Channels != 1 || img.Pix[0] != 20 {
		t.Errorf("second picture: %+v, %+v", f.Axes[1], img)
	}
	if err := f.Check(); err != nil {
		t.Error(err)
	}
	d2l.ShowImages(s, "colour", tensor.Zeros(1, 2, 2, 3), 1, 1, nil, 1)
	if c := s.figures["colour"].Axes[0].Items[0].(*plot.Image).Channels; c != 3 {
		t.Errorf("%d channels", c)
	}
}

func TestClassNames(t *testing.T) {
	labels := tensor.Of([]int32{9, 0})
	digits := data.Digits(false)
	_, test := d2l.LoadImages(digits, digits, 10)
	if got := d2l.ClassNames(test)(labels); !slices.Equal(got, []string{"9", "0"}) {
		t.Errorf("digits: %q", got)
	}
	plain := d2l.LoadArray(1, false, labels, labels)
	if got := d2l.ClassNames(plain)(labels); !slices.Equal(got, []string{"ankle boot", "t-shirt"}) {
		t.Errorf("tensors: %q", got)
	}
	if err := tensor.Try(func() { d2l.GetFashionMNISTLabels(tensor.Of([]int{10})) }); err == nil {
		t.Error("label 10 has a name")
	}
}

func ExampleGetFashionMNISTLabels() {
	fmt.Println(strings.Join(d2l.GetFashionMNISTLabels(tensor.Of([]int32{0, 7, 9})), ", "))
	// Output: t-shirt, sneaker, ankle boot
}
