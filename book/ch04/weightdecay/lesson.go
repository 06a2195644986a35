// Package weightdecay is lesson 4.5: a penalty on the size of the weights.
package weightdecay

import (
	_ "embed"
	"fmt"

	"github.com/fathom-ml/fathom/book"
	"github.com/fathom-ml/fathom/d2l"
	"github.com/fathom-ml/fathom/nn"
	"github.com/fathom-ml/fathom/optim"
	"github.com/fathom-ml/fathom/plot"
	"github.com/fathom-ml/fathom/tensor"
	"github.com/fathom-ml/fathom/tensor/random"
)

//go:embed lesson.go
var source string

func init() {
	book.Register(book.Lesson{Section: "4.5", Title: "Weight Decay", Run: WeightDecay, Source: source})
}

// # Weight Decay
//
// A model that overfits has more freedom than its data can direct. More data would help, but are often not to be had. Fewer features would help as well,
// as in section 4.4, where we cut off the high powers, but that is a crude tool: a feature is in or out. With many inputs there is also no natural order in which to
// drop them.
//
// There is a finer one. All features stay, and the weights are kept *small*. A linear function with small weights changes little when its input changes; it cannot
// bend after every single example. This technique is called *weight decay*, or $L_2$ *regularization*, and it is probably the
// most widely used of all.
func WeightDecay(p *book.Page) {
	// ## Norms and weight decay
	//
	// How large is a weight vector $\mathbf{w}$? A natural measure is its distance from zero, the Euclidean norm $\|\mathbf{w}\| = \sqrt{\sum_j w_j^2}$. We add
	// a multiple of its square to the loss $L(\mathbf{w}, b)$, and minimize
	//
	// $$L(\mathbf{w}, b) + \frac{\lambda}{2} \|\mathbf{w}\|^2.$$ {#eq-penalty}
	//
	// Now a large weight must pay for itself by lowering $L$. The number $\lambda \geq 0$ is a hyperparameter that says how much it has to pay; $\lambda = 0$ is
	// the loss as before. The square is taken, and halved, for the sake of its derivative, which is $\lambda \mathbf{w}$. The bias is usually left free:
	// it shifts all outputs alike, and does not help to fit single examples.
	//
	// The update by minibatch gradient descent (section 3.2), with the learning rate $\eta$ and the examples $\mathbf{x}^{(i)}, y^{(i)}$ of the batch $\mathcal{B}$,
	// becomes
	//
	// $$\mathbf{w} \leftarrow (1 - \eta\lambda)\, \mathbf{w} - \frac{\eta}{|\mathcal{B}|} \sum_{i \in \mathcal{B}} \mathbf{x}^{(i)} \left(\mathbf{w}^\top \mathbf{x}^{(i)} + b - y^{(i)}\right).$$
	//
	// Before each step the weights shrink by the factor $1 - \eta\lambda$. Without data they would *decay* to zero, hence the name.
	//
	// Why the square? With $\sum_j |w_j|$, the $L_1$ norm, small weights would be pushed as hard as large ones, and many would end at 0: that selects features. The square
	// spares small weights and punishes large ones, which spreads the task over many features. Linear regression with the square is known as *ridge
	// regression*, with the $L_1$ norm as *lasso*.
	//
	// ## High-dimensional linear regression
	//
	// To see overfitting at its worst, we take more weights than examples:
	//
	// $$y = 0.05 + \sum_{j=1}^{200} 0.01\, x_j + \epsilon, \qquad \epsilon \sim \mathcal{N}(0, 0.01^2),$$
	//
	// with 200 inputs and only 20 examples for training. One hundred more are for the test. As in section 4.4, data and first weights come from a stream of their own, so that they are
	// the book's in every run.

	nTrain := p.Int("train", 20, book.Doc("training examples"))
	const nTest, numInputs, batchSize = 100, 200, 5
	stream := random.New(0)
	trueW, trueB := tensor.Full(0.01, numInputs, 1), 0.05
	trainX, trainY := d2l.SyntheticDataFrom(stream, trueW, trueB, nTrain)
	testX, testY := d2l.SyntheticDataFrom(stream, trueW, trueB, nTest)
	data := loaders{d2l.LoadArray(batchSize, true, trainX, trainY), d2l.LoadArray(batchSize, false, testX, testY)}

	// ## From scratch
	//
	// The model and its loss are those of section 3.2; the penalty is one line. The weights begin as standard normal numbers. That is far too large for
	// true weights of 0.01, on purpose.
	//
	// We train twice. First without the penalty:

	lr := p.Float("lr", 0.003, book.Doc("learning rate"))
	epochs := p.Int("epochs", 100)
	lambda := p.Float("lambda", 3, book.Doc("strength of the penalty in the second and fourth run"))
	train(p.Run("lambda=0"), data, stream.Normal(0, 1, numInputs, 1), l2Penalty, 0, lr, epochs)

	// The training loss falls to a millionth, the test loss stays where it was. This is overfitting as in a textbook. The norm of 13 says why. The 20
	// examples are vectors in a space of 200 dimensions, and every update adds a multiple of one of them to $\mathbf{w}$. So $\mathbf{w}$ only moves within the 20 dimensions that
	// they span. That is enough to fit them all. The other 180 dimensions keep the random numbers that they began with, whose norm is about $\sqrt{180} \approx 13.4$. For the training
	// data these make no difference; for any other data they are noise.
	//
	// Now with $\lambda = 3$:

	train(p.Run(fmt.Sprintf("lambda=%g", lambda)), data, stream.Normal(0, 1, numInputs, 1), l2Penalty, lambda, lr, epochs)

	// The training loss ends higher and the test loss six hundred times lower. In the 180 dimensions about which the data say nothing only the decay is at work: 100 epochs of 4
	// batches are 400 updates, and $(1 - 0.003 \cdot 3)^{400} = 0.027$ is left of the random numbers, a norm of about $0.027 \cdot 13.4 = 0.36$. The norm printed is a
	// little larger, since it includes what the data say. (The norm of the true weights is $\sqrt{200} \cdot 0.01 = 0.14$.)
	//
	// Note that the plotted losses are without the penalty, so that the two runs can be compared.
	//
	// ## Concise implementation
	//
	// Since the penalty only changes the update, optimizers have it built in: option `WD`. That saves computing the penalty and its gradient. By default it applies to all
	// parameters. Every parameter has a multiplier for it, which we set to 0 for those whose path ends in `Bias`.

	trainConcise(p.Run("wd=0"), data, normal(stream), 0, lr, epochs)

	trainConcise(p.Run(fmt.Sprintf("wd=%g", lambda)), data, normal(stream), lambda, lr, epochs)

	// The plots look as before. The numbers are a little different, because each run begins with other weights. Begun with the same, the two ways give the same updates.
	//
	// ## Summary
	//
	// - Weight decay adds $\frac{\lambda}{2} \|\mathbf{w}\|^2$ to the loss, which shrinks the weights by the factor $1 - \eta\lambda$ in every update.
	// - It removes from the weights what the data do not ask for. The training loss rises a little, the test loss may fall by much.
	// - Optimizers do it at no cost, and a multiplier for each parameter says where.
	//
	// ## Exercises
	//
	// 1. *How do the losses depend on $\lambda$?* All runs start from the same weights. The test loss falls, first fast, then slowly, and never rises again. That is a surprise: a penalty
	//    of 100 leaves no weight to speak of. But see what is to be gained. A model that knows the bias and no weight has the mean loss $\frac12 (200 \cdot 0.01^2 + 0.01^2) \approx 0.01$, and
	//    20 examples do not suffice to find 200 tiny weights. So what matters here is only how fast the decay gets rid of the weights that
	//    we began with. (The hump of the training loss is the bias: the large first weights throw it off, and since it does not decay, it comes back slowly.)

	first := stream.Normal(0, 1, numInputs, 1)
	lambdas := []float64{0, 0.5, 1, 2, 3, 5, 10, 20, 50, 100}
	var trainLoss, testLoss []float64
	for _, l := range lambdas {
		w, b := fit(data, first, l2Penalty, l, lr, epochs)
		trainLoss = append(trainLoss, meanLoss(trainX, trainY, w, b))
		testLoss = append(testLoss, meanLoss(testX, testY, w, b))
	}
	d2l.Plot(p, "loss-against-lambda", tensor.Of(lambdas), []*tensor.Tensor{tensor.Of(trainLoss), tensor.Of(testLoss)},
		d2l.Axis{XLabel: "lambda", YLabel: "loss", YScale: plot.Log, Legend: []string{"train", "test"}})

	//    Is it so? If it is, then a start at 0 needs no penalty at all. It comes out this way. Gradient descent from 0 stays in the space that the examples span, and so finds,
	//    of all weight vectors that fit them, the one of least norm.
	//
	//    There is an upper limit. Where $\eta\lambda > 2$ the factor $1 - \eta\lambda$ is below -1, and the weights explode: here beyond $\lambda = 2 / 0.003 \approx 667$.

	w0, b0 := fit(data, tensor.Zeros(numInputs, 1), l2Penalty, 0, lr, epochs)
	p.Printf("started at 0, lambda=0: train loss %.2g, test loss %.4f\n", meanLoss(trainX, trainY, w0, b0), meanLoss(testX, testY, w0, b0))
	w0, _ = fit(data, first, l2Penalty, 2.1/lr, lr, epochs)
	p.Printf("lambda=%.0f: norm of w %.1g\n", 2.1/lr, w0.Norm())

	// 2. *Choose $\lambda$ on a validation set. Does the best value matter?* With 20 examples we can spare 5. The validation loss orders the values as the test loss does, so we choose the
	//    largest. It hardly matters, once $\lambda$ is large enough; and the losses themselves, from five examples, are rough.

	tX, tY := trainX.Slice(tensor.R(0, nTrain-5)), trainY.Slice(tensor.R(0, nTrain-5))
	vX, vY := trainX.Slice(tensor.From(nTrain-5)), trainY.Slice(tensor.From(nTrain-5))
	some := loaders{train: d2l.LoadArray(batchSize, true, tX, tY)}
	var rows [][]string
	for _, l := range lambdas {
		w, b := fit(some, first, l2Penalty, l, lr, epochs)
		valid, test := meanLoss(vX, vY, w, b), meanLoss(testX, testY, w, b)
		run := p.Run(fmt.Sprintf("choose,lambda=%g", l))
		run.Result("valid loss", valid)
		run.Result("test loss", test)
		rows = append(rows, []string{fmt.Sprint(l), fmt.Sprintf("%.4f", valid), fmt.Sprintf("%.4f", test)})
	}
	p.Table([]string{"lambda", "validation loss", "test loss"}, rows)

	// 3. *What is the update with the penalty $\lambda \sum_j |w_j|$?* Its derivative is $\lambda\, \mathrm{sign}(w_j)$, so each weight moves towards 0 by the fixed amount $\eta\lambda$, however
	//    small it is already. Weights whose gradient from the data is less than $\lambda$ end at 0, or rather jump back and forth around it by up to $\eta\lambda$. With the square, large weights
	//    shrink fast, and small ones ever more slowly. We count the weights that are 0 to within two such steps:

	w1, b1 := fit(data, first, l1Penalty, 1, lr, 4*epochs)
	w2, b2 := fit(data, first, l2Penalty, lambda, lr, epochs)
	near := func(w *tensor.Tensor) float64 { return w.Abs().LtScalar(2 * lr).AsType(tensor.Float32).Sum().Item() }
	p.Printf("absolute values: %3g of %d, test loss %.4f\n", near(w1), numInputs, meanLoss(testX, testY, w1, b1))
	p.Printf("squares:         %3g of %d, test loss %.4f\n", near(w2), numInputs, meanLoss(testX, testY, w2, b2))

	// 4. *What is weight decay in terms of probability?* The posterior $P(w \mid x) \propto P(x \mid w)\, P(w)$ is largest where $-\log P(x \mid w) - \log P(w)$ is least. The first
	//    term is the loss. If the weights are believed beforehand to be normal with mean 0 and variance $1/\lambda$, the second is $\frac{\lambda}{2} \|\mathbf{w}\|^2$ and a constant.
}

type loaders struct{ train, test *d2l.Batches }

// **The penalty.** Half the square of the norm.
func l2Penalty(w *tensor.Tensor) *tensor.Tensor {
	return w.Square().Sum().DivScalar(2)
}

func l1Penalty(w *tensor.Tensor) *tensor.Tensor {
	return w.Abs().Sum()
}

// **Training.** The penalty is a single number; broadcasting adds it to the loss of each example in the batch. The update divides the sum by the size of the batch,
// so that it counts once.
func train(p *book.Page, data loaders, first *tensor.Tensor, penalty func(w *tensor.Tensor) *tensor.Tensor, lambda, lr float64, epochs int) {
	w, b := first.RequireGrad(), tensor.Zeros(1).RequireGrad()
	net := nn.Func(func(X *tensor.Tensor) *tensor.Tensor { return d2l.Linreg(X, w, b) })
	chart := newChart(p, epochs)
	for epoch := 1; epoch <= epochs; epoch++ {
		for X, y := range data.train.Batches() {
			l := d2l.SquaredLoss(net(X), y).Add(penalty(w).MulScalar(lambda))
			l.Backward()
			d2l.SGD([]*tensor.Tensor{w, b}, lr, X.Len())
		}
		chart.evaluate(epoch, net, data)
	}
	chart.report(w.Detach())
}

// With the library's parts:
func trainConcise(p *book.Page, data loaders, init nn.Initialiser, wd, lr float64, epochs int) {
	net := nn.Sequential{nn.NewDense(1)}
	nn.Init(net, init)
	nn.SetWDMult(net, nn.Match("Bias$"), 0)
	trainer := optim.NewSGD(nn.Parameters(net), optim.LR(lr), optim.WD(wd))
	chart := newChart(p, epochs)
	for epoch := 1; epoch <= epochs; epoch++ {
		for X, y := range data.train.Batches() {
			nn.L2Loss(net.Forward(nn.Train(), X), y).Backward()
			trainer.Step(X.Len())
		}
		chart.evaluate(epoch, net, data)
	}
	chart.report(net[0].(*nn.Dense).Weight.Value().Detach())
}

func normal(stream *random.Rand) nn.Initialiser {
	return nn.InitFunc(func(_ string, w *tensor.Tensor) { w.CopyFrom(stream.Normal(0, 1, w.Shape()...)) })
}

// The plot of a run, with a point every five epochs.
type chart struct {
	p           *book.Page
	curves      *d2l.Animator
	train, test float64
}

func newChart(p *book.Page, epochs int) *chart {
	return &chart{p: p, curves: d2l.NewAnimator(p, "loss", d2l.Axis{
		XLabel: "epochs", YLabel: "loss", YScale: plot.Log, XLim: plot.Range{Min: 5, Max: float64(epochs)}, Legend: []string{"train", "test"},
	})}
}

func (c *chart) evaluate(epoch int, net nn.Layer, data loaders) {
	if epoch%5 != 0 {
		return
	}
	var err error
	c.train, err = d2l.EvaluateLoss(c.p, net, data.train, d2l.SquaredLoss)
	c.p.Check(err)
	c.test, err = d2l.EvaluateLoss(c.p, net, data.test, d2l.SquaredLoss)
	c.p.Check(err)
	c.curves.Add(float64(epoch), c.train, c.test)
}

func (c *chart) report(w *tensor.Tensor) {
	c.curves.Done()
	c.p.Print("L2 norm of w:", w.Norm())
	c.p.Result("norm", w.Norm().Item())
	c.p.Result("train loss", c.train)
	c.p.Result("test loss", c.test)
}

// The training without a plot, from a copy of the first weights.
func fit(data loaders, first *tensor.Tensor, penalty func(w *tensor.Tensor) *tensor.Tensor, lambda, lr float64, epochs int) (w, b *tensor.Tensor) {
	w, b = first.Clone().RequireGrad(), tensor.Zeros(1).RequireGrad()
	for range epochs {
		for X, y := range data.train.Batches() {
			d2l.SquaredLoss(d2l.Linreg(X, w, b), y).Add(penalty(w).MulScalar(lambda)).Backward()
			d2l.SGD([]*tensor.Tensor{w, b}, lr, X.Len())
		}
	}
	return w.Detach(), b.Detach()
}

func meanLoss(X, y, w, b *tensor.Tensor) float64 {
	return d2l.SquaredLoss(d2l.Linreg(X, w, b), y).Mean().Item()
}
