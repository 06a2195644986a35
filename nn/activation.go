package nn

import (
	"fmt"
	"math"
	"strings"

	"github.com/fathom-ml/fathom/tensor"
	"github.com/fathom-ml/fathom/tensor/nnop"
)

// Activation is a named function without parameters: a layer, and an option of [NewDense] and of the convolutions.
type Activation struct {
	name  string
	args  string // what follows the name in print, "" if nothing
	f     func(*tensor.Tensor) *tensor.Tensor
	fused nnop.Activation // the same as the end of a fused operation, if there is one
	gain  float64         // see [Gain]; 0 stands for 1
}

// NewActivation returns an activation under a name that is used for printing.
func NewActivation(name string, f func(*tensor.Tensor) *tensor.Tensor) *Activation {
	return &Activation{name: name, f: f}
}

// with is an activation whose arguments are printed.
func with(name string, f func(*tensor.Tensor) *tensor.Tensor, args ...any) *Activation {
	text := strings.TrimSuffix(strings.Repeat("%v, ", len(args)), ", ")
	return &Activation{name: name, args: "(" + fmt.Sprintf(text, args...) + ")", f: f}
}

// The activations of 4.1: max(x, 0), 1/(1+exp(-x)), tanh(x).
var (
	ReLU    = &Activation{name: "relu", f: (*tensor.Tensor).ReLU, fused: nnop.ActReLU, gain: math.Sqrt2}
	Sigmoid = &Activation{name: "sigmoid", f: (*tensor.Tensor).Sigmoid, fused: nnop.ActSigmoid}
	Tanh    = &Activation{name: "tanh", f: (*tensor.Tensor).Tanh, fused: nnop.ActTanh, gain: 5. / 3}
)

// Smooth activations.
var (
	// GELU is x Φ(x), with the distribution function of the standard normal (Hendrycks and Gimpel, 2016).
	GELU = &Activation{name: "gelu", f: (*tensor.Tensor).GELU, fused: nnop.ActGELU}
	// GELUTanh is GELU by a tanh: x (1 + tanh(√(2/π)(x + 0.044715 x³)))/2.
	GELUTanh = &Activation{name: "gelu_tanh", f: (*tensor.Tensor).GELUTanh, fused: nnop.ActGELUTanh}
	// SiLU is x sigmoid(x) (Elfwing, Uchibe and Doya, 2017); [Swish] has a factor more.
	SiLU = NewActivation("silu", (*tensor.Tensor).SiLU)
	// Mish is x tanh(log(1 + e^x)) (Misra, 2019).
	Mish = NewActivation("mish", (*tensor.Tensor).Mish)
	// SELU is s x above 0, else s a (e^x - 1); s = 1.0507... and a = 1.6732... keep mean 0 and variance 1
	// (Klambauer et al., 2017). It goes with [AlphaDropout].
	SELU = &Activation{name: "selu", f: (*tensor.Tensor).SELU, gain: 3. / 4}
	// LogSigmoid is log(1/(1 + e^-x)).
	LogSigmoid = NewActivation("logsigmoid", (*tensor.Tensor).LogSigmoid)
	// Softsign is x/(1 + |x|).
	Softsign = NewActivation("softsign", (*tensor.Tensor).Softsign)
	// Tanhshrink is x - tanh(x).
	Tanhshrink = NewActivation("tanhshrink", (*tensor.Tensor).Tanhshrink)
)

// Piecewise activations; at their corners they have the derivatives of PyTorch.
var (
	// ReLU6 is min(max(x, 0), 6) (Howard et al., 2017).
	ReLU6 = NewActivation("relu6", (*tensor.Tensor).ReLU6)
	// Hardsigmoid is (x + 3)/6 between 0 and 1.
	Hardsigmoid = NewActivation("hardsigmoid", (*tensor.Tensor).Hardsigmoid)
	// Hardswish is x Hardsigmoid(x) (Howard et al., 2019).
	Hardswish = NewActivation("hardswish", (*tensor.Tensor).Hardswish)
)

// LeakyReLU is x above 0, else slope x (Maas, Hannun and Ng, 2013).
func LeakyReLU(slope float64) *Activation {
	a := with("leaky_relu", func(x *tensor.Tensor) *tensor.Tensor { return x.LeakyReLU(slope) }, slope)
	a.gain = leakyGain(slope)
	return a
}

// ELU is x above 0, else alpha (e^x - 1) (Clevert, Unterthiner and Hochreiter, 2015).
func ELU(alpha float64) *Activation {
	return with("elu", func(x *tensor.Tensor) *tensor.Tensor { return x.ELU(alpha) }, alpha)
}

// CELU is x above 0, else alpha (e^(x/alpha) - 1), which has no corner (Barron, 2017). It panics if alpha is 0.
func CELU(alpha float64) *Activation {
	notZero("nn.CELU", "alpha", alpha)
	return with("celu", func(x *tensor.Tensor) *tensor.Tensor { return x.CELU(alpha) }, alpha)
}

// Swish is x sigmoid(beta x) (Ramachandran, Zoph and Le, 2017); [SiLU] is Swish(1).
func Swish(beta float64) *Activation {
	if beta == 1 {
		return SiLU
	}
	return with("swish", func(x *tensor.Tensor) *tensor.Tensor { return x.Mul(x.MulScalar(beta).Sigmoid()) }, beta)
}

// Softplus is log(1 + e^(beta x))/beta, a smooth ReLU, and x itself where beta x > 20. It panics if beta is 0.
func Softplus(beta float64) *Activation {
	notZero("nn.Softplus", "beta", beta)
	return with("softplus", func(x *tensor.Tensor) *tensor.Tensor { return x.SoftplusBeta(beta, 20) }, beta)
}

// Hardtanh is x between lo and hi, -1 and 1 in PyTorch unless set. It panics if lo > hi.
func Hardtanh(lo, hi float64) *Activation {
	if !(lo <= hi) {
		panic(&tensor.Error{Op: "nn.Hardtanh", Msg: fmt.Sprintf("nothing lies between %v and %v", lo, hi)})
	}
	return with("hardtanh", func(x *tensor.Tensor) *tensor.Tensor { return x.Hardtanh(lo, hi) }, lo, hi)
}

// Hardshrink is x where |x| > lambda, else 0; PyTorch's lambda is 0.5 unless set.
func Hardshrink(lambda float64) *Activation {
	return with("hardshrink", func(x *tensor.Tensor) *tensor.Tensor { return x.Hardshrink(lambda) }, lambda)
}

// Softshrink moves x by lambda toward 0, where it stops; PyTorch's lambda is 0.5 unless set. It panics if lambda is
// negative.
func Softshrink(lambda float64) *Activation {
	if !(lambda >= 0) {
		panic(&tensor.Error{Op: "nn.Softshrink", Msg: fmt.Sprintf("lambda is %v, less than 0", lambda)})
	}
	return with("softshrink", func(x *tensor.Tensor) *tensor.Tensor { return x.Softshrink(lambda) }, lambda)
}

// Threshold is x above t, else v.
func Threshold(t, v float64) *Activation {
	return with("threshold", func(x *tensor.Tensor) *tensor.Tensor { return x.Threshold(t, v) }, t, v)
}

// Forward applies the function.
func (a *Activation) Forward(c *Ctx, x *tensor.Tensor) (out *tensor.Tensor) {
	defer c.ran(a, x, &out)
	return a.f(x)
}

// String is e.g. "Activation(relu)" or "Activation(leaky_relu(0.01))".
func (a *Activation) String() string { return "Activation(" + a.name + a.args + ")" }

func (a *Activation) dense(d *Dense) { d.Act = a }

// act applies a, which may be absent.
func (a *Activation) act(x *tensor.Tensor) *tensor.Tensor {
	if a == nil {
		return x
	}
	return a.f(x)
}

// label is how a layer prints its activation.
func (a *Activation) label() string {
	if a == nil {
		return "linear"
	}
	return a.String()
}

func notZero(op, what string, v float64) {
	if v == 0 || math.IsNaN(v) {
		panic(&tensor.Error{Op: op, Msg: fmt.Sprintf("%s is %v", what, v), Hint: "it is divided by"})
	}
}
