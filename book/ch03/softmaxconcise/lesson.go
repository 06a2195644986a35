// Package softmaxconcise is lesson 3.7: softmax regression with the library's layer, loss and optimizer.
package softmaxconcise

import (
	_ "embed"
	"fmt"

	"github.com/fathom-ml/fathom/book"
	"github.com/fathom-ml/fathom/d2l"
	"github.com/fathom-ml/fathom/data"
	"github.com/fathom-ml/fathom/nn"
	"github.com/fathom-ml/fathom/optim"
	"github.com/fathom-ml/fathom/tensor"
	"github.com/fathom-ml/fathom/tensor/nnop"
)

//go:embed lesson.go
var source string

func init() {
	book.Register(book.Lesson{
		Section: "3.7", Title: "Concise Implementation of Softmax Regression",
		Run: SoftmaxConcise, Data: []string{"fashion-mnist"}, Source: source,
	})
}

// # Concise Implementation of Softmax Regression
//
// Section 3.6 built softmax regression from tensors alone. Layers, losses and optimizers of the library make
// the same model a matter of a few lines. They also make it safer: the loss below stays finite where
// the handmade one breaks down. How it does that is the main subject of this lesson.
//
// Data and batch size are those of section 3.6.
func SoftmaxConcise(p *book.Page) {
	batch := p.Int("batch", 256, book.Doc("examples in a minibatch"))
	examples := p.Int("examples", 0, book.Quick(6000), book.Doc("training pictures to use; 0 means all"))
	trainIter, testIter, err := d2l.LoadDataFashionMNIST(p, batch, d2l.Examples(examples))
	p.Check(err)

	// ## Initializing model parameters
	//
	// The linear part of softmax regression is one *fully connected* layer: each of its 10 outputs depends on all
	// inputs. `nn.NewDense(10)` is that layer. It flattens whatever comes in, so pictures can be fed to it as
	// they are. `nn.Sequential` runs layers one after the other; with a single layer it would not be
	// needed, but this is the form that models take from here on.
	//
	// `nn.Init` says how the parameters are to be drawn: weights from a normal distribution with standard
	// deviation 0.01. Biases are 0 in any case.

	net := nn.Sequential{nn.NewDense(10)}
	nn.Init(net, nn.Normal(0.01))
	p.Print(net)

	// The -1 stands for the number of inputs, which nobody has told the layer. It will learn it from the
	// first batch, and only then draw its weights.
	//
	// The softmax is missing on purpose. The model ends with the logits, and the loss takes care of the rest.
	//
	// ## Softmax implementation revisited
	//
	// Let $o_j$ be the logits of an example, one for each class $j$, and $y$ its true class. The softmax and the
	// cross-entropy loss are
	//
	// $$\hat{y}_j = \frac{\exp(o_j)}{\sum_k \exp(o_k)}, \qquad \ell = -\log \hat{y}_y.$$
	//
	// On paper this is all. On a machine numbers have a limited range: `float32` ends at about
	// $3.4 \cdot 10^{38}$ and near 0 it has nothing smaller than about $10^{-45}$. There are two dangers.
	//
	// *Overflow.* If some $o_k$ is greater than 88, its exponential is too large and becomes infinity; the
	// quotient is then 0, or infinity divided by infinity, which is not a number. The remedy is to subtract the
	// largest logit, $m = \max_k o_k$, from all of them. This multiplies numerator and denominator by the
	// same $\exp(-m)$ and leaves the quotient as it was:
	//
	// $$\hat{y}_j = \frac{\exp(o_j - m)}{\sum_k \exp(o_k - m)}.$$
	//
	// No exponent is positive now, and the sum is at least 1, because one of its terms is $\exp(0)$.
	//
	// *Underflow.* An $o_j - m$ of less than about -103 makes the exponential 0. As a probability, 0 is
	// right to many digits. But the loss takes its logarithm, which is minus infinity. The remedy is never to
	// form the quotient: the logarithm cancels the exponential.
	//
	// $$\log \hat{y}_j = \log \frac{\exp(o_j - m)}{\sum_k \exp(o_k - m)} = o_j - m - \log \sum_k \exp(o_k - m).$$
	//
	// The right-hand side is safe for all logits. This is called the *log-sum-exp trick*. It needs both steps in one
	// hand, and therefore `nn.SoftmaxCrossEntropy` takes logits and not probabilities.
	//
	// Two examples with three classes show the difference. The first is harmless, and both ways agree on its
	// loss. In the second, the handmade way finds that the probability of class 0 is 0 and gives up; its
	// loss should be 300, the distance between the logits of class 0 and class 2.

	logits := tensor.Matrix([][]float32{{1, 2, 3}, {-100, 0, 200}}).RequireGrad()
	y := tensor.Of([]int32{1, 0})
	p.Print("handmade:", nnop.Softmax(logits.Detach()).Pick(y).Log().Neg())
	loss := nn.SoftmaxCrossEntropy(logits, y)
	p.Print("library: ", loss)

	// The gradient of the loss is just as well behaved. Differentiating $\ell = \log \sum_k \exp(o_k) - o_y$ gives
	//
	// $$\frac{\partial \ell}{\partial o_j} = \hat{y}_j - [j = y],$$
	//
	// where $[j = y]$ is 1 for the true class and 0 for the others: what the model says minus what it should have
	// said. Each entry lies between -1 and 1 and each row sums to 0. The second row pulls the logit of
	// class 0 up and that of class 2 down, both with full strength.

	loss.Backward()
	p.Print(logits.Grad())

	// The probabilities themselves are still to be had when they are wanted: `nnop.Softmax` turns logits into them,
	// with the maximum subtracted. To find the most probable class not even that is needed, as the
	// largest logit has the largest probability.
	//
	// ## Optimization algorithm
	//
	// `optim.NewSGD` is minibatch stochastic gradient descent with a learning rate of 0.1, as before. It gets
	// the list of parameters, which `nn.Parameters` finds by walking through the model.

	lr := p.Float("lr", 0.1, book.Doc("learning rate"))
	trainer := optim.NewSGD(nn.Parameters(net), optim.LR(lr))

	// ## Training
	//
	// `d2l.TrainCh3` is the training function of section 3.6. Its last argument is the update of one step:
	// there a function of ours, here the optimizer's own method `Step`.

	epochs := p.Int("epochs", 10, book.Quick(3), book.Doc("passes over the training set"))
	p.Check(d2l.TrainCh3(p, net, trainIter, testIter, nn.SoftmaxCrossEntropy, epochs, trainer.Step))

	// The curves are those of section 3.6, and so they should be: model, loss, update and the order of the
	// pictures are the same. Only the first weights differ a little. The layer keeps them as a $10 \times 784$
	// matrix, one row for each output, so the same random numbers went into other places. And by now the layer
	// knows its number of inputs:

	p.Print(net)

	// ## Summary
	//
	// - A layer, a loss and an optimizer of the library replace the handmade parts one for one.
	// - Softmax and cross-entropy belong together in one function of the logits: the maximum is subtracted
	//   against overflow, and the logarithm is taken analytically against underflow.
	// - The gradient with respect to the logits is the predicted distribution minus the true one.
	//
	// ## Exercises
	//
	// 1. *What do batch size, learning rate and number of epochs do?* The table shows short trainings from the same
	//    start. The smaller the batch, the more updates fit into an epoch, and the faster the loss falls, until the
	//    noise of small batches gets in the way. A learning rate that is too small wastes time; one that is
	//    too large jumps back and forth over the valley, and the loss is higher again. Even then it does not
	//    become `nan`: that is what the safe loss is good for.

	var rows [][]string
	short := p.Int("short", 3, book.Quick(1), book.Doc("epochs of the trainings in exercise 1"))
	for _, c := range []setting{{batch, 0.01}, {batch, 0.1}, {batch, 1}, {32, 0.1}, {2048, 0.1}} {
		trainLoss, trainAcc, testAcc := try(p, trainIter.Dataset(), testIter, c, short)
		rows = append(rows, []string{
			fmt.Sprint(c.batch), fmt.Sprint(c.lr), fmt.Sprintf("%.3f", trainLoss), fmt.Sprintf("%.3f", trainAcc), fmt.Sprintf("%.3f", testAcc),
		})
	}
	p.Table([]string{"batch", "lr", "train loss", "train acc", "test acc"}, rows)

	// 2. *Why may the test accuracy fall again when training goes on?* Because the model goes on fitting the
	//    training set, its accidents included, which do not repeat in the test set. This is *overfitting*,
	//    the subject of section 4.4. Here there is not much to see of it: with `--set epochs=50` the training loss
	//    falls to 0.39, and the test accuracy still gains a point. A linear model has too few parameters,
	//    7,850, to learn 60,000 pictures by heart. With `--set examples=600 --set epochs=1000` it has thirteen
	//    for each picture. In the end it names 99.7 % of the training pictures right, but only three quarters of
	//    the test pictures, and most of these it knew after 100 epochs.
	//    More data, stopping in time, or a penalty on large weights (section 4.5) help against it.
}

// One setting of the exercise.
type setting struct {
	batch int
	lr    float64
}

// A short training of a new model; it returns where it ended.
func try(p *book.Page, train data.Dataset[data.Batch], testIter *d2l.Batches, c setting, epochs int) (trainLoss, trainAcc, testAcc float64) {
	net := nn.Sequential{nn.NewDense(10)}
	nn.Init(net, nn.Normal(0.01))
	trainer := optim.NewSGD(nn.Parameters(net), optim.LR(c.lr))
	iter := data.NewLoader(train, c.batch, data.Shuffle(true))
	var err error
	for range epochs {
		trainLoss, trainAcc, err = d2l.TrainEpochCh3(p, net, iter, nn.SoftmaxCrossEntropy, trainer.Step)
		p.Check(err)
	}
	testAcc, err = d2l.EvaluateAccuracy(p, net, testIter)
	p.Check(err)
	return trainLoss, trainAcc, testAcc
}
