package tensor

import (
	"fmt"
	"slices"
)

// PadMode says what Pad writes beside a tensor.
type PadMode struct {
	source func(i, n int) int // the element of n that stands at position i; nil: value
	value  float64
}

// PadConstant is the mode that writes v.
func PadConstant(v float64) PadMode { return PadMode{value: v} }

// The modes that repeat elements, with what they make of a b c d.
var (
	// PadReflect makes d c b | a b c d | c b a.
	PadReflect = PadMode{source: func(i, n int) int { p := max(2*n-2, 1); return min(mod(i, p), p-mod(i, p)) }}
	// PadSymmetric makes c b a | a b c d | d c b.
	PadSymmetric = PadMode{source: func(i, n int) int { return min(mod(i, 2*n), 2*n-1-mod(i, 2*n)) }}
	// PadReplicate makes a a a | a b c d | d d d: edge in NumPy.
	PadReplicate = PadMode{source: func(i, n int) int { return min(max(i, 0), n-1) }}
	// PadCircular makes b c d | a b c d | a b c: wrap in NumPy.
	PadCircular = PadMode{source: mod}
)

// mod is i modulo n, from 0 to n-1.
func mod(i, n int) int { return (i%n + n) % n }

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
		if grows = true; mode.source == nil {
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
	if !grows || mode.source == nil {
		operand := x
		if x = x.Slice(inner...); !grows {
			return x.apart(operand)
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
	Axis, Size, Step int
}

func (unfold) Name() string { return "unfold" }
func (p unfold) Grad(n *Node, i int, dy *Tensor) *Tensor {
	g, count := dy.New(n.InShape(0)...), dy.shape[p.Axis]
	for k := range p.Size {
		g.AddAt(dy.Slice(Ellipsis, I(k)), along(p.Axis, R(k, k+(count-1)*p.Step+1).By(p.Step))...)
	}
	return g
}

// Unfold returns all windows of size elements of an axis, step apart, as a view: the axis counts the windows, a new last axis
// the elements of a window. Shapes: axis length n -> (n-size)/step + 1. Windows may overlap: writing into the result changes
// several of them.
func (x *Tensor) Unfold(axis, size, step int) *Tensor {
	p := unfold{Axis: x.axis("unfold", axis), Size: size, Step: step}
	n := x.shape[p.Axis]
	if size < 1 || step < 1 || size > n {
		Misuse("unfold", fmt.Sprintf("windows of %d elements, %d apart, do not fit axis %d", size, step, axis), "", x)
	}
	shape, strides := append(x.Shape(), size), append(slices.Clone(x.strides), x.strides[p.Axis])
	shape[p.Axis] = (n-size)/step + 1
	strides[p.Axis] *= step
	return doView(p, x, shape, strides, 0)
}

var _ = Register(unfold{},
	Case{F: func(in []*Tensor) *Tensor { return in[0].Unfold(0, 3, 1) }, In: [][]int{{5, 2}}},
	Case{Name: "step", F: func(in []*Tensor) *Tensor { return in[0].Unfold(-1, 2, 3) }, In: [][]int{{2, 7}}},
	Case{Name: "wrong", F: func(in []*Tensor) *Tensor { return in[0].Unfold(0, 3, 1) }, In: [][]int{{2, 2}}, Wrong: true})
