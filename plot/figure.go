// Package plot draws figures. A figure is a value: build it, then render it as
// SVG, PNG or text.
//
//	f := plot.New(&plot.Axes{XLabel: "epoch", Legend: true, Grid: true, Items: []plot.Item{
//		&plot.Line{X: x, Y: loss, Label: "train loss"},
//		&plot.Line{X: x, Y: acc, Label: "train acc", Format: "m--"},
//	}})
//	svg, err := f.SVG()
//
// The same value gives the same bytes. Values that cannot be drawn (NaN,
// infinities, numbers beyond 1e300, numbers that are not positive on a log
// axis) are left out and never break a figure; a figure that contradicts
// itself, such as a line with three X and four Y, is an error that names the
// item.
package plot

// Figure is a grid of axes. The zero Figure draws one empty frame.
type Figure struct {
	Width, Height float64 // inches; zero means 3.5 x 2.5
	Rows, Cols    int     // grid; zero means 1 x 1, or one row if there are several axes
	Axes          []*Axes // row by row; nil leaves a place empty
	Alt           string  // what the figure shows, in words, for those who cannot see it
}

// Axes is one coordinate system with what is drawn in it.
type Axes struct {
	Title, XLabel, YLabel string
	XLim, YLim            Range // zero means: fit the data
	XScale, YScale        Scale
	Legend                bool // draw the labels of the items
	Grid                  bool
	Hidden                bool // draw no frame, ticks or labels: for pictures
	Items                 []Item
}

// Range is an interval of an axis. A Range without length, such as the zero
// Range, fits the data, and so does an end that is NaN or infinite or, on a log
// axis, not positive. Min above Max turns the axis round.
type Range struct{ Min, Max float64 }

// empty reports whether r says nothing.
func (r Range) empty() bool { return r.Min == r.Max }

// Scale maps data to positions.
type Scale uint8

// The scales.
const (
	Linear Scale = iota
	Log
)

// Item is something drawn in Axes: Line, Scatter, HLine, Image.
type Item interface{ item() }

// Line is a polyline through (X[i], Y[i]); NaN breaks it. A nil X means 0, 1,
// 2 and so on. A point without neighbours is drawn as a dot.
//
// Format is a matplotlib format string such as "-", "m--", "g-." or "r:": a
// colour (one of "bgrcmykw" or "C0" to "C9"), a line style ("-", "--", "-.",
// ":") and a marker ("o", ".", "s", "^", "x", "+"), each optional and in any
// order. Without a colour the line takes the next of the cycle; a marker
// without a line style draws no line.
type Line struct {
	X, Y   []float64
	Label  string
	Format string
}

// Scatter draws a dot of Size points at each (X[i], Y[i]).
type Scatter struct {
	X, Y  []float64
	Size  float64 // diameter in points; zero means 6
	Label string
	Color string // matplotlib letter, "C0" to "C9", #rgb, #rrggbb or #rrggbbaa; "" means the next of the cycle
}

// HLine is a horizontal line across the axes.
type HLine struct {
	Y      float64
	Label  string
	Format string // as for Line; "" means "k--"
}

// Image is a grid of cells, row 0 on top: one channel goes through the colour
// map, three are red, green and blue in [0, 1]. Cell (i, j) covers the unit
// square around (j, i), so that ticks stand at cell centres; cells are square.
// NaN leaves a cell white.
type Image struct {
	Height, Width, Channels int
	Pix                     []float64 // row by row, channels last
	Map                     string    // "viridis" (default), "gray", "Reds", "Blues"
	Min, Max                float64   // both zero, or not finite: fit the data
}

func (*Line) item()    {}
func (*Scatter) item() {}
func (*HLine) item()   {}
func (*Image) item()   {}

// New returns a figure of default size with axes in one row.
func New(axes ...*Axes) *Figure {
	return &Figure{Rows: 1, Cols: max(1, len(axes)), Axes: axes}
}

// NewGrid returns a figure of width x height inches with rows x cols new axes.
func NewGrid(rows, cols int, width, height float64) *Figure {
	f := &Figure{Width: width, Height: height, Rows: rows, Cols: cols, Axes: make([]*Axes, rows*cols)}
	for i := range f.Axes {
		f.Axes[i] = &Axes{}
	}
	return f
}

// Add appends items and returns a.
func (a *Axes) Add(items ...Item) *Axes {
	a.Items = append(a.Items, items...)
	return a
}

// defaultWidth and defaultHeight are the size of a figure in inches if it names none.
const (
	defaultWidth  = 3.5
	defaultHeight = 2.5
)

// size returns the size of f in inches.
func (f *Figure) size() (w, h float64) {
	w, h = f.Width, f.Height
	if w == 0 {
		w = defaultWidth
	}
	if h == 0 {
		h = defaultHeight
	}
	return w, h
}

// grid returns the number of rows and columns of f.
func (f *Figure) grid() (rows, cols int) {
	rows, cols = f.Rows, f.Cols
	n := max(1, len(f.Axes))
	switch {
	case rows == 0 && cols == 0:
		return 1, n
	case rows == 0:
		return (n + cols - 1) / cols, cols
	case cols == 0:
		return rows, (n + rows - 1) / rows
	}
	return rows, cols
}

// at returns the axes in row i and column j, nil if the place is empty.
func (f *Figure) at(i, j int) *Axes {
	_, cols := f.grid()
	k := i*cols + j
	if len(f.Axes) == 0 && k == 0 {
		return &Axes{}
	}
	if k >= len(f.Axes) {
		return nil
	}
	return f.Axes[k]
}
