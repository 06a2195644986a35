package d2l

import (
	"fmt"
	"math"

	"github.com/fathom-ml/fathom/data"
	"github.com/fathom-ml/fathom/nn"
	"github.com/fathom-ml/fathom/optim"
	"github.com/fathom-ml/fathom/plot"
	"github.com/fathom-ml/fathom/show"
	"github.com/fathom-ml/fathom/tensor"
)

// TryGPU returns a GPU if there is one, else the processor (5.6).
func TryGPU() tensor.Device { return tensor.CPU() }

// EvaluateAccuracyGPU is [EvaluateAccuracy] on the device of the parameters (6.6).
func EvaluateAccuracyGPU(p show.Display, net nn.Layer, iter *Batches) (float64, error) {
	return EvaluateAccuracy(p, net, iter)
}

// TrainOption changes how TrainCh6 trains.
type TrainOption func(*trainOptions)

type trainOptions struct {
	optimizer func(ps []nn.Named, lr float64) optim.Optimizer
	saveTo    string
}

// Optimizer trains with another optimizer than SGD.
func Optimizer(make func(ps []nn.Named, lr float64) optim.Optimizer) TrainOption {
	return func(o *trainOptions) { o.optimizer = make }
}

// SaveTo writes the network to a safetensors file after each epoch (5.5). The file is replaced as
// a whole, so one that an interrupted training leaves holds the last full epoch. An
// empty path saves nothing.
func SaveTo(path string) TrainOption { return func(o *trainOptions) { o.saveTo = path } }

// TrainCh6 trains a convolutional network (6.6): it draws fresh Xavier parameters, trains with
// SGD on the softmax cross-entropy, draws the running loss and accuracy five times an epoch and
// the test accuracy after each, and prints the last values and the speed, which counts
// training batches only.
func TrainCh6(p show.Display, net nn.Layer, train, test *Batches, epochs int, lr float64, dev tensor.Device, opts ...TrainOption) error {
	o := trainOptions{optimizer: func(ps []nn.Named, lr float64) optim.Optimizer {
		return optim.NewSGD(ps, optim.LR(lr))
	}}
	for _, f := range opts {
		f(&o)
	}
	nn.Init(net, nn.Xavier())
	opt := o.optimizer(nn.Parameters(net), lr)
	chart := NewAnimator(p, "training", Axis{
		XLabel: "epoch", XLim: plot.Range{Max: float64(epochs)},
		Legend: []string{"train loss", "train acc", "test acc"},
	})
	train = train.With(data.Recycle())
	batches := train.Len()
	bar := p.Progress("training on "+dev.String(), epochs*batches)
	timer := &Timer{}
	var trainLoss, trainAcc, testAcc float64
	var examples int
	for epoch := range epochs {
		sums := NewAccumulator(3)
		i := 0
		for X, y := range train.Batches() {
			show.Check(p)
			timer.Start()
			inScope(func(s *tensor.Scope) {
				yHat := net.Forward(nn.Train(nn.In(s)), s.In(X))
				l := nn.SoftmaxCrossEntropy(yHat, y)
				l.Backward()
				opt.Step(X.Len())
				sums.Add(l.Sum().Item(), Accuracy(yHat, y), float64(X.Len()))
			})
			timer.Stop()
			trainLoss, trainAcc = sums.At(0)/sums.At(2), sums.At(1)/sums.At(2)
			i++
			if every := max(batches/5, 1); i%every == 0 || i == batches {
				chart.Add(float64(epoch)+float64(i)/float64(batches), trainLoss, trainAcc, math.NaN())
			}
			bar.Add(1)
			bar.Note(fmt.Sprintf("epoch %d, loss %.3f, train acc %.3f", epoch+1, trainLoss, trainAcc))
		}
		if err := train.Err(); err != nil {
			return err
		}
		var err error
		if testAcc, err = EvaluateAccuracyGPU(p, net, test); err != nil {
			return err
		}
		chart.Add(float64(epoch+1), math.NaN(), math.NaN(), testAcc)
		if o.saveTo != "" {
			if err := nn.Save(o.saveTo, net); err != nil {
				return err
			}
		}
		examples = int(sums.At(2))
	}
	bar.Done()
	chart.Done()
	speed := float64(examples) * float64(epochs) / timer.Sum()
	p.Printf("loss %.3f, train acc %.3f, test acc %.3f\n", trainLoss, trainAcc, testAcc)
	p.Printf("%.1f examples/sec on %s\n", speed, dev)
	report(p, trainLoss, trainAcc, testAcc)
	p.Result("examples/sec", speed)
	return nil
}
