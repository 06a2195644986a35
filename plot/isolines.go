package plot

import (
	"image/color"
	"math"
)

// corner is a node of the grid with its value.
type corner struct {
	q point
	z float64
}

// triangles calls f with two triangles for each cell of the grid.
func (c *Contour) triangles(p *panel, f func(t [3]corner)) {
	w := len(c.X)
	if len(c.Z) != w*len(c.Y) {
		return
	}
	at := func(i, j int) corner { return corner{p.at(c.X[j], c.Y[i]), c.Z[i*w+j]} }
	ok := func(list ...corner) bool {
		for _, k := range list {
			if !finite(k.q) || !(math.Abs(k.z) <= huge) {
				return false
			}
		}
		return true
	}
	for i := 1; i < len(c.Y); i++ {
		for j := 1; j < w; j++ {
			a, b, d, e := at(i-1, j-1), at(i-1, j), at(i, j), at(i, j-1)
			if !ok(a, b, d, e) {
				continue
			}
			// The middle of the cell makes four triangles: no direction is preferred.
			m := corner{point{(a.q.x + d.q.x) / 2, (a.q.y + d.q.y) / 2}, a.z/4 + b.z/4 + d.z/4 + e.z/4}
			for _, t := range [4][3]corner{{a, b, m}, {b, d, m}, {d, e, m}, {e, a, m}} {
				f(t)
			}
		}
	}
}

func (c *Contour) draw(p *panel, s surface, f format) {
	levels := c.levels()
	m, lo, hi, mapped := c.scale()
	paint := func(v float64) color.NRGBA {
		if !mapped {
			return f.color
		}
		return m.at(share(v, lo, hi))
	}
	if c.Filled {
		c.fillBands(p, s, levels, paint)
		if !inCells(s) {
			return
		}
	}
	for _, v := range levels {
		lines := c.lines(p, v)
		var shown [][]point
		for _, l := range lines {
			shown = append(shown, clip(l, p.frame)...)
		}
		if len(shown) == 0 {
			continue
		}
		s.stroke(pen{paint(v), 1.1, solid}, shown...)
		if c.Labels {
			c.label(p, s, v, shown, paint(v))
		}
	}
}

// lines returns the curves on which the function is v.
func (c *Contour) lines(p *panel, v float64) [][]point {
	var pieces [][2]point
	c.triangles(p, func(t [3]corner) {
		var cut []point
		for k := range 3 {
			a, b := t[k], t[(k+1)%3]
			if (a.z < v) != (b.z < v) {
				if a.q.x > b.q.x || a.q.x == b.q.x && a.q.y > b.q.y {
					a, b = b, a // neighbours cut their common side at the same place
				}
				cut = append(cut, between(a, b, v))
			}
		}
		if len(cut) == 2 && cut[0] != cut[1] {
			pieces = append(pieces, [2]point{cut[0], cut[1]})
		}
	})
	return join(pieces)
}

// between returns where the value is v on the way from a to b.
func between(a, b corner, v float64) point {
	t := (v - a.z) / (b.z - a.z)
	return point{a.q.x + t*(b.q.x-a.q.x), a.q.y + t*(b.q.y-a.q.y)}
}

// join makes polylines of pieces that share their ends.
func join(pieces [][2]point) [][]point {
	at := map[point][]int{}
	for i, s := range pieces {
		at[s[0]] = append(at[s[0]], i)
		at[s[1]] = append(at[s[1]], i)
	}
	used := make([]bool, len(pieces))
	// follow goes on from q as far as there are pieces.
	follow := func(line []point) []point {
		for {
			q, found := line[len(line)-1], false
			for _, i := range at[q] {
				if used[i] {
					continue
				}
				used[i], found = true, true
				next := pieces[i][0]
				if next == q {
					next = pieces[i][1]
				}
				line = append(line, next)
				break
			}
			if !found {
				return line
			}
		}
	}
	var out [][]point
	for i, s := range pieces {
		if used[i] {
			continue
		}
		used[i] = true
		line := follow([]point{s[0], s[1]})
		for a, b := 0, len(line)-1; a < b; a, b = a+1, b-1 {
			line[a], line[b] = line[b], line[a]
		}
		out = append(out, follow(line))
	}
	return out
}
