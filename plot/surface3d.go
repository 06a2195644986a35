package plot

import (
	"fmt"
	"image/color"
	"math"
)

// Surface draws a function of two variables in three dimensions: filled and
// shaded, or as a wireframe. Z[i*len(X)+j] is the value at (X[j], Y[i]).
// The surface is opaque, drawn from far to near; a wireframe is seen through.
type Surface struct {
	X, Y, Z []float64
	Wire    bool
	Stride  int    // draw every Stride-th line; zero chooses about 20 lines
	Map     string // colour map, as for Image
	Color   string // one colour, as for Scatter; "" means the colour map, for a wireframe the next of the cycle
	Alpha   float64
	Label   string
}

func (it *Surface) name() (kind, label string)         { return "Surface", it.Label }
func (it *Surface) reach(*reach)                       {}
func (it *Surface) layer() layer                       { return curves }
func (it *Surface) draw(p *panel, s surface, f format) {}

func (it *Surface) about() string {
	if it.Wire {
		return "wireframe"
	}
	return "surface"
}

func (it *Surface) style(take func() color.NRGBA) format {
	if it.Color == "" && !it.Wire {
		return plain(take)
	}
	return colored(it.Color, take)
}

func (it *Surface) check() error {
	if it.Stride < 0 {
		return fmt.Errorf("stride is %d", it.Stride)
	}
	if err := checkAlpha(it.Alpha); err != nil {
		return err
	}
	if _, err := colorMap(it.Map); err != nil {
		return err
	}
	if err := checkColor(it.Color); err != nil {
		return err
	}
	return checkGrid(it.X, it.Y, it.Z)
}

// scale returns the colour map and its ends.
func (it *Surface) scale() (ramp, float64, float64, bool) {
	m, err := colorMap(it.Map)
	lo, hi := span(it.Z)
	return m, lo, hi, err == nil && it.Color == "" && !it.Wire
}

func (it *Surface) corners(f func(x, y, z float64)) {
	if len(it.Z) != len(it.X)*len(it.Y) {
		return
	}
	for i, y := range it.Y {
		for j, x := range it.X {
			f(x, y, it.Z[i*len(it.X)+j])
		}
	}
}

// strides returns the indices of the lines of n that are drawn, first and last among them.
func (it *Surface) strides(n int) []int {
	step := it.Stride
	if step <= 0 {
		step = max(1, int(math.Round(float64(n)/20)))
	}
	var out []int
	for i := 0; i < n-1; i += step {
		out = append(out, i)
	}
	if n > 0 {
		out = append(out, n-1)
	}
	return out
}

func (it *Surface) faces(v *solidView, f format) []face {
	if len(it.Z) != len(it.X)*len(it.Y) {
		return nil
	}
	if it.Wire {
		return it.wires(v, f)
	}
	m, lo, hi, mapped := it.scale()
	rows, cols := it.strides(len(it.Y)), it.strides(len(it.X))
	w := len(it.X)
	var out []face
	for a := 1; a < len(rows); a++ {
		for b := 1; b < len(cols); b++ {
			var q [4]point
			var u [4][3]float64
			depth, mean, ok := 0.0, 0.0, true
			for k, c := range [4][2]int{{rows[a-1], cols[b-1]}, {rows[a-1], cols[b]}, {rows[a], cols[b]}, {rows[a], cols[b-1]}} {
				z := it.Z[c[0]*w+c[1]]
				u[k] = v.unit(it.X[c[1]], it.Y[c[0]], z)
				var d float64
				q[k], d = v.screen(u[k])
				depth += d / 4
				mean += z / 4
				ok = ok && finite(q[k]) && inBox(u[k])
			}
			if !ok {
				continue
			}
			c := f.color
			if mapped {
				c = m.at(share(mean, lo, hi))
			}
			c = faded(shaded(c, light(u)), orElse(it.Alpha, 1))
			poly := append([]point(nil), q[:]...)
			out = append(out, face{depth, func(s surface) {
				s.fill(c, poly)
				s.stroke(pen{shaded(c, 0.82), 0.4, solid}, append(poly, poly[0]))
			}})
		}
	}
	return out
}

// inBox reports whether a place lies in the box, but for rounding.
func inBox(u [3]float64) bool {
	const e = 1e-6
	return math.Abs(u[0]) <= 0.5+e && math.Abs(u[1]) <= 0.5+e && math.Abs(u[2]) <= 0.5*boxHeight+e
}

// light returns how much light a face gets from above and from the left.
func light(u [4][3]float64) float64 {
	var a, b [3]float64
	for i := range 3 {
		a[i], b[i] = u[2][i]-u[0][i], u[3][i]-u[1][i]
	}
	n := [3]float64{a[1]*b[2] - a[2]*b[1], a[2]*b[0] - a[0]*b[2], a[0]*b[1] - a[1]*b[0]}
	l := math.Sqrt(dot3(n, n))
	if !(l > 0) {
		return 1
	}
	sun := [3]float64{-0.4, -0.35, 0.85}
	return 0.78 + 0.24*math.Abs(dot3(n, sun))/l
}

// wires returns the lines of a wireframe, cut at the box.
func (it *Surface) wires(v *solidView, f format) []face {
	w := len(it.X)
	var out []face
	add := func(n int, at func(i int) (x, y, z float64)) {
		if l := v.lines(n, at); len(l) > 0 {
			out = append(out, face{-1, func(s surface) { s.stroke(pen{faded(f.color, orElse(it.Alpha, 1)), 0.8, solid}, l...) }})
		}
	}
	for _, i := range it.strides(len(it.Y)) {
		add(w, func(j int) (x, y, z float64) { return it.X[j], it.Y[i], it.Z[i*w+j] })
	}
	for _, j := range it.strides(w) {
		add(len(it.Y), func(i int) (x, y, z float64) { return it.X[j], it.Y[i], it.Z[i*w+j] })
	}
	return out
}

// lines returns the parts of a polyline of n points that lie in the box.
func (v *solidView) lines(n int, at func(i int) (x, y, z float64)) [][]point {
	var out [][]point
	var cur []point
	for i := range n {
		u := v.unit(at(i))
		q, _ := v.screen(u)
		if !finite(q) || !inBox(u) {
			cur = nil
			continue
		}
		if cur = append(cur, q); len(cur) == 2 {
			out = append(out, cur)
		} else if len(cur) > 2 {
			out[len(out)-1] = cur
		}
	}
	for i, l := range out {
		out[i] = thin(l)
	}
	return out
}

func (it *Surface) entries(f format) []entry {
	return withFormat(one(it.Label, swatch(f.color)), f)
}
