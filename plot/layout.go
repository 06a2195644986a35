package plot

import (
	"math"
	"slices"
	"strconv"
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
			p := f.newPanel(a, shared)
			p.cell, p.common = cell(i, j), whole
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
	evenOut(panels, byRow, byCol)
	for k, p := range panels {
		r, c := byRow[places[k].i], byCol[places[k].j]
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

// evenOut gives all rows and columns the same margins if all panels are square,
// so that pictures of one size are drawn in one size.
func evenOut(panels []*panel, byRow, byCol []margins) {
	var most margins
	for _, p := range panels {
		if !p.square() {
			return
		}
	}
	for _, m := range append(slices.Clone(byRow), byCol...) {
		most.atLeast(m)
	}
	for i := range byRow {
		byRow[i] = most
	}
	for i := range byCol {
		byCol[i] = most
	}
}

// newPanel returns a panel with its axes, not yet placed.
func (f *Figure) newPanel(a *Axes, shared limits) *panel {
	p := &panel{Axes: a, format: a.styles()}
	p.x, p.y = shared.apply(a.axes())
	if r := a.Right; r != nil {
		p.right = &panel{Axes: r, format: r.styles()}
		_, p.right.y = r.axes()
		p.right.x = p.x
	}
	if a.ColorBar {
		p.bar = newBar(a)
	}
	p.solid = a.solids()
	return p
}

// limits are the axes that all panels share, if they do.
type limits struct {
	x, y       axis
	hasX, hasY bool
}

// shared returns the limits that hold all axes of f.
func (f *Figure) shared() (l limits) {
	join := func(a, b axis) axis {
		if a.lo > a.hi {
			return axis{max(a.lo, b.lo, b.hi), min(a.hi, b.lo, b.hi), a.log}
		}
		return axis{min(a.lo, b.lo, b.hi), max(a.hi, b.lo, b.hi), a.log}
	}
	first := true
	for _, a := range f.Axes {
		if a == nil || !f.ShareX && !f.ShareY {
			continue
		}
		x, y := a.axes()
		if first {
			l, first = limits{x, y, f.ShareX, f.ShareY}, false
			continue
		}
		l.hasX = l.hasX && x.log == l.x.log
		l.hasY = l.hasY && y.log == l.y.log
		l.x, l.y = join(l.x, x), join(l.y, y)
	}
	return l
}

func (l limits) apply(x, y axis) (axis, axis) {
	if l.hasX {
		x = l.x
	}
	if l.hasY {
		y = l.y
	}
	return x, y
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
	if p.bar != nil {
		r.x1 -= p.bar.width() + barGap
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

// marks chooses the ticks for the present frame.
func (p *panel) marks() {
	if p.Hidden {
		return
	}
	if p.right != nil {
		p.right.marks()
	}
	p.xt = ticksFor(p.x, 9, func(t []tick) bool {
		for i := 1; i < len(t); i++ {
			apart := math.Abs(p.x.at(t[i].v)-p.x.at(t[i-1].v)) * p.frame.w()
			if p.XRotate {
				if apart < 1.8*tickSize {
					return false
				}
				continue
			}
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
	p.xt, p.yt = own(p.xt, p.xTicks(), p.x), own(p.yt, p.yTicks(), p.y)
	if p.bareX {
		p.xt = bare(p.xt)
	}
	if p.bareY {
		p.yt = bare(p.yt)
	}
}

// own returns the ticks that the caller chose, or t.
func own(t ticks, list []Tick, s axis) ticks {
	if list == nil {
		return t
	}
	t = ticks{}
	for _, k := range list {
		if p := s.at(k.At); p >= -1e-9 && p <= 1+1e-9 {
			label := strings.TrimSpace(k.Label)
			if k.Label == "" {
				label = strconv.FormatFloat(k.At, 'g', 6, 64)
			}
			t.marks = append(t.marks, tick{v: k.At, label: label})
		}
	}
	return t
}

// bare returns t without labels.
func bare(t ticks) ticks {
	out := ticks{marks: slices.Clone(t.marks)}
	for i := range out.marks {
		out.marks[i].label, out.marks[i].sup = "", ""
	}
	return out
}

// below returns the room that marks need below the frame.
func (p *panel) below() float64 {
	if p.bareX {
		return tickLen + 1
	}
	h := tickSize * capHeight
	if p.XRotate {
		for _, t := range p.xt.marks {
			h = max(h, (tickWidth(t)*math.Sin(slant*math.Pi/180) + tickSize*0.7))
		}
	}
	return tickLen + tickPad + h + 1
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
	if p.Hidden || p.solid != nil {
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
	m.bottom = p.below()
	for _, t := range p.yt.marks {
		m.left = max(m.left, tickLen+tickPad+tickWidth(t))
	}
	for _, t := range p.xt.marks {
		x, half := p.x.at(t.v)*p.frame.w(), tickWidth(t)/2
		if p.XRotate {
			m.left = max(m.left, tickWidth(t)*math.Cos(slant*math.Pi/180)-x)
			continue
		}
		m.left = max(m.left, half-x)
		m.right = max(m.right, x+half-p.frame.w())
	}
	if p.right != nil {
		right := 0.0
		for _, t := range p.right.yt.marks {
			right = max(right, tickLen+tickPad+tickWidth(t))
		}
		if p.right.YLabel != "" {
			right += labelPad + 1 + labelSize*(capHeight+descent)
		}
		m.right = max(m.right, right+1)
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
