package plot

import (
	"image/color"
	"math"
)

// Note writes text at (X, Y), the middle of its lower edge. With Arrow an arrow
// goes from the text to (ToX, ToY); the text then begins at (X, Y).
type Note struct {
	Text     string
	X, Y     float64
	Arrow    bool
	ToX, ToY float64
	Size     float64 // points; zero means 8.5
	Color    string  // "" means the colour of letters
	Boxed    bool    // on a box of its own, to be read on pictures
}

func (n *Note) name() (kind, label string) { return "Note", n.Text }
func (n *Note) about() string              { return "" }
func (n *Note) layer() layer               { return notes }
func (n *Note) entries(format) []entry     { return nil }
func (n *Note) reach(r *reach) {
	if n.Arrow {
		r.upright(n.ToX)
		r.level(n.ToY)
	}
	r.upright(n.X)
	r.level(n.Y)
}

func (n *Note) check() error {
	if err := checkWidth(n.Size); err != nil {
		return err
	}
	return checkColor(n.Color)
}

func (n *Note) style(take func() color.NRGBA) format {
	f := plain(take)
	if c, err := parseColor(n.Color); err == nil {
		f.color = c
	}
	return f
}

func (n *Note) draw(p *panel, s surface, f format) {
	q := p.at(n.X, n.Y)
	if !finite(q) {
		return
	}
	q = p.cell.nearest(q)
	size := orElse(n.Size, tickSize)
	w := mathWidth(n.Text, size)
	box := rect{q.x - w/2, q.y - size*capHeight, q.x + w/2, q.y}
	if n.Arrow {
		box.x0, box.x1 = q.x, q.x+w
	}
	// Text stays in the frame where it can.
	if d := box.x1 - (p.frame.x1 - 2); d > 0 {
		box.x0, box.x1 = box.x0-d, box.x1-d
	}
	if d := p.frame.x0 + 2 - box.x0; d > 0 {
		box.x0, box.x1 = box.x0+d, box.x1+d
	}
	if n.Arrow {
		if to := p.at(n.ToX, n.ToY); finite(to) && p.inside(to) {
			from := box.grow(2.5).leave(to)
			if math.Hypot(to.x-from.x, to.y-from.y) > 3 {
				arrow(s, f.color, 0.9, []point{from, to})
			}
		}
	}
	if n.Boxed {
		b := box.grow(2.5)
		s.fill(faded(paper, 0.85), b.corners())
	}
	drawMath(s, point{box.x0, box.y1}, n.Text, size, f.color)
}

// grow returns r with d more on each side.
func (r rect) grow(d float64) rect { return rect{r.x0 - d, r.y0 - d, r.x1 + d, r.y1 + d} }

// center returns the middle of r.
func (r rect) center() point { return point{(r.x0 + r.x1) / 2, (r.y0 + r.y1) / 2} }

// leave returns where the line from the middle of r to q leaves r.
func (r rect) leave(q point) point {
	c := r.center()
	dx, dy := q.x-c.x, q.y-c.y
	t := 1.0
	if w := math.Abs(dx); w > 0 {
		t = min(t, r.w()/2/w)
	}
	if h := math.Abs(dy); h > 0 {
		t = min(t, r.h()/2/h)
	}
	return point{c.x + t*dx, c.y + t*dy}
}
