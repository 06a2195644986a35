package plot

import (
	"fmt"
	"image/color"
)

// Line is a polyline through (X[i], Y[i]); NaN breaks it. A nil X means 0, 1,
// 2 and so on. A point without neighbours is drawn as a dot.
//
// Format is a matplotlib format string such as "-", "m--", "g-." or "r:": a
// colour (one of "bgrcmykw" or "C0" to "C9"), a line style ("-", "--", "-.",
// ":") and a marker ("o", ".", "s", "^", "x", "+"), each optional and in any
// order. Without a colour the line takes the next of the cycle; a marker
// without a line style draws no line.
type Line struct {
	X, Y   []float64
	Label  string
	Format string
	Width  float64 // points; zero means 1.5
	Step   bool    // Y[i] holds from X[i] to X[i+1], as for a cumulative distribution
}

func (l *Line) name() (kind, label string) { return "Line", l.Label }
func (l *Line) about() string              { return "line plot" }
func (l *Line) layer() layer               { return curves }

func (l *Line) check() error {
	if l.X != nil && len(l.X) != len(l.Y) {
		return fmt.Errorf("has %d X and %d Y", len(l.X), len(l.Y))
	}
	if err := checkWidth(l.Width); err != nil {
		return err
	}
	_, err := parseFormat(l.Format)
	return err
}

// checkWidth says whether a width or size in points is one.
func checkWidth(w float64) error {
	if !(w >= 0 && w <= 1000) {
		return fmt.Errorf("width %v is not a number of points", w)
	}
	return nil
}

func (l *Line) style(take func() color.NRGBA) format {
	f := format{dash: solid}
	if g, err := parseFormat(l.Format); err == nil {
		f = g
	}
	if !f.hasColor {
		f.color = take()
	}
	return f
}

func (l *Line) reach(r *reach) {
	for i := range l.len() {
		r.point(l.x(i), l.Y[i])
	}
}

// x returns the i-th abscissa of l.
func (l *Line) x(i int) float64 {
	if l.X == nil {
		return float64(i)
	}
	return l.X[i]
}

// len returns the number of points that have both coordinates.
func (l *Line) len() int {
	if l.X == nil {
		return len(l.Y)
	}
	return min(len(l.X), len(l.Y))
}

// width returns the width of the curve.
func (l *Line) width() float64 { return orElse(l.Width, lineWidth) }

// orElse returns v, or d for zero.
func orElse(v, d float64) float64 {
	if v == 0 {
		return d
	}
	return v
}

// places returns the corners of the curve, mapped by at.
func (l *Line) places(at func(x, y float64) point) []point {
	out := make([]point, 0, l.len())
	for i := range l.len() {
		if l.Step && i > 0 {
			out = append(out, at(l.x(i), l.Y[i-1]))
		}
		out = append(out, at(l.x(i), l.Y[i]))
	}
	return out
}

// draw draws the curve, cut at the frame, and its markers.
func (l *Line) draw(p *panel, s surface, f format) {
	places := l.places(p.at)
	if f.dash != noLine {
		if lines := clip(places, p.frame); len(lines) > 0 {
			s.stroke(pen{f.color, l.width(), f.dash}, lines...)
		}
	}
	at := places
	if f.marker == 0 {
		at = alone(places)
	} else if l.Step {
		flat := *l
		flat.Step = false
		at = flat.places(p.at)
	}
	drawMarkers(s, f.marker, f.color, p.shown(at))
}

func (l *Line) entries(f format) []entry {
	e := one(l.Label, func(s surface, x, y float64) {
		if f.dash != noLine {
			y := snap(y)
			s.stroke(pen{f.color, min(l.width(), 4), f.dash}, []point{{x, y}, {x + legendHandle, y}})
		}
		if f.marker != 0 {
			drawMarkers(s, f.marker, f.color, []point{{x + legendHandle/2, y}})
		}
	})
	return withFormat(e, f)
}

// withFormat gives the entries the format that text shows.
func withFormat(list []entry, f format) []entry {
	for i := range list {
		list[i].format = f
	}
	return list
}

// shown returns the places that lie in the frame.
func (p *panel) shown(at []point) []point {
	var in []point
	for _, q := range at {
		if p.inside(q) {
			in = append(in, q)
		}
	}
	return in
}
