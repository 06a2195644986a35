package d2l_test

import (
	"context"
	"fmt"
	"io"
	"math"
	"os"

	"github.com/fathom-ml/fathom/d2l"
	"github.com/fathom-ml/fathom/data"
	"github.com/fathom-ml/fathom/nn"
	"github.com/fathom-ml/fathom/optim"
	"github.com/fathom-ml/fathom/show"
	"github.com/fathom-ml/fathom/tensor"
)

// The data of section 3.2 come from a known model, with a little noise.
func ExampleSyntheticData() {
	tensor.Seed(0)
	w := tensor.Of([]float32{2, -3.4})
	X, y := d2l.SyntheticData(w, 4.2, 1000)
	fmt.Println(X.Shape(), y.Shape())
	noise := y.Sub(d2l.Linreg(X, w.Reshape(-1, 1), tensor.Scalar(4.2)))
	fmt.Printf("%.3f\n", noise.Square().Mean().Sqrt())
	// Output:
	// [1000 2] [1000 1]
	// 0.010
}

// A figure goes to the display; a plain one describes it.
func ExamplePlot() {
	p := show.Plain(context.Background(), os.Stdout)
	x := tensor.Arange(0, 3, 0.1)
	d2l.Plot(p, "tangent", x, []*tensor.Tensor{x.Square(), x.Affine(2, -1)},
		d2l.Axis{XLabel: "x", YLabel: "f(x)", Legend: []string{"f(x)", "Tangent line (x=1)"}})
	// Output:
	// [figure tangent: Line plot of f(x), Tangent line (x=1); f(x) against x.]
}

// Curves that grow while a model trains; NaN leaves a curve out.
func ExampleNewAnimator() {
	p := show.Plain(context.Background(), os.Stdout)
	chart := d2l.NewAnimator(p, "training", d2l.Axis{XLabel: "epoch", Legend: []string{"loss", "test acc"}})
	chart.Add(0.5, 0.9, math.NaN())
	chart.Add(1, 0.6, 0.75)
	chart.Done()
	// Output:
	// at 1: loss 0.6, test acc 0.75
	// [figure training: Line plot of loss, test acc; horizontal axis epoch.]
}

func ExampleShowImages() {
	p := show.Plain(context.Background(), os.Stdout)
	digits := data.Digits(false).Take(3)
	d2l.ShowImages(p, "digits", digits.Images.Squeeze(-1), 1, 3, digits.Names(digits.Labels), 1.5)
	// Output:
	// [figure digits: 3 pictures: 2, 3, 4.]
}

// A small convolutional network learns the embedded digits in one epoch.
func ExampleTrainCh6() {
	p := show.Plain(context.Background(), io.Discard)
	tensor.Seed(0)
	train, test := d2l.LoadImages(data.Digits(true), data.Digits(false), 32)
	net := nn.Sequential{
		nn.NewConv2D(4, 5, nn.Stride(2), nn.ReLU), nn.NewMaxPool2D(2),
		nn.NewDense(32, nn.ReLU), nn.NewDense(10),
	}
	adam := func(ps []nn.Named, lr float64) optim.Optimizer { return optim.NewAdam(ps, optim.LR(lr)) }
	err := d2l.TrainCh6(p, net, train, test, 1, 0.01, d2l.TryGPU(), d2l.Optimizer(adam))
	fmt.Println(err)
	acc, err := d2l.EvaluateAccuracyGPU(p, net, test)
	fmt.Println(acc > 0.7, err)
	// Output:
	// <nil>
	// true <nil>
}
