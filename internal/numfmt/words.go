package numfmt

import (
	"math"
	"strconv"
	"strings"
)

// words formats the elements at the given flat indices, all to one width.
func (a Array) words(flat []int) []string {
	w := make([]string, len(flat))
	switch a.Kind {
	case Bool:
		for i, f := range flat {
			w[i] = boolName(a.Int(f))
		}
	case Int:
		for i, f := range flat {
			w[i] = strconv.FormatInt(a.Int(f), 10)
		}
	default:
		x := make([]float64, len(flat))
		for i, f := range flat {
			x[i] = a.Float(f)
		}
		return floatWords(x, a.bits())
	}
	if len(a.Shape) > 0 {
		width := 0
		if a.Kind == Bool {
			width = len("False")
		}
		padLeft(w, width)
	}
	return w
}

// padLeft makes all words as wide as the widest, and of the given width at least.
func padLeft(words []string, width int) {
	for _, w := range words {
		width = max(width, len(w))
	}
	for i, w := range words {
		words[i] = strings.Repeat(" ", width-len(w)) + w
	}
}

// bits is the size of the float type whose shortest digits are printed.
func (a Array) bits() int {
	if a.Kind == Float32 {
		return 32
	}
	return 64
}

func boolName(b int64) string {
	if b != 0 {
		return "True"
	}
	return "False"
}

// scalar is Python's str of a NumPy scalar: 28.0, 1e-05, 3, True.
func (a Array) scalar() string {
	switch a.Kind {
	case Bool:
		return boolName(a.Int(0))
	case Int:
		return strconv.FormatInt(a.Int(0), 10)
	}
	x := a.Float(0)
	if s, ok := special(x); ok {
		return s
	}
	if m := math.Abs(x); m != 0 && (m < 1e-4 || m >= 1e16) {
		return shortest(x, 'e', a.bits())
	}
	s := shortest(x, 'f', a.bits())
	if !strings.Contains(s, ".") {
		s += ".0"
	}
	return s
}

// special names the numbers that have no digits.
func special(x float64) (string, bool) {
	switch {
	case math.IsNaN(x):
		return "nan", true
	case math.IsInf(x, 1):
		return "inf", true
	case math.IsInf(x, -1):
		return "-inf", true
	}
	return "", false
}

// number is a float in three parts: "-12", "5", "e+03" for -12.5e+03.
type number struct{ whole, frac, exp string }

// floatWords formats floats of one array: the shortest digits that tell a
// number from its neighbours, 8 after the point at most; all with or all
// without an exponent; points below each other.
func floatWords(x []float64, bits int) []string {
	numbers := make([]number, len(x))
	words := make([]string, len(x))
	scientific := wantsExponent(x, bits)
	left, right, expLen, others := 0, 0, 0, 0
	for i, v := range x {
		if s, ok := special(v); ok {
			words[i] = s
			others = max(others, len(s))
			continue
		}
		n := digits(v, bits, scientific)
		left, right, expLen = max(left, len(n.whole)), max(right, len(n.frac)), max(expLen, len(n.exp))
		numbers[i] = n
	}
	if scientific { // all numbers get the same count of digits, true digits and no zeros
		for i, n := range numbers {
			if words[i] == "" {
				if len(n.frac) < right {
					n = split(strconv.FormatFloat(x[i], 'e', right, 64))
				}
				n.exp = n.exp[:2] + strings.Repeat("0", expLen-len(n.exp)) + n.exp[2:]
				numbers[i] = n
			}
		}
	}
	left = max(left, others-right-expLen-1)
	for i, n := range numbers {
		if s := words[i]; s != "" {
			words[i] = strings.Repeat(" ", left+1+right+expLen-len(s)) + s
			continue
		}
		words[i] = strings.Repeat(" ", left-len(n.whole)) + n.whole + "." + n.frac +
			n.exp + strings.Repeat(" ", right-len(n.frac))
	}
	return words
}

// wantsExponent is NumPy's rule: some magnitude reaches 1e8 or lies below 1e-4,
// or the largest is more than 1000 times the smallest; zeros do not count.
func wantsExponent(x []float64, bits int) bool {
	low, high := math.Inf(1), 0.0
	for _, v := range x {
		if m := math.Abs(v); m > 0 && m <= math.MaxFloat64 {
			low, high = min(low, m), max(high, m)
		}
	}
	if high == 0 {
		return false
	}
	ratio := high / low
	if bits == 32 { // the quotient is rounded like the elements
		ratio = float64(float32(high) / float32(low))
	}
	return high >= 1e8 || low < 1e-4 || ratio > 1000
}

// digits formats one finite number, without zeros at the end of the fraction.
func digits(x float64, bits int, scientific bool) number {
	format := byte('f')
	if scientific {
		format = 'e'
	}
	n := split(shortest(x, format, bits))
	if len(n.frac) > precision { // round the number itself, not its shortest digits
		n = split(strconv.FormatFloat(x, format, precision, 64))
		n.frac = strings.TrimRight(n.frac, "0")
	}
	return n
}

// shortest formats x with the fewest digits that tell it from its neighbours.
// Where two such numbers are equally near, NumPy takes the even digit, strconv
// the upper one.
func shortest(x float64, format byte, bits int) string {
	s := strconv.FormatFloat(x, format, -1, bits)
	places := len(split(s).frac)
	if places == 0 {
		return s
	}
	if even := strconv.FormatFloat(x, format, places, 64); even != s {
		if y, err := strconv.ParseFloat(even, bits); err == nil && y == x {
			return even
		}
	}
	return s
}

func split(s string) (n number) {
	if e := strings.IndexByte(s, 'e'); e >= 0 {
		s, n.exp = s[:e], s[e:]
	}
	n.whole, n.frac, _ = strings.Cut(s, ".")
	return n
}
