package plot

import "math"

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
		text := k.shown()
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
