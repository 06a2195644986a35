// Package shift is lesson 4.9: what to do when the world is not that of the training data.
package shift

import (
	_ "embed"
	"fmt"

	"github.com/fathom-ml/fathom/book"
	"github.com/fathom-ml/fathom/d2l"
	"github.com/fathom-ml/fathom/data"
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
	book.Register(book.Lesson{Section: "4.9", Title: "Environment and Distribution Shift", Run: Shift, Source: source})
}

// # Environment and Distribution Shift
//
// A test set that is cut from the same data as the training set answers one question only: how well the model does *in the same world*. Then it is put to use, and the world is another. A model learned to sort
// apples from pictures taken under the lamps of one hall; sold to another hall, with windows, it takes every apple in the evening sun for a ripe one. No test accuracy had warned of that. This lesson sorts the ways
// in which data can shift, and shows for two of them how to notice and to correct it, on real data.
func Shift(p *book.Page) {
	// ## Kinds of shift
	//
	// Let $p_S(\mathbf{x}, y)$ be the distribution of features and labels from which the training data come, the *source*, and $p_T(\mathbf{x}, y)$ that of the data the model is used on, the *target*. If the two may
	// differ in any way, nothing can be learned: imagine the same pictures with the meaning of the labels exchanged. One needs an assumption about what stays.
	//
	// - **Covariate shift.** The features (statisticians call them covariates) change, their meaning does not: $p_T(\mathbf{x}) \neq p_S(\mathbf{x})$ and $p_T(y \mid \mathbf{x}) = p_S(y \mid \mathbf{x})$. It fits where features cause labels. The
	//   training pictures are photos of cats and dogs, and the test pictures are cartoons of them.
	// - **Label shift.** The shares of the labels change, but what an example of a label looks like does not: $p_T(y) \neq p_S(y)$ and $p_T(\mathbf{x} \mid y) = p_S(\mathbf{x} \mid y)$. It fits where labels cause features: diseases cause
	//   symptoms, and their shares vary with the season.
	// - **Concept shift.** The meaning of the label itself changes. What a soft drink is called depends on the part of the United States one is in; what counts as fashionable or as a mental illness, on the decade. It often comes slowly, and then
	//   a model can be kept up to date with new data.
	//
	// ## A shift that cannot be mended
	//
	// First the case of the cartoons. We train a classifier on the embedded pictures of digits, and then show it drawings of the same kind of digits in outline: the differences of neighbouring pixels.

	train, test := data.Digits(true), data.Digits(false)
	X, y := pixels(train), train.Labels
	testX, testY := pixels(test), test.Labels
	drawings := outlines(testX)
	shown := tensor.Concat(0, testX.Slice(tensor.R(0, 8)), drawings.Slice(tensor.R(0, 8)))
	d2l.ShowImages(p, "photos-and-drawings", shown.Reshape(16, 28, 28), 2, 8, nil, 1)

	epochs := p.Int("epochs", 10, book.Doc("epochs of the classifiers"))
	net := classifier(p, X, y, tensor.Ones(y.Len()), epochs)
	p.Printf("accuracy: training pictures %.3f, test pictures %.3f, drawings %.3f\n",
		accuracy(net, X, y), accuracy(net, testX, testY), accuracy(net, drawings, testY))
	p.Result("test acc", accuracy(net, testX, testY))
	p.Result("drawings acc", accuracy(net, drawings, testY))

	// A human reads the second row without effort. The classifier has learned what ink looks like, and loses a large part of its accuracy. There is no training picture that looks like a drawing. So nothing in the training data can be given more weight to prepare it, and only
	// data from the target would help. The next cases are better.
	//
	// ## Covariate shift: noticing it
	//
	// Whether features have shifted can be found out without any labels. Mix examples of the source and of the target, and train a classifier to tell *which of the two they come from*. If it does no better than chance on examples it has not seen, there is no shift
	// that it could see. If it does better, there is.
	//
	// Our data are 569 masses in breasts, measured under the microscope: the radius of the nuclei is the feature, and their area the label. To cause a shift, we pretend that the source is a clinic that sees smaller ones: a mass whose radius lies $u$ standard deviations
	// above the mean goes to the source with probability $1 / (1 + \exp(2u))$, else to the target.

	table := data.BreastCancer()
	radius, area := standardized(table.X.Slice(tensor.All, tensor.I(0))), standardized(table.X.Slice(tensor.All, tensor.I(3)))
	toSource := random.Random(radius.Len()).Lt(radius.MulScalar(-2).Sigmoid())
	S, T := tensor.Mask(toSource), tensor.Mask(toSource.LogicalNot())
	sourceX, sourceY := radius.Slice(S), area.Slice(S)
	targetX, targetY := radius.Slice(T), area.Slice(T)
	p.Printf("source: %d masses, mean radius %.2f; target: %d, mean radius %.2f\n", sourceX.Len(), sourceX.Mean(), targetX.Len(), targetX.Mean())

	// The classifier is *logistic regression*, a linear function $h(\mathbf{x})$ with the labels $z = -1$ for the source and 1 for the target. It is trained with the loss $\log(1 + \exp(-z h(\mathbf{x})))$, which is softmax regression for two
	// classes. Half of the examples serve for training, the other half for the test. For comparison the same with a division of the masses by tossing a coin.

	coin := random.Random(radius.Len()).LtScalar(0.5)
	p.Printf("told apart: source and target %.3f, two random halves %.3f\n",
		toldApart(sourceX, targetX), toldApart(radius.Slice(tensor.Mask(coin)), radius.Slice(tensor.Mask(coin.LogicalNot()))))
	p.Result("told apart", toldApart(sourceX, targetX))

	// ## Covariate shift: correcting it
	//
	// We want a small loss $l(f(\mathbf{x}), y)$ on the target, and have labels for the source only. But an integral over the one can be written as an integral over the other:
	//
	// $$\int l(f(\mathbf{x}), y)\, p(y \mid \mathbf{x})\, p_T(\mathbf{x})\; d\mathbf{x}\, dy = \int l(f(\mathbf{x}), y)\, p(y \mid \mathbf{x})\, p_S(\mathbf{x})\, \beta(\mathbf{x})\; d\mathbf{x}\, dy, \qquad \beta(\mathbf{x}) = \frac{p_T(\mathbf{x})}{p_S(\mathbf{x})}.$$
	//
	// So it is enough to *weight* each source example by $\beta(\mathbf{x})$: more if it would be commoner in the target. And the weights come for free. The classifier from above says with which probability an example is from
	// the target, $P(z = 1 \mid \mathbf{x}) = 1 / (1 + \exp(-h(\mathbf{x})))$, and with as many examples of the one as of the other
	//
	// $$\beta(\mathbf{x}) = \frac{P(z = 1 \mid \mathbf{x})}{P(z = -1 \mid \mathbf{x})} = \exp(h(\mathbf{x})).$$
	//
	// (With unequal numbers it is a multiple of this, which does not matter.) A few examples can get enormous weights and spoil everything. Therefore weights are clipped: $\min(\exp(h(\mathbf{x})), c)$. There remains a condition. Where the target has examples and the source
	// has none, no weight helps. That is what failed with the drawings.
	//
	// The area grows with the square of the radius, and we fit a straight line. It cannot be right everywhere, so it matters where the examples are.

	clip := p.Float("clip", 20, book.Doc("largest weight of an example"))
	weight, bias := logistic(sourceX, targetX)
	beta := sourceX.MulScalar(weight).AddScalar(bias).Exp().MinimumScalar(clip)
	plain := fitLine(sourceX, sourceY, tensor.OnesLike(sourceX))
	weighted := fitLine(sourceX, sourceY, beta)
	ideal := fitLine(targetX, targetY, tensor.OnesLike(targetX))
	rows := [][]string{}
	for _, c := range []struct {
		name string
		l    line
	}{{"source", plain}, {"source, weighted", weighted}, {"target itself", ideal}} {
		onSource, onTarget := c.l.loss(sourceX, sourceY), c.l.loss(targetX, targetY)
		p.Run(c.name).Result("target loss", onTarget)
		rows = append(rows, []string{c.name, fmt.Sprintf("%.4f", onSource), fmt.Sprintf("%.4f", onTarget)})
	}
	p.Table([]string{"fitted to", "loss on the source", "loss on the target"}, rows)
	p.Figure("lines", linesFigure(sourceX, sourceY, targetX, targetY, plain, weighted))

	// The weighted line has never seen the area of a target mass, and fits the target far better; its loss comes close to what can be had with the target's own labels. It pays for that on the source, as it should.
	//
	// ## Label shift
	//
	// Now the shares of the labels change. The target are digits of which most of the 5 to 9 were removed. A classifier trained on a hundred digits of all kinds predicts too many of these. We see no label of the target, only the shares $\mu(\hat y_i)$ of
	// the *predictions* $\hat y$ on it. But we know how the classifier errs. Let $C_{ij}$ be the share of examples with the true label $j$ that it takes for $i$. It is measured on source data held out from the training, and by assumption it is the same on the target. Then
	//
	// $$\mu(\hat y_i) = \sum_j C_{ij}\, p_T(y_j), \qquad \text{that is} \qquad p_T(y) = \mathbf{C}^{-1} \mu(\hat y).$$
	//
	// So the shares of the labels follow from a system of linear equations, if the matrix can be inverted, which it can if the classifier is any good.

	all, labels := tensor.Concat(0, X, testX), tensor.Concat(0, y, testY)
	first := labelShift(p, all, labels, 3*epochs)
	rows = nil
	for k := range 10 {
		rows = append(rows, []string{fmt.Sprint(k), fmt.Sprintf("%.3f", first.predicted.At(k)), fmt.Sprintf("%.3f", first.estimated.At(k)), fmt.Sprintf("%.3f", first.truth.At(k))})
	}
	p.Table([]string{"digit", "share predicted", "share estimated", "true share"}, rows)

	// The estimates are closer to the truth than the shares of the predictions. One may come out slightly negative, since $\mathbf{C}$ and $\mu$ are measured on few examples; then 0 is taken for it.
	//
	// The weight of an example with the label $j$ is $\beta_j = p_T(y_j) / p_S(y_j)$. With these weights the classifier is trained once more, on the same source data. The gain depends on which examples happen to be in the target, so we repeat the whole
	// experiment with twenty random divisions of the digits, and take means:

	var sums [4]float64
	for range 20 {
		r := labelShift(p, all, labels, 3*epochs)
		gap := func(x *tensor.Tensor) float64 { return x.Sub(r.truth).Abs().Sum().Item() }
		for i, v := range []float64{gap(r.predicted), gap(r.estimated), r.before, r.after} {
			sums[i] += v / 20
		}
	}
	p.Printf("sum of the errors of the shares: predicted %.3f, estimated %.3f\n", sums[0], sums[1])
	p.Printf("accuracy on the target: before %.3f, after %.3f\n", sums[2], sums[3])
	for i, name := range []string{"predicted error", "estimated error", "before", "after"} {
		p.Run("label shift").Result(name, sums[i])
	}

	// The error of the shares is halved, and the accuracy gains a percent or two. The corrected classifier says 8 only if it is quite sure. On a target with equal shares it would be the worse one.
	//
	// ## Other ways to learn
	//
	// So far there was a training set once, and then a model for ever: *batch learning*. Where the world changes, other forms suit better. In *online learning* each example is predicted first and learned from afterwards. *Bandits* have a few actions to choose from and learn only about the one
	// that they took. In *control* and *reinforcement learning* the environment remembers what was done to it, and may work with the model or against it. There a shift is caused by the model itself: a system that sends the police where it has found crimes finds more of
	// them there. Whoever lets predictions turn into decisions should ask what a wrong one costs, whom it hits, and what the decision does to the data of tomorrow.
	//
	// ## Summary
	//
	// - A test set from the source says nothing about a shift. Only assumptions about what stays the same allow to do anything.
	// - Covariate shift: a classifier of source against target notices it, and its odds are the weights that correct it.
	// - Label shift: the confusion matrix turns the shares of the predictions into those of the labels.
	//
	// ## Exercises
	//
	// 1. *Implement a detector of covariate shift, and a corrector.* `toldApart` and `logistic` above are that.
	//
	// 2. *What does the clipping constant do?* At 0 all examples weigh the same, which corrects nothing; without bound the few examples of the source with large radius decide alone. The loss on the target for different bounds:

	rows = nil
	for _, c := range []float64{0.1, 1, 5, 20, 1000} {
		l := fitLine(sourceX, sourceY, sourceX.MulScalar(weight).AddScalar(bias).Exp().MinimumScalar(c))
		rows = append(rows, []string{fmt.Sprint(c), fmt.Sprintf("%.4f", l.loss(targetX, targetY))})
		p.Run(fmt.Sprintf("clip=%g", c)).Result("target loss", l.loss(targetX, targetY))
	}
	p.Table([]string{"largest weight", "loss on the target"}, rows)

	// 3. *When does a search engine, or a shop that recommends, change its own data?* Always. What is shown first is clicked more, is learned to be popular, and is shown first. Showing some things at random now and then breaks the circle.
}

func pixels(set *data.ImageSet) *tensor.Tensor {
	return data.ToTensor(set.Images).Reshape(-1, 784)
}

// Each pixel becomes the size of its differences to the right neighbour and to the one below, strengthened. `Roll` moves a picture by one pixel; the last row and
// column have no such neighbour and are cleared.
func outlines(X *tensor.Tensor) *tensor.Tensor {
	img := X.Reshape(-1, 28, 28)
	right := img.Roll([]int{-1}, 2)
	below := img.Roll([]int{-1}, 1)
	out := img.Sub(right).Abs().Add(img.Sub(below).Abs()).MulScalar(2).MinimumScalar(1)
	out.FillSlice(0, tensor.All, tensor.I(27))
	out.FillSlice(0, tensor.All, tensor.All, tensor.I(27))
	return out.Reshape(-1, 784)
}

// Softmax regression with a weight for each example.
func classifier(p *book.Page, X, y, weights *tensor.Tensor, epochs int) nn.Layer {
	net := nn.Sequential{nn.NewDense(10)}
	nn.Init(net, nn.Normal(0.01))
	opt := optim.NewSGD(nn.Parameters(net), optim.LR(0.1))
	iter := d2l.LoadArray(32, true, X, y, weights).With(data.Context(p.Context()))
	for range epochs {
		for b := range iter.All(p.Context()) {
			l := nn.SoftmaxCrossEntropy(net.Forward(nn.Train(), b[0]), b[1])
			l.Mul(b[2]).Backward()
			opt.Step(b[0].Len())
		}
		p.Check(iter.Err())
	}
	return net
}

func predict(net nn.Layer, X *tensor.Tensor) *tensor.Tensor {
	return net.Forward(nn.Eval(), X).ArgMax(1)
}

func accuracy(net nn.Layer, X, y *tensor.Tensor) float64 {
	return d2l.Accuracy(predict(net, X), y) / float64(y.Len())
}

func standardized(x *tensor.Tensor) *tensor.Tensor {
	return x.Sub(x.Mean()).Div(x.Std(0))
}

// Logistic regression on one feature: the weight and bias of $h(x) = wx + b$, positive where examples are rather of the target.
func logistic(source, target *tensor.Tensor) (w, b float64) {
	x := tensor.Concat(0, source, target)
	z := tensor.Concat(0, tensor.Full(-1, source.Len()), tensor.Ones(target.Len()))
	W, B := tensor.Scalar(0).RequireGrad(), tensor.Scalar(0).RequireGrad()
	for range 500 {
		h := x.Mul(W).Add(B)
		h.Mul(z).Neg().Softplus().Backward() // log(1 + exp(-zh))
		d2l.SGD([]*tensor.Tensor{W, B}, 1, x.Len())
	}
	return W.Detach().Item(), B.Detach().Item()
}

// The share of those examples that it tells right among the second halves, after training on the first. Both kinds count alike.
func toldApart(source, target *tensor.Tensor) float64 {
	s, t := source.Len()/2, target.Len()/2
	w, b := logistic(source.Slice(tensor.Until(s)), target.Slice(tensor.Until(t)))
	positive := func(x *tensor.Tensor) float64 {
		return x.MulScalar(w).AddScalar(b).GtScalar(0).AsType(tensor.Float32).Mean().Item()
	}
	return (1 - positive(source.Slice(tensor.From(s))) + positive(target.Slice(tensor.From(t)))) / 2
}

type line struct{ slope, offset float64 }

// Weighted least squares: rows and labels are multiplied by the roots of the weights.
func fitLine(x, y, weights *tensor.Tensor) line {
	root := weights.Sqrt().Reshape(-1, 1)
	A := tensor.Stack(1, x, tensor.OnesLike(x)).Mul(root)
	w, _, _, _ := linalg.LstSq(A, y.Reshape(-1, 1).Mul(root))
	return line{w.At(0, 0), w.At(1, 0)}
}

func (l line) loss(x, y *tensor.Tensor) float64 {
	return x.MulScalar(l.slope).AddScalar(l.offset).Sub(y).Square().Mean().Item() / 2
}

func linesFigure(sourceX, sourceY, targetX, targetY *tensor.Tensor, plain, weighted line) *plot.Figure {
	ax := &plot.Axes{XLabel: "radius (standardized)", YLabel: "area (standardized)", Legend: true, Grid: true}
	ax.Add(&plot.Scatter{X: sourceX.Float64s(), Y: sourceY.Float64s(), Size: 3, Label: "source", Color: "C0"},
		&plot.Scatter{X: targetX.Float64s(), Y: targetY.Float64s(), Size: 3, Label: "target", Color: "C1"})
	for _, c := range []struct {
		l             line
		label, format string
	}{{plain, "fitted to the source", "b-"}, {weighted, "weighted", "r--"}} {
		xs := []float64{-2, 4}
		ax.Add(&plot.Line{X: xs, Y: []float64{c.l.slope*xs[0] + c.l.offset, c.l.slope*xs[1] + c.l.offset}, Label: c.label, Format: c.format})
	}
	f := plot.New(ax)
	f.Width, f.Height = 5, 3.5
	f.Alt = "Masses on a curve that bends upwards, those of the source on the left and those of the target on the right. The line fitted to the source is too flat for the target, the weighted one is steeper."
	return f
}

// What came of an experiment: shares of the digits in the target, and accuracies on it.
type result struct {
	predicted, estimated, truth *tensor.Tensor
	before, after               float64
}

// The experiment: 100 digits to learn from, 800 held out for the confusion matrix, and of the others all 0 to 4 and a few 5 to 9 as the target.
func labelShift(p *book.Page, X, y *tensor.Tensor, epochs int) (r result) {
	order := tensor.Of(random.Perm(y.Len()))
	X, y = X.Take(order), y.Take(order)
	learn, check, rest := tensor.R(0, 100), tensor.R(100, 900), tensor.From(900)
	learnX, learnY := X.Slice(learn), y.Slice(learn)
	net := classifier(p, learnX, learnY, tensor.Ones(100), epochs)
	C := confusion(predict(net, X.Slice(check)), y.Slice(check))

	restX, restY := X.Slice(rest), y.Slice(rest)
	keep := tensor.Mask(restY.LtScalar(5).LogicalOr(random.Random(restY.Len()).LtScalar(0.15)))
	targetX, targetY := restX.Slice(keep), restY.Slice(keep)
	r.predicted, r.truth = shares(predict(net, targetX)), shares(targetY)
	r.estimated = linalg.Solve(C, r.predicted.Reshape(-1, 1)).Reshape(-1)

	beta := r.estimated.MaximumScalar(0).Div(shares(learnY)).AsType(tensor.Float32)
	corrected := classifier(p, learnX, learnY, beta.Take(learnY), epochs)
	r.before, r.after = accuracy(net, targetX, targetY), accuracy(corrected, targetX, targetY)
	return r
}

// Column $j$ holds the shares in which examples of the label $j$ are predicted.
func confusion(predicted, truth *tensor.Tensor) *tensor.Tensor {
	counts := predicted.OneHot(10).AsType(tensor.Float64).T().MatMul(truth.OneHot(10).AsType(tensor.Float64))
	return counts.Div(counts.SumKeep(0))
}

func shares(labels *tensor.Tensor) *tensor.Tensor {
	return labels.OneHot(10).AsType(tensor.Float64).Mean(0)
}
