package plot

import (
	"image"
	"image/color"
	"math"
)

// shades are characters from empty to full.
const shades = " .:-=+*#%@"

// drawImage draws title and picture; ticks would not be worth their room.
func (p *textPanel) drawImage() {
	top, bottom := p.header(), p.y1
	if p.XLabel != "" && !p.Hidden && bottom-top > 2 {
		bottom--
		p.center(p.x0, p.x1, bottom, p.XLabel)
	}
	it := p.image()
	if top >= bottom || p.x0 >= p.x1 || !it.drawable() {
		return
	}
	// A character is about twice as high as wide: two square pixels.
	w, h := float64(p.x1-p.x0), float64(2*(bottom-top))
	scale := min(w/float64(it.Width), h/float64(it.Height))
	cols := min(max(1, int(math.Round(scale*float64(it.Width)))), p.x1-p.x0)
	rows := min(max(1, int(math.Round(scale*float64(it.Height)/2))), bottom-top)
	x0 := p.x0 + (p.x1-p.x0-cols)/2
	defer p.overlay(x0, top, cols, rows)
	if p.colors {
		pic := scaled(it.colors(), cols, 2*rows)
		for y := range rows {
			for x := range cols {
				p.s.set(x0+x, top+y, cell{r: '▀', fg: pic.NRGBAAt(x, 2*y), bg: pic.NRGBAAt(x, 2*y+1)})
			}
		}
		return
	}
	pic := scaled(it.amounts(), cols, rows)
	for y := range rows {
		for x := range cols {
			i := int(pic.NRGBAAt(x, y).R) * len(shades) / 256
			p.s.set(x0+x, top+y, cell{r: rune(shades[i])})
		}
	}
}

// overlay draws what lies on a picture of cols x rows cells.
func (p *textPanel) overlay(x0, top, cols, rows int) {
	rest := *p.Axes
	rest.Items = nil
	var formats []format
	for i, it := range p.Items {
		if _, picture := it.(*Image); !picture && !isNil(it) {
			rest.Items, formats = append(rest.Items, it), append(formats, p.format[i])
		}
	}
	if len(rest.Items) == 0 {
		return
	}
	s := newDotSurface(cols, rows, p.colors)
	x, y := p.axes()
	p.drawDots(s, &rest, x, y, formats)
	s.show(p.s, x0, top, p.colors)
}

// amounts returns the cells as a gray picture: white for much.
func (it *Image) amounts() *image.NRGBA {
	if it.Channels == 3 {
		pic := it.colors()
		for y := range it.Height {
			for x := range it.Width {
				g := color.GrayModel.Convert(pic.NRGBAAt(x, y)).(color.Gray)
				pic.SetNRGBA(x, y, color.NRGBA{g.Y, g.Y, g.Y, 255})
			}
		}
		return pic
	}
	gray := *it
	gray.Map = "gray"
	return gray.colors()
}

// scaled returns pic at w x h pixels, each the mean of what it covers.
func scaled(pic *image.NRGBA, w, h int) *image.NRGBA {
	out := image.NewNRGBA(image.Rect(0, 0, w, h))
	b := pic.Bounds()
	for y := range h {
		y0, y1 := cover(y, h, b.Dy())
		for x := range w {
			x0, x1 := cover(x, w, b.Dx())
			var sum [3]int
			for j := y0; j < y1; j++ {
				for i := x0; i < x1; i++ {
					c := pic.NRGBAAt(i, j)
					sum[0], sum[1], sum[2] = sum[0]+int(c.R), sum[1]+int(c.G), sum[2]+int(c.B)
				}
			}
			n := (y1 - y0) * (x1 - x0)
			out.SetNRGBA(x, y, color.NRGBA{uint8(sum[0] / n), uint8(sum[1] / n), uint8(sum[2] / n), 255})
		}
	}
	return out
}

// cover returns which of m pixels the i-th of n covers, at least one.
func cover(i, n, m int) (from, to int) {
	from = i * m / n
	return from, max(from+1, (i+1)*m/n)
}
