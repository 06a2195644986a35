package tensor

import (
	"math"

	"github.com/fathom-ml/fathom/internal/kernel"
)

// floating is f of x, which must hold floats; halves pass through float32, so that no step leaves their range.
func (x *Tensor) floating(op string, f func(x *Tensor) *Tensor) *Tensor {
	if !x.dt.IsFloat() {
		Misuse(op, "wants floats, got "+x.dt.String(), "use AsType(tensor.Float32)", x)
	}
	return x.inFloats(f)
}

func (x *Tensor) norm(op string, p float64, axes []int, keep bool) *Tensor {
	r := reduction{axisSetOf(x.axes(op, axes)), keep}
	if math.IsNaN(p) {
		Misuse(op, "the order is NaN", "", x)
	}
	return x.floating(op, func(x *Tensor) *Tensor {
		switch {
		case math.IsInf(p, 0):
			e := extremum{r, kernel.ReduceMax}
			if p < 0 {
				e.Op = kernel.ReduceMin
			}
			return Do(e, x.Abs())
		case p == 0:
			return Do(sum{r}, x.Detach().NeScalar(0).AsType(x.dt))
		case p == 1:
			return Do(sum{r}, x.Abs())
		case p == 2:
			return Do(sum{r}, x.Square()).tame((*Tensor).Sqrt)
		}
		// a power of 0 has no finite derivative if p < 1
		none := x.Detach().EqScalar(0)
		powers := Where(none, x.like(1), x.Abs()).PowScalar(p)
		return Do(sum{r}, Where(none, x.like(math.Pow(0, p)), powers)).tame(func(x *Tensor) *Tensor { return x.PowScalar(1 / p) })
	})
}

// Norm is the square root of the sum of squares of all elements: the L2 norm of a vector, the Frobenius norm of a
// matrix (2.3). Its gradient at zero is zero. It panics unless x holds floats.
func (x *Tensor) Norm() *Tensor { return x.norm("norm", 2, nil, false) }

// NormP is the norm of order p over the given axes, or over all; the axes vanish (2.3):
//
//	p            norm
//	2            √Σx²
//	p            (Σ|x|ᵖ)^(1/p)
//	+Inf, -Inf   max |x|, min |x|
//	0            the number of elements that are not 0
//
// Its gradient at zero is zero; that of order 0 is not recorded. It panics unless x holds floats.
func (x *Tensor) NormP(p float64, axes ...int) *Tensor { return x.norm("normP", p, axes, false) }

// NormPKeep is NormP with the axes kept at length 1.
func (x *Tensor) NormPKeep(p float64, axes ...int) *Tensor { return x.norm("normP", p, axes, true) }

func (x *Tensor) logSumExp(axes []int, keep bool) *Tensor {
	r := reduction{axisSetOf(x.axes("logSumExp", axes)), true}
	return x.floating("logSumExp", func(x *Tensor) *Tensor {
		m := x.like(0)
		if x.Size() > 0 {
			m = Do(extremum{r, kernel.ReduceMax}, x.Detach()).finite()
		}
		y := Do(sum{r}, x.Sub(m).Exp()).tame((*Tensor).Log).Add(m)
		if !keep {
			y = y.Squeeze(x.axes("logSumExp", axes)...)
		}
		return y
	})
}

// LogSumExp is ln Σeˣ over the given axes, or over all, without overflow; the axes vanish (4.5). It is -Inf where all elements are, or
// where there are none, with gradient 0. It panics unless x holds floats.
func (x *Tensor) LogSumExp(axes ...int) *Tensor { return x.logSumExp(axes, false) }

// LogSumExpKeep is LogSumExp with the axes kept at length 1.
func (x *Tensor) LogSumExpKeep(axes ...int) *Tensor { return x.logSumExp(axes, true) }
