package tensor

import "math"

// ranked sorts every fold. It returns the number of its elements and the one of rank i, counted from 0, or NaN where there is one.
func (x *Tensor) ranked(op string, axes []int, keep bool) (n int, at func(i int) *Tensor) {
	r := reduction{axisSetOf(x.axes(op, axes)), !keep}
	rows := r.rows(x)
	last := len(rows.shape) - 1
	if n = rows.shape[last]; n == 0 {
		Misuse(op, "no elements to choose from", "the axis has length 0", x)
	}
	order := rows.Detach().ArgSort(-1, Ascending)
	end := order.Narrow(last, n-1, 1) // NaN comes last
	bad := rows.Detach().Gather(last, end).IsNaN()
	return n, func(i int) *Tensor {
		idx := Where(bad, end, order.Narrow(last, i, 1))
		return r.keep(rows.Gather(last, idx).Squeeze(last), x.shape)
	}
}

// Median is the middle element in order over the given axes, or over all; the axes vanish. Of an even number it is the lower
// of the two in the middle, as in PyTorch; NumPy's mean of the two is Quantile(0.5). NaN if any is NaN. The gradient goes to
// the element. It panics if there are no elements.
func (x *Tensor) Median(axes ...int) *Tensor {
	n, at := x.ranked("median", axes, false)
	return at((n - 1) / 2)
}

// MedianKeep is Median with the axes kept at length 1.
func (x *Tensor) MedianKeep(axes ...int) *Tensor {
	n, at := x.ranked("median", axes, true)
	return at((n - 1) / 2)
}

// Interpolation says what a quantile between two elements is.
type Interpolation string

// The interpolations: on the line between the two, the lower, the higher, the nearest one (of equally near ones that of even
// rank), their mean.
const (
	InterpLinear   Interpolation = "linear"
	InterpLower    Interpolation = "lower"
	InterpHigher   Interpolation = "higher"
	InterpNearest  Interpolation = "nearest"
	InterpMidpoint Interpolation = "midpoint"
)

// between is the pair of ranks around the q-quantile of n elements and the weight of the second.
func (how Interpolation) between(q float64, n int) (lo, hi int, w float64) {
	rank := q * float64(n-1)
	lo, hi = int(math.Floor(rank)), int(math.Ceil(rank))
	switch how {
	case InterpLinear:
		return lo, hi, rank - float64(lo)
	case InterpLower:
		return lo, lo, 0
	case InterpHigher:
		return hi, hi, 0
	case InterpNearest:
		lo = int(math.RoundToEven(rank))
		return lo, lo, 0
	case InterpMidpoint:
		return lo, hi, 0.5
	}
	panic(&Error{Op: "quantile", Msg: "no interpolation is called " + string(how)})
}

func (x *Tensor) quantiles(qs []float64, how Interpolation, axes []int, keep bool) *Tensor {
	return x.floating("quantile", func(x *Tensor) *Tensor {
		n, at := x.ranked("quantile", axes, keep)
		ys := make([]*Tensor, len(qs))
		for i, q := range qs {
			if !(0 <= q && q <= 1) {
				Misuse("quantile", "wants q between 0 and 1", "", x)
			}
			lo, hi, w := how.between(q, n)
			if ys[i] = at(lo); lo != hi {
				ys[i] = ys[i].Lerp(at(hi), w)
			}
		}
		return Stack(0, ys...)
	})
}

// Quantile is the q-quantile, 0 <= q <= 1, over the given axes, or over all; the axes vanish. Element i of n in order is that
// of q = i/(n-1); between two lies their linear interpolation. NaN if any is NaN. The gradient goes to the two elements. It
// panics unless x holds floats, and if there are no elements.
func (x *Tensor) Quantile(q float64, axes ...int) *Tensor {
	return x.quantiles([]float64{q}, InterpLinear, axes, false).Index(0)
}

// QuantileKeep is Quantile with the axes kept at length 1.
func (x *Tensor) QuantileKeep(q float64, axes ...int) *Tensor {
	return x.quantiles([]float64{q}, InterpLinear, axes, true).Index(0)
}

// Quantiles are several quantiles, sorted only once, along a new first axis, with a rule for those between two elements.
// Shape: [len(qs), kept axes...].
func (x *Tensor) Quantiles(qs []float64, how Interpolation, axes ...int) *Tensor {
	return x.quantiles(qs, how, axes, false)
}
