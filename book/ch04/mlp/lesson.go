// Package mlp is lesson 4.1: hidden layers and the functions between them.
package mlp

import (
	_ "embed"
	"math"

	"github.com/fathom-ml/fathom/book"
	"github.com/fathom-ml/fathom/d2l"
	"github.com/fathom-ml/fathom/plot"
	"github.com/fathom-ml/fathom/tensor"
	"github.com/fathom-ml/fathom/tensor/random"
)

//go:embed lesson.go
var source string

func init() {
	book.Register(book.Lesson{Section: "4.1", Title: "Multilayer Perceptrons", Run: MLP, Source: source})
}

// # Multilayer Perceptrons
//
// The models of chapter 3 are linear: each output is a weighted sum of the inputs. That is a strong claim about the world. It says that
// a change of one input always moves the output by the same amount per unit, in the same direction, whatever the other inputs are. Sometimes that is
// nearly so, sometimes it can be mended: a room can be too cold or too warm for comfort, but the distance of its temperature from 21 degrees makes a good
// feature. For a picture nobody knows such a feature. Whether one bright pixel speaks for a cat or for a dog depends on all the
// others.
//
// The way out is to learn the features together with the linear model on top of them. This lesson says how, and looks at the one
// part that makes it work: the *activation function*.
func MLP(p *book.Page) {
	// ## A hidden layer
	//
	// Put a layer of *hidden units* between inputs and outputs. Each unit computes a weighted sum of the inputs, and each
	// output a weighted sum of the hidden units. Here are four inputs $x_1, \dots, x_4$, five hidden units $h_1, \dots, h_5$ and
	// three outputs $o_1, o_2, o_3$. Every unit is joined to all of the layer below it; such layers are called *fully connected*. The inputs compute nothing,
	// so the network counts as one of two layers. It has $4 \cdot 5 + 5 \cdot 3$ weights, one for each line of the drawing.

	x, h, o := plot.Nodes(4, "$x_%d$"), plot.Nodes(5, "$h_%d$"), plot.Nodes(3, "$o_%d$")
	d := plot.NewDiagram("A network with 4 inputs, 5 hidden units and 3 outputs, each layer joined fully to the next.", plot.Column(
		plot.Row(o...).Tint(plot.Orange), plot.Row(h...).Tint(plot.Green), plot.Row(x...).Tint(plot.Blue)))
	d.Full(x, h)
	d.Full(h, o)
	p.Figure("mlp", d.Figure())

	// For a minibatch of $n$ examples with $d$ features in the rows of $\mathbf{X} \in \mathbb{R}^{n \times d}$, with $k$
	// hidden units and $q$ outputs:
	//
	// $$\mathbf{H} = \mathbf{X} \mathbf{W}_1 + \mathbf{b}_1, \qquad \mathbf{O} = \mathbf{H} \mathbf{W}_2 + \mathbf{b}_2,$$
	//
	// where $\mathbf{W}_1 \in \mathbb{R}^{d \times k}$ and $\mathbf{W}_2 \in \mathbb{R}^{k \times q}$ hold the weights and the row vectors $\mathbf{b}_1, \mathbf{b}_2$
	// the biases, which are added to every row.
	//
	// So far nothing is gained. A linear function of a linear function is linear. Put the first equation into the second, and $\mathbf{O} = \mathbf{X} \mathbf{W} + \mathbf{b}$ with
	// $\mathbf{W} = \mathbf{W}_1 \mathbf{W}_2$ and $\mathbf{b} = \mathbf{b}_1 \mathbf{W}_2 + \mathbf{b}_2$. The single layer does the
	// same, to rounding:

	X := random.Normal(0, 1, 2, 4)
	W1, b1 := random.Normal(0, 1, 4, 5), random.Normal(0, 1, 5)
	W2, b2 := random.Normal(0, 1, 5, 3), random.Normal(0, 1, 3)
	two := X.MatMul(W1).Add(b1).MatMul(W2).Add(b2)
	one := X.MatMul(W1.MatMul(W2)).Add(b1.MatMul(W2).Add(b2))
	p.Print("two layers are one:", tensor.AllClose(two, one, 1e-4, 1e-5))

	// ## From linear to nonlinear
	//
	// The missing part is a nonlinear function $\sigma$, the *activation function*, applied to each number that a hidden unit
	// has computed:
	//
	// $$\mathbf{H} = \sigma(\mathbf{X} \mathbf{W}_1 + \mathbf{b}_1), \qquad \mathbf{O} = \mathbf{H} \mathbf{W}_2 + \mathbf{b}_2.$$
	//
	// Now the two layers cannot be merged any more, and this is a *multilayer perceptron*, MLP for short. The outputs of $\sigma$
	// are called *activations*. Further hidden layers can be put on top: $\mathbf{H}_2 = \sigma(\mathbf{H}_1 \mathbf{W}_2 + \mathbf{b}_2)$, and so on.
	//
	// How much can such a network express? With one hidden layer and enough units, any continuous function on a bounded region, as closely as
	// one likes. For one input and $\sigma(x) = \max(x, 0)$ this can be seen directly. The unit $\max(x - t, 0)$ is flat up to $t$ and
	// rises from there: a hinge. A sum of hinges is a line that changes its slope at each $t$, so it can follow any curve from
	// point to point. No training is needed; for the curve $f$ and knots $t_0 < t_1 < \dots$ the weight of each hinge is the
	// change of the slope of the polygon there. Below, nine units follow a sine, with a largest error of about 0.06.

	grid := tensor.Linspace(0, 2*math.Pi, 200)
	sine := grid.Sin()
	approx := hinges(math.Sin, 0, 2*math.Pi, 9, grid)
	d2l.Plot(p, "hinges", grid, []*tensor.Tensor{sine, approx}, d2l.Axis{XLabel: "x", Legend: []string{"sin(x)", "9 hidden units"}, Width: 5, Height: 2.5})
	for _, units := range []int{9, 18, 36} {
		e := hinges(math.Sin, 0, 2*math.Pi, units, grid).Sub(sine).Abs().Max().Item()
		p.Printf("%d units: largest error %.4f\n", units, e)
	}

	// Twice the units make the error four times smaller. That a network *can* express a function does not mean that training finds it, and
	// in many dimensions the number of hinges needed explodes. Deeper networks often do with far fewer units. Both are reasons why there is more
	// to say after this chapter.
	//
	// ## ReLU
	//
	// The function just used is the *rectified linear unit*:
	//
	// $$\mathrm{ReLU}(x) = \max(x, 0).$$
	//
	// It keeps what is positive and replaces everything else by 0.

	x1 := tensor.Arange(-8, 8, p.Float("step", 0.1, book.Doc("distance of the points of the plots"))).RequireGrad()
	y := x1.ReLU()
	d2l.Plot(p, "relu", x1.Detach(), []*tensor.Tensor{y.Detach()}, axis("relu(x)"))

	// Its derivative is 0 for negative inputs and 1 for positive ones. At 0 the function has a corner and no derivative. A program
	// has to return something there, and the library returns 0. It hardly matters: an input is almost never exactly 0.
	// We do not write derivatives down but let `Backward` find them: on a vector it gives the gradient of the sum, and since each
	// $y_i$ depends on $x_i$ alone, that is the derivative at each point.

	y.Backward()
	slope := x1.Grad().Clone()
	d2l.Plot(p, "grad-of-relu", x1.Detach(), []*tensor.Tensor{slope}, axis("grad of relu"))
	zero := x1.Detach().Abs().ArgMin(0)
	p.Print("at", x1.Detach().Take(zero), "the slope is", slope.Take(zero))

	// The jump looks like a steep slope because the plot joins points that are 0.1 apart.
	//
	// The good behaviour of the derivative is why the ReLU is the usual choice. A signal either passes through unchanged or not at all, so that gradients
	// do not shrink from layer to layer.
	//
	// ## Sigmoid
	//
	// The *sigmoid* squeezes all numbers into the interval from 0 to 1:
	//
	// $$\mathrm{sigmoid}(x) = \frac{1}{1 + \exp(-x)}.$$
	//
	// Early networks imitated neurons that fire or do not fire. That is a step, and a step has derivative 0 wherever it has one, so that gradients say
	// nothing. The sigmoid is a smooth step. Today it stands where a number is to be read as a probability, and in the gates
	// of chapter 9 that let signals pass to a certain part.

	y = x1.Sigmoid()
	d2l.Plot(p, "sigmoid", x1.Detach(), []*tensor.Tensor{y.Detach()}, axis("sigmoid(x)"))

	// Near 0 it is almost a straight line. Its derivative is
	//
	// $$\frac{d}{dx} \mathrm{sigmoid}(x) = \frac{\exp(-x)}{(1 + \exp(-x))^2} = \mathrm{sigmoid}(x) \, (1 - \mathrm{sigmoid}(x)).$$
	//
	// It is largest at 0, where it is $\frac14$, and falls to 0 on both sides. A unit far from 0 is *saturated*: it gets almost no
	// gradient and learns almost nothing.

	y.Backward()
	slope = x1.Grad().Clone()
	d2l.Plot(p, "grad-of-sigmoid", x1.Detach(), []*tensor.Tensor{slope}, axis("grad of sigmoid"))
	s := y.Detach()
	p.Print("largest slope:", slope.Max(), "at", x1.Detach().Take(slope.ArgMax(0)))
	p.Print("equal to s(1-s):", tensor.AllClose(slope, s.Mul(s.RSubScalar(1)), 1e-5, 1e-7))

	// ## Tanh
	//
	// The *hyperbolic tangent* looks alike, but goes from -1 to 1 and is symmetric about the origin:
	//
	// $$\tanh(x) = \frac{1 - \exp(-2x)}{1 + \exp(-2x)}.$$

	y = x1.Tanh()
	d2l.Plot(p, "tanh", x1.Detach(), []*tensor.Tensor{y.Detach()}, axis("tanh(x)"))

	// Its derivative is $1 - \tanh^2(x)$. It reaches 1 at 0, four times the sigmoid's, and falls off faster. Since activations around 0 suit the next layer better than activations
	// around $\frac12$, tanh is mostly the better of the two in hidden layers.

	y.Backward()
	slope = x1.Grad().Clone()
	d2l.Plot(p, "grad-of-tanh", x1.Detach(), []*tensor.Tensor{slope}, axis("grad of tanh"))
	p.Print("largest slope:", slope.Max(), "at", x1.Detach().Take(slope.ArgMax(0)))
	p.Print("equal to 1-tanh²:", tensor.AllClose(slope, y.Detach().Square().RSubScalar(1), 1e-5, 1e-6))

	// ## Summary
	//
	// - A multilayer perceptron is linear layers with a nonlinear activation function between them. Without
	//   it the layers collapse into one.
	// - One hidden layer can approximate any continuous function, if it is wide enough.
	// - ReLU, sigmoid and tanh are the classic activation functions. Of them only the ReLU does not saturate on the positive side.
	//
	// ## Exercises
	//
	// 1. *What is the derivative of the pReLU?* The *parametrised* ReLU lets a part $\alpha$ of negative inputs pass: $\mathrm{pReLU}(x) = \max(0, x) + \alpha \min(0, x)$. So its derivative
	//    is 1 on the right and $\alpha$ on the left, and a unit that is negative for all data still learns. With $\alpha = 0.25$:

	y = pReLU(x1, 0.25)
	y.Backward()
	d2l.Plot(p, "prelu", x1.Detach(), []*tensor.Tensor{y.Detach(), x1.Grad().Clone()},
		d2l.Axis{XLabel: "x", Legend: []string{"prelu(x)", "grad of prelu"}, Width: 5, Height: 2.5})
	p.Print("slopes:", x1.Grad().Index(0), x1.Grad().Index(-1))

	// 2. *Show that a network of ReLUs is piecewise linear.* In a region where no unit changes between active and silent, each ReLU either
	//    copies its input or gives 0: both are linear, and so is the network there. We count the pieces along a line through a random
	//    network with 10 hidden units. The slope can change where one of the units has its zero, so there are at most 11.

	p.Print("pieces:", pieces(10))

	// 3. *Show that $\tanh(x) + 1 = 2 \, \mathrm{sigmoid}(2x)$.* Multiply out: $\tanh(x) + 1 = \frac{2}{1 + \exp(-2x)}$. So networks with one
	//    or the other can express the same functions: weights and biases of the layers around take up the factors and the 1. The two sides agree at all points of the
	//    plots to rounding.

	xs := x1.Detach()
	p.Print("equal:", tensor.AllClose(xs.Tanh().AddScalar(1), xs.MulScalar(2).Sigmoid().MulScalar(2), 1e-6, 1e-7))

	// 4. *What if the nonlinear function works on a whole minibatch at a time*, for instance by subtracting the mean of the batch? Then the output for one example depends
	//    on which others happen to be in the batch with it. In training that adds noise; a single example at test time would have no batch at all. Section 7.5
	//    does it nevertheless, and says how to get out of this.
}

func axis(y string) d2l.Axis { return d2l.Axis{XLabel: "x", YLabel: y, Width: 5, Height: 2.5} }

// `hinges` is a network with one input, as many hidden ReLUs as asked for, and one output, on the points of `x`. The bias of the output is $f$ at the left
// end.
func hinges(f func(float64) float64, from, to float64, units int, x *tensor.Tensor) *tensor.Tensor {
	width := (to - from) / float64(units)
	out := tensor.Full(f(from), x.Len())
	before := 0.0 // the slope to the left of the knot
	for i := range units {
		t := from + float64(i)*width
		slope := (f(t+width) - f(t)) / width
		out = out.Add(x.SubScalar(t).ReLU().MulScalar(slope - before))
		before = slope
	}
	return out
}

func pReLU(x *tensor.Tensor, alpha float64) *tensor.Tensor {
	return x.MaximumScalar(0).Add(x.MinimumScalar(0).MulScalar(alpha))
}

// The number of different slopes in a row along the input of a random network with one input and one output.
func pieces(units int) int {
	w, b, v := random.Normal(0, 1, 1, units), random.Normal(0, 1, units), random.Normal(0, 1, units, 1)
	x := tensor.LinspaceOf(tensor.Float64, -20, 20, 4001).Reshape(-1, 1).RequireGrad()
	x.MatMul(w.AsType(tensor.Float64)).Add(b.AsType(tensor.Float64)).ReLU().MatMul(v.AsType(tensor.Float64)).Backward()
	slopes := x.Grad().Float64s()
	n := 1
	for i, s := range slopes[1:] {
		if math.Abs(s-slopes[i]) > 1e-9 {
			n++
		}
	}
	return n
}
