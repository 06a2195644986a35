package mlp

import (
	"math"
	"slices"
	"testing"

	"github.com/fathom-ml/fathom/book"
	"github.com/fathom-ml/fathom/book/booktest"
	"github.com/fathom-ml/fathom/plot"
	"github.com/fathom-ml/fathom/tensor"
	"github.com/fathom-ml/fathom/tensor/random"
)

func run(t *testing.T) *booktest.Recorded {
	t.Helper()
	l, err := book.Find("4.1")
	if err != nil {
		t.Fatal(err)
	}
	return booktest.Run(t, l, book.Options{})
}

// The book's six plots: 160 points from -8 to 7.9, values by the formulas in float64.
func TestPlots(t *testing.T) {
	r := run(t)
	sigmoid := func(x float64) float64 { return 1 / (1 + math.Exp(-x)) }
	for _, c := range []struct {
		name, label string
		f           func(x float64) float64
	}{
		{"relu", "relu(x)", func(x float64) float64 { return max(x, 0) }},
		{"grad-of-relu", "grad of relu", func(x float64) float64 {
			if x > 0 {
				return 1
			}
			return 0
		}},
		{"sigmoid", "sigmoid(x)", sigmoid},
		{"grad-of-sigmoid", "grad of sigmoid", func(x float64) float64 { return sigmoid(x) * (1 - sigmoid(x)) }},
		{"tanh", "tanh(x)", math.Tanh},
		{"grad-of-tanh", "grad of tanh", func(x float64) float64 { return 1 - math.Tanh(x)*math.Tanh(x) }},
	} {
		f := r.Figure(c.name)
		if f == nil {
			t.Errorf("no figure %s", c.name)
			continue
		}
		ax := f.Axes[0]
		l := ax.Items[0].(*plot.Line)
		if f.Width != 5 || f.Height != 2.5 || ax.XLabel != "x" || ax.YLabel != c.label || len(ax.Items) != 1 || len(l.X) != 160 || len(l.Y) != 160 {
			t.Fatalf("%s: %g x %g, %q, %q, %d curves, %d points", c.name, f.Width, f.Height, ax.XLabel, ax.YLabel, len(ax.Items), len(l.X))
		}
		if l.X[80] != 0 || c.name == "grad-of-relu" && l.Y[80] != 0 || c.name == "grad-of-sigmoid" && l.Y[80] != 0.25 || c.name == "grad-of-tanh" && l.Y[80] != 1 {
			t.Errorf("%s: at %g the value is %g", c.name, l.X[80], l.Y[80])
		}
		for i, x := range l.X {
			if math.Abs(x-(-8+0.1*float64(i))) > 1e-6 || math.Abs(l.Y[i]-c.f(x)) > 1e-6 {
				t.Errorf("%s: point %d is (%g, %g), want %g", c.name, i, x, l.Y[i], c.f(x))
			}
		}
	}
	want := []string{"mlp", "hinges", "relu", "grad-of-relu", "sigmoid", "grad-of-sigmoid", "tanh", "grad-of-tanh", "prelu"}
	if got := r.Figures(); !slices.Equal(got, want) {
		t.Errorf("figures %q", got)
	}
	prelu := r.Figure("prelu").Axes[0]
	for i, x := range prelu.Items[0].(*plot.Line).X {
		y, slope := prelu.Items[0].(*plot.Line).Y[i], prelu.Items[1].(*plot.Line).Y[i]
		wantY, wantSlope := x, 1.0
		if x < 0 {
			wantY, wantSlope = x/4, 0.25
		}
		if math.Abs(y-wantY) > 1e-6 || x != 0 && slope != wantSlope {
			t.Errorf("pReLU at %g: %g, slope %g", x, y, slope)
		}
	}
}

func TestPrinted(t *testing.T) {
	booktest.Contains(t, run(t).Text(),
		"two layers are one: true",
		"at 0.0 the slope is 0.0",
		"largest slope: 0.25 at 0.0", "equal to s(1-s): true",
		"largest slope: 1.0 at 0.0", "equal to 1-tanh²: true",
		"slopes: 0.25 1.0",
		"equal: true")
}

// The polygon through f at the knots is the network of hinges, and its error falls with the square of the distance of the knots.
func TestHinges(t *testing.T) {
	knots := tensor.Linspace(0, 3, 7)
	y := hinges(math.Exp, 0, 3, 6, knots)
	if !tensor.AllClose(y, knots.Exp(), 1e-5, 1e-5) {
		t.Errorf("at the knots %v, want %v", y, knots.Exp())
	}
	x := tensor.Linspace(0, math.Pi, 1001)
	worst := func(n int) float64 { return hinges(math.Sin, 0, math.Pi, n, x).Sub(x.Sin()).Abs().Max().Item() }
	for _, n := range []int{8, 16} {
		h := math.Pi / float64(n)
		if e := worst(n); e > h*h/8+1e-5 || e < 0.9*h*h/8 { // the error of interpolation is at most h²/8 max|f"|
			t.Errorf("%d units: error %g, bound %g", n, e, h*h/8)
		}
	}
}

func TestPieces(t *testing.T) {
	for seed := range uint64(5) {
		tensor.Seed(seed)
		w, b := random.Normal(0, 1, 1, 10), random.Normal(0, 1, 10)
		tensor.Seed(seed)
		corners := map[int]bool{} // cells of the grid with a zero in them
		for i := range 10 {
			if z := -b.At(i) / w.At(0, i); math.Abs(z) < 20 {
				corners[int(math.Floor((z+20)*100))] = true
			}
		}
		if got := pieces(10); got != len(corners)+1 {
			t.Errorf("seed %d: %d pieces, want %d", seed, got, len(corners)+1)
		}
	}
}
