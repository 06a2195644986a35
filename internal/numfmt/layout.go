package numfmt

import (
	"bytes"
	"strings"
	"unicode/utf8"
)

// layout arranges the elements in nested brackets. Each line but the first
// starts with the hanging blanks.
func (a Array) layout(o Options, width int, separator, hanging string) string {
	if a.size() == 0 {
		return "[]"
	}
	l := layouter{shape: a.Shape, separator: separator}
	if a.size() > o.Threshold {
		l.edge = o.EdgeItems
	}
	l.words = a.words(l.shown(nil, 0, 0), o)
	l.block(0, hanging, width)
	return l.out.String()
}

// layouter writes the elements of one array.
type layouter struct {
	shape     []int
	separator string
	edge      int      // elements at each end of a summarised axis; 0: all are shown
	words     []string // the elements still to be written
	out       strings.Builder
}

// gap is the position on an axis where dots stand for what is left out, and
// the number of positions left out; a gap of 0 positions is none.
func (l *layouter) gap(axis int) (at, skip int) {
	if n := l.shape[axis]; l.edge > 0 && (n-1)/2 >= l.edge {
		return l.edge, n - 2*l.edge
	}
	return -1, 0
}

// shown appends the flat indices of the elements that are printed.
func (l *layouter) shown(to []int, axis, flat int) []int {
	if axis == len(l.shape) {
		return append(to, flat)
	}
	at, skip := l.gap(axis)
	for i := 0; i < l.shape[axis]; i++ {
		if i == at {
			i += skip
		}
		to = l.shown(to, axis+1, flat*l.shape[axis]+i)
	}
	return to
}

// block writes one bracket: the axes from axis on. The opening bracket stands
// where the last of the hanging blanks would.
func (l *layouter) block(axis int, hanging string, width int) {
	l.out.WriteByte('[')
	if axis == len(l.shape)-1 {
		l.row(axis, hanging, width-1)
	} else {
		next := strings.TrimRight(l.separator, " ") + strings.Repeat("\n", len(l.shape)-axis-1) + hanging
		at, skip := l.gap(axis)
		for i := 0; i < l.shape[axis]; i++ {
			if i > 0 {
				l.out.WriteString(next)
			}
			if i == at {
				l.out.WriteString("..." + next)
				i += skip
			}
			l.block(axis+1, hanging+" ", width-1)
		}
	}
	l.out.WriteByte(']')
}

// row writes the elements of the last axis, broken into lines of the width.
func (l *layouter) row(axis int, hanging string, width int) {
	at, skip := l.gap(axis)
	line := []byte(hanging) // the blanks stand for what is already written
	start := len(hanging)
	put := func(word string) {
		if utf8.RuneCount(line)+utf8.RuneCountInString(word) > width && len(line) > len(hanging) {
			l.out.Write(bytes.TrimRight(line[start:], " "))
			l.out.WriteByte('\n')
			line, start = append(line[:0], hanging...), 0
		}
		line = append(append(line, word...), l.separator...)
	}
	for i := 0; i < l.shape[axis]; i++ {
		if i == at {
			put("...")
			i += skip
		}
		put(l.words[0])
		l.words = l.words[1:]
	}
	l.out.Write(bytes.TrimSuffix(line[start:], []byte(l.separator)))
}
