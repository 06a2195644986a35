package d2l

import (
	"fmt"
	"math"

	"github.com/fathom-ml/fathom/data"
	"github.com/fathom-ml/fathom/metric"
	"github.com/fathom-ml/fathom/nn"
	"github.com/fathom-ml/fathom/plot"
	"github.com/fathom-ml/fathom/show"
	"github.com/fathom-ml/fathom/tensor"
)

// Loss gives one loss for each example.
type Loss func(yHat, y *tensor.Tensor) *tensor.Tensor

// Updater updates the parameters after Backward; the gradients are those of a sum over
// batchSize examples. It is the Step method of an optimizer, or a function that calls [SGD].
type Updater func(batchSize int)

// Accuracy is the number of correct predictions: the class with the largest
// score in a row of yHat [n, classes], or yHat itself if it has one column, against y [n] (3.6).
func Accuracy(yHat, y *tensor.Tensor) float64 {
	if yHat.NDim() > 1 && yHat.Dim(1) == 1 {
		yHat = yHat.Detach().Reshape(-1)
	}
	return float64(metric.Hits(yHat, y))
}

// EvaluateAccuracy is the share of correct predictions of net over a data set (3.6).
func EvaluateAccuracy(p show.Display, net nn.Layer, iter *Batches) (float64, error) {
	hits := NewAccumulator(2)
	iter = iter.With(data.Recycle())
	for X, y := range iter.Batches() {
		show.Check(p)
		inScope(func(s *tensor.Scope) {
			yHat := net.Forward(nn.Eval(), s.In(X))
			hits.Add(Accuracy(yHat, y), float64(y.Size()))
		})
	}
	return hits.At(0) / hits.At(1), iter.Err()
}

// inScope runs one step in a scope of its own: what it computes goes back when it ends.
func inScope(step func(s *tensor.Scope)) {
	s := tensor.NewScope()
	defer s.Close()
	step(s)
}

// TrainEpochCh3 trains net for one pass over the data and returns the mean loss and the
// share of correct predictions while it trained (3.6).
func TrainEpochCh3(p show.Display, net nn.Layer, train *Batches, loss Loss, update Updater) (meanLoss, accuracy float64, err error) {
	sums := NewAccumulator(3)
	train = train.With(data.Recycle())
	for X, y := range train.Batches() {
		show.Check(p)
		inScope(func(s *tensor.Scope) {
			yHat := net.Forward(nn.Train(nn.In(s)), s.In(X))
			l := loss(yHat, y)
			l.Backward()
			update(X.Len())
			sums.Add(l.Sum().Item(), Accuracy(yHat, y), float64(y.Size()))
		})
	}
	return sums.At(0) / sums.At(2), sums.At(1) / sums.At(2), train.Err()
}

// TrainCh3 trains net for some epochs, draws the loss and the accuracies as it goes, and
// records them as results (3.6). A training that ends with a loss above 0.5 or an accuracy
// below 0.7, which the book's settings never do, is called out.
func TrainCh3(p show.Display, net nn.Layer, train, test *Batches, loss Loss, epochs int, update Updater) error {
	chart := NewAnimator(p, "training", Axis{
		XLabel: "epoch", XLim: plot.Range{Min: 1, Max: float64(epochs)}, YLim: plot.Range{Min: 0.3, Max: 0.9},
		Legend: []string{"train loss", "train acc", "test acc"},
	})
	bar := p.Progress("training", epochs)
	var trainLoss, trainAcc, testAcc float64
	for epoch := 1; epoch <= epochs; epoch++ {
		var err error
		if trainLoss, trainAcc, err = TrainEpochCh3(p, net, train, loss, update); err != nil {
			return err
		}
		if testAcc, err = EvaluateAccuracy(p, net, test); err != nil {
			return err
		}
		chart.Add(float64(epoch), trainLoss, trainAcc, testAcc)
		bar.Add(1)
		bar.Note(fmt.Sprintf("loss %.3f, train acc %.3f, test acc %.3f", trainLoss, trainAcc, testAcc))
	}
	bar.Done()
	chart.Done()
	report(p, trainLoss, trainAcc, testAcc)
	if !(trainLoss < 0.5 && trainAcc > 0.7 && testAcc > 0.7) {
		p.Printf("Not there yet: a loss under 0.5 and accuracies over 0.7 were expected after the book's 10 epochs.\n")
	}
	return nil
}

// report records the headline results of a training.
func report(p show.Display, trainLoss, trainAcc, testAcc float64) {
	p.Result("train loss", trainLoss)
	p.Result("train acc", trainAcc)
	p.Result("test acc", testAcc)
}

// PredictCh3 shows the first n test images with their true names above the predicted ones
// (3.6). A nil name takes the names of the classes from the data set.
func PredictCh3(p show.Display, net nn.Layer, test *Batches, n int, name func(*tensor.Tensor) []string) error {
	if name == nil {
		name = ClassNames(test)
	}
	for X, y := range test.Batches() {
		n = min(n, X.Len())
		X, y = X.Narrow(0, 0, n), y.Narrow(0, 0, n)
		truth, guess := name(y), name(net.Forward(nn.Eval(), X).ArgMax(1))
		titles := make([]string, n)
		for i := range titles {
			titles[i] = truth[i] + "\n" + guess[i]
		}
		side := int(math.Sqrt(float64(X.Size() / n)))
		ShowImages(p, "predictions", X.Reshape(n, side, -1), 1, n, titles, 1.5)
		break
	}
	return test.Err()
}
