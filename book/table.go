package book

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// String lays the table out in columns: numbers to the right, words to the left, a line under
// the header.
func (t Table) String() string {
	rows := t.Rows
	if len(t.Header) > 0 {
		rows = append([][]string{t.Header}, t.Rows...)
	}
	var width []int
	for _, r := range rows {
		for j, cell := range r {
			if j == len(width) {
				width = append(width, 0)
			}
			width[j] = max(width[j], utf8.RuneCountInString(cell))
		}
	}
	right := make([]bool, len(width))
	for j := range width {
		right[j] = t.numeric(j)
	}
	var b strings.Builder
	for i, r := range rows {
		var line strings.Builder
		for j, w := range width {
			cell := ""
			if j < len(r) {
				cell = r[j]
			}
			pad := strings.Repeat(" ", w-utf8.RuneCountInString(cell))
			if j > 0 {
				line.WriteString("  ")
			}
			if right[j] {
				line.WriteString(pad + cell)
			} else {
				line.WriteString(cell + pad)
			}
		}
		b.WriteString(strings.TrimRight(line.String(), " ") + "\n")
		if i == 0 && len(t.Header) > 0 {
			for j, w := range width {
				if j > 0 {
					b.WriteString("  ")
				}
				b.WriteString(strings.Repeat("-", w))
			}
			b.WriteString("\n")
		}
	}
	return b.String()
}

// numeric reports whether the cells of column j are numbers.
func (t Table) numeric(j int) bool {
	some := false
	for _, r := range t.Rows {
		if j >= len(r) || r[j] == "" {
			continue
		}
		if _, err := strconv.ParseFloat(strings.TrimSuffix(r[j], "%"), 64); err != nil {
			return false
		}
		some = true
	}
	return some
}
