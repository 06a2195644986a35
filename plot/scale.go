package plot

import "math"

// huge and tiny bound what is drawn: differences of larger numbers and
// quotients of smaller ones would overflow.
const (
	huge = 1e300
	tiny = 1e-300
)

// axis maps the values of one direction to [0, 1]; lo > hi is a reversed axis.
type axis struct {
	lo, hi float64
	log    bool
}

// at returns the position of v, NaN if it has none.
func (s axis) at(v float64) float64 {
	if !(math.Abs(v) <= 1e3*huge) || s.log && v < tiny/1e3 { // room for margins
		return math.NaN()
	}
	if s.log {
		lo := math.Log10(s.lo)
		return (math.Log10(v) - lo) / (math.Log10(s.hi) - lo)
	}
	return (v - s.lo) / (s.hi - s.lo)
}

// ok reports whether v has a position.
func (s axis) ok(v float64) bool {
	return math.Abs(v) <= huge && (!s.log || v >= tiny)
}

// extent is the smallest interval that holds what was added.
type extent struct{ lo, hi float64 }

func newExtent() extent { return extent{math.Inf(1), math.Inf(-1)} }

func (e *extent) add(v float64) { e.lo, e.hi = min(e.lo, v), max(e.hi, v) }

func (e extent) empty() bool { return e.lo > e.hi }

// x returns the i-th abscissa of l.
func (l *Line) x(i int) float64 {
	if l.X == nil {
		return float64(i)
	}
	return l.X[i]
}

// len returns the number of points that have both coordinates.
func (l *Line) len() int {
	if l.X == nil {
		return len(l.Y)
	}
	return min(len(l.X), len(l.Y))
}

// image returns the first image of a.
func (a *Axes) image() *Image {
	for _, it := range a.Items {
		if im, ok := it.(*Image); ok && im.Height > 0 && im.Width > 0 {
			return im
		}
	}
	return nil
}

// axes returns the two axes of a: the limits where they are given, else the
// data with a margin of 5 % at both ends; pictures have no margin and their
// vertical axis runs downwards. Where only the horizontal limits are given,
// the vertical ones fit what lies between them.
func (a *Axes) axes() (x, y axis) {
	x.log, y.log = a.XScale == Log, a.YScale == Log
	ex, ey, shown := newExtent(), newExtent(), newExtent()
	point := func(px, py float64) {
		if x.ok(px) && y.ok(py) {
			ex.add(px)
			ey.add(py)
			if !a.XLim.empty() && px >= min(a.XLim.Min, a.XLim.Max) && px <= max(a.XLim.Min, a.XLim.Max) {
				shown.add(py)
			}
		}
	}
	im := a.image()
	for _, it := range a.Items {
		switch it := it.(type) {
		case *Line:
			for i := range it.len() {
				point(it.x(i), it.Y[i])
			}
		case *Scatter:
			for i := range min(len(it.X), len(it.Y)) {
				point(it.X[i], it.Y[i])
			}
		}
	}
	if !shown.empty() {
		ey = shown
	}
	for _, it := range a.Items {
		if h, ok := it.(*HLine); ok && y.ok(h.Y) {
			ey.add(h.Y)
		}
	}
	margin := 0.05
	if im != nil {
		margin = 0
		for _, it := range a.Items {
			if im, ok := it.(*Image); ok && im.Height > 0 && im.Width > 0 {
				ex.add(-0.5)
				ex.add(float64(im.Width) - 0.5)
				ey.add(-0.5)
				ey.add(float64(im.Height) - 0.5)
			}
		}
	}
	x.lo, x.hi = fit(ex, a.XLim, x, margin)
	y.lo, y.hi = fit(ey, a.YLim, y, margin)
	if im != nil && a.YLim.empty() {
		y.lo, y.hi = y.hi, y.lo
	}
	return x, y
}

// fit returns the ends of an axis: those of lim that are set, the others from
// the data, always apart by more than rounding errors.
func fit(e extent, lim Range, s axis, margin float64) (lo, hi float64) {
	if s.log && !e.empty() && e.lo <= 0 { // the edges of a picture
		e.lo = min(0.5, e.hi)
	}
	if e.empty() {
		e = extent{0, 1}
		if s.log {
			e = extent{1, 10}
		}
		margin = 0
	}
	lo, hi = e.lo, e.hi
	if s.log {
		if hi/lo < 1+1e-9 {
			lo, hi = max(lo/3, tiny), min(hi*3, huge)
		}
		if margin > 0 {
			f := math.Pow(hi/lo, margin)
			if math.IsInf(f, 0) {
				f = 1
			}
			lo, hi = max(lo/f, tiny), min(hi*f, huge)
		}
	} else {
		if same(lo, hi) {
			d := max(math.Abs(lo), math.Abs(hi)) * 0.05
			if d < tiny {
				d = 0.05
			}
			lo, hi = lo-d, hi+d
		}
		d := (hi - lo) * margin
		lo, hi = lo-d, hi+d
	}
	if lim.empty() {
		return lo, hi
	}
	if s.ok(lim.Min) {
		lo = lim.Min
	}
	if s.ok(lim.Max) {
		hi = lim.Max
	}
	if s.log && max(lo, hi)/min(lo, hi) < 1+1e-9 {
		return lo / 3, hi * 3
	}
	if !s.log && same(lo, hi) {
		d := max(math.Abs(lo)*0.05, 0.05)
		return lo - d, hi + d
	}
	return lo, hi
}

// same reports whether a and b are too close together to divide what is between them.
func same(a, b float64) bool {
	return math.Abs(a-b) <= 1e-11*max(math.Abs(a), math.Abs(b)) || math.Abs(a-b) < 1e-290
}
