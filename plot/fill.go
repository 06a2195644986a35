package plot

import (
	"fmt"
	"image/color"
	"math"
)

// Fill is the area between two curves over X: a band of errors, or with a nil
// Y2 the area between Y and zero. A nil X means 0, 1, 2 and so on; NaN in any
// curve breaks the area.
type Fill struct {
	X, Y, Y2 []float64
	Label    string
	Color    string  // as for Scatter
	Alpha    float64 // opacity in (0, 1]; zero means 0.25
}

func (it *Fill) name() (kind, label string) { return "Fill", it.Label }
func (it *Fill) about() string              { return "filled area" }
func (it *Fill) layer() layer               { return areas }

func (it *Fill) style(take func() color.NRGBA) format { return colored(it.Color, take) }

func (it *Fill) check() error {
	if it.X != nil && len(it.X) != len(it.Y) {
		return fmt.Errorf("has %d X and %d Y", len(it.X), len(it.Y))
	}
	if it.Y2 != nil && len(it.Y2) != len(it.Y) {
		return fmt.Errorf("has %d Y and %d Y2", len(it.Y), len(it.Y2))
	}
	if err := checkAlpha(it.Alpha); err != nil {
		return err
	}
	return checkColor(it.Color)
}

// checkAlpha says whether a is an opacity.
func checkAlpha(a float64) error {
	if !(a >= 0 && a <= 1) {
		return fmt.Errorf("alpha %v is not between 0 and 1", a)
	}
	return nil
}

func (it *Fill) upper() *Line { return &Line{X: it.X, Y: it.Y} }

// lower returns the other edge.
func (it *Fill) lower() *Line {
	y := it.Y2
	if y == nil {
		y = make([]float64, len(it.Y))
	}
	return &Line{X: it.X, Y: y}
}

func (it *Fill) reach(r *reach) {
	it.upper().reach(r)
	if it.Y2 != nil {
		it.lower().reach(r)
		return
	}
	r.level(0)
	r.base = true
}

func (it *Fill) draw(p *panel, s surface, f format) {
	up, low := it.upper().places(p.at), it.lower().places(p.at)
	if it.Y2 == nil && p.y.log {
		for i := range low {
			low[i] = point{up[i].x, p.frame.y1}
		}
	}
	n := min(len(up), len(low))
	var polygons [][]point
	for i := 0; i < n; {
		j := i
		for j < n && finite(up[j]) && finite(low[j]) {
			j++
		}
		if j > i+1 {
			area := append([]point(nil), up[i:j]...)
			for k := j - 1; k >= i; k-- {
				area = append(area, low[k])
			}
			if area = clipArea(area, p.frame); len(area) > 2 {
				polygons = append(polygons, area)
			}
		}
		i = max(j, i+1)
	}
	if len(polygons) > 0 {
		s.fill(faded(f.color, orElse(it.Alpha, 0.25)), polygons...)
	}
}

func (it *Fill) entries(f format) []entry {
	return withFormat(one(it.Label, swatch(faded(f.color, orElse(it.Alpha, 0.25)))), f)
}

// finite reports whether q is a place.
func finite(q point) bool {
	return !math.IsNaN(q.x) && !math.IsNaN(q.y) && !math.IsInf(q.x, 0) && !math.IsInf(q.y, 0)
}

// clipArea cuts a polygon at r (Sutherland and Hodgman).
func clipArea(p []point, r rect) []point {
	for side := range 4 {
		// dist is how far q lies inside this side.
		dist := func(q point) float64 {
			return [...]float64{q.x - r.x0, r.x1 - q.x, q.y - r.y0, r.y1 - q.y}[side]
		}
		var out []point
		for i, b := range p {
			a := p[(i+len(p)-1)%len(p)]
			da, db := dist(a), dist(b)
			if (da < 0) != (db < 0) {
				t := da / (da - db)
				out = append(out, r.inward(point{a.x + t*(b.x-a.x), a.y + t*(b.y-a.y)}, side))
			}
			if db >= 0 {
				out = append(out, b)
			}
		}
		p = out
	}
	for _, q := range p {
		if !finite(q) {
			return nil
		}
	}
	return p
}

// inward puts q exactly on a side of r.
func (r rect) inward(q point, side int) point {
	switch side {
	case 0:
		q.x = r.x0
	case 1:
		q.x = r.x1
	case 2:
		q.y = r.y0
	case 3:
		q.y = r.y1
	}
	return q
}
