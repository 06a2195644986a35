package plot

import (
	"image"
	"image/color"
	"math"
)

// point is a place on a surface: points (1/72 inch) from the top left corner.
type point struct{ x, y float64 }

// rect is an upright rectangle on a surface.
type rect struct{ x0, y0, x1, y1 float64 }

func (r rect) w() float64 { return r.x1 - r.x0 }
func (r rect) h() float64 { return r.y1 - r.y0 }

// corners returns r as a closed polygon.
func (r rect) corners() []point {
	return []point{{r.x0, r.y0}, {r.x1, r.y0}, {r.x1, r.y1}, {r.x0, r.y1}}
}

// snap moves the sides of r to the middle of pixels of 1/96 inch, so that thin
// upright lines are sharp on a screen.
func (r rect) snap() rect { return rect{snap(r.x0), snap(r.y0), snap(r.x1), snap(r.y1)} }

// pixel is 1/96 inch in points: the unit of the screen and the width of thin lines.
const pixel = 0.75

func snap(v float64) float64 {
	if !(math.Abs(v) < 1e6) {
		return v
	}
	n := int(v/pixel + 1e-9)
	return (float64(n) + 0.5) * pixel
}

// pen is how lines are drawn.
type pen struct {
	color color.NRGBA
	width float64
	dash  dash
}

// anchor is the part of a text that stands at its point.
type anchor uint8

const (
	start anchor = iota
	middle
	end
)

// caption is a line of text.
type caption struct {
	at     point // on the baseline
	text   string
	size   float64
	anchor anchor
	angle  float64 // degrees by which the line is turned against the clock
	face   typeface
	color  color.NRGBA // zero is ink
}

// paint returns the colour of c.
func (c caption) paint() color.NRGBA {
	if c.color == (color.NRGBA{}) {
		return ink
	}
	return c.color
}

// surface is what a figure is drawn on.
type surface interface {
	// stroke draws open polylines.
	stroke(p pen, lines ...[]point)
	// fill fills closed polygons.
	fill(c color.NRGBA, polygons ...[]point)
	// dots fills circles.
	dots(c color.NRGBA, diameter float64, at []point)
	// text writes a line.
	text(c caption)
	// image fills r with a picture, its pixels sharp.
	image(r rect, im image.Image)
}
