package plot

import (
	"image"
	"math"
)

// The measures of a colour bar in points.
const (
	barWidth = 8.0
	barGap   = 8.0 // from the frame
)

// mapped is an item whose colours stand for numbers.
type mapped interface {
	// scale returns the colour map and its ends, ok if the item has one.
	scale() (m ramp, lo, hi float64, ok bool)
}

// bar is a colour bar.
type bar struct {
	ramp  ramp
	s     axis
	frame rect
	right float64
}

// newBar returns the colour bar of the first item of a that has a colour map, nil if none has.
func newBar(a *Axes) *bar {
	for _, it := range a.Items {
		if m, ok := it.(mapped); ok && !isNil(it) {
			if r, lo, hi, ok := m.scale(); ok {
				return barOf(r, lo, hi)
			}
		}
	}
	return nil
}

func barOf(r ramp, lo, hi float64) *bar {
	b := &bar{ramp: r}
	b.s.lo, b.s.hi = fit(extent{lo, hi}, Range{}, axis{}, 0)
	return b
}

// newBar returns the colour bar of all axes of f.
func (f *Figure) newBar() *bar {
	var all *bar
	for _, a := range f.Axes {
		if a == nil {
			continue
		}
		if b := newBar(a); b != nil && all == nil {
			all = b
		} else if b != nil {
			all.s.lo, all.s.hi = min(all.s.lo, b.s.lo), max(all.s.hi, b.s.hi)
		}
	}
	return all
}

// ticks returns the marks of the bar; its height hardly changes them.
func (b *bar) ticks() ticks {
	h := b.frame.h()
	if h <= 0 {
		h = 100
	}
	return ticksFor(b.s, 6, func(t []tick) bool {
		for i := 1; i < len(t); i++ {
			if math.Abs(b.s.at(t[i].v)-b.s.at(t[i-1].v))*h < 1.7*tickSize {
				return false
			}
		}
		return true
	})
}

// width returns the room of the bar and its labels.
func (b *bar) width() float64 {
	w := 0.0
	for _, t := range b.ticks().marks {
		w = max(w, tickWidth(t))
	}
	return barWidth + tickLen + tickPad + w + 1
}

func (b *bar) draw(s surface) {
	const n = 128
	im := image.NewNRGBA(image.Rect(0, 0, 1, n))
	for i := range n {
		im.SetNRGBA(0, i, b.ramp.at(1-float64(i)/(n-1)))
	}
	f := b.frame
	if f.h() <= 0 {
		return
	}
	s.image(f, im)
	c := f.corners()
	lines := [][]point{append(c, c[0], c[1])}
	t := b.ticks()
	for _, k := range t.marks {
		y := snap(f.y1 - b.s.at(k.v)*f.h())
		lines = append(lines, []point{{f.x1, y}, {f.x1 + tickLen, y}})
		drawTick(s, k, point{f.x1 + tickLen + tickPad, y + tickSize*capHeight/2}, start)
	}
	s.stroke(pen{ink, pixel, solid}, lines...)
	if t.note != "" {
		s.text(caption{at: point{f.x0, f.y0 - 3}, text: minus(t.note), size: tickSize})
	}
}
