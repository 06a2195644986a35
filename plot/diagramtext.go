package plot

import (
	"image/color"
	"strings"
	"unicode/utf8"
)

// least is the scale below which a diagram in text cannot be read: its words
// would not fit into its boxes.
const least = 0.55

// diagram returns the diagram that a shows, if it shows one.
func (a *Axes) diagram() *Diagram {
	for _, it := range a.Items {
		if d, ok := it.(*Diagram); ok && d != nil {
			return d
		}
	}
	return nil
}

// drawDiagram writes the alternative text and below it the drawing, if it has room.
func (p *textPanel) drawDiagram(d *Diagram) {
	top := p.header()
	for _, l := range wrap(d.Alt, p.x1-p.x0) {
		if top >= p.y1 {
			return
		}
		p.s.put(p.x0, top, l, color.NRGBA{})
		top++
	}
	w, h := p.x1-p.x0, p.y1-top
	if w < 1 || h < 1 {
		return
	}
	s := newDotSurface(w, h, p.colors)
	d.mu.Lock()
	b, frame := d.layout().grow(diagramPad), s.d.area()
	d.mu.Unlock()
	box := rect{0, 0, frame.x1 * dotWidth, frame.y1 * dotHeight}
	if min(box.w()/b.w(), box.h()/b.h()) < least {
		return
	}
	d.draw(&panel{Axes: p.Axes, frame: box, cell: box}, s, format{})
	s.show(p.s, p.x0, top, p.colors)
}

// wrap breaks text into lines of at most n characters, at spaces where it can.
func wrap(text string, n int) []string {
	var out []string
	line := ""
	for _, word := range strings.Fields(text) {
		switch {
		case line == "":
			line = word
		case utf8.RuneCountInString(line)+1+utf8.RuneCountInString(word) <= n:
			line += " " + word
		default:
			out, line = append(out, cutRunes(line, n)), word
		}
	}
	if line != "" {
		out = append(out, cutRunes(line, n))
	}
	return out
}
