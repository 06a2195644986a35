// Package dropout is lesson 4.6: units that are left out at random while a network trains.
package dropout

import (
	_ "embed"
	"fmt"

	"github.com/fathom-ml/fathom/book"
	"github.com/fathom-ml/fathom/d2l"
	"github.com/fathom-ml/fathom/nn"
	"github.com/fathom-ml/fathom/optim"
	"github.com/fathom-ml/fathom/plot"
	"github.com/fathom-ml/fathom/tensor"
	"github.com/fathom-ml/fathom/tensor/nnop"
	"github.com/fathom-ml/fathom/tensor/random"
)

//go:embed lesson.go
var source string

func init() {
	book.Register(book.Lesson{Section: "4.6", Title: "Dropout", Run: Dropout, Data: []string{"fashion-mnist"}, Source: source})
}

// # Dropout
//
// A good model does not only fit its training data; it should also be *smooth*: small, random changes of the input should not change the answer. A picture with some
// noise in its pixels shows the same shoe. Smoothness can be trained, by adding noise to the inputs. *Dropout* [@srivastava2014] takes the idea inside: it puts noise on the hidden units, in the simplest
// form there is. In each step of the training every unit is switched off with a certain probability.
//
// There is another way to see it. Hidden units can come to rely on each other: one detects something useless, and another one corrects it, in just the combinations that the training data
// happen to have. If any unit may be missing, such an arrangement does not pay. Each unit must be of use with many
// different sets of others.
func Dropout(p *book.Page) {
	// ## The formula
	//
	// Let $h$ be the activation of a hidden unit and $p$ the *dropout probability*. In training $h$ is replaced by
	//
	// $$h' = \begin{cases} 0 & \text{with probability } p, \\ \dfrac{h}{1 - p} & \text{otherwise.} \end{cases}$$ {#eq-dropout}
	//
	// The division makes up for what is missing: the expectation is $p \cdot 0 + (1 - p) \cdot \frac{h}{1-p} = h$, as without dropout. So the next layer gets inputs of the usual size, and when the
	// network is used after training, dropout is simply left out.
	//
	// Here is a network at rest, and the same in one step of the training, in which $h_2$ and $h_5$ were dropped. The outputs do not depend on these units in this
	// step, and no gradient flows through them. The next step draws other ones.

	p.Figure("dropout2", twoNetworks().Figure())

	// ## Implementation from scratch
	//
	// For each number we need a draw that is 1 with probability $1 - p$. A uniform number between 0 and 1 is larger than $p$ with just this probability. So one call gives random
	// numbers of the shape of the input, and a comparison turns them into a *mask* of zeros and ones. Below, `dropoutLayer` with $p = 0$, $\frac12$ and 1. With $\frac12$ the survivors
	// are doubled, and by chance the first row loses none; it had a chance of one in 256.

	X := tensor.Arange(16).Reshape(2, 8)
	p.Print(dropoutLayer(X, 0))
	p.Print(dropoutLayer(X, 0.5))
	p.Print(dropoutLayer(X, 1))

	// Is the mean over many masks the input again? We average 4000 of them, for ones as the input and different probabilities. The means are close to 1. The variance, the
	// strength of the noise, is $\frac{p}{1-p}$: it grows without bound as $p$ goes to 1.

	var rows [][]string
	for _, prob := range []float64{0.2, 0.5, 0.8} {
		draws := dropoutLayer(tensor.Ones(4000), prob)
		rows = append(rows, []string{fmt.Sprint(prob), fmt.Sprintf("%.3f", draws.Mean().Item()), fmt.Sprintf("%.3f", draws.Var(0).Item()), fmt.Sprintf("%.3f", prob/(1-prob))})
	}
	p.Table([]string{"p", "mean", "variance", "p/(1-p)"}, rows)

	// ## Data and parameters
	//
	// The data are the clothes of section 3.5, in batches of 256. (On the small set of digits, which stands in where there are no clothes, batches are of 32 and the learning rate is lower.)
	// The network has two hidden layers of 256 units.

	trainSet, testSet, err := d2l.OpenFashionMNIST(p)
	p.Check(err)
	var batch int
	var lr float64
	if trainSet.Name == "fashion-mnist" {
		batch = p.Int("batch", 256, book.Doc("examples in a minibatch (on digits 32)"))
		lr = p.Float("lr", 0.5, book.Doc("learning rate (on digits 0.2)"))
	} else {
		batch = p.Int("batch", 32)
		lr = p.Float("lr", 0.2)
		p.Notice(fmt.Sprintf("The set is small. This run takes batches of %d and the learning rate %g.", batch, lr))
	}
	examples := p.Int("examples", 0, book.Quick(6000), book.Doc("training pictures to use; 0 means all"))
	trainIter, testIter := d2l.LoadImages(trainSet, testSet, batch, d2l.Examples(examples))

	// Each hidden layer can have a dropout probability of its own. It is common to take a lower one close to the input, which
	// should not lose too much. We take 0.2 after the first hidden layer and 0.5 after the second.

	dropout1 := p.Float("dropout1", 0.2, book.Doc("dropout probability after the first hidden layer"))
	dropout2 := p.Float("dropout2", 0.5, book.Doc("dropout probability after the second hidden layer"))
	const numInputs, numHiddens, numOutputs = 784, 256, 10
	weights := func(in, out int) *tensor.Tensor { return random.Normal(0, 0.01, in, out).RequireGrad() }
	biases := func(n int) *tensor.Tensor { return tensor.Zeros(n).RequireGrad() }
	net := &perceptron{
		W1: weights(numInputs, numHiddens), b1: biases(numHiddens), dropout1: dropout1,
		W2: weights(numHiddens, numHiddens), b2: biases(numHiddens), dropout2: dropout2,
		W3: weights(numHiddens, numOutputs), b3: biases(numOutputs),
	}

	// ## The model
	//
	// For the first time a model must know what it is run for: dropout belongs to training only. That is what the first argument of
	// `Forward` says, the context. `nn.Train()` makes one for training, `nn.Eval()` one for evaluation, and `Training` tells which it is.
	// Two evaluations of the same pictures must agree, two runs in training should not:

	for X := range testIter.Batches() {
		a, b := net.Forward(nn.Eval(), X), net.Forward(nn.Eval(), X)
		p.Print("evaluation is the same each time:", tensor.Equal(a.Detach(), b.Detach()))
		a, b = net.Forward(nn.Train(), X), net.Forward(nn.Train(), X)
		p.Print("training is the same each time:", tensor.Equal(a.Detach(), b.Detach()))
		break
	}

	// ## Training
	//
	// As for any perceptron. The helpers of section 3.6 pass the right context: training for updates, evaluation for the test accuracy.

	epochs := p.Int("epochs", 10, book.Quick(4), book.Doc("passes over the training set"))
	params := []*tensor.Tensor{net.W1, net.b1, net.W2, net.b2, net.W3, net.b3}
	p.Check(d2l.TrainCh3(p, net, trainIter, testIter, nn.SoftmaxCrossEntropy, epochs, func(n int) { d2l.SGD(params, lr, n) }))

	// In the first epochs the loss lies above the chart: with weights as small as 0.01 a network of three layers needs some time to start (section 4.2).
	// In the end the accuracy on the *test* set may be above that on the training set. That looks impossible and is not. The training figures were taken while units were missing and the test figures with all of them at
	// work; besides, those of an epoch average over all its steps, and the network was worse at its beginning.
	//
	// ## Concise implementation
	//
	// With the library a layer `Dropout` is put after each hidden layer. It looks at the context by itself.

	layers := mlp(dropout1, dropout2)
	nn.Init(layers, nn.Normal(0.01))
	p.Print(layers)
	trainer := optim.NewSGD(nn.Parameters(layers), optim.LR(lr))
	p.Check(d2l.TrainCh3(p.Run("concise"), layers, trainIter, testIter, nn.SoftmaxCrossEntropy, epochs, trainer.Step))

	// The curves look alike. They cannot be equal number by number: the masks are drawn from another random stream, and weights lie the other way round in memory.
	//
	// ## Summary
	//
	// - Dropout sets activations to zero at random, with probability $p$, and scales up the others, so that the expectation stays.
	// - It is noise for training and is switched off afterwards. A model learns from its context which of the two it is.
	// - It works together with other means, such as weight decay.
	//
	// ## Exercises
	//
	// Dropout fights overfitting, and with 60,000 pictures a network of this size overfits only after many epochs. So the exercises train on a few of them, for longer. The weights begin
	// with Xavier's rule (section 4.8), which starts at once.
	//
	// 1. *Compare training with and without dropout.* The gap between the losses says how much a network overfits. (Both are measured after the training, without
	//    dropout.) Without it the network learns its thousand pictures by heart. With dropout the training loss stays several times higher and the test loss gets
	//    lower: the network is less sure of its wrong answers. The test *accuracy* counts the wrong answers alone. On the digits it gains a percent. On the clothes it gains nothing we could tell from
	//    chance. Dropout is no cure for too few pictures.
	//
	// 2. *Swap the two probabilities.* The difference is within what chance makes of it: two runs from other weights differ as much. With 0.5 and 0.8 training gets clearly harder.

	few := p.Int("few", 1000, book.Doc("training pictures in the exercises"))
	long := p.Int("long", 100, book.Quick(15), book.Doc("epochs in the exercises"))
	fewIter, _ := d2l.LoadImages(trainSet, testSet, 32, d2l.Examples(few))
	rows = nil
	for _, t := range []trial{
		{"none", mlp(0, 0), 0},
		{"0.2, 0.5", mlp(0.2, 0.5), 0},
		{"0.5, 0.2", mlp(0.5, 0.2), 0},
		{"0.5, 0.8", mlp(0.5, 0.8), 0},
	} {
		rows = append(rows, try(p, fewIter, testIter, t, long))
	}
	p.Table(header, rows)

	// 3. *What is the variance of the activations with and without dropout?* Dropout keeps the mean of a unit and raises its variance. We look at what comes out of the layers of
	//    the network above while it trains, in one batch: the second hidden layer, before and after its dropout layer.

	for X := range testIter.Batches() {
		at := 0
		layers.Forward(nn.Train(nn.Observe(func(layer any, x, y *tensor.Tensor) {
			if _, ok := layer.(*nn.Dropout); ok {
				if at++; at == 2 {
					x, y := x.Detach(), y.Detach()
					p.Printf("before: mean %.3f, variance %.3f; after: mean %.3f, variance %.3f\n", x.Mean(), x.Var(0), y.Mean(), y.Var(0))
				}
			}
		})), X)
		break
	}

	// 4. *Why not at test time?* The answer would depend on chance. Taking the mean over many masks would be better, and costs as many evaluations. Using all units at once
	//    approximates that mean. The spread of answers over masks is sometimes used to say how sure a network is.
	//
	// 5. *Combine dropout and weight decay.* Both hold back the training. Weight decay alone lowers the test loss less, and less reliably: compare the first table. Together they are about as good as dropout; what the
	//    one has removed is not there for the other.

	rows = [][]string{
		try(p, fewIter, testIter, trial{"decay", mlp(0, 0), 0.001}, long),
		try(p, fewIter, testIter, trial{"0.2, 0.5, decay", mlp(0.2, 0.5), 0.001}, long),
	}
	p.Table(header, rows)

	// 6. *What if single weights are dropped instead of units?* This is called *DropConnect*. Each weight is replaced by 0 with probability $p$ and otherwise divided by $1 - p$, with one mask for the
	//    whole batch. Then a unit still sees each example, only by a part of its inputs. On
	//    the digits it works about as well. On the clothes the test loss is no better than without dropout.

	connect := nn.Sequential{nn.NewDense(256, nn.ReLU), newDropConnect(256, 0.2), nn.ReLU, newDropConnect(10, 0.5)}
	p.Table(header, [][]string{try(p, fewIter, testIter, trial{"weights 0.2, 0.5", connect, 0}, long)})
}

// A network before and during dropout: the dropped units are dashed and joined to nothing.
func twoNetworks() *plot.Diagram {
	network := func() (x, h, o []*plot.Node) {
		return plot.Nodes(4, "$x_%d$"), plot.Nodes(5, "$h_%d$"), plot.Nodes(3, "$o_%d$")
	}
	column := func(x, h, o []*plot.Node) *plot.Node {
		return plot.Column(plot.Row(o...).Tint(plot.Orange), plot.Row(h...).Tint(plot.Green), plot.Row(x...).Tint(plot.Blue))
	}
	x, h, o := network()
	x2, h2, o2 := network()
	left, right := column(x, h, o), column(x2, h2, o2)
	for _, i := range []int{1, 4} {
		h2[i].Tint(plot.Gray).Dashed()
	}
	d := plot.NewDiagram("On the left a network with 4 inputs, 5 hidden units and 3 outputs; on the right the same with the hidden units 2 and 5 dropped.",
		plot.Row(left, right).Gap(40))
	d.Full(x, h)
	d.Full(h, o)
	kept := []*plot.Node{h2[0], h2[2], h2[3]}
	d.Full(x2, kept)
	d.Full(kept, o2)
	return d
}

// The two ends need no random numbers: $p = 1$ drops everything (and would divide by 0), $p = 0$ nothing.
func dropoutLayer(X *tensor.Tensor, p float64) *tensor.Tensor {
	switch {
	case !(p >= 0 && p <= 1):
		tensor.Misuse("dropoutLayer", fmt.Sprintf("the probability %v is not in [0, 1]", p), "")
	case p == 1:
		return tensor.ZerosLike(X)
	case p == 0:
		return X
	}
	mask := random.Uniform(0, 1, X.Shape()...).GtScalar(p).AsType(tensor.Float32)
	return mask.Mul(X).DivScalar(1 - p)
}

// The perceptron has its parameters as fields.
type perceptron struct {
	W1, b1, W2, b2, W3, b3 *tensor.Tensor
	dropout1, dropout2     float64
}

// Dropout comes after the activation, and only in training.
func (n *perceptron) Forward(c *nn.Ctx, X *tensor.Tensor) *tensor.Tensor {
	H1 := X.FlattenFrom(1).MatMul(n.W1).Add(n.b1).ReLU()
	if c.Training() {
		H1 = dropoutLayer(H1, n.dropout1)
	}
	H2 := H1.MatMul(n.W2).Add(n.b2).ReLU()
	if c.Training() {
		H2 = dropoutLayer(H2, n.dropout2)
	}
	return H2.MatMul(n.W3).Add(n.b3)
}

func mlp(dropout1, dropout2 float64) nn.Sequential {
	return nn.Sequential{
		nn.NewDense(256, nn.ReLU), nn.NewDropout(dropout1),
		nn.NewDense(256, nn.ReLU), nn.NewDropout(dropout2),
		nn.NewDense(10),
	}
}

// A network to be tried under the name of its dropout, with its weight decay.
type trial struct {
	name string
	net  nn.Sequential
	wd   float64
}

var header = []string{"dropout", "train loss", "test loss", "test acc"}

// A training without a chart; it returns a row of the table. Since the test accuracy jumps from epoch to epoch, the mean of the last ten is taken.
func try(p *book.Page, trainIter, testIter *d2l.Batches, t trial, epochs int) []string {
	nn.Init(t.net, nn.Xavier())
	trainer := optim.NewSGD(nn.Parameters(t.net), optim.LR(0.05), optim.WD(t.wd))
	last := min(10, epochs)
	testAcc := 0.0
	for epoch := range epochs {
		_, _, err := d2l.TrainEpochCh3(p, t.net, trainIter, nn.SoftmaxCrossEntropy, trainer.Step)
		p.Check(err)
		if epoch >= epochs-last {
			acc, err := d2l.EvaluateAccuracy(p, t.net, testIter)
			p.Check(err)
			testAcc += acc / float64(last)
		}
	}
	trainLoss, err := d2l.EvaluateLoss(p, t.net, trainIter, nn.SoftmaxCrossEntropy)
	p.Check(err)
	testLoss, err := d2l.EvaluateLoss(p, t.net, testIter, nn.SoftmaxCrossEntropy)
	p.Check(err)
	run := p.Run(t.name)
	run.Result("train loss", trainLoss)
	run.Result("test loss", testLoss)
	run.Result("test acc", testAcc)
	return []string{t.name, fmt.Sprintf("%.3f", trainLoss), fmt.Sprintf("%.3f", testLoss), fmt.Sprintf("%.3f", testAcc)}
}

// A dense layer that drops weights. Parameters are fields, so that `nn.Parameters` finds them; `c.Param` hands out their
// values, and `c.Key` a random key for the mask.
type dropConnect struct {
	Weight, Bias *nn.Param
	units        int
	p            float64
}

func newDropConnect(units int, p float64) *dropConnect {
	return &dropConnect{nn.NewParam(nn.Shape(units, -1)), nn.NewParam(nn.Shape(units), nn.InitWith(nn.Zeros)), units, p}
}

func (d *dropConnect) Forward(c *nn.Ctx, X *tensor.Tensor) *tensor.Tensor {
	W := c.Param(d.Weight, d.units, X.Dim(1))
	if c.Training() {
		W = nnop.Dropout(W, d.p, c.Key())
	}
	return X.MatMul(W.T()).Add(c.Param(d.Bias, d.units))
}
