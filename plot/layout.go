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
	right       *panel // the axes on the right, in the same frame
	bar         *bar   // the colour bar, nil for none
	solid       *solidView
	bareX       bool // no labels below: another frame has them
	bareY       bool
	whole       *bar // the colour bar of the figure, drawn with its first panel
	common      *bar // the colour bar of the figure, whose limits pictures take
}

// slant is the angle of slanting labels.
const slant = 35.0

// layout places the axes of f on w x h points. Frames in a row share top and
// bottom, frames in a column left and right.
func (f *Figure) layout(w, h float64) []*panel {
	rows, cols := f.grid()
	var whole *bar
	if f.ColorBar {
		if whole = f.newBar(); whole != nil {
			whole.right = w - outerPad
			w -= whole.width() + cellGap
		}
	}
	shared := f.shared()
	var panels []*panel
	byRow, byCol := make([]margins, rows), make([]margins, cols)
	xs, ys := tracksOf(w, byCol, horizontal), tracksOf(h, byRow, vertical)
	type place struct{ i, j int }
	var places []place
	for i := range rows {
		for j := range cols {
			a := f.at(i, j)
			if a == nil {
				continue
			}
			p := f.newPanel(a, shared)
			p.cell, p.common = rect{xs[j].from, ys[i].from, xs[j].to, ys[i].to}, whole
			p.bareX = f.ShareX && f.at(i+1, j) != nil && i+1 < rows
			p.bareY = f.ShareY && j > 0 && f.at(i, j-1) != nil
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
	xs, ys = tracksOf(w, byCol, horizontal), tracksOf(h, byRow, vertical)
	for k, p := range panels {
		i, j := places[k].i, places[k].j
		r, c := byRow[i], byCol[j]
		p.cell = rect{xs[j].from, ys[i].from, xs[j].to, ys[i].to}
		p.place(margins{c.left, c.right, r.top, r.bottom})
		p.marks()
	}
	if whole != nil && len(panels) > 0 {
		top, bottom := panels[0].frame.y0, panels[0].frame.y1
		for _, p := range panels {
			top, bottom = min(top, p.frame.y0), max(bottom, p.frame.y1)
		}
		whole.frame = rect{whole.right - whole.width(), top, whole.right - whole.width() + barWidth, bottom}
		panels[0].whole = whole
	}
	return panels
}

// track is the room of a row or column of the grid.
type track struct{ from, to float64 }

// tracksOf divides a side among rows or columns such that all frames are of
// one size, whatever their margins.
func tracksOf(side float64, m []margins, along func(margins) float64) []track {
	n := float64(len(m))
	free := side - 2*outerPad - cellGap*(n-1)
	frames := free
	for _, k := range m {
		frames -= along(k)
	}
	const least = 12
	out, at := make([]track, len(m)), outerPad
	for i, k := range m {
		size := along(k) + frames/n
		if frames/n < least {
			size = free / n
		}
		out[i] = track{at, at + size}
		at += size + cellGap
	}
	return out
}

func horizontal(m margins) float64 { return m.left + m.right }
func vertical(m margins) float64   { return m.top + m.bottom }

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
	if p.square() && !p.x.log && !p.y.log {
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
	if p.right != nil {
		p.right.frame, p.right.cell = p.frame, p.cell
	}
	if p.bar != nil {
		p.bar.frame = rect{r.x1 + barGap, r.y0, r.x1 + barGap + barWidth, r.y1}.snap()
	}
}

// square reports whether a unit is as long on both axes.
func (p *panel) square() bool {
	im := p.image()
	return p.Equal || im != nil && !im.Free
}

// titleLines returns the title line by line.
func (p *panel) titleLines() []string { return strings.Split(p.Title, "\n") }

// tickWidth returns the width of a label.
func tickWidth(t tick) float64 {
	if t.minor {
		return 0
	}
	return textWidth(t.shown(), tickSize) + textWidth(minus(t.sup), supSize)
}

// supSize is the size of raised exponents.
const supSize = 0.72 * tickSize

// minus replaces hyphens by minus signs.
func minus(s string) string { return strings.ReplaceAll(s, "-", "\u2212") }
