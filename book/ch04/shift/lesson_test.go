package shift

import (
	"math"
	"slices"
	"testing"

	"github.com/fathom-ml/fathom/book"
	"github.com/fathom-ml/fathom/book/booktest"
	"github.com/fathom-ml/fathom/tensor"
	"github.com/fathom-ml/fathom/tensor/random"
)

func run(t *testing.T, opts book.Options) *booktest.Recorded {
	t.Helper()
	l, err := book.Find("4.9")
	if err != nil {
		t.Fatal(err)
	}
	return booktest.Run(t, l, opts)
}

// What the lesson claims, on three seeds.
func TestClaims(t *testing.T) {
	for seed := range uint64(3) {
		r := run(t, book.Options{Seed: seed})
		get := func(run, name string) float64 {
			v, ok := r.Result(run, name)
			if !ok {
				t.Errorf("run %q has no %q", run, name)
			}
			return v
		}
		if acc, drawn := get("", "test acc"), get("", "drawings acc"); acc < 0.85 || drawn > acc-0.3 {
			t.Errorf("seed %d: test accuracy %g, drawings %g", seed, acc, drawn)
		}
		// in theory 1/(1+exp(-2|u|)) for normal u, on the average 0.72
		if told := get("", "told apart"); told < 0.65 || told > 0.85 {
			t.Errorf("seed %d: told apart %g", seed, told)
		}
		const loss = "target loss"
		if plain, weighted, ideal := get("source", loss), get("source, weighted", loss), get("target itself", loss); weighted > plain/2 || ideal > weighted || plain > 0.2 {
			t.Errorf("seed %d: losses on the target %g, weighted %g, ideal %g", seed, plain, weighted, ideal)
		}
		for _, c := range [][2]string{{"clip=1", "clip=0.1"}, {"clip=5", "clip=1"}, {"clip=20", "clip=5"}} {
			if a, b := get(c[0], loss), get(c[1], loss); a > b {
				t.Errorf("seed %d: %s gives %g, %s %g", seed, c[0], a, c[1], b)
			}
		}
		if predicted, estimated := get("label shift", "predicted error"), get("label shift", "estimated error"); estimated > 0.7*predicted {
			t.Errorf("seed %d: errors of the shares: predicted %g, estimated %g", seed, predicted, estimated)
		}
		if before, after := get("label shift", "before"), get("label shift", "after"); after < before {
			t.Errorf("seed %d: accuracy before %g, after %g", seed, before, after)
		}
	}
}

func TestFigures(t *testing.T) {
	r := run(t, book.Options{Quick: true})
	if got := r.Figures(); !slices.Equal(got, []string{"photos-and-drawings", "lines"}) {
		t.Fatalf("figures %q", got)
	}
	if f := r.Figure("photos-and-drawings"); f.Rows != 2 || f.Cols != 8 {
		t.Errorf("%d x %d pictures", f.Rows, f.Cols)
	}
	if n := len(r.Figure("lines").Axes[0].Items); n != 4 {
		t.Errorf("%d items", n)
	}
}

// The odds of normal numbers around 1 and -1 are exp(2x); logistic regression finds that.
func TestLogistic(t *testing.T) {
	tensor.Seed(0)
	const n = 20000
	w, b := logistic(random.Normal(-1, 1, n), random.Normal(1, 1, n))
	if math.Abs(w-2) > 0.1 || math.Abs(b) > 0.05 {
		t.Errorf("h(x) = %g x + %g, want 2x", w, b)
	}
	if got := toldApart(random.Normal(-1, 1, n), random.Normal(1, 1, n)); math.Abs(got-0.8413) > 0.01 { // Φ(1)
		t.Errorf("told apart: %g, want 0.841", got)
	}
}

// A weight of 2 counts as two examples; a weight of 0 as none.
func TestFitLine(t *testing.T) {
	got := fitLine(tensor.Of([]float32{0, 1, 2, 3}), tensor.Of([]float32{1, 0, 4, 100}), tensor.Of([]float32{1, 2, 1, 0}))
	want := fitLine(tensor.Of([]float32{0, 1, 1, 2}), tensor.Of([]float32{1, 0, 0, 4}), tensor.Ones(4))
	if math.Abs(got.slope-want.slope) > 1e-5 || math.Abs(got.offset-want.offset) > 1e-5 || math.Abs(want.slope-1.5) > 1e-5 || math.Abs(want.offset+0.25) > 1e-5 {
		t.Errorf("%+v, want %+v", got, want)
	}
	if l := (line{1, 0}).loss(tensor.Of([]float32{0, 1}), tensor.Of([]float32{1, 3})); l != 1.25 {
		t.Errorf("loss %g", l)
	}
}

// The columns of a confusion matrix add up to 1, and C p(y) is the share of the predictions.
func TestConfusion(t *testing.T) {
	truth := tensor.Of([]int32{0, 0, 0, 1, 1, 2, 3, 4, 5, 6, 7, 8, 9})
	predicted := tensor.Of([]int64{0, 0, 1, 1, 0, 2, 3, 4, 5, 6, 7, 8, 9})
	C := confusion(predicted, truth)
	if math.Abs(C.At(0, 0)-2.0/3) > 1e-12 || math.Abs(C.At(1, 0)-1.0/3) > 1e-12 || C.At(0, 1) != 0.5 || C.At(9, 9) != 1 {
		t.Errorf("confusion %v", C)
	}
	if got := C.MatMul(shares(truth).Reshape(-1, 1)).Reshape(-1); !tensor.AllClose(got, shares(predicted), 1e-12, 1e-12) {
		t.Errorf("shares %v, want %v", got, shares(predicted))
	}
}

func TestOutlines(t *testing.T) {
	x := tensor.Zeros(1, 28, 28)
	x.FillSlice(0.25, tensor.All, tensor.R(10, 28), tensor.R(10, 20))
	e := outlines(x.Reshape(1, 784)).Reshape(28, 28)
	for _, c := range []struct {
		i, j int
		want float64
	}{{15, 15, 0}, {15, 9, 0.5}, {15, 19, 0.5}, {9, 15, 0.5}, {27, 15, 0}, {9, 9, 0}, {15, 27, 0}} {
		if e.At(c.i, c.j) != c.want {
			t.Errorf("pixel %d, %d is %g, want %g", c.i, c.j, e.At(c.i, c.j), c.want)
		}
	}
}
