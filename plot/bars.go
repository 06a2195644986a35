package plot

import (
	"fmt"
	"image/color"
)

// Bars draws one bar, or one group of bars, for each category. Categories
// stand at 0, 1, 2 and so on and have their names for ticks.
//
//	&plot.Bars{Names: []string{"MLP", "LeNet"}, Series: []plot.Series{{Y: []float64{0.86, 0.91}, Label: "test acc"}}}
type Bars struct {
	Names      []string  // of the categories; nil writes numbers
	X          []float64 // places of the categories; nil means 0, 1, 2 and so on
	Series     []Series
	Stacked    bool    // one series on top of the other, not side by side
	Horizontal bool    // bars grow to the right; the first category is on top
	Width      float64 // of a group, in units of the axis; zero means 0.8
	Values     string  // write the number of each bar at its end in this format, such as "%.2f"
}

// Series is one set of bars.
type Series struct {
	Y     []float64
	Label string
	Color string // as for Scatter
	Hatch bool   // hatched, to be told apart without colours
}

func (b *Bars) name() (kind, label string) { return "Bars", firstLabel(b.Series) }
func (b *Bars) about() string              { return "bar chart" }
func (b *Bars) layer() layer               { return areas }

func firstLabel(list []Series) string {
	if len(list) == 0 {
		return ""
	}
	return list[0].Label
}

func (b *Bars) check() error {
	n := b.len()
	if b.Names != nil && len(b.Names) != n {
		return fmt.Errorf("has %d names for %d categories", len(b.Names), n)
	}
	if b.X != nil && len(b.X) != n {
		return fmt.Errorf("has %d X for %d categories", len(b.X), n)
	}
	for i, s := range b.Series {
		if len(s.Y) != n {
			return fmt.Errorf("series %d has %d bars and series 0 has %d", i, len(s.Y), n)
		}
		if err := checkColor(s.Color); err != nil {
			return err
		}
	}
	if !(b.Width >= 0 && b.Width <= 1e6) {
		return fmt.Errorf("width %v is not one", b.Width)
	}
	return nil
}

// len returns the number of categories.
func (b *Bars) len() int {
	if len(b.Series) == 0 {
		return 0
	}
	return len(b.Series[0].Y)
}

func (b *Bars) style(take func() color.NRGBA) format {
	return format{dash: solid, series: seriesColors(b.Series, take)}
}

// seriesColors returns the colour of each series.
func seriesColors(list []Series, take func() color.NRGBA) []color.NRGBA {
	out := make([]color.NRGBA, len(list))
	for i, s := range list {
		out[i] = colored(s.Color, take).color
	}
	return out
}

// x returns the place of category i.
func (b *Bars) x(i int) float64 {
	if b.X == nil {
		return float64(i)
	}
	return b.X[i]
}

// each calls f with the corners of every bar: across the axis of the categories, and from value to value.
func (b *Bars) each(f func(series int, c0, c1, v0, v1 float64)) {
	w := orElse(b.Width, 0.8)
	for i := range b.len() {
		up, down := 0.0, 0.0
		for k, s := range b.Series {
			if i >= len(s.Y) || b.X != nil && i >= len(b.X) {
				continue
			}
			c0, c1, v0 := b.x(i)-w/2, b.x(i)+w/2, 0.0
			v := s.Y[i]
			if !b.Stacked {
				part := w / float64(len(b.Series))
				c0 += float64(k) * part
				c1 = c0 + part
			} else if v >= 0 {
				v0, up = up, up+v
				v = up
			} else if v < 0 {
				v0, down = down, down+v
				v = down
			}
			f(k, c0, c1, v0, v)
		}
	}
}

// xTicks and yTicks return the ticks of a: those chosen, else the names of its bars.
func (a *Axes) xTicks() []Tick { return a.named(a.XTicks, false) }
func (a *Axes) yTicks() []Tick { return a.named(a.YTicks, true) }

func (a *Axes) named(chosen []Tick, horizontal bool) []Tick {
	if chosen != nil {
		return chosen
	}
	for _, it := range a.Items {
		b, ok := it.(*Bars)
		if !ok || b == nil || b.Names == nil || b.Horizontal != horizontal {
			continue
		}
		out := []Tick{}
		for i, n := range b.Names {
			if n == "" {
				n = " "
			}
			if b.X == nil || i < len(b.X) {
				out = append(out, Tick{b.x(i), n})
			}
		}
		return out
	}
	return nil
}

func (b *Bars) reach(r *reach) {
	r.base = true
	r.down = r.down || b.Horizontal
	b.each(func(_ int, c0, c1, v0, v1 float64) {
		if b.Horizontal {
			r.point(v0, c0)
			r.point(v1, c1)
		} else {
			r.point(c0, v0)
			r.point(c1, v1)
		}
	})
}

func (b *Bars) draw(p *panel, s surface, f format) {
	b.each(func(k int, c0, c1, v0, v1 float64) {
		if b.Horizontal {
			drawBar(p, s, f.series[k], b.Series[k].Hatch, v0, v1, c0, c1)
		} else {
			drawBar(p, s, f.series[k], b.Series[k].Hatch, c0, c1, v0, v1)
		}
	})
	if b.Values == "" {
		return
	}
	b.each(func(k int, c0, c1, v0, v1 float64) {
		text := minus(fmt.Sprintf(b.Values, v1-v0))
		mid := (c0 + c1) / 2
		q, a := p.at(mid, v1), middle
		if b.Horizontal {
			q, a = p.at(v1, mid), start
			q.x += 2.5
			q.y += legendSize * capHeight / 2
		} else {
			q.y -= 2.5
		}
		if finite(q) && p.inside(q) {
			s.text(caption{at: q, text: text, size: legendSize - 1, anchor: a})
		}
	})
}

// drawBar fills a box of the axes, or hatches it.
func drawBar(p *panel, s surface, c color.NRGBA, hatch bool, x0, x1, y0, y1 float64) {
	if p.x.log && x0 <= 0 {
		x0 = min(p.x.lo, p.x.hi)
	}
	if p.y.log && y0 <= 0 {
		y0 = min(p.y.lo, p.y.hi)
	}
	a, b := p.at(x0, y0), p.at(x1, y1)
	if !finite(a) || !finite(b) {
		return
	}
	r := rect{min(a.x, b.x), min(a.y, b.y), max(a.x, b.x), max(a.y, b.y)}.cutTo(p.frame)
	if r.w() <= 0 || r.h() <= 0 {
		return
	}
	if r.w() > 4 {
		r.x0, r.x1 = r.x0+0.3, r.x1-0.3
	}
	if !hatch {
		s.fill(c, r.corners())
		return
	}
	drawHatch(s, c, r)
}

// drawHatch draws a box with slanting lines.
func drawHatch(s surface, c color.NRGBA, r rect) {
	s.fill(faded(c, 0.22), r.corners())
	var lines [][]point
	const step = 4.0
	for d := r.x0 + r.y0; d < r.x1+r.y1; d += step {
		lines = append(lines, clip([]point{{d - r.y0, r.y0}, {d - r.y1, r.y1}}, r)...)
	}
	k := r.corners()
	lines = append(lines, append(k, k[0], k[1]))
	s.stroke(pen{c, pixel, solid}, lines...)
}

// cutTo returns what r and o share.
func (r rect) cutTo(o rect) rect {
	return rect{max(r.x0, o.x0), max(r.y0, o.y0), min(r.x1, o.x1), min(r.y1, o.y1)}
}

func (b *Bars) entries(f format) []entry { return seriesEntries(b.Series, f) }

func seriesEntries(list []Series, f format) []entry {
	var out []entry
	for i, s := range list {
		if s.Label == "" || i >= len(f.series) {
			continue
		}
		c, draw := f.series[i], swatch(f.series[i])
		if s.Hatch {
			draw = func(s surface, x, y float64) { drawHatch(s, c, rect{x, y - 2.9, x + legendHandle, y + 2.9}) }
		}
		out = append(out, entry{label: s.Label, draw: draw, format: format{dash: solid, color: c, marker: 'b'}})
	}
	return out
}
