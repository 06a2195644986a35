package tensor_test

import (
	"math"
	"testing"

	. "github.com/fathom-ml/fathom/tensor"
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
