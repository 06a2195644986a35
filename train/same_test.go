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
	{"gru", func() training {
		x, y := random.Normal(0, 1, 12, 24, 20), random.RandInt(0, 9, 12*24)
		net := &struct {
			Cells *nn.Recurrent
			Out   *nn.Dense
		}{nn.NewGRU(70), nn.NewDense(9)}
		return fixed(net, func(c *nn.Ctx) *tensor.Tensor {
			h, _ := net.Cells.Forward(c, c.In(x), nil)
			return nn.SoftmaxCrossEntropy(net.Out.Forward(c, h.Reshape(-1, 70)), y)
		})
	}},
	{"transformer", func() training {
		x, y := random.Normal(0, 1, 24, 11, 32), random.RandInt(0, 9, 24)
		type block struct {
			Attention    *nn.MultiHeadAttention
			Norm1, Norm2 *nn.LayerNorm
			In, Out      *nn.Dense
		}
		net := &struct {
			Blocks []*block
			Out    *nn.Dense
		}{Out: nn.NewDense(9)}
		for range 2 {
			net.Blocks = append(net.Blocks, &block{nn.NewMultiHeadAttention(32, 4, 0.1), nn.NewLayerNorm(), nn.NewLayerNorm(),
				nn.NewDense(64, nn.ReLU, nn.KeepAxes), nn.NewDense(32, nn.KeepAxes)})
		}
		return fixed(net, func(c *nn.Ctx) *tensor.Tensor {
			h := c.In(x)
			for _, b := range net.Blocks {
				h = b.Norm1.Forward(c, h.Add(b.Attention.Forward(c, h, h, h, nil)))
				h = b.Norm2.Forward(c, h.Add(b.Out.Forward(c, b.In.Forward(c, h))))
			}
			return nn.SoftmaxCrossEntropy(net.Out.Forward(c, h), y)
		})
	}},
}

// fixed is a training by Adam; a first evaluation fixes the shapes of the parameters.
func fixed(net any, loss func(c *nn.Ctx) *tensor.Tensor) training {
	nn.Init(net, nn.Xavier())
	loss(nn.Eval())
	return training{net, loss, optim.NewAdam(nn.Parameters(net), optim.LR(0.002))}
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
