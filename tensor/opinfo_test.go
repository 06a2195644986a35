package tensor_test

import (
	"slices"
	"testing"

	"github.com/fathom-ml/fathom/tensor"
	"github.com/fathom-ml/fathom/tensor/optest/oracle"
)

type (
	call  = oracle.Call
	tens  = []*tensor.Tensor
	unary = func(x *tensor.Tensor) *tensor.Tensor
	pair  = func(x, y *tensor.Tensor) *tensor.Tensor
)

func is(y ...*tensor.Tensor) tens { return y }

// truth is a bool as PyTorch returns it.
func truth(b bool) tens {
	y := tensor.ZerosOf(tensor.Bool)
	if b {
		y.Fill(1)
	}
	return is(y)
}

func call1(f unary) oracle.CallFunc { return func(c call) tens { return is(f(c.X())) } }

// call2 takes operands that are both tensors, or a number as the second.
func call2(f pair, scalar func(x *tensor.Tensor, v float64) *tensor.Tensor) oracle.CallFunc {
	return func(c call) tens {
		x, y := c.X(), c.T(1, "other")
		if a := c.Float(-1, "alpha", 1); a != 1 && y != nil {
			y = y.MulScalar(a)
		}
		if y == nil {
			return is(scalar(x, c.Float(1, "other", 0)))
		}
		return is(f(x, y))
	}
}

// flipped is f with its operands exchanged.
func flipped(f pair) pair {
	return func(x, y *tensor.Tensor) *tensor.Tensor { return f(y, x) }
}

// number is f of x and a number in x's dtype.
func number(f pair) func(x *tensor.Tensor, v float64) *tensor.Tensor {
	return func(x *tensor.Tensor, v float64) *tensor.Tensor {
		return f(x, tensor.Of([]float64{v}).Reshape().AsType(x.DType()))
	}
}

func callReduce(f, keep func(x *tensor.Tensor, axes ...int) *tensor.Tensor) oracle.CallFunc {
	return func(c call) tens {
		x, axes := c.X(), c.Ints(1, "dim")
		if c.Bool(2, "keepdim", false) {
			return is(keep(x, axes...))
		}
		return is(f(x, axes...))
	}
}

func callAxes(f func(x *tensor.Tensor, axes ...int) *tensor.Tensor) oracle.CallFunc {
	return func(c call) tens { return is(f(c.X(), c.Ints(1, "dim")...)) }
}

func callFloat(f func(x *tensor.Tensor, v float64) *tensor.Tensor, name string, def float64) oracle.CallFunc {
	return func(c call) tens { return is(f(c.X(), c.Float(1, name, def))) }
}

func callFloats(f func(x *tensor.Tensor, v, w float64) *tensor.Tensor, name string, def float64, name2 string, def2 float64) oracle.CallFunc {
	return func(c call) tens { return is(f(c.X(), c.Float(1, name, def), c.Float(2, name2, def2))) }
}

var calls = map[string]oracle.CallFunc{
	"abs":     call1((*tensor.Tensor).Abs),
	"acos":    call1((*tensor.Tensor).Acos),
	"acosh":   call1((*tensor.Tensor).Acosh),
	"add":     call2((*tensor.Tensor).Add, (*tensor.Tensor).AddScalar),
	"addcdiv": func(c call) tens { return is(c.X().AddCDiv(c.T(1, ""), c.T(2, ""), c.Float(-1, "value", 1))) },
	"addcmul": func(c call) tens { return is(c.X().AddCMul(c.T(1, ""), c.T(2, ""), c.Float(-1, "value", 1))) },
	"allclose": func(c call) tens {
		return truth(tensor.AllClose(c.X(), c.T(1, ""), c.Float(-1, "rtol", 1e-5), c.Float(-1, "atol", 1e-8)))
	},
	"amax":                callReduce((*tensor.Tensor).Max, (*tensor.Tensor).MaxKeep),
	"amin":                callReduce((*tensor.Tensor).Min, (*tensor.Tensor).MinKeep),
	"angle":               call1((*tensor.Tensor).Angle),
	"argmax":              callArg((*tensor.Tensor).ArgMax),
	"argmin":              callArg((*tensor.Tensor).ArgMin),
	"asin":                call1((*tensor.Tensor).Asin),
	"asinh":               call1((*tensor.Tensor).Asinh),
	"atan":                call1((*tensor.Tensor).Atan),
	"atan2":               call2((*tensor.Tensor).Atan2, number((*tensor.Tensor).Atan2)),
	"atanh":               call1((*tensor.Tensor).Atanh),
	"bitwise_and":         call2((*tensor.Tensor).BitwiseAnd, number((*tensor.Tensor).BitwiseAnd)),
	"bitwise_not":         call1((*tensor.Tensor).BitwiseNot),
	"bitwise_or":          call2((*tensor.Tensor).BitwiseOr, number((*tensor.Tensor).BitwiseOr)),
	"bitwise_xor":         call2((*tensor.Tensor).BitwiseXor, number((*tensor.Tensor).BitwiseXor)),
	"bitwise_left_shift":  call2((*tensor.Tensor).LeftShift, number((*tensor.Tensor).LeftShift)),
	"bitwise_right_shift": call2((*tensor.Tensor).RightShift, number((*tensor.Tensor).RightShift)),
	"bmm":                 call2((*tensor.Tensor).MatMul, nil),
	"broadcast_to":        func(c call) tens { return is(c.X().Expand(c.Ints(1, "shape")...)) },
	"cat":                 func(c call) tens { return is(tensor.Concat(c.Int(1, "dim", 0), c.Ts(0, "")...)) },
	"ceil":                call1((*tensor.Tensor).Ceil),
	"clamp":               func(c call) tens { return is(c.X().ClipTensor(c.T(1, "min"), c.T(2, "max"))) },
	"clamp_max":           call2(func(x, y *tensor.Tensor) *tensor.Tensor { return x.ClipTensor(nil, y) }, (*tensor.Tensor).MinimumScalar),
	"clamp_min":           call2(func(x, y *tensor.Tensor) *tensor.Tensor { return x.ClipTensor(y, nil) }, (*tensor.Tensor).MaximumScalar),
	"clone":               call1((*tensor.Tensor).Clone),
	"conj":                call1((*tensor.Tensor).Conj),
	"contiguous":          call1((*tensor.Tensor).Contiguous),
	"copysign":            call2((*tensor.Tensor).CopySign, number((*tensor.Tensor).CopySign)),
	"cos":                 call1((*tensor.Tensor).Cos),
	"cosh":                call1((*tensor.Tensor).Cosh),
	"cumsum":              func(c call) tens { return is(c.X().CumSum(c.Int(1, "dim", 0))) },
	"deg2rad":             call1((*tensor.Tensor).Deg2Rad),
	"digamma":             call1((*tensor.Tensor).Digamma),

	"div.no_rounding_mode": call2((*tensor.Tensor).Div, (*tensor.Tensor).DivScalar),
	"true_divide":          call2((*tensor.Tensor).Div, (*tensor.Tensor).DivScalar),
	"div.floor_rounding": func(c call) tens {
		if c.Str(-1, "rounding_mode") == "" {
			return call2((*tensor.Tensor).Div, (*tensor.Tensor).DivScalar)(c)
		}
		return call2((*tensor.Tensor).FloorDivide, (*tensor.Tensor).FloorDivideScalar)(c)
	},
	"floor_divide": call2((*tensor.Tensor).FloorDivide, (*tensor.Tensor).FloorDivideScalar),

	"dot":         call2((*tensor.Tensor).Dot, nil),
	"eq":          call2((*tensor.Tensor).Eq, (*tensor.Tensor).EqScalar),
	"equal":       func(c call) tens { return truth(tensor.Equal(c.X(), c.T(1, ""))) },
	"erf":         call1((*tensor.Tensor).Erf),
	"erfc":        call1((*tensor.Tensor).Erfc),
	"erfinv":      call1((*tensor.Tensor).ErfInv),
	"exp":         call1((*tensor.Tensor).Exp),
	"exp2":        call1((*tensor.Tensor).Exp2),
	"expand":      func(c call) tens { return is(c.X().Expand(lengths(c.X(), c.Ints(1, "size"))...)) },
	"expm1":       call1((*tensor.Tensor).Expm1),
	"flatten":     callFlatten,
	"floor":       call1((*tensor.Tensor).Floor),
	"fmax":        call2((*tensor.Tensor).FMax, number((*tensor.Tensor).FMax)),
	"fmin":        call2((*tensor.Tensor).FMin, number((*tensor.Tensor).FMin)),
	"fmod":        call2((*tensor.Tensor).Fmod, (*tensor.Tensor).FmodScalar),
	"frac":        call1((*tensor.Tensor).Frac),
	"gcd":         call2((*tensor.Tensor).Gcd, number((*tensor.Tensor).Gcd)),
	"ge":          call2((*tensor.Tensor).Ge, (*tensor.Tensor).GeScalar),
	"gt":          call2((*tensor.Tensor).Gt, (*tensor.Tensor).GtScalar),
	"heaviside":   call2((*tensor.Tensor).Heaviside, number((*tensor.Tensor).Heaviside)),
	"hypot":       call2((*tensor.Tensor).Hypot, number((*tensor.Tensor).Hypot)),
	"imag":        call1((*tensor.Tensor).Imag),
	"isfinite":    call1((*tensor.Tensor).IsFinite),
	"isinf":       call1((*tensor.Tensor).IsInf),
	"isnan":       call1((*tensor.Tensor).IsNaN),
	"lcm":         call2((*tensor.Tensor).Lcm, number((*tensor.Tensor).Lcm)),
	"le":          call2((*tensor.Tensor).Le, (*tensor.Tensor).LeScalar),
	"lerp":        func(c call) tens { return is(c.X().Lerp(c.T(1, ""), c.Float(2, "weight", 0))) },
	"lgamma":      call1((*tensor.Tensor).Lgamma),
	"log":         call1((*tensor.Tensor).Log),
	"log10":       call1((*tensor.Tensor).Log10),
	"log1p":       call1((*tensor.Tensor).Log1p),
	"log2":        call1((*tensor.Tensor).Log2),
	"logaddexp":   call2((*tensor.Tensor).LogAddExp, number((*tensor.Tensor).LogAddExp)),
	"logaddexp2":  call2((*tensor.Tensor).LogAddExp2, number((*tensor.Tensor).LogAddExp2)),
	"logical_and": call2((*tensor.Tensor).LogicalAnd, number((*tensor.Tensor).LogicalAnd)),
	"logical_not": call1((*tensor.Tensor).LogicalNot),
	"logical_or":  call2((*tensor.Tensor).LogicalOr, number((*tensor.Tensor).LogicalOr)),
	"logical_xor": call2((*tensor.Tensor).LogicalXor, number((*tensor.Tensor).LogicalXor)),
	"logit":       call1((*tensor.Tensor).Logit),
	"lt":          call2((*tensor.Tensor).Lt, (*tensor.Tensor).LtScalar),
	"matmul":      call2((*tensor.Tensor).MatMul, nil),
	"__rmatmul__": call2(flipped((*tensor.Tensor).MatMul), nil),
	"max.binary":  call2((*tensor.Tensor).Maximum, (*tensor.Tensor).MaximumScalar),
	"maximum":     call2((*tensor.Tensor).Maximum, (*tensor.Tensor).MaximumScalar),
	"min.binary":  call2((*tensor.Tensor).Minimum, (*tensor.Tensor).MinimumScalar),
	"minimum":     call2((*tensor.Tensor).Minimum, (*tensor.Tensor).MinimumScalar),
	"mean":        callReduce((*tensor.Tensor).Mean, (*tensor.Tensor).MeanKeep),
	"mm":          call2((*tensor.Tensor).MatMul, nil),
	"mul":         call2((*tensor.Tensor).Mul, (*tensor.Tensor).MulScalar),
	"mv":          call2((*tensor.Tensor).MatMul, nil),
	"nan_to_num":  call1(func(x *tensor.Tensor) *tensor.Tensor { return x.NanToNum() }),
	"narrow":      func(c call) tens { return is(c.X().Narrow(c.Int(1, "", 0), c.Int(2, "", 0), c.Int(3, "", 0))) },
	"ne":          call2((*tensor.Tensor).Ne, (*tensor.Tensor).NeScalar),
	"neg":         call1((*tensor.Tensor).Neg),
	"permute":     callPermute,
	"positive":    call1(func(x *tensor.Tensor) *tensor.Tensor { return x.MulScalar(1) }),
	"pow":         call2((*tensor.Tensor).Pow, (*tensor.Tensor).PowScalar),
	"rad2deg":     call1((*tensor.Tensor).Rad2Deg),
	"real":        call1((*tensor.Tensor).Real),
	"reciprocal":  call1((*tensor.Tensor).Reciprocal),
	"remainder":   call2((*tensor.Tensor).Remainder, (*tensor.Tensor).RemainderScalar),
	"reshape":     func(c call) tens { return is(c.X().Reshape(c.Ints(1, "shape")...)) },
	"view":        func(c call) tens { return is(c.X().Reshape(c.Ints(1, "shape")...)) },
	"round":       call1((*tensor.Tensor).Round),
	"rsqrt":       call1((*tensor.Tensor).Rsqrt),
	"rsub":        call2(flipped((*tensor.Tensor).Sub), (*tensor.Tensor).RSubScalar),
	"sigmoid":     call1((*tensor.Tensor).Sigmoid),
	"sign":        call1((*tensor.Tensor).Sign),
	"signbit":     call1((*tensor.Tensor).SignBit),
	"sin":         call1((*tensor.Tensor).Sin),
	"sinc":        call1((*tensor.Tensor).Sinc),
	"sinh":        call1((*tensor.Tensor).Sinh),
	"sqrt":        call1((*tensor.Tensor).Sqrt),
	"square":      call1((*tensor.Tensor).Square),
	"stack":       func(c call) tens { return is(tensor.Stack(c.Int(1, "dim", 0), c.Ts(0, "")...)) },
	"sub":         call2((*tensor.Tensor).Sub, (*tensor.Tensor).SubScalar),
	"sum":         callReduce((*tensor.Tensor).Sum, (*tensor.Tensor).SumKeep),
	"t":           call1((*tensor.Tensor).T),
	"tan":         call1((*tensor.Tensor).Tan),
	"tanh":        call1((*tensor.Tensor).Tanh),
	"transpose":   func(c call) tens { return is(c.X().SwapAxes(c.Int(1, "", 0), c.Int(2, "", 0))) },
	"trunc":       call1((*tensor.Tensor).Trunc),
	"unsqueeze":   func(c call) tens { return is(c.X().Unsqueeze(c.Int(1, "dim", 0))) },
	"where":       func(c call) tens { return is(tensor.Where(c.T(1, ""), c.X(), c.T(2, ""))) },
	"xlogy":       call2((*tensor.Tensor).Xlogy, number((*tensor.Tensor).Xlogy)),

	"max.reduction_no_dim": call1(func(x *tensor.Tensor) *tensor.Tensor { return x.Max() }),
	"min.reduction_no_dim": call1(func(x *tensor.Tensor) *tensor.Tensor { return x.Min() }),

	"prod":    callAxes((*tensor.Tensor).Prod),
	"squeeze": callAxes((*tensor.Tensor).Squeeze),
	"select":  func(c call) tens { return is(selected(c.X(), c.Int(1, "dim", 0), c.Int(2, "index", 0))) },

	"polygamma.polygamma_n_1": callPolygamma,
	"polygamma.polygamma_n_3": callPolygamma,
	"round.decimals_3":        func(c call) tens { return is(c.X().RoundTo(c.Int(1, "decimals", 0))) },
	"round.decimals_neg_3":    func(c call) tens { return is(c.X().RoundTo(c.Int(1, "decimals", 0))) },

	"__radd__": call2(flipped((*tensor.Tensor).Add), (*tensor.Tensor).AddScalar),
	"__rmul__": call2(flipped((*tensor.Tensor).Mul), (*tensor.Tensor).MulScalar),
	"__rsub__": call2(flipped((*tensor.Tensor).Sub), (*tensor.Tensor).RSubScalar),
	"__rdiv__": call2(flipped((*tensor.Tensor).Div), (*tensor.Tensor).RDivScalar),
	"__rmod__": call2(flipped((*tensor.Tensor).Remainder), number(flipped((*tensor.Tensor).Remainder))),
	"__rpow__": call2(flipped((*tensor.Tensor).Pow), (*tensor.Tensor).RPowScalar),

	"nn.functional.celu":        callFloat((*tensor.Tensor).CELU, "alpha", 1),
	"nn.functional.elu":         callFloat((*tensor.Tensor).ELU, "alpha", 1),
	"nn.functional.glu":         func(c call) tens { return is(c.X().GLU(c.Int(1, "dim", -1))) },
	"nn.functional.hardshrink":  callFloat((*tensor.Tensor).Hardshrink, "lambd", 0.5),
	"nn.functional.hardsigmoid": call1((*tensor.Tensor).Hardsigmoid),
	"nn.functional.hardswish":   call1((*tensor.Tensor).Hardswish),
	"nn.functional.hardtanh":    callFloats((*tensor.Tensor).Hardtanh, "min_val", -1, "max_val", 1),
	"nn.functional.leaky_relu":  callFloat((*tensor.Tensor).LeakyReLU, "negative_slope", 0.01),
	"nn.functional.logsigmoid":  call1((*tensor.Tensor).LogSigmoid),
	"nn.functional.mish":        call1((*tensor.Tensor).Mish),
	"nn.functional.prelu":       func(c call) tens { return is(c.X().PReLU(c.T(1, "weight"))) },
	"nn.functional.relu":        call1((*tensor.Tensor).ReLU),
	"nn.functional.relu6":       call1((*tensor.Tensor).ReLU6),
	"nn.functional.selu":        call1((*tensor.Tensor).SELU),
	"nn.functional.silu":        call1((*tensor.Tensor).SiLU),
	"nn.functional.softplus":    callFloats((*tensor.Tensor).SoftplusBeta, "beta", 1, "threshold", 20),
	"nn.functional.softshrink":  callFloat((*tensor.Tensor).Softshrink, "lambd", 0.5),
	"nn.functional.softsign":    call1((*tensor.Tensor).Softsign),
	"nn.functional.tanhshrink":  call1((*tensor.Tensor).Tanhshrink),
	"nn.functional.threshold":   callFloats((*tensor.Tensor).Threshold, "threshold", 0, "value", 0),
	"nn.functional.embedding":   func(c call) tens { return is(c.X().Take(c.T(1, ""))) },
	"nn.functional.gelu": func(c call) tens {
		if c.Str(-1, "approximate") == "tanh" {
			return is(c.X().GELUTanh())
		}
		return is(c.X().GELU())
	},
}

func callArg(f func(x *tensor.Tensor, axis ...int) *tensor.Tensor) oracle.CallFunc {
	return func(c call) tens {
		y := f(c.X(), c.Ints(1, "dim")...)
		if c.Bool(2, "keepdim", false) {
			y = y.Unsqueeze(c.Int(1, "dim", 0))
		}
		return is(y)
	}
}

func callFlatten(c call) tens {
	x := c.X()
	from, to := c.Int(1, "start_dim", 0), c.Int(2, "end_dim", -1)
	if x.NDim() == 0 {
		return is(x.Flatten())
	}
	if to < 0 {
		to += x.NDim()
	}
	if from < 0 {
		from += x.NDim()
	}
	n := 1
	for _, d := range x.Shape()[from : to+1] {
		n *= d
	}
	return is(x.Reshape(slices.Concat(x.Shape()[:from], []int{n}, x.Shape()[to+1:])...))
}

func callPermute(c call) tens {
	if axes := c.Ints(1, "dims"); len(axes) > 0 {
		return is(c.X().Transpose(axes...))
	}
	return is(c.X())
}

func callPolygamma(c call) tens { return is(c.X().Polygamma(c.Int(1, "n", 0))) }

// lengths is shape with x's lengths in the place of -1.
func lengths(x *tensor.Tensor, shape []int) []int {
	for i, d := range shape {
		if d == -1 {
			shape[i] = x.Dim(i - len(shape))
		}
	}
	return shape
}

// selected is entry i along an axis.
func selected(x *tensor.Tensor, axis, i int) *tensor.Tensor {
	if axis < 0 {
		axis += x.NDim()
	}
	rs := slices.Repeat([]tensor.Range{tensor.All}, axis)
	return x.Slice(append(rs, tensor.I(i))...)
}

// TestOpInfo holds the operations against PyTorch's samples of its own.
func TestOpInfo(t *testing.T) { oracle.RunCalls(t, "testdata/opinfo.json.gz", calls) }
