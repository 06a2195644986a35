// Package elemtest reads the oracle of the file formats, which tools/oracle/files.py writes.
package elemtest

import (
	"compress/gzip"
	"encoding/json"
	"math"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/fathom-ml/fathom/tensor"
)

// Case is a file and what is in it.
type Case struct {
	Name    string
	File    []byte
	Arrays  []Array
	Same    any  // not nil: a writer gives just these bytes; "fortran": of transposed memory
	Refused bool // no tensor holds it
	Archive bool
	Meta    map[string]string
	// options of csv
	Delimiter, Comment string
	Header             int
	Columns            []int
	Missing            []string
}

// Array is an array of a file.
type Array struct {
	Name  string
	DType string
	Shape []int
	Data  string
}

// Load reads the cases of the room whose test runs.
func Load(t testing.TB) (cases []Case) {
	t.Helper()
	f, err := os.Open("testdata/oracle.json.gz")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err == nil {
		err = json.NewDecoder(z).Decode(&cases)
	}
	if err != nil || len(cases) == 0 {
		t.Fatalf("%d cases: %v", len(cases), err)
	}
	return cases
}

// Check compares a tensor with an array: dtype, shape and every bit of a number but those of a NaN.
func (a Array) Check(t testing.TB, x *tensor.Tensor) {
	t.Helper()
	want := make([]float64, 0, x.Size())
	for w := range strings.FieldsSeq(a.Data) {
		v, err := strconv.ParseFloat(w, 64)
		if err != nil {
			t.Fatal(err)
		}
		want = append(want, v)
	}
	if x.DType().String() != a.DType || !slices.Equal(x.Shape(), a.Shape) {
		t.Errorf("%q: %s %v, want %s %v", a.Name, x.DType(), x.Shape(), a.DType, a.Shape)
		return
	}
	var got []float64
	switch x.DType() {
	case tensor.Complex64:
		for _, c := range tensor.Data[complex64](x) {
			got = append(got, float64(real(c)), float64(imag(c)))
		}
	case tensor.Complex128:
		for _, c := range tensor.Data[complex128](x) {
			got = append(got, real(c), imag(c))
		}
	default:
		got = x.Float64s()
	}
	if !slices.EqualFunc(got, want, func(g, w float64) bool {
		return math.Float64bits(g) == math.Float64bits(w) || math.IsNaN(g) && math.IsNaN(w)
	}) {
		t.Errorf("%q: %v, want %v", a.Name, got, want)
	}
}
