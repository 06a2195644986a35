// Package plot draws figures. A figure is a value: build it, then render it as
// SVG, PNG or text.
//
//	f := plot.New(&plot.Axes{XLabel: "epoch", Legend: true, Grid: true, Items: []plot.Item{
//		&plot.Line{X: x, Y: loss, Label: "train loss"},
//		&plot.Line{X: x, Y: acc, Label: "train acc", Format: "m--"},
//	}})
//	svg, err := f.SVG()
//
// What axes hold: curves ([Line], [Stem], [HLine], [VLine], [Segments]), points
// ([Scatter], [ErrorBar]), areas ([Fill], [Polygon], [Bars], [Hist]), fields
// ([Contour], [Quiver]), pictures and heatmaps ([Image]), notes ([Note], [Rect])
// and, in three dimensions, [Surface] and [Line3D]. A [Diagram] is a drawing of
// boxes and arrows, written without coordinates.
//
// The same value gives the same bytes. One SVG serves light and dark pages, see
// [Theme]. Values that cannot be drawn (NaN, infinities, numbers beyond 1e300,
// numbers that are not positive on a log axis) are left out and never break a
// figure; a figure that contradicts itself, such as a line with three X and
// four Y, is an error that names the item.
package plot

// Figure is a grid of axes. The zero Figure draws one empty frame.
type Figure struct {
	Width, Height float64 // inches; zero means 3.5 x 2.5
	Rows, Cols    int     // grid; zero means 1 x 1, or one row if there are several axes
	Axes          []*Axes // row by row; nil leaves a place empty
	Alt           string  // what the figure shows, in words, for those who cannot see it

	ShareX, ShareY bool // all axes have the same limits, and labels only at the edge of the grid
	ColorBar       bool // one colour bar for all axes, whose pictures then share their limits
}

// Axes is one coordinate system with what is drawn in it. Items of three
// dimensions ([Surface], [Line3D]) make it a box in perspective.
type Axes struct {
	Title, XLabel, YLabel, ZLabel string
	XLim, YLim, ZLim              Range // zero means: fit the data
	XScale, YScale                Scale
	XTicks, YTicks, ZTicks        []Tick // nil: chosen for you; empty: none
	XRotate                       bool   // write the labels below the axis slanting
	Legend                        bool   // draw the labels of the items
	Grid                          bool
	Hidden                        bool // draw no frame, ticks or labels: for pictures
	Equal                         bool // one unit is as long on both axes
	ColorBar                      bool // draw the colour map of the first item that has one beside the frame
	View                          View // from where a box in perspective is seen
	Items                         []Item

	// Right, if not nil, is drawn in the same frame with a vertical axis of its
	// own on the right; its horizontal axis is that of the left.
	Right *Axes
}

// Tick is a mark on an axis. An empty label is the number itself; a space writes none.
type Tick struct {
	At    float64
	Label string
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
