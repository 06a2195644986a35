package plot

import (
	"fmt"
	"image/color"
)

// ErrorBar draws (X[i], Y[i]) with a bar from Y[i]-Low[i] to Y[i]+High[i], and
// from X[i]-XErr[i] to X[i]+XErr[i]. A nil High is Low; a nil X means 0, 1, 2 and so on.
type ErrorBar struct {
	X, Y            []float64
	Low, High, XErr []float64
	Label           string
	Format          string // as for Line; "" means "o"
}

func (it *ErrorBar) name() (kind, label string) { return "ErrorBar", it.Label }
func (it *ErrorBar) about() string              { return "points with error bars" }
func (it *ErrorBar) layer() layer               { return curves }

func (it *ErrorBar) line() *Line {
	return &Line{X: it.X, Y: it.Y, Label: it.Label, Format: it.format()}
}

func (it *ErrorBar) format() string {
	if it.Format == "" {
		return "o"
	}
	return it.Format
}

func (it *ErrorBar) style(take func() color.NRGBA) format { return it.line().style(take) }

func (it *ErrorBar) check() error {
	for _, e := range []struct {
		name string
		v    []float64
	}{{"Low", it.Low}, {"High", it.High}, {"XErr", it.XErr}} {
		if e.v != nil && len(e.v) != len(it.Y) {
			return fmt.Errorf("has %d Y and %d %s", len(it.Y), len(e.v), e.name)
		}
		for i, v := range e.v {
			if v < 0 {
				return fmt.Errorf("%s[%d] is %v: an error has no sign", e.name, i, v)
			}
		}
	}
	return it.line().check()
}

// bounds returns the ends of the bars of point i.
func (it *ErrorBar) bounds(i int) (x0, x1, y0, y1 float64) {
	get := func(v []float64) float64 {
		if i < len(v) {
			return v[i]
		}
		return 0
	}
	low, high, x := get(it.Low), get(it.High), it.line().x(i)
	if it.High == nil {
		high = low
	}
	return x - get(it.XErr), x + get(it.XErr), it.Y[i] - low, it.Y[i] + high
}

func (it *ErrorBar) reach(r *reach) {
	for i := range it.line().len() {
		x0, x1, y0, y1 := it.bounds(i)
		r.point(x0, y0)
		r.point(x1, y1)
	}
}

func (it *ErrorBar) draw(p *panel, s surface, f format) {
	const c = 2.5 // half the width of a cap
	var lines [][]point
	add := func(a, b point) { lines = append(lines, clip([]point{a, b}, p.frame)...) }
	l := it.line()
	for i := range l.len() {
		x0, x1, y0, y1 := it.bounds(i)
		if it.Low != nil || it.High != nil {
			a, b := p.at(l.x(i), y0), p.at(l.x(i), y1)
			add(a, b)
			add(point{a.x - c, a.y}, point{a.x + c, a.y})
			add(point{b.x - c, b.y}, point{b.x + c, b.y})
		}
		if it.XErr != nil {
			a, b := p.at(x0, it.Y[i]), p.at(x1, it.Y[i])
			add(a, b)
			add(point{a.x, a.y - c}, point{a.x, a.y + c})
			add(point{b.x, b.y - c}, point{b.x, b.y + c})
		}
	}
	if len(lines) > 0 {
		s.stroke(pen{f.color, 1.1, solid}, lines...)
	}
	l.draw(p, s, f)
}

func (it *ErrorBar) entries(f format) []entry { return it.line().entries(f) }
