package tensor

// centred is x less its mean over axes. The rounding of a large mean is taken off in a second step.
func (x *Tensor) centred(axes axisSet) *Tensor {
	r := reduction{axes, true}
	mean := func(x *Tensor) *Tensor { return Do(sum{r}, x).DivScalar(float64(r.count(x))) }
	d := x.Sub(mean(x.Detach()))
	return d.Sub(mean(d))
}

func (x *Tensor) variance(op string, correction int, axes []int, keep bool) *Tensor {
	r := reduction{axisSetOf(x.axes(op, axes)), keep}
	return x.floating(op, func(x *Tensor) *Tensor {
		v := Do(sum{r}, x.centred(r.Axes).Square()).DivScalar(float64(max(r.count(x)-correction, 0)))
		if op == "std" {
			return v.tame((*Tensor).Sqrt)
		}
		return v
	})
}

// Var is the variance over the given axes, or over all; the axes vanish: Σ(x-mean)²/(n-correction). Correction 1 is
// PyTorch's, for samples; 0 is NumPy's, for whole populations. It is NaN or Inf if n does not exceed it.
// The deviations are summed in a second pass, so that large means do no harm. It panics unless x holds floats.
func (x *Tensor) Var(correction int, axes ...int) *Tensor {
	return x.variance("var", correction, axes, false)
}

// VarKeep is Var with the axes kept at length 1.
func (x *Tensor) VarKeep(correction int, axes ...int) *Tensor {
	return x.variance("var", correction, axes, true)
}

// Std is the standard deviation, the square root of Var; its gradient is 0 where it is 0.
func (x *Tensor) Std(correction int, axes ...int) *Tensor {
	return x.variance("std", correction, axes, false)
}

// StdKeep is Std with the axes kept at length 1.
func (x *Tensor) StdKeep(correction int, axes ...int) *Tensor {
	return x.variance("std", correction, axes, true)
}

// noNaN is x with 0 for NaN.
func (x *Tensor) noNaN() *Tensor { return Where(x.IsNaN(), x.like(0), x) }

// NanSum is Sum without the elements that are NaN.
func (x *Tensor) NanSum(axes ...int) *Tensor { return x.noNaN().Sum(axes...) }

// NanSumKeep is NanSum with the axes kept at length 1.
func (x *Tensor) NanSumKeep(axes ...int) *Tensor { return x.noNaN().SumKeep(axes...) }

func (x *Tensor) nanMean(axes []int, keep bool) *Tensor {
	r := reduction{axisSetOf(x.axes("nanMean", axes)), keep}
	return x.floating("nanMean", func(x *Tensor) *Tensor {
		return Do(sum{r}, x.noNaN()).Div(Do(sum{r}, x.Eq(x).AsType(x.dt)))
	})
}

// NanMean is Mean without the elements that are NaN; NaN where all are.
func (x *Tensor) NanMean(axes ...int) *Tensor { return x.nanMean(axes, false) }

// NanMeanKeep is NanMean with the axes kept at length 1.
func (x *Tensor) NanMeanKeep(axes ...int) *Tensor { return x.nanMean(axes, true) }

// Average is the weighted mean Σwx/Σw over the given axes, or over all; the axes vanish. The weights broadcast against x; a vector
// with one axis given lies along that axis, as in NumPy. Weights that add up to 0 give NaN or Inf. It panics unless x holds floats.
func (x *Tensor) Average(weights *Tensor, axes ...int) *Tensor {
	if len(weights.shape) == 1 && len(axes) == 1 {
		for range len(x.shape) - 1 - x.axis("average", axes[0]) {
			weights = weights.Unsqueeze(-1)
		}
	}
	return x.floating("average", func(x *Tensor) *Tensor {
		w := weights.AsType(x.dt)
		return x.Mul(w).Sum(axes...).Div(w.Expand(x.shape...).Sum(axes...))
	})
}

// Cov is the covariance matrix of variables, one a row, with one observation a column: Σ(xᵢ-mean)(xⱼ-mean)/(n-correction).
// Correction 1 is PyTorch's and NumPy's. Shapes: [v, n] -> [v, v]; that of one variable, also a vector, is 0-d. It panics
// unless x holds floats.
func (x *Tensor) Cov(correction int) *Tensor { return x.cov("cov", correction) }

func (x *Tensor) cov(op string, correction int) *Tensor {
	if len(x.shape) < 1 || len(x.shape) > 2 {
		Misuse(op, "wants a matrix, one variable a row", "", x)
	}
	return x.floating(op, func(x *Tensor) *Tensor {
		if x = x.Reshape(numel(x.shape[:len(x.shape)-1]), x.shape[len(x.shape)-1]); x.shape[0] == 1 {
			return x.variance(op, correction, nil, false)
		}
		d := x.centred(1 << 1)
		return d.MatMul(d.T()).DivScalar(float64(max(x.shape[1]-correction, 0)))
	})
}

// CorrCoef is the matrix of Pearson's correlation coefficients of variables, one a row: covariances over the products of the standard
// deviations, clipped to [-1, 1]. Shapes: [v, n] -> [v, v]; that of one variable is 0-d. It panics unless x holds floats.
func (x *Tensor) CorrCoef() *Tensor {
	return x.floating("corrCoef", func(x *Tensor) *Tensor {
		c := x.cov("corrCoef", 1)
		if len(c.shape) == 0 {
			return c.Div(c)
		}
		s := Where(Eye(c.shape[0]).AsType(Bool), c, c.like(0)).Sum(1).Sqrt()
		return c.Div(s.Unsqueeze(1)).Div(s).Clip(-1, 1)
	})
}
