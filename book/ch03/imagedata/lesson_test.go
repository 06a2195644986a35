package imagedata

import (
	"slices"
	"strings"
	"testing"

	"github.com/fathom-ml/fathom/book"
	"github.com/fathom-ml/fathom/book/booktest"
	"github.com/fathom-ml/fathom/plot"
)

func run(t *testing.T, opts book.Options) *booktest.Recorded {
	t.Helper()
	l, err := book.Find("3.5")
	if err != nil {
		t.Fatal(err)
	}
	return booktest.Run(t, l, opts)
}

func titles(f *plot.Figure) string {
	var all []string
	for _, ax := range f.Axes {
		all = append(all, ax.Title)
	}
	return strings.Join(all, ", ")
}

func TestBook(t *testing.T) {
	booktest.NeedFashionMNIST(t)
	r := run(t, book.Options{DataSet: "fashion-mnist"})
	booktest.Contains(t, r.Text(),
		"(60000, 10000)",
		"(28, 28, 1)",
		"0 t-shirt 6000 1000", "8 bag 6000 1000",
		"(18, 28, 28, 1)",
		"sec",
		"(32, 1, 64, 64) float32 (32,) int32",
		"(1437, 360)")
	// the order of the makers' files
	if got, want := titles(r.Figure("images")), "ankle boot, t-shirt, t-shirt, dress, t-shirt, pullover, "+
		"sneaker, pullover, sandal, sandal, t-shirt, ankle boot, sandal, sandal, sneaker, ankle boot, trouser, t-shirt"; got != want {
		t.Errorf("titles %s, want %s", got, want)
	}
	if len(r.Notices()) != 0 {
		t.Errorf("notices %q", r.Notices())
	}
}

func TestDigits(t *testing.T) {
	r := run(t, book.Options{Quick: true, DataSet: "digits"})
	booktest.Contains(t, r.Text(),
		"(1437, 360)", "(28, 28, 1)", "(18, 28, 28, 1)", "sec", "(32, 1, 64, 64) float32 (32,) int32")
	if n := r.Notices(); len(n) != 1 || !strings.Contains(n[0], "digits") {
		t.Errorf("notices %q", n)
	}
	if v, ok := r.Result("", "seconds per pass"); !ok || v <= 0 {
		t.Errorf("seconds per pass: %v", v)
	}
}

func TestFigures(t *testing.T) {
	r := run(t, book.Options{Quick: true, DataSet: "digits"})
	if got := r.Figures(); !slices.Equal(got, []string{"images", "resized", "digits"}) {
		t.Fatalf("figures %q", got)
	}
	for name, want := range map[string]struct{ rows, cols, side int }{
		"images": {2, 9, 28}, "resized": {1, 9, 64}, "digits": {1, 9, 28},
	} {
		f := r.Figure(name)
		if f.Rows != want.rows || f.Cols != want.cols || f.Width != 1.5*float64(want.cols) || f.Height != 1.5*float64(want.rows) {
			t.Errorf("%s: %d x %d cells on %v x %v inches", name, f.Rows, f.Cols, f.Width, f.Height)
		}
		for i, ax := range f.Axes {
			img, ok := ax.Items[0].(*plot.Image)
			if !ok || img.Height != want.side || img.Width != want.side || img.Map != "" || !ax.Hidden || ax.Title == "" {
				t.Errorf("%s: picture %d is %+v", name, i, ax)
			}
		}
	}
	if got := titles(r.Figure("images")); got != "0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1, 2, 3, 4, 5, 6, 7" {
		t.Errorf("titles %s", got)
	}
}
