package plot

import (
	"fmt"
	"image/color"
)

// Line3D is a polyline through (X[i], Y[i], Z[i]), such as the trace of a
// descent on a surface; with a marker and no line style it draws points.
type Line3D struct {
	X, Y, Z []float64
	Label   string
	Format  string // as for Line
}

func (l *Line3D) name() (kind, label string)         { return "Line3D", l.Label }
func (l *Line3D) about() string                      { return "path in space" }
func (l *Line3D) reach(*reach)                       {}
func (l *Line3D) layer() layer                       { return curves }
func (l *Line3D) draw(p *panel, s surface, f format) {}
func (l *Line3D) flat() *Line                        { return &Line{X: l.X, Y: l.Y, Format: l.Format, Label: l.Label} }

func (l *Line3D) style(take func() color.NRGBA) format { return l.flat().style(take) }
func (l *Line3D) entries(f format) []entry             { return l.flat().entries(f) }

func (l *Line3D) check() error {
	if len(l.X) != len(l.Y) || len(l.Z) != len(l.Y) {
		return fmt.Errorf("has %d X, %d Y and %d Z", len(l.X), len(l.Y), len(l.Z))
	}
	return l.flat().check()
}

func (l *Line3D) len() int { return min(len(l.X), len(l.Y), len(l.Z)) }

func (l *Line3D) corners(f func(x, y, z float64)) {
	for i := range l.len() {
		f(l.X[i], l.Y[i], l.Z[i])
	}
}

// faces draws a path above every surface, so that it can be followed.
func (l *Line3D) faces(v *solidView, f format) []face {
	var at []point
	for i := range l.len() {
		u := v.unit(l.X[i], l.Y[i], l.Z[i])
		if q, _ := v.screen(u); finite(q) && inBox(u) {
			at = append(at, q)
		}
	}
	lines := v.lines(l.len(), func(i int) (x, y, z float64) { return l.X[i], l.Y[i], l.Z[i] })
	return []face{{10, func(s surface) {
		if f.dash != noLine && len(lines) > 0 {
			s.stroke(pen{f.color, lineWidth, f.dash}, lines...)
		}
		if f.marker != 0 {
			drawMarkers(s, f.marker, f.color, at)
		}
	}}}
}
