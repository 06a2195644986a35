package train_test

import (
	"math"
	"runtime"
	"sync/atomic"
	"testing"

	"github.com/fathom-ml/fathom/nn"
	"github.com/fathom-ml/fathom/optim"
	"github.com/fathom-ml/fathom/tensor"
	"github.com/fathom-ml/fathom/tensor/random"
	"github.com/fathom-ml/fathom/train"
)

// A training is a model with the losses of a batch and its optimizer.
type training struct {
	model any
	loss  func(c *nn.Ctx) *tensor.Tensor
	opt   optim.Optimizer
}

var trainings = []struct {
	name string
	make func() training
}{
	{"lenet", func() training {
		x, y := random.Uniform(0, 1, 64, 1, 28, 28), random.RandInt(0, 10, 64)
		net := lenet(x)
		return training{net, func(c *nn.Ctx) *tensor.Tensor {
			return nn.SoftmaxCrossEntropy(net.Forward(c, c.In(x)), y)
		}, optim.NewSGD(nn.Parameters(net), optim.LR(0.9))}
	}},
}

// weights are the parameters after so many steps from seed 0.
func weights(make func() training, steps int) []float32 {
	tensor.Seed(0)
	t := make()
	for range steps {
		train.Step(t.opt, t.loss)
	}
	var all []float32
	for _, p := range nn.Parameters(t.model) {
		all = append(all, tensor.Data[float32](p.Value().Detach().Clone())...)
	}
	return all
}

// crowded runs f while twice as many goroutines as processors do nothing but compute.
func crowded(f func()) {
	var stop atomic.Bool
	defer stop.Store(true)
	for range 2 * runtime.GOMAXPROCS(0) {
		go func() {
			for !stop.Load() {
			}
		}()
	}
	f()
}

// The same binary, processor, GOMAXPROCS and seed give the same bits, whoever computes what when.
func TestSameBits(t *testing.T) {
	steps := 50
	if testing.Short() {
		steps = 5
	}
	for _, c := range trainings {
		t.Run(c.name, func(t *testing.T) {
			old := runtime.GOMAXPROCS(0)
			defer runtime.GOMAXPROCS(old)
			var first []float32
			for _, procs := range []int{1, 2, 3} {
				runtime.GOMAXPROCS(procs)
				a := weights(c.make, steps)
				var b []float32
				crowded(func() { b = weights(c.make, steps) })
				for i := range a {
					if math.Float32bits(a[i]) != math.Float32bits(b[i]) {
						t.Fatalf("%d threads: weight %d is %v in one training and %v in another", procs, i, a[i], b[i])
					}
				}
				if first == nil {
					first = a
				}
				if d := apart(first, a); d > 1e-3 || math.IsNaN(d) {
					t.Errorf("weights of 1 and %d threads are %v apart", procs, d)
				}
			}
		})
	}
}

// apart is the largest difference of two sets of weights, relative to the larger of 1 and the weight.
func apart(a, b []float32) float64 {
	d := 0.0
	for i := range a {
		d = max(d, math.Abs(float64(a[i]-b[i]))/max(1, math.Abs(float64(a[i]))))
	}
	return d
}
