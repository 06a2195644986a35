package plot

import (
	"errors"
	"fmt"
	"image/color"
	"math"
	"sync"
)

// Diagram is a drawing made of nodes and links: networks, graphs, grids of
// numbers. It is written without coordinates: rows, columns and grids place
// the nodes, links find their way between them.
//
//	x, h, o := plot.Nodes(4, "$x_%d$"), plot.Nodes(5, "$h_%d$"), plot.Nodes(3, "$o_%d$")
//	d := plot.NewDiagram("A network with 4 inputs, 5 hidden units and 3 outputs.",
//		plot.Column(plot.Row(o...), plot.Row(h...), plot.Row(x...)))
//	d.Full(x, h)
//	d.Full(h, o)
//	p.Figure("mlp", d.Figure())
//
// Labels hold formulas between dollar signs: "$h_{t-1}$", "$\hat{y}$", "$\sigma$".
// A Diagram is an [Item] too, so that it can stand beside curves in a figure.
type Diagram struct {
	Alt  string // what the diagram shows, in words; required
	root *Node

	mu     sync.Mutex // rendering writes places into nodes and links
	links  []*Link
	braces []*brace
}

// NewDiagram returns a diagram of root; alt says what it shows.
func NewDiagram(alt string, root *Node) *Diagram { return &Diagram{Alt: alt, root: root} }

// diagramPad is the room around a diagram in points.
const diagramPad = 3.0

// Figure returns a figure that shows d in its natural size.
func (d *Diagram) Figure() *Figure {
	f := &Figure{Alt: d.Alt, Axes: []*Axes{{Hidden: true, Items: []Item{d}}}}
	if d.check() != nil {
		return f
	}
	d.mu.Lock()
	b := d.layout()
	d.mu.Unlock()
	side := func(v float64) float64 {
		return math.Ceil((v+2*(diagramPad+outerPad)+2*pixel)/pixel) * pixel / 72
	}
	f.Width, f.Height = side(b.w()), side(b.h())
	return f
}

// SVG renders d alone; see [Figure.SVG].
func (d *Diagram) SVG(theme ...Theme) ([]byte, error) { return d.Figure().SVG(theme...) }

// PNG renders d alone; see [Figure.PNG].
func (d *Diagram) PNG(scale float64, theme ...Theme) ([]byte, error) {
	return d.Figure().PNG(scale, theme...)
}

// Text renders d alone; see [Figure.Text]. The alternative text comes first.
func (d *Diagram) Text(width, height int) string { return d.Figure().Text(width, height) }

func (d *Diagram) name() (kind, label string)      { return "Diagram", "" }
func (d *Diagram) about() string                   { return d.Alt }
func (d *Diagram) layer() layer                    { return pictures }
func (d *Diagram) style(func() color.NRGBA) format { return format{} }
func (d *Diagram) reach(*reach)                    {}
func (d *Diagram) entries(format) []entry          { return nil }

// maxNodes bounds a diagram.
const maxNodes = 20000

func (d *Diagram) check() error {
	if d.Alt == "" {
		return errors.New("has no alternative text")
	}
	seen := map[*Node]bool{}
	if err := d.root.check(seen); err != nil {
		return err
	}
	for n := range seen {
		if n.level != nil && !seen[n.level] || n.over != nil && !seen[n.over] {
			return fmt.Errorf("%s stands level or in line with a node that is not in the diagram", n.title())
		}
	}
	for i, l := range d.links {
		for _, n := range []*Node{l.from, l.to} {
			if !seen[n] {
				return fmt.Errorf("link %d from %s to %s: %s is not in the diagram", i, l.from.title(), l.to.title(), n.title())
			}
		}
	}
	for i, l := range d.links {
		if !(l.width >= 0 && l.width <= 100 && math.Abs(l.bend) <= 5000) {
			return fmt.Errorf("link %d from %s to %s: width %v, bend %v points", i, l.from.title(), l.to.title(), l.width, l.bend)
		}
	}
	for i, b := range d.braces {
		if len(b.nodes) == 0 {
			return fmt.Errorf("brace %d %q holds no nodes", i, b.label)
		}
		for _, n := range b.nodes {
			if !seen[n] {
				return fmt.Errorf("brace %d %q: %s is not in the diagram", i, b.label, n.title())
			}
		}
	}
	return nil
}

// layout places everything and returns what it covers.
func (d *Diagram) layout() rect {
	d.root.measure()
	d.root.place(point{0, 0})
	b := d.root.adjust()
	for _, l := range d.links {
		l.route()
		b = b.join(l.bounds())
	}
	for _, k := range d.braces {
		b = b.join(k.bounds())
	}
	return b
}

// join returns the smallest rectangle that holds both.
func (r rect) join(o rect) rect {
	return rect{min(r.x0, o.x0), min(r.y0, o.y0), max(r.x1, o.x1), max(r.y1, o.y1)}
}

// draw draws d in the middle of the frame, smaller if it has to be.
func (d *Diagram) draw(p *panel, s surface, _ format) {
	if d.check() != nil {
		return
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	b := d.layout().grow(diagramPad)
	k := min(p.frame.w()/b.w(), p.frame.h()/b.h(), 1)
	c, m := p.frame.center(), b.center()
	if inCells(s) { // the middle of a row of characters
		c.y = (4*math.Floor(c.y/dotHeight/4) + 1.5) * dotHeight
	}
	d.drawOn(&moved{s: s, k: k, dx: c.x - k*m.x, dy: c.y - k*m.y})
}

// drawOn draws groups, links, nodes and labels, in this order.
func (d *Diagram) drawOn(s surface) {
	d.root.drawGroups(s)
	for _, l := range d.links {
		l.draw(s)
	}
	d.root.draw(s)
	for _, b := range d.braces {
		b.draw(s)
	}
	for _, l := range d.links {
		l.drawLabel(s)
	}
}

// drawLabel writes a label of several lines with its middle at q.
func drawLabel(s surface, q point, label string, size float64, c color.NRGBA) {
	list := lines(label)
	top := q.y - float64(len(list)-1)*size*labelLeading/2
	for i, l := range list {
		at := point{q.x - mathWidth(l, size)/2, top + float64(i)*size*labelLeading + size*capHeight/2}
		drawMath(s, at, l, size, c)
	}
}

// labelLeading is the distance of the lines of a label in multiples of its size.
const labelLeading = 1.3

// labelBox returns the width and height of a label.
func labelBox(label string, size float64) (w, h float64) {
	list := lines(label)
	for _, l := range list {
		w = max(w, mathWidth(l, size))
	}
	return w, size*capHeight + float64(len(list)-1)*size*labelLeading
}
