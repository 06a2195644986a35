package frame_test

import (
	"errors"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/fathom-ml/fathom/frame"
	"github.com/fathom-ml/fathom/tensor"
)

func read(t *testing.T, text string, opts ...frame.Option) *frame.Frame {
	t.Helper()
	f, err := frame.Read(strings.NewReader(text), opts...)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func TestOptions(t *testing.T) {
	f := read(t, "1;?\n2;x\n", frame.Sep(';'), frame.Missing("?"), frame.Header("a", "b"), frame.AsText("a"))
	if a := f.Col("a"); a.Kind() != frame.Text || a.Text(1) != "2" {
		t.Errorf("a is %v", a)
	}
	if b := f.Col("b"); !b.Missing(0) || b.Missing(1) || b.Count() != 1 {
		t.Errorf("b misses %d of 2", 2-b.Count())
	}
}

func TestSelection(t *testing.T) {
	f := read(t, "a,b,c\n1,x,0.5\n2,y,1.5\n3,z,NA\n")
	if got := f.Rows(-2, 3).Cols(0, -1).String(); got != "   a  b\n1  2  y\n2  3  z" {
		t.Errorf("the last two rows without the last column:\n%s", got)
	}
	if got := f.DropMissing().Len(); got != 2 {
		t.Errorf("%d rows have no gap, want 2", got)
	}
	big := f.Where(func(i int) bool { return f.Col("a").Float(i) > 1 }).Drop("c").Select("b", "a")
	if !slices.Equal(big.Names(), []string{"b", "a"}) || big.Len() != 2 {
		t.Errorf("selected\n%v", big)
	}
	g := f.With(frame.Floats("c", 7, 8, 9)).With(f.Col("a").Map(func(v float64) float64 { return v * v }).Renamed("square"))
	if got := g.Col("square").Values(); !slices.Equal(got, []float64{1, 4, 9}) || g.Col("c").Float(2) != 9 || !f.Col("c").Missing(2) {
		t.Errorf("with other columns\n%v\nfrom\n%v", g, f)
	}
	if x := g.Drop("b").Tensor(); x.DType() != tensor.Float64 || !slices.Equal(x.Shape(), []int{3, 3}) {
		t.Errorf("tensor %v of %v", x, x.DType())
	}
	if x := g.Select("a").Tensor(); x.DType() != tensor.Int64 {
		t.Errorf("integers become %v", x.DType())
	}
}

func TestStandardize(t *testing.T) {
	f := read(t, "a,t\n1,x\n2,y\nNA,z\n6,u\n").Standardize()
	a := f.Col("a")
	if math.Abs(a.Mean()) > 1e-15 || math.Abs(a.Std()-1) > 1e-15 || !a.Missing(2) || !f.Col("t").Missing(2) && f.Col("t").Text(2) != "z" {
		t.Errorf("standardised:\n%v", f)
	}
}

func TestCounts(t *testing.T) {
	f := read(t, "a,t\n1,x\nNA,y\n3,x\n")
	if got := f.MissingCounts().Col("missing").Values(); !slices.Equal(got, []float64{1, 0}) {
		t.Errorf("missing %v", got)
	}
	if got := f.Col("t").ValueCounts().String(); got != "   t  count\n0  x      2\n1  y      1" {
		t.Errorf("counts:\n%s", got)
	}
	if got := f.Describe().Col("a").Values(); !slices.Equal(got[:2], []float64{2, 2}) || got[7] != 3 {
		t.Errorf("described as %v", got)
	}
}

func TestBadFiles(t *testing.T) {
	for text, want := range map[string]string{
		"":              "no columns",
		"a,a\n1,2\n":    `two columns are called "a"`,
		"a,b\n1,2,3\n":  "line 2 has 3 fields for 2 columns",
		"a\n\"x\n":      "quote",
		"a,b\n1,\"x\"y": "quote",
	} {
		if _, err := frame.Read(strings.NewReader(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %s", text, err, want)
		}
	}
	if _, err := frame.Load(filepath.Join(t.TempDir(), "none.csv")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a file that is not there: %v", err)
	}
	if _, err := frame.Read(strings.NewReader("a\n1\n"), frame.AsText("b")); err == nil {
		t.Error("a column that is not there is kept as texts")
	}
}

func TestMisuse(t *testing.T) {
	f := read(t, "a,t\n1,x\n2,y\n")
	for want, fn := range map[string]func(){
		`no column "z"`:              func() { f.Col("z") },
		"there are a, t":             func() { f.Drop("z") },
		`column "t" holds texts`:     func() { f.Tensor() },
		"row 5 of 2":                 func() { f.Take(5) },
		"the range [0, 9) is not in": func() { f.Cols(0, 9) },
		`column "b" has 1 values`:    func() { f.With(frame.Ints("b", 1)) },
		`two columns are called "a"`: func() { frame.ConcatColumns(f, f) },
		"holds object, not float64":  func() { f.Col("t").Mean() },
		"holds int64, not object":    func() { f.Col("a").FillText("x") },
		"2 is not in [0, 1]":         func() { f.Col("a").Quantile(2) },
	} {
		err := tensor.Try(fn)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want %s", err, want)
		}
	}
}

func TestSaveAndLoad(t *testing.T) {
	path := filepath.Join(t.TempDir(), "f.csv")
	f := frame.New(frame.Ints("id", 1, 2), frame.Floats("x", 0.1, math.NaN()), frame.Texts("t", "a,\"b\"", "?").Blank("?"), frame.Bools("ok", true, false))
	if err := f.Save(path); err != nil {
		t.Fatal(err)
	}
	g, err := frame.Load(path)
	if err != nil {
		t.Fatal(err)
	}
	if g.String() != f.String() {
		t.Errorf("saved\n%v\nloaded\n%v", f, g)
	}
}

// The book's table of house prices (4.10).
func TestHousePrices(t *testing.T) {
	dir := os.Getenv("FATHOM_DATA")
	train, err := frame.Load(filepath.Join(dir, "kaggle_house_pred_train.csv"))
	if dir == "" || errors.Is(err, os.ErrNotExist) {
		t.Skip("FATHOM_DATA has no kaggle_house_pred_train.csv")
	}
	if err != nil {
		t.Fatal(err)
	}
	test, err := frame.Load(filepath.Join(dir, "kaggle_house_pred_test.csv"))
	if err != nil {
		t.Fatal(err)
	}
	if a, b := train.Shape(), test.Shape(); !slices.Equal(a, []int{1460, 81}) || !slices.Equal(b, []int{1459, 80}) {
		t.Errorf("shapes %v and %v, want (1460, 81) and (1459, 80)", a, b)
	}
	all := frame.Concat(train.Cols(1, -1), test.Cols(1, 80))
	features := all.Standardize().Fill(0).OneHot(true)
	if got := features.Shape(); !slices.Equal(got, []int{2919, 331}) {
		t.Errorf("features have the shape %v, want (2919, 331)", got)
	}
	if x := features.Tensor(); x.IsNaN().Any() {
		t.Error("a feature is missing")
	}
}

func FuzzRead(f *testing.F) {
	f.Add("a,b\n1,x\nNA,\"y\"\n")
	f.Add("a\n1e400\n-inf\n")
	f.Add("\ufeffa;b\n\n1\n")
	f.Fuzz(func(t *testing.T, text string) {
		a, err := frame.Read(strings.NewReader(text))
		if err != nil {
			return
		}
		_ = a.String()
		a.OneHot(true)
		var b strings.Builder
		if err := a.Write(&b); err != nil {
			t.Fatal(err)
		}
		again, err := frame.Read(strings.NewReader(b.String()))
		if err != nil {
			t.Fatalf("%q was read, its form %q is not: %v", text, b.String(), err)
		}
		if !slices.Equal(again.Names(), a.Names()) || again.Len() != a.Len() {
			t.Errorf("%q: %v of %d rows came back as %v of %d", text, a.Names(), a.Len(), again.Names(), again.Len())
		}
	})
}
