package plot

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
			if p.XRotate && !t.minor {
				s.text(caption{at: point{x + 0.3*tickSize, f.y1 + tickLen + tickPad + tickSize*0.6}, text: t.shown(),
					size: tickSize, anchor: end, angle: slant})
				continue
			}
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
	s.stroke(pen{ink, pixel, solid}, append(major, append(c, c[0], c[1]))...)
	if len(minor) > 0 {
		s.stroke(pen{ink, 0.5, solid}, minor...)
	}
	if r := p.right; r != nil {
		r.drawRight(s)
	}
	if n := p.yt.note; n != "" {
		s.text(caption{at: point{f.x0, f.y0 - 3}, text: minus(n), size: tickSize})
	}
	if n := p.xt.note; n != "" {
		y := f.y1 + tickLen + tickPad + 2*tickSize*capHeight + 4
		s.text(caption{at: point{f.x1, y}, text: minus(n), size: tickSize, anchor: end})
	}
}

// drawRight draws the marks and the name of a vertical axis on the right.
func (p *panel) drawRight(s surface) {
	f := p.frame
	var lines [][]point
	right := f.x1
	for _, t := range p.yt.marks {
		y, ok := p.py(t.v)
		if !ok {
			continue
		}
		lines = append(lines, []point{{f.x1, y}, {f.x1 + tickLen, y}})
		drawTick(s, t, point{f.x1 + tickLen + tickPad, y + tickSize*capHeight/2}, start)
		right = max(right, f.x1+tickLen+tickPad+tickWidth(t))
	}
	if len(lines) > 0 {
		s.stroke(pen{ink, pixel, solid}, lines...)
	}
	if p.YLabel != "" {
		text, size := shrink(p.YLabel, labelSize, p.cell.h())
		q := point{right + labelPad + 1 + labelSize*capHeight, (f.y0 + f.y1) / 2}
		s.text(caption{at: q, text: text, size: size, anchor: middle, angle: 90})
	}
}

// drawTick writes a label whose left end is at q; a is the side that must stay
// in place where another font is wider.
func drawTick(s surface, t tick, q point, a anchor) {
	if t.minor {
		return
	}
	label, sup := t.shown(), minus(t.sup)
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
		q := point{(f.x0 + f.x1) / 2, f.y1 + p.below() + labelPad + labelSize*capHeight}
		q.x = within(q.x, textWidth(text, size), p.cell.x0, p.cell.x1)
		s.text(caption{at: q, text: text, size: size, anchor: middle})
	}
	if p.YLabel != "" {
		top, bottom := p.cell.y0, p.cell.y1
		if p.Title != "" {
			top = f.y0
		}
		if p.XLabel != "" {
			bottom = f.y1 + p.below()
		}
		text, size := shrink(p.YLabel, labelSize, bottom-top)
		left := f.x0
		for _, t := range p.yt.marks {
			left = min(left, f.x0-tickLen-tickPad-tickWidth(t))
		}
		q := point{left - labelPad - labelSize*descent, (f.y0 + f.y1) / 2}
		q.y = within(q.y, textWidth(text, size), top, bottom)
		s.text(caption{at: q, text: text, size: size, anchor: middle, angle: 90})
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
