package nnop

import (
	"fmt"

	"github.com/fathom-ml/fathom/tensor"
)

// ConvTranspose2D returns the transposed convolution of x with windows w, plus a bias: the gradient that [Conv2D] with the
// same windows and spec passes to its images (13.10). Shapes: x [n, in, h, w], w [in, out/groups, kh, kw], b [out] or nil;
// the result is [n, out, oh, ow] with oh = (h-1) stride - 2 pad + dilation (kh-1) + outPad + 1. It panics with a
// *tensor.Error if shapes do not fit or outPad is not from 0 to stride-1.
func ConvTranspose2D(x, w, b *tensor.Tensor, s Conv, outPad [2]int) *tensor.Tensor {
	const op = "convTranspose2d"
	k := s.kernel()
	if x.NDim() != 4 || w.NDim() != 4 || x.Dim(1) != w.Dim(0) || x.Dim(1)%k.Groups != 0 {
		tensor.Misuse(op, "wants x [batch, in, height, width] and w [in, out/groups, height, width]", "", x, w)
	}
	if min(k.PadH, k.PadW, outPad[0], outPad[1]) < 0 || outPad[0] >= k.StrideH || outPad[1] >= k.StrideW {
		tensor.Misuse(op, fmt.Sprintf("padding %v, output padding %v with stride %d, %d", s.Pad, outPad, k.StrideH, k.StrideW),
			"the output padding is less than the stride", x, w)
	}
	out := w.Dim(1) * k.Groups
	h := spread(x.Dim(2), w.Dim(2), k.StrideH, k.PadH, k.DilationH) + outPad[0]
	wd := spread(x.Dim(3), w.Dim(3), k.StrideW, k.PadW, k.DilationW) + outPad[1]
	if h < 1 || wd < 1 {
		tensor.Misuse(op, "nothing is left of the result", "use less padding", x, w)
	}
	checkBias(op, b, out)
	y := tensor.Do(convGradX{k, []int{x.Dim(0), out, h, wd}}, x.Contiguous(), w.Contiguous())
	if b == nil {
		return y
	}
	return y.Add(b.Reshape(out, 1, 1))
}

// spread is how far n windows reach.
func spread(n, window, stride, pad, dilation int) int {
	return (n-1)*stride - 2*pad + dilation*(window-1) + 1
}

// checkBias panics unless b is nil or has n numbers.
func checkBias(op string, b *tensor.Tensor, n int) {
	if b != nil && (b.NDim() != 1 || b.Dim(0) != n) {
		tensor.Misuse(op, "the bias must have one number an output channel", "", b)
	}
}

// Conv1 says how a window moves along a sequence. The zero value is stride 1, no padding, dilation 1, one group.
type Conv1 struct{ Stride, Pad, Dilation, Groups int }

// flat is the same for images one pixel high.
func (s Conv1) flat() Conv {
	return Conv{Stride: [2]int{1, s.Stride}, Pad: [2]int{0, s.Pad}, Dilation: [2]int{1, s.Dilation}, Groups: s.Groups}
}

// Conv1D returns the cross-correlation of sequences x with windows w, plus a bias (15.3). Shapes: x [n, in, l], w
// [out, in/groups, k], b [out] or nil; the result is [n, out, ol] with ol = floor((l + 2 pad - dilation (k-1) - 1) / stride) + 1.
// It panics with a *tensor.Error if shapes do not fit.
func Conv1D(x, w, b *tensor.Tensor, s Conv1) *tensor.Tensor {
	wantAxes("conv1d", 3, x, w)
	return Conv2D(x.Unsqueeze(2), w.Unsqueeze(2), b, s.flat()).Squeeze(2)
}

// ConvTranspose1D returns the transposed convolution of sequences x with windows w, plus a bias: see [ConvTranspose2D].
// Shapes: x [n, in, l], w [in, out/groups, k], b [out] or nil; the result is [n, out, (l-1) stride - 2 pad + dilation (k-1) + outPad + 1].
func ConvTranspose1D(x, w, b *tensor.Tensor, s Conv1, outPad int) *tensor.Tensor {
	wantAxes("convTranspose1d", 3, x, w)
	return ConvTranspose2D(x.Unsqueeze(2), w.Unsqueeze(2), b, s.flat(), [2]int{0, outPad}).Squeeze(2)
}

func wantAxes(op string, n int, x, w *tensor.Tensor) {
	if x.NDim() != n || w.NDim() != n {
		tensor.Misuse(op, fmt.Sprintf("wants %d axes", n), "", x, w)
	}
}

// The forms below and of more dimensions are checked with the operation that they come down to.
var transposedCases = []tensor.Case{
	{Name: "transposed", In: [][]int{{1, 2, 2, 3}, {2, 1, 3, 2}, {2}}, F: func(in []*tensor.Tensor) *tensor.Tensor {
		s := Conv{Stride: [2]int{2, 1}, Pad: [2]int{1, 0}, Dilation: [2]int{1, 2}, Groups: 2}
		return ConvTranspose2D(in[0], in[1], in[2], s, [2]int{1, 0})
	}},
	{Name: "transposed 1", In: [][]int{{2, 1, 3}, {1, 2, 2}}, F: func(in []*tensor.Tensor) *tensor.Tensor {
		return ConvTranspose1D(in[0], in[1], nil, Conv1{Stride: 2}, 1)
	}},
	{Name: "transposed 3", In: [][]int{{1, 1, 2, 2, 1}, {1, 2, 2, 1, 2}, {2}}, F: func(in []*tensor.Tensor) *tensor.Tensor {
		return ConvTranspose3D(in[0], in[1], in[2], Conv3{Stride: [3]int{2, 1, 1}, Pad: [3]int{1, 0, 0}}, [3]int{1, 0, 0})
	}},
}

var otherCases = []tensor.Case{
	{Name: "sequence", In: [][]int{{1, 2, 5}, {2, 2, 2}, {2}}, F: func(in []*tensor.Tensor) *tensor.Tensor {
		return Conv1D(in[0], in[1], in[2], Conv1{Stride: 2, Pad: 1})
	}},
	{Name: "volume", In: [][]int{{1, 2, 3, 2, 2}, {2, 1, 2, 1, 2}, {2}}, F: func(in []*tensor.Tensor) *tensor.Tensor {
		return Conv3D(in[0], in[1], in[2], Conv3{Stride: [3]int{2, 1, 1}, Pad: [3]int{1, 0, 1}, Groups: 2})
	}},
}
