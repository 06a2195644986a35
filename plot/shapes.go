package plot

import (
	"image/color"
	"math"
)

// Tint is a pair of colours, one for the inside and one for the edge of a node.
type Tint uint8

// The tints.
const (
	Plain Tint = iota // paper
	Blue
	Orange
	Green
	Red
	Purple
	Yellow
	Teal
	Gray
)

// tints are the inside and the edge; night knows their dark counterparts.
var tints = [...][2]color.NRGBA{
	Plain:  {paper, rgb(0x5f6773)},
	Blue:   {rgb(0xe8f0fb), rgb(0x2f6fb7)},
	Orange: {rgb(0xfdeedd), rgb(0xc46a10)},
	Green:  {rgb(0xe6f4e7), rgb(0x2f8540)},
	Red:    {rgb(0xfbe7e7), rgb(0xbf3d3d)},
	Purple: {rgb(0xf1eafa), rgb(0x7a4fb5)},
	Yellow: {rgb(0xfbf5d6), rgb(0x9a7d0a)},
	Teal:   {rgb(0xe0f4f4), rgb(0x1f8087)},
	Gray:   {rgb(0xf2f3f5), rgb(0x5f6773)},
}

func (t Tint) fill() color.NRGBA { return tints[min(int(t), len(tints)-1)][0] }
func (t Tint) edge() color.NRGBA { return tints[min(int(t), len(tints)-1)][1] }

// edgeWidth is the width of the edge of a node.
const edgeWidth = 1.0

func (n *Node) pen() pen {
	p := pen{n.tint.edge(), edgeWidth, solid}
	if n.dashed {
		p.dash = dashed
	}
	return p
}

// drawGroups draws the frames that lie below everything.
func (n *Node) drawGroups(s surface) {
	if n.shape == groupShape {
		outline(s, n.tint.fill(), n.pen(), rounded(n.r, 5))
		if n.label != "" {
			_, h := labelBox(n.label, n.font)
			w, _ := labelBox(n.label, n.font)
			drawLabel(s, point{n.r.x0 + 6 + w/2, n.r.y0 + 5 + h/2}, n.label, n.font, n.tint.edge())
		}
	}
	for _, k := range n.kids {
		k.drawGroups(s)
	}
}

// outline fills a polygon and draws its edge.
func outline(s surface, inside color.NRGBA, p pen, polygon []point) {
	s.fill(inside, polygon)
	s.stroke(p, append(append([]point(nil), polygon...), polygon[0], polygon[1]))
}

// draw draws n and what is below it, but for groups.
func (n *Node) draw(s surface) {
	c := n.r.center()
	switch n.shape {
	case boxShape:
		var front rect
		d := n.behind()
		for o := d; o >= 0; o -= sheetShift {
			front = rect{n.r.x0 + o, n.r.y0 + d - o, n.r.x1 - d + o, n.r.y1 - o}
			outline(s, n.tint.fill(), n.pen(), rounded(front, min(4, front.h()/3, front.w()/3)))
		}
		c = front.center()
	case circleShape:
		outline(s, n.tint.fill(), n.pen(), circle(c, n.r.w()/2))
	case cellShape:
		outline(s, n.tint.fill(), pen{n.tint.edge(), pixel, n.pen().dash}, n.r.corners())
	case blockShape:
		n.drawBlock(s)
		return
	case sheetShape:
		n.drawSheets(s)
		return
	case pictureShape:
		if b := n.body(); n.picture.drawable() && b.w() > 0 && b.h() > 0 {
			s.image(b, n.picture.colors())
			k := b.corners()
			s.stroke(pen{n.tint.edge(), pixel, solid}, append(k, k[0], k[1]))
		}
		n.drawBelow(s)
		return
	}
	if n.shape <= textShape || n.shape == cellShape {
		if n.label == "+" || n.label == "×" || n.label == "∗" {
			n.drawSign(s)
		} else if n.upright {
			drawUpright(s, c, n.label, n.font)
		} else if n.label != "" {
			drawLabel(s, c, n.label, n.font, ink)
		}
	}
	for _, k := range n.kids {
		k.draw(s)
	}
	for _, f := range n.frames {
		a, b := n.At(f.i, f.j).r, n.At(f.i+f.rows-1, f.j+f.cols-1).r
		k := a.join(b).corners()
		s.stroke(pen{f.tint.edge(), 2, solid}, append(k, k[0], k[1]))
	}
}

// drawSign draws +, × or ∗ as lines, which fill a circle better than a letter.
func (n *Node) drawSign(s surface) {
	c, d := n.r.center(), 0.42*n.font
	if inCells(s) {
		drawLabel(s, c, n.label, n.font, ink)
		return
	}
	p := pen{ink, 1.1, solid}
	if n.label == "+" {
		s.stroke(p, []point{{c.x - d, c.y}, {c.x + d, c.y}}, []point{{c.x, c.y - d}, {c.x, c.y + d}})
		return
	}
	if n.label == "∗" { // a star of three lines
		for k := range 3 {
			sin, cos := math.Sincos(math.Pi/6 + math.Pi/3*float64(k))
			s.stroke(p, []point{{c.x - 0.7*d*cos, c.y - 0.7*d*sin}, {c.x + 0.7*d*cos, c.y + 0.7*d*sin}})
		}
		return
	}
	d *= 0.75
	s.stroke(p, []point{{c.x - d, c.y - d}, {c.x + d, c.y + d}}, []point{{c.x - d, c.y + d}, {c.x + d, c.y - d}})
}

// drawBelow writes the label of a block or of sheets.
func (n *Node) drawBelow(s surface) {
	if n.label != "" {
		_, h := labelBox(n.label, n.font)
		drawLabel(s, point{n.r.center().x, n.r.y1 - h/2}, n.label, n.font, ink)
	}
}

// drawBlock draws the front, the top and the right side of a block.
func (n *Node) drawBlock(s surface) {
	b, d := n.body(), n.back()
	f := rect{b.x0, b.y0 + d, b.x1 - d, b.y1}
	p := n.pen()
	p.width = 0.8
	side := n.tint.edge()
	outline(s, faded(side, 0.35), p, []point{{f.x0, f.y0}, {f.x0 + d, b.y0}, {b.x1, b.y0}, {f.x1, f.y0}})
	outline(s, faded(side, 0.55), p, []point{{f.x1, f.y0}, {b.x1, b.y0}, {b.x1, f.y1 - d}, {f.x1, f.y1}})
	outline(s, n.tint.fill(), p, f.corners())
	n.drawBelow(s)
}

// drawSheets draws the sheets from the last to the first.
func (n *Node) drawSheets(s surface) {
	b, d := n.body(), n.back()
	p := n.pen()
	p.width = 0.8
	for k := int(d / sheetShift); k >= 0; k-- {
		o := float64(k) * sheetShift
		outline(s, n.tint.fill(), p, rect{b.x0 + o, b.y0 + d - o, b.x0 + o + n.w, b.y1 - o}.corners())
	}
	n.drawBelow(s)
}

// circle returns a circle as a polygon.
func circle(c point, r float64) []point {
	n := 32 + int(r)
	out := make([]point, n)
	for i := range out {
		sin, cos := math.Sincos(2 * math.Pi * float64(i) / float64(n))
		out[i] = point{c.x + r*cos, c.y + r*sin}
	}
	return out
}

// rounded returns a rectangle with round corners as a polygon.
func rounded(b rect, r float64) []point {
	const n = 6
	var out []point
	for k, c := range []point{{b.x1 - r, b.y1 - r}, {b.x0 + r, b.y1 - r}, {b.x0 + r, b.y0 + r}, {b.x1 - r, b.y0 + r}} {
		for i := range n + 1 {
			sin, cos := math.Sincos(math.Pi / 2 * (float64(k) + float64(i)/n))
			out = append(out, point{c.x + r*cos, c.y + r*sin})
		}
	}
	return out
}
