package frame_test

import (
	"encoding/json"
	"math"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/fathom-ml/fathom/frame"
)

// What pandas made of small tables (tools/oracle/frame.py).
type pandasFrame struct {
	Names, Kinds []string
	Cols         [][]any
	Text, CSV    string
}

type pandasCase struct {
	In                       string
	Read, Filled, Hot, Twice *pandasFrame
	Mean, Std, Q30           []any
	MeanBy                   *pandasFrame `json:"mean_by"`
	SumBy                    *pandasFrame `json:"sum_by"`
	SizeBy                   *pandasFrame `json:"size_by"`
	ByKey                    *pandasFrame `json:"by_key"`
	Sorted                   *pandasFrame
}

func pandas(t *testing.T) map[string]pandasCase {
	t.Helper()
	b, err := os.ReadFile("testdata/pandas.json")
	if err != nil {
		t.Fatal(err)
	}
	var cases map[string]pandasCase
	if err := json.Unmarshal(b, &cases); err != nil {
		t.Fatal(err)
	}
	return cases
}

func float(v any) float64 {
	switch v {
	case "NaN":
		return math.NaN()
	case "inf":
		return math.Inf(1)
	case "-inf":
		return math.Inf(-1)
	}
	return v.(float64)
}

func near(a, b float64) bool {
	return a == b || math.IsNaN(a) && math.IsNaN(b) || math.Abs(a-b) <= 1e-12*math.Max(math.Abs(a), math.Abs(b))
}

// same compares a frame with that of pandas: values, kinds, printed text and CSV.
func same(t *testing.T, f *frame.Frame, want *pandasFrame) {
	t.Helper()
	if want == nil {
		t.Fatal("pandas has nothing to compare with")
	}
	if !slices.Equal(f.Names(), want.Names) {
		t.Fatalf("columns %v, pandas %v", f.Names(), want.Names)
	}
	for j, c := range f.Columns() {
		kind := want.Kinds[j]
		if kind == "uint8" { // pandas keeps indicators in bytes
			kind = "int64"
		}
		if c.Kind().String() != kind {
			t.Errorf("column %s is %v, pandas' %s", c.Name(), c.Kind(), kind)
			continue
		}
		if c.Len() != len(want.Cols[j]) {
			t.Fatalf("column %s has %d values, pandas' %d", c.Name(), c.Len(), len(want.Cols[j]))
		}
		for i, v := range want.Cols[j] {
			switch {
			case c.Kind() != frame.Text:
				if !near(c.Float(i), float(v)) {
					t.Errorf("%s, row %d: %v, pandas %v", c.Name(), i, c.Float(i), v)
				}
			case (v == nil) != c.Missing(i) || v != nil && v != c.Text(i):
				t.Errorf("%s, row %d: %q (missing: %v), pandas %v", c.Name(), i, c.Text(i), c.Missing(i), v)
			}
		}
	}
	if got := f.String(); got != want.Text {
		t.Errorf("printed as\n%s\npandas prints\n%s\n%q\n%q", got, want.Text, got, want.Text)
	}
	var b strings.Builder
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	if b.String() != want.CSV {
		t.Errorf("written as\n%s\npandas writes\n%s", b.String(), want.CSV)
	}
}

func TestPandas(t *testing.T) {
	for name, c := range pandas(t) {
		t.Run(name, func(t *testing.T) {
			f, err := frame.Read(strings.NewReader(c.In))
			if err != nil {
				t.Fatal(err)
			}
			part := func(name string, g *frame.Frame, want *pandasFrame) {
				t.Run(name, func(t *testing.T) { same(t, g, want) })
			}
			part("read", f, c.Read)
			k := 0
			for _, col := range f.Columns() {
				if !col.IsNumeric() || col.Kind() == frame.Bool {
					continue
				}
				for what, pair := range map[string][2]float64{
					"mean": {col.Mean(), float(c.Mean[k])}, "std": {col.Std(), float(c.Std[k])}, "quantile": {col.Quantile(0.3), float(c.Q30[k])},
				} {
					if !near(pair[0], pair[1]) {
						t.Errorf("%s of %s is %v, pandas' %v", what, col.Name(), pair[0], pair[1])
					}
				}
				k++
			}
			part("filled", f.FillMeans(), c.Filled)
			if c.Hot != nil {
				part("one hot", f.OneHot(true), c.Hot)
			}
			part("concat", frame.Concat(f, f.Cols(1, len(f.Names()))), c.Twice)
			if c.MeanBy != nil {
				g := f.GroupBy(f.Names()[0])
				part("mean by", g.Mean(), c.MeanBy)
				part("sum by", g.Sum(), c.SumBy)
				part("size by", g.Size(), c.SizeBy)
				part("sorted", f.Sort(f.Names()[1], true), c.Sorted)
				part("sorted by key", f.Sort(f.Names()[0], false), c.ByKey)
			}
		})
	}
}
