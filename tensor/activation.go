package tensor

import (
	"math"
	"slices"

	"github.com/fathom-ml/fathom/internal/kernel"
)

// slope: dx = dy f'(v) as one kernel code; v is the operand of f, or its result.
type slope struct {
	binary
	op kernel.BinaryOp
}

// slopes gives each slope its name and the derivative of f'(v) by v.
var slopes = map[kernel.BinaryOp]struct {
	name string
	grad func(v *Tensor) *Tensor
}{
	kernel.SigmoidGrad: {"sigmoidGrad", func(y *Tensor) *Tensor { return y.Affine(-2, 1) }}, // of y (1-y)
	kernel.TanhGrad:    {"tanhGrad", func(y *Tensor) *Tensor { return y.MulScalar(-2) }},    // of 1-y²
	kernel.GELUGrad: {"geluGrad", func(x *Tensor) *Tensor { // (2 - x²) e^(-x²/2)/√(2π)
		return x.Square().RSubScalar(2).Mul(x.Square().MulScalar(-0.5).Exp()).MulScalar(1 / math.Sqrt(2*math.Pi))
	}},
	kernel.GELUTanhGrad: {"geluTanhGrad", func(x *Tensor) *Tensor { // s' (2z' + x z" + x z'² (1-2s)), s the sigmoid of z
		const k1, k3 = 2 * math.Sqrt2 / math.SqrtPi, 0.044715 * 2 * math.Sqrt2 / math.SqrtPi
		s, dz := x.Square().Affine(k3, k1).Mul(x).Sigmoid(), x.Square().Affine(3*k3, k1)
		return dz.MulScalar(2).Add(x.Square().MulScalar(6*k3)).Add(x.Mul(dz.Square()).Mul(s.Affine(-2, 1))).slope(kernel.SigmoidGrad, s)
	}},
	kernel.SiLUGrad: {"siluGrad", func(x *Tensor) *Tensor { // s' (2 + x (1-2s))
		s := x.Sigmoid()
		return x.Mul(s.Affine(-2, 1)).AddScalar(2).slope(kernel.SigmoidGrad, s)
	}},
	kernel.MishGrad: {"mishGrad", func(x *Tensor) *Tensor { // s (1-t²) (2 + x (1 - s - 2st)), t = tanh(softplus(x))
		s, t := x.Sigmoid(), x.Softplus().Tanh()
		return s.Mul(x.Mul(s.Mul(t.Affine(2, 1)).RSubScalar(1)).AddScalar(2)).slope(kernel.TanhGrad, t)
	}},
}

func (p slope) Name() string { return slopes[p.op].name }
func (p slope) Run(c *Call)  { runBinary(c, p.op); c.SaveIn(0, 1) }
func (p slope) Grad(n *Node, i int, g *Tensor) *Tensor {
	if i == 0 {
		return Do(p, g, n.In(1))
	}
	return g.Mul(n.In(0)).Mul(slopes[p.op].grad(n.In(1)))
}

func (dy *Tensor) slope(op kernel.BinaryOp, v *Tensor) *Tensor { return Do(slope{op: op}, dy, v) }

// slopeOf is the rule of a function in the table fns.
func slopeOf(op kernel.BinaryOp) func(g, v *Tensor) *Tensor {
	return func(g, v *Tensor) *Tensor { return g.slope(op, v) }
}

func init() {
	for op := range slopes {
		Register(slope{op: op}, binaryCases(func(x, y *Tensor) *Tensor { return x.slope(op, y) })...)
	}
}

// Sigmoid returns 1/(1+e^-x) for each element (4.1).
func (x *Tensor) Sigmoid() *Tensor { return Do(fn{kernel.Sigmoid}, x.floats()) }

// Tanh returns the hyperbolic tangent of each element (4.1).
func (x *Tensor) Tanh() *Tensor { return Do(fn{kernel.Tanh}, x.floats()) }

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
func (x *Tensor) GELU() *Tensor { return Do(fn{kernel.GELU}, x.floats()) }

// GELUTanh returns x (1 + tanh(√(2/π)(x + 0.044715 x³)))/2, which is near GELU.
func (x *Tensor) GELUTanh() *Tensor { return Do(fn{kernel.GELUTanh}, x.floats()) }

// SiLU returns x sigmoid(x), also called swish.
func (x *Tensor) SiLU() *Tensor { return Do(fn{kernel.SiLU}, x.floats()) }

// Mish returns x tanh(softplus(x)).
func (x *Tensor) Mish() *Tensor { return Do(fn{kernel.Mish}, x.floats()) }

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
