package plot

import (
	"image"
	"image/color"
	"math"
	"unicode/utf8"
)

// The size of a dot of a Braille character in points, so that what is drawn in
// points has its size among text.
const (
	dotWidth  = 2.3
	dotHeight = 2.3
)

// dotSurface draws in Braille dots on a block of cells.
type dotSurface struct {
	d      *dots
	labels []label       // written over the dots in the end
	back   []color.NRGBA // of the cells; nil without colours
}

// label is text in cells.
type label struct {
	x, y int
	text string
	c    color.NRGBA
}

// newDotSurface returns a surface of w x h cells.
func newDotSurface(w, h int, colors bool) *dotSurface {
	s := &dotSurface{d: newDots(w, h)}
	if colors {
		s.back = make([]color.NRGBA, w*h)
	}
	return s
}

func newDots(w, h int) *dots {
	return &dots{w: w, h: h, mask: make([]uint8, w*h), color: make([]color.NRGBA, w*h)}
}

func (s *dotSurface) at(q point) point { return point{q.x / dotWidth, q.y / dotHeight} }

// area returns the rectangle of all dots.
func (d *dots) area() rect { return rect{0, 0, float64(2*d.w - 1), float64(4*d.h - 1)} }

func (s *dotSurface) stroke(p pen, lines ...[]point) {
	if p.color.A < 40 || p.width < 0.5 {
		return // seams
	}
	for _, l := range lines {
		places := make([]point, len(l))
		for i, q := range l {
			places[i] = s.at(q)
		}
		for _, part := range clip(places, s.d.area()) {
			b := brush{d: s.d, c: p.color, pattern: p.dash.dotPattern()}
			b.dot(int(math.Round(part[0].x)), int(math.Round(part[0].y)))
			for k := 1; k < len(part); k++ {
				b.line(part[k-1], part[k])
			}
		}
	}
}

// fill sets the dots inside: all of what is dark, some of what is light or
// transparent; paper clears them.
func (s *dotSurface) fill(c color.NRGBA, polygons ...[]point) {
	for _, l := range polygons {
		places := make([]point, len(l))
		for i, q := range l {
			places[i] = s.at(q)
		}
		if places = clipArea(places, s.d.area().grow(1)); len(places) < 3 {
			continue
		}
		scan(places, func(x, y int) {
			switch l := luminance(c); {
			case l > 0.75: // paper and light tints
				s.d.clear(x, y)
			case c.A <= 160:
				if mod(x+2*y, 4) == 0 {
					s.d.set(x, y, c)
				}
			case l < 0.3 || l < bayer[mod(y, 4)][mod(x, 4)]:
				s.d.set(x, y, c)
			default:
				s.d.clear(x, y)
			}
		})
	}
}

// scan calls f with every dot whose centre lies inside a polygon.
func scan(p []point, f func(x, y int)) {
	lo, hi := math.Inf(1), math.Inf(-1)
	for _, q := range p {
		lo, hi = min(lo, q.y), max(hi, q.y)
	}
	for y := math.Ceil(lo); y <= hi; y++ {
		var cuts []float64
		for i, b := range p {
			a := p[(i+len(p)-1)%len(p)]
			if (a.y <= y) != (b.y <= y) {
				cuts = append(cuts, a.x+(y-a.y)/(b.y-a.y)*(b.x-a.x))
			}
		}
		sortFloats(cuts)
		for i := 1; i < len(cuts); i += 2 {
			for x := math.Ceil(cuts[i-1]); x <= cuts[i]; x++ {
				f(int(x), int(y))
			}
		}
	}
}

// sortFloats sorts the few crossings of a line.
func sortFloats(v []float64) {
	for i := range v {
		for j := i; j > 0 && v[j] < v[j-1]; j-- {
			v[j], v[j-1] = v[j-1], v[j]
		}
	}
}

// clear takes the dot (x, y) away.
func (d *dots) clear(x, y int) {
	if x >= 0 && y >= 0 && x < 2*d.w && y < 4*d.h {
		d.mask[y/4*d.w+x/2] &^= bits[y%4][x%2]
	}
}

func (s *dotSurface) dots(c color.NRGBA, diameter float64, at []point) {
	r := diameter / 2 / dotWidth
	for _, q := range at {
		q = s.at(q)
		for y := math.Round(q.y - r/2); y <= q.y+r/2; y++ {
			for x := math.Round(q.x - r/2); x <= q.x+r/2; x++ {
				s.d.set(int(x), int(y), c)
			}
		}
		s.d.set(int(math.Round(q.x)), int(math.Round(q.y)), c)
	}
}

func (s *dotSurface) text(c caption) {
	q := s.at(c.at)
	n := utf8.RuneCountInString(c.text)
	if c.angle == 90 { // one letter below the other
		y := int(q.y/4) - int(float64(n)*[...]float64{start: 1, middle: 0.5, end: 0}[c.anchor])
		for _, r := range c.text {
			s.labels = append(s.labels, label{int(q.x / 2), y, string(r), c.color})
			y++
		}
		return
	}
	x := int(math.Round(q.x/2 - float64(n)*[...]float64{start: 0, middle: 0.5, end: 1}[c.anchor]))
	s.labels = append(s.labels, label{x, int(math.Floor(math.Round(q.y-c.size*capHeight/2/dotHeight) / 4)), c.text, c.color})
}

// head puts a character for the head of an arrow.
func (s *dotSurface) head(c color.NRGBA, from, tip point) {
	dx, dy := tip.x-from.x, tip.y-from.y
	r, back := "▶", point{dotWidth, 0}
	switch {
	case math.Abs(dx) >= math.Abs(dy) && dx < 0:
		r, back = "◀", point{-dotWidth, 0}
	case math.Abs(dx) < math.Abs(dy) && dy < 0:
		r, back = "▲", point{0, -2 * dotHeight}
	case math.Abs(dx) < math.Abs(dy):
		r, back = "▼", point{0, 2 * dotHeight}
	}
	q := s.at(point{tip.x - back.x, tip.y - back.y})
	s.labels = append(s.labels, label{int(math.Round(q.x)) / 2, int(math.Round(q.y)) / 4, r, c})
}

// image colours the cells behind the dots; without colours there is nothing to show.
func (s *dotSurface) image(r rect, im image.Image) {
	if s.back == nil {
		return
	}
	a, b := s.at(point{r.x0, r.y0}), s.at(point{r.x1, r.y1})
	bounds := im.Bounds()
	for y := range s.d.h {
		for x := range s.d.w {
			u, v := (float64(2*x)+0.5-a.x)/(b.x-a.x), (float64(4*y)+1.5-a.y)/(b.y-a.y)
			if u < 0 || u > 1 || v < 0 || v > 1 {
				continue
			}
			i, j := min(int(u*float64(bounds.Dx())), bounds.Dx()-1), min(int(v*float64(bounds.Dy())), bounds.Dy()-1)
			c := color.NRGBAModel.Convert(im.At(bounds.Min.X+i, bounds.Min.Y+j)).(color.NRGBA)
			if c.A > 0 {
				s.back[y*s.d.w+x] = c
			}
		}
	}
}

// bayer are the thresholds of an ordered dither.
var bayer = [4][4]float64{{0.03, 0.53, 0.16, 0.66}, {0.78, 0.28, 0.91, 0.41}, {0.22, 0.72, 0.09, 0.59}, {0.97, 0.47, 0.84, 0.34}}

// show writes the dots and the labels on a screen from cell (x0, y0) on.
func (s *dotSurface) show(to *screen, x0, y0 int, colors bool) {
	for i, c := range s.back {
		if c.A > 0 {
			to.set(x0+i%s.d.w, y0+i/s.d.w, cell{r: ' ', bg: c})
		}
	}
	s.d.show(to, x0, y0, colors)
	for _, l := range s.labels {
		fg := color.NRGBA{}
		if colors && l.c != ink {
			fg = l.c
		}
		x := x0 + l.x
		for _, r := range l.text {
			if x >= x0 && x < x0+s.d.w && l.y >= 0 && l.y < s.d.h {
				to.put(x, y0+l.y, string(r), fg)
			}
			x++
		}
	}
}

// show writes the dots on a screen.
func (d *dots) show(to *screen, x0, y0 int, colors bool) {
	for i, m := range d.mask {
		if m == 0 {
			continue
		}
		c := cell{r: rune(0x2800 + int(m))}
		if colors && d.color[i] != ink {
			c.fg = d.color[i]
			c.fg.A = 255
		}
		c.bg = to.behind(x0+i%d.w, y0+i/d.w)
		if c.bg.A > 0 && c.fg.A == 0 {
			c.fg = onColor(c.bg)
		}
		to.set(x0+i%d.w, y0+i/d.w, c)
	}
}

// inCells says whether s writes text in cells.
func inCells(s surface) bool {
	t, ok := s.(interface{ inCells() bool })
	return ok && t.inCells()
}

// inCells reports that text is written in cells: formulas come in one line.
func (s *dotSurface) inCells() bool { return true }
