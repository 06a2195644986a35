package plot

import "math"

// clip returns the parts of a polyline inside r. NaN breaks it; points that
// change nothing visible are left out.
func clip(p []point, r rect) [][]point {
	var out [][]point
	var cur []point
	flush := func() {
		if len(cur) > 1 {
			out = append(out, thin(cur))
		}
		cur = nil
	}
	for i := 1; i < len(p); i++ {
		a, b, ok := segment(p[i-1], p[i], r)
		if !ok {
			flush()
			continue
		}
		if len(cur) == 0 || cur[len(cur)-1] != a {
			flush()
			cur = append(cur, a)
		}
		cur = append(cur, b)
		if b != p[i] {
			flush()
		}
	}
	flush()
	return out
}

// segment cuts the line from a to b at r (Liang and Barsky).
func segment(a, b point, r rect) (point, point, bool) {
	dx, dy := b.x-a.x, b.y-a.y
	if math.IsNaN(dx) || math.IsNaN(dy) || math.IsInf(dx, 0) || math.IsInf(dy, 0) {
		return a, b, false
	}
	t0, t1 := 0.0, 1.0
	side := func(d, q float64) bool { // d*t <= q holds inside
		switch {
		case d == 0:
			return q >= 0
		case d < 0:
			t0 = max(t0, q/d)
		default:
			t1 = min(t1, q/d)
		}
		return t0 <= t1
	}
	if !side(-dx, a.x-r.x0) || !side(dx, r.x1-a.x) || !side(-dy, a.y-r.y0) || !side(dy, r.y1-a.y) {
		return a, b, false
	}
	c, d := a, b
	if t0 > 0 {
		c = point{a.x + t0*dx, a.y + t0*dy}
	}
	if t1 < 1 {
		d = point{a.x + t1*dx, a.y + t1*dy}
	}
	return r.nearest(c), r.nearest(d), true
}

// nearest moves q into r: from far away rounding errors are larger than r.
func (r rect) nearest(q point) point {
	return point{min(max(q.x, r.x0), r.x1), min(max(q.y, r.y0), r.y1)}
}

// thin drops the points of a polyline that lie within 1/20 point of the line
// through those that are kept.
func thin(p []point) []point {
	const tol = 0.05
	out := p[:1:1]
	for i := 1; i < len(p); {
		a := out[len(out)-1]
		// Extend the segment from a as far as everything skipped stays near it.
		j := i
		for j+1 < len(p) && j-i < 64 && near(p[i:j+1], a, p[j+1], tol) {
			j++
		}
		out = append(out, p[j])
		i = j + 1
	}
	return out
}

// near reports whether every point of p lies within tol of the segment from a to b.
func near(p []point, a, b point, tol float64) bool {
	dx, dy := b.x-a.x, b.y-a.y
	l2 := dx*dx + dy*dy
	for _, q := range p {
		t := 0.0
		if l2 > 0 {
			t = min(max(((q.x-a.x)*dx+(q.y-a.y)*dy)/l2, 0), 1)
		}
		ex, ey := q.x-a.x-t*dx, q.y-a.y-t*dy
		if ex*ex+ey*ey > tol*tol {
			return false
		}
	}
	return true
}
