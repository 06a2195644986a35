package plot

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// SVG renders f as a stand-alone SVG document, for light and dark pages unless
// a [Theme] is given. Text stays text, in Liberation Sans or a font of the same
// widths; the document's description is [Figure.AltText].
func (f *Figure) SVG(theme ...Theme) ([]byte, error) {
	if err := f.Check(); err != nil {
		return nil, err
	}
	w, h := f.size()
	w, h = w*72, h*72
	s := &svgSurface{theme: themeOf(theme), turned: map[color.NRGBA]bool{}}
	s.out.WriteString(`<rect width="100%" height="100%"`)
	s.paint("fill", paper)
	s.out.WriteString("/>\n")
	f.draw(s, w, h)
	if s.err != nil {
		return nil, fmt.Errorf("plot: svg: %w", s.err)
	}
	var doc bytes.Buffer
	fmt.Fprintf(&doc, `<svg xmlns="http://www.w3.org/2000/svg" role="img" class="fathom" width="%s" height="%s" viewBox="0 0 %s %s" `+
		`font-family="'Liberation Sans',Arial,Helvetica,sans-serif" stroke-linejoin="round">`+"\n",
		num(w/pixel), num(h/pixel), num(w), num(h))
	title, desc := f.titleAndAlt()
	fmt.Fprintf(&doc, "<title>%s</title>\n<desc>%s</desc>\n%s", escape(title), escape(desc), s.style())
	doc.Write(s.out.Bytes())
	doc.WriteString("</svg>\n")
	return doc.Bytes(), nil
}

// svgSurface writes elements as they are drawn.
type svgSurface struct {
	out    bytes.Buffer
	err    error
	theme  Theme
	turned map[color.NRGBA]bool // opaque colours that are others in the dark
}

// style returns the rules that turn the colours used for readers who prefer dark.
func (s *svgSurface) style() string {
	if len(s.turned) == 0 {
		return ""
	}
	var rules []string
	for c := range s.turned {
		from, to := hex(c), hex(night(c))
		rules = append(rules, fmt.Sprintf(`.fathom [fill="%s"]{fill:%s}.fathom [stroke="%s"]{stroke:%s}`, from, to, from, to))
	}
	slices.Sort(rules)
	return "<style>@media(prefers-color-scheme:dark){" + strings.Join(rules, "") + "}</style>\n"
}

// hex returns a colour without its opacity.
func hex(c color.NRGBA) string { return fmt.Sprintf("#%02x%02x%02x", c.R, c.G, c.B) }

// num prints a coordinate with at most two decimals.
func num(v float64) string {
	return strconv.FormatFloat(math.Round(v*100)/100+0, 'f', -1, 64)
}

// escape makes text of s: markup is escaped, what XML cannot hold is replaced.
func escape(s string) string {
	var b strings.Builder
	for _, r := range s {
		switch {
		case r == '&':
			b.WriteString("&amp;")
		case r == '<':
			b.WriteString("&lt;")
		case r == '>':
			b.WriteString("&gt;")
		case r == '"':
			b.WriteString("&quot;")
		case r == '\t', r == '\n', r >= 0x20 && r != 0xFFFE && r != 0xFFFF:
			b.WriteRune(r)
		default:
			b.WriteRune(utf8.RuneError)
		}
	}
	return b.String()
}

// path writes the data of a path: absolute start, relative steps.
func (s *svgSurface) path(lines [][]point, close string) {
	s.out.WriteString(`<path d="`)
	for _, l := range lines {
		var at point
		for i, q := range l {
			// Steps are differences of rounded places, so that errors do not add up.
			q = point{math.Round(q.x*100) / 100, math.Round(q.y*100) / 100}
			if i == 0 {
				s.out.WriteString("M" + pair(q.x, q.y))
			} else {
				if i == 1 {
					s.out.WriteByte('l')
				} else if q.x >= at.x {
					s.out.WriteByte(' ')
				}
				s.out.WriteString(pair(q.x-at.x, q.y-at.y))
			}
			at = q
		}
		if len(l) > 0 {
			s.out.WriteString(close)
		}
	}
	s.out.WriteByte('"')
}

// pair prints two numbers, the sign of the second doing for a separator.
func pair(x, y float64) string {
	a, b := num(x), num(y)
	if strings.HasPrefix(b, "-") {
		return a + b
	}
	return a + " " + b
}

// paint writes an attribute for a colour.
func (s *svgSurface) paint(attr string, c color.NRGBA) {
	alpha := c.A
	c.A = 255
	if c = s.theme.color(c); s.theme == Auto && night(c) != c {
		s.turned[c] = true
	}
	fmt.Fprintf(&s.out, ` %s="%s"`, attr, hex(c))
	if alpha != 255 {
		fmt.Fprintf(&s.out, ` %s-opacity="%s"`, attr, num(float64(alpha)/255))
	}
}

func (s *svgSurface) stroke(p pen, lines ...[]point) {
	s.path(lines, "")
	s.out.WriteString(` fill="none"`)
	s.paint("stroke", p.color)
	if p.width != 1 {
		fmt.Fprintf(&s.out, ` stroke-width="%s"`, num(p.width))
	}
	if d := p.dash.pattern(); d != nil {
		for i := range d {
			d[i] *= p.width
		}
		list := make([]string, len(d))
		for i, v := range d {
			list[i] = num(v)
		}
		fmt.Fprintf(&s.out, ` stroke-dasharray="%s"`, strings.Join(list, " "))
	}
	s.out.WriteString("/>\n")
}

func (s *svgSurface) fill(c color.NRGBA, polygons ...[]point) {
	s.path(polygons, "z")
	s.paint("fill", c)
	s.out.WriteString("/>\n")
}

// dots are strokes without length and with round ends: the shortest way to write a circle.
func (s *svgSurface) dots(c color.NRGBA, diameter float64, at []point) {
	s.out.WriteString(`<path d="`)
	for _, q := range at {
		s.out.WriteString("M" + pair(q.x, q.y) + "h0")
	}
	s.out.WriteString(`" fill="none" stroke-linecap="round"`)
	s.paint("stroke", c)
	fmt.Fprintf(&s.out, ` stroke-width="%s"/>`+"\n", num(diameter))
}

func (s *svgSurface) text(c caption) {
	s.out.WriteString("<text")
	if c.angle != 0 {
		fmt.Fprintf(&s.out, ` transform="translate(%s %s)rotate(%s)"`, num(c.at.x), num(c.at.y), num(-c.angle))
	} else {
		fmt.Fprintf(&s.out, ` x="%s" y="%s"`, num(c.at.x), num(c.at.y))
	}
	fmt.Fprintf(&s.out, ` font-size="%s"`, num(c.size))
	s.out.WriteString(c.face.attributes())
	s.paint("fill", c.paint())
	if c.anchor != start {
		fmt.Fprintf(&s.out, ` text-anchor="%s"`, [...]string{middle: "middle", end: "end"}[c.anchor])
	}
	fmt.Fprintf(&s.out, ">%s</text>\n", escape(c.text))
}

func (s *svgSurface) image(r rect, im image.Image) {
	var buf bytes.Buffer
	enc := png.Encoder{CompressionLevel: png.BestCompression}
	if err := enc.Encode(&buf, shrinkTo(im, r, 3/pixel)); err != nil {
		s.err = err
		return
	}
	fmt.Fprintf(&s.out, `<image x="%s" y="%s" width="%s" height="%s" preserveAspectRatio="none" image-rendering="pixelated" href="data:image/png;base64,%s"/>`+"\n",
		num(r.x0), num(r.y0), num(r.w()), num(r.h()), base64.StdEncoding.EncodeToString(buf.Bytes()))
}
