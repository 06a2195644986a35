package plot

import (
	"fmt"
	"image/color"
	"strings"
)

// dash is the pattern of a line.
type dash uint8

const (
	noLine dash = iota
	solid
	dashed
	dashDot
	dotted
)

// pattern returns lengths of dashes and gaps in multiples of the line width.
func (d dash) pattern() []float64 {
	switch d {
	case dashed:
		return []float64{3.7, 1.6}
	case dashDot:
		return []float64{6.4, 1.6, 1, 1.6}
	case dotted:
		return []float64{1, 1.65}
	}
	return nil
}

// format is a parsed format string.
type format struct {
	color    color.NRGBA
	hasColor bool
	dash     dash
	marker   byte          // 0 for none
	series   []color.NRGBA // of items with several
}

// parseFormat reads a matplotlib format string; "" means "-".
func parseFormat(s string) (format, error) {
	var f format
	bad := func() (format, error) { return f, fmt.Errorf("unknown format %q", s) }
	for i := 0; i < len(s); {
		rest := s[i:]
		var d dash
		n := 1
		switch {
		case strings.HasPrefix(rest, "--"):
			d, n = dashed, 2
		case strings.HasPrefix(rest, "-."):
			d, n = dashDot, 2
		case rest[0] == '-':
			d = solid
		case rest[0] == ':':
			d = dotted
		}
		switch {
		case d != noLine:
			if f.dash != noLine {
				return bad()
			}
			f.dash = d
		case strings.IndexByte("o.s^x+", rest[0]) >= 0:
			if f.marker != 0 {
				return bad()
			}
			f.marker = rest[0]
		default:
			if rest[0] == 'C' {
				n = min(2, len(rest))
			}
			c, err := parseColor(rest[:n])
			if err != nil || f.hasColor {
				return bad()
			}
			f.color, f.hasColor = c, true
		}
		i += n
	}
	if f.dash == noLine && f.marker == 0 {
		f.dash = solid
	}
	return f, nil
}

// styles gives every item of a its format: what the item says, completed by
// the colour cycle. Bad formats, which Check reports, count as solid.
func (a *Axes) styles() []format {
	out := make([]format, len(a.Items))
	next := 0
	take := func() color.NRGBA { next++; return cycle[(next-1)%len(cycle)] }
	for i, it := range a.Items {
		if !isNil(it) {
			out[i] = it.style(take)
		}
	}
	return out
}
