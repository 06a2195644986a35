package plot

import (
	"fmt"
	"image"
	"image/color"
	"math"
	"strings"
)

// Image is a grid of cells, row 0 on top: one channel goes through the colour
// map, three are red, green and blue in [0, 1]. Cell (i, j) covers the unit
// square around (j, i), so that ticks stand at cell centres; cells are square.
// NaN leaves a cell white. With [Axes.ColorBar] it is a heatmap.
type Image struct {
	Height, Width, Channels int
	Pix                     []float64 // row by row, channels last
	Map                     string    // "viridis" (default), "gray", "Reds", "Blues", "coolwarm"
	Min, Max                float64   // both zero, or not finite: fit the data
	Values                  string    // write the number of each cell in this format, such as "%.2f"; "" writes none
	Free                    bool      // cells need not be square
}

func (it *Image) name() (kind, label string)      { return "Image", "" }
func (it *Image) about() string                   { return fmt.Sprintf("picture of %d x %d cells", it.Height, it.Width) }
func (it *Image) layer() layer                    { return pictures }
func (it *Image) style(func() color.NRGBA) format { return format{} }
func (it *Image) entries(format) []entry          { return nil }

func (it *Image) check() error {
	if it.Height < 0 || it.Width < 0 || it.Channels != 1 && it.Channels != 3 {
		return fmt.Errorf("shape is %d x %d x %d; channels must be 1 or 3", it.Height, it.Width, it.Channels)
	}
	if n := it.Height * it.Width * it.Channels; len(it.Pix) != n {
		return fmt.Errorf("has %d values; %d x %d x %d needs %d", len(it.Pix), it.Height, it.Width, it.Channels, n)
	}
	if it.Values != "" {
		if t := fmt.Sprintf(it.Values, 1.5); strings.Contains(t, "%!") {
			return fmt.Errorf("format %q of the values gives %q", it.Values, t)
		}
	}
	_, err := colorMap(it.Map)
	return err
}

func (it *Image) reach(r *reach) {
	if it.Height > 0 && it.Width > 0 {
		r.cells(-0.5, float64(it.Width)-0.5, -0.5, float64(it.Height)-0.5)
	}
}

// scale returns the colour map and its ends, ok if the picture goes through it.
func (it *Image) scale() (ramp, float64, float64, bool) {
	m, err := colorMap(it.Map)
	lo, hi := it.limits()
	return m, lo, hi, err == nil && it.Channels == 1
}

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
	return span(it.Pix)
}

// colors returns the cells as a picture, one pixel a cell.
func (it *Image) colors() *image.NRGBA { return it.colorsIn(it.limits()) }

// colorsIn is colors with lo and hi at the ends of the colour map.
func (it *Image) colorsIn(lo, hi float64) *image.NRGBA {
	out := image.NewNRGBA(image.Rect(0, 0, it.Width, it.Height))
	cmap, err := colorMap(it.Map)
	if err != nil {
		cmap, _ = colorMap("")
	}
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

// draw draws the cells of it that lie in the frame.
func (it *Image) draw(p *panel, s surface, _ format) {
	if !it.drawable() || p.x.log || p.y.log {
		return
	}
	pic := it.colors()
	if p.common != nil {
		pic = it.colorsIn(p.common.s.lo, p.common.s.hi)
	}
	// The cells that the axes show, first and last of each direction.
	x0, x1 := cellsOf(p.x, it.Width)
	y0, y1 := cellsOf(p.y, it.Height)
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
	if it.Values != "" && it.Channels == 1 {
		it.drawValues(p, s, pic, x0, y0, x1, y1)
	}
}

// drawValues writes the numbers of the cells, dark on light and light on dark.
func (it *Image) drawValues(p *panel, s surface, pic *image.NRGBA, x0, y0, x1, y1 int) {
	width := math.Abs(p.at(1, 0).x - p.at(0, 0).x)
	height := math.Abs(p.at(0, 1).y - p.at(0, 0).y)
	for y := y0; y <= y1; y++ {
		for x := x0; x <= x1; x++ {
			v := it.Pix[y*it.Width+x]
			if math.IsNaN(v) {
				continue
			}
			text := minus(fmt.Sprintf(it.Values, v))
			size := min(tickSize, 0.75*height)
			if w := textWidth(text, size); w > width-2 {
				size *= (width - 2) / w
			}
			if size < 3 {
				continue
			}
			q := p.at(float64(x), float64(y))
			q.y += size * capHeight / 2
			s.text(caption{at: q, text: text, size: size, anchor: middle, color: onColor(pic.NRGBAAt(x, y))})
		}
	}
}

// onColor returns the colour of letters that can be read on c in every theme.
func onColor(c color.NRGBA) color.NRGBA {
	if luminance(c) > 0.36 {
		return rgb(0x111111)
	}
	return rgb(0xfefefe)
}

// luminance returns the relative luminance of c, in [0, 1] (WCAG 2).
func luminance(c color.NRGBA) float64 {
	lin := func(v uint8) float64 { return math.Pow(float64(v)/255, 2.2) }
	return 0.2126*lin(c.R) + 0.7152*lin(c.G) + 0.0722*lin(c.B)
}

// cellsOf returns the first and last of n cells whose centres the axis shows.
func cellsOf(s axis, n int) (first, last int) {
	lo, hi := min(s.lo, s.hi), max(s.lo, s.hi)
	return int(math.Ceil(max(lo, 0) - 1e-9)), int(math.Floor(min(hi, float64(n-1)) + 1e-9))
}
