package nn_test

import (
	"fmt"
	"testing"

	"github.com/fathom-ml/fathom/nn"
	"github.com/fathom-ml/fathom/tensor"
	"github.com/fathom-ml/fathom/tensor/random"
)

var _ = add("activations", map[string]nn.Layer{
	"relu": nn.ReLU, "sigmoid": nn.Sigmoid, "tanh": nn.Tanh, "gelu": nn.GELU, "gelu_tanh": nn.GELUTanh, "silu": nn.SiLU,
	"mish": nn.Mish, "selu": nn.SELU, "logsigmoid": nn.LogSigmoid, "softsign": nn.Softsign, "tanhshrink": nn.Tanhshrink,
	"relu6": nn.ReLU6, "hardsigmoid": nn.Hardsigmoid, "hardswish": nn.Hardswish, "leaky_relu": nn.LeakyReLU(0.1), "elu": nn.ELU(0.7),
	"celu": nn.CELU(1.3), "swish": nn.Swish(1.7), "softplus": nn.Softplus(1.5), "hardtanh": nn.Hardtanh(-0.5, 2),
	"hardshrink": nn.Hardshrink(0.5), "softshrink": nn.Softshrink(0.5), "threshold": nn.Threshold(0.5, -2),
	"softmax last": nn.Softmax(-1), "softmax 1": nn.Softmax(1), "log_softmax last": nn.LogSoftmax(-1), "log_softmax 1": nn.LogSoftmax(1),
	"softmin last": nn.Softmin(-1), "softmin 1": nn.Softmin(1), "glu last": nn.GLU(-1), "glu 1": nn.GLU(1),
	"rrelu": nn.NewRReLU(0.1, 0.3), "prelu": nn.NewPReLU(), "prelu channels": nn.NewPReLU(nn.PerChannel),
})

// TestDenseWithEveryActivation: an activation that is the end of a fused operation is the one that runs alone.
func TestDenseWithEveryActivation(t *testing.T) {
	tensor.Seed(1)
	x := random.Normal(0, 1, 4, 6)
	for _, a := range []*nn.Activation{nn.ReLU, nn.Sigmoid, nn.Tanh, nn.GELU, nn.GELUTanh, nn.SiLU, nn.Softmax(-1), nn.ELU(1)} {
		l := nn.NewDense(4, a)
		nn.Init(l, nn.Normal(1))
		for _, c := range []*nn.Ctx{nn.Eval(), nn.Train()} {
			got := l.Forward(c, x)
			plain := x.MatMul(l.Weight.Value().Detach().T()).Add(l.Bias.Value().Detach())
			if !tensor.AllClose(got.Detach(), a.Forward(c, plain), 1e-5, 1e-6) {
				t.Errorf("%v: %v, want %v", l, got, a.Forward(c, plain))
			}
		}
	}
}

func TestRandomSlopes(t *testing.T) {
	tensor.Seed(3)
	l := nn.NewRReLU(0.1, 0.3)
	x := tensor.Full(-1, 200, 100).RequireGrad()
	y := l.Forward(nn.Train(), x)
	if lo, hi, mean := y.Min().Item(), y.Max().Item(), y.Mean().Item(); lo < -0.3 || hi > -0.1 || lo > -0.299 || hi < -0.101 || mean < -0.202 || mean > -0.198 {
		t.Errorf("slopes from %v to %v, mean %v", -hi, -lo, -mean)
	}
	y.Backward()
	if !tensor.AllClose(x.Grad(), y.Detach().Neg(), 1e-6, 0) {
		t.Error("the gradient is not the slope")
	}
	if above := l.Forward(nn.Train(), tensor.Ones(9)); !tensor.Equal(above, tensor.Ones(9)) {
		t.Errorf("ones became %v", above)
	}
	if tensor.Equal(y.Detach(), l.Forward(nn.Train(), x).Detach()) {
		t.Error("two steps have the same slopes")
	}
}

func TestActivationsRefuse(t *testing.T) {
	for name, f := range map[string]func(){
		"celu":       func() { nn.CELU(0) },
		"softplus":   func() { nn.Softplus(0) },
		"hardtanh":   func() { nn.Hardtanh(1, 0) },
		"softshrink": func() { nn.Softshrink(-1) },
		"rrelu":      func() { nn.NewRReLU(1, 0) },
		"glu":        func() { nn.GLU(1).Forward(nil, tensor.Ones(2, 3)) },
		"axis":       func() { nn.Softmax(2).Forward(nil, tensor.Ones(2, 3)) },
		"channels":   func() { nn.NewPReLU(nn.PerChannel).Forward(nil, tensor.Ones(3)) },
	} {
		if err := tensor.Try(f); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func TestActivationNames(t *testing.T) {
	for want, l := range map[string]nn.Layer{
		"Activation(gelu)":                   nn.GELU,
		"Activation(leaky_relu(0.01))":       nn.LeakyReLU(0.01),
		"Activation(hardtanh(-1, 1))":        nn.Hardtanh(-1, 1),
		"Activation(softmax(-1))":            nn.Softmax(-1),
		"Dense(-1 -> 2, Activation(elu(1)))": nn.NewDense(2, nn.ELU(1)),
		"PReLU(1)":                           nn.NewPReLU(),
		"PReLU(-1)":                          nn.NewPReLU(nn.PerChannel),
		"RReLU(0.125, 0.333)":                nn.NewRReLU(1./8, 1./3),
	} {
		if got := fmt.Sprint(l); got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
	if got := nn.Name(nn.LeakyReLU(0.1)); got != "leaky_relu" {
		t.Errorf("the name is %s", got)
	}
}
