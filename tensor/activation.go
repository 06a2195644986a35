package tensor

import (
	"math"
	"slices"

	"github.com/fathom-ml/fathom/internal/kernel"
)

// sigmoid: y = 1/(1+e^-x), y' = y(1-y)
type sigmoid struct{ unary }

func (sigmoid) Name() string { return "sigmoid" }
func (sigmoid) Run(c *Call)  { runUnary(c, kernel.Sigmoid); c.SaveOut() }
func (sigmoid) Grad(n *Node, i int, dy *Tensor) *Tensor {
	return Do(sigmoidGrad{}, dy, n.Out())
}

// sigmoidGrad: dx = dy y (1-y)
type sigmoidGrad struct{ binary }

func (sigmoidGrad) Name() string { return "sigmoidGrad" }
func (sigmoidGrad) Run(c *Call)  { runBinary(c, kernel.SigmoidGrad); c.SaveIn(0, 1) }
func (sigmoidGrad) Grad(n *Node, i int, g *Tensor) *Tensor {
	if i == 0 {
		return Do(sigmoidGrad{}, g, n.In(1))
	}
	return g.Mul(n.In(0)).Mul(n.In(1).MulScalar(-2).AddScalar(1))
}

// Sigmoid returns 1/(1+e^-x) for each element (4.1).
func (x *Tensor) Sigmoid() *Tensor { return Do(sigmoid{}, x.floats()) }

var _ = RegisterAny(sigmoid{}, unaryCase((*Tensor).Sigmoid))
var _ = Register(sigmoidGrad{}, binaryCases(func(x, y *Tensor) *Tensor { return Do(sigmoidGrad{}, x, y) })...)

// tanh: y' = 1 - y^2
type tanh struct{ unary }

func (tanh) Name() string { return "tanh" }
func (tanh) Run(c *Call)  { runUnary(c, kernel.Tanh); c.SaveOut() }
func (tanh) Grad(n *Node, i int, dy *Tensor) *Tensor {
	return Do(tanhGrad{}, dy, n.Out())
}

// tanhGrad: dx = dy (1-y^2)
type tanhGrad struct{ binary }

func (tanhGrad) Name() string { return "tanhGrad" }
func (tanhGrad) Run(c *Call)  { runBinary(c, kernel.TanhGrad); c.SaveIn(0, 1) }
func (tanhGrad) Grad(n *Node, i int, g *Tensor) *Tensor {
	if i == 0 {
		return Do(tanhGrad{}, g, n.In(1))
	}
	return g.Mul(n.In(0)).Mul(n.In(1)).MulScalar(-2)
}

// Tanh returns the hyperbolic tangent of each element (4.1).
func (x *Tensor) Tanh() *Tensor { return Do(tanh{}, x.floats()) }

var _ = RegisterAny(tanh{}, unaryCase((*Tensor).Tanh))
var _ = Register(tanhGrad{}, binaryCases(func(x, y *Tensor) *Tensor { return Do(tanhGrad{}, x, y) })...)

// relu: y = max(x, 0)
type relu struct{ unary }

func (relu) Name() string                            { return "relu" }
func (relu) Run(c *Call)                             { runUnary(c, kernel.ReLU); c.SaveOut() }
func (relu) Grad(n *Node, i int, dy *Tensor) *Tensor { return Do(reluGrad{}, dy, n.Out()) }

// reluGrad: dx = dy where y > 0, else 0; no gradient reaches the mask.
type reluGrad struct{ binary }

func (reluGrad) Name() string { return "reluGrad" }
func (reluGrad) Run(c *Call)  { runBinary(c, kernel.ReLUGrad); c.SaveIn(1) }
func (reluGrad) Grad(n *Node, i int, g *Tensor) *Tensor {
	if i == 0 {
		return Do(reluGrad{}, g, n.In(1))
	}
	return nil
}

// ReLU returns max(x, 0) for each element; its derivative at 0 is 0 (4.1).
func (x *Tensor) ReLU() *Tensor { return Do(relu{}, x) }

var _ = RegisterAny(relu{},
	Case{F: func(in []*Tensor) *Tensor { return in[0].ReLU() }, In: [][]int{{2, 3}}, Lo: -1, Hi: 1})
var _ = Register(reluGrad{}, binaryCases(func(x, y *Tensor) *Tensor { return Do(reluGrad{}, x, y) })...)

// GELU returns x Φ(x), where Φ is the distribution function of the standard normal.
func (x *Tensor) GELU() *Tensor {
	return x.inFloats(func(x *Tensor) *Tensor { return x.MulScalar(-math.Sqrt2 / 2).Erfc().Mul(x.MulScalar(0.5)) })
}

// GELUTanh returns x (1 + tanh(√(2/π)(x + 0.044715 x³)))/2, which is near GELU.
func (x *Tensor) GELUTanh() *Tensor {
	const k = 2 * math.Sqrt2 / math.SqrtPi
	return x.inFloats(func(x *Tensor) *Tensor { return x.Square().Affine(k*0.044715, k).Mul(x).Sigmoid().Mul(x) })
}

// SiLU returns x sigmoid(x), also called swish.
func (x *Tensor) SiLU() *Tensor {
	return x.inFloats(func(x *Tensor) *Tensor { return x.Mul(x.Sigmoid()) })
}

// Mish returns x tanh(softplus(x)).
func (x *Tensor) Mish() *Tensor {
	return x.inFloats(func(x *Tensor) *Tensor { return x.Mul(x.Softplus().Tanh()) })
}

// SoftplusBeta returns log(1 + e^(beta x))/beta, and x itself where beta x is above the threshold (20 in PyTorch;
// Softplus needs none).
func (x *Tensor) SoftplusBeta(beta, threshold float64) *Tensor {
	return x.inFloats(func(x *Tensor) *Tensor {
		z := x.MulScalar(beta)
		return Where(z.GtScalar(threshold), x, z.Softplus().DivScalar(beta))
	})
}

// LogSigmoid returns log(sigmoid(x)).
func (x *Tensor) LogSigmoid() *Tensor {
	return x.inFloats(func(x *Tensor) *Tensor { return x.Neg().Softplus().Neg() })
}

// elu is a x for x > 0, else b (e^(c x) - 1).
func (x *Tensor) elu(a, b, c float64) *Tensor {
	return x.inFloats(func(x *Tensor) *Tensor {
		below := x.Clip(math.Inf(-1), 0).MulScalar(c).Expm1().MulScalar(b)
		return Where(x.GtScalar(0), x.MulScalar(a), below)
	})
}

// ELU returns x where x > 0, else alpha (e^x - 1).
func (x *Tensor) ELU(alpha float64) *Tensor { return x.elu(1, alpha, 1) }

// CELU returns x where x > 0, else alpha (e^(x/alpha) - 1), which has no kink.
func (x *Tensor) CELU(alpha float64) *Tensor { return x.elu(1, alpha, 1/alpha) }

// SELU returns s x where x > 0, else s a (e^x - 1), with s = 1.0507... and a = 1.6732..., which keep mean and variance.
func (x *Tensor) SELU() *Tensor {
	const s, a = 1.0507009873554804934193349852946, 1.6732632423543772848170429916717
	return x.elu(s, s*a, 1)
}

// LeakyReLU returns x where x > 0, else slope x.
func (x *Tensor) LeakyReLU(slope float64) *Tensor {
	x = x.floats()
	return Where(x.GtScalar(0), x, x.MulScalar(slope))
}

// PReLU returns x where x > 0, else w x; w holds one number, or one for each entry of axis 1 of x.
func (x *Tensor) PReLU(w *Tensor) *Tensor {
	shape := []int{}
	if w.Size() != 1 {
		if len(x.shape) < 2 || x.shape[1] != w.Size() {
			Misuse("prelu", "the weight needs one number, or one for each entry of axis 1", "", x, w)
		}
		shape = slices.Repeat([]int{1}, len(x.shape))
		shape[1] = w.Size()
	}
	return Where(x.GtScalar(0), x, x.Mul(w.Reshape(shape...)))
}

// Hardtanh returns x clipped to lo and hi. Unlike Clip's, its derivative on the bounds is 0.
func (x *Tensor) Hardtanh(lo, hi float64) *Tensor {
	x = x.floats()
	return Where(x.GtScalar(lo).Mul(x.LtScalar(hi)), x, x.Detach().Clip(lo, hi))
}

// ReLU6 returns x clipped to 0 and 6, with derivative 0 there.
func (x *Tensor) ReLU6() *Tensor { return x.Hardtanh(0, 6) }

// Hardsigmoid returns (x + 3)/6 clipped to 0 and 1.
func (x *Tensor) Hardsigmoid() *Tensor {
	return x.inFloats(func(x *Tensor) *Tensor { return x.AddScalar(3).Hardtanh(0, 6).DivScalar(6) })
}

// Hardswish returns x Hardsigmoid(x), x itself from 3 on. Its derivative at -3 is -1/2, at 3 it is 1.
func (x *Tensor) Hardswish() *Tensor {
	return x.inFloats(func(x *Tensor) *Tensor {
		return Where(x.GeScalar(3), x, x.AddScalar(3).Clip(0, 6).Mul(x).DivScalar(6))
	})
}

// Softsign returns x/(1 + |x|).
func (x *Tensor) Softsign() *Tensor {
	return x.inFloats(func(x *Tensor) *Tensor { return x.Div(x.Abs().AddScalar(1)) })
}

// Tanhshrink returns x - tanh(x).
func (x *Tensor) Tanhshrink() *Tensor {
	return x.inFloats(func(x *Tensor) *Tensor { return x.Sub(x.Tanh()) })
}

// Softshrink moves x by lambda toward 0, where it stops.
func (x *Tensor) Softshrink(lambda float64) *Tensor {
	return x.inFloats(func(x *Tensor) *Tensor { return x.Sub(x.Clip(-lambda, lambda)) })
}

// Hardshrink returns x where |x| > lambda, else 0.
func (x *Tensor) Hardshrink(lambda float64) *Tensor {
	return Where(x.Detach().Abs().LeScalar(lambda), x.like(0), x)
}

// Threshold returns x where x > t, else v.
func (x *Tensor) Threshold(t, v float64) *Tensor { return Where(x.LeScalar(t), x.like(v), x) }

// GLU returns a sigmoid(b), where a and b are the halves of x along an axis.
func (x *Tensor) GLU(axis int) *Tensor {
	n := x.Dim(axis)
	if n%2 != 0 {
		Misuse("glu", "the axis has odd length", "", x)
	}
	return x.inFloats(func(x *Tensor) *Tensor {
		return x.Narrow(axis, 0, n/2).Mul(x.Narrow(axis, n/2, n/2).Sigmoid())
	})
}

// Huber returns x²/2 where |x| <= delta, else delta (|x| - delta/2): with the difference of prediction and
// target for x, Huber's loss.
func (x *Tensor) Huber(delta float64) *Tensor { return x.huber(delta, 1) }

// SmoothL1 returns (sigma x)²/2 where |x| <= 1/sigma², else |x| - 1/(2 sigma²) (13.7).
func (x *Tensor) SmoothL1(sigma float64) *Tensor { return x.huber(1/(sigma*sigma), sigma*sigma) }

// huber is scale times Huber's function: c (|x| - c/2), where c is |x| up to delta.
func (x *Tensor) huber(delta, scale float64) *Tensor {
	return x.inFloats(func(x *Tensor) *Tensor {
		a := x.Abs()
		c := a.Clip(0, delta)
		return c.MulScalar(scale).Mul(a.Sub(c.MulScalar(0.5)))
	})
}
