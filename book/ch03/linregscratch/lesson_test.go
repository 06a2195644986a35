package linregscratch

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/fathom-ml/fathom/book"
	"github.com/fathom-ml/fathom/book/booktest"
	"github.com/fathom-ml/fathom/d2l"
	"github.com/fathom-ml/fathom/plot"
	"github.com/fathom-ml/fathom/tensor"
	"github.com/fathom-ml/fathom/tensor/random"
)

func run(t *testing.T, opts book.Options) *booktest.Recorded {
	t.Helper()
	l, err := book.Find("3.2")
	if err != nil {
		t.Fatal(err)
	}
	return booktest.Run(t, l, opts)
}

func TestBook(t *testing.T) {
	r := run(t, book.Options{})
	text := r.Text()
	want := "features: [2.2122064 1.1630787] \nlabel: [4.662078]\n"
	if len(text) < len(want) {
		t.Fatalf("printed %q", text)
	}
	booktest.Equal(t, text[:len(want)], want)

	dots := r.Figure("scatter").Axes[0].Items[0].(*plot.Scatter)
	if len(dots.X) != 1000 || len(dots.Y) != 1000 || dots.Size != 1 {
		t.Errorf("scatter of %d x %d dots of size %g", len(dots.X), len(dots.Y), dots.Size)
	}
	// a band of slope -3.4
	var xx, xy float64
	for i, x := range dots.X {
		xx += x * x
		xy += x * (dots.Y[i] - 4.2)
	}
	if s := xy / xx; math.Abs(s+3.4) > 0.3 {
		t.Errorf("slope %g", s)
	}

	batch := r.Texts()[1]
	if got := strings.Count(batch, "\n"); got != 20 {
		t.Errorf("a minibatch prints on %d lines:\n%s", got, batch)
	}
}

// fromPrint are the examples that the book prints where it shows a minibatch, here and in
// 3.3. Their order is random, but they are rows of the data.
const fromPrint = `
-0.93316925 1.5430632 -2.9196413
0.1737154 -1.3096327 9.009764
-0.17182696 0.71263075 1.4362991
-1.0310302 -1.0057124 5.54579
0.8591078 0.66443396 3.6709807
-0.35391203 1.2594353 -0.78678733
-0.5836186 -0.07530449 3.2921002
-0.04391905 -1.0315224 7.6282578
0.8468736 -0.55909204 7.7833023
-0.9354301 -0.9410188 5.5244083
0.67848086 -0.7045922 7.961054
-0.9669159 -0.8711447 5.2282877
-1.0352775 1.6948094 -3.6350167
0.8515685 0.12359928 5.4853864
-0.6308071 0.53733146 1.0948168
0.6862904 1.07628 1.9102741
0.1130666 -0.659559 6.6553063
0.308205 0.9416017 1.6211131
-0.34304565 0.9344402 0.3322031
-1.5367762 1.0635569 -2.4930956`

func TestData(t *testing.T) {
	w := tensor.Of([]float32{2, -3.4})
	X, y := syntheticData(random.New(0), w, 4.2, 1000)
	same := func(got float64, want float64) bool { return math.Abs(got-want) <= max(1e-6*math.Abs(want), 1e-7) }
	lines := strings.Split(strings.TrimSpace(fromPrint), "\n")
	for _, line := range lines {
		var a, b, label float64
		if _, err := fmt.Sscan(line, &a, &b, &label); err != nil {
			t.Fatal(err)
		}
		found := false
		for i := range 1000 {
			found = found || same(X.At(i, 0), a) && same(X.At(i, 1), b) && same(y.At(i, 0), label)
		}
		if !found {
			t.Errorf("the book's example %s is not in the data", line)
		}
	}

	// the helpers of d2l are these
	X2, y2 := d2l.SyntheticDataFrom(random.New(0), w, 4.2, 1000)
	tensor.Seed(0)
	X3, y3 := d2l.SyntheticData(w, 4.2, 1000)
	for _, pair := range [][2]*tensor.Tensor{{X, X2}, {y, y2}, {X, X3}, {y, y3}} {
		if !tensor.Equal(pair[0], pair[1]) {
			t.Error("d2l gives other data")
		}
	}
}

func TestDataIter(t *testing.T) {
	X := tensor.Arange(0, 10).Reshape(10, 1)
	var sizes []int
	seen := map[float64]bool{}
	for x, y := range dataIter(4, X, X.MulScalar(2)) {
		sizes = append(sizes, x.Len())
		for i := range x.Len() {
			seen[x.At(i, 0)] = true
			if y.At(i, 0) != 2*x.At(i, 0) {
				t.Errorf("features %v with labels %v", x, y)
			}
		}
	}
	if !slices.Equal(sizes, []int{4, 4, 2}) || len(seen) != 10 {
		t.Errorf("sizes %v, %d different examples", sizes, len(seen))
	}
}

// TestPublished judges the median of three seeds by the range of the book's builds, widened on each
// side by its width, which counts as 2 % of the value at least.
func TestPublished(t *testing.T) {
	var losses [3][]float64
	var errors [2][]float64
	for seed := range uint64(3) {
		r := run(t, book.Options{Seed: seed})
		points := r.Metric("", "loss")
		if len(points) != 3 {
			t.Fatalf("seed %d: %d epochs", seed, len(points))
		}
		for i, m := range points {
			losses[i] = append(losses[i], m.Value)
			booktest.Contains(t, r.Text(), fmt.Sprintf("epoch %d, loss %f", i+1, m.Value))
		}
		if final, ok := r.Result("", "loss"); !ok || final != points[2].Value {
			t.Errorf("seed %d: result loss %g, last epoch %g", seed, final, points[2].Value)
		}
		for i, name := range []string{"w error", "b error"} {
			e, _ := r.Result("", name)
			errors[i] = append(errors[i], e)
		}
		if zero, _ := r.Result("zero", "loss"); math.Abs(zero-0.000051) > 0.000002 {
			t.Errorf("seed %d: started at zero the loss is %g", seed, zero)
		}
	}
	for i, published := range [][2]float64{{0.02479, 0.02511}, {0.000084, 0.000094}, {0.000051, 0.000051}} {
		width := max(published[1]-published[0], 0.02*published[1])
		if m := median(losses[i]); m > published[1]+width || m < published[0]-width {
			t.Errorf("epoch %d: losses %g, the book's are %g to %g", i+1, losses[i], published[0], published[1])
		}
	}
	if median(errors[0]) >= 0.001 || median(errors[1]) >= 0.0008 {
		t.Errorf("errors of w %g, of b %g", errors[0], errors[1])
	}
}

func median(v []float64) float64 { return slices.Sorted(slices.Values(v))[len(v)/2] }

func TestExercises(t *testing.T) {
	r := run(t, book.Options{})
	loss := func(rate string) float64 {
		v, ok := r.Result("lr="+rate, "loss")
		if !ok {
			t.Errorf("no result for the rate %s", rate)
		}
		return v
	}
	if !(loss("0.003") > 1 && loss("0.03") < 0.3*loss("0.003") && loss("0.3") > loss("0.03") && loss("0.3") < 1e-4) {
		t.Errorf("losses %g %g %g", loss("0.003"), loss("0.03"), loss("0.3"))
	}
	if l := loss("3"); l < 1e6 {
		t.Errorf("a rate of 3 ends with the loss %g", l)
	}
	text := r.Text()
	var R, U float64
	if _, err := fmt.Sscanf(text[strings.Index(text, "R = "):], "R = %f ohms, bias %f volts", &R, &U); err != nil {
		t.Fatal(err)
	}
	if math.Abs(R-4.7) > 0.01 || math.Abs(U) > 0.01 {
		t.Errorf("R = %g, bias %g", R, U)
	}
	booktest.Contains(t, text, "[300 2] [300 2] [300 2] [100 2]")
}

// TestParameters: what the user sets takes effect.
func TestParameters(t *testing.T) {
	r := run(t, book.Options{Set: map[string]string{"epochs": "1", "batch": "7", "lr": "0.1"}})
	if n := len(r.Metric("", "loss")); n != 1 {
		t.Errorf("%d epochs", n)
	}
	if got := strings.Count(r.Texts()[1], "\n"); got != 14 {
		t.Errorf("a minibatch of 7 prints on %d lines", got)
	}
}
