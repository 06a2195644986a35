package tensor_test

import (
	"strconv"
	"testing"

	"github.com/fathom-ml/fathom/tensor"
	"github.com/fathom-ml/fathom/tensor/optest/oracle"
)

type folding = func(x *tensor.Tensor, axes ...int) *tensor.Tensor

// single is a function of one result, which may need the attributes of the case.
func single(f oracle.Func) oracle.Funcs {
	return func(c oracleCase, in operands) operands { return operands{f(c, in)} }
}

func folds(f, keep folding) oracle.Funcs { return single(reduced(f, keep)) }

// foldsBy is folds of functions that take a number first.
func foldsBy[N any](number func(c oracleCase) N, f, keep func(x *tensor.Tensor, n N, axes ...int) *tensor.Tensor) oracle.Funcs {
	return single(func(c oracleCase, in operands) *tensor.Tensor {
		if c.Keep {
			return keep(in[0], number(c), c.Axes...)
		}
		return f(in[0], number(c), c.Axes...)
	})
}

// unkept stands for a twin that does not exist.
func unkept(f folding) folding {
	return func(x *tensor.Tensor, axes ...int) *tensor.Tensor {
		y, shape := f(x, axes...), x.Shape()
		for i := range shape {
			if len(axes) == 0 {
				shape[i] = 1
			}
		}
		for _, a := range axes {
			shape[(a+len(shape))%len(shape)] = 1
		}
		return y.Reshape(shape...)
	}
}

func indexed(f func(x *tensor.Tensor, axis int) (values, idx *tensor.Tensor)) oracle.Funcs {
	return func(c oracleCase, in operands) operands {
		values, idx := f(in[0], c.Axes[0])
		return operands{values, idx}
	}
}

func gradient(y, x *tensor.Tensor) *tensor.Tensor {
	return tensor.GradOf(y, operands{x}, tensor.Create)[0]
}

func correction(c oracleCase) int { return c.Ints[0] }

func normOrder(c oracleCase) float64 {
	p, err := strconv.ParseFloat(c.Name, 64)
	if err != nil {
		panic(err)
	}
	return p
}

// TestReduceOracle holds reductions and running folds against PyTorch.
func TestReduceOracle(t *testing.T) {
	oracle.RunAll(t, "testdata/reduce.json.gz", map[string]oracle.Funcs{
		"prod": folds((*tensor.Tensor).Prod, (*tensor.Tensor).ProdKeep),
		"prod_second": single(func(c oracleCase, in operands) *tensor.Tensor {
			p := in[0].Prod(c.Axes...)
			return gradient(p.Square().Add(p).Sum(), in[0])
		}),
		"cumprod": single(axis((*tensor.Tensor).CumProd)),
		"cumprod_second": single(func(c oracleCase, in operands) *tensor.Tensor {
			w := tensor.Arange(1, 13).Reshape(2, 2, 3).AsType(in[0].DType())
			return gradient(in[0].CumProd(c.Axes[0]).Mul(w).Sum(), in[0])
		}),
		"cumsum_reverse": single(axis((*tensor.Tensor).CumSumReverse)),
		"logcumsumexp":   single(axis((*tensor.Tensor).LogCumSumExp)),
		"cummax":         indexed((*tensor.Tensor).CumMax),
		"cummin":         indexed((*tensor.Tensor).CumMin),
		"max_with_index": indexed((*tensor.Tensor).MaxWithIndex),
		"min_with_index": indexed((*tensor.Tensor).MinWithIndex),
		"argmax_keep":    single(axes((*tensor.Tensor).ArgMaxKeep)),
		"argmin_keep":    single(axes((*tensor.Tensor).ArgMinKeep)),

		"var":           foldsBy(correction, (*tensor.Tensor).Var, (*tensor.Tensor).VarKeep),
		"std":           foldsBy(correction, (*tensor.Tensor).Std, (*tensor.Tensor).StdKeep),
		"logsumexp":     folds((*tensor.Tensor).LogSumExp, (*tensor.Tensor).LogSumExpKeep),
		"norm_p":        foldsBy(normOrder, (*tensor.Tensor).NormP, (*tensor.Tensor).NormPKeep),
		"all_over":      folds((*tensor.Tensor).AllOver, (*tensor.Tensor).AllOverKeep),
		"any_over":      folds((*tensor.Tensor).AnyOver, (*tensor.Tensor).AnyOverKeep),
		"count_nonzero": folds((*tensor.Tensor).CountNonZero, unkept((*tensor.Tensor).CountNonZero)),
		"nansum":        folds((*tensor.Tensor).NanSum, (*tensor.Tensor).NanSumKeep),
		"nanmean":       folds((*tensor.Tensor).NanMean, (*tensor.Tensor).NanMeanKeep),

		"median": folds((*tensor.Tensor).Median, (*tensor.Tensor).MedianKeep),
		"quantile": foldsBy(func(c oracleCase) float64 { return c.Floats[0] },
			(*tensor.Tensor).Quantile, (*tensor.Tensor).QuantileKeep),
		"quantiles": single(func(c oracleCase, in operands) *tensor.Tensor {
			return in[0].Quantiles(c.Floats, tensor.Interpolation(c.Name), c.Axes...)
		}),
		"average": single(func(c oracleCase, in operands) *tensor.Tensor { return in[0].Average(in[1], c.Axes...) }),
		"cov":     single(func(c oracleCase, in operands) *tensor.Tensor { return in[0].Cov(c.Ints[0]) }),
		"corrcoef": single(func(c oracleCase, in operands) *tensor.Tensor {
			return in[0].CorrCoef()
		}),
	})
}
