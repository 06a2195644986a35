package tensor

import (
	"math"
	"slices"
)

// ranking is the elements of every fold in a row, with their order.
type ranking struct {
	reduction
	op          string
	shape       []int
	rows, order *Tensor
	nan         *Tensor // whether a row holds a NaN, which comes last
	n, last     int
}

func (x *Tensor) ranking(op string, axes []int, keep bool) (k ranking) {
	k.reduction, k.op, k.shape = reduction{axisSetOf(x.axes(op, axes)), keep}, op, x.shape
	k.rows = k.reduction.rows(x)
	k.last = len(k.rows.shape) - 1
	if k.n = k.rows.shape[k.last]; k.n == 0 {
		Misuse(op, "no elements to choose from", "the axis has length 0", x)
	}
	k.order = k.rows.Detach().ascending()
	if x.dt.IsFloat() {
		k.nan = k.rows.Detach().gatherAlong(k.last, k.order.Narrow(k.last, k.n-1, 1)).IsNaN()
	}
	return k
}

// at is the element of rank i in each row, counted from 0, or NaN where there is one.
func (k ranking) at(i int) *Tensor {
	idx := k.order.Narrow(k.last, i, 1)
	if k.nan != nil {
		idx = Where(k.nan, k.order.Narrow(k.last, k.n-1, 1), idx)
	}
	y := k.rows.gatherAlong(k.last, idx).Squeeze(k.last)
	if k.Keep {
		return reduction{Axes: k.Axes}.keep(y, k.shape)
	}
	return y
}

// Median is the middle element in order over the given axes, or over all; the axes vanish. Of an even number it is the lower of the
// two in the middle, as in PyTorch; NumPy's mean of the two is Quantile(0.5). NaN if any is NaN. The gradient goes to the element. It panics
// if there are no elements.
func (x *Tensor) Median(axes ...int) *Tensor {
	k := x.ranking("median", axes, false)
	return k.at((k.n - 1) / 2)
}

// MedianKeep is Median with the axes kept at length 1.
func (x *Tensor) MedianKeep(axes ...int) *Tensor {
	k := x.ranking("median", axes, true)
	return k.at((k.n - 1) / 2)
}

// Interpolation says what a quantile between two elements is.
type Interpolation string

// The interpolations: on the line between the two, the lower, the higher, the nearest one (of equally near ones that of even rank), their mean.
const (
	InterpLinear   Interpolation = "linear"
	InterpLower    Interpolation = "lower"
	InterpHigher   Interpolation = "higher"
	InterpNearest  Interpolation = "nearest"
	InterpMidpoint Interpolation = "midpoint"
)

func (k ranking) quantile(q float64, how Interpolation) *Tensor {
	if !(0 <= q && q <= 1) {
		Misuse(k.op, "a quantile wants q between 0 and 1", "", k.rows)
	}
	rank := q * float64(k.n-1)
	lo, hi := int(math.Floor(rank)), int(math.Ceil(rank))
	w := rank - float64(lo)
	switch how {
	case InterpLower:
		hi = lo
	case InterpHigher:
		lo = hi
	case InterpNearest:
		lo = int(math.RoundToEven(rank))
		hi = lo
	case InterpMidpoint:
		w = 0.5
	case InterpLinear:
	default:
		Misuse(k.op, "no interpolation is called "+string(how), "", k.rows)
	}
	if lo == hi {
		return k.at(lo)
	}
	return k.at(lo).Lerp(k.at(hi), w)
}

// Quantile is the q-quantile, 0 <= q <= 1, over the given axes, or over all; the axes vanish. Element i of n in order is that of q = i/(n-1); between
// two lies their linear interpolation. NaN if any is NaN. The gradient goes to the two elements. It panics unless x holds floats, and if
// there are no elements.
func (x *Tensor) Quantile(q float64, axes ...int) *Tensor {
	return x.floating("quantile", func(x *Tensor) *Tensor { return x.ranking("quantile", axes, false).quantile(q, InterpLinear) })
}

// QuantileKeep is Quantile with the axes kept at length 1.
func (x *Tensor) QuantileKeep(q float64, axes ...int) *Tensor {
	return x.floating("quantile", func(x *Tensor) *Tensor { return x.ranking("quantile", axes, true).quantile(q, InterpLinear) })
}

// Quantiles are several quantiles, sorted only once, along a new first axis, between elements by a rule of choice. Shape: [len(qs), kept axes...].
func (x *Tensor) Quantiles(qs []float64, how Interpolation, axes ...int) *Tensor {
	return x.floating("quantile", func(x *Tensor) *Tensor {
		k := x.ranking("quantile", axes, false)
		ys := make([]*Tensor, len(qs))
		for i, q := range qs {
			ys[i] = k.quantile(q, how)
		}
		if len(ys) == 0 {
			_, dims := k.split(k.shape)
			return x.New(slices.Insert(dims[:len(dims)-1], 0, 0)...)
		}
		return Stack(0, ys...)
	})
}
