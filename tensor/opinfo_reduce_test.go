package tensor_test

import (
	"maps"

	"github.com/fathom-ml/fathom/tensor"
	"github.com/fathom-ml/fathom/tensor/optest/oracle"
)

func init() { maps.Copy(calls, reduceCalls) }

type over = func(x *tensor.Tensor, axes ...int) *tensor.Tensor

var reduceCalls = map[string]oracle.CallFunc{
	"all":           callReduce((*tensor.Tensor).AllOver, (*tensor.Tensor).AllOverKeep),
	"any":           callReduce((*tensor.Tensor).AnyOver, (*tensor.Tensor).AnyOverKeep),
	"count_nonzero": callAxes((*tensor.Tensor).CountNonZero),
	"logsumexp":     callReduce((*tensor.Tensor).LogSumExp, (*tensor.Tensor).LogSumExpKeep),
	"median":        callReduce((*tensor.Tensor).Median, (*tensor.Tensor).MedianKeep),
	"nansum":        callReduce((*tensor.Tensor).NanSum, (*tensor.Tensor).NanSumKeep),
	"nanmean":       callReduce((*tensor.Tensor).NanMean, (*tensor.Tensor).NanMeanKeep),
	"cumprod":       func(c call) tens { return is(c.X().CumProd(c.Int(1, "dim", 0))) },
	"cummax":        func(c call) tens { v, i := c.X().CumMax(c.Int(1, "dim", 0)); return is(v, i) },
	"cummin":        func(c call) tens { v, i := c.X().CumMin(c.Int(1, "dim", 0)); return is(v, i) },
	"logcumsumexp":  func(c call) tens { return is(c.X().LogCumSumExp(c.Int(1, "dim", 0))) },
	"cov":           func(c call) tens { return is(c.X().Cov(c.Int(-1, "correction", 1))) },
	"corrcoef":      call1((*tensor.Tensor).CorrCoef),
	"norm":          callNorm,
	"norm.inf":      callNorm,
	"norm.fro":      call1((*tensor.Tensor).Norm),
	"dist":          func(c call) tens { return is(c.X().Sub(c.T(1, "")).NormP(c.Float(2, "p", 2))) },
	"quantile":      callQuantile,
	"std":           callMoments((*tensor.Tensor).Std, (*tensor.Tensor).StdKeep, nil, nil),
	"var":           callMoments((*tensor.Tensor).Var, (*tensor.Tensor).VarKeep, nil, nil),
	"std_mean":      callMoments((*tensor.Tensor).Std, (*tensor.Tensor).StdKeep, (*tensor.Tensor).Mean, (*tensor.Tensor).MeanKeep),
	"var_mean":      callMoments((*tensor.Tensor).Var, (*tensor.Tensor).VarKeep, (*tensor.Tensor).Mean, (*tensor.Tensor).MeanKeep),

	"max.reduction_with_dim": callBest((*tensor.Tensor).MaxWithIndex),
	"min.reduction_with_dim": callBest((*tensor.Tensor).MinWithIndex),
	"aminmax": func(c call) tens {
		if c.Bool(-1, "keepdim", false) {
			return is(c.X().MinKeep(c.Ints(-1, "dim")...), c.X().MaxKeep(c.Ints(-1, "dim")...))
		}
		return is(c.X().Min(c.Ints(-1, "dim")...), c.X().Max(c.Ints(-1, "dim")...))
	},
}

func callNorm(c call) tens {
	if c.Bool(3, "keepdim", false) {
		return is(c.X().NormPKeep(c.Float(1, "p", 2), c.Ints(2, "dim")...))
	}
	return is(c.X().NormP(c.Float(1, "p", 2), c.Ints(2, "dim")...))
}

func callQuantile(c call) tens {
	how := tensor.InterpLinear
	if s := c.Str(-1, "interpolation"); s != "" {
		how = tensor.Interpolation(s)
	}
	axes := c.Ints(2, "dim")
	y := c.X().Quantiles([]float64{c.Float(1, "q", 0)}, how, axes...).Squeeze(0)
	if c.Bool(3, "keepdim", false) {
		y = y.Unsqueeze(axes[0])
	}
	return is(y)
}

// callMoments is a variance or deviation, whose correction has several forms, and perhaps the mean.
func callMoments(f, keep func(x *tensor.Tensor, correction int, axes ...int) *tensor.Tensor, mean, meanKeep over) oracle.CallFunc {
	return func(c call) tens {
		correction, axes, kept := c.Int(-1, "correction", 1), c.Ints(-1, "dim"), c.Bool(-1, "keepdim", false)
		if len(c.Args) > 1 {
			if _, alone := c.Args[1].(bool); !alone {
				axes, kept = c.Ints(1, "dim"), c.Bool(3, "keepdim", false)
				correction = c.Int(2, "unbiased", 1)
			} else {
				correction = c.Int(1, "unbiased", 1)
			}
		} else if _, ok := c.KW["unbiased"]; ok {
			correction = c.Int(-1, "unbiased", 1)
		}
		moment, centre := f, mean
		if kept {
			moment, centre = keep, meanKeep
		}
		ys := is(moment(c.X(), correction, axes...))
		if centre != nil {
			ys = append(ys, centre(c.X(), axes...))
		}
		return ys
	}
}

func callBest(f func(x *tensor.Tensor, axis int) (values, idx *tensor.Tensor)) oracle.CallFunc {
	return func(c call) tens {
		axis := c.Int(1, "dim", 0)
		v, i := f(c.X(), axis)
		if c.Bool(2, "keepdim", false) {
			v, i = v.Unsqueeze(axis), i.Unsqueeze(axis)
		}
		return is(v, i)
	}
}
