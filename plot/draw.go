package plot

import (
	"image/color"
	"math"
)

var (
	black    = rgb(0x000000)
	white    = rgb(0xffffff)
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
	for _, it := range p.Items {
		if im, ok := it.(*Image); ok {
			p.drawImage(s, im)
		}
	}
	if p.Grid && !p.Hidden {
		p.drawGrid(s)
	}
	for i, it := range p.Items {
		switch it := it.(type) {
		case *Line:
			p.drawLine(s, it, p.format[i])
		case *Scatter:
			p.drawScatter(s, it, p.format[i])
		case *HLine:
			if y := p.y.at(it.Y); y >= 0 && y <= 1 {
				v := p.frame.y1 - y*p.frame.h()
				s.stroke(pen{p.format[i].color, lineWidth, p.format[i].dash}, []point{{p.frame.x0, v}, {p.frame.x1, v}})
			}
		}
	}
	if !p.Hidden {
		p.drawFrame(s)
		p.drawNames(s)
	}
	p.drawTitle(s)
	if p.Legend {
		p.drawLegend(s)
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

// drawFrame draws the frame, its ticks and their labels.
func (p *panel) drawFrame(s surface) {
	f := p.frame
	var major, minor [][]point
	add := func(t tick, from point, dx, dy float64) {
		if t.minor {
			minor = append(minor, []point{from, {from.x + 0.6*dx, from.y + 0.6*dy}})
		} else {
			major = append(major, []point{from, {from.x + dx, from.y + dy}})
		}
	}
	for _, t := range p.xt.marks {
		if x, ok := p.px(t.v); ok {
			add(t, point{x, f.y1}, 0, tickLen)
			drawTick(s, t, point{x - tickWidth(t)/2, f.y1 + tickLen + tickPad + tickSize*capHeight}, middle)
		}
	}
	for _, t := range p.yt.marks {
		if y, ok := p.py(t.v); ok {
			add(t, point{f.x0, y}, -tickLen, 0)
			drawTick(s, t, point{f.x0 - tickLen - tickPad - tickWidth(t), y + tickSize*capHeight/2}, end)
		}
	}
	c := f.corners()
	s.stroke(pen{black, pixel, solid}, append(major, append(c, c[0], c[1]))...)
	if len(minor) > 0 {
		s.stroke(pen{black, 0.5, solid}, minor...)
	}
	if n := p.yt.note; n != "" {
		s.text(caption{at: point{f.x0, f.y0 - 3}, text: minus(n), size: tickSize})
	}
	if n := p.xt.note; n != "" {
		y := f.y1 + tickLen + tickPad + 2*tickSize*capHeight + 4
		s.text(caption{at: point{f.x1, y}, text: minus(n), size: tickSize, anchor: end})
	}
}

// drawTick writes a label whose left end is at q; a is the side that must stay
// in place where another font is wider.
func drawTick(s surface, t tick, q point, a anchor) {
	if t.minor {
		return
	}
	label, sup := minus(t.label), minus(t.sup)
	if sup == "" {
		q.x += tickWidth(t) * [...]float64{start: 0, middle: 0.5, end: 1}[a]
		s.text(caption{at: q, text: label, size: tickSize, anchor: a})
		return
	}
	s.text(caption{at: q, text: label, size: tickSize})
	q.x += textWidth(label, tickSize)
	q.y -= 0.38 * tickSize
	s.text(caption{at: q, text: sup, size: supSize})
}

// drawNames writes the names of the axes.
func (p *panel) drawNames(s surface) {
	f := p.frame
	if p.XLabel != "" {
		text, size := shrink(p.XLabel, labelSize, p.cell.w())
		q := point{(f.x0 + f.x1) / 2, f.y1 + tickLen + tickPad + tickSize*capHeight + labelPad + 1 + labelSize*capHeight}
		q.x = within(q.x, textWidth(text, size), p.cell.x0, p.cell.x1)
		s.text(caption{at: q, text: text, size: size, anchor: middle})
	}
	if p.YLabel != "" {
		top, bottom := p.cell.y0, p.cell.y1
		if p.Title != "" {
			top = f.y0
		}
		if p.XLabel != "" {
			bottom = f.y1 + tickLen + tickPad + tickSize*capHeight
		}
		text, size := shrink(p.YLabel, labelSize, bottom-top)
		left := f.x0
		for _, t := range p.yt.marks {
			left = min(left, f.x0-tickLen-tickPad-tickWidth(t))
		}
		q := point{left - labelPad - labelSize*descent, (f.y0 + f.y1) / 2}
		q.y = within(q.y, textWidth(text, size), top, bottom)
		s.text(caption{at: q, text: text, size: size, anchor: middle, upright: true})
	}
}

// within moves the middle of something w wide so that it stays in [lo, hi].
func within(mid, w, lo, hi float64) float64 {
	return max(min(mid, hi-w/2), lo+w/2)
}

// drawTitle writes the title above the frame.
func (p *panel) drawTitle(s surface) {
	if p.Title == "" {
		return
	}
	lines := p.titleLines()
	y := p.frame.y0 - titlePad
	if p.yt.note != "" && !p.Hidden {
		y -= tickSize + 2
	}
	for i, l := range lines {
		text, size := shrink(l, titleSize, p.cell.w())
		if text == "" {
			continue
		}
		q := point{(p.frame.x0 + p.frame.x1) / 2, y - float64(len(lines)-1-i)*leading*titleSize}
		q.x = within(q.x, textWidth(text, size), p.cell.x0, p.cell.x1)
		s.text(caption{at: q, text: text, size: size, anchor: middle})
	}
}

// lineWidth is the width of a curve in points.
const lineWidth = 1.5

// drawLine draws a curve, cut at the frame.
func (p *panel) drawLine(s surface, l *Line, f format) {
	places := make([]point, l.len())
	for i := range places {
		places[i] = p.at(l.x(i), l.Y[i])
	}
	if f.dash != noLine {
		if lines := clip(places, p.frame); len(lines) > 0 {
			s.stroke(pen{f.color, lineWidth, f.dash}, lines...)
		}
	}
	at := places
	if f.marker == 0 {
		at = alone(places)
	}
	var in []point
	for _, q := range at {
		if p.inside(q) {
			in = append(in, q)
		}
	}
	drawMarkers(s, f.marker, f.color, in)
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

// drawScatter draws the dots whose centres lie in the frame.
func (p *panel) drawScatter(s surface, it *Scatter, f format) {
	var at []point
	for i := range min(len(it.X), len(it.Y)) {
		if q := p.at(it.X[i], it.Y[i]); p.inside(q) {
			at = append(at, q)
		}
	}
	if len(at) > 0 {
		s.dots(f.color, it.diameter(), at)
	}
}

// diameter returns the size of the dots.
func (s *Scatter) diameter() float64 {
	if s.Size == 0 {
		return 6
	}
	return s.Size
}
