package tensor

import (
	"math"

	"github.com/fathom-ml/fathom/internal/kernel"
)

// fn is an elementwise function of floats that is one kernel code; fns holds all that differs.
type fn struct{ op kernel.UnaryOp }

// fns gives each function its name, the range of its samples (none: [0.5, 2)), and its gradient from that of the
// result, g, and the operand x or, if fromY, the result y. Without a rule it is 0.
var fns = [...]struct {
	name   string
	lo, hi float64
	fromY  bool
	grad   func(g, v *Tensor) *Tensor
}{
	kernel.Exp:        {"exp", 0, 0, true, func(g, y *Tensor) *Tensor { return g.Mul(y) }},
	kernel.Log:        {"log", 0, 0, false, func(g, x *Tensor) *Tensor { return g.Div(x) }},
	kernel.Sqrt:       {"sqrt", 0, 0, true, func(g, y *Tensor) *Tensor { return g.MulScalar(0.5).Div(y) }},
	kernel.Reciprocal: {"reciprocal", 0, 0, true, func(g, y *Tensor) *Tensor { return g.Mul(y.Square()).Neg() }},
	kernel.Sin:        {"sin", 0, 0, false, func(g, x *Tensor) *Tensor { return g.Mul(x.Cos()) }},
	kernel.Cos:        {"cos", 0, 0, false, func(g, x *Tensor) *Tensor { return g.Mul(x.Sin()).Neg() }},
	kernel.Tanh:       {"tanh", 0, 0, true, slopeOf(kernel.TanhGrad)},
	kernel.Sigmoid:    {"sigmoid", 0, 0, true, slopeOf(kernel.SigmoidGrad)},
	kernel.Exp2:       {"exp2", -2, 2, true, func(g, y *Tensor) *Tensor { return g.Mul(y).MulScalar(math.Ln2) }},
	kernel.Expm1:      {"expm1", -2, 2, true, func(g, y *Tensor) *Tensor { return g.Mul(y.AddScalar(1)) }},
	kernel.Log1p:      {"log1p", -0.5, 2, false, func(g, x *Tensor) *Tensor { return g.Div(x.AddScalar(1)) }},
	kernel.Log2:       {"log2", 0, 0, false, func(g, x *Tensor) *Tensor { return g.Div(x.MulScalar(math.Ln2)) }},
	kernel.Log10:      {"log10", 0, 0, false, func(g, x *Tensor) *Tensor { return g.Div(x.MulScalar(math.Ln10)) }},
	kernel.Rsqrt:      {"rsqrt", 0, 0, true, func(g, y *Tensor) *Tensor { return g.Mul(y.PowScalar(3)).MulScalar(-0.5) }},
	kernel.Cbrt:       {"cbrt", 0, 0, true, func(g, y *Tensor) *Tensor { return g.Div(y.Square().MulScalar(3)) }},
	kernel.Tan:        {"tan", -1, 1, true, func(g, y *Tensor) *Tensor { return g.Mul(y.Square().AddScalar(1)) }},
	kernel.Asin:       {"asin", -0.8, 0.8, false, func(g, x *Tensor) *Tensor { return g.Mul(x.Square().RSubScalar(1).Rsqrt()) }},
	kernel.Acos:       {"acos", -0.8, 0.8, false, func(g, x *Tensor) *Tensor { return g.Mul(x.Square().RSubScalar(1).Rsqrt()).Neg() }},
	kernel.Atan:       {"atan", -2, 2, false, func(g, x *Tensor) *Tensor { return g.Div(x.Square().AddScalar(1)) }},
	kernel.Sinh:       {"sinh", -2, 2, false, func(g, x *Tensor) *Tensor { return g.Mul(x.Cosh()) }},
	kernel.Cosh:       {"cosh", -2, 2, false, func(g, x *Tensor) *Tensor { return g.Mul(x.Sinh()) }},
	kernel.Asinh:      {"asinh", -2, 2, false, func(g, x *Tensor) *Tensor { return g.Mul(x.Square().AddScalar(1).Rsqrt()) }},
	kernel.Acosh:      {"acosh", 1.3, 3, false, func(g, x *Tensor) *Tensor { return g.Mul(x.Square().SubScalar(1).Rsqrt()) }},
	kernel.Atanh:      {"atanh", -0.8, 0.8, false, func(g, x *Tensor) *Tensor { return g.Div(x.Square().RSubScalar(1)) }},
	kernel.Erf:        {"erf", -2, 2, false, func(g, x *Tensor) *Tensor { return g.Mul(x.bell()).MulScalar(2 / math.SqrtPi) }},
	kernel.Erfc:       {"erfc", -2, 2, false, func(g, x *Tensor) *Tensor { return g.Mul(x.bell()).MulScalar(-2 / math.SqrtPi) }},
	kernel.ErfInv:     {"erfInv", -0.8, 0.8, true, func(g, y *Tensor) *Tensor { return g.Div(y.bell()).MulScalar(math.SqrtPi / 2) }},
	kernel.Lgamma:     {"lgamma", 0, 0, false, func(g, x *Tensor) *Tensor { return g.Mul(x.Digamma()) }},
	kernel.Softplus:   {"softplus", -2, 2, false, func(g, x *Tensor) *Tensor { return g.Mul(x.Sigmoid()) }},
	kernel.GELU:       {"gelu", -2, 2, false, slopeOf(kernel.GELUGrad)},
	kernel.GELUTanh:   {"geluTanh", -2, 2, false, slopeOf(kernel.GELUTanhGrad)},
	kernel.SiLU:       {"silu", -2, 2, false, slopeOf(kernel.SiLUGrad)},
	kernel.Mish:       {"mish", -2, 2, false, slopeOf(kernel.MishGrad)},
	kernel.Floor:      {"floor", 0.1, 0.4, false, nil},
	kernel.Ceil:       {"ceil", 0.1, 0.4, false, nil},
	kernel.Trunc:      {"trunc", 0.1, 0.4, false, nil},
	kernel.Round:      {"round", 0.1, 0.4, false, nil},
}

// bell is e^(-x^2).
func (x *Tensor) bell() *Tensor { return x.Square().Neg().Exp() }

func (f fn) Name() string      { return fns[f.op].name }
func (fn) Shape(c *Call) []int { c.Float(0); return c.x[0].shape }

func (f fn) Run(c *Call) {
	runUnary(c, f.op)
	if d := &fns[f.op]; d.fromY {
		c.SaveOut()
	} else if d.grad != nil {
		c.SaveIn(0)
	}
}

func (f fn) Grad(n *Node, i int, dy *Tensor) *Tensor {
	switch d := &fns[f.op]; {
	case d.grad == nil:
		return nil
	case d.fromY:
		return d.grad(dy, n.Out())
	default:
		return d.grad(dy, n.In(0))
	}
}

func init() {
	for code, f := range fns {
		if f.name != "" {
			op := fn{kernel.UnaryOp(code)}
			c := unaryCase(func(x *Tensor) *Tensor { return Do(op, x) })
			c.Lo, c.Hi = f.lo, f.hi
			RegisterAny(op, c)
		}
	}
}

// step is op of x, for functions that change nothing in integers.
func (x *Tensor) step(op Op) *Tensor {
	if x != nil && kindOf(x.dt) <= kindInt {
		return x.Clone()
	}
	return Do(op, x)
}

// Exp returns e to the power of each element (2.1). This and the other functions of floats take integers
// and bools as float32, where they are off by 2.5 units in the last place at most, Tan, Erfc and the activations by 6.
func (x *Tensor) Exp() *Tensor { return Do(fn{kernel.Exp}, x.floats()) }

// Exp2 returns 2 to the power of each element.
func (x *Tensor) Exp2() *Tensor { return Do(fn{kernel.Exp2}, x.floats()) }

// Expm1 returns e^x - 1, also near 0.
func (x *Tensor) Expm1() *Tensor { return Do(fn{kernel.Expm1}, x.floats()) }

// Log returns the natural logarithm of each element, NaN for negative ones and -Inf for 0.
func (x *Tensor) Log() *Tensor { return Do(fn{kernel.Log}, x.floats()) }

// Log1p returns log(1 + x), also near 0.
func (x *Tensor) Log1p() *Tensor { return Do(fn{kernel.Log1p}, x.floats()) }

// Log2 returns the logarithm to the base 2.
func (x *Tensor) Log2() *Tensor { return Do(fn{kernel.Log2}, x.floats()) }

// Log10 returns the logarithm to the base 10.
func (x *Tensor) Log10() *Tensor { return Do(fn{kernel.Log10}, x.floats()) }

// Sqrt returns the square root of each element, NaN for negative ones; its derivative at 0 is infinite.
func (x *Tensor) Sqrt() *Tensor { return Do(fn{kernel.Sqrt}, x.floats()) }

// Rsqrt returns 1/sqrt(x).
func (x *Tensor) Rsqrt() *Tensor { return Do(fn{kernel.Rsqrt}, x.floats()) }

// Cbrt returns the cube root, negative for negative elements; its derivative at 0 is infinite.
func (x *Tensor) Cbrt() *Tensor { return Do(fn{kernel.Cbrt}, x.floats()) }

// Reciprocal returns 1/x for each element.
func (x *Tensor) Reciprocal() *Tensor { return Do(fn{kernel.Reciprocal}, x.floats()) }

// Sin returns the sine of each element, in radians, right for numbers of any size.
func (x *Tensor) Sin() *Tensor { return Do(fn{kernel.Sin}, x.floats()) }

// Cos returns the cosine of each element, in radians.
func (x *Tensor) Cos() *Tensor { return Do(fn{kernel.Cos}, x.floats()) }

// Tan returns the tangent, in radians.
func (x *Tensor) Tan() *Tensor { return Do(fn{kernel.Tan}, x.floats()) }

// Asin returns the inverse sine, from -π/2 to π/2; NaN outside [-1, 1].
func (x *Tensor) Asin() *Tensor { return Do(fn{kernel.Asin}, x.floats()) }

// Acos returns the inverse cosine, from 0 to π; NaN outside [-1, 1].
func (x *Tensor) Acos() *Tensor { return Do(fn{kernel.Acos}, x.floats()) }

// Atan returns the inverse tangent, from -π/2 to π/2.
func (x *Tensor) Atan() *Tensor { return Do(fn{kernel.Atan}, x.floats()) }

// Sinh returns the hyperbolic sine.
func (x *Tensor) Sinh() *Tensor { return Do(fn{kernel.Sinh}, x.floats()) }

// Cosh returns the hyperbolic cosine.
func (x *Tensor) Cosh() *Tensor { return Do(fn{kernel.Cosh}, x.floats()) }

// Asinh returns the inverse hyperbolic sine.
func (x *Tensor) Asinh() *Tensor { return Do(fn{kernel.Asinh}, x.floats()) }

// Acosh returns the inverse hyperbolic cosine; NaN below 1.
func (x *Tensor) Acosh() *Tensor { return Do(fn{kernel.Acosh}, x.floats()) }

// Atanh returns the inverse hyperbolic tangent; NaN outside [-1, 1].
func (x *Tensor) Atanh() *Tensor { return Do(fn{kernel.Atanh}, x.floats()) }

// Erf returns the error function, 2/√π times the integral of e^(-t²) from 0 to x.
func (x *Tensor) Erf() *Tensor { return Do(fn{kernel.Erf}, x.floats()) }

// Erfc returns 1 - erf(x), also where erf(x) is near 1.
func (x *Tensor) Erfc() *Tensor { return Do(fn{kernel.Erfc}, x.floats()) }

// ErfInv returns the inverse of Erf; NaN outside [-1, 1].
func (x *Tensor) ErfInv() *Tensor { return Do(fn{kernel.ErfInv}, x.floats()) }

// Lgamma returns log |Γ(x)|, infinite at 0, -1, -2 and so on. Its derivative is Digamma.
func (x *Tensor) Lgamma() *Tensor { return Do(fn{kernel.Lgamma}, x.floats()) }

// Softplus returns log(1 + e^x) without overflow. Its derivative is the sigmoid.
func (x *Tensor) Softplus() *Tensor { return Do(fn{kernel.Softplus}, x.floats()) }

// Floor returns the largest whole number not above each element. Floor, Ceil, Trunc and Round leave integers
// alone; their derivative is 0.
func (x *Tensor) Floor() *Tensor { return x.step(fn{kernel.Floor}) }

// Ceil returns the smallest whole number not below each element.
func (x *Tensor) Ceil() *Tensor { return x.step(fn{kernel.Ceil}) }

// Trunc rounds each element toward zero.
func (x *Tensor) Trunc() *Tensor { return x.step(fn{kernel.Trunc}) }

// Round rounds each element to the nearest whole number, halves to the even one: 0.5 gives 0, 1.5 gives 2.
func (x *Tensor) Round() *Tensor { return x.step(fn{kernel.Round}) }

// RoundTo rounds floats to a number of decimals, which may be negative: RoundTo(-2) rounds to hundreds.
func (x *Tensor) RoundTo(decimals int) *Tensor {
	p := math.Pow10(max(decimals, -decimals))
	if decimals < 0 {
		return x.inFloats(func(x *Tensor) *Tensor { return x.DivScalar(p).Round().MulScalar(p) })
	}
	return x.inFloats(func(x *Tensor) *Tensor { return x.MulScalar(p).Round().DivScalar(p) })
}

// Frac returns x - Trunc(x), which has the sign of x. Its derivative is 1.
func (x *Tensor) Frac() *Tensor { return x.Sub(x.Trunc()) }

// polygamma: y = derivative N of digamma at x; the second operand holds N.
type polygamma struct {
	binary
	N int
}

func (polygamma) Name() string { return "polygamma" }
func (polygamma) Run(c *Call)  { runBinary(c, kernel.Polygamma); c.SaveIn(0) }
func (p polygamma) Grad(n *Node, i int, dy *Tensor) *Tensor {
	return dy.Mul(n.In(0).Polygamma(p.N + 1))
}

var _ = RegisterAny(polygamma{}, unaryCase((*Tensor).Digamma))

// Digamma returns the derivative of log Γ(x): -Inf at 0, NaN at -1, -2 and so on.
func (x *Tensor) Digamma() *Tensor { return x.Polygamma(0) }

// Polygamma returns derivative n of Digamma; Polygamma(1) is trigamma.
func (x *Tensor) Polygamma(n int) *Tensor {
	if n < 0 {
		Misuse("polygamma", "the order is negative", "", x)
	}
	x = x.floats()
	return Do(polygamma{N: n}, x, x.like(float64(n)))
}

// Sinc returns sin(πx)/(πx), 1 at 0, as in NumPy.
func (x *Tensor) Sinc() *Tensor {
	return x.inFloats(func(x *Tensor) *Tensor {
		zero := x.Detach().Abs().LtScalar(1e-18) // there the derivative is 0 but for rounding
		z := Where(zero, x.like(1), x).MulScalar(math.Pi)
		return Where(zero, x.like(1), z.Sin().Div(z))
	})
}

// Logit returns log(x/(1-x)), the inverse of Sigmoid.
func (x *Tensor) Logit() *Tensor {
	return x.inFloats(func(x *Tensor) *Tensor { return x.Log().Sub(x.Neg().Log1p()) })
}

// Deg2Rad converts degrees to radians.
func (x *Tensor) Deg2Rad() *Tensor { return x.floats().MulScalar(math.Pi / 180) }

// Rad2Deg converts radians to degrees.
func (x *Tensor) Rad2Deg() *Tensor { return x.floats().MulScalar(180 / math.Pi) }

// inFloats is f of x where all of f is computed in one float type: halves are rounded once, at the end.
func (x *Tensor) inFloats(f func(x *Tensor) *Tensor) *Tensor {
	if x.dt.IsHalf() {
		return f(x.AsType(Float32)).AsType(x.dt)
	}
	return f(x.floats())
}
