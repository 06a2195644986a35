package nnop

import (
	"fmt"

	"github.com/fathom-ml/fathom/tensor"
)

// Im2Col returns the windows of images as columns, padded with zeros (PyTorch's unfold): a convolution is the product of
// the kernel as a matrix with it (6.2). Groups do not matter. Shapes: [n, c, h, w] -> [n, c*kh*kw, oh*ow]. It panics if the
// window does not fit.
func Im2Col(x *tensor.Tensor, window [2]int, s Conv) *tensor.Tensor {
	if x.NDim() != 4 {
		tensor.Misuse("im2Col", "wants images [n, c, h, w]", "", x)
	}
	k := s.kernel()
	x = x.Pad(tensor.PadConstant(0), [2]int{k.PadH, k.PadH}, [2]int{k.PadW, k.PadW})
	x = x.Unfold(2, (window[0]-1)*k.DilationH+1, k.StrideH).Unfold(3, (window[1]-1)*k.DilationW+1, k.StrideW)
	x = x.Slice(tensor.Ellipsis, tensor.All.By(k.DilationH), tensor.All.By(k.DilationW))
	d := x.Shape() // n, c, oh, ow, kh, kw
	return x.Transpose(0, 1, 4, 5, 2, 3).Reshape(d[0], d[1]*d[4]*d[5], d[2]*d[3])
}

// Col2Im adds columns up to images of height h and width w where Im2Col took them from: its adjoint (PyTorch's fold).
// Shapes: [n, c*kh*kw, oh*ow] -> [n, c, h, w].
func Col2Im(x *tensor.Tensor, h, w int, window [2]int, s Conv) *tensor.Tensor {
	k := s.kernel()
	oh, ow := windows(h, window[0], k.StrideH, k.PadH, k.DilationH), windows(w, window[1], k.StrideW, k.PadW, k.DilationW)
	cells := window[0] * window[1]
	if x.NDim() != 3 || cells < 1 || x.Dim(1)%cells != 0 || oh < 1 || ow < 1 || x.Dim(2) != oh*ow {
		tensor.Misuse("col2Im", fmt.Sprintf("the columns do not fit %d x %d images with %d x %d windows", h, w, oh, ow), "", x)
	}
	columns := x.Reshape(x.Dim(0), x.Dim(1)/cells, window[0], window[1], oh, ow)
	y := x.New(x.Dim(0), x.Dim(1)/cells, h+2*k.PadH, w+2*k.PadW)
	reach := func(i, dilation, n, stride int) tensor.Range {
		return tensor.R(i*dilation, i*dilation+(n-1)*stride+1).By(stride)
	}
	for i := range window[0] {
		for j := range window[1] {
			y.AddAt(columns.Slice(tensor.All, tensor.All, tensor.I(i), tensor.I(j)), tensor.All, tensor.All,
				reach(i, k.DilationH, oh, k.StrideH), reach(j, k.DilationW, ow, k.StrideW))
		}
	}
	return y.Pad(tensor.PadConstant(0), [2]int{-k.PadH, -k.PadH}, [2]int{-k.PadW, -k.PadW})
}
