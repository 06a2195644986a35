// Package polyfit is lesson 4.4: models that are too small, right, and too large for their data.
package polyfit

import (
	_ "embed"
	"errors"
	"fmt"
	"math"

	"github.com/fathom-ml/fathom/book"
	"github.com/fathom-ml/fathom/d2l"
	"github.com/fathom-ml/fathom/linalg"
	"github.com/fathom-ml/fathom/nn"
	"github.com/fathom-ml/fathom/optim"
	"github.com/fathom-ml/fathom/plot"
	"github.com/fathom-ml/fathom/tensor"
	"github.com/fathom-ml/fathom/tensor/random"
)

//go:embed lesson.go
var source string

func init() {
	book.Register(book.Lesson{Section: "4.4", Title: "Model Selection, Underfitting, and Overfitting", Run: PolynomialRegression, Source: source})
}

// # Model Selection, Underfitting, and Overfitting
//
// A model that answers every question it has seen before may have understood the subject, or may have learned the answers by heart. The difference shows only
// on questions it has not seen. The purpose of learning is the second kind: a *pattern* that holds for
// data to come. This lesson gives names to the two ways of missing it, and makes both happen.
//
// ## Two errors
//
// The *training error* is the mean loss over the data the model was fitted to. The *generalization error* is the loss to be expected on a
// fresh example from the same source. Nobody can compute it exactly, since that would take all examples there could be; it is estimated on a *test set*
// that took no part in the training. All of this rests on an assumption: that training and test examples are drawn independently from the
// same distribution. Section 4.9 is about what to do when they are not.
//
// The gap between the two depends mostly on two things:
//
//   - *How flexible the model is.* The more functions it can express, the more easily one of them fits the training data by luck. The number
//     of parameters matters, their allowed size (section 4.5), and how long we train.
//   - *How many examples there are.* It is easy to fit two points by accident, and hard to fit a million.
//
// A model that is too simple has a large error on training and test data alike: it *underfits*. One that is too flexible for its data has a
// small training error and a much larger test error: it *overfits*. As the flexibility grows, the one error falls
// and the other falls first and rises later:
func PolynomialRegression(p *book.Page) {
	p.Figure("capacity-vs-error", capacityVsError())

	// ## Choosing a model
	//
	// Usually several models are tried: other architectures, other hyperparameters. Which is best? The training error cannot tell, since it
	// always favours the most flexible. The test set must not tell either. Whoever chooses by it has fitted the choice to
	// it, and there is nothing left to notice with. So a third part of the data is kept for choosing, the *validation set*. Where data are
	// too scarce for that, *K-fold cross-validation* helps: cut the data into $K$ parts, train $K$ times on all parts but one and validate
	// on that one, and take the mean of the $K$ errors. Section 4.10 does it.
	//
	// ## Data from a polynomial
	//
	// For an experiment we need to know the truth. Let
	//
	// $$y = 5 + 1.2x - 3.4\frac{x^2}{2!} + 5.6 \frac{x^3}{3!} + \epsilon, \qquad \epsilon \sim \mathcal{N}(0, 0.1^2),$$
	//
	// a polynomial of degree 3 with some noise $\epsilon$. Here $i! = 1 \cdot 2 \cdots i$ is the factorial. Dividing by it keeps the high powers in
	// bounds: for $x = 3$ the power $x^{19}$ is over a billion, and $x^{19}/19!$ about a hundred-millionth.
	//
	// The features of an example are $x^i / i!$ for $i = 0, \dots, 19$, so that a linear model in these features is a polynomial in $x$. How many of
	// them we let it see decides how flexible it is. There are 100 examples for training and 100 for the test. Data and first weights
	// come from a random stream of their own, which begins like the book's; the seed of the run only changes the order of
	// the examples in the training.

	const maxDegree, nTrain, nTest = 20, 100, 100
	stream := random.New(0)
	trueW := tensor.Zeros(maxDegree)
	trueW.SetSlice(tensor.Of([]float32{5, 1.2, -3.4, 5.6}), tensor.R(0, 4))

	features := stream.Normal(0, 1, nTrain+nTest, 1)
	stream.Shuffle(features)
	polyFeatures := features.Pow(tensor.Arange(maxDegree).Reshape(1, -1))
	for i := range maxDegree {
		column := polyFeatures.Slice(tensor.All, tensor.I(i))
		polyFeatures.SetSlice(column.DivScalar(math.Gamma(float64(i+1))), tensor.All, tensor.I(i)) // Γ(i+1) = i!
	}
	labels := polyFeatures.MatMul(trueW)
	labels = labels.Add(stream.Normal(0, 0.1, labels.Shape()...))

	// A column of 200 numbers to the power of a row of 20 exponents is broadcast to a matrix of $200 \times 20$. Here are the first two
	// examples:

	p.Show(features.Slice(tensor.R(0, 2)), polyFeatures.Slice(tensor.R(0, 2)), labels.Slice(tensor.R(0, 2)))

	// The first example has the 19th feature `-5.6e-45`. This number is about the smallest that a `float32` can hold at all, a *denormal* number with hardly a digit
	// of precision left. That does no harm here: whatever its weight, it adds nothing. It shows, however, what we shall meet again: most
	// examples say nothing about the weights of the high powers.
	//
	// ## Training and testing
	//
	// The model is a dense layer with one output and no bias, since the feature $x^0 = 1$ plays that part. `train` fits it to the training data, and every
	// 20 epochs evaluates the mean loss on both sets. `d2l.EvaluateLoss` does that; the later lessons use it again.
	// The loss is $\frac12 (\hat y - y)^2$, so that perfect weights would leave half the variance of the noise, $0.1^2 / 2 = 0.005$.

	epochs := p.Int("epochs", 400, book.Doc("epochs of the first two runs"))
	lr := p.Float("lr", 0.01, book.Doc("learning rate"))
	part := func(columns int) split {
		c := tensor.R(0, columns)
		return split{
			polyFeatures.Slice(tensor.R(0, nTrain), c), polyFeatures.Slice(tensor.From(nTrain), c),
			labels.Slice(tensor.R(0, nTrain)), labels.Slice(tensor.From(nTrain)),
		}
	}

	// ### Degree 3: it fits
	//
	// Given the features $1, x, x^2/2, x^3/6$, the model has the form of the truth.

	train(p, part(4), uniform(stream), lr, epochs)

	// Both losses fall to about the noise, and the weights come close to $5, 1.2, -3.4, 5.6$. That they do not hit them is not for want of
	// training alone: with this much noise nobody could know better from 100 examples than to a hundredth or two.
	//
	// ### Degree 1: underfitting
	//
	// Now the model gets 1 and $x$ only: a straight line.

	train(p.Run("degree=1"), part(2), uniform(stream), lr, epochs)

	// Both losses stop falling early, and thousand times higher. No line follows a cubic curve. The weights are wrong
	// as well, and rightly so: the best line has to make up for the missing terms. The slope of 4.2 instead of 1.2 stands in for
	// the cube.
	//
	// ### Degree 19: overfitting
	//
	// At last all twenty features, and more time.

	longEpochs := p.Int("long", 1500, book.Quick(400), book.Doc("epochs of the run with degree 19"))
	train(p.Run("degree=19"), part(maxDegree), uniform(stream), lr, longEpochs)

	// The training loss is down at the noise as before, but the test loss is several times higher. Nothing in the data
	// told the model that the weights beyond the fourth are 0. Some of them are used to fit the noise. The fifth power
	// gets a weight of about 1.3 and takes a part of the cube's task in exchange, whose weight is too small. Near the middle of the data nobody would see the
	// difference; at the few points far outside it shows. The weights of the highest powers have hardly moved from where they started, since
	// their features are almost 0.
	//
	// With 20 parameters and 100 examples the harm is moderate. Much larger networks do worse, or would, were it not for the means
	// of the next two lessons.
	//
	// ## Summary
	//
	// - The training error says how well a model fits, the test error what that is worth.
	// - Too simple a model underfits: both errors are high. Too flexible a model overfits: the gap between them is.
	// - Choose models on a validation set, never on the training or test set.
	//
	// ## Exercises
	//
	// 1. *Can the problem be solved exactly?* Yes: the loss is quadratic in the weights, so that its least value is found by linear algebra. `linalg.LstSq`
	//    does it, here in `float64`. For degree 3 the weights agree with those above to within
	//    a few hundredths. The difference is what 400 epochs have left to do.

	exact := part(4)
	solution, _, _, _ := linalg.LstSq(exact.trainX.AsType(tensor.Float64), exact.trainY.AsType(tensor.Float64).Reshape(-1, 1))
	p.Print("solved:", solution.Reshape(-1))

	// 2. *How does the loss depend on the degree?* With exact solutions we can fit all degrees at once. The training loss never rises with the degree, because
	//    a larger model can do all that a smaller one can. It reaches the noise at degree 3. The test loss is lowest at degrees 3 and 4, and then goes up by
	//    leaps, to ten million. The reason is a few test points that lie farther out than all training points: these go from -2.8 to 2.4, those
	//    from -3.2 to 3.3. Out there the high powers grow fast, and no example holds them down. An exact solution overfits far worse than the training above, which
	//    stopped long before it had used the weights of the high powers to the full. Stopping early is a form of regularization.

	degrees := tensor.Arange(maxDegree)
	trainLoss, testLoss := tensor.Zeros(maxDegree), tensor.Zeros(maxDegree)
	for degree := range maxDegree {
		a, b := solve(part(degree+1), nTrain)
		trainLoss.SetAt(a, degree)
		testLoss.SetAt(b, degree)
	}
	d2l.Plot(p, "loss-against-degree", degrees, []*tensor.Tensor{trainLoss, testLoss},
		d2l.Axis{XLabel: "degree", YLabel: "loss", YScale: plot.Log, Legend: []string{"train", "test"}})

	//    *And on the amount of data?* We fit degree 3 to the first $n$ examples. With four examples four weights can hit every label, noise included: the training loss is
	//    0 to rounding, and the test loss large. With more data the two losses approach the 0.005 of the noise from both sides.

	sizes := []int{4, 6, 10, 20, 40, 100}
	var rows [][]string
	for _, n := range sizes {
		a, b := solve(part(4), n)
		run := p.Run(fmt.Sprintf("n=%d", n))
		run.Result("train loss", a)
		run.Result("test loss", b)
		rows = append(rows, []string{fmt.Sprint(n), fmt.Sprintf("%.2g", a), fmt.Sprintf("%.2g", b)})
	}
	p.Table([]string{"examples", "train loss", "test loss"}, rows)

	// 3. *What if the features are not divided by $i!$?* Then they differ in size by many orders of magnitude, and one learning rate has to serve
	//    all. The gradient is proportional to the feature, so the first step already throws the weights of the high powers far over the mark, and
	//    the next throws them back further. Degree 19, ten updates:

	raw := features.Pow(tensor.Arange(maxDegree).Reshape(1, -1)).Slice(tensor.R(0, nTrain))
	p.Printf("largest feature: %.3g, with 1/i!: %.3g\n", raw.Abs().Max(), polyFeatures.Slice(tensor.R(0, nTrain)).Abs().Max())
	p.Print("loss after one epoch:", oneEpoch(raw, labels.Slice(tensor.R(0, nTrain)), lr))

	// 4. *Can the generalization error be 0?* Not here. Whoever knows the true polynomial still cannot know the noise of the next example. Only where the label
	//    is determined by the features can a model be perfect.
}

// Two curves over the flexibility of a model, with no numbers on the axes: a picture of a rule of thumb.
func capacityVsError() *plot.Figure {
	training, general := &plot.Line{Label: "training error", Format: "b-"}, &plot.Line{Label: "generalization error", Format: "r-"}
	for x := 0.5; x <= 6; x += 0.05 {
		training.X, general.X = append(training.X, x), append(general.X, x)
		training.Y = append(training.Y, 2.2*math.Exp(-0.8*x))
		general.Y = append(general.Y, 2.2*math.Exp(-0.8*x)+0.35+0.035*x*x)
	}
	optimum := general.X[0]
	for i, y := range general.Y {
		if y < 2.2*math.Exp(-0.8*optimum)+0.35+0.035*optimum*optimum {
			optimum = general.X[i]
		}
	}
	none := []plot.Tick{}
	f := plot.New(&plot.Axes{
		XLabel: "flexibility of the model", YLabel: "loss", XTicks: none, YTicks: none, Legend: true, YLim: plot.Range{Max: 3.2},
		Items: []plot.Item{
			training, general, &plot.VLine{X: optimum, Format: "k:"},
			&plot.Note{Text: "underfitting", X: optimum / 2, Y: 2.3}, &plot.Note{Text: "overfitting", X: 4.8, Y: 2.3}, &plot.Note{Text: "optimum", X: optimum - 0.5, Y: 2.9},
		},
	})
	f.Width, f.Height = 5, 2.8
	f.Alt = "The training error falls as the model becomes more flexible; the generalization error falls up to an optimum and rises behind it."
	return f
}

// The initial weights are those of the library's default, uniform between -0.07 and 0.07, but from the stream of the data.
func uniform(stream *random.Rand) nn.Initialiser {
	return nn.InitFunc(func(_ string, w *tensor.Tensor) { w.CopyFrom(stream.Uniform(-0.07, 0.07, w.Shape()...)) })
}

type split struct{ trainX, testX, trainY, testY *tensor.Tensor }

// `train` fits a polynomial with as many terms as there are columns.
func train(p *book.Page, data split, init nn.Initialiser, lr float64, epochs int) {
	net := nn.NewDense(1, nn.NoBias)
	nn.Init(net, init)
	trainIter := d2l.LoadArray(min(10, data.trainY.Len()), true, data.trainX.Contiguous(), data.trainY.Reshape(-1, 1))
	testIter := d2l.LoadArray(10, false, data.testX.Contiguous(), data.testY.Reshape(-1, 1))
	trainer := optim.NewSGD(nn.Parameters(net), optim.LR(lr))
	chart := d2l.NewAnimator(p, "loss", d2l.Axis{
		XLabel: "epoch", YLabel: "loss", YScale: plot.Log,
		XLim: plot.Range{Min: 1, Max: float64(epochs)}, YLim: plot.Range{Min: 1e-3, Max: 1e2}, Legend: []string{"train", "test"},
	})
	var trainLoss, testLoss float64
	for epoch := 1; epoch <= epochs; epoch++ {
		for X, y := range trainIter.Batches() {
			nn.L2Loss(net.Forward(nn.Train(), X), y).Backward()
			trainer.Step(X.Len())
		}
		if epoch == 1 || epoch%20 == 0 {
			var err1, err2 error
			trainLoss, err1 = d2l.EvaluateLoss(p, net, trainIter, nn.L2Loss)
			testLoss, err2 = d2l.EvaluateLoss(p, net, testIter, nn.L2Loss)
			p.Check(errors.Join(err1, err2))
			chart.Add(float64(epoch), trainLoss, testLoss)
		}
	}
	chart.Done()
	p.Print("weight:", net.Weight.Value().Detach())
	p.Printf("train loss %.3g, test loss %.3g\n", trainLoss, testLoss)
	p.Result("train loss", trainLoss)
	p.Result("test loss", testLoss)
}

// The exact fit to the first n training examples, and its losses.
func solve(data split, n int) (trainLoss, testLoss float64) {
	f64 := func(x *tensor.Tensor) *tensor.Tensor { return x.AsType(tensor.Float64) }
	X, y := f64(data.trainX.Slice(tensor.R(0, n))), f64(data.trainY.Slice(tensor.R(0, n)).Reshape(-1, 1))
	w, _, _, _ := linalg.LstSq(X, y)
	loss := func(X, y *tensor.Tensor) float64 { return nn.L2Loss(X.MatMul(w), y.Reshape(-1, 1)).Mean().Item() }
	return loss(X, y), loss(f64(data.testX), f64(data.testY))
}

func oneEpoch(X, y *tensor.Tensor, lr float64) *tensor.Tensor {
	w := tensor.Zeros(X.Dim(1), 1).RequireGrad()
	y = y.Reshape(-1, 1)
	for i := 0; i < X.Len(); i += 10 {
		batch := tensor.R(i, i+10)
		d2l.SquaredLoss(X.Slice(batch).MatMul(w), y.Slice(batch)).Backward()
		d2l.SGD([]*tensor.Tensor{w}, lr, 10)
	}
	return d2l.SquaredLoss(X.MatMul(w.Detach()), y).Mean()
}
