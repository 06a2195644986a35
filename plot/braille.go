package plot

import (
	"image/color"
	"math"
)

// dots is a block of cells of 2 x 4 dots each.
type dots struct {
	w, h  int // in cells
	mask  []uint8
	color []color.NRGBA
}

// bits are the dots of U+2800 by row and column.
var bits = [4][2]uint8{{0x01, 0x08}, {0x02, 0x10}, {0x04, 0x20}, {0x40, 0x80}}

// set sets the dot (x, y).
func (d *dots) set(x, y int, c color.NRGBA) {
	if x < 0 || y < 0 || x >= 2*d.w || y >= 4*d.h {
		return
	}
	i := y/4*d.w + x/2
	d.mask[i] |= bits[y%4][x%2]
	d.color[i] = c
}

// dotPattern returns the numbers of dots set and left out in turn.
func (d dash) dotPattern() []int {
	switch d {
	case dashed:
		return []int{6, 4}
	case dashDot:
		return []int{7, 3, 1, 3}
	case dotted:
		return []int{1, 3}
	}
	return nil
}

// brush draws a polyline dot by dot, keeping count for its dashes.
type brush struct {
	d       *dots
	c       color.NRGBA
	pattern []int
	i, left int
}

// dot handles the next dot of the line.
func (b *brush) dot(x, y int) {
	if b.pattern == nil {
		b.d.set(x, y, b.c)
		return
	}
	if b.left == 0 {
		b.left = b.pattern[b.i%len(b.pattern)]
		b.i++
	}
	b.left--
	if b.i%2 == 1 {
		b.d.set(x, y, b.c)
	}
}

// line draws from a to b without its first dot, which the segment before has drawn.
func (b *brush) line(p, q point) {
	x0, y0, x1, y1 := math.Round(p.x), math.Round(p.y), math.Round(q.x), math.Round(q.y)
	n := max(math.Abs(x1-x0), math.Abs(y1-y0))
	for i := 1.0; i <= n; i++ {
		b.dot(int(math.Round(x0+(x1-x0)*i/n)), int(math.Round(y0+(y1-y0)*i/n)))
	}
}

// dashes returns the formats of the items as text shows them: solid where
// colours tell curves apart, and different where two solid curves would look
// the same.
func (p *textPanel) dashes() []format {
	out := append([]format(nil), p.format...)
	count := map[dash]int{}
	for i, it := range p.Items {
		if _, ok := it.(*Line); ok {
			if p.colors && out[i].dash != noLine {
				out[i].dash = solid
			}
			count[out[i].dash]++
		}
	}
	if p.colors || count[solid] < 2 {
		return out
	}
	k := 0
	for i, it := range p.Items {
		if _, ok := it.(*Line); ok && out[i].dash != noLine {
			out[i].dash = solid + dash(k%4)
			k++
		}
	}
	return out
}

// curves draws the items in dots on the cells [x0, x1) x [y0, y1).
func (p *textPanel) curves(x0, y0, x1, y1 int) {
	w, h := x1-x0, y1-y0
	if w < 1 || h < 1 {
		return
	}
	s := newDotSurface(w, h, p.colors)
	x, y := p.axes()
	formats := p.dashes()
	p.drawDots(s, p.Axes, x, y, formats)
	if r := p.Right; r != nil {
		_, y := r.axes()
		p.drawDots(s, r, x, y, r.styles())
	}
	s.show(p.s, x0, y0, p.colors)
}

// drawDots draws the items of a in the frame of all dots.
func (p *textPanel) drawDots(s *dotSurface, a *Axes, x, y axis, formats []format) {
	frame := s.d.area()
	at := func(u, v float64) point { return point{x.at(u) * frame.x1, (1 - y.at(v)) * frame.y1} }
	box := rect{0, 0, frame.x1 * dotWidth, frame.y1 * dotHeight}
	q := &panel{Axes: a, x: x, y: y, frame: box, cell: box, format: formats}
	if q.solid = a.solids(); q.solid != nil {
		q.solid.draw(q, s)
		return
	}
	for _, l := range []layer{pictures, areas, curves, notes} {
		for i, it := range a.Items {
			if isNil(it) || it.layer() != l {
				continue
			}
			switch it := it.(type) {
			case *Line:
				s.d.curve(it.places(at), frame, formats[i])
			case *Scatter:
				for k := range it.len() {
					if q := at(it.X[k], it.Y[k]); frame.holds(q) {
						s.d.set(int(math.Round(q.x)), int(math.Round(q.y)), formats[i].color)
					}
				}
			default:
				it.draw(q, s, formats[i])
			}
		}
	}
}

// holds reports whether q lies in r.
func (r rect) holds(q point) bool { return q.x >= r.x0 && q.x <= r.x1 && q.y >= r.y0 && q.y <= r.y1 }

// curve draws a line and its markers.
func (d *dots) curve(places []point, frame rect, f format) {
	if f.dash != noLine {
		for _, l := range clip(places, frame) {
			b := brush{d: d, c: f.color, pattern: f.dash.dotPattern()}
			b.dot(int(math.Round(l[0].x)), int(math.Round(l[0].y)))
			for k := 1; k < len(l); k++ {
				b.line(l[k-1], l[k])
			}
		}
	}
	if f.marker == 0 {
		places = alone(places)
	}
	for _, q := range places {
		if !frame.holds(q) {
			continue
		}
		cx, cy := int(q.x), int(q.y)
		for k := range 4 { // a block of 2 x 2 dots
			d.set(cx+k%2, cy+k/2, f.color)
		}
	}
}
