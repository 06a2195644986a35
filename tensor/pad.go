package tensor

import (
	"fmt"
	"slices"
)

// PadMode says what Pad writes beside a tensor.
type PadMode struct {
	kind  padKind
	value float64
}

type padKind uint8

const (
	padConstant padKind = iota
	padReflect
	padSymmetric
	padReplicate
	padCircular
)

// The modes of Pad beside PadConstant, with what they make of a b c d.
var (
	PadReflect   = PadMode{kind: padReflect}   // d c b | a b c d | c b a
	PadSymmetric = PadMode{kind: padSymmetric} // c b a | a b c d | d c b
	PadReplicate = PadMode{kind: padReplicate} // a a a | a b c d | d d d; NumPy's edge
	PadCircular  = PadMode{kind: padCircular}  // b c d | a b c d | a b c; NumPy's wrap
)

// PadConstant is the mode that writes v.
func PadConstant(v float64) PadMode { return PadMode{value: v} }

// source is the element of an axis of length n that stands at position i, which may lie outside.
func (m PadMode) source(i, n int) int {
	mod := func(p int) int { return (i%p + p) % p }
	switch {
	case m.kind == padReplicate:
		return min(max(i, 0), n-1)
	case m.kind == padCircular:
		return mod(n)
	case m.kind == padSymmetric:
		i = mod(2 * n)
		return min(i, 2*n-1-i)
	case n == 1:
		return 0
	}
	i = mod(2*n - 2)
	return min(i, 2*n-2-i)
}

// Pad lengthens axes at both ends: each pair says by how much an axis grows before its first and after its last element; a
// negative number cuts elements off. The pairs belong to the last axes, in order: for images [n, c, h, w],
// Pad(mode, [2]int{1, 1}, [2]int{2, 2}) pads h by 1 and w by 2 (6.3). Mirrors and repetitions go on if the padding is longer than the
// axis, as in NumPy. It panics if there are more pairs than axes, more is cut off than there is, or an empty axis has nothing to
// repeat.
func (x *Tensor) Pad(mode PadMode, pads ...[2]int) *Tensor {
	lead := len(x.shape) - len(pads)
	if lead < 0 {
		Misuse("pad", fmt.Sprintf("%d pairs for %d axes", len(pads), len(x.shape)), "", x)
	}
	shape := x.Shape()
	inner, outer := slices.Repeat([]Range{All}, len(shape)), slices.Repeat([]Range{All}, len(shape))
	grows := false
	for k, p := range pads {
		a := lead + k
		n := shape[a]
		shape[a] += p[0] + p[1]
		if shape[a] < 0 || n+min(p[0], 0)+min(p[1], 0) < 0 {
			Misuse("pad", fmt.Sprintf("%v cuts more off axis %d than there is", p, a), "", x)
		}
		inner[a] = R(max(-p[0], 0), n-max(-p[1], 0))
		outer[a] = R(max(p[0], 0), shape[a]-max(p[1], 0))
		if p[0] <= 0 && p[1] <= 0 {
			continue
		}
		if grows = true; mode.kind == padConstant {
			continue
		}
		if n == 0 {
			Misuse("pad", fmt.Sprintf("axis %d is empty", a), "only PadConstant can lengthen it", x)
		}
		idx := make([]int, shape[a])
		for i := range idx {
			idx[i] = mode.source(i-p[0], n)
		}
		inner[a] = Ints(idx...)
	}
	if !grows || mode.kind == padConstant {
		if x = x.Slice(inner...); !grows {
			return x
		}
		y := x.New(shape...)
		x.wantInt("pad", mode.value)
		y.Fill(mode.value)
		y.SetSlice(x, outer...)
		return y
	}
	for a, r := range inner { // one axis after the other: together the indices would have to broadcast
		x = x.Slice(along(a, r)...)
	}
	return x
}

// unfold: windows of an axis as a view with a new last axis
type unfold struct {
	viewOp
	Axis, Size, Step, Dilation int
}

func (unfold) Name() string { return "unfold" }
func (p unfold) Grad(n *Node, i int, dy *Tensor) *Tensor {
	return p.fold(dy, n.InShape(0)[p.Axis])
}

func (p unfold) view(x *Tensor) *Tensor {
	shape, strides := append(x.Shape(), p.Size), append(slices.Clone(x.strides), x.strides[p.Axis]*p.Dilation)
	if p.Size < 1 || p.Step < 1 || p.Dilation < 1 || (p.Size-1)*p.Dilation >= shape[p.Axis] {
		Misuse("unfold", fmt.Sprintf("windows of %d elements with step %d and dilation %d do not fit axis %d", p.Size, p.Step, p.Dilation, p.Axis), "", x)
	}
	shape[p.Axis] = (shape[p.Axis]-(p.Size-1)*p.Dilation-1)/p.Step + 1
	strides[p.Axis] *= p.Step
	return doView(p, x, shape, strides, 0)
}

// fold adds windows up where they came from, an axis of length n: the adjoint of view.
func (p unfold) fold(x *Tensor, n int) *Tensor {
	shape := x.Shape()[:len(x.shape)-1]
	reach := (shape[p.Axis]-1)*p.Step + 1
	shape[p.Axis] = n
	y := x.New(shape...)
	for k := range p.Size {
		y.AddAt(x.Slice(Ellipsis, I(k)), along(p.Axis, R(k*p.Dilation, k*p.Dilation+reach).By(p.Step))...)
	}
	return y
}

// Unfold returns all windows of size elements of an axis, step apart, as a view: the axis counts the windows, a new last axis
// the elements of a window. Shapes: axis length n -> (n-size)/step + 1. Windows may overlap: writing into the result changes
// several of them.
func (x *Tensor) Unfold(axis, size, step int) *Tensor {
	return unfold{Axis: x.axis("unfold", axis), Size: size, Step: step, Dilation: 1}.view(x)
}

var _ = Register(unfold{},
	Case{F: func(in []*Tensor) *Tensor { return in[0].Unfold(0, 3, 1) }, In: [][]int{{5, 2}}},
	Case{Name: "step", F: func(in []*Tensor) *Tensor { return in[0].Unfold(-1, 2, 3) }, In: [][]int{{2, 7}}},
	Case{Name: "wrong", F: func(in []*Tensor) *Tensor { return in[0].Unfold(0, 3, 1) }, In: [][]int{{2, 2}}, Wrong: true})

// Window describes the windows of a convolution over the last two axes. A Stride or Dilation of 0 is 1.
type Window struct{ Kernel, Stride, Pad, Dilation [2]int }

func (w Window) unfold(k int) unfold {
	return unfold{Axis: 2 + k, Size: w.Kernel[k], Step: max(w.Stride[k], 1), Dilation: max(w.Dilation[k], 1)}
}

func (w Window) pads() [][2]int {
	return [][2]int{{w.Pad[0], w.Pad[0]}, {w.Pad[1], w.Pad[1]}}
}

// Im2Col returns the windows of images as columns, padded with zeros (PyTorch's unfold): a convolution is the product of
// the kernel as a matrix with it (6.2). Shapes: [n, c, h, w] -> [n, c*kh*kw, oh*ow].
func (x *Tensor) Im2Col(w Window) *Tensor {
	if len(x.shape) != 4 {
		Misuse("im2Col", "wants images [n, c, h, w]", "", x)
	}
	y := w.unfold(1).view(w.unfold(0).view(x.Pad(PadConstant(0), w.pads()...)))
	s := y.shape // n, c, oh, ow, kh, kw
	return y.Transpose(0, 1, 4, 5, 2, 3).Reshape(s[0], s[1]*s[4]*s[5], s[2]*s[3])
}

// Col2Im adds columns up to images of height h and width w where Im2Col took them from: its adjoint (PyTorch's fold).
// Shapes: [n, c*kh*kw, oh*ow] -> [n, c, h, w].
func (x *Tensor) Col2Im(h, width int, w Window) *Tensor {
	var out, full [2]int
	for k, n := range [2]int{h, width} {
		u := w.unfold(k)
		full[k] = n + 2*w.Pad[k]
		out[k] = (full[k]-(u.Size-1)*u.Dilation-1)/u.Step + 1
	}
	cells := w.Kernel[0] * w.Kernel[1]
	if len(x.shape) != 3 || cells < 1 || x.shape[1]%cells != 0 || out[0] < 1 || out[1] < 1 || x.shape[2] != out[0]*out[1] {
		Misuse("col2Im", fmt.Sprintf("the columns do not fit %d x %d images with %d x %d windows", h, width, out[0], out[1]), "", x)
	}
	y := x.Reshape(x.shape[0], x.shape[1]/cells, w.Kernel[0], w.Kernel[1], out[0], out[1]).Transpose(0, 1, 4, 5, 2, 3)
	y = w.unfold(0).fold(w.unfold(1).fold(y, full[1]), full[0])
	return y.Pad(PadConstant(0), [2]int{-w.Pad[0], -w.Pad[0]}, [2]int{-w.Pad[1], -w.Pad[1]})
}
