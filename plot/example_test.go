package plot_test

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/fathom-ml/fathom/plot"
)

// The figure of section 2.4: a parabola and its tangent.
func Example() {
	var x, f, tangent []float64
	for i := range 30 {
		v := 0.1 * float64(i)
		x, f, tangent = append(x, v), append(f, 3*v*v-4*v), append(tangent, 2*v-3)
	}
	fig := plot.New(&plot.Axes{XLabel: "x", YLabel: "f(x)", Legend: true, Grid: true, Items: []plot.Item{
		&plot.Line{X: x, Y: f, Label: "f(x)", Format: "-"},
		&plot.Line{X: x, Y: tangent, Label: "Tangent line (x=1)", Format: "m--"},
	}})
	svg, err := fig.SVG()
	fmt.Println(bytes.HasPrefix(svg, []byte("<svg")), err)
	fmt.Println(fig.AltText())
	// Output:
	// true <nil>
	// Line plot of f(x), Tangent line (x=1); f(x) against x.
}

func ExampleFigure_Text() {
	a := &plot.Axes{XLabel: "epoch", YLabel: "loss", YLim: plot.Range{Min: 0, Max: 8}}
	a.Add(&plot.Line{Y: []float64{8, 4, 2, 1, 0.5, 0.25}})
	text := plot.New(a).Text(40, 10)
	for line := range strings.Lines(text) {
		fmt.Println(strings.TrimRight(line, " \n")) // every line is 40 wide
	}
	// Output:
	// loss
	//       │ ⠈⠢⡀
	//       │   ⠈⠢⡀
	//      5┤     ⠈⠢⡀
	//       │       ⠈⠑⠢⢄⣀
	//       │            ⠉⠒⠢⠤⢄⣀⡀
	//      0┤                  ⠈⠉⠑⠒⠒⠢⠤⠤⠤⠤⠤⠤⠤⠄
	//       └─┬─────┬─────┬─────┬─────┬─────┬─
	//         0     1     2     3     4     5
	//                      epoch
}

// A grid of pictures with titles, such as section 3.5 shows.
func ExampleNewGrid() {
	fig := plot.NewGrid(1, 3, 4.5, 1.5)
	for i, a := range fig.Axes {
		a.Hidden, a.Title = true, fmt.Sprint("no. ", i)
		a.Add(&plot.Image{Height: 2, Width: 2, Channels: 1, Pix: []float64{0, 1, 1, 0}, Map: "gray"})
	}
	fmt.Println(fig.AltText())
	_, err := fig.PNG(2)
	fmt.Println(err)
	// Output:
	// 3 pictures: no. 0, no. 1, no. 2.
	// <nil>
}

// A figure that contradicts itself says where.
func ExampleFigure_Check() {
	fig := plot.New(&plot.Axes{Items: []plot.Item{
		&plot.Line{X: []float64{1, 2, 3}, Y: []float64{1, 4}, Label: "loss"},
	}})
	fmt.Println(fig.Check())
	// Output:
	// plot: axes 0, item 0 (Line "loss"): has 3 X and 2 Y
}
