package plot

import "math"

// route finds the way.
func (l *Link) route() {
	switch {
	case l.out == anySide || l.in == anySide:
		l.path = straight(l.from, l.to)
	case l.curve:
		l.path = bezier(l.from.onSide(l.out, l.outAt), l.to.onSide(l.in, l.inAt), l.out.dir(), l.in.dir(), l.bend)
	default:
		l.path = roundCorners(elbows(l.from.onSide(l.out, l.outAt), l.to.onSide(l.in, l.inAt), l.out.dir(), l.in.dir(), orElse(l.bend, 10)), 4)
	}
	l.placeLabel()
}

// straight returns the line between two nodes.
func straight(from, to *Node) []point {
	a, b := from.body(), to.body()
	p, q := a.center(), b.center()
	x0, x1 := max(a.x0, b.x0), min(a.x1, b.x1)
	y0, y1 := max(a.y0, b.y0), min(a.y1, b.y1)
	// Straight up or across where they face each other; a circle is met in its middle.
	x, y := (x0+x1)/2, (y0+y1)/2
	for _, n := range []*Node{from, to} {
		if c := n.body().center(); n.shape == circleShape {
			x, y = c.x, c.y
		}
	}
	both := from.shape == circleShape && to.shape == circleShape
	if x1 > x0 && x0 <= x && x <= x1 && (!both || math.Abs(p.x-q.x) < 0.5) {
		p.x, q.x = x, x
	} else if y1 > y0 && y0 <= y && y <= y1 && (!both || math.Abs(p.y-q.y) < 0.5) {
		p.y, q.y = y, y
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

// onSide returns a point of a side of n.
func (n *Node) onSide(s Side, at float64) point {
	r := n.body()
	c, d := r.center(), s.dir()
	if !(math.Abs(at) <= 10) {
		at = 0
	}
	reach := 1.0 // of a circle's edge at this place
	if n.shape == circleShape && math.Abs(at) < 0.5 {
		reach = math.Sqrt(1 - 4*at*at)
	}
	q := point{c.x + reach*d.x*r.w()/2, c.y + reach*d.y*r.h()/2}
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
