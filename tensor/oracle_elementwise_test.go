package tensor_test

import (
	"math"
	"testing"

	. "github.com/fathom-ml/fathom/tensor"
	"github.com/fathom-ml/fathom/tensor/optest"
	"github.com/fathom-ml/fathom/tensor/optest/oracle"
)

func scalars(f func(x *Tensor, v, w float64) *Tensor) oracle.Func {
	return func(c oracleCase, in operands) *Tensor { return f(in[0], c.Floats[0], c.Floats[1]) }
}

var elementwiseFuncs = map[string]oracle.Func{
	"exp": one((*Tensor).Exp), "log": one((*Tensor).Log), "sqrt": one((*Tensor).Sqrt), "sin": one((*Tensor).Sin),
	"cos": one((*Tensor).Cos), "tanh": one((*Tensor).Tanh), "square": one((*Tensor).Square),
	"sigmoid": one((*Tensor).Sigmoid), "relu": one((*Tensor).ReLU), "abs": one((*Tensor).Abs),
	"neg": one((*Tensor).Neg), "sign": one((*Tensor).Sign),

	"exp2": one((*Tensor).Exp2), "expm1": one((*Tensor).Expm1), "log1p": one((*Tensor).Log1p),
	"log2": one((*Tensor).Log2), "log10": one((*Tensor).Log10), "rsqrt": one((*Tensor).Rsqrt),
	"reciprocal": one((*Tensor).Reciprocal), "cbrt": one((*Tensor).Cbrt), "tan": one((*Tensor).Tan),
	"asin": one((*Tensor).Asin), "acos": one((*Tensor).Acos), "atan": one((*Tensor).Atan),
	"sinh": one((*Tensor).Sinh), "cosh": one((*Tensor).Cosh), "asinh": one((*Tensor).Asinh),
	"acosh": one((*Tensor).Acosh), "atanh": one((*Tensor).Atanh), "erf": one((*Tensor).Erf),
	"erfc": one((*Tensor).Erfc), "erfinv": one((*Tensor).ErfInv), "lgamma": one((*Tensor).Lgamma),
	"digamma": one((*Tensor).Digamma), "floor": one((*Tensor).Floor), "ceil": one((*Tensor).Ceil),
	"trunc": one((*Tensor).Trunc), "round": one((*Tensor).Round), "frac": one((*Tensor).Frac),
	"sinc": one((*Tensor).Sinc), "deg2rad": one((*Tensor).Deg2Rad), "rad2deg": one((*Tensor).Rad2Deg),
	"logit": one((*Tensor).Logit), "nan_to_num": one(func(x *Tensor) *Tensor { return x.NanToNum() }),

	"softplus": one((*Tensor).Softplus), "gelu": one((*Tensor).GELU), "gelu_tanh": one((*Tensor).GELUTanh),
	"silu": one((*Tensor).SiLU), "mish": one((*Tensor).Mish), "log_sigmoid": one((*Tensor).LogSigmoid),
	"selu": one((*Tensor).SELU), "relu6": one((*Tensor).ReLU6), "hardsigmoid": one((*Tensor).Hardsigmoid),
	"hardswish": one((*Tensor).Hardswish), "softsign": one((*Tensor).Softsign),
	"tanhshrink": one((*Tensor).Tanhshrink), "elu": scalar((*Tensor).ELU), "celu": scalar((*Tensor).CELU),
	"leaky_relu": scalar((*Tensor).LeakyReLU), "hardtanh": scalars((*Tensor).Hardtanh),
	"softplus_beta": scalars((*Tensor).SoftplusBeta), "softshrink": scalar((*Tensor).Softshrink),
	"hardshrink": scalar((*Tensor).Hardshrink), "threshold": scalars((*Tensor).Threshold),
	"smooth_l1": scalar((*Tensor).SmoothL1), "huber": scalar((*Tensor).Huber), "glu": axis((*Tensor).GLU),
	"prelu": two((*Tensor).PReLU),

	"clip":        scalars((*Tensor).Clip),
	"clip_min":    scalar(func(x *Tensor, v float64) *Tensor { return x.Clip(v, math.Inf(1)) }),
	"clip_max":    scalar(func(x *Tensor, v float64) *Tensor { return x.Clip(math.Inf(-1), v) }),
	"clip_tensor": func(c oracleCase, in operands) *Tensor { return in[0].ClipTensor(in[1], in[2]) },
	"clip_below":  func(c oracleCase, in operands) *Tensor { return in[0].ClipTensor(in[1], nil) },
	"clip_above":  func(c oracleCase, in operands) *Tensor { return in[0].ClipTensor(nil, in[1]) },
	"round_to":    func(c oracleCase, in operands) *Tensor { return in[0].RoundTo(int(c.Floats[0])) },
	"polygamma":   func(c oracleCase, in operands) *Tensor { return in[0].Polygamma(int(c.Floats[0])) },

	"rsub_scalar": scalar((*Tensor).RSubScalar), "rdiv_scalar": scalar((*Tensor).RDivScalar),
	"rpow_scalar": scalar((*Tensor).RPowScalar), "remainder_scalar": scalar((*Tensor).RemainderScalar),
	"fmod_scalar": scalar((*Tensor).FmodScalar), "floor_divide_scalar": scalar((*Tensor).FloorDivideScalar),

	"floor_divide": two((*Tensor).FloorDivide), "remainder": two((*Tensor).Remainder), "fmod": two((*Tensor).Fmod),
	"atan2": two((*Tensor).Atan2), "hypot": two((*Tensor).Hypot), "logaddexp": two((*Tensor).LogAddExp),
	"logaddexp2": two((*Tensor).LogAddExp2), "copysign": two((*Tensor).CopySign), "xlogy": two((*Tensor).Xlogy),
	"fmax": two((*Tensor).FMax), "fmin": two((*Tensor).FMin), "heaviside": two((*Tensor).Heaviside),
	"lerp":    func(c oracleCase, in operands) *Tensor { return in[0].Lerp(in[1], 0.3) },
	"addcmul": func(c oracleCase, in operands) *Tensor { return in[0].AddCMul(in[1], in[2], 0.7) },
	"addcdiv": func(c oracleCase, in operands) *Tensor { return in[0].AddCDiv(in[1], in[2], 0.7) },

	"isnan": one((*Tensor).IsNaN), "isinf": one((*Tensor).IsInf), "isfinite": one((*Tensor).IsFinite),
	"signbit": one((*Tensor).SignBit), "angle": one((*Tensor).Angle),
	"logical_not": one((*Tensor).LogicalNot), "logical_and": two((*Tensor).LogicalAnd),
	"logical_or": two((*Tensor).LogicalOr), "logical_xor": two((*Tensor).LogicalXor),
	"bitwise_not": one((*Tensor).BitwiseNot), "bitwise_and": two((*Tensor).BitwiseAnd),
	"bitwise_or": two((*Tensor).BitwiseOr), "bitwise_xor": two((*Tensor).BitwiseXor),
	"left_shift": two((*Tensor).LeftShift), "right_shift": two((*Tensor).RightShift),
	"gcd": two((*Tensor).Gcd), "lcm": two((*Tensor).Lcm),

	"add": two((*Tensor).Add), "sub": two((*Tensor).Sub), "mul": two((*Tensor).Mul), "div": two((*Tensor).Div),
	"eq": two((*Tensor).Eq), "matmul": two((*Tensor).MatMul),
	"sum":           func(c oracleCase, in operands) *Tensor { return in[0].Sum(c.Axes...) },
	"promote_types": two(func(x, y *Tensor) *Tensor { return ZerosOf(PromoteTypes(x.DType(), y.DType())) }),
	"result_type":   two(func(x, y *Tensor) *Tensor { return ZerosOf(ResultTypeOf(x, y)) }),
}

// TestElementwise holds the elementwise functions, and the promotion of every pair of dtypes, against PyTorch.
func TestElementwise(t *testing.T) { oracle.Run(t, "testdata/elementwise.json.gz", elementwiseFuncs) }

// TestComposites checks both derivatives of functions that are made of others, as optest does those of the table.
func TestComposites(t *testing.T) {
	var cases []Case
	for name, f := range map[string]func(x *Tensor) *Tensor{
		"gelu": (*Tensor).GELU, "gelu_tanh": (*Tensor).GELUTanh, "silu": (*Tensor).SiLU, "mish": (*Tensor).Mish,
		"log_sigmoid": (*Tensor).LogSigmoid, "selu": (*Tensor).SELU, "relu6": (*Tensor).ReLU6, "frac": (*Tensor).Frac,
		"hardsigmoid": (*Tensor).Hardsigmoid, "hardswish": (*Tensor).Hardswish, "softsign": (*Tensor).Softsign,
		"tanhshrink": (*Tensor).Tanhshrink, "sinc": (*Tensor).Sinc,
		"elu":        func(x *Tensor) *Tensor { return x.ELU(0.7) },
		"celu":       func(x *Tensor) *Tensor { return x.CELU(1.5) },
		"leaky":      func(x *Tensor) *Tensor { return x.LeakyReLU(0.1) },
		"softplus":   func(x *Tensor) *Tensor { return x.SoftplusBeta(2, 3) },
		"softshrink": func(x *Tensor) *Tensor { return x.Softshrink(0.5) },
		"hardshrink": func(x *Tensor) *Tensor { return x.Hardshrink(0.5) },
		"threshold":  func(x *Tensor) *Tensor { return x.Threshold(0.3, -1) },
		"huber":      func(x *Tensor) *Tensor { return x.Huber(0.8) },
		"smooth":     func(x *Tensor) *Tensor { return x.SmoothL1(1.3) },
		"glu":        func(x *Tensor) *Tensor { return x.GLU(1) },
		"rpow":       func(x *Tensor) *Tensor { return x.RPowScalar(2.5) },
		"rdiv":       func(x *Tensor) *Tensor { return x.RDivScalar(2.5) },
		"nan":        func(x *Tensor) *Tensor { return x.NanToNum() },
	} {
		cases = append(cases, Case{Name: name, F: func(in []*Tensor) *Tensor { return f(in[0]) }, In: [][]int{{3, 4}}, Lo: -2, Hi: 2})
	}
	for name, f := range map[string]func(x, y *Tensor) *Tensor{
		"prelu": (*Tensor).PReLU, "fmax": (*Tensor).FMax, "fmin": (*Tensor).FMin,
		"lerp":    func(x, y *Tensor) *Tensor { return x.Lerp(y, 0.7) },
		"addcdiv": func(x, y *Tensor) *Tensor { return x.AddCDiv(x, y, 0.7) },
	} {
		cases = append(cases, Case{Name: name, F: func(in []*Tensor) *Tensor { return f(in[0], in[1]) }, In: [][]int{{3, 4}, {1}}, Lo: -2, Hi: 2})
	}
	optest.Run(t, []Entry{{Op: Table()[0].Op, AnyShape: true, Cases: cases}})
}

func TestElementwiseMisuse(t *testing.T) {
	wantError(t, func() { Ones(2).BitwiseAnd(Ones(2)) }, "bitwiseAnd", "integers", "float32")
	wantError(t, func() { Of([]bool{true}).Gcd(Of([]bool{true})) }, "gcd", "bool")
	wantError(t, func() { Ones(3).GLU(0) }, "glu", "odd", "[3]")
	wantError(t, func() { Ones(3).GLU(1) }, "axis 1")
	wantError(t, func() { Ones(2, 3).PReLU(Ones(2)) }, "prelu", "[2 3]", "[2]")
	wantError(t, func() { Ones(2).Polygamma(-1) }, "polygamma", "negative")
	wantError(t, func() { Ones(2).NanToNum(1, 2, 3, 4) }, "nanToNum")
	wantError(t, func() { Complex(Ones(2), Ones(2)).Exp() }, "exp", "complex64")
	wantError(t, func() { Of([]bool{true}).Remainder(Of([]bool{true})) }, "remainder", "bool")
	if y := Of([]uint8{1, 9}).Clip(-5, 4); y.DType() != Uint8 || y.At(1) != 4 {
		t.Error(y)
	}
	if y := Of([]int{1, 9}).RightShift(Of([]int{70, -1})); y.At(0) != 0 || y.At(1) != 0 {
		t.Error(y)
	}
}

func TestElementwiseAllocations(t *testing.T) {
	if raceDetector {
		t.Skip("the race detector drops pooled values at random")
	}
	x := Ones(4)
	base := testing.AllocsPerRun(100, func() { x.Neg() })
	if n := testing.AllocsPerRun(100, func() { x.Exp(); x.Erf(); x.Remainder(x); x.Floor() }); n > 4*base {
		t.Errorf("%v allocations in four operations, %v in Neg", n, base)
	}
}
