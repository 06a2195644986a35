package plot

import "image/color"

// Item is something drawn in Axes, such as a Line, a Bar, an Image or a Note.
type Item interface {
	// name returns the kind of the item, as its type is called, and its label.
	name() (kind, label string)
	// about names the item in alternative text, "" for what goes without saying.
	about() string
	// check says how the item contradicts itself.
	check() error
	// style returns how the item is drawn; take gives the next colour of the cycle.
	style(take func() color.NRGBA) format
	// reach adds what the axes must hold.
	reach(r *reach)
	layer() layer
	draw(p *panel, s surface, f format)
	// entries returns the lines of the legend.
	entries(f format) []entry
}

// layer orders the items of one axes; the grid lies above pictures and below everything else.
type layer uint8

const (
	pictures layer = iota
	areas
	curves
	notes
)

// plain is the style of an item without a colour of its own.
func plain(func() color.NRGBA) format { return format{dash: solid, color: ink} }

// colored is the style of an item with the colour named, or the next of the cycle for "".
func colored(name string, take func() color.NRGBA) format {
	f := format{dash: solid}
	if c, err := parseColor(name); err == nil {
		f.color, f.hasColor = c, true
	} else {
		f.color = take()
	}
	return f
}

// checkColor says whether a colour that may be left out is one.
func checkColor(name string) error {
	if name == "" {
		return nil
	}
	_, err := parseColor(name)
	return err
}

// one is the legend of an item with one label, if it has any.
func one(label string, draw func(s surface, x, y float64)) []entry {
	if label == "" {
		return nil
	}
	return []entry{{label: label, draw: draw}}
}

// swatch draws a filled handle of the legend.
func swatch(c color.NRGBA) func(s surface, x, y float64) {
	return func(s surface, x, y float64) {
		s.fill(c, rect{x, y - 2.9, x + legendHandle, y + 2.9}.corners())
	}
}

// faded returns c with its opacity times a.
func faded(c color.NRGBA, a float64) color.NRGBA {
	c.A = uint8(float64(c.A)*a + 0.5)
	return c
}
