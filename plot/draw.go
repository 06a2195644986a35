package plot

import (
	"image/color"
	"math"
)

var (
	ink      = rgb(0x000000) // letters and lines
	paper    = rgb(0xffffff) // what is drawn on
	gridGray = rgb(0xd0d0d0)
	edgeGray = rgb(0xcccccc)
)

// draw draws f on s, which measures w x h points.
func (f *Figure) draw(s surface, w, h float64) {
	for _, p := range f.layout(w, h) {
		p.draw(s)
	}
}

func (p *panel) draw(s surface) {
	if p.solid != nil {
		p.solid.draw(p, s)
		p.drawTitle(s)
		if p.bar != nil {
			p.bar.draw(s)
		}
		if p.Legend {
			p.drawLegend(s)
		}
		return
	}
	p.drawLayer(s, pictures)
	if p.Grid && !p.Hidden {
		p.drawGrid(s)
	}
	for _, l := range []layer{areas, curves, notes} {
		p.drawLayer(s, l)
		if r := p.right; r != nil {
			r.drawLayer(s, l)
		}
	}
	if !p.Hidden {
		p.drawFrame(s)
		p.drawNames(s)
	}
	p.drawTitle(s)
	if p.bar != nil {
		p.bar.draw(s)
	}
	if p.whole != nil {
		p.whole.draw(s)
	}
	if p.Legend {
		p.drawLegend(s)
	}
}

// drawLayer draws the items of one layer.
func (p *panel) drawLayer(s surface, l layer) {
	for i, it := range p.Items {
		if !isNil(it) && it.layer() == l {
			it.draw(p, s, p.format[i])
		}
	}
}

// at returns the place of a value, NaN where it has none.
func (p *panel) at(x, y float64) point {
	return point{p.frame.x0 + p.x.at(x)*p.frame.w(), p.frame.y1 - p.y.at(y)*p.frame.h()}
}

// inside reports whether a place lies in the frame.
func (p *panel) inside(q point) bool {
	const eps = 1e-6
	return q.x >= p.frame.x0-eps && q.x <= p.frame.x1+eps && q.y >= p.frame.y0-eps && q.y <= p.frame.y1+eps
}

// px and py return the places of marks, snapped to pixels, and whether they lie in the frame.
func (p *panel) px(v float64) (float64, bool) {
	t := p.x.at(v)
	return snap(p.frame.x0 + t*p.frame.w()), t > -1e-6 && t < 1+1e-6
}

func (p *panel) py(v float64) (float64, bool) {
	t := p.y.at(v)
	return snap(p.frame.y1 - t*p.frame.h()), t > -1e-6 && t < 1+1e-6
}

func (p *panel) drawGrid(s surface) {
	var lines [][]point
	for _, t := range p.xt.marks {
		if x, ok := p.px(t.v); ok && !t.minor {
			lines = append(lines, []point{{x, p.frame.y0}, {x, p.frame.y1}})
		}
	}
	for _, t := range p.yt.marks {
		if y, ok := p.py(t.v); ok && !t.minor {
			lines = append(lines, []point{{p.frame.x0, y}, {p.frame.x1, y}})
		}
	}
	if len(lines) > 0 {
		s.stroke(pen{gridGray, pixel, solid}, lines...)
	}
}

// alone returns the points that have no neighbour to be joined with.
func alone(p []point) []point {
	var out []point
	ok := func(i int) bool { return i >= 0 && i < len(p) && !math.IsNaN(p[i].x) && !math.IsNaN(p[i].y) }
	for i := range p {
		if ok(i) && !ok(i-1) && !ok(i+1) {
			out = append(out, p[i])
		}
	}
	return out
}

// drawMarkers draws a marker at each place.
func drawMarkers(s surface, marker byte, c color.NRGBA, at []point) {
	if len(at) == 0 {
		return
	}
	const r = 2.6
	var shapes [][]point
	for _, q := range at {
		switch marker {
		case 's':
			shapes = append(shapes, rect{q.x - r, q.y - r, q.x + r, q.y + r}.corners())
		case '^':
			shapes = append(shapes, []point{{q.x, q.y - r}, {q.x + r, q.y + r}, {q.x - r, q.y + r}})
		case 'x':
			shapes = append(shapes, []point{{q.x - r, q.y - r}, {q.x + r, q.y + r}}, []point{{q.x - r, q.y + r}, {q.x + r, q.y - r}})
		case '+':
			shapes = append(shapes, []point{{q.x - r, q.y}, {q.x + r, q.y}}, []point{{q.x, q.y - r}, {q.x, q.y + r}})
		}
	}
	switch marker {
	case 's', '^':
		s.fill(c, shapes...)
	case 'x', '+':
		s.stroke(pen{c, 1, solid}, shapes...)
	case 'o':
		s.dots(c, 6, at)
	default:
		s.dots(c, 3, at)
	}
}
