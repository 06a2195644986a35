package stability

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/fathom-ml/fathom/book"
	"github.com/fathom-ml/fathom/book/booktest"
	"github.com/fathom-ml/fathom/plot"
)

var recorded *booktest.Recorded

func run(t *testing.T) *booktest.Recorded {
	t.Helper()
	if recorded == nil {
		l, err := book.Find("4.8")
		if err != nil {
			t.Fatal(err)
		}
		recorded = booktest.Run(t, l, book.Options{})
	}
	return recorded
}

// numbers reads n numbers behind a text.
func numbers(t *testing.T, text, behind string, n int) []float64 {
	t.Helper()
	_, rest, ok := strings.Cut(text, behind)
	if !ok {
		t.Fatalf("%q is not printed", behind)
	}
	fields := strings.Fields(strings.NewReplacer("[", " ", "]", " ").Replace(rest))
	all := make([]float64, n)
	for i := range all {
		if _, err := fmt.Sscan(fields[i], &all[i]); err != nil {
			t.Fatal(err)
		}
	}
	return all
}

// The first matrix to the last digit; of the product the five digits that do not depend on the order of rounding.
func TestBook(t *testing.T) {
	text := run(t).Text()
	booktest.Contains(t, text, `a single matrix
		[[ 2.2122064 1.1630787 0.7740038 0.4838046] [1.0434405 0.29956347 1.1839255 0.15302546]
		[1.8917114 -1.1688148 -1.2347414 1.5580711] [-1.771029 -0.5459446 -0.45138445 -2.3556297]]`)
	product := numbers(t, text, "after multiplying 100 matrices", 16)
	want := map[int]float64{
		0: 3.4460e+23, 1: -7.8041e+23, 2: 5.9973e+23, 3: 4.5230e+23,
		12: -4.4951e+23, 13: 1.0180e+24, 14: -7.8232e+23, 15: -5.9000e+23,
	}
	for i, w := range want {
		if math.Abs(product[i]/w-1) > 2e-5 {
			t.Errorf("element %d of the product is %g, the book's %g", i, product[i], w)
		}
	}
	for i := 4; i < 16; i++ { // the rows are multiples of the first
		if r := product[i] / product[i%4] / (product[i/4*4] / product[0]); math.Abs(r-1) > 1e-4 {
			t.Errorf("row %d is no multiple of the first: %g", i/4, r)
		}
	}
}

func TestFigure(t *testing.T) {
	f := run(t).Figure("sigmoid")
	ax := f.Axes[0]
	if f.Width != 4.5 || f.Height != 2.5 || ax.XLabel != "" || ax.YLabel != "" || len(ax.Items) != 2 {
		t.Fatalf("%+v", ax)
	}
	y, g := ax.Items[0].(*plot.Line), ax.Items[1].(*plot.Line)
	if y.Label != "sigmoid" || g.Label != "gradient" || len(y.X) != 160 || len(g.X) != 160 || g.Y[80] != 0.25 {
		t.Errorf("%q of %d points, %q of %d", y.Label, len(y.X), g.Label, len(g.X))
	}
	for i, x := range y.X {
		s := 1 / (1 + math.Exp(-x))
		if math.Abs(y.Y[i]-s) > 1e-6 || math.Abs(g.Y[i]-s*(1-s)) > 1e-6 {
			t.Errorf("at %g: %g, %g", x, y.Y[i], g.Y[i])
		}
	}
}

func TestSymmetry(t *testing.T) {
	text := run(t).Text()
	_, rest, _ := strings.Cut(text, "after multiplying")
	_, rest, _ = strings.Cut(rest, "]]\n")
	w := numbers(t, rest, "[[", 12)
	for i := 3; i < 12; i++ {
		if w[i] != w[i%3] {
			t.Errorf("units differ: %v", w)
		}
	}
	if w[0] == 0.1 || w[0] == w[1] {
		t.Errorf("nothing was learned: %v", w)
	}
}

func TestXavier(t *testing.T) {
	r := run(t)
	booktest.Contains(t, r.Text(), "9.5e-07", "bound 0.1225, largest weight 0.1225", "sigma 0.0707, standard deviation 0.0707", "norm 1.0000")
	get := func(run, name string) float64 {
		v, ok := r.Result(run, name)
		if !ok {
			t.Errorf("run %s has no %s", run, name)
		}
		return v
	}
	// the variance of a linear layer falls by n sigma² = 0.01, so by ten a layer in standard deviations, and tanh is linear there
	if a := get("normal, 0.01", "activation"); math.Abs(math.Log10(a)+20) > 0.5 {
		t.Errorf("small weights: %g", a)
	}
	if a, g := get("normal, 1", "activation"), get("normal, 1", "gradient"); a < 0.9 || g < 1e4 {
		t.Errorf("large weights: %g, %g", a, g)
	}
	if a, g := get("Xavier", "activation"), get("Xavier", "gradient"); a < 0.05 || g < 0.05 || g > 2 {
		t.Errorf("Xavier: %g, %g", a, g)
	}
	for _, name := range []string{"softmax regression, 0", "softmax regression, 1", "softmax regression, random", "perceptron, random"} {
		if acc := get(name, "test acc"); acc < 0.85 {
			t.Errorf("%s: %g", name, acc)
		}
	}
	if acc := get("perceptron, 0.001", "test acc"); acc > 0.5 {
		t.Errorf("a perceptron of equal units: %g", acc)
	}
}
