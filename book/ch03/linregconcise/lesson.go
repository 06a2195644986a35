// Package linregconcise is lesson 3.3: linear regression with the library's layers, loss and optimizer.
package linregconcise

import (
	_ "embed"
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
	book.Register(book.Lesson{Section: "3.3", Title: "Concise Implementation of Linear Regression", Run: LinearRegression, Source: source})
}

// # Concise Implementation of Linear Regression
//
// In section 3.2 we wrote every part of the training ourselves, and used of the library only tensors and their
// gradients. The parts are the same for nearly every network: something that deals out minibatches, layers that own
// their parameters, a loss, an optimizer. So the library has them ready-made. Here we train the same model on
// the same data with them. What was a page of functions becomes a handful of lines, and these lines hardly
// change when the network grows.
func LinearRegression(p *book.Page) {
	// ## Data
	//
	// The data of section 3.2 again: 1000 examples with two features, labels $\mathbf{y} = \mathbf{X}\mathbf{w} +
	// b$ with $\mathbf{w} = (2, -3.4)^\top$ and $b = 4.2$, and noise of standard deviation 0.01. The function
	// that makes them is kept in package `d2l`, where all functions of the lessons go that are needed again.

	trueW := tensor.Of([]float32{2, -3.4})
	trueB := 4.2
	features, labels := d2l.SyntheticDataFrom(random.New(0), trueW, trueB, 1000)

	// ## Reading the data
	//
	// The iterator that we wrote becomes two objects. A *data set* knows how many examples there are and can fetch those
	// of given numbers; `data.NewTensors` makes one from tensors whose first axes have the same length. A *loader* cuts
	// it into minibatches, in a new random order for each pass if we ask it to shuffle. The data set may as well be
	// files on a disk; the loader does not care.

	batchSize := p.Int("batch", 10, book.Doc("examples in a minibatch"))
	dataIter := loadArray(batchSize, true, features, labels)

	// `Batches` is one pass, a Go iterator over pairs of features and labels. Here is the first minibatch.

	for X, y := range dataIter.Batches() {
		p.Show([]*tensor.Tensor{X, y})
		break
	}

	// ## The model
	//
	// A layer in which every output depends on every input is called *fully connected* or *dense*. With one output it is
	// our linear model. `nn.Sequential` is a list of layers, each of which is given the output of
	// the one before. For a single layer a list would not be needed, but nearly all later models are lists.

	net := nn.Sequential{nn.NewDense(1)}

	// The layer was told how many outputs it has and not how many inputs. It finds that out when data flow
	// through it for the first time, and its weight gets its shape only then. In a deep network that saves much
	// counting.
	//
	// ## Initial parameters
	//
	// `nn.Init` says how values are to be drawn: the weights from the normal distribution with mean 0 and standard
	// deviation 0.01, as before. A bias starts at zero on its own. No shape is known yet, so nothing is drawn at this
	// point either; that waits for the first data as well.

	nn.Init(net, nn.Normal(0.01))

	// ## The loss
	//
	// `nn.L2Loss` is $\frac{1}{2} (\hat y - y)^2$, one number for each example. (For an output of several numbers it is
	// their mean.)

	loss := nn.L2Loss

	// ## The optimizer
	//
	// `nn.Parameters` walks through the model and lists all parameters it finds, here the weight and the bias. The
	// optimizer is given that list and the learning rate. Its method `Step` does what our function `sgd` did.

	lr := p.Float("lr", 0.03, book.Doc("learning rate"))
	opt := optim.NewSGD(nn.Parameters(net), optim.LR(lr))

	// ## Training
	//
	// The loop has the same form as in section 3.2: predict, compute the losses, go backward, update. `Step` is given
	// the batch size because the gradient belongs to the sum of the losses, and it shall move by their mean.
	//
	// `Forward` takes as its first argument what the network is run for. `nn.Train()` records for gradients;
	// `nn.Eval()` does not, so it is right for looking at the loss after each epoch. Some layers of
	// later chapters compute differently in the two cases.

	epochs := p.Int("epochs", 3)
	for epoch := range epochs {
		for X, y := range dataIter.Batches() {
			l := loss(net.Forward(nn.Train(), X), y)
			l.Backward()
			opt.Step(batchSize)
		}
		l := loss(net.Forward(nn.Eval(), features), labels).Mean().Item()
		p.Metric("loss", epoch+1, float64(epoch+1), l)
		p.Printf("epoch %d, loss %f\n", epoch+1, l)
	}

	// As before, the loss ends near 0.00005, half the variance of the noise.
	//
	// The parameters sit in the layer. `net[0]` is some layer, of the interface type `nn.Layer`; the type assertion
	// says that it is a dense one, which has a `Weight` and a `Bias`. A dense layer holds its weight with one row for each
	// output and one column for each input, here $1 \times 2$.

	dense := net[0].(*nn.Dense)
	w, b := dense.Weight.Value().Detach(), dense.Bias.Value().Detach()
	errW := trueW.Sub(w.Reshape(trueW.Shape()...))
	errB := b.Neg().AddScalar(trueB)
	p.Print("error in estimating w:", errW)
	p.Print("error in estimating b:", errB)
	p.Result("loss", loss(net.Forward(nn.Eval(), features), labels).Mean().Item())
	p.Result("w error", errW.Abs().Max().Item())
	p.Result("b error", math.Abs(errB.Item()))

	// ## Exercises
	//
	// 1. *How do you read the gradient of the weight?* With `Grad`, next to `Value`. After one backward pass from the
	//    losses of ten examples it is the gradient of their sum:

	X, y := features.Slice(tensor.R(0, 10)), labels.Slice(tensor.R(0, 10))
	loss(net.Forward(nn.Train(), X), y).Backward()
	ofSum := dense.Weight.Grad().Clone()
	p.Print(ofSum)

	// 2. *If the loss of a batch is the mean instead of the sum, what must change?* The gradient is then
	//    smaller by the batch size. It is divided already, so the update has to be `opt.Step(1)`. Forgetting this
	//    divides twice, which is the same as a learning rate ten times too small.

	loss(net.Forward(nn.Train(), X), y).Mean().Backward()
	p.Print(dense.Weight.Grad())
	p.Print(tensor.AllClose(dense.Weight.Grad().MulScalar(10), ofSum, 1e-5, 1e-7))

	// 3. *Use Huber's loss.* It is quadratic for small errors and grows linearly for large ones, with the border at
	//    $\sigma$:
	//
	//    $$\ell(\hat y, y) = \begin{cases} |\hat y - y| - \frac{\sigma}{2} & \text{if } |\hat y - y| > \sigma \\
	//    \frac{1}{2\sigma} (\hat y - y)^2 & \text{otherwise.} \end{cases}$$
	//
	//    So an example can pull at the parameters with a bounded force only, however wrong its label is. To see what
	//    that is good for, we spoil 2 % of the labels, and train with both losses. The squared loss is dragged
	//    off by the wrong labels; Huber's loss hardly notices them.

	spoilt := labels.Clone()
	spoilt.FillSlice(100, tensor.R(0, 20))
	for _, try := range []struct {
		name string
		loss d2l.Loss
	}{{"squared loss", nn.L2Loss}, {"Huber's loss", huber}} {
		w, b := fit(try.loss, loadArray(10, true, features, spoilt))
		p.Printf("%s: w = %.2f, %.2f, b = %.2f\n", try.name, w.At(0, 0), w.At(0, 1), b.At(0))
	}
}

// Both objects are made in one function, which `d2l` keeps as `LoadArray`. `isTrain` says whether to shuffle: for training
// yes, for an evaluation the order does not matter.
func loadArray(batchSize int, isTrain bool, X, y *tensor.Tensor) *data.Loader[data.Batch] {
	return data.NewLoader(data.NewTensors(X, y), batchSize, data.Shuffle(isTrain))
}

// `tensor.Where` takes its elements from the second argument where the condition is true, else from the third. Here
// $\sigma = 1$.
func huber(yHat, y *tensor.Tensor) *tensor.Tensor {
	err := yHat.Sub(y).Abs()
	return tensor.Where(err.GtScalar(1), err.SubScalar(0.5), err.Square().DivScalar(2))
}

// `fit` is everything above in one piece: a new model, trained for five epochs.
func fit(loss d2l.Loss, dataIter *data.Loader[data.Batch]) (w, b *tensor.Tensor) {
	dense := nn.NewDense(1)
	nn.Init(dense, nn.Normal(0.01))
	opt := optim.NewSGD(nn.Parameters(dense), optim.LR(0.03))
	for range 5 {
		for X, y := range dataIter.Batches() {
			loss(dense.Forward(nn.Train(), X), y).Backward()
			opt.Step(X.Len())
		}
	}
	return dense.Weight.Value().Detach(), dense.Bias.Value().Detach()
}
