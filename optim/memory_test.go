package optim_test

import (
	"runtime"
	"testing"
	"time"

	"github.com/fathom-ml/fathom/nn"
	"github.com/fathom-ml/fathom/optim"
	"github.com/fathom-ml/fathom/tensor"
	"github.com/fathom-ml/fathom/tensor/random"
)

func convNet() nn.Sequential {
	net := nn.Sequential{
		nn.NewConv2D(4, 3, nn.Pad(1), nn.Sigmoid), nn.NewAvgPool2D(2), nn.NewConv2D(4, 3, nn.ReLU), nn.NewMaxPool2D(2),
		nn.NewDense(16, nn.Tanh), nn.NewDropout(0.2), nn.NewDense(10),
	}
	nn.Init(net, nn.Xavier())
	return net
}

// live is the bytes that tensors hold after two collections and drained cleanups.
func live() int64 {
	for range 2 {
		runtime.GC()
		time.Sleep(5 * time.Millisecond)
	}
	return tensor.Stats().Live
}

func TestLiveBytesStayConstant(t *testing.T) {
	for name, scoped := range map[string]bool{"with a scope": true, "by hand": false} {
		t.Run(name, func(t *testing.T) {
			tensor.TraceSites(true)
			defer tensor.TraceSites(false)
			net := convNet()
			opt := optim.NewAdam(nn.Parameters(net), optim.LR(0.01))
			x, y := random.Normal(0, 1, 8, 1, 12, 12), random.RandInt(0, 10, 8).AsType(tensor.Int32)
			step := func() float64 {
				c, in := nn.Train(), x
				if scoped {
					s := tensor.NewScope()
					defer s.Close()
					c, in = nn.Train(nn.In(s)), s.In(x)
				}
				loss := nn.SoftmaxCrossEntropy(net.Forward(c, in), y)
				loss.Backward()
				opt.Step(8)
				nn.SoftmaxCrossEntropy(net.Forward(nn.Eval(nn.In(c.Scope())), in), y)
				return loss.Detach().Mean().Item()
			}
			var at3 int64
			first, last := 0.0, 0.0
			for i := 1; i <= 300; i++ {
				last = step()
				if i == 1 {
					first = last
				}
				if i == 3 {
					at3 = live()
				}
			}
			at300 := live()
			runtime.KeepAlive(x)
			runtime.KeepAlive(opt)
			runtime.KeepAlive(step)
			if scoped && at300 != at3 || float64(at300) > 1.01*float64(at3) {
				t.Errorf("%d bytes live after step 300, %d after step 3", at300, at3)
			}
			if last > first/2 {
				t.Errorf("loss went from %v to %v", first, last)
			}
		})
	}
}
