package nnop

import (
	"fmt"
	"math"

	"github.com/fathom-ml/fathom/tensor"
)

// Resampling says how numbers are found between those of a grid.
type Resampling uint8

// The ways of resampling: the number that lies before (PyTorch's "nearest") or nearest ("nearest-exact"), straight lines between
// numbers ("linear", "bilinear", "trilinear"), or cubic curves through four ("bicubic").
const (
	ResampleNearest Resampling = iota
	ResampleNearestExact
	ResampleLinear
	ResampleCubic
)

// Interpolation says how a grid is resampled.
type Interpolation struct {
	Mode         Resampling
	AlignCorners bool    // the first and last numbers stay where they are; else the edges of their cells; for lines and curves only
	Factor       float64 // by how much steps are finer if that is not the quotient of the lengths; 0: it is
}

// Interpolate resamples the last axes of x, as many as lengths are given, to these lengths (13.10). It is linear in x and has
// derivatives of all orders. Shapes: [..., a, b] -> [..., lengths...]. Lines and curves are made by matrix products, 64
// numbers of an axis at a time, over which an Inf or a NaN spreads. It panics unless the lengths are positive and x has that many axes, not
// empty, and if corners are to be aligned for a nearest number.
func Interpolate(x *tensor.Tensor, s Interpolation, lengths ...int) *tensor.Tensor {
	op := interpolate{}.Name()
	first := x.NDim() - len(lengths)
	if first < 0 || s.Factor < 0 || s.AlignCorners && s.Mode < ResampleLinear {
		tensor.Misuse(op, fmt.Sprintf("cannot make %d axes with %+v", len(lengths), s), "", x)
	}
	for i, n := range lengths {
		if n < 1 || x.Dim(first+i) < 1 {
			tensor.Misuse(op, fmt.Sprintf("cannot make a length of %d", n), "", x)
		}
	}
	if !x.DType().IsFloat() {
		tensor.Misuse(op, "wants floats, not "+x.DType().String(), "use AsType(tensor.Float32)", x)
	}
	for i := len(lengths) - 1; i >= 0; i-- {
		x = s.along(x, first+i, lengths[i])
	}
	return x
}

// along resamples one axis.
func (s Interpolation) along(x *tensor.Tensor, axis, out int) *tensor.Tensor {
	in := x.Dim(axis)
	if in == out && (s.Factor == 0 || s.Factor == 1) {
		return x
	}
	if k := out / in; s.Mode < ResampleLinear && in*k == out && (s.Factor == 0 || s.Factor == float64(k)) {
		return tensor.Do(repeat{axis, k}, x.Contiguous())
	}
	idx, weights := s.taps(in, out)
	if s.Mode < ResampleLinear {
		return x.IndexSelect(axis, tensor.Of(idx[0]))
	}
	p := interpolate{axis: axis, out: out}
	for lo := 0; lo < out; lo += bandWidth {
		p.bands = append(p.bands, newBand(lo, min(lo+bandWidth, out), idx, weights, x.DType()))
	}
	return tensor.Do(p, x.Contiguous())
}

// taps are the entries of an axis that each entry of the result is made of, and their weights.
func (s Interpolation) taps(in, out int) (idx [][]int64, weights [][]float64) {
	n := map[Resampling]int{ResampleNearest: 1, ResampleNearestExact: 1, ResampleLinear: 2, ResampleCubic: 4}[s.Mode]
	idx, weights = make([][]int64, n), make([][]float64, n)
	for i := range out {
		at := s.source(i, in, out)
		low := math.Floor(at)
		var w []float64
		switch t := at - low; s.Mode {
		case ResampleLinear:
			w = []float64{1 - t, t}
		case ResampleCubic:
			w = []float64{cubic(1 + t), cubic(t), cubic(1 - t), cubic(2 - t)}
			low--
		default:
			w = []float64{1}
		}
		for k := range n {
			idx[k] = append(idx[k], int64(min(max(int(low)+k, 0), in-1)))
			weights[k] = append(weights[k], w[k])
		}
	}
	return idx, weights
}

// source is where entry i of the result lies among the entries of the axis.
func (s Interpolation) source(i, in, out int) float64 {
	scaled := func(v float64) float64 { // exact where the quotient is whole
		if s.Factor != 0 {
			return v / s.Factor
		}
		return v * float64(in) / float64(out)
	}
	switch {
	case s.AlignCorners && out == 1:
		return 0
	case s.AlignCorners:
		return float64(i*(in-1)) / float64(out-1)
	case s.Mode == ResampleNearest:
		return scaled(float64(i))
	case s.Mode == ResampleNearestExact:
		return scaled(float64(i) + 0.5)
	case s.Mode == ResampleLinear:
		return max(0, scaled(float64(i)+0.5)-0.5)
	}
	return scaled(float64(i)+0.5) - 0.5
}

// cubic is the kernel of cubic convolution with a = -3/4 (Keys, 1981), at a distance from 0 to 2.
func cubic(d float64) float64 {
	const a = -0.75
	if d <= 1 {
		return ((a+2)*d-(a+3))*d*d + 1
	}
	return ((a*d-5*a)*d+8*a)*d - 4*a
}
