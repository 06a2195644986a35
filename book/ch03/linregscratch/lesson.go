// Package linregscratch is lesson 3.2: linear regression with nothing but tensors and gradients.
package linregscratch

import (
	_ "embed"
	"fmt"
	"iter"
	"math"

	"github.com/fathom-ml/fathom/book"
	"github.com/fathom-ml/fathom/plot"
	"github.com/fathom-ml/fathom/tensor"
	"github.com/fathom-ml/fathom/tensor/random"
)

//go:embed lesson.go
var source string

func init() {
	book.Register(book.Lesson{Section: "3.2", Title: "Linear Regression Implementation from Scratch", Run: LinearRegression, Source: source})
}

// # Linear Regression Implementation from Scratch
//
// Linear regression predicts a number $y$ from some known numbers $x_1, \dots, x_d$, the *features*, by
// a weighted sum:
//
// $$\hat y = w_1 x_1 + \dots + w_d x_d + b .$$ {#eq-linreg}
//
// The *weights* $w_j$ and the *bias* $b$ are unknown. They are to be found from examples, pairs of features
// and the true $y$, called the *label*. It is the smallest model that is trained the way a deep network is
// trained, so every part of deep learning is here in a few lines each: data, minibatches, a model, a loss,
// an optimizer, the training loop. We write all of them ourselves. Section 3.3 does the same with the
// library's layers.
func LinearRegression(p *book.Page) {
	// ## Data
	//
	// With data of our own making we know the truth and can see whether learning finds it. Take
	// $n = 1000$ examples with $d = 2$ features each, drawn from the standard normal distribution. They
	// are the rows of a matrix $\mathbf{X} \in \mathbb{R}^{1000 \times 2}$. The labels are
	//
	// $$\mathbf{y} = \mathbf{X} \mathbf{w} + b + \boldsymbol\epsilon,
	// \qquad \mathbf{w} = (2, -3.4)^\top, \quad b = 4.2,$$
	//
	// where the noise $\boldsymbol\epsilon$ stands for errors of measurement: normal numbers with mean 0 and
	// standard deviation 0.01.
	//
	// Data should be the same in every run, as if they came from a file. So they are drawn from a
	// random stream of their own, `random.New(0)`. It starts at seed 0 like the main stream, and these
	// are the book's data to the last digit. Another `--seed` changes the initial weights and the order of the examples.

	trueW := tensor.Of([]float32{2, -3.4})
	trueB := 4.2
	features, labels := syntheticData(random.New(0), trueW, trueB, 1000)

	// A row of `features` is an example; the row of `labels` is its one label. For the first
	// example @eq-linreg gives $2 \cdot 2.212 - 3.4 \cdot 1.163 + 4.2 \approx 4.670$. The label differs from that by
	// the noise.

	p.Print("features:", features.Index(0), "\nlabel:", labels.Index(0))

	// The labels over the second feature, in @fig-scatter, show the relation with the eye: a falling band, since the weight
	// of that feature is negative. The band is wide because the first feature, which the picture leaves
	// out, moves the label too.

	second := features.Slice(tensor.All, tensor.I(1))
	scatter := plot.New(&plot.Axes{XLabel: "second feature", YLabel: "label", Grid: true})
	scatter.Axes[0].Add(&plot.Scatter{X: second.Float64s(), Y: labels.Float64s(), Size: 1})
	scatter.Alt = "1000 dots in a band that falls from the upper left to the lower right"
	p.Figure("scatter", scatter)

	// ## Reading in minibatches
	//
	// Training goes through the examples many times, and each update of the parameters uses a few of them, a
	// *minibatch*. One example at a time would make poor use of the hardware and give a jittery
	// direction; all examples at once would be much work for a single update.

	batchSize := p.Int("batch", 10, book.Doc("examples in a minibatch"))
	for X, y := range dataIter(batchSize, features, labels) {
		p.Print(X, "\n", y)
		break
	}

	// This iterator is here to be understood. It holds all examples in memory and picks them
	// one by one. The library's loader (section 3.3) does the same for data of any kind.
	//
	// ## Parameters
	//
	// Learning has to begin somewhere. The weights start at small random numbers, normal with standard deviation 0.01,
	// the bias at zero. `RequireGrad` makes them leaves of the graph: from now on every
	// computation that uses them can be differentiated with respect to them.

	w := random.Normal(0, 0.01, 2, 1).RequireGrad()
	b := tensor.Zeros(1).RequireGrad()

	// ## The model, the loss, the update
	//
	// Three functions are missing. Each gets a general name, since another model would be trained in the same way with
	// other functions in these places.

	net := linreg

	loss := squaredLoss

	update := sgd

	// ## Training
	//
	// With these, training is a double loop. An *epoch* is one pass through all examples. In it, for each minibatch:
	//
	// 1. compute the predictions and their losses,
	// 2. find the gradient by `Backward`,
	// 3. update the parameters.
	//
	// The losses of a batch form a column of `batchSize` numbers. `Backward` on it gives the gradient of their sum
	// (section 2.5), and the update divides by the size of the batch. After each epoch we look at the
	// mean loss over all examples. No gradient is wanted there, so the parameters go in detached. The
	// learning rate and the number of epochs are *hyperparameters*: chosen by us, not learned.

	lr := p.Float("lr", 0.03, book.Doc("learning rate"))
	epochs := p.Int("epochs", 3)
	for epoch := range epochs {
		for X, y := range dataIter(batchSize, features, labels) {
			l := loss(net(X, w, b), y)
			l.Backward()
			update([]*tensor.Tensor{w, b}, lr, batchSize)
		}
		trainL := loss(net(features, w.Detach(), b.Detach()), labels).Mean().Item()
		p.Metric("loss", epoch+1, float64(epoch+1), trainL)
		p.Printf("epoch %d, loss %f\n", epoch+1, trainL)
	}

	// The loss cannot fall below what the noise causes. With perfect parameters it would be half the noise's
	// variance, $0.01^2 / 2 = 0.00005$, and this is where it has arrived.
	//
	// Since we know the true parameters, we can compare:

	errW := trueW.Sub(w.Detach().Reshape(trueW.Shape()...))
	errB := b.Detach().Neg().AddScalar(trueB)
	p.Print("error in estimating w:", errW)
	p.Print("error in estimating b:", errB)
	p.Result("loss", loss(net(features, w.Detach(), b.Detach()), labels).Mean().Item())
	p.Result("w error", errW.Abs().Max().Item())
	p.Result("b error", math.Abs(errB.Item()))

	// Both are found to within a thousandth. That is a property of this problem, which has one best solution
	// and data that determine it. In deep networks very different parameters can predict equally well, and
	// good predictions are all we ask for.
	//
	// ## Exercises
	//
	// 1. *What if the weights start at zero?* Nothing changes here. The loss has a single valley, and
	//    every starting point leads into it. (With hidden layers it is another matter: units that start equal
	//    get equal gradients and stay equal.)

	w0, b0 := tensor.Zeros(2, 1).RequireGrad(), tensor.Zeros(1).RequireGrad()
	zero := train(features, labels, w0, b0, lr, epochs)
	p.Printf("started at zero: loss %f\n", zero)
	p.Run("zero").Result("loss", zero)

	// 2. *Try other learning rates.* A tenth of the rate gets only a part of the way in three epochs. Ten times the rate
	//    arrives fast, but its large steps follow the noise of the last batches, and it ends slightly above
	//    the best loss. Much larger ones overshoot the valley, further with each step, until the numbers overflow.

	var rows [][]string
	for _, rate := range []float64{0.003, 0.03, 0.3, 3} {
		w, b := tensor.Zeros(2, 1).RequireGrad(), tensor.Zeros(1).RequireGrad()
		l := train(features, labels, w, b, rate, 3)
		p.Run(fmt.Sprintf("lr=%g", rate)).Result("loss", l)
		rows = append(rows, []string{fmt.Sprint(rate), fmt.Sprintf("%.6f", l)})
	}
	p.Table([]string{"learning rate", "loss after 3 epochs"}, rows)

	// 3. *Find a resistance from measured voltages and currents.* Ohm's law $U = R I$ is a linear model with the current
	//    $I$ as its one feature, the weight $R$, and a bias that should come out as 0. Here are 100
	//    measurements at a resistor of 4.7 ohms, with errors of 0.01 volts.

	current := random.Uniform(0, 2, 100, 1)
	voltage := current.MulScalar(4.7).Add(random.Normal(0, 0.01, 100, 1))
	R, U0 := tensor.Zeros(1, 1).RequireGrad(), tensor.Zeros(1).RequireGrad()
	train(current, voltage, R, U0, 0.1, 50)
	p.Printf("R = %.3f ohms, bias %.4f volts\n", R, U0)

	// 4. *What if the batch size does not divide the number of examples?* The last minibatch holds the
	//    rest. `sgd` still divides by the full batch size, so these examples have the same weight
	//    as all others, and the last step is shorter.

	for X := range dataIter(300, features, labels) {
		p.Print(X.Shape())
	}
}

// Element $i$ of the product $\mathbf{X}\mathbf{w}$ is the weighted sum for example $i$. `Add` puts the
// noise on top. The labels are returned as a column, one row for each example.
func syntheticData(r *random.Rand, w *tensor.Tensor, b float64, n int) (X, y *tensor.Tensor) {
	X = r.Normal(0, 1, n, w.Len())
	y = X.Dot(w).AddScalar(b)
	y = y.Add(r.Normal(0, 0.01, n))
	return X, y.Reshape(-1, 1)
}

// In every pass the examples come in a new random order. `dataIter` shuffles their numbers,
// cuts them into pieces of `batchSize`, the last of which may be shorter, and picks the rows with `Take`. It
// returns a Go iterator: `range` calls it, and `yield` hands each batch to the body of the loop.
func dataIter(batchSize int, features, labels *tensor.Tensor) iter.Seq2[*tensor.Tensor, *tensor.Tensor] {
	return func(yield func(X, y *tensor.Tensor) bool) {
		n := features.Len()
		indices := tensor.Of(random.Perm(n))
		for i := 0; i < n; i += batchSize {
			batch := indices.Slice(tensor.R(i, min(i+batchSize, n)))
			if !yield(features.Take(batch), labels.Take(batch)) {
				return
			}
		}
	}
}

// **The model.** The predictions for a whole batch are one matrix-vector product, $\hat{\mathbf{y}} = \mathbf{X}\mathbf{w} +
// b$; the bias is broadcast to every row.
func linreg(X, w, b *tensor.Tensor) *tensor.Tensor {
	return X.MatMul(w).Add(b)
}

// **The loss** says how bad a prediction is: $\ell(\hat y, y) = \frac{1}{2} (\hat y - y)^2$. The half
// is there so that the derivative is simply $\hat y - y$. The labels take the shape of the predictions, since a
// row minus a column would be broadcast to a matrix, and nobody would notice.
func squaredLoss(yHat, y *tensor.Tensor) *tensor.Tensor {
	return yHat.Sub(y.Reshape(yHat.Shape()...)).Square().DivScalar(2)
}

// **The update** is *minibatch stochastic gradient descent*. Let $\mathcal{B}$ be the set of the examples in the minibatch
// and $|\mathcal{B}|$ their number. Each parameter takes a small step against the gradient of their mean loss:
//
// $$\mathbf{w} \leftarrow \mathbf{w} - \frac{\eta}{|\mathcal{B}|} \sum_{i \in \mathcal{B}} \nabla_{\mathbf{w}}\,
// \ell(\hat y_i, y_i).$$
//
// The length of the step is set by the *learning rate* $\eta$. `AddScaled(a, g)` adds $a\,g$ in place; writing into
// a leaf in this way is not recorded.
func sgd(params []*tensor.Tensor, lr float64, batchSize int) {
	for _, p := range params {
		p.AddScaled(-lr/float64(batchSize), p.Grad())
	}
}

// `train` is the loop from above as a function. It ends with the mean loss over all examples.
func train(features, labels, w, b *tensor.Tensor, lr float64, epochs int) float64 {
	for range epochs {
		for X, y := range dataIter(10, features, labels) {
			squaredLoss(linreg(X, w, b), y).Backward()
			sgd([]*tensor.Tensor{w, b}, lr, 10)
		}
	}
	return squaredLoss(linreg(features, w.Detach(), b.Detach()), labels).Mean().Item()
}
