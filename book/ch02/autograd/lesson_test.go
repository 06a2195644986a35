package autograd

import (
	"math"
	"strings"
	"testing"

	"github.com/fathom-ml/fathom/book"
	"github.com/fathom-ml/fathom/book/booktest"
	"github.com/fathom-ml/fathom/plot"
)

// printed is what the book's page shows, in its order.
var printed = []string{
	`array([0., 1., 2., 3.])`,
	`array([0., 0., 0., 0.])`,
	`array(28.)`,
	`array([ 0.,  4.,  8., 12.])`,
	`array([ True,  True,  True,  True])`,
	`array([1., 1., 1., 1.])`,
	`array([0., 2., 4., 6.])`,
	`array([ True,  True,  True,  True])`,
	`array([ True,  True,  True,  True])`,
	`array(True)`,
}

func run(t *testing.T, opts book.Options) *booktest.Recorded {
	t.Helper()
	l, err := book.Find("2.5")
	if err != nil {
		t.Fatal(err)
	}
	return booktest.Run(t, l, opts)
}

func TestBook(t *testing.T) {
	text := run(t, book.Options{}).Text()
	want := strings.Join(printed, "\n") + "\n"
	if !strings.HasPrefix(text, want) {
		t.Errorf("printed\n%s\nwant\n%s", text, want)
	}
	// the first number of the book's stream, and what the loop makes of it
	booktest.Contains(t, strings.TrimPrefix(text, want), "array(2.2122064)", "array(1132.6497)", "array(512.)")
}

// TestAnySeed: the gradient is d/a whatever a is drawn, on either branch.
func TestAnySeed(t *testing.T) {
	for seed := range uint64(10) {
		text := run(t, book.Options{Seed: seed}).Text()
		if !strings.HasPrefix(text, strings.Join(printed, "\n")+"\n") {
			t.Errorf("seed %d: printed\n%s", seed, text)
		}
	}
}

func TestExercises(t *testing.T) {
	r := run(t, book.Options{})
	text := r.Text()
	booktest.Contains(t, text[strings.Index(text, "512."):],
		"backward: this graph was already consumed", "array([0., 2., 4., 6.])",
		"array([51200., 51200., 51200.])",
		"array(243.)", "array(405.)",
		"array([ 0.,  3., 12., 27.])", "array([ 0.,  6., 12., 18.])")

	fig := r.Figure("sine")
	if fig == nil {
		t.Fatal("no figure")
	}
	items := fig.Axes[0].Items
	if len(items) != 2 {
		t.Fatalf("%d curves", len(items))
	}
	for i, want := range []func(float64) float64{math.Sin, math.Cos} {
		l := items[i].(*plot.Line)
		for j, x := range l.X {
			if math.Abs(l.Y[j]-want(x)) > 1e-6 {
				t.Errorf("curve %d at %g: %g, want %g", i, x, l.Y[j], want(x))
			}
		}
	}
}
