package plot

import (
	"image"
	"image/color"
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
	format format                        // how text shows the handle
	draw   func(s surface, x, y float64) // draws the handle from (x, y) to the right
}

// entries returns what the legend of a lists.
func (a *Axes) entries(f []format) []entry {
	var out []entry
	for i, it := range a.Items {
		if !isNil(it) {
			out = append(out, it.entries(f[i])...)
		}
	}
	return out
}

// drawLegend draws the legend where it hides least.
func (p *panel) drawLegend(s surface) {
	list := p.entries(p.format)
	if p.right != nil {
		list = append(list, p.right.entries(p.right.format)...)
	}
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
	back := paper
	back.A = 0xd8
	s.fill(back, box.corners())
	c := box.corners()
	s.stroke(pen{edgeGray, pixel, solid}, append(c, c[0], c[1]))
	x := box.x0 + legendPad
	for i, e := range list {
		y := box.y0 + legendPad + (float64(i%rows)+0.5)*legendRow
		e.draw(s, x, y)
		s.text(caption{at: point{x + legendHandle + legendGap, y + legendSize*capHeight/2}, text: e.label, size: legendSize})
		if i%rows == rows-1 {
			x += widths[i/rows] + legendCol
		}
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
	var out collector
	out.frame = p.frame
	for _, q := range []*panel{p, p.right} {
		if q == nil {
			continue
		}
		for _, l := range []layer{areas, curves, notes} {
			q.drawLayer(&out, l)
		}
	}
	return out.at
}

// collector is a surface that keeps places along what is drawn on it.
type collector struct {
	frame rect
	at    []point
}

func (c *collector) along(a, b point) {
	n := int(math.Hypot(b.x-a.x, b.y-a.y)/2) + 1
	for k := range n {
		t := float64(k) / float64(n)
		c.at = append(c.at, point{a.x + t*(b.x-a.x), a.y + t*(b.y-a.y)})
	}
}

func (c *collector) stroke(_ pen, lines ...[]point) {
	for _, l := range lines {
		for i := 1; i < len(l); i++ {
			c.along(l[i-1], l[i])
		}
	}
}

// fill counts the edge and, every few points, the inside.
func (c *collector) fill(_ color.NRGBA, polygons ...[]point) {
	const step = 4
	for _, l := range polygons {
		var coarse []point
		for i, q := range l {
			c.along(q, l[(i+1)%len(l)])
			coarse = append(coarse, point{q.x / step, q.y / step})
		}
		scan(coarse, func(x, y int) { c.at = append(c.at, point{float64(x) * step, float64(y) * step}) })
	}
}

func (c *collector) dots(_ color.NRGBA, _ float64, at []point) { c.at = append(c.at, at...) }
func (c *collector) image(rect, image.Image)                   {}

func (c *collector) text(t caption) {
	w := textWidth(t.text, t.size)
	x := t.at.x - w*[...]float64{start: 0, middle: 0.5, end: 1}[t.anchor]
	c.along(point{x, t.at.y - t.size/2}, point{x + w, t.at.y - t.size/2})
}
