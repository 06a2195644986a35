package nn_test

import (
	"testing"

	"github.com/fathom-ml/fathom/nn"
	"github.com/fathom-ml/fathom/tensor"
	"github.com/fathom-ml/fathom/tensor/optest"
	"github.com/fathom-ml/fathom/tensor/random"
)

// deep is a stack of blocks, each of which keeps nothing but its operand if it is a checkpoint.
func deep(blocks int, check bool) (nn.Sequential, func(c *nn.Ctx, x *tensor.Tensor) *tensor.Tensor) {
	var net nn.Sequential
	for range blocks {
		net = append(net, nn.Sequential{nn.NewDense(32, nn.Tanh), nn.NewDropout(0.3), nn.NewDense(32, nn.Sigmoid), nn.NewDropout(0.3), nn.NewDense(32, nn.Tanh)})
	}
	nn.Init(net, nn.Xavier())
	return net, func(c *nn.Ctx, x *tensor.Tensor) *tensor.Tensor {
		for _, b := range net {
			if check {
				x = nn.Checkpoint(c, b.Forward, x)
			} else {
				x = b.Forward(c, x)
			}
		}
		return x
	}
}

// The bytes held between the passes fall to those of the blocks' operands, with a scope and without.
func TestCheckpointHoldsLess(t *testing.T) {
	tensor.TraceSites(true)
	defer tensor.TraceSites(false)
	x := random.Normal(0, 1, 256, 32)
	held := func(check, scoped bool) (bytes int64) {
		_, forward := deep(4, check)
		forward(nil, x) // draws the parameters
		before := optest.Live()
		c, in := nn.Train(), x
		if scoped {
			s := tensor.NewScope()
			defer s.Close()
			c, in = nn.Train(nn.In(s)), s.In(x)
		}
		y := forward(c, in)
		bytes = optest.Live() - before
		y.Square().Mean().Backward()
		return bytes
	}
	for _, scoped := range []bool{false, true} {
		all, few := held(false, scoped), held(true, scoped)
		t.Logf("scope %v: %d bytes held without checkpoints, %d with", scoped, all, few)
		if few > all/3 || few < 4*256*32*4 {
			t.Errorf("scope %v: %d bytes held without checkpoints, %d with", scoped, all, few)
		}
	}
}

// Checkpoints change no gradient: the masks of dropout are the same in the second run.
func TestCheckpointRepeatsMasks(t *testing.T) {
	x := random.Normal(0, 1, 4, 32)
	net, forward := deep(2, true)
	forward(nil, x)
	if got := forward(nn.Eval(), x); got.Recorded() {
		t.Error("evaluation was recorded")
	}
	nets := nn.Parameters(net)
	c := nn.Train(nn.Rand(random.New(5)))
	y := forward(c, x)
	y.Sum().Backward()
	grads := make([]*tensor.Tensor, len(nets))
	for i, p := range nets {
		grads[i] = p.Grad().Clone()
	}
	// by differences: the function with these masks is smooth
	for _, i := range []int{0, 3, len(nets) - 1} {
		w := nets[i].Value()
		at := func(d float64) float64 {
			w.AddScaled(d, tensor.OnesLike(w))
			defer w.AddScaled(-d, tensor.OnesLike(w))
			return forward(nn.Train(nn.Rand(random.New(5))), x).Sum().Item()
		}
		const h = 1e-3
		want, got := (at(h)-at(-h))/(2*h), grads[i].Sum().Item()
		if d := got - want; d*d > 1e-3*(1+want*want) {
			t.Errorf("%s: gradient %v, by differences %v", nets[i].Path, got, want)
		}
	}
}
