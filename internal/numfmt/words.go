package numfmt

import (
	"math"
	"strconv"
	"strings"
	"unicode/utf8"
)

// words formats the elements at the given flat indices, all to one width.
func (a Array) words(flat []int, o Options) []string {
	w := make([]string, len(flat))
	switch a.Kind {
	case Bool, Int:
		for i, f := range flat {
			w[i] = a.whole(f)
		}
		if a.Kind == Int || len(a.Shape) > 0 {
			padLeft(w, map[Kind]int{Bool: len("False")}[a.Kind])
		}
		return w
	case Complex64, Complex128:
		re, im := make([]float64, len(flat)), make([]float64, len(flat))
		for i, f := range flat {
			re[i], im[i] = real(a.Complex(f)), imag(a.Complex(f))
		}
		w = floatWords(re, a.Kind.part(), o)
		o.Sign = "+"
		for i, s := range floatWords(im, a.Kind.part(), o) {
			digits := strings.TrimRight(s, " ")
			w[i] += digits + "j" + s[len(digits):]
		}
		return w
	}
	x := make([]float64, len(flat))
	for i, f := range flat {
		x[i] = a.Float(f)
	}
	return floatWords(x, a.Kind, o)
}

// part is the kind of the two parts of complex numbers.
func (k Kind) part() Kind {
	if k == Complex64 {
		return Float32
	}
	return Float64
}

// whole is an element of an Int or Bool array.
func (a Array) whole(flat int) string {
	switch v := a.Int(flat); {
	case a.Kind == Int:
		return strconv.FormatInt(v, 10)
	case v != 0:
		return "True"
	}
	return "False"
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

// scalar is Python's str of a NumPy scalar: 28.0, 1e-05, 3, True, (1+2j).
func (a Array) scalar() string {
	switch a.Kind {
	case Bool, Int:
		return a.whole(0)
	case Complex64, Complex128:
		re, im, k := real(a.Complex(0)), imag(a.Complex(0)), a.Kind.part()
		if re == 0 && !math.Signbit(re) {
			return plain(im, k) + "j"
		}
		sign := "+"
		if math.Signbit(im) && !math.IsNaN(im) {
			sign = "" // the number brings its own
		}
		return "(" + plain(re, k) + sign + plain(im, k) + "j)"
	}
	s := plain(a.Float(0), a.Kind)
	if strings.ContainsAny(s, ".en") { // a fraction, an exponent, or no digits at all
		return s
	}
	return s + ".0"
}

// plain is a float by itself: its shortest digits, with an exponent outside 1e-4 ... 1e16.
func plain(x float64, k Kind) string {
	if s, ok := special(x, "", "nan", "inf"); ok {
		return s
	}
	if m := math.Abs(x); m != 0 && (m < 1e-4 || m >= 1e16) {
		return shortest(x, 'e', k)
	}
	return shortest(x, 'f', k)
}

// special names the numbers that have no digits; plus is the sign of those that are not negative.
func special(x float64, plus, nan, inf string) (string, bool) {
	switch {
	case math.IsNaN(x):
		return plus + nan, true
	case math.IsInf(x, 1):
		return plus + inf, true
	case math.IsInf(x, -1):
		return "-" + inf, true
	}
	return "", false
}

// number is a float in three parts: "-12", "5", "e+03" for -12.5e+03.
type number struct{ whole, frac, exp string }

// signed puts plus before the digits of a number x that is not negative.
func (n number) signed(x float64, plus string) number {
	if !math.Signbit(x) {
		n.whole = plus + n.whole
	}
	return n
}

// floatWords formats floats of one array: the shortest digits that tell a
// number from its neighbours, and no more than the precision after the point; all with or all
// without an exponent; points below each other.
func floatWords(x []float64, k Kind, o Options) []string {
	numbers := make([]number, len(x))
	words := make([]string, len(x))
	format := byte('f')
	if wantsExponent(x, k, o.Suppress) {
		format = 'e'
	}
	plus := strings.Trim(o.Sign, "- ")
	left, right, expLen := 0, 0, 0
	negative, negInf, finite := false, o.Sign != "-", true
	for i, v := range x {
		if s, ok := special(v, plus, o.NaN, o.Inf); ok {
			words[i] = s
			finite, negInf = false, negInf || v < 0
			continue
		}
		n := digits(v, format, k, o).signed(v, plus)
		negative = negative || math.Signbit(v)
		left, right, expLen = max(left, len(n.whole)), max(right, len(n.frac)), max(expLen, len(n.exp))
		numbers[i] = n
	}
	if o.Sign == " " && !negative {
		left++
	}
	tail := 1 + right + expLen
	if !finite {
		inf := utf8.RuneCountInString(o.Inf)
		if negInf {
			inf++
		}
		left = max(left, utf8.RuneCountInString(o.NaN)-tail, inf-tail)
	}
	same := format == 'e' || o.FloatMode == "maxprec_equal" // the same count of digits for all
	for i, n := range numbers {
		if s := words[i]; n.whole == "" {
			words[i] = blanks(left+tail-utf8.RuneCountInString(s)) + s
			continue
		}
		if same && len(n.frac) < right { // true digits and no zeros
			n = split(strconv.FormatFloat(x[i], format, right, 64)).signed(x[i], plus)
		}
		if n.exp != "" {
			n.exp = n.exp[:2] + strings.Repeat("0", expLen-len(n.exp)) + n.exp[2:]
		}
		words[i] = blanks(left-len(n.whole)) + n.whole + "." + n.frac + n.exp + blanks(right-len(n.frac))
	}
	return words
}

func blanks(n int) string { return strings.Repeat(" ", max(n, 0)) }

// wantsExponent is NumPy's rule: some magnitude reaches 1e8 or, unless small numbers are
// suppressed, lies below 1e-4, or the largest is more than 1000 times the smallest; zeros do not count.
func wantsExponent(x []float64, k Kind, suppress bool) bool {
	low, high := math.Inf(1), 0.0
	for _, v := range x {
		if m := math.Abs(v); m > 0 && m <= math.MaxFloat64 {
			low, high = min(low, m), max(high, m)
		}
	}
	if high == 0 {
		return false
	}
	return high >= 1e8 || !suppress && (low < 1e-4 || round(high/low, k) > 1000)
}
