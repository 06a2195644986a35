// Package mlpconcise is lesson 4.3: the multilayer perceptron with the library's layers.
package mlpconcise

import (
	_ "embed"
	"fmt"

	"github.com/fathom-ml/fathom/book"
	"github.com/fathom-ml/fathom/d2l"
	"github.com/fathom-ml/fathom/nn"
	"github.com/fathom-ml/fathom/optim"
)

//go:embed lesson.go
var source string

func init() {
	book.Register(book.Lesson{
		Section: "4.3", Title: "Concise Implementation of Multilayer Perceptrons",
		Run: MLPConcise, Data: []string{"fashion-mnist"}, Source: source,
	})
}

// # Concise Implementation of Multilayer Perceptrons
//
// The perceptron of section 4.2 took four parameters, a function for the activation and one for the model. With layers
// it is two lines. This lesson writes them, looks inside to see that nothing is hidden there,
// and uses the ease of it to try what was tedious by hand: more layers, other activations, other first weights.
//
// Data and batches are those of section 4.2: minibatches of 256 pictures of clothes, or of 32 where the small set
// of digits has to stand in.
func MLPConcise(p *book.Page) {
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

	// ## Model
	//
	// Compared with softmax regression (3.7) the model has one fully connected layer more. The first is the hidden layer. It
	// has 256 units and applies the ReLU, $\max(x, 0)$, to what they compute. The second gives the
	// ten logits and has no activation, since the loss takes logits as they are.

	hidden := p.Int("hidden", 256, book.Doc("hidden units"))
	net := nn.Sequential{nn.NewDense(hidden, nn.ReLU), nn.NewDense(10)}
	nn.Init(net, nn.Normal(0.01))
	p.Print(net)

	// `nn.Init` only says *how* the weights are to be drawn: from a normal distribution with standard deviation 0.01. The
	// -1 means that a layer does not know its number of inputs yet. Both layers learn it from the first
	// batch, and draw their weights on that occasion. So we send one batch through:

	for X := range testIter.Batches() {
		net.Forward(nn.Eval(), X)
		break
	}
	for _, param := range nn.Parameters(net) {
		p.Print(param)
	}
	p.Print("together:", nn.Count(net))

	// `nn.Parameters` walks through the model and finds every parameter in it. The path says where: layer 0 or 1 of
	// the slice that `Sequential` is. With 256 hidden units there are 203,530 numbers, as before. One thing differs
	// from section 4.2: the weights of a layer stand the other way round, one *row* for each unit. With $n$ pictures in
	// the rows of $\mathbf{X}$, a dense layer computes
	//
	// $$\mathbf{H} = \sigma(\mathbf{X} \mathbf{W}^\top + \mathbf{b}),$$
	//
	// where $\mathbf{W}$ has one row for each unit and one column for each input, $\mathbf{b}$ holds one bias for each unit,
	// and $\sigma$ is the activation. So the same random numbers go to other places, and the training below
	// is not number for number that of section 4.2.
	//
	// Is that all a layer does? We compute the logits of some pictures by hand from the parameters and
	// compare. The largest difference should be 0, or no more than rounding.

	ps := nn.Parameters(net)
	W1, b1, W2, b2 := ps[0].Value(), ps[1].Value(), ps[2].Value(), ps[3].Value()
	for X := range testIter.Batches() {
		H := X.FlattenFrom(1).MatMul(W1.T()).Add(b1).MaximumScalar(0)
		O := H.MatMul(W2.T()).Add(b2)
		difference := O.Sub(net.Forward(nn.Eval(), X)).Abs().Max().Item()
		p.Print("no more than rounding:", difference < 1e-6)
		break
	}

	// ## Training
	//
	// These lines could stand in section 3.7. Neither the loss nor the optimizer nor the training loop knows what kind of
	// model it serves; the model alone had to change. That is what the parts are separate for.

	lr := p.Float("lr", 0.1, book.Doc("learning rate"))
	epochs := p.Int("epochs", 10, book.Quick(5), book.Doc("passes over the training set"))
	trainer := optim.NewSGD(nn.Parameters(net), optim.LR(lr))
	p.Check(d2l.TrainCh3(p, net, trainIter, testIter, nn.SoftmaxCrossEntropy, epochs, trainer.Step))

	// On Fashion-MNIST the training loss ends near 0.385, like that of section 4.2 and well below the 0.45 of the linear model. The
	// first point of its curve is above 1 and lies outside the chart: with weights that begin this small
	// the network needs a while to get going. The last exercise shows that it need not.
	//
	// It is faster, too. `Dense` multiplies and adds the bias in one operation, and the ReLU of the library has a gradient made
	// for it, while `Maximum` has to compare its two operands once more on the way back.
	//
	// ## Summary
	//
	// - A multilayer perceptron is a `Sequential` of dense layers, all but the last with an activation.
	// - A layer is its parameters and a formula. Both can be looked at.
	// - Loss, optimizer and training loop are the same for every model in this chapter.
	//
	// ## Exercises
	//
	// All tables show short trainings from new weights. What a setting does in its first epochs is not all there is to
	// it, but much.
	//
	// 1. *How many hidden layers?* With first weights from $N(0, 0.01^2)$, the normal distribution with mean 0 and standard deviation 0.01,
	//    each further layer makes the start harder. On its way back the gradient is multiplied by
	//    the small weights of every layer it passes, so the first layers hear next to nothing. With three of them the
	//    network spends its whole first epoch guessing, at a loss of 2.3, and sometimes more than one.

	short := p.Int("short", 3, book.Quick(2), book.Doc("epochs of the trainings in the exercises"))
	var rows [][]string
	for layers := 1; layers <= 3; layers++ {
		t := trial{fmt.Sprintf("layers=%d", layers), mlp(layers, hidden, nn.ReLU), nn.Normal(0.01), lr}
		rows = append(rows, try(p, trainIter, testIter, t, short))
	}
	p.Table(header, rows)

	// 2. *Which activation?* The hyperbolic tangent, $\tanh(x) = (1 - e^{-2x}) / (1 + e^{-2x})$, is hard to tell from the ReLU here; it starts a little
	//    faster, since its derivative at 0 is 1 while half of the ReLUs are silent, and is overtaken later. The
	//    sigmoid, $1 / (1 + e^{-x})$, is clearly slower. Its derivative is never above $\frac14$, and its values lie around
	//    $\frac12$ for every picture, so that at first the layer above sees little else than a constant.

	rows = [][]string{
		try(p, trainIter, testIter, trial{"activation=tanh", mlp(1, hidden, nn.Tanh), nn.Normal(0.01), lr}, short),
		try(p, trainIter, testIter, trial{"activation=sigmoid", mlp(1, hidden, nn.Sigmoid), nn.Normal(0.01), lr}, short),
	}
	p.Table(header, rows)

	// 3. *Which first weights?* At 0 the network is stuck for good. The hidden units are all 0, so $\mathbf{W}_2$ gets no gradient;
	//    $\mathbf{W}_2$ is 0, so $\mathbf{W}_1$ gets none; only the last biases move. Standard deviation 1 is far too
	//    much: the logits begin in the hundreds, and the network has to unlearn what it is so sure of.
	//    Between them there is a wide range of good values. Xavier's rule (4.8), uniform numbers between $-c$ and
	//    $c = \sqrt{6 / (\text{inputs} + \text{outputs})}$ of the layer, needs no trying out: it keeps signals at about the same size from layer to
	//    layer. With it three hidden layers are no difficulty either. On Fashion-MNIST they beat everything else on this page.

	rows = nil
	for _, t := range []trial{
		{"init=zeros", mlp(1, hidden, nn.ReLU), nn.Zeros, lr},
		{"init=0.1", mlp(1, hidden, nn.ReLU), nn.Normal(0.1), lr},
		{"init=1", mlp(1, hidden, nn.ReLU), nn.Normal(1), lr},
		{"init=xavier", mlp(1, hidden, nn.ReLU), nn.Xavier(), lr},
		{"init=xavier,layers=3", mlp(3, hidden, nn.ReLU), nn.Xavier(), lr},
	} {
		rows = append(rows, try(p, trainIter, testIter, t, short))
	}
	p.Table(header, rows)
}

// Some hidden layers of the same width and the layer of the ten logits. A `Sequential` is a slice, so `append` builds it.
func mlp(layers, units int, activation *nn.Activation) (net nn.Sequential) {
	for range layers {
		net = append(net, nn.NewDense(units, activation))
	}
	return append(net, nn.NewDense(10))
}

// A network to be tried under a name, with its first weights and learning rate.
type trial struct {
	name string
	net  nn.Sequential
	init nn.Initialiser
	lr   float64
}

var header = []string{"network", "train loss", "train acc", "test acc"}

// A training without a chart; it returns a row of the table.
func try(p *book.Page, trainIter, testIter *d2l.Batches, t trial, epochs int) []string {
	nn.Init(t.net, t.init)
	trainer := optim.NewSGD(nn.Parameters(t.net), optim.LR(t.lr))
	var trainLoss, trainAcc float64
	var err error
	for range epochs {
		trainLoss, trainAcc, err = d2l.TrainEpochCh3(p, t.net, trainIter, nn.SoftmaxCrossEntropy, trainer.Step)
		p.Check(err)
	}
	testAcc, err := d2l.EvaluateAccuracy(p, t.net, testIter)
	p.Check(err)
	run := p.Run(t.name)
	run.Result("train loss", trainLoss)
	run.Result("train acc", trainAcc)
	run.Result("test acc", testAcc)
	return []string{t.name, fmt.Sprintf("%.3f", trainLoss), fmt.Sprintf("%.3f", trainAcc), fmt.Sprintf("%.3f", testAcc)}
}
