package plot_test

import (
	"bytes"
	"fmt"
	"math"
	"strings"

	"github.com/fathom-ml/fathom/plot"
)

// A curve with its band of errors.
func ExampleFill() {
	x, low, high := []float64{0, 1, 2}, []float64{0.8, 0.4, 0.2}, []float64{1.2, 0.6, 0.3}
	f := plot.New(&plot.Axes{XLabel: "epoch", YLabel: "loss", Legend: true, Items: []plot.Item{
		&plot.Fill{X: x, Y: low, Y2: high, Label: "two deviations"},
		&plot.Line{X: x, Y: []float64{1, 0.5, 0.25}, Label: "mean"},
	}})
	fmt.Println(f.AltText())
	// Output:
	// Filled area and line plot of two deviations, mean; loss against epoch.
}

func ExampleErrorBar() {
	f := plot.New(&plot.Axes{Items: []plot.Item{
		&plot.ErrorBar{Y: []float64{0.91, 0.93}, Low: []float64{0.01, -0.02}, Label: "accuracy"},
	}})
	fmt.Println(f.Check())
	// Output:
	// plot: axes 0, item 0 (ErrorBar "accuracy"): Low[1] is -0.02: an error has no sign
}

// Two series side by side; the second is hatched, to be told apart in print.
func ExampleBars() {
	f := plot.New(&plot.Axes{YLabel: "accuracy", Legend: true, Items: []plot.Item{&plot.Bars{
		Names: []string{"MLP", "LeNet"}, Values: "%.2f", Series: []plot.Series{
			{Y: []float64{0.88, 0.91}, Label: "train"},
			{Y: []float64{0.86, 0.89}, Label: "test", Hatch: true},
		}}}})
	fmt.Println(f.AltText())
	// Output:
	// Bar chart of train, test; vertical axis accuracy.
}

// The lengths of sentences, as in section 9.5.
func ExampleHist() {
	f := plot.New(&plot.Axes{YLabel: "count", Items: []plot.Item{
		&plot.Hist{Bins: 4, Series: []plot.Series{{Y: []float64{1, 2, 2, 3, 3, 3, 4, 4, 4, 4}}}},
	}})
	for line := range strings.Lines(f.Text(24, 8)) {
		fmt.Println(strings.TrimRight(line, " \n"))
	}
	// Output:
	// count
	//      4┤            ⢰⣶⣶⣶
	//       │        ⢠⣤⣤⣤⢸⣿⣿⣿
	//      2┤     ⣤⣤⣤⣼⣿⣿⣿⢸⣿⣿⣿
	//       │ ⣀⣀⣀⡀⣿⣿⣿⣿⣿⣿⣿⢸⣿⣿⣿
	//      0┤ ⠿⠿⠿⠇⠿⠿⠿⠿⠿⠿⠿⠸⠿⠿⠿
	//       └─┬────┬───┬────┬─
	//         1    2   3    4
}

// The descent on x1^2 + 2 x2^2 of section 11.3.
func ExampleContour() {
	var x, z []float64
	for v := -3.0; v <= 3; v += 0.25 {
		x = append(x, v)
	}
	for _, x2 := range x {
		for _, x1 := range x {
			z = append(z, x1*x1+2*x2*x2)
		}
	}
	path := &plot.Line{Format: "C1o-"}
	for x1, x2, i := -2.5, -2.0, 0; i < 10; i++ {
		path.X, path.Y = append(path.X, x1), append(path.Y, x2)
		x1, x2 = 0.8*x1, 0.6*x2
	}
	f := plot.New(&plot.Axes{XLabel: "x1", YLabel: "x2", Items: []plot.Item{
		&plot.Contour{X: x, Y: x, Z: z, Color: "C0", Labels: true}, path}})
	_, err := f.SVG()
	fmt.Println(f.AltText(), err)
	// Output:
	// Contour plot and line plot; x2 against x1. <nil>
}

// The saddle of section 11.1 with its saddle point.
func ExampleSurface() {
	var x, z []float64
	for i := -10; i <= 10; i++ {
		x = append(x, float64(i)/10)
	}
	for _, v := range x {
		for _, u := range x {
			z = append(z, u*u-v*v)
		}
	}
	ticks := []plot.Tick{{At: -1}, {At: 0}, {At: 1}}
	f := plot.New(&plot.Axes{XTicks: ticks, YTicks: ticks, ZTicks: ticks, Items: []plot.Item{
		&plot.Surface{X: x, Y: x, Z: z, Wire: true, Stride: 2},
		&plot.Line3D{X: []float64{0}, Y: []float64{0}, Z: []float64{0}, Format: "rx", Label: "saddle point"},
	}})
	fmt.Println(f.AltText())
	// Output:
	// Wireframe and path in space of saddle point.
}

// The direction of steepest descent.
func ExampleQuiver() {
	q := &plot.Quiver{Label: "descent"}
	for x := -1.0; x <= 1; x++ {
		for y := -1.0; y <= 1; y++ {
			q.X, q.Y, q.U, q.V = append(q.X, x), append(q.Y, y), append(q.U, -2*x), append(q.V, -4*y)
		}
	}
	_, err := plot.New(&plot.Axes{Equal: true, Items: []plot.Item{q}}).PNG(2, plot.Dark)
	fmt.Println(err)
	// Output:
	// <nil>
}

// An arrow with text, as annotate draws it in section 11.1.
func ExampleNote() {
	l := &plot.Line{}
	for x := -2.0; x < 2; x += 0.01 {
		l.X, l.Y = append(l.X, x), append(l.Y, x*x*x)
	}
	a := &plot.Axes{Items: []plot.Item{l, &plot.Note{Text: "saddle point", X: -0.52, Y: -5, Arrow: true, ToX: 0, ToY: -0.2}}}
	svg, err := plot.New(a).SVG()
	fmt.Println(bytes.Contains(svg, []byte("saddle point")), err)
	// Output:
	// true <nil>
}

// The boxes that a detector found, as in chapter 13.
func ExampleRect() {
	photo := &plot.Image{Height: 60, Width: 80, Channels: 3, Pix: make([]float64, 60*80*3)}
	a := &plot.Axes{Hidden: true, Items: []plot.Item{photo,
		&plot.Rect{X0: 8, Y0: 10, X1: 40, Y1: 55, Text: "dog=0.92", Color: "b"},
		&plot.Rect{X0: 45, Y0: 12, X1: 75, Y1: 50, Text: "cat=0.87", Color: "r"}}}
	f := plot.New(a)
	f.Alt = "A dog and a cat in their boxes."
	_, err := f.SVG()
	fmt.Println(err)
	// Output:
	// <nil>
}

// The weights of attention with a colour bar and the numbers in the cells.
func ExampleAxes_colorBar() {
	f := plot.New(&plot.Axes{XLabel: "Keys", YLabel: "Queries", ColorBar: true, Items: []plot.Item{
		&plot.Image{Height: 2, Width: 2, Channels: 1, Pix: []float64{1, 0, 0.25, 0.75}, Map: "Reds", Values: "%.2f"}}})
	svg, err := f.SVG()
	fmt.Println(bytes.Contains(svg, []byte(">0.75</text>")), err)
	fmt.Println(f.AltText())
	// Output:
	// true <nil>
	// Picture of 2 x 2 cells; Queries against Keys.
}

// The probabilities of a binomial distribution (18.8).
func ExampleStem() {
	p := make([]float64, 11)
	for k := range p {
		p[k] = float64(binomial(10, k)) * math.Pow(0.2, float64(k)) * math.Pow(0.8, float64(10-k))
	}
	f := plot.New(&plot.Axes{XLabel: "x", YLabel: "p.m.f.", Items: []plot.Item{&plot.Stem{Y: p}}})
	fmt.Println(f.AltText())
	// Output:
	// Stem plot; p.m.f. against x.
}

func binomial(n, k int) int {
	c := 1
	for i := range k {
		c = c * (n - i) / (i + 1)
	}
	return c
}
