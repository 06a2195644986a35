package plot

import (
	"image"
	"image/color"
	"math"
	"sort"
)

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
