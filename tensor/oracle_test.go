package tensor_test

import (
	"testing"

	"github.com/fathom-ml/fathom/tensor"
	"github.com/fathom-ml/fathom/tensor/optest/oracle"
)

type (
	oracleCase = oracle.Case
	operands   = []*tensor.Tensor
)

func one(f func(x *tensor.Tensor) *tensor.Tensor) oracle.Func {
	return func(c oracleCase, in operands) *tensor.Tensor { return f(in[0]) }
}

func two(f func(x, y *tensor.Tensor) *tensor.Tensor) oracle.Func {
	return func(c oracleCase, in operands) *tensor.Tensor { return f(in[0], in[1]) }
}

func scalar(f func(x *tensor.Tensor, v float64) *tensor.Tensor) oracle.Func {
	return func(c oracleCase, in operands) *tensor.Tensor { return f(in[0], c.Floats[0]) }
}

func axis(f func(x *tensor.Tensor, axis int) *tensor.Tensor) oracle.Func {
	return func(c oracleCase, in operands) *tensor.Tensor { return f(in[0], c.Axes[0]) }
}

func axes(f func(x *tensor.Tensor, axes ...int) *tensor.Tensor) oracle.Func {
	return func(c oracleCase, in operands) *tensor.Tensor { return f(in[0], c.Axes...) }
}

func reduced(f, keep func(x *tensor.Tensor, axes ...int) *tensor.Tensor) oracle.Func {
	return func(c oracleCase, in operands) *tensor.Tensor {
		if c.Keep {
			return keep(in[0], c.Axes...)
		}
		return f(in[0], c.Axes...)
	}
}

var oracleFuncs = map[string]oracle.Func{
	"add":     two((*tensor.Tensor).Add),
	"sub":     two((*tensor.Tensor).Sub),
	"mul":     two((*tensor.Tensor).Mul),
	"div":     two((*tensor.Tensor).Div),
	"pow":     two((*tensor.Tensor).Pow),
	"maximum": two((*tensor.Tensor).Maximum),
	"minimum": two((*tensor.Tensor).Minimum),
	"eq":      two((*tensor.Tensor).Eq),
	"ne":      two((*tensor.Tensor).Ne),
	"lt":      two((*tensor.Tensor).Lt),
	"le":      two((*tensor.Tensor).Le),
	"gt":      two((*tensor.Tensor).Gt),
	"ge":      two((*tensor.Tensor).Ge),

	"add_scalar":     scalar((*tensor.Tensor).AddScalar),
	"sub_scalar":     scalar((*tensor.Tensor).SubScalar),
	"mul_scalar":     scalar((*tensor.Tensor).MulScalar),
	"div_scalar":     scalar((*tensor.Tensor).DivScalar),
	"pow_scalar":     scalar((*tensor.Tensor).PowScalar),
	"maximum_scalar": scalar((*tensor.Tensor).MaximumScalar),
	"minimum_scalar": scalar((*tensor.Tensor).MinimumScalar),
	"eq_scalar":      scalar((*tensor.Tensor).EqScalar),
	"ne_scalar":      scalar((*tensor.Tensor).NeScalar),
	"lt_scalar":      scalar((*tensor.Tensor).LtScalar),
	"le_scalar":      scalar((*tensor.Tensor).LeScalar),
	"gt_scalar":      scalar((*tensor.Tensor).GtScalar),
	"ge_scalar":      scalar((*tensor.Tensor).GeScalar),

	"neg":     one((*tensor.Tensor).Neg),
	"abs":     one((*tensor.Tensor).Abs),
	"sign":    one((*tensor.Tensor).Sign),
	"exp":     one((*tensor.Tensor).Exp),
	"log":     one((*tensor.Tensor).Log),
	"sqrt":    one((*tensor.Tensor).Sqrt),
	"square":  one((*tensor.Tensor).Square),
	"sin":     one((*tensor.Tensor).Sin),
	"cos":     one((*tensor.Tensor).Cos),
	"tanh":    one((*tensor.Tensor).Tanh),
	"sigmoid": one((*tensor.Tensor).Sigmoid),
	"relu":    one((*tensor.Tensor).ReLU),

	"sum":    reduced((*tensor.Tensor).Sum, (*tensor.Tensor).SumKeep),
	"mean":   reduced((*tensor.Tensor).Mean, (*tensor.Tensor).MeanKeep),
	"max":    reduced((*tensor.Tensor).Max, (*tensor.Tensor).MaxKeep),
	"min":    reduced((*tensor.Tensor).Min, (*tensor.Tensor).MinKeep),
	"prod":   axes((*tensor.Tensor).Prod),
	"argmax": axes((*tensor.Tensor).ArgMax),
	"argmin": axes((*tensor.Tensor).ArgMin),
	"cumsum": axis((*tensor.Tensor).CumSum),
	"norm":   one((*tensor.Tensor).Norm),

	"dot":    two((*tensor.Tensor).Dot),
	"matmul": two((*tensor.Tensor).MatMul),

	"where":  func(c oracleCase, in operands) *tensor.Tensor { return tensor.Where(in[0], in[1], in[2]) },
	"concat": func(c oracleCase, in operands) *tensor.Tensor { return tensor.Concat(c.Axes[0], in...) },
	"stack":  func(c oracleCase, in operands) *tensor.Tensor { return tensor.Stack(c.Axes[0], in...) },
	"take":   two((*tensor.Tensor).Take),
	"pick":   two((*tensor.Tensor).Pick),

	"reshape":      axes((*tensor.Tensor).Reshape),
	"transpose":    axes((*tensor.Tensor).Transpose),
	"swapaxes":     func(c oracleCase, in operands) *tensor.Tensor { return in[0].SwapAxes(c.Axes[0], c.Axes[1]) },
	"unsqueeze":    axis((*tensor.Tensor).Unsqueeze),
	"squeeze":      axes((*tensor.Tensor).Squeeze),
	"expand":       axes((*tensor.Tensor).Expand),
	"flatten":      one((*tensor.Tensor).Flatten),
	"flatten_from": axis((*tensor.Tensor).FlattenFrom),
	"index":        axis((*tensor.Tensor).Index),
	"narrow": func(c oracleCase, in operands) *tensor.Tensor {
		return in[0].Narrow(c.Axes[0], c.Axes[1], c.Axes[2])
	},
	"slice": func(c oracleCase, in operands) *tensor.Tensor { return in[0].Slice(c.Slices()...) },
	"set_slice": func(c oracleCase, in operands) *tensor.Tensor {
		y := in[0].Clone()
		y.SetSlice(in[1], c.Slices()...)
		return y
	},
	"astype": func(c oracleCase, in operands) *tensor.Tensor {
		for dt := tensor.Float32; dt <= tensor.Complex128; dt++ {
			if dt.String() == c.Name {
				return in[0].AsType(dt)
			}
		}
		panic("no such dtype: " + c.Name)
	},
}

// TestOracle holds the operations against PyTorch and NumPy.
func TestOracle(t *testing.T) { oracle.Run(t, "testdata/ops.json.gz", oracleFuncs) }
