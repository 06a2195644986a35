package show

import (
	"math"
	"strconv"
	"strings"
)

// FormatTable returns rows under a header with columns aligned: numbers to the
// right, everything else to the left, two spaces between columns and a rule
// below the header. Rows may differ in length; line breaks in a cell become
// spaces. Every line ends in a newline; an empty table is "".
func FormatTable(header []string, rows [][]string) string {
	cols := len(header)
	for _, r := range rows {
		cols = max(cols, len(r))
	}
	if cols == 0 {
		return ""
	}
	at := func(row []string, j int) string {
		if j < len(row) {
			return oneLine(row[j])
		}
		return ""
	}
	width, right := make([]int, cols), make([]bool, cols)
	for j := range cols {
		width[j] = runes(at(header, j))
		numbers, texts := 0, 0
		for _, r := range rows {
			c := at(r, j)
			width[j] = max(width[j], runes(c))
			switch {
			case isNumber(c):
				numbers++
			case c != "" && c != "-":
				texts++
			}
		}
		right[j] = numbers > 0 && texts == 0
	}
	var b strings.Builder
	line := func(cell func(j int) string) {
		var l strings.Builder
		for j := range cols {
			if j > 0 {
				l.WriteString("  ")
			}
			c := cell(j)
			pad := strings.Repeat(" ", width[j]-runes(c))
			if right[j] {
				l.WriteString(pad + c)
			} else {
				l.WriteString(c + pad)
			}
		}
		b.WriteString(strings.TrimRight(l.String(), " ") + "\n")
	}
	if len(header) > 0 {
		line(func(j int) string { return at(header, j) })
		line(func(j int) string { return strings.Repeat("-", width[j]) })
	}
	for _, r := range rows {
		line(func(j int) string { return at(r, j) })
	}
	return b.String()
}

// isNumber reports whether s reads as a number, perhaps with a unit sign behind.
func isNumber(s string) bool {
	_, err := strconv.ParseFloat(strings.TrimRight(s, "%x"), 64)
	return err == nil
}

// FormatValue returns v for reading: four significant digits, all digits
// before the point, "nan", "inf" and "-inf".
func FormatValue(v float64) string {
	switch a := math.Abs(v); {
	case math.IsNaN(v):
		return "nan"
	case math.IsInf(v, 1):
		return "inf"
	case math.IsInf(v, -1):
		return "-inf"
	case a >= 1e3 && a < 1e12:
		return strconv.FormatFloat(v, 'f', 0, 64)
	default:
		return strconv.FormatFloat(v, 'g', 4, 64)
	}
}
