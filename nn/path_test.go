package nn_test

import (
	"strings"
	"testing"

	"github.com/fathom-ml/fathom/nn"
	"github.com/fathom-ml/fathom/tensor"
)

type attention struct{ Q *nn.Dense }

func (a *attention) Forward(c *nn.Ctx, x *tensor.Tensor) *tensor.Tensor {
	return a.Q.Forward(c, x).MatMul(tensor.Ones(99, 1)) // the product does not fit
}

type wrongInQ struct{ Q *nn.Dense }

func (a *wrongInQ) Forward(c *nn.Ctx, x *tensor.Tensor) *tensor.Tensor { return a.Q.Forward(c, x) }

type block struct{ Attn nn.Layer }

func (b *block) Forward(c *nn.Ctx, x *tensor.Tensor) *tensor.Tensor { return b.Attn.Forward(c, x) }

type encoder struct{ Layers []*block }

type model struct{ Encoder encoder }

func (m *model) Forward(c *nn.Ctx, x *tensor.Tensor) *tensor.Tensor {
	for _, l := range m.Encoder.Layers {
		x = l.Forward(c, x)
	}
	return x
}

func TestErrorsNameTheLayer(t *testing.T) {
	first := func() nn.Layer { return nn.NewDense(2, nn.Inputs(3)) }
	inner := nn.Sequential{nn.NewDense(2, nn.Inputs(2)), nn.NewConv2D(3, 3)}
	relu := nn.NewActivation("bad", func(x *tensor.Tensor) *tensor.Tensor { return x.Reshape(7, 7) })
	for want, c := range map[string]struct {
		m nn.Layer
		x *tensor.Tensor
	}{
		"Encoder.Layers.1.Attn.Q.Weight: the parameter's shape does not fit its use: [2 2] x [2 3]": {
			&model{encoder{[]*block{{&wrongInQ{nn.NewDense(3)}}, {&wrongInQ{nn.NewDense(2, nn.Inputs(2))}}}}}, tensor.Ones(4, 5)},
		"Encoder.Layers.0.Attn.Q: dense: wants a batch of examples": {
			&model{encoder{[]*block{{&wrongInQ{nn.NewDense(2)}}}}}, tensor.Ones(3)},
		"1.1: conv2d":                          {nn.Sequential{first(), inner}, tensor.Ones(4, 3)},
		"1: reshape":                           {nn.Sequential{first(), relu}, tensor.Ones(4, 3)},
		"2: reshape":                           {nn.Sequential{first(), nn.ReLU, relu, nn.ReLU}, tensor.Ones(4, 3)},
		"1: matmul":                            {nn.Sequential{nn.NewDense(3, nn.Inputs(3)), &attention{nn.NewDense(2)}}, tensor.Ones(4, 3)},
		"1: myfunc: no":                        {nn.Sequential{nn.NewDense(3), nn.Func(func(x *tensor.Tensor) *tensor.Tensor { tensor.Misuse("myfunc", "no", "", x); return x })}, tensor.Ones(4, 3)},
		"0.Weight: the parameter's shape does": {nn.Sequential{first()}, tensor.Ones(4, 9)},
	} {
		nn.Init(c.m, nn.Xavier())
		for _, run := range []*nn.Ctx{nn.Train(), nn.Eval()} {
			err := tensor.Try(func() { c.m.Forward(run, c.x) })
			if err == nil || !strings.HasPrefix(err.Error(), want) {
				t.Errorf("error %v\nwant %s...", err, want)
			}
		}
	}
}
