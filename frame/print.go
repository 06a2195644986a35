package frame

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"unicode/utf8"
)

// What pandas shows of a large frame: the ends of its rows and columns, and the beginnings of long texts.
const (
	mostRows, endRows = 60, 5
	mostCols, endCols = 20, 10
	mostText          = 49
	lineWidth         = 80
	digits            = 6
)

// String shows the frame as pandas does: columns to the right, the numbers of the rows at the left, six digits after the point at most, missing
// values as NaN; of more than 60 rows or 20 columns the first and the last.
func (f *Frame) String() string {
	if f.Len() == 0 || len(f.cols) == 0 {
		return fmt.Sprintf("Empty frame\nColumns: [%s]\nRows: %d", strings.Join(f.Names(), ", "), f.Len())
	}
	cut := f.Len() > mostRows || len(f.cols) > mostCols
	shown := f
	dots := 0 // the row before which rows are left out
	if f.Len() > mostRows {
		shown = Concat(f.Head(endRows), f.Tail(endRows))
		dots = endRows
	}
	var cols [][]string
	index := []string{""}
	for _, n := range shown.index {
		index = append(index, strconv.Itoa(n))
	}
	cols = append(cols, left(dotted(index, dots)))
	for j, c := range shown.cols {
		if len(f.cols) > mostCols && j >= endCols && j < len(f.cols)-endCols {
			if j == endCols {
				cols = append(cols, dotted(repeated(" ...", shown.Len()+1), dots))
			}
			continue
		}
		head := c.name
		if c.IsNumeric() {
			head = " " + head
		}
		cols = append(cols, right(dotted(append([]string{head}, c.cells()...), dots)))
	}
	text := wrapped(cols)
	if cut {
		text += fmt.Sprintf("\n\n[%d rows x %d columns]", f.Len(), len(f.cols))
	}
	return text
}

// cells is the column's values as texts, each with room for a sign.
func (s *Series) cells() []string {
	out := make([]string, s.Len())
	if s.kind == Float {
		out = floats(s.floats)
	}
	for i := range out {
		switch {
		case s.Missing(i):
			out[i] = " NaN"
		case s.kind == Int:
			out[i] = fmt.Sprintf("% d", s.ints[i])
		case s.kind != Float:
			t := strings.NewReplacer("\n", `\n`, "\t", `\t`, "\r", `\r`).Replace(s.Text(i))
			if r := []rune(t); len(r) > mostText {
				t = string(r[:mostText-3]) + "..."
			}
			out[i] = " " + t
		}
	}
	return out
}

// floats writes all numbers with as many digits after the point as one of them needs, at most six, or all with an exponent if one is very
// small or too long.
func floats(v []float64) []string {
	out := make([]string, len(v))
	need, long := 1, 0
	large, small := false, false
	for i, x := range v {
		out[i] = fmt.Sprintf("% .*f", digits, x)
		if math.IsNaN(x) || math.IsInf(x, 0) {
			continue
		}
		need = max(need, digits-(len(out[i])-len(strings.TrimRight(out[i], "0"))))
		large = large || math.Abs(x) > 1e6
		small = small || x != 0 && math.Abs(x) < math.Pow(10, -digits)
	}
	for i, x := range v {
		if math.IsInf(x, 0) {
			out[i] = map[bool]string{true: " inf", false: "-inf"}[x > 0]
		} else if !math.IsNaN(x) {
			out[i] = out[i][:len(out[i])-digits+need]
		}
		long = max(long, len(out[i]))
	}
	if small || large && long > digits+6 {
		for i, x := range v {
			if !math.IsInf(x, 0) {
				out[i] = fmt.Sprintf("% .*e", digits, x)
			}
		}
	}
	return out
}

// dotted puts dots before row at; the first text is the header.
func dotted(col []string, at int) []string {
	if at == 0 {
		return col
	}
	dots := "..."
	if width(col) <= 3 {
		dots = ".."
	}
	out := append([]string{}, col[:at+1]...)
	return append(append(out, dots), col[at+1:]...)
}

func repeated(s string, n int) []string {
	out := make([]string, n)
	for i := range out {
		out[i] = s
	}
	return out
}

func width(col []string) int {
	w := 0
	for _, s := range col {
		w = max(w, utf8.RuneCountInString(s))
	}
	return w
}

func left(col []string) []string  { return justified(col, false) }
func right(col []string) []string { return justified(col, true) }

func justified(col []string, right bool) []string {
	w := width(col)
	out := make([]string, len(col))
	for i, s := range col {
		pad := strings.Repeat(" ", w-utf8.RuneCountInString(s))
		if out[i] = s + pad; right {
			out[i] = pad + s
		}
	}
	return out
}

// wrapped puts columns side by side, the first one again before each block of those that fit a line.
func wrapped(cols [][]string) string {
	index, cols := cols[0], cols[1:]
	room := lineWidth - width(index) - 1
	var blocks [][][]string
	used := 0
	for j, c := range cols {
		need := width(c) + 1
		end := 2 // room for the mark that more follows
		if j == len(cols)-1 {
			end = 1
		}
		if len(blocks) == 0 || used+need+end > room {
			blocks = append(blocks, nil)
			used = 0
		}
		used += need
		blocks[len(blocks)-1] = append(blocks[len(blocks)-1], c)
	}
	var b strings.Builder
	for k, block := range blocks {
		if k > 0 {
			b.WriteString("\n\n")
		}
		for i := range index {
			if i > 0 {
				b.WriteByte('\n')
			}
			b.WriteString(index[i])
			for _, c := range block {
				b.WriteString(" " + c[i])
			}
			switch {
			case k == len(blocks)-1 && k > 0:
				b.WriteString("  ")
			case k < len(blocks)-1 && i == 0:
				b.WriteString("  \\")
			case k < len(blocks)-1:
				b.WriteString("   ")
			}
		}
	}
	return b.String()
}
