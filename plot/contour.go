package plot

import (
	"fmt"
	"image/color"
	"math"
)

// Contour draws lines on which a function of two variables has one value, or
// fills the bands between them. Z[i*len(X)+j] is the value at (X[j], Y[i]);
// X and Y must rise or fall throughout.
type Contour struct {
	X, Y, Z []float64
	Levels  []float64 // rising; nil means Count levels at equal distances
	Count   int       // zero means 8
	Filled  bool
	Labels  bool   // write the values on the lines
	Map     string // colour map of the levels, as for Image
	Color   string // one colour for all lines, as for Scatter; "" means the colour map
}

func (c *Contour) name() (kind, label string) { return "Contour", "" }
func (c *Contour) about() string              { return "contour plot" }
func (c *Contour) entries(format) []entry     { return nil }

func (c *Contour) layer() layer {
	if c.Filled {
		return pictures
	}
	return curves
}

func (c *Contour) style(take func() color.NRGBA) format {
	if c.Color == "" {
		return plain(take)
	}
	return colored(c.Color, take)
}

func (c *Contour) check() error {
	if n := len(c.X) * len(c.Y); len(c.Z) != n {
		return fmt.Errorf("has %d values; %d x %d needs %d", len(c.Z), len(c.Y), len(c.X), n)
	}
	if err := monotone("X", c.X); err != nil {
		return err
	}
	if err := monotone("Y", c.Y); err != nil {
		return err
	}
	for i := 1; i < len(c.Levels); i++ {
		if !(c.Levels[i] > c.Levels[i-1]) {
			return fmt.Errorf("levels do not rise: %v comes after %v", c.Levels[i], c.Levels[i-1])
		}
	}
	if c.Count < 0 || c.Count > 1000 || len(c.Levels) > 1000 {
		return fmt.Errorf("has %d levels; up to 1000 are drawn", max(c.Count, len(c.Levels)))
	}
	if _, err := colorMap(c.Map); err != nil {
		return err
	}
	return checkColor(c.Color)
}

// monotone says whether the coordinates of a grid rise or fall throughout.
func monotone(name string, v []float64) error {
	for i := 1; i < len(v); i++ {
		if !((v[i] > v[i-1]) == (v[1] > v[0])) || v[i] == v[i-1] || math.IsNaN(v[i]) {
			return fmt.Errorf("%s neither rises nor falls throughout: %v comes after %v", name, v[i], v[i-1])
		}
	}
	return nil
}

func (c *Contour) reach(r *reach) {
	if len(c.X) == 0 || len(c.Y) == 0 {
		return
	}
	x0, x1 := span(c.X)
	y0, y1 := span(c.Y)
	r.point(x0, y0)
	r.point(x1, y1)
	r.tight = true
}

// levels returns the values of the lines.
func (c *Contour) levels() []float64 {
	if c.Levels != nil {
		return c.Levels
	}
	n := c.Count
	if n <= 0 {
		n = 8
	}
	lo, hi := span(c.Z)
	out := make([]float64, n)
	for i := range out {
		t := float64(i+1) / float64(n+1)
		out[i] = lo*(1-t) + hi*t
	}
	return out
}

// scale returns the colour map and its ends.
func (c *Contour) scale() (ramp, float64, float64, bool) {
	m, err := colorMap(c.Map)
	lo, hi := span(c.Z)
	if len(c.Levels) > 1 {
		lo, hi = max(lo, c.Levels[0]), min(hi, c.Levels[len(c.Levels)-1])
	}
	return m, lo, hi, err == nil && c.Color == ""
}

// label writes the value in the middle of the longest line.
func (c *Contour) label(p *panel, s surface, v float64, lines [][]point, k color.NRGBA) {
	var best []point
	longest := 0.0
	for _, l := range lines {
		d := 0.0
		for i := 1; i < len(l); i++ {
			d += math.Hypot(l[i].x-l[i-1].x, l[i].y-l[i-1].y)
		}
		if d > longest {
			best, longest = l, d
		}
	}
	text := minus(fmt.Sprintf("%.4g", v))
	const size = 7
	w := textWidth(text, size)
	if longest < 2*w {
		return
	}
	q := best[len(best)/2]
	if b := (rect{q.x - w/2 - 1, q.y - size/2, q.x + w/2 + 1, q.y + size/2}); b.cutTo(p.frame) == b {
		s.fill(paper, b.corners())
		s.text(caption{at: point{q.x, q.y + size*capHeight/2}, text: text, size: size, anchor: middle})
	}
}
