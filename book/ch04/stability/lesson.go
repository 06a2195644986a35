// Package stability is lesson 4.8: gradients that vanish or explode, and where first weights come from.
package stability

import (
	_ "embed"
	"fmt"
	"math"

	"github.com/fathom-ml/fathom/book"
	"github.com/fathom-ml/fathom/d2l"
	"github.com/fathom-ml/fathom/data"
	"github.com/fathom-ml/fathom/nn"
	"github.com/fathom-ml/fathom/optim"
	"github.com/fathom-ml/fathom/tensor"
	"github.com/fathom-ml/fathom/tensor/random"
)

//go:embed lesson.go
var source string

func init() {
	book.Register(book.Lesson{Section: "4.8", Title: "Numerical Stability and Initialization", Run: Stability, Source: source})
}

// # Numerical Stability and Initialization
//
// So far first weights were drawn from a normal distribution with a standard deviation like 0.01, and we did not ask why. The choice matters. In section 4.2 a network
// with one more layer hardly started to learn. This lesson shows what can go wrong in deep networks before the first step is made, and derives the rule by which
// weights are drawn in most of the later chapters.
//
// ## Vanishing and exploding gradients
//
// Let a network have $L$ layers, where layer $l$ computes $\mathbf{h}^{(l)} = f_l(\mathbf{h}^{(l-1)})$ from the input $\mathbf{h}^{(0)} = \mathbf{x}$ with the weights $\mathbf{W}^{(l)}$, and $\mathbf{o} = \mathbf{h}^{(L)}$ is the output. By the
// chain rule its derivative with respect to the weights of layer $l$ is a product:
//
// $$\frac{\partial \mathbf{o}}{\partial \mathbf{W}^{(l)}} = \underbrace{\frac{\partial \mathbf{h}^{(L)}}{\partial \mathbf{h}^{(L-1)}}}_{\mathbf{M}^{(L)}} \cdots
// \underbrace{\frac{\partial \mathbf{h}^{(l+1)}}{\partial \mathbf{h}^{(l)}}}_{\mathbf{M}^{(l+1)}} \; \frac{\partial \mathbf{h}^{(l)}}{\partial \mathbf{W}^{(l)}}.$$ {#eq-chain}
//
// There are $L - l$ matrices in it. A product of many factors tends to be very small or very large, unless the factors are close to 1 on the average. For gradients
// both are bad. If they *vanish*, layers far from the output do not learn. If they *explode*, a step throws the weights far away.
func Stability(p *book.Page) {
	// ### Vanishing
	//
	// The sigmoid, $1 / (1 + \exp(-x))$, is the classic cause. Each $\mathbf{M}^{(l)}$ in @eq-chain holds the derivative of the activation as a factor. Here it is with the function:

	x := tensor.Arange(-8, 8, p.Float("step", 0.1, book.Doc("distance of the points of the plot"))).RequireGrad()
	y := x.Sigmoid()
	y.Backward()
	d2l.Plot(p, "sigmoid", x.Detach(), []*tensor.Tensor{y.Detach(), x.Grad()},
		d2l.Axis{Legend: []string{"sigmoid", "gradient"}, Width: 4.5, Height: 2.5})

	// For large inputs of either sign the gradient is almost 0. Even at its best, at 0, it is $\frac14$. Ten layers at their best give a factor of

	p.Printf("%.2g\n", math.Pow(x.Grad().Max().Item(), 10))

	// and in practice less. That is why the ReLU, with its gradient of 1 for all active units, has become the usual choice.
	//
	// ### Exploding
	//
	// The opposite takes no more than numbers of an innocent size. We multiply a hundred random $4 \times 4$ matrices onto a first one, all with standard normal entries.

	M := random.Normal(0, 1, 4, 4)
	p.Print("a single matrix\n", M)
	for range 100 {
		M = M.MatMul(random.Normal(0, 1, 4, 4))
	}
	p.Print("after multiplying 100 matrices\n", M)

	// Each product mixes four numbers of size 1, which makes the result larger by a factor of a bit under 2 on the average, and 100 such factors make $10^{23}$. Look at the rows: each is, to many digits, a multiple of
	// each other. The product has squeezed the four dimensions into one. So it does not only explode; it has also forgotten nearly all about the vector it is applied to.
	//
	// ### Symmetry
	//
	// Another trouble has nothing to do with size. The units of a hidden layer are interchangeable: exchange two of them with their weights, and the network computes the
	// same. So if all weights begin with the same number, all hidden units compute the same, get the same gradient, and stay the same for ever, as if there were
	// a single one. Gradient descent alone cannot break the *symmetry*; random numbers can (and so does the dropout of section 4.6). Below, a network with four hidden units, all
	// weights begun at 0.1, after 100 steps on random data. The rows are the weights of the units:

	tied := nn.Sequential{nn.NewDense(4, nn.Tanh), nn.NewDense(1)}
	nn.Init(tied, nn.Constant(0.1))
	X, target := random.Normal(0, 1, 64, 3), random.Normal(0, 1, 64, 1)
	opt := optim.NewSGD(nn.Parameters(tied), optim.LR(0.1))
	for range 100 {
		nn.L2Loss(tied.Forward(nn.Train(), X), target).Backward()
		opt.Step(X.Len())
	}
	p.Print(tied[0].(*nn.Dense).Weight.Value().Detach())

	// ## Xavier initialization
	//
	// How large should random weights be? Take a layer without activation. Its output $o_i = \sum_{j=1}^{n_\mathrm{in}} w_{ij} x_j$ is a sum over $n_\mathrm{in}$ inputs. Let the weights
	// be drawn independently with mean 0 and variance $\sigma^2$, and let the inputs have mean 0 and variance $\gamma^2$ and be independent of the weights and each other. Then $o_i$ has mean 0, and since the variances
	// of independent terms add up,
	//
	// $$\mathrm{Var}[o_i] = \sum_{j} E[w_{ij}^2] \, E[x_j^2] = n_\mathrm{in} \, \sigma^2 \gamma^2.$$
	//
	// The variance stays the same from layer to layer if $n_\mathrm{in} \sigma^2 = 1$. On the way back a gradient is multiplied by the transposed weights, a sum over the $n_\mathrm{out}$ outputs. By
	// the same reasoning that wants $n_\mathrm{out} \sigma^2 = 1$. Both cannot hold unless the numbers are equal. *Xavier's rule*, after Xavier Glorot [@glorot2010], takes the middle:
	//
	// $$\frac12 (n_\mathrm{in} + n_\mathrm{out}) \, \sigma^2 = 1, \qquad \sigma = \sqrt{\frac{2}{n_\mathrm{in} + n_\mathrm{out}}}.$$ {#eq-xavier}
	//
	// Uniform numbers between $-a$ and $a$ have the variance $a^2 / 3$, so that for them $a = \sqrt{6 / (n_\mathrm{in} + n_\mathrm{out})}$. This is what `nn.Xavier()` draws:

	dense := nn.NewDense(300, nn.Inputs(100))
	nn.Init(dense, nn.Xavier())
	W := dense.Weight.Value().Detach()
	p.Printf("bound %.4f, largest weight %.4f\n", math.Sqrt(6.0/(100+300)), W.Abs().Max())
	p.Printf("sigma %.4f, standard deviation %.4f\n", math.Sqrt(2.0/(100+300)), W.Std(0).Item())

	// The derivation ignores the activation. How well does the rule do in a real network? We send random numbers through twenty layers of 100 units with tanh and look at the size of the activations
	// on the way, and of the gradients with respect to them on the way back, both as standard deviations.

	rows := [][]string{}
	for _, c := range []struct {
		name string
		init nn.Initialiser
	}{{"normal, 0.01", nn.Normal(0.01)}, {"normal, 1", nn.Normal(1)}, {"Xavier", nn.Xavier()}} {
		h, g := signals(c.init, nn.Tanh)
		p.Run(c.name).Result("activation", h[19])
		p.Run(c.name).Result("gradient", g[0])
		rows = append(rows, []string{c.name, size(h[0]), size(h[9]), size(h[19]), size(g[0]), size(g[9])})
	}
	p.Table([]string{"weights", "layer 1", "layer 10", "layer 20", "gradient at 1", "gradient at 10"}, rows)

	// Weights of 0.01 let the signal shrink by ten in each layer, and the gradient likewise: layer 1 learns nothing. With weights of 1 all units are saturated, their values near 1 or -1. Yet where saturated tanhs let anything
	// pass, the large weights blow it up, so that the gradients grow from layer to layer. With Xavier's rule both signals keep their size, within a factor of a few.
	//
	// For other activations and other kinds of layers there are rules of their own. The ReLU, for one, silences half of its inputs, and wants twice the variance (`nn.Kaiming`).
	//
	// ## Summary
	//
	// - The gradient of an early layer is a product over all later ones. Such products vanish or explode easily.
	// - ReLUs help against the first, weights of the right size against both.
	// - First weights must be random, to break the symmetry of hidden units. Xavier's rule @eq-xavier gives their variance.
	//
	// ## Exercises
	//
	// 1. *May all weights of softmax regression begin with the same number?* Yes. There is no hidden layer, and the outputs are no interchangeable units: each belongs to a class, and
	//    gets the gradient of its class. On the embedded digits a start at 0 or at 1 is as good as a random one. A perceptron with the same start for all weights learns something as well, since
	//    its outputs differ; but all its hidden units remain one, and one number is too little to tell ten classes apart.

	train, test := d2l.LoadImages(data.Digits(true), data.Digits(false), 32)
	epochs := p.Int("epochs", 10, book.Doc("passes over the digits in exercise 1"))
	rows = nil
	for _, c := range []trial{
		{"softmax regression, 0", nn.Sequential{nn.NewDense(10)}, nn.Zeros},
		{"softmax regression, 1", nn.Sequential{nn.NewDense(10)}, nn.Constant(1)},
		{"softmax regression, random", nn.Sequential{nn.NewDense(10)}, nn.Xavier()},
		{"perceptron, 0.001", nn.Sequential{nn.NewDense(64, nn.Tanh), nn.NewDense(10)}, nn.Constant(0.001)},
		{"perceptron, random", nn.Sequential{nn.NewDense(64, nn.Tanh), nn.NewDense(10)}, nn.Xavier()},
	} {
		acc := try(p, train, test, c, epochs)
		p.Run(c.name).Result("test acc", acc)
		rows = append(rows, []string{c.name, fmt.Sprintf("%.3f", acc)})
	}
	p.Table([]string{"model, first weights", "test acc"}, rows)

	// 2. *Where else must symmetry be broken?* Wherever there are several of a kind side by side: the channels of a convolution (chapter 6), the units of a recurrent layer (chapter 8), the heads of
	//    attention (chapter 10).
	//
	// 3. *What do the eigenvalues of a product say?* The size of a product of matrices is bounded by the product of their largest singular values. If all of them are orthogonal, neither signals nor gradients
	//    change their norm. The product of 100 random orthogonal matrices applied to a vector of norm 1:

	v := tensor.Ones(4, 1).MulScalar(0.5)
	for range 100 {
		Q := tensor.Zeros(4, 4)
		nn.Orthogonal(1).Init("Q", Q)
		v = Q.MatMul(v)
	}
	p.Printf("norm %.4f\n", v.Norm())
}

// Twenty layers of 100 units, run on 100 random examples. The gradient is that of the outputs, weighted by random numbers; `tensor.GradOf` gives it at values
// on the way, not only at parameters.
func signals(init nn.Initialiser, act *nn.Activation) (forward, backward []float64) {
	h := random.Normal(0, 1, 100, 100)
	var hs []*tensor.Tensor
	for range 20 {
		layer := nn.NewDense(100, act)
		nn.Init(layer, init)
		h = layer.Forward(nn.Train(), h)
		hs = append(hs, h)
		forward = append(forward, spread(h.Detach()))
	}
	out := h.Mul(random.Normal(0, 1, 100, 100)).Sum()
	for _, g := range tensor.GradOf(out, hs) {
		backward = append(backward, spread(g))
	}
	return forward, backward
}

func spread(x *tensor.Tensor) float64 { return x.Reshape(-1).Std(0).Item() }

func size(v float64) string { return fmt.Sprintf("%.2g", v) }

type trial struct {
	name string
	net  nn.Sequential
	init nn.Initialiser
}

func try(p *book.Page, train, test *d2l.Batches, t trial, epochs int) (testAcc float64) {
	nn.Init(t.net, t.init)
	opt := optim.NewSGD(nn.Parameters(t.net), optim.LR(0.1))
	for range epochs {
		_, _, err := d2l.TrainEpochCh3(p, t.net, train, nn.SoftmaxCrossEntropy, opt.Step)
		p.Check(err)
	}
	acc, err := d2l.EvaluateAccuracy(p, t.net, test)
	p.Check(err)
	return acc
}
