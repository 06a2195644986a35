package plot

import (
	"fmt"
	"image/color"
	"math"
)

// Quiver draws an arrow from each (X[i], Y[i]) in the direction (U[i], V[i]).
type Quiver struct {
	X, Y, U, V []float64
	Scale      float64 // an arrow of length 1 is Scale long in the units of the axes; zero: the longest is as long as their mean distance
	Label      string
	Color      string // as for Scatter
}

func (q *Quiver) name() (kind, label string) { return "Quiver", q.Label }
func (q *Quiver) about() string              { return "field of arrows" }
func (q *Quiver) layer() layer               { return curves }

func (q *Quiver) style(take func() color.NRGBA) format { return colored(q.Color, take) }

func (q *Quiver) check() error {
	if n := len(q.X); len(q.Y) != n || len(q.U) != n || len(q.V) != n {
		return fmt.Errorf("has %d X, %d Y, %d U and %d V", n, len(q.Y), len(q.U), len(q.V))
	}
	if q.Scale < 0 || math.IsNaN(q.Scale) {
		return fmt.Errorf("scale %v is not a length", q.Scale)
	}
	return checkColor(q.Color)
}

func (q *Quiver) len() int { return min(len(q.X), len(q.Y), len(q.U), len(q.V)) }

// factor returns the length of an arrow of length 1.
func (q *Quiver) factor() float64 {
	if q.Scale != 0 {
		return q.Scale
	}
	longest := 0.0
	for i := range q.len() {
		if l := math.Hypot(q.U[i], q.V[i]); l <= huge {
			longest = max(longest, l)
		}
	}
	if longest == 0 {
		return 0
	}
	x0, x1 := span(q.X)
	y0, y1 := span(q.Y)
	area := (x1 - x0) * (y1 - y0)
	if !(area > 0) || math.IsInf(area, 0) {
		area = max(x1-x0, y1-y0)
		return area / float64(max(q.len(), 1)) / longest
	}
	return math.Sqrt(area/float64(max(q.len(), 1))) / longest
}

func (q *Quiver) reach(r *reach) {
	f := q.factor()
	for i := range q.len() {
		r.point(q.X[i], q.Y[i])
		r.point(q.X[i]+f*q.U[i], q.Y[i]+f*q.V[i])
	}
}

func (q *Quiver) draw(p *panel, s surface, f format) {
	k := q.factor()
	for i := range q.len() {
		a, b := p.at(q.X[i], q.Y[i]), p.at(q.X[i]+k*q.U[i], q.Y[i]+k*q.V[i])
		if finite(a) && finite(b) && p.inside(a) && p.inside(b) {
			arrow(s, f.color, 1, []point{a, b})
		}
	}
}

func (q *Quiver) entries(f format) []entry {
	return withFormat(one(q.Label, func(s surface, x, y float64) {
		arrow(s, f.color, 1, []point{{x, y}, {x + legendHandle, y}})
	}), f)
}
