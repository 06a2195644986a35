package plot

import (
	"image"
	"image/color"
	"math"
)

// drawable reports whether it has cells and as many values as they need.
func (it *Image) drawable() bool {
	return it.Height > 0 && it.Width > 0 && (it.Channels == 1 || it.Channels == 3) &&
		len(it.Pix) == it.Height*it.Width*it.Channels
}

// limits returns the values at the two ends of the colour map.
func (it *Image) limits() (lo, hi float64) {
	if (it.Min != 0 || it.Max != 0) && math.Abs(it.Min) <= huge && math.Abs(it.Max) <= huge {
		return it.Min, it.Max
	}
	e := newExtent()
	for _, v := range it.Pix {
		if math.Abs(v) <= huge {
			e.add(v)
		}
	}
	if e.empty() {
		return 0, 1
	}
	return e.lo, e.hi
}

// colors returns the cells as a picture, one pixel a cell.
func (it *Image) colors() *image.NRGBA {
	out := image.NewNRGBA(image.Rect(0, 0, it.Width, it.Height))
	cmap, err := colorMap(it.Map)
	if err != nil {
		cmap, _ = colorMap("")
	}
	lo, hi := it.limits()
	unit := func(v float64) uint8 {
		if math.IsNaN(v) {
			return 255
		}
		return uint8(math.Round(255 * min(max(v, 0), 1)))
	}
	for i := range it.Height * it.Width {
		var c color.NRGBA
		if it.Channels == 3 {
			p := it.Pix[3*i:]
			c = color.NRGBA{R: unit(p[0]), G: unit(p[1]), B: unit(p[2]), A: 255}
		} else {
			c = cmap.at(share(it.Pix[i], lo, hi))
		}
		out.SetNRGBA(i%it.Width, i/it.Width, c)
	}
	return out
}

// share returns where v lies between lo and hi, in [0, 1]; 0 if they are equal.
func share(v, lo, hi float64) float64 {
	if lo == hi && !math.IsNaN(v) {
		return 0
	}
	t := (v - lo) / (hi - lo)
	if math.IsNaN(t) && math.IsInf(v, 0) {
		t = v
	}
	return min(max(t, 0), 1)
}

// drawImage draws the cells of it that lie in the frame.
func (p *panel) drawImage(s surface, it *Image) {
	if !it.drawable() || p.x.log || p.y.log {
		return
	}
	pic := it.colors()
	// The cells that the axes show, first and last of each direction.
	x0, x1 := span(p.x, it.Width)
	y0, y1 := span(p.y, it.Height)
	if x0 > x1 || y0 > y1 {
		return
	}
	a, b := p.at(float64(x0)-0.5, float64(y0)-0.5), p.at(float64(x1)+0.5, float64(y1)+0.5)
	part := image.NewNRGBA(image.Rect(0, 0, x1-x0+1, y1-y0+1))
	for y := y0; y <= y1; y++ {
		for x := x0; x <= x1; x++ {
			dx, dy := x-x0, y-y0
			if a.x > b.x {
				dx = x1 - x
			}
			if a.y > b.y {
				dy = y1 - y
			}
			part.SetNRGBA(dx, dy, pic.NRGBAAt(x, y))
		}
	}
	s.image(rect{min(a.x, b.x), min(a.y, b.y), max(a.x, b.x), max(a.y, b.y)}, part)
}

// span returns the first and last of n cells whose centres the axis shows.
func span(s axis, n int) (first, last int) {
	lo, hi := min(s.lo, s.hi), max(s.lo, s.hi)
	return int(math.Ceil(max(lo, 0) - 1e-9)), int(math.Floor(min(hi, float64(n-1)) + 1e-9))
}
