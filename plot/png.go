package plot

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"math"

	xdraw "golang.org/x/image/draw"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/vgimg"
)

// maxPixels bounds a PNG.
const maxPixels = 100e6

// PNG renders f with 96*scale pixels an inch: scale 1 is the size of the SVG
// in a browser, 2 is for screens of double density. The scale is rounded to
// whole dots per inch. It is light unless a [Theme] says Dark.
func (f *Figure) PNG(scale float64, theme ...Theme) ([]byte, error) {
	if err := f.Check(); err != nil {
		return nil, err
	}
	w, h := f.size()
	dpi := math.Round(96 * scale)
	if !(dpi >= 1) || w*h*dpi*dpi > maxPixels {
		return nil, fmt.Errorf("plot: png: scale %v for %v x %v inches", scale, w, h)
	}
	c := vgimg.NewWith(
		vgimg.UseWH(vg.Length(w)*vg.Inch, vg.Length(h)*vg.Inch),
		vgimg.UseDPI(int(dpi)), vgimg.UseBackgroundColor(themeOf(theme).color(paper)))
	f.draw(&pngSurface{c: c, h: h * 72, dot: 72 / dpi, theme: themeOf(theme)}, w*72, h*72)
	var buf bytes.Buffer
	enc := png.Encoder{CompressionLevel: png.BestCompression}
	if err := enc.Encode(&buf, c.Image()); err != nil {
		return nil, fmt.Errorf("plot: png: %w", err)
	}
	return buf.Bytes(), nil
}

// pngSurface draws on a canvas whose y axis points up.
type pngSurface struct {
	c   *vgimg.Canvas
	h   float64 // height in points
	dot float64 // a pixel in points

	theme Theme
}

func (s *pngSurface) at(q point) vg.Point {
	return vg.Point{X: vg.Points(q.x), Y: vg.Points(s.h - q.y)}
}

func (s *pngSurface) path(lines [][]point, closed bool) vg.Path {
	var p vg.Path
	for _, l := range lines {
		for i, q := range l {
			if i == 0 {
				p.Move(s.at(q))
			} else {
				p.Line(s.at(q))
			}
		}
		if closed && len(l) > 0 {
			p.Close()
		}
	}
	return p
}

func (s *pngSurface) stroke(p pen, lines ...[]point) {
	s.c.SetColor(s.theme.color(p.color))
	s.c.SetLineWidth(vg.Points(p.width))
	var dashes []vg.Length
	for _, d := range p.dash.pattern() {
		dashes = append(dashes, vg.Points(d*p.width))
	}
	s.c.SetLineDash(dashes, 0)
	s.c.Stroke(s.path(lines, false))
}

func (s *pngSurface) fill(c color.NRGBA, polygons ...[]point) {
	s.c.SetColor(s.theme.color(c))
	s.c.Fill(s.path(polygons, true))
}

func (s *pngSurface) dots(c color.NRGBA, diameter float64, at []point) {
	s.c.SetColor(s.theme.color(c))
	var p vg.Path
	r := vg.Points(diameter / 2)
	for _, q := range at {
		m := s.at(q)
		p.Move(vg.Point{X: m.X + r, Y: m.Y})
		p.Arc(m, r, 0, 2*math.Pi)
		p.Close()
	}
	s.c.Fill(p)
}

// text places every letter itself: the canvas kerns by font units, far too much
// for small letters.
func (s *pngSurface) text(c caption) {
	if c.size < 0.1 {
		return // nothing to be seen
	}
	f := c.face.font(c.size)
	at := -c.face.width(c.text, c.size) * [...]float64{start: 0, middle: 0.5, end: 1}[c.anchor]
	s.c.SetColor(s.theme.color(c.paint()))
	s.c.Push()
	s.c.Translate(s.at(c.at))
	if c.angle != 0 {
		s.c.Rotate(c.angle * math.Pi / 180)
	}
	for _, r := range c.text {
		s.c.FillString(f, vg.Point{X: vg.Points(at)}, string(r))
		at += c.face.width(string(r), c.size)
	}
	s.c.Pop()
}

// image sets pixels itself: the canvas would blur their edges.
func (s *pngSurface) image(r rect, im image.Image) {
	at := func(v float64) int { return int(math.Round(v / s.dot)) }
	to := image.Rect(at(r.x0), at(r.y0), at(r.x1), at(r.y1))
	im = shrinkTo(im, r, 1/s.dot)
	xdraw.NearestNeighbor.Scale(s.c.Image(), to, im, im.Bounds(), draw.Over, nil)
}

// shrinkTo returns im with at most perPoint pixels a point of r, averaging.
func shrinkTo(im image.Image, r rect, perPoint float64) image.Image {
	b := im.Bounds()
	w, h := int(math.Ceil(r.w()*perPoint)), int(math.Ceil(r.h()*perPoint))
	if b.Dx() <= w && b.Dy() <= h || w < 1 || h < 1 {
		return im
	}
	out := image.NewNRGBA(image.Rect(0, 0, min(w, b.Dx()), min(h, b.Dy())))
	xdraw.CatmullRom.Scale(out, out.Bounds(), im, b, draw.Src, nil)
	return out
}
