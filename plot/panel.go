package plot

// newPanel returns a panel with its axes, not yet placed.
func (f *Figure) newPanel(a *Axes, shared limits) *panel {
	p := &panel{Axes: a, format: a.styles()}
	p.x, p.y = shared.apply(a.axes())
	if r := a.Right; r != nil {
		p.right = &panel{Axes: r, format: r.styles()}
		_, p.right.y = r.axes()
		p.right.x = p.x
	}
	if a.ColorBar {
		p.bar = newBar(a)
	}
	p.solid = a.solids()
	return p
}

// limits are the axes that all panels share, if they do.
type limits struct {
	x, y       axis
	hasX, hasY bool
}

// shared returns the limits that hold all axes of f.
func (f *Figure) shared() (l limits) {
	join := func(a, b axis) axis {
		if a.lo > a.hi {
			return axis{max(a.lo, b.lo, b.hi), min(a.hi, b.lo, b.hi), a.log}
		}
		return axis{min(a.lo, b.lo, b.hi), max(a.hi, b.lo, b.hi), a.log}
	}
	first := true
	for _, a := range f.Axes {
		if a == nil || !f.ShareX && !f.ShareY {
			continue
		}
		x, y := a.axes()
		if first {
			l, first = limits{x, y, f.ShareX, f.ShareY}, false
			continue
		}
		l.hasX = l.hasX && x.log == l.x.log
		l.hasY = l.hasY && y.log == l.y.log
		l.x, l.y = join(l.x, x), join(l.y, y)
	}
	return l
}

func (l limits) apply(x, y axis) (axis, axis) {
	if l.hasX {
		x = l.x
	}
	if l.hasY {
		y = l.y
	}
	return x, y
}
