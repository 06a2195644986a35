package plot

import (
	"fmt"
	"image/color"
	"math"
)

// Rect is a rectangle with a label on its upper left corner: the bounding box
// of an object, in the units of the axes (pixels of an [Image]).
type Rect struct {
	X0, Y0, X1, Y1 float64
	Text           string
	Color          string  // as for Scatter
	Alpha          float64 // opacity of its inside; zero leaves it empty
}

// Polygon is a closed area with the corners (X[i], Y[i]): a set in the plane.
type Polygon struct {
	X, Y  []float64
	Label string
	Color string  // as for Scatter
	Alpha float64 // opacity of its inside in (0, 1]; zero means 0.25
}

func (r *Rect) name() (kind, label string)           { return "Rect", r.Text }
func (r *Rect) about() string                        { return "" }
func (r *Rect) layer() layer                         { return notes }
func (r *Rect) entries(format) []entry               { return nil }
func (r *Rect) style(take func() color.NRGBA) format { return colored(r.Color, take) }

func (r *Rect) check() error {
	for _, v := range []float64{r.X0, r.Y0, r.X1, r.Y1} {
		if math.IsNaN(v) {
			return fmt.Errorf("has a corner that is no number: (%v, %v), (%v, %v)", r.X0, r.Y0, r.X1, r.Y1)
		}
	}
	if err := checkAlpha(r.Alpha); err != nil {
		return err
	}
	return checkColor(r.Color)
}

func (r *Rect) reach(m *reach) {
	m.point(r.X0, r.Y0)
	m.point(r.X1, r.Y1)
}

func (r *Rect) draw(p *panel, s surface, f format) {
	corners := []point{p.at(r.X0, r.Y0), p.at(r.X1, r.Y0), p.at(r.X1, r.Y1), p.at(r.X0, r.Y1)}
	for _, q := range corners {
		if !finite(q) {
			return
		}
	}
	if r.Alpha > 0 {
		if area := clipArea(corners, p.frame); len(area) > 2 {
			s.fill(faded(f.color, r.Alpha), area)
		}
	}
	lines := clip(append(corners, corners[0], corners[1]), p.frame)
	if len(lines) > 0 {
		s.stroke(pen{f.color, 1.6, solid}, lines...)
	}
	if r.Text == "" {
		return
	}
	const size = 7.5
	q := point{min(corners[0].x, corners[2].x), min(corners[0].y, corners[2].y)}
	if !p.inside(q) {
		q = p.frame.nearest(q)
	}
	w := textWidth(r.Text, size) + 4
	h := size*capHeight + 4
	b := rect{q.x - 0.8, q.y, q.x - 0.8 + w, q.y + h}
	if q.y-h > p.frame.y0 { // above the box where there is room
		b.y0, b.y1 = q.y-h, q.y
	}
	s.fill(f.color, b.corners())
	s.text(caption{at: point{b.x0 + 2, b.y1 - 2}, text: r.Text, size: size, color: labelOn(f.color)})
}

// labelOn returns the colour of letters on a colour that may turn in the dark:
// paper, which turns with it, or a fixed one.
func labelOn(c color.NRGBA) color.NRGBA {
	if night(c) != c {
		return paper
	}
	return onColor(c)
}

func (g *Polygon) name() (kind, label string)           { return "Polygon", g.Label }
func (g *Polygon) about() string                        { return "polygon" }
func (g *Polygon) layer() layer                         { return areas }
func (g *Polygon) style(take func() color.NRGBA) format { return colored(g.Color, take) }
func (g *Polygon) line() *Line                          { return &Line{X: g.X, Y: g.Y} }
func (g *Polygon) reach(r *reach)                       { g.line().reach(r) }

func (g *Polygon) check() error {
	if len(g.X) != len(g.Y) {
		return fmt.Errorf("has %d X and %d Y", len(g.X), len(g.Y))
	}
	if err := checkAlpha(g.Alpha); err != nil {
		return err
	}
	return checkColor(g.Color)
}

func (g *Polygon) draw(p *panel, s surface, f format) {
	if len(g.X) == 0 || len(g.X) != len(g.Y) {
		return
	}
	at := g.line().places(p.at)
	for _, q := range at {
		if !finite(q) {
			return
		}
	}
	if area := clipArea(at, p.frame); len(area) > 2 {
		s.fill(faded(f.color, orElse(g.Alpha, 0.25)), area)
	}
	if edge := clip(append(at, at[0]), p.frame); len(edge) > 0 {
		s.stroke(pen{f.color, lineWidth, solid}, edge...)
	}
}

func (g *Polygon) entries(f format) []entry {
	return withFormat(one(g.Label, swatch(faded(f.color, orElse(g.Alpha, 0.25)))), f)
}
