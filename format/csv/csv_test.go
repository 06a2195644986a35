package csv

import (
	"bytes"
	"errors"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/fathom-ml/fathom/tensor"
	"github.com/fathom-ml/fathom/tensor/elem"
	"github.com/fathom-ml/fathom/tensor/elem/elemtest"
)

var dtypes = map[string]tensor.DType{}

func init() {
	for _, dt := range []tensor.DType{tensor.Float32, tensor.Float64, tensor.Float16, tensor.Int32} {
		dtypes[dt.String()] = dt
	}
}

// The same numbers as NumPy's genfromtxt.
func TestOracle(t *testing.T) {
	for _, c := range elemtest.Load(t) {
		t.Run(c.Name, func(t *testing.T) {
			o := Options{Header: c.Header, Columns: c.Columns, Comment: c.Comment, Missing: c.Missing, DType: dtypes[c.Arrays[0].DType]}
			for _, o.Delimiter = range c.Delimiter {
			}
			x, err := Read(bytes.NewReader(c.File), o)
			if err != nil {
				t.Fatal(err)
			}
			c.Arrays[0].Check(t, x)
		})
	}
}

func TestRead(t *testing.T) {
	tests := []struct {
		text string
		o    Options
		want []float64
		to   []int
	}{
		{"", Options{}, nil, []int{0, 0}},
		{"a,b\n", Options{Header: 1, Columns: []int{1}}, nil, []int{0, 1}},
		{"\ufeff1\n", Options{}, []float64{1}, []int{1, 1}},
		{"\"1\",\" 2 \"\n", Options{}, []float64{1, 2}, []int{1, 2}},
		{"\"1,5\";\"x;y\"\n", Options{Delimiter: ';', Columns: []int{0}, Missing: []string{"1,5"}}, []float64{math.NaN()}, []int{1, 1}},
		{"true,0\nF,1\n", Options{DType: tensor.Bool}, []float64{1, 0, 0, 1}, []int{2, 2}},
		{"-128,127", Options{DType: tensor.Int8}, []float64{-128, 127}, []int{1, 2}},
		{"255", Options{DType: tensor.Uint8}, []float64{255}, []int{1, 1}},
		{"-9223372036854775808", Options{DType: tensor.Int64}, []float64{math.MinInt64}, []int{1, 1}},
		{"1,1\n", Options{Columns: []int{1, 1, 0}}, []float64{1, 1, 1}, []int{1, 3}},
		{"1→2\n", Options{Delimiter: '→'}, []float64{1, 2}, []int{1, 2}},
	}
	for _, c := range tests {
		x, err := Read(strings.NewReader(c.text), c.o)
		if err != nil {
			t.Errorf("%q: %v", c.text, err)
			continue
		}
		same := slices.EqualFunc(x.Float64s(), c.want, func(a, b float64) bool { return a == b || a != a && b != b })
		if !same || !slices.Equal(x.Shape(), c.to) || x.DType() != c.o.DType {
			t.Errorf("%q: %v %v %s", c.text, x, x.Shape(), x.DType())
		}
	}
}

func TestReadRefuses(t *testing.T) {
	tests := []struct {
		text string
		o    Options
		want string
	}{
		{"1,2\n3,x\n", Options{}, `line 2, column 2: "x" is no float32`},
		{"1,2\n\n3\n", Options{}, "line 3 has 1 fields, those before it 2"},
		{"1,2,\n3,4\n", Options{}, "line 2 has 2 fields, those before it 3"},
		{"1,,3\n", Options{DType: tensor.Int32}, "line 1, column 2: a missing value, which int32 cannot say"},
		{"NA\n", Options{DType: tensor.Bool, Missing: []string{"NA"}}, "missing value"},
		{"1.5\n", Options{DType: tensor.Int64}, `"1.5" is no int64`},
		{"2147483648\n", Options{DType: tensor.Int32}, `line 1, column 1: "2147483648" is no int32`},
		{"256\n", Options{DType: tensor.Uint8}, "is no uint8"},
		{"-1\n", Options{DType: tensor.Uint8}, "is no uint8"},
		{"1\n", Options{Columns: []int{1}}, "line 1 has 1 fields, no column 1"},
		{"1\n", Options{Columns: []int{-1}}, "negative"},
		{"1\n", Options{DType: tensor.Complex64}, "complex64 is not read from text"},
		{"h\n" + strings.Repeat("9", maxLine+1), Options{Header: 1}, "line 2: bufio.Scanner: token too long"},
		{"1", Options{Delimiter: '\uFFFD'}, "is no delimiter"},
		{"1", Options{Delimiter: '"'}, "is no delimiter"},
		{"1", Options{Delimiter: '.'}, "is no delimiter"},
		{"1", Options{Delimiter: -1}, "is no delimiter"},
		{strings.Repeat("x", 1000), Options{}, "is no float32"},
	}
	for _, c := range tests {
		x, err := Read(strings.NewReader(c.text), c.o)
		if err == nil || !strings.HasPrefix(err.Error(), "csv: ") || !strings.Contains(err.Error(), c.want) || len(err.Error()) > 200 {
			t.Errorf("%.40q: %v %v, want %q", c.text, x, err, c.want)
		}
	}
	if _, err := Load(filepath.Join(t.TempDir(), "no"), Options{}); !errors.Is(err, fs.ErrNotExist) {
		t.Error(err)
	}
}

// What is written reads back as the same bits.
func TestRoundTrip(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.csv")
	nan := math.NaN()
	for _, x := range []*tensor.Tensor{
		tensor.Of([]float32{0.1, -2, 1e-45, 3.4028235e38, float32(math.Inf(-1)), float32(nan)}, 2, 3),
		tensor.Of([]float64{0.1, math.Copysign(0, -1), 5e-324, math.Pi}, 2, 2).T(),
		tensor.Of([]float64{0.1, 65504, 1e-7}, 3, 1).AsType(tensor.Float16),
		tensor.Of([]float64{0.1, 1e38}, 1, 2).AsType(tensor.BFloat16),
		tensor.Of([]int64{math.MinInt64, math.MaxInt64}, 1, 2),
		tensor.Of([]int8{-128, 127}, 2, 1),
		tensor.Of([]uint8{0, 255}, 2, 1),
		tensor.Of([]int32{-5, 7}, 2, 1),
		tensor.Of([]bool{true, false}, 2, 1),
		tensor.Ones(2, 2).RequireGrad(),
	} {
		for _, d := range []rune{',', '\t', ' ', ';'} {
			if err := Save(path, x, d); err != nil {
				t.Fatal(err)
			}
			y, err := Load(path, Options{Delimiter: d, DType: x.DType()})
			if err != nil || !bytes.Equal(elem.Bytes(x), elem.Bytes(y)) || !slices.Equal(x.Shape(), y.Shape()) {
				t.Errorf("%v became %v: %v", x, y, err)
			}
		}
	}
	if err := Save(path, tensor.Arange(2), 0, "a"); err != nil {
		t.Fatal(err)
	}
	if b, err := os.ReadFile(path); err != nil || string(b) != "a\n0\n1\n" {
		t.Errorf("%q %v", b, err)
	}
	for want, err := range map[string]error{
		"neither":            Save(path, tensor.Zeros(1, 2, 3), 0),
		"shape []":           Save(path, tensor.Scalar(1), 0),
		"1 names":            Save(path, tensor.Zeros(1, 2), 0, "a"),
		"holds the delim":    Save(path, tensor.Zeros(1, 2), 0, "a", "b,c"),
		"is not written as ": Save(path, tensor.Of([]complex64{1}), 0),
	} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %q", err, want)
		}
	}
}

func FuzzRead(f *testing.F) {
	for _, c := range elemtest.Load(f) {
		f.Add(string(c.File), ",", "#", 0, uint8(1))
	}
	f.Add("1 2\n", " ", "", 1, uint8(2))
	f.Fuzz(func(t *testing.T, text, delimiter, comment string, header int, dt uint8) {
		o := Options{Header: header, Comment: comment, DType: tensor.DType(dt % 11)}
		for _, o.Delimiter = range delimiter {
		}
		x, err := Read(strings.NewReader(text), o)
		if err != nil {
			return
		}
		if x.Size() > len(text)+1 {
			t.Fatalf("%v from %d bytes", x.Shape(), len(text))
		}
		if x.Size() == 0 {
			return
		}
		var b bytes.Buffer
		if err := Write(&b, x, ','); err != nil {
			t.Fatal(err)
		}
		y, err := Read(&b, Options{DType: o.DType})
		if err != nil || !bytes.Equal(elem.Bytes(x), elem.Bytes(y)) {
			t.Fatalf("%v became %v: %v", x, y, err)
		}
	})
}
