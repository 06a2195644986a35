package d2l

import (
	"math"

	"github.com/fathom-ml/fathom/plot"
	"github.com/fathom-ml/fathom/show"
	"github.com/fathom-ml/fathom/tensor"
)

// formats are the book's four line styles, in order.
var formats = [...]string{"-", "m--", "g-.", "r:"}

// Axis says how a figure is labelled and limited; the zero value leaves all to the data.
type Axis struct {
	XLabel, YLabel string
	Legend         []string
	XLim, YLim     plot.Range
	XScale, YScale plot.Scale
	Width, Height  float64 // inches; zero means the book's 3.5 x 2.5
}

// figure returns an empty figure with these axes, grid on.
func (a Axis) figure() (*plot.Figure, *plot.Axes) {
	ax := &plot.Axes{
		XLabel: a.XLabel, YLabel: a.YLabel, XLim: a.XLim, YLim: a.YLim,
		XScale: a.XScale, YScale: a.YScale, Legend: len(a.Legend) > 0, Grid: true,
	}
	f := plot.New(ax)
	f.Width, f.Height = a.Width, a.Height
	return f, ax
}

// line is the i-th curve in the book's style.
func (a Axis) line(i int) *plot.Line {
	l := &plot.Line{Format: formats[i%len(formats)]}
	if i < len(a.Legend) {
		l.Label = a.Legend[i]
	}
	return l
}

// Plot draws curves over a shared x (2.4). A nil X means the index.
func Plot(p show.Display, name string, X *tensor.Tensor, Ys []*tensor.Tensor, a Axis) {
	f, ax := a.figure()
	for i, y := range Ys {
		l := a.line(i)
		l.Y = y.Float64s()
		if X != nil {
			l.X = X.Float64s()
		} else {
			l.X = tensor.Arange(float64(len(l.Y))).Float64s()
		}
		ax.Add(l)
	}
	p.Figure(name, f)
}

// Animator draws curves that grow while a model trains (3.6).
type Animator struct {
	p      show.Display
	lines  []*plot.Line
	labels []string
	live   show.Live
}

// NewAnimator opens a live figure with one curve a legend entry. The curves are
// recorded as metrics too, under the names of the legend.
func NewAnimator(p show.Display, name string, a Axis) *Animator {
	f, ax := a.figure()
	n := &Animator{p: p, labels: a.Legend}
	for i := range a.Legend {
		l := a.line(i)
		n.lines = append(n.lines, l)
		ax.Add(l)
	}
	n.live = p.Live(name, f)
	return n
}

// Add puts one point on each curve at x; NaN skips a curve.
func (n *Animator) Add(x float64, ys ...float64) {
	for i, y := range ys {
		if math.IsNaN(y) {
			continue
		}
		l := n.lines[i]
		l.X, l.Y = append(l.X, x), append(l.Y, y)
		n.p.Metric(n.labels[i], len(l.X), x, y)
	}
	n.live.Update()
}

// Done shows the final state of the figure.
func (n *Animator) Done() { n.live.Done() }
