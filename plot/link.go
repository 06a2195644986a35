package plot

import "math"

// Side is a side of a node.
type Side uint8

// The sides.
const (
	anySide Side = iota
	Left
	Right
	Top
	Bottom
)

// dir returns the direction that points away from a side.
func (s Side) dir() point {
	return [...]point{{}, {-1, 0}, {1, 0}, {0, -1}, {0, 1}}[min(s, Bottom)]
}

// Link joins two nodes of a [Diagram]. Its methods change it and return it.
type Link struct {
	from, to  *Node
	out, in   Side
	outAt     float64 // where on the side, from -0.5 to 0.5
	inAt      float64
	head      bool
	curve     bool
	bend      float64
	dashed    bool
	tint      Tint
	tinted    bool
	width     float64
	label     string
	labelAt   float64 // where on the link, from 0 to 1
	path      []point
	labelRect rect
}

// Arrow draws an arrow from one node to another: straight, along an axis where
// they face each other.
func (d *Diagram) Arrow(from, to *Node) *Link {
	l := d.Line(from, to)
	l.head = true
	return l
}

// Line draws a line between two nodes.
func (d *Diagram) Line(from, to *Node) *Link {
	l := &Link{from: from, to: to, width: 1}
	d.links = append(d.links, l)
	return l
}

// Chain draws arrows from each node to the next.
func (d *Diagram) Chain(nodes ...*Node) {
	for i := 1; i < len(nodes); i++ {
		d.Arrow(nodes[i-1], nodes[i])
	}
}

// Full draws a line from each node of one layer to each of the next.
func (d *Diagram) Full(from, to []*Node) {
	for _, a := range from {
		for _, b := range to {
			l := d.Line(a, b)
			l.width, l.tint, l.tinted = 0.6, Gray, true
		}
	}
}

// Route makes the link leave from one side and enter at another, in straight
// pieces with round corners.
func (l *Link) Route(out, in Side) *Link { l.out, l.in = out, in; return l }

// Curved makes a routed link a smooth curve.
func (l *Link) Curved() *Link { l.curve = true; return l }

// Offset moves the ends along their sides: -0.5 is the upper or left corner, 0.5 the other.
func (l *Link) Offset(out, in float64) *Link { l.outAt, l.inAt = out, in; return l }

// Bend sets how far a routed link goes away from the nodes before it turns, in points.
func (l *Link) Bend(points float64) *Link { l.bend = points; return l }

// Words writes a label beside the link.
func (l *Link) Words(label string) *Link { l.label = label; return l }

// At sets where on the link its label stands: 0 is the start, 1 the end.
func (l *Link) At(t float64) *Link { l.labelAt = t; return l }

// Width sets the width of the line in points.
func (l *Link) Width(points float64) *Link { l.width = points; return l }

// Dashed draws the link dashed.
func (l *Link) Dashed() *Link { l.dashed = true; return l }

// Tint draws the link in the colour of the edges of a tint.
func (l *Link) Tint(t Tint) *Link { l.tint, l.tinted = t, true; return l }

// linkFont is the size of the labels of links.
const linkFont = 8.5

// placeLabel puts the label beside the longest straight piece of the way, or at a given part of it.
func (l *Link) placeLabel() {
	if l.label == "" || len(l.path) < 2 {
		return
	}
	w, h := labelBox(l.label, linkFont)
	best, longest, total := 1, -1.0, 0.0
	for i := 1; i < len(l.path); i++ {
		d := math.Hypot(l.path[i].x-l.path[i-1].x, l.path[i].y-l.path[i-1].y)
		if total += d; d > longest {
			best, longest = i, d
		}
	}
	a, b := l.path[best-1], l.path[best]
	q := point{(a.x + b.x) / 2, (a.y + b.y) / 2}
	if l.labelAt > 0 && l.labelAt <= 1 {
		rest := l.labelAt * total
		for i := 1; i < len(l.path); i++ {
			a, b = l.path[i-1], l.path[i]
			d := math.Hypot(b.x-a.x, b.y-a.y)
			if rest <= d || i == len(l.path)-1 {
				t := min(rest/max(d, 1e-9), 1)
				q = point{a.x + t*(b.x-a.x), a.y + t*(b.y-a.y)}
				break
			}
			rest -= d
		}
	}
	dx, dy := math.Abs(b.x-a.x), math.Abs(b.y-a.y)
	switch {
	case dx > 4*dy:
		q.y -= h/2 + 3
	case dy > 2*dx:
		q.x += w/2 + 3.5
	}
	l.labelRect = rect{q.x - w/2, q.y - h/2, q.x + w/2, q.y + h/2}
}

// bounds returns what the link covers.
func (l *Link) bounds() rect {
	b := rect{math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)}
	for _, q := range l.path {
		b = b.join(rect{q.x - 0.5, q.y - 0.5, q.x + 0.5, q.y + 0.5})
	}
	if l.label != "" {
		b = b.join(l.labelRect.grow(1))
	}
	return b
}

func (l *Link) draw(s surface) {
	if len(l.path) < 2 {
		return
	}
	c := ink
	if l.tinted {
		c = l.tint.edge()
	}
	if l.dashed || !l.head {
		p := pen{c, l.width, solid}
		if l.dashed {
			p.dash = dashed
		}
		s.stroke(p, l.path)
	}
	if !l.head {
		return
	}
	if l.dashed {
		n := len(l.path)
		arrowHead(s, c, l.width, l.path[n-2], l.path[n-1])
		return
	}
	arrow(s, c, l.width, l.path)
}

func (l *Link) drawLabel(s surface) {
	if l.label == "" {
		return
	}
	a, b := l.path[0], l.path[len(l.path)-1]
	if dx, dy := math.Abs(b.x-a.x), math.Abs(b.y-a.y); len(l.path) == 2 && dx <= 4*dy && dy <= 2*dx {
		s.fill(paper, l.labelRect.grow(1.5).corners()) // on the line
	}
	drawLabel(s, l.labelRect.center(), l.label, linkFont, ink)
}
