package plot

import (
	"fmt"
	"image/color"
	"math"
	"slices"
)

// Scatter draws a dot of Size points at each (X[i], Y[i]). With Values the
// colour of dot i is that of Values[i] in the colour map.
type Scatter struct {
	X, Y   []float64
	Size   float64 // diameter in points; zero means 6
	Label  string
	Color  string    // matplotlib letter, "C0" to "C9", #rgb, #rrggbb or #rrggbbaa; "" means the next of the cycle
	Values []float64 // nil, or one number for each point
	Map    string    // colour map of the values, as for Image
}

func (it *Scatter) name() (kind, label string) { return "Scatter", it.Label }
func (it *Scatter) about() string              { return "scatter plot" }
func (it *Scatter) layer() layer               { return curves }

func (it *Scatter) check() error {
	if len(it.X) != len(it.Y) {
		return fmt.Errorf("has %d X and %d Y", len(it.X), len(it.Y))
	}
	if it.Values != nil && len(it.Values) != len(it.X) {
		return fmt.Errorf("has %d X and %d Values", len(it.X), len(it.Values))
	}
	if it.Size < 0 || math.IsNaN(it.Size) || it.Size > 1000 {
		return fmt.Errorf("size %v is not a diameter", it.Size)
	}
	if _, err := colorMap(it.Map); err != nil {
		return err
	}
	return checkColor(it.Color)
}

func (it *Scatter) style(take func() color.NRGBA) format {
	f := colored(it.Color, take)
	f.dash, f.marker = noLine, 'o'
	return f
}

func (it *Scatter) reach(r *reach) {
	for i := range it.len() {
		r.point(it.X[i], it.Y[i])
	}
}

func (it *Scatter) len() int { return min(len(it.X), len(it.Y)) }

// scale returns the colour map and its ends, ok if there are values.
func (it *Scatter) scale() (ramp, float64, float64, bool) {
	m, err := colorMap(it.Map)
	lo, hi := span(it.Values)
	return m, lo, hi, err == nil && it.Values != nil
}

// draw draws the dots whose centres lie in the frame.
func (it *Scatter) draw(p *panel, s surface, f format) {
	m, lo, hi, mapped := it.scale()
	if !mapped {
		places := make([]point, it.len())
		for i := range places {
			places[i] = p.at(it.X[i], it.Y[i])
		}
		if at := p.shown(places); len(at) > 0 {
			s.dots(f.color, it.diameter(), at)
		}
		return
	}
	// Dots of one colour are drawn together.
	byColor := map[color.NRGBA][]point{}
	var order []color.NRGBA
	for i := range min(it.len(), len(it.Values)) {
		q := p.at(it.X[i], it.Y[i])
		if !p.inside(q) {
			continue
		}
		c := m.at(math.Round(share(it.Values[i], lo, hi)*32) / 32)
		if byColor[c] == nil {
			order = append(order, c)
		}
		byColor[c] = append(byColor[c], q)
	}
	slices.SortFunc(order, func(a, b color.NRGBA) int {
		return (int(a.R)<<16 | int(a.G)<<8 | int(a.B)) - (int(b.R)<<16 | int(b.G)<<8 | int(b.B))
	})
	for _, c := range order {
		s.dots(c, it.diameter(), byColor[c])
	}
}

func (it *Scatter) entries(f format) []entry {
	return withFormat(one(it.Label, func(s surface, x, y float64) {
		s.dots(f.color, min(max(it.diameter(), 3), 7), []point{{x + legendHandle/2, y}})
	}), f)
}

// diameter returns the size of the dots.
func (it *Scatter) diameter() float64 { return orElse(it.Size, 6) }

// span returns the least and largest of the values that can be drawn, 0 and 1 if there are none.
func span(values []float64) (lo, hi float64) {
	e := newExtent()
	for _, v := range values {
		if math.Abs(v) <= huge {
			e.add(v)
		}
	}
	if e.empty() {
		return 0, 1
	}
	return e.lo, e.hi
}
