package numfmt

import (
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
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
	Options   map[string]any
	Str, Repr string
}

// options are the case's print options. Where NumPy means 0, Go says a negative number.
func (c numpyCase) options() (o Options) {
	number := func(name string) int {
		v, given := c.Options[name].(float64)
		if given && v == 0 {
			return -1
		}
		return int(v)
	}
	o.Precision, o.Threshold = number("precision"), number("threshold")
	o.EdgeItems, o.LineWidth = number("edgeitems"), number("linewidth")
	o.Suppress, _ = c.Options["suppress"].(bool)
	o.Sign, _ = c.Options["sign"].(string)
	o.FloatMode, _ = c.Options["floatmode"].(string)
	o.NaN, _ = c.Options["nanstr"].(string)
	o.Inf, _ = c.Options["infstr"].(string)
	return o
}

func (c numpyCase) array(t *testing.T) Array {
	words := strings.Fields(c.Data)
	bits := make([]uint64, len(words))
	isFloat := strings.HasPrefix(c.DType, "float") || strings.HasPrefix(c.DType, "complex")
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
	single := func(i int) float64 { return float64(math.Float32frombits(uint32(at(i)))) }
	double := func(i int) float64 { return math.Float64frombits(at(i)) }
	a := Array{Shape: c.Shape, DType: c.DType, Kind: Int}
	switch c.DType {
	case "float16":
		a.Kind, a.Float = Float16, func(i int) float64 { return half(uint16(at(i))) }
	case "float32":
		a.Kind, a.Float = Float32, single
	case "float64":
		a.Kind, a.Float = Float64, double
	case "complex64":
		a.Kind, a.Complex = Complex64, func(i int) complex128 { return complex(single(2*i), single(2*i+1)) }
	case "complex128":
		a.Kind, a.Complex = Complex128, func(i int) complex128 { return complex(double(2*i), double(2*i+1)) }
	case "bool":
		a.Kind = Bool
	}
	a.Int = func(i int) int64 { return int64(at(i)) }
	return a
}

// half is the value of a float16.
func half(b uint16) float64 {
	exp, frac, sign := int(b>>10&31), float64(b&1023), 1.0
	if b>>15 == 1 {
		sign = -1
	}
	switch exp {
	case 0:
		return math.Copysign(math.Ldexp(frac, -24), sign)
	case 31:
		if frac != 0 {
			return math.NaN()
		}
		return math.Inf(int(sign))
	}
	return sign * math.Ldexp(1024+frac, exp-25)
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
		o := c.options()
		str, repr := Str(a, o), Repr(a, o)
		if str != c.Str || repr != c.Repr {
			if bad++; bad <= 5 {
				t.Errorf("case %d, %s %v %v\ngot\n%s\n%s\nwant\n%s\n%s", i, c.DType, c.Shape, c.Options, str, repr, c.Str, c.Repr)
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
	var o Options
	for _, c := range []struct{ got, want string }{
		{Str(floats([]int{4}, 0, 4, 8, 12), o), "[ 0.  4.  8. 12.]"},
		{Repr(floats([]int{4}, 0, 4, 8, 12), o), "array([ 0.,  4.,  8., 12.])"},
		{Repr(floats(nil, 28), o), "array(28.)"},
		{Str(floats(nil, 28), o), "28.0"},
		{Repr(counts, o), "array([1, 1, 5, 1, 1, 1], dtype=int64)"},
		{Str(same, o), "[[False  True]\n [False  True]]"},
		{Repr(floats([]int{0}), o), "array([])"},
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
		Repr(a, Options{})
	}
}

// Every float16 prints as NumPy prints it; every bfloat16 with the fewest digits that give it back.
func TestHalves(t *testing.T) {
	want, err := os.ReadFile("testdata/float16.sha256")
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for b := range 1 << 16 {
		x := half(uint16(b))
		all = append(all, Str(Array{Kind: Float16, Float: func(int) float64 { return x }}, Options{}))
	}
	if got := sha256.Sum256([]byte(strings.Join(all, "\n"))); hex.EncodeToString(got[:]) != strings.TrimSpace(string(want)) {
		t.Error("float16 numbers are printed otherwise than by NumPy:", all[1:4], all[0x3c00:0x3c04])
	}
	for b := uint32(0); b < 0x7f80; b++ {
		x := float64(math.Float32frombits(b << 16))
		s := Str(Array{Kind: BFloat16, Float: func(int) float64 { return x }}, Options{})
		y, err := strconv.ParseFloat(s, 64)
		if err != nil || round(y, BFloat16) != x || len(strings.Trim(strings.ReplaceAll(strings.SplitN(s, "e", 2)[0], ".", ""), "0")) > 4 {
			t.Fatalf("%v is printed as %s", x, s)
		}
	}
}

// No array and no options make the printer panic or loop.
func FuzzPrint(f *testing.F) {
	f.Add([]byte{0, 0, 0x80, 0x3f, 0, 0, 0xc0, 0x7f}, uint8(0), 2, 3, 0, 0, 0, 0, uint8(0), "", "")
	f.Add([]byte{1, 2, 3, 4, 5, 6, 7, 8, 9}, uint8(6), 40, 30, -1, 5, 1, 1, uint8(13), "not a number", "\u221e")
	f.Add([]byte{255}, uint8(5), 1, 2000, math.MaxInt, math.MinInt, math.MaxInt, math.MaxInt, uint8(9), "", "\n")
	f.Fuzz(func(t *testing.T, data []byte, kind uint8, rows, cols, precision, threshold, edge, width int, mode uint8, nan, inf string) {
		bits := func(i int) (b uint64) {
			for k := range 8 {
				if len(data) > 0 {
					b = b<<8 | uint64(data[(8*i+k)%len(data)])
				}
			}
			return b
		}
		a := Array{Kind: Kind(kind % 8), DType: "dtype", Shape: []int{rows & 63, cols & 63, 2}[:kind/8%4]}
		a.Int = func(i int) int64 { return int64(bits(i)) }
		a.Float = func(i int) float64 {
			switch b := bits(i); a.Kind {
			case Float16:
				return half(uint16(b))
			case BFloat16:
				return float64(math.Float32frombits(uint32(b) << 16))
			case Float32, Complex64:
				return float64(math.Float32frombits(uint32(b)))
			default:
				return math.Float64frombits(b)
			}
		}
		a.Complex = func(i int) complex128 { return complex(a.Float(2*i), a.Float(2*i+1)) }
		o := Options{Precision: precision, Threshold: threshold, EdgeItems: edge, LineWidth: width, Suppress: mode&1 == 1,
			Sign: []string{"", "+", " ", "-"}[mode>>1&3], FloatMode: []string{"", "fixed", "unique", "maxprec_equal"}[mode>>3&3]}
		o.NaN, o.Inf = nan, inf
		if s := Str(a, o); s == "" || strings.Count(s, "[") < len(a.Shape) && a.size() > 0 {
			t.Errorf("%v is printed as %q", a.Shape, s)
		}
		if s := Repr(a, o); !strings.HasPrefix(s, "array(") || !strings.HasSuffix(s, ")") {
			t.Errorf("%v is printed as %q", a.Shape, s)
		}
	})
}
