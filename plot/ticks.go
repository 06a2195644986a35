package plot

import (
	"math"
	"strconv"
	"strings"
)

// tick is a mark on an axis.
type tick struct {
	v          float64
	label, sup string // sup is a raised exponent
	minor      bool   // short and without label
	named      bool   // label is a name, no number
}

// shown returns the label as it is drawn: numbers with a minus sign.
func (t tick) shown() string {
	if t.named {
		return t.label
	}
	return minus(t.label)
}

// text returns the label of t in one line.
func (t tick) text() string {
	if t.sup == "" {
		return t.label
	}
	return "1e" + t.sup
}

// ticks are the marks of an axis; note is what every label must be multiplied
// by and added to, such as "1e6" or "+2021", usually "".
type ticks struct {
	marks []tick
	note  string
}

// ticksFor divides s by at most n round numbers; fits says whether the labels
// of a choice have room.
func ticksFor(s axis, n int, fits func([]tick) bool) ticks {
	lo, hi := min(s.lo, s.hi), max(s.lo, s.hi)
	n = max(n, 1)
	if !(lo < hi) || math.IsInf(hi-lo, 0) || s.log && lo <= 0 {
		return ticks{} // nothing to divide
	}
	if !s.log {
		return linearTicks(lo, hi, n, fits)
	}
	first := int(math.Ceil(math.Log10(lo) - 1e-9))
	last := int(math.Floor(math.Log10(hi) + 1e-9))
	if last-first >= 1 {
		return decades(lo, hi, first, last, n, fits)
	}
	for _, muls := range [][]float64{{1, 2, 3, 4, 5, 6, 7, 8, 9}, {1, 2, 5}} {
		var marks []tick
		for e := first - 2; e <= last+1; e++ {
			for _, m := range muls {
				if v := m * math.Pow10(e); v >= lo*(1-1e-9) && v <= hi*(1+1e-9) {
					marks = append(marks, tick{v: v, label: strconv.FormatFloat(v, 'g', 4, 64)})
				}
			}
		}
		if len(marks) >= 3 && len(marks) <= n && fits(marks) {
			return ticks{marks: marks}
		}
	}
	return linearTicks(lo, hi, n, fits)
}

// decades marks powers of ten, all of them or every second, third and so on.
func decades(lo, hi float64, first, last, n int, fits func([]tick) bool) ticks {
	for stride := 1; ; stride++ {
		var marks []tick
		for e := first + mod(-first, stride); e <= last; e += stride {
			marks = append(marks, tick{v: math.Pow10(e), label: "10", sup: strconv.Itoa(e)})
		}
		if stride <= last-first && (len(marks) > n || !fits(marks)) {
			continue
		}
		if stride == 1 && last-first <= 8 {
			for e := first - 1; e <= last; e++ {
				for m := 2.0; m < 10; m++ {
					if v := m * math.Pow10(e); v >= lo && v <= hi {
						marks = append(marks, tick{v: v, minor: true})
					}
				}
			}
		}
		return ticks{marks: marks}
	}
}

// mod returns a modulo b in [0, b).
func mod(a, b int) int { return ((a % b) + b) % b }

// linearTicks marks the multiples of the smallest step 1, 2, 2.5 or 5 times a
// power of ten that gives at most n marks whose labels have room.
func linearTicks(lo, hi float64, n int, fits func([]tick) bool) ticks {
	span := hi - lo
	offset, note := 0.0, ""
	if big := max(math.Abs(lo), math.Abs(hi)); span < big*1e-4 {
		unit := math.Pow10(int(math.Floor(math.Log10(span))) + 1)
		offset = math.Floor(lo/unit) * unit
		note = strconv.FormatFloat(offset, 'g', 12, 64)
		if offset >= 0 {
			note = "+" + note
		}
		lo, hi = lo-offset, hi-offset
	}
	order := int(math.Floor(math.Log10(max(math.Abs(lo), math.Abs(hi)))))
	if order > -5 && order < 6 {
		order = 0
	} else {
		note = "1e" + strconv.Itoa(order) + note
	}
	var t ticks
	for e := int(math.Floor(math.Log10(span/float64(n)))) - 1; ; e++ {
		for _, m := range []float64{1, 2, 2.5, 5} {
			t = ticks{note: note}
			decimals := max(0, order-e)
			if m == 2.5 {
				decimals = max(0, order-e+1)
			}
			from, to := math.Ceil(over(lo, m, e)-1e-9), math.Floor(over(hi, m, e)+1e-9)
			if to-from >= float64(n) {
				continue
			}
			for k := from; k <= to; k++ {
				v := mul(k*m, e)
				t.marks = append(t.marks, tick{v: v + offset, label: decimal(mul(k*m, e-order), decimals)})
			}
			if len(t.marks) <= 1 || fits(t.marks) {
				return t
			}
		}
	}
}

// over returns v / (m 10^e).
func over(v, m float64, e int) float64 { return mul(v/m, -e) }

// mul returns v 10^e with the least rounding.
func mul(v float64, e int) float64 {
	if e < 0 {
		return v / math.Pow10(-e)
	}
	return v * math.Pow10(e)
}

// decimal prints v with the given number of decimals and no negative zero.
func decimal(v float64, decimals int) string {
	s := strconv.FormatFloat(v, 'f', min(decimals, 15), 64)
	if strings.Trim(s, "-0.") == "" {
		s = strings.TrimPrefix(s, "-")
	}
	return s
}
