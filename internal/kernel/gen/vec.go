package main

import (
	"math"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

type regs = []reg.VecVirtual

// into wraps a three-operand instruction: in[0] = op(in[0], in[1]).
func into(op func(ops ...Op)) func(*fn, regs) reg.VecVirtual {
	return func(_ *fn, in regs) reg.VecVirtual {
		op(in[1], in[0], in[0])
		return in[0]
	}
}

// reversed is into with the operands exchanged: in[0] = op(in[1], in[0]).
func reversed(op func(ops ...Op)) func(*fn, regs) reg.VecVirtual {
	return func(_ *fn, in regs) reg.VecVirtual {
		op(in[0], in[1], in[0])
		return in[0]
	}
}

var binaries = []routine{
	{name: "add", doc: "sets y = a + b.", unroll: 4, body: into(VADDPS)},
	{name: "sub", doc: "sets y = a - b.", unroll: 4, body: into(VSUBPS)},
	{name: "mul", doc: "sets y = a * b.", unroll: 4, body: into(VMULPS)},
	{name: "div", doc: "sets y = a / b.", unroll: 4, body: into(VDIVPS)},
	{name: "max", doc: "sets y = max(a, b), NaN if either is.", unroll: 4,
		body: func(f *fn, in regs) reg.VecVirtual { return f.max(in[0], in[1]) }},
	{name: "min", doc: "sets y = min(a, b), NaN if either is.", unroll: 4,
		body: func(f *fn, in regs) reg.VecVirtual { return f.min(in[0], in[1]) }},
	{name: "reluGrad", doc: "sets y = a where b > 0, else 0.", unroll: 4,
		hold: func(f *fn) { f.hold(0) },
		body: func(f *fn, in regs) reg.VecVirtual {
			f.keep(gt, in[1], f.kr(0), in[0])
			return in[0]
		}},
	{name: "sigmoidGrad", doc: "sets y = a*b*(1-b).", unroll: 4,
		hold: func(f *fn) { f.hold(math.Float32bits(1)) },
		body: func(f *fn, in regs) reg.VecVirtual {
			VMULPS(in[1], in[0], in[0])
			VSUBPS(in[1], f.kr(1), in[1])
			VMULPS(in[1], in[0], in[0])
			return in[0]
		}},
	{name: "tanhGrad", doc: "sets y = a*(1-b*b).", unroll: 4,
		hold: func(f *fn) { f.hold(math.Float32bits(1)) },
		body: func(f *fn, in regs) reg.VecVirtual {
			VMULPS(in[1], in[1], in[1])
			VSUBPS(in[1], f.kr(1), in[1])
			VMULPS(in[1], in[0], in[0])
			return in[0]
		}},
	{name: "geluGrad", doc: "sets y = a*(Phi(b) + b*phi(b)).", unroll: 1, hold: gelu.hold, body: gelu.slope},
	{name: "geluTanhGrad", doc: "sets y to a times the derivative of geluTanh at b.", unroll: 1, hold: geluTanh.hold, body: geluTanh.slope},
	{name: "mishGrad", doc: "sets y to a times the derivative of mish at b.", unroll: 1, hold: holdMish,
		body: func(f *fn, in regs) reg.VecVirtual { return f.mishGrad(in[0], in[1]) }},
	{name: "siluGrad", doc: "sets y to a times the derivative of silu at b.", unroll: 1, hold: silu.hold, body: silu.slope},
}

var unaries = []routine{
	{name: "exp", doc: "sets y = e^x.", unroll: 2, hold: holdExp,
		body: func(f *fn, in regs) reg.VecVirtual { return f.exp(in[0]) }},
	{name: "log", doc: "sets y = log(x).", unroll: 2, hold: holdLog,
		body: func(f *fn, in regs) reg.VecVirtual { return f.log(natural, in[0]) }},
	{name: "log2", doc: "sets y to the logarithm of x to the base 2.", unroll: 2, hold: holdLog,
		body: func(f *fn, in regs) reg.VecVirtual { return f.log(binary, in[0]) }},
	{name: "log10", doc: "sets y to the logarithm of x to the base 10.", unroll: 2, hold: holdLog,
		body: func(f *fn, in regs) reg.VecVirtual { return f.log(decimal, in[0]) }},
	{name: "log1p", doc: "sets y = log(1+x).", unroll: 1, hold: holdLog1p,
		body: func(f *fn, in regs) reg.VecVirtual { return f.log1p(in[0]) }},
	{name: "exp2", doc: "sets y = 2^x.", unroll: 2, hold: holdExp2,
		body: func(f *fn, in regs) reg.VecVirtual { return f.exp2(in[0]) }},
	{name: "expm1", doc: "sets y = e^x - 1.", unroll: 2, hold: holdExpm1,
		body: func(f *fn, in regs) reg.VecVirtual { return f.minus1(in[0]) }},
	{name: "sinh", doc: "sets y = sinh(x).", unroll: 1, hold: holdHyperbolic,
		body: func(f *fn, in regs) reg.VecVirtual { return f.sinh(in[0]) }},
	{name: "cosh", doc: "sets y = cosh(x).", unroll: 1, hold: holdHyperbolic,
		body: func(f *fn, in regs) reg.VecVirtual { return f.cosh(in[0]) }},
	{name: "softplus", doc: "sets y = log(1+e^x).", unroll: 1, hold: holdSoftplus,
		body: func(f *fn, in regs) reg.VecVirtual { return f.softplus(in[0]) }},
	{name: "mish", doc: "sets y = x*tanh(log(1+e^x)).", unroll: 1, hold: holdMish,
		body: func(f *fn, in regs) reg.VecVirtual { return f.mish(in[0]) }},
	{name: "tanh", doc: "sets y = tanh(x).", unroll: 2, hold: holdTanh,
		body: func(f *fn, in regs) reg.VecVirtual { return f.tanh(in[0]) }},
	{name: "sigmoid", doc: "sets y = 1/(1+e^-x).", unroll: 2, hold: holdSigmoid,
		body: func(f *fn, in regs) reg.VecVirtual { return f.sigmoid(in[0]) }},
	{name: "relu", doc: "sets y = max(0, x), NaN where x is.", unroll: 4,
		hold: func(f *fn) { f.hold(0) },
		body: func(f *fn, in regs) reg.VecVirtual {
			VMAXPS(in[0], f.kr(0), in[0])
			return in[0]
		}},
	{name: "sqrt", doc: "sets y to the square root of x.", unroll: 4,
		body: func(_ *fn, in regs) reg.VecVirtual { VSQRTPS(in[0], in[0]); return in[0] }},
	{name: "square", doc: "sets y = x * x.", unroll: 4,
		body: func(_ *fn, in regs) reg.VecVirtual { VMULPS(in[0], in[0], in[0]); return in[0] }},
	{name: "neg", doc: "sets y = -x.", unroll: 4,
		hold: func(f *fn) { f.hold(signBit) },
		body: func(f *fn, in regs) reg.VecVirtual { VXORPS(f.bits(signBit), in[0], in[0]); return in[0] }},
	{name: "abs", doc: "sets y = |x|.", unroll: 4,
		hold: func(f *fn) { f.hold(absMask) },
		body: func(f *fn, in regs) reg.VecVirtual { VANDPS(f.bits(absMask), in[0], in[0]); return in[0] }},
	{name: "reciprocal", doc: "sets y = 1 / x.", unroll: 4,
		hold: func(f *fn) { f.hold(math.Float32bits(1)) },
		body: func(f *fn, in regs) reg.VecVirtual { VDIVPS(in[0], f.kr(1), in[0]); return in[0] }},
	{name: "erf", doc: "sets y = erf(x).", unroll: 1, hold: holdErf,
		body: func(f *fn, in regs) reg.VecVirtual { return f.erf(in[0]) }},
	{name: "erfc", doc: "sets y = 1 - erf(x).", unroll: 1, hold: holdErfc,
		body: func(f *fn, in regs) reg.VecVirtual { return f.erfc(in[0]) }},
	{name: "gelu", doc: "sets y = x*Phi(x).", unroll: 1, hold: gelu.hold, body: gelu.value},
	{name: "geluTanh", doc: "sets y = x/(1+e^-z), z = 2*sqrt(2/pi)*(x + 0.044715*x^3).", unroll: 1, hold: geluTanh.hold, body: geluTanh.value},
	{name: "silu", doc: "sets y = x/(1+e^-x).", unroll: 1, hold: silu.hold, body: silu.value},
	{name: "rsqrt", doc: "sets y = 1 / sqrt(x).", unroll: 2,
		hold: func(f *fn) { f.hold(math.Float32bits(1)) },
		body: func(f *fn, in regs) reg.VecVirtual {
			VSQRTPS(in[0], in[0])
			VDIVPS(in[0], f.kr(1), in[0])
			return in[0]
		}},
	{name: "sign", doc: "sets y to -1, 0 or 1 as x is negative, zero or positive.", unroll: 2,
		hold: func(f *fn) { f.hold(0, math.Float32bits(1), math.Float32bits(-1)) },
		body: func(f *fn, in regs) reg.VecVirtual {
			y := f.copy(in[0])
			f.where(gt, in[0], f.kr(0), f.kr(1), y)
			f.where(lt, in[0], f.kr(0), f.kr(-1), y)
			return y
		}},
	rounding("floor", "down", down),
	rounding("ceil", "up", up),
	rounding("trunc", "toward zero", toZero),
	rounding("round", "to the nearest whole number, ties to even", toNearest),
	{name: "copy", doc: "sets y = x.", unroll: 8,
		body: func(_ *fn, in regs) reg.VecVirtual { return in[0] }},
}

// rounding is a routine that rounds to whole numbers.
func rounding(name, way string, how uint64) routine {
	return routine{name: name, doc: "sets y to x rounded " + way + ".", unroll: 4,
		body: func(f *fn, in regs) reg.VecVirtual { f.round(how, in[0], in[0]); return in[0] }}
}

var scalars = []routine{
	{name: "addS", doc: "sets y = a + s.", unroll: 4, body: into(VADDPS)},
	{name: "rsubS", doc: "sets y = s - a.", unroll: 4, body: reversed(VSUBPS)},
	{name: "mulS", doc: "sets y = a * s.", unroll: 4, body: into(VMULPS)},
	{name: "divS", doc: "sets y = a / s.", unroll: 4, body: into(VDIVPS)},
	{name: "rdivS", doc: "sets y = s / a.", unroll: 4, body: reversed(VDIVPS)},
	{name: "maxS", doc: "sets y = max(a, s), NaN if either is.", unroll: 4,
		body: func(f *fn, in regs) reg.VecVirtual { return f.max(in[0], in[1]) }},
	{name: "minS", doc: "sets y = min(a, s), NaN if either is.", unroll: 4,
		body: func(f *fn, in regs) reg.VecVirtual { return f.min(in[0], in[1]) }},
	{name: "affine", doc: "sets y = s*a + t.", unroll: 4,
		body: func(_ *fn, in regs) reg.VecVirtual {
			VMULPS(in[1], in[0], in[0])
			VADDPS(in[2], in[0], in[0])
			return in[0]
		}},
}

// addScaled also reads y.
var addScaled = routine{name: "addScaled", doc: "adds s*a to y.", unroll: 4,
	body: func(_ *fn, in regs) reg.VecVirtual {
		VMULPS(in[1], in[0], in[0])
		VADDPS(in[0], in[3], in[0])
		return in[0]
	}}

// vecKernels writes the routines of package vec.
func vecKernels() {
	for _, w := range widths {
		for _, r := range binaries {
			r.binary(w)
		}
		for _, r := range unaries {
			r.unary(w)
		}
		for _, r := range scalars {
			r.scalarOp(w, false)
		}
		for _, r := range angles {
			r.unaryPart(w, (*fn).large)
		}
		powers.binaryPart(w, (*fn).strangePower)
		addScaled.scalarOp(w, true)
		fill(w)
		mulAdd(w)
		for _, r := range reductions {
			r.write(w)
		}
		expSum(w)
	}
}

// fill writes y = s.
func fill(w width) {
	f := begin(w, "fill", "func(n int, y *float32, s float32)", "sets y = s.")
	f.n = f.arg("n")
	y := f.arg("y")
	s := f.scalar("s")
	f.each(8, []reg.GPVirtual{y}, func(u int) { f.store(s, y, u) })
	f.end()
}

// mulAdd writes y = x + s*a*b.
func mulAdd(w width) {
	f := begin(w, "mulAdd", "func(n int, y, x, a, b *float32, s float32)", "sets y = x + s*a*b.")
	f.n = f.arg("n")
	y, x, a, b := f.arg("y"), f.arg("x"), f.arg("a"), f.arg("b")
	s := f.scalar("s")
	f.each(4, []reg.GPVirtual{y, x, a, b}, func(u int) {
		v := f.load(a, u)
		VMULPS(f.load(b, u), v, v)
		VMULPS(s, v, v)
		VADDPS(v, f.load(x, u), v)
		f.store(v, y, u)
	})
	f.end()
}
