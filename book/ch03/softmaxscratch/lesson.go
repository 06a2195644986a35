// Package softmaxscratch is lesson 3.6: softmax regression with nothing but tensors and gradients.
package softmaxscratch

import (
	_ "embed"
	"fmt"

	"github.com/fathom-ml/fathom/book"
	"github.com/fathom-ml/fathom/d2l"
	"github.com/fathom-ml/fathom/nn"
	"github.com/fathom-ml/fathom/plot"
	"github.com/fathom-ml/fathom/show"
	"github.com/fathom-ml/fathom/tensor"
	"github.com/fathom-ml/fathom/tensor/random"
)

//go:embed lesson.go
var source string

func init() {
	book.Register(book.Lesson{
		Section: "3.6", Title: "Implementation of Softmax Regression from Scratch",
		Run: SoftmaxScratch, Data: []string{"fashion-mnist"}, Source: source,
	})
}

// # Implementation of Softmax Regression from Scratch
//
// *Softmax regression* is the simplest classifier that is worth training: a linear model whose
// outputs are turned into probabilities, one for each class. This lesson builds all of it by hand:
// the model, its loss, the measure of success, the training loop and the chart that grows while it
// runs. The only help comes from tensors and their gradients.
//
// The data is the clothes of section 3.5, in minibatches of 256 pictures.
func SoftmaxScratch(p *book.Page) {
	batch := p.Int("batch", 256, book.Doc("examples in a minibatch"))
	examples := p.Int("examples", 0, book.Quick(6000), book.Doc("training pictures to use; 0 means all"))
	trainIter, testIter, err := d2l.LoadDataFashionMNIST(p, batch, d2l.Examples(examples))
	p.Check(err)

	// ## Initializing model parameters
	//
	// A picture is a grid of 28 x 28 pixels. Softmax regression takes no notice of the grid: it reads the picture
	// as one vector of 784 numbers, row after row. There are ten classes, so there are ten outputs. The weights $\mathbf{W}$ therefore form a $784 \times 10$
	// matrix, one column for each class, and the biases $\mathbf{b}$ a vector of 10.
	//
	// The weights start as small random numbers from a normal distribution with mean 0 and standard deviation
	// 0.01, the biases at 0. `RequireGrad` marks both as parameters: operations on them are recorded, so
	// that their gradients can be computed later.

	const numInputs, numOutputs = 784, 10
	W := random.Normal(0, 0.01, numInputs, numOutputs).RequireGrad()
	b := tensor.Zeros(numOutputs).RequireGrad()

	// ## Defining the softmax operation
	//
	// The softmax needs sums along one axis. `Sum(0)` adds up along axis 0, that is down each column, and gives a
	// vector; `SumKeep(0)` does the same but keeps the axis with length 1, so that the result can be
	// broadcast against the matrix. Below, the columns and then the rows of a $2 \times 3$ matrix:

	X := tensor.Matrix([][]float32{{1, 2, 3}, {4, 5, 6}})
	p.Show(X.SumKeep(0), X.SumKeep(1))

	// The linear part of the model gives one number for each class, the *logits*. They can be of any size and
	// either sign. To become probabilities they must be positive and add up to 1. The *softmax* takes the
	// exponential of each number, which is always positive, and divides by the sum over the row. For a matrix
	// $\mathbf{X}$ with one example in each row $i$ and one class in each column $j$:
	//
	// $$\mathrm{softmax}(\mathbf{X})_{ij} = \frac{\exp(X_{ij})}{\sum_k \exp(X_{ik})}.$$
	//
	// Larger logits get larger probabilities: the order of the classes stays the same. The denominator is
	// called the *partition function*, a name from physics.
	//
	// Any numbers will do as a test, so we draw ten. All entries of the result lie between 0 and 1.

	X = random.Normal(0, 1, 2, 5)
	prob := softmax(X)
	p.Show(prob, prob.Sum(1))

	// The second row adds up to a number just below 1, not to 1. That is rounding: `float32` holds about
	// seven digits. It does no harm here. Something else does, and exercise 1 shows what: the exponential soon
	// leaves the range of `float32`.
	//
	// ## Defining the model
	//
	// The model puts the pieces together: flatten the pictures into rows, multiply, add, softmax. The -1 stands
	// for the number of pictures in the batch. The function holds on to `W` and `b`; updating them changes
	// what it computes.

	net := func(X *tensor.Tensor) *tensor.Tensor {
		return softmax(X.Reshape(-1, numInputs).MatMul(W).Add(b))
	}

	// ## Defining the loss function
	//
	// How wrong is a prediction? If the true class of an example is $y$ and the model gives it the
	// probability $\hat{y}_y$, the *cross-entropy* loss of section 3.4 is
	//
	// $$\ell = -\log \hat{y}_y.$$
	//
	// It is 0 for a model that is sure and right, and grows without bound as the probability of the truth goes
	// to 0.
	//
	// So one number has to be picked from each row. With two examples, three classes and the labels 0 and 2,
	// `Pick` gives column 0 of the first row and column 2 of the second.

	y := tensor.Of([]int32{0, 2})
	yHat := tensor.Matrix([][]float32{{0.1, 0.3, 0.6}, {0.3, 0.2, 0.5}})
	p.Show(yHat.Pick(y))

	// The loss of a batch is one line. A probability of 0.1 for the truth costs 2.3, one of 0.5 costs 0.69.

	p.Show(crossEntropy(yHat, y))

	// ## Classification accuracy
	//
	// When the model has to commit itself, we take the class with the highest probability, and ask how often it
	// is right: the *accuracy*. This is what we care about, but it cannot serve as a loss. A small
	// change of the weights usually changes no decision at all, so its gradient is zero almost everywhere.
	//
	// Of our two examples, the first is judged to be class 2 (probability 0.6) but is class 0; the
	// second is judged to be class 2 and is. One hit out of two:

	p.Show(accuracy(yHat, y) / float64(y.Len()))

	// For a whole data set, hits and examples are added up batch by batch. The model is still untrained. It
	// guesses, so we expect an accuracy near 0.1, one in ten; random weights may be a little luckier or
	// unluckier than that.

	untrained, err := evaluateAccuracy(net, testIter)
	p.Check(err)
	p.Show(untrained)

	// (The book prints 0.0811. Its weights are the same; its copy of the pictures is not quite.)
	//
	// ## Training
	//
	// The update is minibatch stochastic gradient descent, as for linear regression: each parameter
	// moves against its gradient, times the *learning rate* $\eta$ (`lr`), divided by the number of
	// examples $|\mathcal{B}|$ in the batch:
	//
	// $$\mathbf{W} \leftarrow \mathbf{W} - \frac{\eta}{|\mathcal{B}|} \frac{\partial}{\partial \mathbf{W}} \sum_{i \in \mathcal{B}} \ell^{(i)}.$$
	//
	// `d2l.SGD` of section 3.2 does it. Training code should not have to know which parameters there are, so it
	// gets a function of the batch size.

	lr := p.Float("lr", 0.1, book.Doc("learning rate"))
	updater := func(batchSize int) { d2l.SGD([]*tensor.Tensor{W, b}, lr, batchSize) }

	// One *epoch* is one pass over the training set. The chart shows, for each of ten, the mean loss and the
	// accuracy on the training set, and the accuracy on the test set.

	epochs := p.Int("epochs", 10, book.Quick(3), book.Doc("passes over the training set"))
	p.Check(train(p, net, trainIter, testIter, crossEntropy, epochs, updater))

	// Most of the gain comes in the first epoch. After that the loss keeps falling slowly, and in the end about
	// five out of six pictures are recognised. The accuracy on the training set is taken *while* the weights
	// change, an average over the epoch; the one on the test set afterwards. That is why the test curve can
	// lie above the training curve at the beginning. Its jitter is real: the last few steps of an epoch may
	// favour shirts over coats or the other way round, which moves a hundred of the 10,000 pictures or more.
	//
	// ## Prediction
	//
	// Finally we let the model name the first six test pictures. The first line of a title is the truth,
	// the second what the model says.

	p.Check(d2l.PredictCh3(p, nn.Func(net), testIter, 6, d2l.ClassNames(testIter)))

	// ## Summary
	//
	// - Softmax turns logits into probabilities; cross-entropy is the negative logarithm of the probability
	//   that the truth gets.
	// - The loss is minimised, since it has a useful gradient; the accuracy is reported, since it is what we want.
	// - A training loop needs a model, a loss, data in batches and an update. The functions of this lesson know
	//   nothing else, and serve again in the lessons to come: in package `d2l` they are called `Accuracy`,
	//   `EvaluateAccuracy`, `Accumulator`, `TrainEpochCh3`, `Animator` and `TrainCh3`.
	//
	// ## Exercises
	//
	// 1. *What goes wrong with large logits?* The largest number that `float32` holds is about $3.4 \cdot 10^{38}$,
	//    and $e^{89}$ is larger. It becomes infinity (`inf`), and infinity divided by infinity is not a
	//    number (`nan`). One `nan` in the loss spreads through the gradients to all weights.

	large := tensor.Matrix([][]float32{{0, 50, 100}})
	p.Show(large.Exp(), softmax(large))

	// 2. *What can go wrong in the loss?* The logarithm of 0. With logits 0 and -200, the second class has
	//    the probability $e^{-200}$, which `float32` rounds to 0. If it is the truth the loss is infinite, and
	//    again the gradient is useless. The right answer is 200.

	apart := tensor.Matrix([][]float32{{0, -200}})
	p.Show(crossEntropy(softmax(apart), tensor.Of([]int32{1})))

	// 3. *How can both be mended?* Subtracting a constant from all logits of a row changes nothing: numerator and
	//    denominator shrink by the same factor. With the row's maximum as that constant every exponent is
	//    0 or negative, and none overflows. And the loss should not go through the probability at all. With
	//    logits $o_j$ and their maximum $m$,
	//    $$-\log \frac{\exp(o_y)}{\sum_k \exp(o_k)} = m - o_y + \log \sum_k \exp(o_k - m),$$
	//    where the sum is at least 1. Now everything is finite:

	p.Show(safeSoftmax(large), safeCrossEntropy(apart, tensor.Of([]int32{1})))

	// 4. *Should the most likely class always be the answer?* Not if mistakes are expensive: a doctor would
	//    rather order another test. The model can stay silent unless its highest probability reaches a
	//    threshold. The table shows which share of the test pictures it then answers and how often it is
	//    right. The surer it has to be, the more often it is right, and the more it leaves to others. (`NaN` would
	//    say that it gave no answer at all.)

	var rows [][]string
	for _, threshold := range []float64{0, 0.5, 0.7, 0.9} {
		share, right, err := answers(net, testIter, threshold)
		p.Check(err)
		rows = append(rows, []string{fmt.Sprint(threshold), fmt.Sprintf("%.3f", share), fmt.Sprintf("%.3f", right)})
	}
	p.Table([]string{"threshold", "answered", "accuracy"}, rows)
}

// Three steps: the exponential of each entry, the sum of each row, the quotient. `SumKeep` leaves a column, which
// the division broadcasts along the rows.
func softmax(X *tensor.Tensor) *tensor.Tensor {
	exp := X.Exp()
	return exp.Div(exp.SumKeep(1))
}

// The cross-entropy of each example; the gradient finds its way back through `Pick`.
func crossEntropy(yHat, y *tensor.Tensor) *tensor.Tensor {
	return yHat.Pick(y).Log().Neg()
}

// `ArgMax(1)` is the position of the largest entry in each row. `Eq` compares only tensors of the same
// dtype, so the positions are converted to that of the labels. The sum of the truth values is the number of
// hits. `Detach` says that no gradient will be asked for.
func accuracy(yHat, y *tensor.Tensor) float64 {
	guess := yHat.Detach().ArgMax(1).AsType(y.DType())
	return guess.Eq(y).Sum().Item()
}

// A few running sums, to be added to step by step.
type accumulator []float64

func (a accumulator) add(values ...float64) {
	for i, v := range values {
		a[i] += v
	}
}

// From here on a model is any function from a batch of pictures to a batch of scores.
type model = func(X *tensor.Tensor) *tensor.Tensor

// The hits of all batches, divided by the number of examples. The mean of the batches' accuracies
// would be wrong, since the last batch is smaller. The model is recorded here too, because `W` and `b` ask for
// it; as nobody calls `Backward`, the records are thrown away with the scores.
func evaluateAccuracy(net model, iter *d2l.Batches) (float64, error) {
	sums := accumulator{0, 0} // hits, examples
	for X, y := range iter.Batches() {
		sums.add(accuracy(net(X), y), float64(y.Len()))
	}
	return sums[0] / sums[1], iter.Err()
}

// One epoch. Each batch is a step: forward, loss, backward, update. `Backward` on a vector of losses computes the
// gradient of their sum. Afterwards the record of the computation is used up; `Detach` gives the values
// of the losses, free of it.
func trainEpoch(net model, iter *d2l.Batches, loss d2l.Loss, update d2l.Updater) (meanLoss, acc float64, err error) {
	sums := accumulator{0, 0, 0} // loss, hits, examples
	for X, y := range iter.Batches() {
		yHat := net(X)
		l := loss(yHat, y)
		l.Backward()
		update(X.Len())
		sums.add(l.Detach().Sum().Item(), accuracy(yHat, y), float64(y.Len()))
	}
	return sums[0] / sums[2], sums[1] / sums[2], iter.Err()
}

// A chart that grows: a figure with one line for each name, put on the page as *live*.
type animator struct {
	page  *book.Page
	lines []*plot.Line
	chart show.Live
}

func newAnimator(p *book.Page, epochs int, names ...string) *animator {
	a := &animator{page: p}
	axes := &plot.Axes{
		XLabel: "epoch", XLim: plot.Range{Min: 1, Max: float64(epochs)}, YLim: plot.Range{Min: 0.3, Max: 0.9},
		Legend: true, Grid: true,
	}
	for i, name := range names {
		line := &plot.Line{Label: name, Format: []string{"-", "m--", "g-."}[i]}
		a.lines = append(a.lines, line)
		axes.Add(line)
	}
	a.chart = p.Live("training", plot.New(axes))
	return a
}

// `add` puts a point at the end of each line and has the figure redrawn.
func (a *animator) add(epoch int, ys ...float64) {
	for i, y := range ys {
		line := a.lines[i]
		line.X, line.Y = append(line.X, float64(epoch)), append(line.Y, y)
		a.page.Metric(line.Label, len(line.X), float64(epoch), y)
	}
	a.chart.Update()
}

// The whole training: epoch after epoch, each followed by a look at the test set.
func train(p *book.Page, net model, trainIter, testIter *d2l.Batches, loss d2l.Loss, epochs int, update d2l.Updater) error {
	chart := newAnimator(p, epochs, "train loss", "train acc", "test acc")
	var trainLoss, trainAcc, testAcc float64
	for epoch := 1; epoch <= epochs; epoch++ {
		var err error
		if trainLoss, trainAcc, err = trainEpoch(net, trainIter, loss, update); err != nil {
			return err
		}
		if testAcc, err = evaluateAccuracy(net, testIter); err != nil {
			return err
		}
		chart.add(epoch, trainLoss, trainAcc, testAcc)
	}
	chart.chart.Done()
	p.Result("train loss", trainLoss)
	p.Result("train acc", trainAcc)
	p.Result("test acc", testAcc)
	return nil
}

// The softmax that does not overflow.
func safeSoftmax(X *tensor.Tensor) *tensor.Tensor {
	return softmax(X.Sub(X.MaxKeep(1)))
}

// The cross-entropy of logits. Since the maximum is gone from them first, $m$ is 0 in the second line.
func safeCrossEntropy(logits, y *tensor.Tensor) *tensor.Tensor {
	o := logits.Sub(logits.MaxKeep(1))
	return o.Exp().Sum(1).Log().Sub(o.Pick(y))
}

// The share of examples whose highest probability reaches the threshold, and the accuracy among these.
func answers(net model, iter *d2l.Batches, threshold float64) (share, right float64, err error) {
	sums := accumulator{0, 0, 0} // answered, right among these, examples
	for X, y := range iter.Batches() {
		yHat := net(X).Detach()
		sure := yHat.Max(1).GeScalar(threshold)
		hit := yHat.ArgMax(1).AsType(y.DType()).Eq(y)
		sums.add(sure.Sum().Item(), tensor.Where(sure, hit, tensor.ZerosLike(hit)).Sum().Item(), float64(y.Len()))
	}
	return sums[0] / sums[2], sums[1] / sums[0], iter.Err()
}
