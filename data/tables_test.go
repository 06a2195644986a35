package data

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path"
	"strings"
	"testing"

	"github.com/fathom-ml/fathom/tensor"
)

// TestTables compares the embedded tables with scikit-learn's.
func TestTables(t *testing.T) {
	var want map[string]struct {
		Shape          []int
		Sums, Weighted []float64
		Y              float64
		Classes        []string
	}
	b, err := os.ReadFile("testdata/tables.json")
	if err == nil {
		err = json.Unmarshal(b, &want)
	}
	if err != nil {
		t.Fatal(err)
	}
	for name, table := range map[string]*Table{"iris": Iris(), "wine": Wine(), "breast cancer": BreastCancer(), "diabetes": Diabetes()} {
		w := want[name]
		if fmt.Sprint(table.X.Shape()) != fmt.Sprint(w.Shape) || fmt.Sprint(table.Classes) != fmt.Sprint(w.Classes) {
			t.Errorf("%s: shape %v and classes %v, not %v and %v", name, table.X.Shape(), table.Classes, w.Shape, w.Classes)
			continue
		}
		if table.Names != nil && len(table.Names) != w.Shape[1] {
			t.Errorf("%s: %d names of %d features", name, len(table.Names), w.Shape[1])
		}
		x, y := table.X.AsType(tensor.Float64), table.Y.AsType(tensor.Float64)
		k := tensor.Arange(float64(w.Shape[0])).AsType(tensor.Float64).AddScalar(1).Reshape(-1, 1)
		for _, c := range []struct {
			what string
			got  *tensor.Tensor
			want []float64
		}{{"sums", x.Sum(0), w.Sums}, {"weighted sums", x.Mul(k).Sum(0), w.Weighted}, {"classes", y.Mul(k.Reshape(-1)).Sum().Reshape(1), []float64{w.Y}}} {
			for i, v := range c.want {
				if got := c.got.At(i); math.Abs(got-v) > 1e-6*math.Abs(v)+1e-6 { // the tables are float32
					t.Errorf("%s: %s of column %d: %v, not %v", name, c.what, i, got, v)
				}
			}
		}
	}
}

func TestOpticks(t *testing.T) {
	text := Opticks()
	if n := strings.Count(text, "\n"); n < 8000 || !strings.Contains(text, "My Design in this Book is not to explain the Properties of Light by\nHypotheses") {
		t.Errorf("%d lines", n)
	}
}

// TestEmbeddedSize keeps what every program that reads data carries below 2 MB, and each file in the list of licences.
func TestEmbeddedSize(t *testing.T) {
	licences, err := os.ReadFile("embedded/LICENSES.md")
	if err != nil {
		t.Fatal(err)
	}
	total := int64(0)
	err = fs.WalkDir(os.DirFS("embedded"), ".", func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		info, err := d.Info()
		if err == nil {
			total += info.Size()
		}
		if p != "LICENSES.md" && !strings.Contains(string(licences), "`"+path.Base(p)+"`") {
			t.Errorf("LICENSES.md does not name %s", p)
		}
		return err
	})
	if err != nil || total > 2<<20 {
		t.Errorf("%d bytes are embedded; %v", total, err)
	}
}
