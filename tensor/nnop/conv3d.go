package nnop

import (
	"fmt"

	"github.com/fathom-ml/fathom/tensor"
)

// Conv3 says how a window moves through a volume, as (depth, rows, columns). The zero value is stride 1, no padding, dilation 1,
// one group.
type Conv3 struct {
	Stride, Pad, Dilation [3]int
	Groups                int
}

// slice is the same within slices of equal depth.
func (s Conv3) slice() Conv {
	two := func(v [3]int) [2]int { return [2]int{v[1], v[2]} }
	return Conv{Stride: two(s.Stride), Pad: two(s.Pad), Dilation: two(s.Dilation), Groups: s.Groups}
}

// Conv3D returns the cross-correlation of volumes x with windows w, plus a bias. Shapes: x [n, in, d, h, w], w
// [out, in/groups, kd, kh, kw], b [out] or nil; the result is [n, out, od, oh, ow], sizes as in [Conv2D]. It is the sum over the
// depth of the window of two-dimensional convolutions of slices. It panics with a *tensor.Error if shapes do not fit.
func Conv3D(x, w, b *tensor.Tensor, s Conv3) *tensor.Tensor {
	const op = "conv3d"
	wantAxes(op, 5, x, w)
	stride, dilation, pad := max(s.Stride[0], 1), max(s.Dilation[0], 1), s.Pad[0]
	n, d := x.Dim(0), x.Dim(2)
	depth := 0
	if pad >= 0 {
		depth = windows(d, w.Dim(2), stride, pad, dilation)
	}
	if depth == 0 {
		tensor.Misuse(op, fmt.Sprintf("the window is deeper than the volume, padded with %d", pad), "", x, w)
	}
	x = x.Transpose(0, 2, 1, 3, 4) // slices first: [n, d, in, h, w]
	if pad > 0 {
		x = x.Pad(tensor.PadConstant(0), [2]int{pad, pad}, [2]int{}, [2]int{}, [2]int{})
	}
	var y *tensor.Tensor
	for i := range w.Dim(2) {
		from := i * dilation
		slices := x.Slice(tensor.All, tensor.R(from, from+(depth-1)*stride+1).By(stride))
		dims := slices.Shape()
		part := Conv2D(slices.Reshape(n*depth, dims[2], dims[3], dims[4]), w.Slice(tensor.All, tensor.All, tensor.I(i)), b, s.slice())
		if b = nil; y == nil { // the bias comes once
			y = part
		} else {
			y = y.Add(part)
		}
	}
	return y.Reshape(n, depth, y.Dim(1), y.Dim(2), y.Dim(3)).Transpose(0, 2, 1, 3, 4).Contiguous()
}

// ConvTranspose3D returns the transposed convolution of volumes x with windows w, plus a bias: the gradient that [Conv3D] passes to
// its volumes. Shapes: x [n, in, d, h, w], w [in, out/groups, kd, kh, kw], b [out] or nil; the result is
// [n, out, od, oh, ow], sizes as in [ConvTranspose2D]. It panics with a *tensor.Error if shapes do not fit.
func ConvTranspose3D(x, w, b *tensor.Tensor, s Conv3, outPad [3]int) *tensor.Tensor {
	const op = "convTranspose3d"
	wantAxes(op, 5, x, w)
	stride, dilation, pad := max(s.Stride[0], 1), max(s.Dilation[0], 1), s.Pad[0]
	n, d, k := x.Dim(0), x.Dim(2), w.Dim(2)
	depth := spread(d, k, stride, pad, dilation) + outPad[0]
	if pad < 0 || outPad[0] < 0 || outPad[0] >= stride || depth < 1 {
		tensor.Misuse(op, fmt.Sprintf("padding %d, output padding %d with stride %d in depth", pad, outPad[0], stride), "", x, w)
	}
	checkBias(op, b, w.Dim(1)*max(s.Groups, 1))
	slices := x.Transpose(0, 2, 1, 3, 4).Reshape(n*d, x.Dim(1), x.Dim(3), x.Dim(4))
	var y *tensor.Tensor // [n, depth with padding, out, oh, ow]
	for i := range k {
		part := ConvTranspose2D(slices, w.Slice(tensor.All, tensor.All, tensor.I(i)), nil, s.slice(), [2]int{outPad[1], outPad[2]})
		dims := part.Shape()
		if y == nil {
			y = x.New(n, depth+2*pad, dims[1], dims[2], dims[3])
		}
		from := i * dilation
		y.AddAt(part.Reshape(n, d, dims[1], dims[2], dims[3]), tensor.All, tensor.R(from, from+(d-1)*stride+1).By(stride))
	}
	y = y.Slice(tensor.All, tensor.R(pad, pad+depth)).Transpose(0, 2, 1, 3, 4).Contiguous()
	if b == nil {
		return y
	}
	return y.Add(b.Reshape(y.Dim(1), 1, 1, 1))
}
