// Package mlpscratch is lesson 4.2: a multilayer perceptron with nothing but tensors and gradients.
package mlpscratch

import (
	_ "embed"
	"fmt"

	"github.com/fathom-ml/fathom/book"
	"github.com/fathom-ml/fathom/d2l"
	"github.com/fathom-ml/fathom/nn"
	"github.com/fathom-ml/fathom/tensor"
	"github.com/fathom-ml/fathom/tensor/random"
)

//go:embed lesson.go
var source string

func init() {
	book.Register(book.Lesson{
		Section: "4.2", Title: "Implementation of Multilayer Perceptrons from Scratch",
		Run: MLPScratch, Data: []string{"fashion-mnist"}, Source: source,
	})
}

// # Implementation of Multilayer Perceptrons from Scratch
//
// The softmax regression of section 3.6 has one layer of weights between pixels and classes. A *multilayer
// perceptron* has a second one, and something between the two that makes the difference. In this lesson we write
// down its parameters by hand, train it on the same clothes with the same loop, and see what it gains. Only the model
// is new.
//
// Small data needs small batches: a pass over the 60,000 pictures of Fashion-MNIST in batches of 256 is 235 updates,
// but a pass over the 1,437 digits, which stand in for them if need be, is only six. There the
// lesson takes batches of 32.
func MLPScratch(p *book.Page) {
	trainSet, testSet, err := d2l.OpenFashionMNIST(p)
	p.Check(err)
	var batch int
	if trainSet.Name == "fashion-mnist" {
		batch = p.Int("batch", 256, book.Doc("examples in a minibatch (on digits 32)"))
	} else {
		batch = p.Int("batch", 32)
		p.Notice(fmt.Sprintf("The set is small, so that batches of 256 would give too few updates. This run takes batches of %d.", batch))
	}
	examples := p.Int("examples", 0, book.Quick(6000), book.Doc("training pictures to use; 0 means all"))
	trainIter, testIter := d2l.LoadImages(trainSet, testSet, batch, d2l.Examples(examples))

	// ## Initializing model parameters
	//
	// Let the rows of $\mathbf{X}$ be the $n$ pictures of a minibatch, each a vector of $28 \cdot 28 = 784$ pixels. The
	// model puts $h = 256$ *hidden units* between them and the ten classes:
	//
	// $$\mathbf{H} = \sigma(\mathbf{X} \mathbf{W}_1 + \mathbf{b}_1), \qquad \mathbf{O} = \mathbf{H} \mathbf{W}_2 + \mathbf{b}_2.$$
	//
	// The weights $\mathbf{W}_1$ form a $784 \times h$ matrix, the biases $\mathbf{b}_1$ a vector of $h$. The *activation function*
	// $\sigma$ acts on each number by itself. Row $i$ of $\mathbf{H}$ holds what the hidden units say about
	// picture $i$; the matrix $\mathbf{W}_2$, $h \times 10$, and the vector $\mathbf{b}_2$ turn that into a row of
	// $\mathbf{O}$, the ten logits.
	//
	// Nothing in the data asks for 256. The number of hidden units is ours to choose: a *hyperparameter*. More units
	// can tell more patterns apart, and cost more memory and time. A power of two suits the hardware.

	const numInputs, numOutputs = 784, 10
	numHiddens := p.Int("hidden", 256, book.Doc("hidden units"))
	W1 := random.Normal(0, 0.01, numInputs, numHiddens).RequireGrad()
	b1 := tensor.Zeros(numHiddens).RequireGrad()
	W2 := random.Normal(0, 0.01, numHiddens, numOutputs).RequireGrad()
	b2 := tensor.Zeros(numOutputs).RequireGrad()
	params := []*tensor.Tensor{W1, b1, W2, b2}

	count := 0
	for _, w := range params {
		count += w.Size()
	}
	p.Print("parameters:", count)

	// With $h = 256$ these are $784 \cdot 256 + 256 + 256 \cdot 10 + 10 = 203{,}530$ numbers, 26 times as many as
	// softmax regression has.
	//
	// There the weights could just as well have begun at 0. Here they could not. Two hidden units that begin with equal weights
	// compute the same, get the same gradient and stay equal for ever. Small random numbers break the
	// *symmetry*, so that each unit can find a task of its own.
	//
	// ## Activation function
	//
	// The simplest good choice of $\sigma$ is the *rectified linear unit*, $\mathrm{ReLU}(x) = \max(x, 0)$: it keeps what is positive and
	// replaces the rest by 0. Its derivative is 1 on the right and 0 on the left. At 0 itself there is none, and a
	// program has to settle on something. `Maximum` lets equal operands share the gradient, so our function
	// has $\frac12$ there; the ReLU of the library takes 0. In practice a sum of 784 products is hardly ever 0.

	x := tensor.Of([]float32{-2, -1, 0, 1, 2}).RequireGrad()
	y := relu(x)
	y.Backward()
	p.Show(y, x.Grad())

	// Why do we need it? Suppose there were no $\sigma$. Then
	//
	// $$\mathbf{O} = (\mathbf{X} \mathbf{W}_1 + \mathbf{b}_1) \mathbf{W}_2 + \mathbf{b}_2 = \mathbf{X} (\mathbf{W}_1 \mathbf{W}_2) + (\mathbf{b}_1 \mathbf{W}_2 + \mathbf{b}_2),$$
	//
	// which is a linear model with weights $\mathbf{W}_1 \mathbf{W}_2$: two layers that can do what one can. The ReLU between
	// them prevents that. Below, two hidden units look at a single number $x$. One passes $x$ on, the other $-x$, and
	// the output adds the two. Without the ReLU they cancel. With it, one of them is always silent, and the sum
	// is $|x|$, which is no linear function.

	V1 := tensor.Matrix([][]float32{{1, -1}})
	V2 := tensor.Matrix([][]float32{{1}, {1}})
	column := tensor.Matrix([][]float32{{-2}, {-1}, {0}, {1}, {2}})
	p.Show(column.MatMul(V1).MatMul(V2).T())
	p.Show(relu(column.MatMul(V1)).MatMul(V2).T())

	// ## Model
	//
	// The formulas above, line by line. `Reshape` lays the rows of each picture end to end.

	hidden := func(X *tensor.Tensor) *tensor.Tensor {
		return relu(X.Reshape(-1, numInputs).MatMul(W1).Add(b1))
	}
	net := nn.Func(func(X *tensor.Tensor) *tensor.Tensor {
		return hidden(X).MatMul(W2).Add(b2)
	})

	// ## Loss function
	//
	// Section 3.7 explains `nn.SoftmaxCrossEntropy`: softmax and cross-entropy in one, safe for all logits. A good
	// check of a new model is its loss before training. All logits are still close to 0, so every
	// class gets the probability $\frac{1}{10}$, and the loss should be close to $-\ln \frac{1}{10} = 2.3026$.

	loss := nn.SoftmaxCrossEntropy
	for X, y := range testIter.Batches() {
		p.Printf("loss before training: %.4f\n", loss(net(X), y).Mean().Item())
		break
	}

	// ## Training
	//
	// Nothing changes here: `d2l.TrainCh3` takes any model, and `d2l.SGD` any list of parameters.

	lr := p.Float("lr", 0.1, book.Doc("learning rate"))
	epochs := p.Int("epochs", 10, book.Quick(5), book.Doc("passes over the training set"))
	updater := func(batchSize int) { d2l.SGD(params, lr, batchSize) }
	p.Check(d2l.TrainCh3(p, net, trainIter, testIter, loss, epochs, updater))

	// The first epoch is a surprise. On Fashion-MNIST its loss is above 1, off the chart, while softmax regression was at
	// 0.79. The larger model is *slower* to start. The gradient of $\mathbf{W}_1$ is multiplied by $\mathbf{W}_2$ on its way
	// back, and that of $\mathbf{W}_2$ by $\mathbf{H}$; both are tiny at first, so each layer has to wait for the other to
	// grow. After three epochs it has caught up, and after ten its training loss is about 0.385. Softmax
	// regression ended at 0.45, and given thirty epochs it is still above 0.40.
	//
	// Why does it fall further? In a linear model a bright pixel counts for or against a class by a fixed amount, whatever the
	// rest of the picture looks like. Each class has one template, and one template must fit high boots and
	// low ones. Here a pixel counts only through the hidden units that are active, and which ones are active depends on the whole
	// picture. Each set of active units is a linear model of its own; the network has learned many of them
	// and when to use which. This is the share of the units that the first test pictures activate, on average:

	for X := range testIter.Batches() {
		active := hidden(X).Detach().GtScalar(0).AsType(tensor.Float32)
		p.Printf("active: %.2f\n", active.Mean().Item())
		break
	}

	// The test accuracy gains less than the training loss, and it jumps from epoch to epoch, as in section 3.6.
	//
	// ## Prediction
	//
	// Truth above, answer below:

	p.Check(d2l.PredictCh3(p, net, testIter, 6, nil))

	// The weights of a hidden unit can be looked at, too. There is one for each pixel, so they make a picture. These are
	// the first sixteen units, each scaled to its own range. A bright spot says that light at this place makes the unit
	// active, a dark one that it keeps it quiet. Outlines of clothes show through (on the digits, strokes of
	// a pen). Some units still are the noise they began as. Few pictures ever activated them, and a unit
	// that is silent gets no gradient: its weights have hardly moved.

	shown := min(16, numHiddens)
	d2l.ShowImages(p, "units", W1.Detach().T().Narrow(0, 0, shown).Reshape(shown, 28, 28), 2, 8, nil, 1)

	// ## Without the activation
	//
	// Is it the ReLU that matters, or just the number of parameters? `perceptron` makes a network of any widths with any
	// activation. With a function that returns its argument it has none. We train that network just as long.

	rows := [][]string{try(p, trainIter, testIter, trial{"linear", identity, lr, []int{784, numHiddens, 10}}, epochs)}
	p.Table(header, rows)

	// On Fashion-MNIST it ends at a loss of about 0.43, clearly above the network with ReLU, which has as many
	// parameters. (Softmax regression can compute the same, and ended at 0.45. But two factors that grow together
	// take longer steps than one.) In the first few epochs the two networks are level; the
	// gap opens later and goes on growing, so a quick run does not show it. Nor do the digits: they are so easy that
	// a linear model can learn them.
	//
	// ## Summary
	//
	// - A multilayer perceptron is two linear layers with a nonlinear function between them. Without that
	//   function it is a linear model in disguise.
	// - Each layer adds a weight matrix and a bias to the list of parameters. Loss, update and training loop do not care.
	// - Weights begin with small random numbers, to break the symmetry of the hidden units.
	//
	// ## Exercises
	//
	// All tables show short trainings, each from new random weights.
	//
	// 1. *How many hidden units?* Each time four times as many; each time they help less. The work grows in
	//    proportion to the number.

	short := p.Int("short", 3, book.Quick(2), book.Doc("epochs of the trainings in the exercises"))
	rows = nil
	for _, h := range []int{16, 64, 256, 1024} {
		t := trial{fmt.Sprintf("hidden=%d", h), relu, lr, []int{784, h, 10}}
		rows = append(rows, try(p, trainIter, testIter, t, short))
	}
	p.Table(header, rows)

	// 2. *Does another hidden layer help?* At first it harms. One more layer of small weights is one more factor that
	//    makes the gradient small, and the network stays longer at the loss of a guess, 2.3. Even after ten epochs
	//    it is no better than the network with one hidden layer. What is wrong is not the depth but the 0.01; section 4.3 tries
	//    better weights, and 4.8 says where these come from.

	deep := trial{"layers=2", relu, lr, []int{784, numHiddens, numHiddens, 10}}
	p.Table(header, [][]string{try(p, trainIter, testIter, deep, short)})

	// 3. *What does the learning rate do?* With 0.01 the network has hardly begun. On Fashion-MNIST 0.5 is better than our
	//    0.1, and still is after ten epochs, where the loss reaches 0.30. But 1 is too much. Long steps push hidden units so far
	//    to the negative side that no picture activates them any more. The gradient of such a *dead* unit is 0, so it does
	//    not come back. Here only one unit in thirty or forty is left alive, and the network does little more than guess.
	//    On the digits in batches of 32 this happens at 0.5 already.

	rows = nil
	for _, rate := range []float64{0.01, 0.5, 1} {
		t := trial{fmt.Sprintf("lr=%g", rate), relu, rate, []int{784, numHiddens, 10}}
		rows = append(rows, try(p, trainIter, testIter, t, short))
	}
	p.Table(header, rows)
}

// The larger of $x$ and 0, entry by entry; the 0 is broadcast.
func relu(X *tensor.Tensor) *tensor.Tensor {
	return X.Maximum(tensor.Scalar(0))
}

func identity(X *tensor.Tensor) *tensor.Tensor { return X }

// A network by its widths: inputs, hidden units of each hidden layer, outputs. The activation stands before every layer but the first.
func perceptron(activation func(*tensor.Tensor) *tensor.Tensor, widths []int) (net nn.Func, params []*tensor.Tensor) {
	for i := range len(widths) - 1 {
		W := random.Normal(0, 0.01, widths[i], widths[i+1])
		b := tensor.Zeros(widths[i+1])
		params = append(params, W.RequireGrad(), b.RequireGrad())
	}
	net = func(X *tensor.Tensor) *tensor.Tensor {
		H := X.Reshape(-1, widths[0])
		for i := 0; i < len(params); i += 2 {
			if i > 0 {
				H = activation(H)
			}
			H = H.MatMul(params[i]).Add(params[i+1])
		}
		return H
	}
	return net, params
}

// A network and its learning rate, to be tried under a name.
type trial struct {
	name       string
	activation func(*tensor.Tensor) *tensor.Tensor
	lr         float64
	widths     []int
}

var header = []string{"network", "train loss", "train acc", "test acc"}

// A training without a chart; it returns a row of the table.
func try(p *book.Page, trainIter, testIter *d2l.Batches, t trial, epochs int) []string {
	net, params := perceptron(t.activation, t.widths)
	update := func(batchSize int) { d2l.SGD(params, t.lr, batchSize) }
	var trainLoss, trainAcc float64
	var err error
	for range epochs {
		trainLoss, trainAcc, err = d2l.TrainEpochCh3(p, net, trainIter, nn.SoftmaxCrossEntropy, update)
		p.Check(err)
	}
	testAcc, err := d2l.EvaluateAccuracy(p, net, testIter)
	p.Check(err)
	run := p.Run(t.name)
	run.Result("train loss", trainLoss)
	run.Result("train acc", trainAcc)
	run.Result("test acc", testAcc)
	return []string{t.name, fmt.Sprintf("%.3f", trainLoss), fmt.Sprintf("%.3f", trainAcc), fmt.Sprintf("%.3f", testAcc)}
}
