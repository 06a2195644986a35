package plot

import (
	"fmt"
	"image/color"
	"math"
	"slices"
)

// View is the direction from which a box in perspective is seen, in degrees;
// the zero View is {-60, 30}.
type View struct {
	Azimuth   float64 // round the vertical axis
	Elevation float64 // above the floor
}

// solidItem is an item of three dimensions.
type solidItem interface {
	Item
	// corners calls f with every place that the box must hold.
	corners(f func(x, y, z float64))
	// faces returns what is drawn.
	faces(v *solidView, f format) []face
}

// face is a part of a drawing in three dimensions. Far faces are drawn first.
type face struct {
	depth float64
	draw  func(s surface)
}

// solidView maps a box of three dimensions to a frame.
type solidView struct {
	x, y, z          axis
	right, up, front [3]float64 // unit vectors of the view in the box
	frame            rect
	scale            float64
	mid              point // of the projected box, before scaling
	labels           []rect
}

// solids returns the view of a, nil if its items are flat.
func (a *Axes) solids() *solidView {
	v := &solidView{}
	ex, ey, ez := newExtent(), newExtent(), newExtent()
	found := false
	for _, it := range a.Items {
		s, ok := it.(solidItem)
		if !ok || isNil(it) {
			continue
		}
		found = true
		s.corners(func(x, y, z float64) {
			if v.x.ok(x) && v.y.ok(y) && v.z.ok(z) {
				ex.add(x)
				ey.add(y)
				ez.add(z)
			}
		})
	}
	if !found {
		return nil
	}
	v.x.lo, v.x.hi = fit(ex, a.XLim, v.x, 0)
	v.y.lo, v.y.hi = fit(ey, a.YLim, v.y, 0)
	v.z.lo, v.z.hi = fit(ez, a.ZLim, v.z, 0)
	view := a.View
	if view == (View{}) {
		view = View{-60, 30}
	}
	az, el := math.Mod(view.Azimuth, 360)*math.Pi/180, math.Mod(view.Elevation, 360)*math.Pi/180
	if math.IsNaN(az) || math.IsNaN(el) {
		az, el = 0, 0
	}
	sa, ca, se, ce := math.Sin(az), math.Cos(az), math.Sin(el), math.Cos(el)
	v.right = [3]float64{-sa, ca, 0}
	v.up = [3]float64{-se * ca, -se * sa, ce}
	v.front = [3]float64{ce * ca, ce * sa, se}
	return v
}

// boxHeight is the height of the box; its floor is 1 x 1.
const boxHeight = 0.72

func dot3(a, b [3]float64) float64 { return a[0]*b[0] + a[1]*b[1] + a[2]*b[2] }

// unit returns the place of a value in the box, whose middle is the origin.
func (v *solidView) unit(x, y, z float64) [3]float64 {
	return [3]float64{v.x.at(x) - 0.5, v.y.at(y) - 0.5, (v.z.at(z) - 0.5) * boxHeight}
}

// screen returns the place of a point of the box, and how near it is.
func (v *solidView) screen(u [3]float64) (point, float64) {
	c := v.frame.center()
	return point{c.x + v.scale*(dot3(u, v.right)-v.mid.x), c.y - v.scale*(dot3(u, v.up)-v.mid.y)}, dot3(u, v.front)
}

// at returns the place of a value, and how near it is.
func (v *solidView) at(x, y, z float64) (point, float64) { return v.screen(v.unit(x, y, z)) }

// fitTo scales the box to r, with room for labels.
func (v *solidView) fitTo(r rect, labels bool) {
	ex, ey := newExtent(), newExtent()
	for i := range 8 {
		u := boxCorner(i&1, i>>1&1, i>>2)
		ex.add(dot3(u, v.right))
		ey.add(dot3(u, v.up))
	}
	if labels {
		r = rect{r.x0 + 20, r.y0 + 4, r.x1 - 26, r.y1 - 24}
	}
	if r.w() < 8 || r.h() < 8 {
		c := r.center()
		r = rect{c.x - 4, c.y - 4, c.x + 4, c.y + 4}
	}
	v.frame = r
	v.scale = min(r.w()/(ex.hi-ex.lo), r.h()/(ey.hi-ey.lo))
	v.mid = point{(ex.lo + ex.hi) / 2, (ey.lo + ey.hi) / 2}
}

// boxCorner returns a corner of the box, each number 0 or 1.
func boxCorner(x, y, z int) [3]float64 {
	return [3]float64{float64(x) - 0.5, float64(y) - 0.5, (float64(z) - 0.5) * boxHeight}
}

// draw draws the box and the items in it.
func (v *solidView) draw(p *panel, s surface) {
	v.fitTo(p.frame, !p.Hidden)
	v.labels = nil
	if !p.Hidden {
		v.drawBox(p, s)
	}
	var all []face
	for i, it := range p.Items {
		if k, ok := it.(solidItem); ok && !isNil(it) {
			all = append(all, k.faces(v, p.format[i])...)
		}
	}
	slices.SortStableFunc(all, func(a, b face) int {
		switch {
		case a.depth < b.depth:
			return -1
		case a.depth > b.depth:
			return 1
		}
		return 0
	})
	for _, f := range all {
		f.draw(s)
	}
}

// drawBox draws the three walls at the back with their grid, and the axes.
func (v *solidView) drawBox(p *panel, s surface) {
	far := func(d float64) float64 { // the side of the box away from the viewer
		if d >= 0 {
			return -0.5
		}
		return 0.5
	}
	bx, by, bz := far(v.front[0]), far(v.front[1]), far(v.front[2])*boxHeight
	marks := [3]ticks{v.marks(v.x, p.XTicks), v.marks(v.y, p.YTicks), v.marks(v.z, p.ZTicks)}
	h := 0.5 * boxHeight
	walls := [3][4][3]float64{
		{{bx, -0.5, -h}, {bx, 0.5, -h}, {bx, 0.5, h}, {bx, -0.5, h}},
		{{-0.5, by, -h}, {0.5, by, -h}, {0.5, by, h}, {-0.5, by, h}},
		{{-0.5, -0.5, bz}, {0.5, -0.5, bz}, {0.5, 0.5, bz}, {-0.5, 0.5, bz}},
	}
	for _, w := range walls {
		var q []point
		for _, u := range w {
			at, _ := v.screen(u)
			q = append(q, at)
		}
		s.fill(rgb(0xf2f3f5), q)
	}
	var grid [][]point
	line := func(a, b, c [3]float64) {
		pa, _ := v.screen(a)
		pb, _ := v.screen(b)
		pc, _ := v.screen(c)
		grid = append(grid, []point{pa, pb, pc})
	}
	for _, t := range marks[0].marks {
		x := v.x.at(t.v) - 0.5
		line([3]float64{x, -by, bz}, [3]float64{x, by, bz}, [3]float64{x, by, -bz})
	}
	for _, t := range marks[1].marks {
		y := v.y.at(t.v) - 0.5
		line([3]float64{-bx, y, bz}, [3]float64{bx, y, bz}, [3]float64{bx, y, -bz})
	}
	for _, t := range marks[2].marks {
		z := (v.z.at(t.v) - 0.5) * boxHeight
		line([3]float64{-bx, by, z}, [3]float64{bx, by, z}, [3]float64{bx, -by, z})
	}
	if len(grid) > 0 {
		s.stroke(pen{gridGray, pixel, solid}, grid...)
	}
	floor := bz
	v.drawAxis(s, marks[0], p.XLabel, 0, func(t float64) [3]float64 { return [3]float64{t - 0.5, -by, floor} }, v.x)
	v.drawAxis(s, marks[1], p.YLabel, 1, func(t float64) [3]float64 { return [3]float64{-bx, t - 0.5, floor} }, v.y)
	// The vertical axis stands on the edge farthest to the right.
	zx, zy := bx, -by
	if dot3([3]float64{-bx, by, 0}, v.right) > dot3([3]float64{bx, -by, 0}, v.right) {
		zx, zy = -bx, by
	}
	v.drawAxis(s, marks[2], p.ZLabel, 2, func(t float64) [3]float64 { return [3]float64{zx, zy, (t - 0.5) * boxHeight} }, v.z)
}

// marks returns the ticks of an axis of the box.
func (v *solidView) marks(a axis, chosen []Tick) ticks {
	return own(ticksFor(a, 5, func([]tick) bool { return true }), chosen, a)
}

// drawAxis draws an edge of the box with ticks, labels and a name, outside the box.
func (v *solidView) drawAxis(s surface, t ticks, name string, which int, edge func(float64) [3]float64, a axis) {
	from, _ := v.screen(edge(0))
	to, _ := v.screen(edge(1))
	// Labels stand away from the middle of the box, square to the edge.
	mid, c := point{(from.x + to.x) / 2, (from.y + to.y) / 2}, v.frame.center()
	nx, ny := to.y-from.y, from.x-to.x
	l := math.Hypot(nx, ny)
	if l < 4 {
		return // seen end on
	}
	nx, ny = nx/l, ny/l
	if nx*(mid.x-c.x)+ny*(mid.y-c.y) < 0 {
		nx, ny = -nx, -ny
	}
	lines := [][]point{{from, to}}
	const size = tickSize - 1
	widest := 0.0
	last := math.Inf(-1)
	for _, k := range t.marks {
		q, _ := v.screen(edge(a.at(k.v)))
		lines = append(lines, []point{q, {q.x + tickLen*nx, q.y + tickLen*ny}})
		text := minus(k.label)
		w := textWidth(text, size)
		along := math.Hypot(q.x-from.x, q.y-from.y)
		if along-last < w*math.Abs(ny)+size*0.9*math.Abs(nx)+1 {
			continue // no room beside its neighbour
		}
		last = along
		widest = max(widest, w)
		d := tickLen + 1.5
		lean := max(min(2.2*nx, 1), -1) // labels stand beside steep edges and below flat ones
		at := point{q.x + d*nx + w/2*lean, q.y + d*ny + size*capHeight/2*(1+ny)}
		box := rect{at.x - w/2, at.y - size*capHeight, at.x + w/2, at.y}
		if v.taken(box) && which == 2 { // up from the corner of the floor
			at.y -= 0.75 * size
			box.y0, box.y1 = box.y0-0.75*size, box.y1-0.75*size
		}
		if v.taken(box) {
			continue
		}
		v.labels = append(v.labels, box)
		s.text(caption{at: at, text: text, size: size, anchor: middle})
	}
	s.stroke(pen{ink, pixel, solid}, lines...)
	if name == "" {
		return
	}
	d := tickLen + 4 + widest*math.Abs(nx) + size*math.Abs(ny)
	q := point{mid.x + d*nx, mid.y + d*ny + labelSize*capHeight*(0.5+0.5*ny)}
	if which == 2 {
		s.text(caption{at: point{q.x + labelSize*capHeight, mid.y}, text: name, size: labelSize, anchor: middle, angle: 90})
		return
	}
	s.text(caption{at: q, text: name, size: labelSize, anchor: [...]anchor{middle, middle}[which]})
}

// taken reports whether a label stands in the way of r.
func (v *solidView) taken(r rect) bool {
	for _, l := range v.labels {
		if c := r.cutTo(l.grow(0.5)); c.w() > 0 && c.h() > 0 {
			return true
		}
	}
	return false
}

// checkGrid says whether Z has a value for each pair of X and Y.
func checkGrid(x, y, z []float64) error {
	if n := len(x) * len(y); len(z) != n {
		return fmt.Errorf("has %d values; %d x %d needs %d", len(z), len(y), len(x), n)
	}
	return nil
}

// shaded returns c in the light that falls on a face: 1 is full.
func shaded(c color.NRGBA, light float64) color.NRGBA {
	dim := func(v uint8) uint8 { return uint8(min(float64(v)*light, 255)) }
	return color.NRGBA{dim(c.R), dim(c.G), dim(c.B), c.A}
}
