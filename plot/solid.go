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
