package numfmt

import (
	"compress/gzip"
	"encoding/json"
	"math"
	"os"
	"strconv"
	"strings"
	"testing"
)

// A numpyCase is an array with what NumPy prints for it; see tools/oracle/print.py.
type numpyCase struct {
	DType     string
	Shape     []int
	Data      string
	Str, Repr string
}

func (c numpyCase) array(t *testing.T) Array {
	words := strings.Fields(c.Data)
	bits := make([]uint64, len(words))
	isFloat := strings.HasPrefix(c.DType, "float")
	for i, w := range words {
		var err error
		if isFloat {
			bits[i], err = strconv.ParseUint(w, 16, 64)
		} else {
			var v int64
			v, err = strconv.ParseInt(w, 10, 64)
			bits[i] = uint64(v)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	at := func(i int) uint64 { return bits[i%len(bits)] }
	a := Array{Shape: c.Shape, DType: c.DType, Kind: Int}
	switch c.DType {
	case "float32":
		a.Kind = Float32
		a.Float = func(i int) float64 { return float64(math.Float32frombits(uint32(at(i)))) }
	case "float64":
		a.Kind = Float64
		a.Float = func(i int) float64 { return math.Float64frombits(at(i)) }
	case "bool":
		a.Kind = Bool
	}
	a.Int = func(i int) int64 { return int64(at(i)) }
	return a
}

func TestAgainstNumPy(t *testing.T) {
	f, err := os.Open("testdata/numpy.json.gz")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	var cases []numpyCase
	if err := json.NewDecoder(z).Decode(&cases); err != nil {
		t.Fatal(err)
	}
	bad := 0
	for i, c := range cases {
		a := c.array(t)
		str, repr := Str(a), Repr(a)
		if str != c.Str || repr != c.Repr {
			if bad++; bad <= 5 {
				t.Errorf("case %d, %s %v\ngot\n%s\n%s\nwant\n%s\n%s", i, c.DType, c.Shape, str, repr, c.Str, c.Repr)
			}
		}
	}
	if bad > 0 {
		t.Errorf("%d of %d arrays are printed otherwise than by NumPy", bad, len(cases))
	}
}

// The forms that the book prints.
func TestBookForms(t *testing.T) {
	floats := func(shape []int, x ...float64) Array {
		return Array{Shape: shape, Kind: Float32, DType: "float32", Float: func(i int) float64 { return x[i] }}
	}
	counts := Array{Shape: []int{6}, Kind: Int, DType: "int64", Int: func(i int) int64 { return []int64{1, 1, 5, 1, 1, 1}[i] }}
	same := Array{Shape: []int{2, 2}, Kind: Bool, DType: "bool", Int: func(i int) int64 { return int64(i % 2) }}
	for _, c := range []struct{ got, want string }{
		{Str(floats([]int{4}, 0, 4, 8, 12)), "[ 0.  4.  8. 12.]"},
		{Repr(floats([]int{4}, 0, 4, 8, 12)), "array([ 0.,  4.,  8., 12.])"},
		{Repr(floats(nil, 28)), "array(28.)"},
		{Str(floats(nil, 28)), "28.0"},
		{Repr(counts), "array([1, 1, 5, 1, 1, 1], dtype=int64)"},
		{Str(same), "[[False  True]\n [False  True]]"},
		{Repr(floats([]int{0})), "array([])"},
	} {
		if c.got != c.want {
			t.Errorf("got %q, want %q", c.got, c.want)
		}
	}
}

func BenchmarkRepr(b *testing.B) {
	a := Array{Shape: []int{1000}, Kind: Float32, DType: "float32", Float: func(i int) float64 {
		return float64(float32(math.Sin(float64(i))))
	}}
	for b.Loop() {
		Repr(a)
	}
}
