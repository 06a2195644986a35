package tensor

import (
	"fmt"
	"slices"

	"github.com/fathom-ml/fathom/internal/kernel"
)

// At indexes an axis with a tensor of int64 or int32 and any shape: x.Slice(At(idx)) is x[idx] in NumPy (13.4, 13.9).
// Negative indices count from the end. A Bool tensor is a mask, see [Mask].
func At(idx *Tensor) Range {
	if idx == nil {
		panic(&Error{Op: "slice", Msg: "an index is nil"})
	}
	return Range{kind: isArray, idx: idx}
}

// Ints is At for a vector of numbers: x.Slice(Ints(0, 2)) is x[[0, 2]].
func Ints(i ...int) Range { return At(Of(i)) }

// Mask takes the elements for which a Bool tensor is true: x.Slice(Mask(b)) is x[b] (13.4). b stands for as many axes
// of x as it has, which must have its lengths; they become one axis.
func Mask(b *Tensor) Range {
	r := At(b)
	if b.dt != Bool {
		Misuse("slice", "a mask must be bool, not "+b.dt.String(), "compare first, e.g. x.GtScalar(0)", b)
	}
	return r
}

func hasArrays(rs []Range) bool {
	for i := range rs {
		if rs[i].kind == isArray {
			return true
		}
	}
	return false
}

// picked is what an index expression with tensors takes of x: from the view that its ranges take, the rows that index
// tensors name.
type picked struct {
	view  []Range   // the expression with whole axes in place of tensors and indices
	order []int     // the axes of this view, those with tensors first
	idx   []*Tensor // their indices, checked and of one shape
	at    int       // where the axes of this shape stand in the result
	shape []int     // of the result
}

// picks resolves an index expression with tensors.
func (x *Tensor) picks(op string, rs []Range) (p picked) {
	left := leftOver(op, x.shape, rs)
	a, v, runs := 0, 0, 0 // axis of x, axis of the view, runs of neighbouring tensors
	var rest []int        // the other axes of the view
	inRun := false
	whole := func(n int) {
		for range n {
			p.view, rest, a, v = append(p.view, All), append(rest, v), a+1, v+1
		}
	}
	array := func(idx *Tensor, r Range) { // r is what stands for it in the view
		p.view, p.order, p.idx, v = append(p.view, r), append(p.order, v), append(p.idx, idx), v+1
	}
	for _, r := range rs {
		if is := r.kind == isArray || r.kind == isIndex; is != inRun {
			if inRun = is; is {
				if runs++; runs == 1 {
					p.at = len(rest)
				}
			}
		}
		switch {
		case r.kind == isEllipsis:
			whole(left)
		case r.kind == isNewAxis:
			p.view, rest, v = append(p.view, r), append(rest, v), v+1
		case r.kind == isRange:
			whole(1)
			p.view[len(p.view)-1] = r
		case r.kind == isIndex:
			array(x.checkedIndex(op, Of([]int{r.from}).Reshape(), a), All)
			a++
		case r.idx.dt != Bool:
			array(x.checkedIndex(op, r.idx, a), All)
			a++
		default:
			k := len(r.idx.shape)
			if !slices.Equal(r.idx.shape, x.shape[a:a+k]) {
				Misuse(op, fmt.Sprintf("the mask does not fit the axes from %d on", a), "", x, r.idx)
			}
			where := r.idx.NonZero()
			for i := range k {
				array(where.Slice(All, I(i)), All)
			}
			if k == 0 { // one element, or none, of an axis made for it
				array(ZerosOf(Int64, where.shape[0]), NewAxis)
			}
			a += k
		}
	}
	whole(len(x.shape) - a)
	if runs > 1 {
		p.at = 0
	}
	p.idx = stretched(op, p.idx)
	p.order = append(p.order, rest...)
	view := resolveRegion(op, x.shape, x.strides, p.view).shape
	for _, k := range p.order[len(p.idx):] {
		p.shape = append(p.shape, view[k])
	}
	p.shape = slices.Insert(p.shape, p.at, p.idx[0].shape...)
	return p
}

// base is the view of x whose first axes are indexed.
func (p picked) base(x *Tensor) *Tensor {
	if slices.ContainsFunc(p.view, func(r Range) bool { return r != All }) {
		x = x.Slice(p.view...)
	}
	if slices.IsSorted(p.order) {
		return x
	}
	return x.Transpose(p.order...)
}

// rows is a view of the result's shape with the axes of the indices first.
func (p picked) rows(y kernel.View) kernel.View {
	k := len(p.idx[0].shape)
	front := func(s []int) []int {
		return slices.Concat(s[p.at:p.at+k], s[:p.at], s[p.at+k:])
	}
	y.Shape, y.Strides = front(y.Shape), front(y.Strides)
	return y
}

func (p picked) views() []kernel.View {
	out := make([]kernel.View, len(p.idx))
	for i, t := range p.idx {
		out[i] = t.view()
	}
	return out
}

// pickSlice is Slice with tensors among the entries.
func (x *Tensor) pickSlice(op string, rs []Range) *Tensor {
	p := x.picks(op, rs)
	y := p.base(x).takeRows(p.idx)
	if p.at == 0 {
		return y
	}
	axes, k := countTo(len(y.shape)), len(p.idx[0].shape)
	return y.Transpose(slices.Concat(axes[k:k+p.at], axes[:k], axes[k+p.at:])...)
}

// NonZero returns the positions of the elements that are not 0 (or false) in row-major order as an int64 matrix, one
// row an element and one column an axis: NumPy's argwhere. Shapes: [...] with d axes -> [n, d].
func (x *Tensor) NonZero() *Tensor {
	hits := raw[bool](x.Detach().AsType(Bool).Contiguous())
	n, d := 0, len(x.shape)
	for _, h := range hits {
		if h {
			n++
		}
	}
	y := ZerosOf(Int64, n, d)
	out := raw[int64](y)
	for i, h := range hits {
		if !h {
			continue
		}
		for a := d - 1; a >= 0; a-- {
			out[a] = int64(i % x.shape[a])
			i /= x.shape[a]
		}
		out = out[d:]
	}
	return y
}

// MaskedSelect returns the elements for which mask is true as a vector: X[mask] (13.4). x and mask broadcast.
func (x *Tensor) MaskedSelect(mask *Tensor) *Tensor {
	xs := BroadcastTensors(x, mask)
	return xs[0].Slice(Mask(xs[1]))
}

// MaskedFill returns x with v where mask, which broadcasts, is true (10.3).
func (x *Tensor) MaskedFill(mask *Tensor, v float64) *Tensor {
	x.wantInt("maskedFill", v)
	return Where(mask, x.like(v), x)
}

// MaskedScatter returns x with the elements for which mask is true replaced by those of src in order. mask is stretched
// to x's shape. It panics if src has too few elements.
func (x *Tensor) MaskedScatter(mask, src *Tensor) *Tensor {
	y, m := x.Clone(), Mask(mask.Expand(x.shape...))
	n := int(m.idx.AsType(Int64).Sum().Item())
	if n > src.Size() {
		Misuse("maskedScatter", fmt.Sprintf("the mask has %d true elements, more than the source", n), "", x, mask, src)
	}
	y.SetSlice(src.Flatten().Slice(Until(n)), m)
	return y
}
