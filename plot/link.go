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

// route finds the way.
func (l *Link) route() {
	a, b := l.from.body(), l.to.body()
	switch {
	case l.out == anySide || l.in == anySide:
		l.path = straight(l.from, l.to)
	case l.curve:
		l.path = bezier(onSide(a, l.out, l.outAt), onSide(b, l.in, l.inAt), l.out.dir(), l.in.dir(), l.bend)
	default:
		l.path = roundCorners(elbows(onSide(a, l.out, l.outAt), onSide(b, l.in, l.inAt), l.out.dir(), l.in.dir(), orElse(l.bend, 10)), 4)
	}
	l.placeLabel()
}

// straight returns the line between two nodes.
func straight(from, to *Node) []point {
	a, b := from.body(), to.body()
	p, q := a.center(), b.center()
	x0, x1 := max(a.x0, b.x0), min(a.x1, b.x1)
	y0, y1 := max(a.y0, b.y0), min(a.y1, b.y1)
	round := from.shape == circleShape || to.shape == circleShape
	if x1 > x0 && (!round || math.Abs(p.x-q.x) < 0.5) { // one above the other
		p.x = (x0 + x1) / 2
		q.x = p.x
	} else if y1 > y0 && (!round || math.Abs(p.y-q.y) < 0.5) {
		p.y = (y0 + y1) / 2
		q.y = p.y
	}
	return []point{from.border(p, q), to.border(q, p)}
}

// border returns where the line from p, inside n, to q leaves n.
func (n *Node) border(p, q point) point {
	b := n.body()
	d := math.Hypot(q.x-p.x, q.y-p.y)
	if d == 0 {
		return p
	}
	if n.shape == circleShape {
		r := min(b.w()/2, d)
		return point{p.x + r*(q.x-p.x)/d, p.y + r*(q.y-p.y)/d}
	}
	if _, out, ok := segment(p, q, b); ok {
		return out
	}
	return p
}

// onSide returns a point of a side of r.
func onSide(r rect, s Side, at float64) point {
	c, d := r.center(), s.dir()
	q := point{c.x + d.x*r.w()/2, c.y + d.y*r.h()/2}
	if !(math.Abs(at) <= 10) {
		at = 0
	}
	if d.x != 0 {
		q.y += at * r.h()
	} else {
		q.x += at * r.w()
	}
	return q
}

// elbows returns the corners of a way that leaves p in direction d and reaches q against e.
func elbows(p, q, d, e point, bend float64) []point {
	if d.x == 0 && e.x == 0 { // vertical at both ends: the same, turned
		var out []point
		for _, c := range elbows(point{p.y, p.x}, point{q.y, q.x}, point{d.y, d.x}, point{e.y, e.x}, bend) {
			out = append(out, point{c.y, c.x})
		}
		return out
	}
	if d.x == 0 || e.x == 0 { // one corner
		c := point{q.x, p.y}
		if d.x == 0 {
			c = point{p.x, q.y}
		}
		return []point{p, c, q}
	}
	if d.x == e.x { // round a side
		x := max(p.x*d.x, q.x*d.x)*d.x + bend*d.x
		return []point{p, {x, p.y}, {x, q.y}, q}
	}
	if (q.x-p.x)*d.x > 0 {
		if math.Abs(p.y-q.y) < 0.5 {
			return []point{p, q}
		}
		x := (p.x + q.x) / 2
		return []point{p, {x, p.y}, {x, q.y}, q}
	}
	x0, x1, y := p.x+bend*d.x, q.x+bend*e.x, (p.y+q.y)/2
	return []point{p, {x0, p.y}, {x0, y}, {x1, y}, {x1, q.y}, q}
}

// roundCorners replaces the corners of a way by arcs.
func roundCorners(p []point, r float64) []point {
	out := []point{p[0]}
	for i := 1; i < len(p)-1; i++ {
		a, c, b := p[i-1], p[i], p[i+1]
		la, lb := math.Hypot(a.x-c.x, a.y-c.y), math.Hypot(b.x-c.x, b.y-c.y)
		k := min(r, la/2, lb/2)
		if k < 0.1 {
			continue
		}
		from := point{c.x + (a.x-c.x)*k/la, c.y + (a.y-c.y)*k/la}
		to := point{c.x + (b.x-c.x)*k/lb, c.y + (b.y-c.y)*k/lb}
		for j := range 6 {
			t := float64(j) / 5
			u := 1 - t
			out = append(out, point{u*u*from.x + 2*u*t*c.x + t*t*to.x, u*u*from.y + 2*u*t*c.y + t*t*to.y})
		}
	}
	return append(out, p[len(p)-1])
}

// bezier returns a curve that leaves p in direction d and reaches q against e.
func bezier(p, q, d, e point, bend float64) []point {
	k := orElse(bend, max(0.45*math.Hypot(q.x-p.x, q.y-p.y), 8))
	a, b := point{p.x + k*d.x, p.y + k*d.y}, point{q.x + k*e.x, q.y + k*e.y}
	const n = 24
	var out []point
	for i := range n + 1 {
		t := float64(i) / n
		u := 1 - t
		w := [4]float64{u * u * u, 3 * u * u * t, 3 * u * t * t, t * t * t}
		out = append(out, point{w[0]*p.x + w[1]*a.x + w[2]*b.x + w[3]*q.x, w[0]*p.y + w[1]*a.y + w[2]*b.y + w[3]*q.y})
	}
	return out
}

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
