package plot_test

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/fathom-ml/fathom/plot"
)

// The multilayer perceptron of section 4.1.
func ExampleDiagram() {
	x, h, o := plot.Nodes(4, "$x_%d$"), plot.Nodes(5, "$h_%d$"), plot.Nodes(3, "$o_%d$")
	d := plot.NewDiagram("A network with 4 inputs, 5 hidden units and 3 outputs.", plot.Column(
		plot.Row(o...).Tint(plot.Orange),
		plot.Row(h...).Tint(plot.Green),
		plot.Row(x...).Tint(plot.Blue)))
	d.Full(x, h)
	d.Full(h, o)
	svg, err := d.SVG()
	fmt.Println(bytes.Contains(svg, []byte("prefers-color-scheme:dark")), err)
	fmt.Println(d.Figure().AltText())
	// Output:
	// true <nil>
	// A network with 4 inputs, 5 hidden units and 3 outputs.
}

// A terminal shows what a diagram says, and draws it where there is room.
func ExampleDiagram_Text() {
	in, enc, dec, out := plot.Words("in"), plot.Box("Encoder"), plot.Box("Decoder"), plot.Words("out")
	d := plot.NewDiagram("The encoder makes a state of the input, the decoder the output of the state.",
		plot.Row(in, enc, dec, out))
	d.Chain(in, enc, dec, out)
	for line := range strings.Lines(d.Text(44, 6)) {
		fmt.Println(strings.TrimRight(line, " \n"))
	}
	// Output:
	// The encoder makes a state of the input, the
	// decoder the output of the state.
	//          ⡤⠤⠤⠤⠤⠤⠤⠤⠤⢤    ⢠⠤⠤⠤⠤⠤⠤⠤⠤⠤⢤
	//   in⠤⠤⠤⠤▶⡇Encoder ⢸⠤⠤⠤⠤▶ Decoder ⢸⠤⠤⠤⠤out
	//          ⠓⠒⠒⠒⠒⠒⠒⠒⠒⠚    ⠘⠒⠒⠒⠒⠒⠒⠒⠒⠒⠚
}

// The skip connection of a residual block (7.6) leaves the input on the right
// and comes back to the sum.
func ExampleLink_Route() {
	x, w, sum, act := plot.Words("$\\mathbf{x}$"), plot.Box("Weight layer").Tint(plot.Blue), plot.Op("+"), plot.Box("ReLU").Tint(plot.Green)
	d := plot.NewDiagram("A residual block: the input is added to the output of the weight layer.", plot.Column(act, sum, w, x))
	d.Chain(x, w, sum, act)
	d.Arrow(x, sum).Route(plot.Right, plot.Right).Bend(40).Words("$\\mathbf{x}$")
	_, err := d.PNG(2)
	fmt.Println(err)
	// Output:
	// <nil>
}

// A window slides over the input of a convolution (6.2).
func ExampleNumbers() {
	in := plot.Numbers([]float64{0, 1, 2}, []float64{3, 4, 5}, []float64{6, 7, 8}).Shade(0, 0, 2, 2, plot.Blue)
	kernel := plot.Numbers([]float64{0, 1}, []float64{2, 3}).Tint(plot.Blue)
	out := plot.Numbers([]float64{19, 25}, []float64{37, 43}).Frame(0, 0, 1, 1, plot.Red)
	d := plot.NewDiagram("A 3 x 3 input and a 2 x 2 kernel give a 2 x 2 output.",
		plot.Row(in, plot.Words("∗"), kernel, plot.Words("="), out))
	d.Arrow(in.At(1, 1), out.At(0, 0)).Route(plot.Bottom, plot.Bottom).Bend(30).Dashed()
	fmt.Println(d.Figure().Check())
	// Output:
	// <nil>
}

// A diagram that contradicts itself says where.
func ExampleDiagram_Arrow() {
	a, b := plot.Box("encoder"), plot.Box("decoder")
	d := plot.NewDiagram("An encoder.", a)
	d.Arrow(a, b)
	_, err := d.SVG()
	fmt.Println(err)
	// Output:
	// plot: axes 0, item 0 (Diagram): link 0 from box "encoder" to box "decoder": box "decoder" is not in the diagram
}
