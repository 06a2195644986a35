package numfmt

import (
	"math"
	"strconv"
	"strings"
)

// digits formats one finite number, without zeros at the end of the fraction unless the mode is fixed.
func digits(x float64, format byte, k Kind, o Options) number {
	if o.FloatMode == "fixed" {
		return split(strconv.FormatFloat(x, format, o.Precision, 64))
	}
	n := split(shortest(x, format, k))
	if len(n.frac) > o.Precision && o.FloatMode != "unique" { // round the number itself, not its shortest digits
		n = split(strconv.FormatFloat(x, format, o.Precision, 64))
		n.frac = strings.TrimRight(n.frac, "0")
	}
	if n.frac == "" && format == 'f' { // true digits before the point
		return split(strconv.FormatFloat(x, format, 0, 64))
	}
	return n
}

// split takes a formatted number apart.
func split(s string) (n number) {
	if e := strings.IndexByte(s, 'e'); e >= 0 {
		s, n.exp = s[:e], s[e:]
	}
	n.whole, n.frac, _ = strings.Cut(s, ".")
	return n
}

// round rounds v, a quotient or a decimal, to a number of the kind.
func round(v float64, k Kind) float64 {
	fraction, least := 0, 0 // bits after the leading one; the exponent of the smallest normal number
	switch k {
	case Float16:
		fraction, least = 10, -14
	case BFloat16:
		fraction, least = 7, -126
	case Float32:
		return float64(float32(v))
	default:
		return v
	}
	if v == 0 || math.IsInf(v, 0) {
		return v
	}
	unit := math.Ldexp(1, max(math.Ilogb(v), least)-fraction)
	return math.RoundToEven(v/unit) * unit
}

// shortest formats x with the fewest digits that tell it from its neighbours.
// Where two such numbers are equally near, NumPy takes the even digit, strconv
// the upper one.
func shortest(x float64, format byte, k Kind) string {
	bits := 64
	switch k {
	case Float16, BFloat16:
		return shortestHalf(x, format, k)
	case Float32:
		bits = 32
	}
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

// shortestHalf is shortest for the 16-bit floats, which strconv does not know: of the decimals just
// below and above x, with one digit, with two and so on, the nearest that rounds to x. A decimal
// farther off on the wide side of a power of two counts too.
func shortestHalf(x float64, format byte, k Kind) string {
	for places := 0; x != 0; places++ {
		near := strconv.FormatFloat(x, 'e', places, 64)
		y, _ := strconv.ParseFloat(near, 64)
		if round(y, k) != x {
			if math.Abs(y) > math.Abs(x) { // the decimal on the other side is farther off, and its side no wider
				continue
			}
			step := math.Copysign(math.Pow10(exponent(near)-places), x)
			y, _ = strconv.ParseFloat(strconv.FormatFloat(y+step, 'e', places, 64), 64)
			if round(y, k) != x {
				continue
			}
		}
		return strconv.FormatFloat(y, format, -1, 64)
	}
	return strconv.FormatFloat(x, format, -1, 64)
}

// exponent is the power of ten of a number in scientific form.
func exponent(s string) int {
	e, _ := strconv.Atoi(s[strings.IndexByte(s, 'e')+1:])
	return e
}
