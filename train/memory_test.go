package train_test

import (
	"math"
	"runtime"
	"testing"

	"github.com/fathom-ml/fathom/nn"
	"github.com/fathom-ml/fathom/optim"
	"github.com/fathom-ml/fathom/tensor"
	"github.com/fathom-ml/fathom/tensor/random"
	"github.com/fathom-ml/fathom/train"
)

// lenet is the network of 6.6, with the shapes of its parameters fixed.
func lenet(x *tensor.Tensor) nn.Sequential {
	net := nn.Sequential{
		nn.NewConv2D(6, 5, nn.Pad(2), nn.Sigmoid), nn.NewAvgPool2D(2),
		nn.NewConv2D(16, 5, nn.Sigmoid), nn.NewAvgPool2D(2),
		nn.NewDense(120, nn.Sigmoid), nn.NewDense(84, nn.Sigmoid), nn.NewDense(10),
	}
	nn.Init(net, nn.Xavier())
	net.Forward(nn.Eval(), x)
	return net
}

// heapPerCall is how many bytes of Go memory a call allocates once the pools are full.
func heapPerCall(step func()) int {
	for range 5 {
		step()
	}
	const n = 40
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for range n {
		step()
	}
	runtime.ReadMemStats(&after)
	return int(after.TotalAlloc-before.TotalAlloc) / n
}

func TestStepAllocates(t *testing.T) {
	if testing.Short() {
		t.Skip("counts the memory of full steps")
	}
	x, y := random.Uniform(0, 1, 256, 1, 28, 28), random.RandInt(0, 10, 256)
	net := lenet(x)
	opt := optim.NewSGD(nn.Parameters(net), optim.LR(0.9))
	got := math.MaxInt
	for range 3 { // a collection in between empties pools
		got = min(got, heapPerCall(func() {
			train.Step(opt, func(c *nn.Ctx) *tensor.Tensor { return nn.SoftmaxCrossEntropy(net.Forward(c, c.In(x)), y) })
		}))
	}
	t.Logf("LeNet on 256 images: %d bytes a step", got)
	if got > 64<<10 {
		t.Errorf("a step of LeNet allocates %d bytes, want at most 64 KiB", got)
	}

	byHand := heapPerCall(func() {
		nn.SoftmaxCrossEntropy(net.Forward(nn.Train(), x), y).Backward()
		opt.Step(256)
	})
	t.Logf("the same by hand, without a scope: %d bytes a step", byHand)
}
