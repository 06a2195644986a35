package plot

import (
	"image"
	"image/color"
)

// moved draws on another surface at k times the size and moved by (dx, dy).
type moved struct {
	s         surface
	k, dx, dy float64
}

func (m *moved) at(q point) point { return point{m.k*q.x + m.dx, m.k*q.y + m.dy} }

func (m *moved) all(list []point) []point {
	out := make([]point, len(list))
	for i, q := range list {
		out[i] = m.at(q)
	}
	return out
}

func (m *moved) lists(lines [][]point) [][]point {
	out := make([][]point, len(lines))
	for i, l := range lines {
		out[i] = m.all(l)
	}
	return out
}

func (m *moved) stroke(p pen, lines ...[]point) {
	p.width *= m.k
	if m.inCells() {
		p.width = max(p.width, 0.5)
	}
	m.s.stroke(p, m.lists(lines)...)
}

func (m *moved) fill(c color.NRGBA, polygons ...[]point) { m.s.fill(c, m.lists(polygons)...) }

func (m *moved) dots(c color.NRGBA, diameter float64, at []point) {
	m.s.dots(c, m.k*diameter, m.all(at))
}

func (m *moved) text(c caption) {
	c.at, c.size = m.at(c.at), m.k*c.size
	m.s.text(c)
}

func (m *moved) image(r rect, im image.Image) {
	a, b := m.at(point{r.x0, r.y0}), m.at(point{r.x1, r.y1})
	m.s.image(rect{a.x, a.y, b.x, b.y}, im)
}

func (m *moved) inCells() bool {
	return inCells(m.s)
}

// header is a surface of cells, which has heads of arrows of its own.
type header interface {
	head(c color.NRGBA, from, tip point)
}

// head draws the head of an arrow on the cells below.
func (m *moved) head(c color.NRGBA, from, tip point) { m.s.(header).head(c, m.at(from), m.at(tip)) }
