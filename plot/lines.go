package plot

import (
	"fmt"
	"image/color"
)

// HLine is a horizontal line across the axes.
type HLine struct {
	Y      float64
	Label  string
	Format string // as for Line; "" means "k--"
}

// VLine is a vertical line across the axes.
type VLine struct {
	X      float64
	Label  string
	Format string // as for Line; "" means "k--"
}

// Segments are straight lines from (X0[i], Y0[i]) to (X1[i], Y1[i]).
type Segments struct {
	X0, Y0, X1, Y1 []float64
	Label          string
	Format         string // as for Line
	Width          float64
}

// Stem draws a vertical line from zero to each (X[i], Y[i]) and a dot on its
// end: the picture of a probability mass function. A nil X means 0, 1, 2 and so on.
type Stem struct {
	X, Y   []float64
	Label  string
	Format string // as for Line; "" means "o-"
}

func (h *HLine) name() (kind, label string) { return "HLine", h.Label }
func (h *HLine) about() string              { return "horizontal line" }
func (h *HLine) layer() layer               { return curves }
func (h *HLine) reach(r *reach)             { r.level(h.Y) }
func (h *HLine) check() error               { _, err := parseFormat(h.Format); return err }

func (h *HLine) style(take func() color.NRGBA) format { return ruleStyle(h.Format, take) }

func (h *HLine) draw(p *panel, s surface, f format) {
	if y := p.y.at(h.Y); y >= 0 && y <= 1 {
		v := p.frame.y1 - y*p.frame.h()
		s.stroke(pen{f.color, lineWidth, f.dash}, []point{{p.frame.x0, v}, {p.frame.x1, v}})
	}
}

func (h *HLine) entries(f format) []entry { return (&Line{Label: h.Label}).entries(f) }

func (v *VLine) name() (kind, label string) { return "VLine", v.Label }
func (v *VLine) about() string              { return "vertical line" }
func (v *VLine) layer() layer               { return curves }
func (v *VLine) reach(r *reach)             { r.upright(v.X) }
func (v *VLine) check() error               { _, err := parseFormat(v.Format); return err }

func (v *VLine) style(take func() color.NRGBA) format { return ruleStyle(v.Format, take) }

func (v *VLine) draw(p *panel, s surface, f format) {
	if x := p.x.at(v.X); x >= 0 && x <= 1 {
		u := p.frame.x0 + x*p.frame.w()
		s.stroke(pen{f.color, lineWidth, f.dash}, []point{{u, p.frame.y0}, {u, p.frame.y1}})
	}
}

func (v *VLine) entries(f format) []entry { return (&Line{Label: v.Label}).entries(f) }

// ruleStyle is the style of a line across the axes.
func ruleStyle(s string, take func() color.NRGBA) format {
	f, err := parseFormat(s)
	if s == "" || err != nil {
		f, _ = parseFormat("k--")
	}
	if !f.hasColor {
		f.color = take()
	}
	return f
}

func (g *Segments) name() (kind, label string) { return "Segments", g.Label }
func (g *Segments) about() string              { return "line segments" }
func (g *Segments) layer() layer               { return curves }

func (g *Segments) check() error {
	if n := len(g.X0); len(g.Y0) != n || len(g.X1) != n || len(g.Y1) != n {
		return fmt.Errorf("has %d X0, %d Y0, %d X1 and %d Y1", n, len(g.Y0), len(g.X1), len(g.Y1))
	}
	if err := checkWidth(g.Width); err != nil {
		return err
	}
	_, err := parseFormat(g.Format)
	return err
}

func (g *Segments) style(take func() color.NRGBA) format {
	return (&Line{Format: g.Format}).style(take)
}

func (g *Segments) len() int { return min(len(g.X0), len(g.Y0), len(g.X1), len(g.Y1)) }

func (g *Segments) reach(r *reach) {
	for i := range g.len() {
		r.point(g.X0[i], g.Y0[i])
		r.point(g.X1[i], g.Y1[i])
	}
}

func (g *Segments) draw(p *panel, s surface, f format) {
	var lines [][]point
	for i := range g.len() {
		lines = append(lines, clip([]point{p.at(g.X0[i], g.Y0[i]), p.at(g.X1[i], g.Y1[i])}, p.frame)...)
	}
	if len(lines) > 0 {
		s.stroke(pen{f.color, orElse(g.Width, lineWidth), f.dash}, lines...)
	}
}

func (g *Segments) entries(f format) []entry {
	return (&Line{Label: g.Label, Width: g.Width}).entries(f)
}

func (t *Stem) name() (kind, label string) { return "Stem", t.Label }
func (t *Stem) about() string              { return "stem plot" }
func (t *Stem) layer() layer               { return curves }
func (t *Stem) line() *Line                { return &Line{X: t.X, Y: t.Y, Label: t.Label, Format: t.Format} }
func (t *Stem) check() error               { return t.line().check() }

func (t *Stem) style(take func() color.NRGBA) format {
	f := t.line().style(take)
	if t.Format == "" {
		f.marker = 'o'
	}
	if f.dash == noLine {
		f.dash = solid
	}
	return f
}

func (t *Stem) reach(r *reach) {
	t.line().reach(r)
	r.level(0)
}

func (t *Stem) draw(p *panel, s surface, f format) {
	var lines [][]point
	l := t.line()
	base := 0.0
	if p.y.log {
		base = min(p.y.lo, p.y.hi)
	}
	for i := range l.len() {
		lines = append(lines, clip([]point{p.at(l.x(i), base), p.at(l.x(i), l.Y[i])}, p.frame)...)
	}
	if len(lines) > 0 {
		s.stroke(pen{f.color, lineWidth, f.dash}, lines...)
	}
	if y := p.at(0, base); p.frame.y0 <= y.y && y.y <= p.frame.y1 {
		s.stroke(pen{faded(ink, 0.6), pixel, solid}, []point{{p.frame.x0, y.y}, {p.frame.x1, y.y}})
	}
	drawMarkers(s, f.marker, f.color, p.shown(l.places(p.at)))
}

func (t *Stem) entries(f format) []entry { return t.line().entries(f) }
