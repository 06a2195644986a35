package plot

import (
	"fmt"
	"image"
	"image/color"
	"math"
	"sort"
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
	if c.Levels != nil && len(c.Levels) > 1 {
		lo, hi = max(lo, c.Levels[0]), min(hi, c.Levels[len(c.Levels)-1])
	}
	return m, lo, hi, err == nil && c.Color == ""
}

// corner is a node of the grid with its value.
type corner struct {
	q point
	z float64
}

// triangles calls f with two triangles for each cell of the grid.
func (c *Contour) triangles(p *panel, f func(t [3]corner)) {
	w := len(c.X)
	if len(c.Z) != w*len(c.Y) {
		return
	}
	at := func(i, j int) corner { return corner{p.at(c.X[j], c.Y[i]), c.Z[i*w+j]} }
	ok := func(list ...corner) bool {
		for _, k := range list {
			if !finite(k.q) || !(math.Abs(k.z) <= huge) {
				return false
			}
		}
		return true
	}
	for i := 1; i < len(c.Y); i++ {
		for j := 1; j < w; j++ {
			a, b, d, e := at(i-1, j-1), at(i-1, j), at(i, j), at(i, j-1)
			if !ok(a, b, d, e) {
				continue
			}
			// The middle of the cell makes four triangles: no direction is preferred.
			m := corner{point{(a.q.x + d.q.x) / 2, (a.q.y + d.q.y) / 2}, a.z/4 + b.z/4 + d.z/4 + e.z/4}
			for _, t := range [4][3]corner{{a, b, m}, {b, d, m}, {d, e, m}, {e, a, m}} {
				f(t)
			}
		}
	}
}

func (c *Contour) draw(p *panel, s surface, f format) {
	levels := c.levels()
	m, lo, hi, mapped := c.scale()
	paint := func(v float64) color.NRGBA {
		if !mapped {
			return f.color
		}
		return m.at(share(v, lo, hi))
	}
	if c.Filled {
		c.fillBands(p, s, levels, paint)
		if t, ok := s.(interface{ inCells() bool }); !ok || !t.inCells() {
			return
		}
	}
	for _, v := range levels {
		lines := c.lines(p, v)
		var shown [][]point
		for _, l := range lines {
			shown = append(shown, clip(l, p.frame)...)
		}
		if len(shown) == 0 {
			continue
		}
		s.stroke(pen{paint(v), 1.1, solid}, shown...)
		if c.Labels {
			c.label(p, s, v, shown, paint(v))
		}
	}
}

// lines returns the curves on which the function is v.
func (c *Contour) lines(p *panel, v float64) [][]point {
	var pieces [][2]point
	c.triangles(p, func(t [3]corner) {
		var cut []point
		for k := range 3 {
			a, b := t[k], t[(k+1)%3]
			if (a.z < v) != (b.z < v) {
				if a.q.x > b.q.x || a.q.x == b.q.x && a.q.y > b.q.y {
					a, b = b, a // neighbours cut their common side at the same place
				}
				cut = append(cut, between(a, b, v))
			}
		}
		if len(cut) == 2 && cut[0] != cut[1] {
			pieces = append(pieces, [2]point{cut[0], cut[1]})
		}
	})
	return join(pieces)
}

// between returns where the value is v on the way from a to b.
func between(a, b corner, v float64) point {
	t := (v - a.z) / (b.z - a.z)
	return point{a.q.x + t*(b.q.x-a.q.x), a.q.y + t*(b.q.y-a.q.y)}
}

// join makes polylines of pieces that share their ends.
func join(pieces [][2]point) [][]point {
	at := map[point][]int{}
	for i, s := range pieces {
		at[s[0]] = append(at[s[0]], i)
		at[s[1]] = append(at[s[1]], i)
	}
	used := make([]bool, len(pieces))
	// follow goes on from q as far as there are pieces.
	follow := func(line []point) []point {
		for {
			q, found := line[len(line)-1], false
			for _, i := range at[q] {
				if used[i] {
					continue
				}
				used[i], found = true, true
				next := pieces[i][0]
				if next == q {
					next = pieces[i][1]
				}
				line = append(line, next)
				break
			}
			if !found {
				return line
			}
		}
	}
	var out [][]point
	for i, s := range pieces {
		if used[i] {
			continue
		}
		used[i] = true
		line := follow([]point{s[0], s[1]})
		for a, b := 0, len(line)-1; a < b; a, b = a+1, b-1 {
			line[a], line[b] = line[b], line[a]
		}
		out = append(out, follow(line))
	}
	return out
}

// fillBands paints every point of the frame in the colour of its band.
func (c *Contour) fillBands(p *panel, s surface, levels []float64, paint func(float64) color.NRGBA) {
	if len(c.X) < 2 || len(c.Y) < 2 || len(c.Z) != len(c.X)*len(c.Y) {
		return
	}
	lo, hi := span(c.Z)
	// The colours of the bands: those of their middles.
	edges := append(append([]float64{lo}, levels...), hi)
	bands := make([]color.NRGBA, len(edges)-1)
	for i := range bands {
		bands[i] = paint(edges[i]/2 + edges[i+1]/2)
	}
	const perPoint = 4
	w := min(max(1, int(p.frame.w()*perPoint)), 1600)
	h := min(max(1, int(p.frame.h()*perPoint)), 1600)
	im := image.NewNRGBA(image.Rect(0, 0, w, h))
	cols, rows := make([]place, w), make([]place, h)
	for x := range cols {
		cols[x] = locate(c.X, p.x.value((float64(x)+0.5)/float64(w)))
	}
	for y := range rows {
		rows[y] = locate(c.Y, p.y.value(1-(float64(y)+0.5)/float64(h)))
	}
	for y, r := range rows {
		for x, k := range cols {
			if z := c.mean(r, k); math.Abs(z) <= huge {
				im.SetNRGBA(x, y, bands[sort.SearchFloat64s(levels, math.Nextafter(z, math.Inf(1)))])
			}
		}
	}
	s.image(p.frame, im)
}

// place is a position between the coordinates i and i+1 of a grid; i is negative outside.
type place struct {
	i int
	t float64
}

// locate returns where x lies among coordinates that rise or fall throughout.
func locate(v []float64, x float64) place {
	n := len(v)
	sign := 1.0
	if v[0] > v[n-1] {
		sign = -1
	}
	if !(sign*x >= sign*v[0] && sign*x <= sign*v[n-1]) {
		return place{i: -1}
	}
	i := min(max(sort.Search(n, func(k int) bool { return sign*v[k] > sign*x })-1, 0), n-2)
	return place{i, (x - v[i]) / (v[i+1] - v[i])}
}

// mean returns the value between four nodes, NaN outside the grid.
func (c *Contour) mean(r, k place) float64 {
	if r.i < 0 || k.i < 0 {
		return math.NaN()
	}
	at := func(i, j int) float64 { return c.Z[i*len(c.X)+j] }
	low := at(r.i, k.i)*(1-k.t) + at(r.i, k.i+1)*k.t
	high := at(r.i+1, k.i)*(1-k.t) + at(r.i+1, k.i+1)*k.t
	return low*(1-r.t) + high*r.t
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
