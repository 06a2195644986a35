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

// value returns the value at position t, the reverse of at.
func (s axis) value(t float64) float64 {
	if s.log {
		return s.lo * math.Pow(s.hi/s.lo, t)
	}
	return s.lo + t*(s.hi-s.lo)
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

// image returns the first image of a.
func (a *Axes) image() *Image {
	for _, it := range a.Items {
		if im, ok := it.(*Image); ok && im.Height > 0 && im.Width > 0 {
			return im
		}
	}
	return nil
}

// reach gathers what axes must hold.
type reach struct {
	x, y   axis  // their scales
	xlim   Range // of the axes
	ex, ey extent
	shown  extent // ordinates between the horizontal limits
	lx, ly extent // what must be held in any case
	tight  bool   // no margin
	base   bool   // no margin beyond zero: bars stand on the axis
	down   bool   // the vertical axis runs downwards
}

// point adds a point.
func (r *reach) point(x, y float64) {
	if r.x.ok(x) && r.y.ok(y) {
		r.ex.add(x)
		r.ey.add(y)
		if !r.xlim.empty() && x >= min(r.xlim.Min, r.xlim.Max) && x <= max(r.xlim.Min, r.xlim.Max) {
			r.shown.add(y)
		}
	}
}

// level adds an ordinate, whatever its abscissa; upright the reverse.
func (r *reach) level(y float64) {
	if r.y.ok(y) {
		r.ly.add(y)
	}
}

func (r *reach) upright(x float64) {
	if r.x.ok(x) {
		r.lx.add(x)
	}
}

// cells adds the area of a picture, which has no margin.
func (r *reach) cells(x0, x1, y0, y1 float64) {
	r.tight = true
	r.lx.add(x0)
	r.lx.add(x1)
	r.ly.add(y0)
	r.ly.add(y1)
}

// join returns the smallest extent that holds both.
func (e extent) join(o extent) extent { return extent{min(e.lo, o.lo), max(e.hi, o.hi)} }

// axes returns the two axes of a: the limits where they are given, else the
// data with a margin of 5 % at both ends; pictures have no margin and their
// vertical axis runs downwards. Where only the horizontal limits are given,
// the vertical ones fit what lies between them.
func (a *Axes) axes() (x, y axis) {
	x.log, y.log = a.XScale == Log, a.YScale == Log
	e := newExtent()
	r := &reach{x: x, y: y, xlim: a.XLim, ex: e, ey: e, shown: e, lx: e, ly: e}
	for _, it := range a.Items {
		if !isNil(it) {
			it.reach(r)
		}
	}
	if !r.shown.empty() {
		r.ey = r.shown
	}
	ex, ey := r.ex.join(r.lx), r.ey.join(r.ly)
	margin := 0.05
	if r.tight {
		margin = 0
	}
	x.lo, x.hi = fit(ex, a.XLim, x, margin)
	y.lo, y.hi = fit(ey, a.YLim, y, margin)
	if r.base && a.YLim.empty() && ey.lo == 0 && !y.log {
		y.lo = 0
	}
	if r.base && a.XLim.empty() && ex.lo == 0 && !x.log {
		x.lo = 0
	}
	if (a.image() != nil || r.down) && a.YLim.empty() {
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
