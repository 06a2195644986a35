package plot

import (
	"image/color"
	"math"
)

// arrow draws a polyline with a filled head at its end; the head of a short line is smaller.
func arrow(s surface, c color.NRGBA, width float64, line []point) {
	n := len(line)
	if n < 2 {
		return
	}
	head := headSize(width)
	if n == 2 {
		head = min(head, 0.6*math.Hypot(line[1].x-line[0].x, line[1].y-line[0].y))
	}
	// The shaft ends inside the head, also where the last pieces of a curve are shorter.
	tip := line[n-1]
	k := n - 1
	for k > 1 && math.Hypot(line[k-1].x-tip.x, line[k-1].y-tip.y) < head {
		k--
	}
	from := line[k-1]
	l := math.Hypot(tip.x-from.x, tip.y-from.y)
	if l < 0.3 {
		return
	}
	notch := point{tip.x - 0.7*head*(tip.x-from.x)/l, tip.y - 0.7*head*(tip.y-from.y)/l}
	s.stroke(pen{c, width, solid}, append(append([]point(nil), line[:k]...), notch))
	headAt(s, c, head, from, tip)
}

// headSize returns the length of the head of an arrow.
func headSize(width float64) float64 { return 3.2 + 2.2*width }

// arrowHead draws the head of an arrow from one point to another.
func arrowHead(s surface, c color.NRGBA, width float64, from, tip point) {
	headAt(s, c, headSize(width), from, tip)
}

func headAt(s surface, c color.NRGBA, head float64, from, tip point) {
	dx, dy := tip.x-from.x, tip.y-from.y
	l := math.Hypot(dx, dy)
	if l == 0 {
		return
	}
	if inCells(s) {
		s.(header).head(c, from, tip)
		return
	}
	dx, dy = dx/l, dy/l
	half := 0.4 * head
	s.fill(c, []point{tip, {tip.x - head*dx - half*dy, tip.y - head*dy + half*dx},
		{tip.x - 0.78*head*dx, tip.y - 0.78*head*dy}, {tip.x - head*dx + half*dy, tip.y - head*dy - half*dx}})
}
