package plot

import (
	"math"
	"strings"
)

// The distances of the layout in points.
const (
	outerPad = 3.0 // around the figure
	cellGap  = 7.0 // between neighbours of a grid
	tickLen  = 3.0
	tickPad  = 2.5 // between a tick and its label
	labelPad = 3.0 // between tick labels and the name of an axis
	titlePad = 4.0
)

// margins is the room around a frame.
type margins struct{ left, right, top, bottom float64 }

func (m *margins) atLeast(o margins) {
	m.left, m.right = max(m.left, o.left), max(m.right, o.right)
	m.top, m.bottom = max(m.top, o.top), max(m.bottom, o.bottom)
}

// panel is one of a figure's axes with its place and marks.
type panel struct {
	*Axes
	cell, frame rect
	x, y        axis
	xt, yt      ticks
	format      []format
}

// layout places the axes of f on w x h points. Frames in a row share top and
// bottom, frames in a column left and right.
func (f *Figure) layout(w, h float64) []*panel {
	rows, cols := f.grid()
	var panels []*panel
	byRow, byCol := make([]margins, rows), make([]margins, cols)
	cell := func(i, j int) rect {
		cw := (w - 2*outerPad - cellGap*float64(cols-1)) / float64(cols)
		ch := (h - 2*outerPad - cellGap*float64(rows-1)) / float64(rows)
		x, y := outerPad+float64(j)*(cw+cellGap), outerPad+float64(i)*(ch+cellGap)
		return rect{x, y, x + cw, y + ch}
	}
	type place struct{ i, j int }
	var places []place
	for i := range rows {
		for j := range cols {
			a := f.at(i, j)
			if a == nil {
				continue
			}
			p := &panel{Axes: a, cell: cell(i, j), format: a.styles()}
			p.x, p.y = a.axes()
			// Marks depend on the frame and the frame on the width of the
			// marks' labels: two rounds settle it.
			m := margins{left: 30, right: 5, top: 5, bottom: 20}
			for range 2 {
				p.place(m)
				p.marks()
				m = p.margins()
			}
			byRow[i].atLeast(margins{top: m.top, bottom: m.bottom})
			byCol[j].atLeast(margins{left: m.left, right: m.right})
			panels, places = append(panels, p), append(places, place{i, j})
		}
	}
	for k, p := range panels {
		r, c := byRow[places[k].i], byCol[places[k].j]
		p.place(margins{c.left, c.right, r.top, r.bottom})
		p.marks()
	}
	return panels
}

// place sets the frame to what m leaves of the cell, square for the cells of a picture.
func (p *panel) place(m margins) {
	least := 6.0
	r := rect{p.cell.x0 + m.left, p.cell.y0 + m.top, p.cell.x1 - m.right, p.cell.y1 - m.bottom}
	if r.w() < least {
		r.x0, r.x1 = p.cell.x0, max(p.cell.x1, p.cell.x0+least)
	}
	if r.h() < least {
		r.y0, r.y1 = p.cell.y0, max(p.cell.y1, p.cell.y0+least)
	}
	if p.image() != nil && !p.x.log && !p.y.log {
		aspect := math.Abs(p.x.hi-p.x.lo) / math.Abs(p.y.hi-p.y.lo)
		aspect = min(max(aspect, 0.05), 20)
		if d := r.w() - r.h()*aspect; d > 0 {
			r.x0, r.x1 = r.x0+d/2, r.x1-d/2
		} else {
			d = r.h() - r.w()/aspect
			r.y0, r.y1 = r.y0+d/2, r.y1-d/2
		}
	}
	p.frame = r.snap()
}

// marks chooses the ticks for the present frame.
func (p *panel) marks() {
	if p.Hidden {
		return
	}
	p.xt = ticksFor(p.x, 9, func(t []tick) bool {
		for i := 1; i < len(t); i++ {
			apart := math.Abs(p.x.at(t[i].v)-p.x.at(t[i-1].v)) * p.frame.w()
			if apart < (tickWidth(t[i])+tickWidth(t[i-1]))/2+6 {
				return false
			}
		}
		return true
	})
	p.yt = ticksFor(p.y, 9, func(t []tick) bool {
		for i := 1; i < len(t); i++ {
			if math.Abs(p.y.at(t[i].v)-p.y.at(t[i-1].v))*p.frame.h() < 1.7*tickSize {
				return false
			}
		}
		return true
	})
	if p.image() != nil { // half a cell is no place
		p.xt.marks, p.yt.marks = integers(p.xt.marks), integers(p.yt.marks)
	}
}

// integers returns the marks at integers.
func integers(marks []tick) []tick {
	var out []tick
	for _, t := range marks {
		if t.v == math.Trunc(t.v) {
			out = append(out, t)
		}
	}
	return out
}

// margins returns the room that the present marks and names need.
func (p *panel) margins() margins {
	var m margins
	if p.Title != "" {
		n := float64(len(p.titleLines()))
		m.top = titlePad + (n-1)*leading*titleSize + capHeight*titleSize + 1
	}
	if p.Hidden {
		return m
	}
	m.top = max(m.top, tickSize*capHeight/2)
	if p.yt.note != "" {
		m.top = max(m.top, tickSize+3)
		if p.Title != "" {
			m.top += tickSize + 2
		}
	}
	m.left, m.right = 2, 2
	m.bottom = tickLen + tickPad + tickSize*capHeight + 1
	for _, t := range p.yt.marks {
		m.left = max(m.left, tickLen+tickPad+tickWidth(t))
	}
	for _, t := range p.xt.marks {
		x, half := p.x.at(t.v)*p.frame.w(), tickWidth(t)/2
		m.left = max(m.left, half-x)
		m.right = max(m.right, x+half-p.frame.w())
	}
	if p.YLabel != "" {
		m.left += labelPad + labelSize*(capHeight+descent)
	}
	if p.XLabel != "" {
		m.bottom += labelPad + labelSize*(capHeight+descent)
	}
	if p.xt.note != "" && p.XLabel == "" {
		m.bottom += tickSize + 1
	}
	return m
}

// titleLines returns the title line by line.
func (p *panel) titleLines() []string { return strings.Split(p.Title, "\n") }

// tickWidth returns the width of a label.
func tickWidth(t tick) float64 {
	if t.minor {
		return 0
	}
	return textWidth(minus(t.label), tickSize) + textWidth(minus(t.sup), supSize)
}

// supSize is the size of raised exponents.
const supSize = 0.72 * tickSize

// minus replaces hyphens by minus signs.
func minus(s string) string { return strings.ReplaceAll(s, "-", "\u2212") }
