// Package plot draws figures. A figure is a value: build it, then render it as
// SVG, PNG or text.
package plot

// Figure is a grid of axes.
type Figure struct {
	Width, Height float64 // inches; zero means 3.5 x 2.5
	Rows, Cols    int     // grid; zero means 1 x 1
	Axes          []*Axes // row by row
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

// Range is an interval of an axis.
type Range struct{ Min, Max float64 }

// Scale maps data to positions.
type Scale uint8

// The scales.
const (
	Linear Scale = iota
	Log
)

// Item is something drawn in Axes: Line, Scatter, HLine, Image.
type Item interface{ item() }

// Line is a polyline through (X[i], Y[i]); NaN breaks it. Format is a matplotlib format
// string such as "-", "m--", "g-." or "r:".
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
	Color string // matplotlib letter or #rrggbb; "" means the next of the cycle
}

// HLine is a horizontal line across the axes.
type HLine struct {
	Y      float64
	Label  string
	Format string
}

// Image is a grid of cells, row 0 on top: one channel goes through the colour
// map, three are red, green and blue in [0, 1].
type Image struct {
	Height, Width, Channels int
	Pix                     []float64 // row by row, channels last
	Map                     string    // "viridis" (default), "gray", "Reds"
	Min, Max                float64   // both zero: fit the data
}

func (*Line) item()    {}
func (*Scatter) item() {}
func (*HLine) item()   {}
func (*Image) item()   {}
