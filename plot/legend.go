package plot

import (
	"math"
)

// The measures of a legend in points.
const (
	legendInset  = 4.5 // from the frame
	legendPad    = 3.5 // inside its border
	legendHandle = 17.0
	legendGap    = 5.0 // from handle to label
	legendRow    = 1.3 * legendSize
	legendCol    = 9.0 // between columns
)

// entry is one line of a legend.
type entry struct {
	label  string
	item   Item
	format format
}

// entries returns what the legend of a lists.
func (a *Axes) entries(f []format) []entry {
	var out []entry
	for i, it := range a.Items {
		label := ""
		switch it := it.(type) {
		case *Line:
			label = it.Label
		case *Scatter:
			label = it.Label
		case *HLine:
			label = it.Label
		}
		if label != "" {
			out = append(out, entry{label, it, f[i]})
		}
	}
	return out
}

// drawLegend draws the legend where it hides least.
func (p *panel) drawLegend(s surface) {
	list := p.entries(p.format)
	room := rect{p.frame.x0 + legendInset, p.frame.y0 + legendInset, p.frame.x1 - legendInset, p.frame.y1 - legendInset}
	rows := min(len(list), max(1, int((room.h()-2*legendPad)/legendRow)))
	if len(list) == 0 {
		return
	}
	cols := (len(list) + rows - 1) / rows
	rows = (len(list) + cols - 1) / cols
	most := (room.w()-2*legendPad-float64(cols-1)*legendCol)/float64(cols) - legendHandle - legendGap
	if most < legendSize {
		return // no room for a single letter
	}
	widths := make([]float64, cols)
	w := 2*legendPad + float64(cols-1)*legendCol
	for i := range list {
		list[i].label = cut(list[i].label, legendSize, most)
		widths[i/rows] = max(widths[i/rows], legendHandle+legendGap+textWidth(list[i].label, legendSize))
	}
	for _, c := range widths {
		w += c
	}
	box := p.emptiest(room, w, 2*legendPad+float64(rows)*legendRow).snap()
	back := white
	back.A = 0xd8
	s.fill(back, box.corners())
	c := box.corners()
	s.stroke(pen{edgeGray, pixel, solid}, append(c, c[0], c[1]))
	x := box.x0 + legendPad
	for i, e := range list {
		y := box.y0 + legendPad + (float64(i%rows)+0.5)*legendRow
		drawHandle(s, e, x, y)
		s.text(caption{at: point{x + legendHandle + legendGap, y + legendSize*capHeight/2}, text: e.label, size: legendSize})
		if i%rows == rows-1 {
			x += widths[i/rows] + legendCol
		}
	}
}

// drawHandle draws a short piece of an item.
func drawHandle(s surface, e entry, x, y float64) {
	mid := point{x + legendHandle/2, y}
	if it, ok := e.item.(*Scatter); ok {
		s.dots(e.format.color, min(max(it.diameter(), 3), 7), []point{mid})
		return
	}
	if e.format.dash != noLine {
		y = snap(y)
		s.stroke(pen{e.format.color, lineWidth, e.format.dash}, []point{{x, y}, {x + legendHandle, y}})
	}
	if e.format.marker != 0 {
		drawMarkers(s, e.format.marker, e.format.color, []point{mid})
	}
}

// emptiest returns the w x h box in room that the fewest pieces of data cross;
// among equals the order is that of matplotlib's "best".
func (p *panel) emptiest(room rect, w, h float64) rect {
	data := p.samples()
	best, least := rect{}, math.MaxInt
	for _, c := range [9][2]float64{{1, 0}, {0, 0}, {0, 1}, {1, 1}, {1, 0.5}, {0, 0.5}, {0.5, 1}, {0.5, 0}, {0.5, 0.5}} {
		x, y := room.x0+c[0]*(room.w()-w), room.y0+c[1]*(room.h()-h)
		box := rect{x, y, x + w, y + h}
		n := 0
		for _, q := range data {
			if q.x > box.x0-2 && q.x < box.x1+2 && q.y > box.y0-2 && q.y < box.y1+2 {
				n++
			}
		}
		if n < least {
			best, least = box, n
		}
	}
	return best
}

// samples returns places along everything drawn, lines every 2 points.
func (p *panel) samples() []point {
	var out []point
	for i, it := range p.Items {
		switch it := it.(type) {
		case *Line:
			places := make([]point, it.len())
			for i := range places {
				places[i] = p.at(it.x(i), it.Y[i])
			}
			if p.format[i].marker != 0 {
				out = append(out, places...)
			}
			if p.format[i].dash == noLine {
				continue
			}
			out = append(out, alone(places)...)
			for _, l := range clip(places, p.frame) {
				for i := 1; i < len(l); i++ {
					a, b := l[i-1], l[i]
					n := int(math.Hypot(b.x-a.x, b.y-a.y)/2) + 1
					for k := range n {
						t := float64(k) / float64(n)
						out = append(out, point{a.x + t*(b.x-a.x), a.y + t*(b.y-a.y)})
					}
				}
			}
		case *Scatter:
			for i := range min(len(it.X), len(it.Y)) {
				out = append(out, p.at(it.X[i], it.Y[i]))
			}
		case *HLine:
			y := p.frame.y1 - p.y.at(it.Y)*p.frame.h()
			for x := p.frame.x0; x < p.frame.x1; x += 2 {
				out = append(out, point{x, y})
			}
		}
	}
	return out
}
