package plot

import "math"

// brace is a curly brace beside some nodes.
type brace struct {
	side  Side
	label string
	nodes []*Node
}

// Brace draws a curly brace with a label at a side of some nodes.
func (d *Diagram) Brace(side Side, label string, nodes ...*Node) {
	d.braces = append(d.braces, &brace{side, label, nodes})
}

const (
	braceGap   = 4.0
	braceDepth = 7.0
)

// ends returns the ends of the brace and the direction in which it points.
func (b *brace) ends() (p, q, dir point) {
	r := b.nodes[0].r
	for _, n := range b.nodes {
		r = r.join(n.r)
	}
	r = r.grow(braceGap)
	g := braceGap
	switch b.side {
	case Left:
		return point{r.x0, r.y0 + g}, point{r.x0, r.y1 - g}, b.side.dir()
	case Right:
		return point{r.x1, r.y0 + g}, point{r.x1, r.y1 - g}, b.side.dir()
	case Top:
		return point{r.x0 + g, r.y0}, point{r.x1 - g, r.y0}, b.side.dir()
	}
	return point{r.x0 + g, r.y1}, point{r.x1 - g, r.y1}, Bottom.dir()
}

// labelRect returns where the label stands.
func (b *brace) labelRect() rect {
	p, q, d := b.ends()
	w, h := labelBox(b.label, linkFont)
	c := point{(p.x+q.x)/2 + d.x*(braceDepth+3+w/2), (p.y+q.y)/2 + d.y*(braceDepth+3+h/2)}
	return rect{c.x - w/2, c.y - h/2, c.x + w/2, c.y + h/2}
}

func (b *brace) bounds() rect {
	p, q, d := b.ends()
	r := rect{min(p.x, q.x), min(p.y, q.y), max(p.x, q.x), max(p.y, q.y)}
	tip := point{(p.x+q.x)/2 + d.x*braceDepth, (p.y+q.y)/2 + d.y*braceDepth}
	r = r.join(rect{tip.x, tip.y, tip.x, tip.y})
	if b.label != "" {
		r = r.join(b.labelRect())
	}
	return r
}

func (b *brace) draw(s surface) {
	p, q, d := b.ends()
	m := point{(p.x + q.x) / 2, (p.y + q.y) / 2}
	k := braceDepth / 2
	out := func(c point, t float64) point { return point{c.x + d.x*t, c.y + d.y*t} }
	// From each end a quarter turn to the spine, along it, and a quarter turn to the tip.
	r := min(k, math.Hypot(q.x-p.x, q.y-p.y)/4)
	first := roundCorners([]point{p, out(p, k), out(m, k), out(m, 2*k)}, r)
	second := roundCorners([]point{q, out(q, k), out(m, k), out(m, 2*k)}, r)
	s.stroke(pen{Gray.edge(), 1, solid}, first, second)
	if b.label != "" {
		drawLabel(s, b.labelRect().center(), b.label, linkFont, ink)
	}
}
