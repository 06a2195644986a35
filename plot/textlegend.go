package plot

import (
	"image/color"
	"unicode/utf8"
)

// legend writes handles and labels from row y on and returns the row below.
func (p *textPanel) legend(y int) int {
	list := p.entries(p.dashes())
	if len(list) == 0 {
		return y
	}
	var lines [][]entry
	var widths []int
	for _, e := range list {
		e.label = cutRunes(e.label, max(1, p.x1-p.x0-4))
		w := 4 + utf8.RuneCountInString(e.label)
		if n := len(lines); n > 0 && widths[n-1]+3+w <= p.x1-p.x0 {
			lines[n-1] = append(lines[n-1], e)
			widths[n-1] += 3 + w
		} else {
			lines, widths = append(lines, []entry{e}), append(widths, w)
		}
	}
	for i, l := range lines {
		x := p.x0 + (p.x1-p.x0-widths[i])/2
		for _, e := range l {
			fg := color.NRGBA{}
			if p.colors {
				fg = e.format.color
			}
			p.s.put(x, y, handle(e), fg)
			p.s.put(x+4, y, e.label, color.NRGBA{})
			x += 4 + utf8.RuneCountInString(e.label) + 3
		}
		y++
	}
	return y
}

// handle returns three characters in the manner of an item.
func handle(e entry) string {
	switch d := e.format.dash; {
	case e.format.marker == 'b':
		return "███"
	case d == solid:
		return "───"
	case d == dashed:
		return "╴╶╴"
	case d == dashDot:
		return "─·─"
	case d == dotted:
		return "···"
	}
	return " ● "
}
