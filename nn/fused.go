package nn

import (
	"fmt"
	"iter"
	"slices"

	"github.com/fathom-ml/fathom/tensor"
)

// Fused says that the file holds as one, side by side along an axis, what are several parameters of equal shapes in the model. Names are those of the file, with
// placeholders as in [Rename]. The projections of PyTorch's MultiheadAttention are
//
//	nn.Fused(0, "{a...}in_proj_{p}", "{a...}q.{p}", "{a...}k.{p}", "{a...}v.{p}")
//
// and those of GPT-2, whose matrices lie transposed, the same with the axis -1. It panics without parts and if the names have different placeholders.
func Fused(axis int, whole string, parts ...string) ForeignOption {
	if len(parts) == 0 {
		panic(&tensor.Error{Op: "nn.Fused", Msg: "no parts"})
	}
	u := fused{axis: axis, whole: newRule("nn.Fused", parts[0], whole)}
	for _, p := range parts {
		u.parts = append(u.parts, newRule("nn.Fused", whole, p))
		u.others = append(u.others, newRule("nn.Fused", parts[0], p))
	}
	return foreignOption(func(f *foreign) { f.fused = append(f.fused, u) })
}

type fused struct {
	axis          int
	whole         rule   // from the first part
	parts, others []rule // all parts, from the whole and from the first part
}

// split takes values apart.
func (f *foreign) split(values iter.Seq2[string, *tensor.Tensor]) iter.Seq2[string, *tensor.Tensor] {
	if len(f.fused) == 0 {
		return values
	}
	return func(yield func(string, *tensor.Tensor) bool) {
		for name, t := range values {
			for _, v := range f.partsOf(name, t) {
				if !yield(v.name, v.t) {
					return
				}
			}
		}
	}
}

// partsOf is a value, or its parts if it is fused and can be divided.
func (f *foreign) partsOf(name string, t *tensor.Tensor) []foreignValue {
	for _, u := range f.fused {
		if _, ok := u.parts[0].apply(name); !ok || t == nil || t.NDim() == 0 || t.NDim() <= u.axis {
			continue
		}
		n := len(u.parts)
		if t.Dim(u.axis)%n != 0 {
			break // the name stays, and is told as one that the model lacks
		}
		var list []foreignValue
		for i, part := range t.Chunk(u.axis, n) {
			to, _ := u.parts[i].apply(name)
			list = append(list, foreignValue{to, part})
		}
		return list
	}
	return []foreignValue{{name, t}}
}

// join puts together what is fused in the file, in the place of the first part. It panics if a part is missing or has another shape.
func (f *foreign) join(list []foreignValue) []foreignValue {
	for _, u := range f.fused {
		at := map[string]int{}
		for i, v := range list {
			at[v.name] = i
		}
		gone := map[int]bool{}
		for i, v := range list {
			whole, ok := u.whole.apply(v.name)
			if !ok {
				continue
			}
			parts := make([]*tensor.Tensor, len(u.others))
			for k, r := range u.others {
				name, _ := r.apply(v.name)
				j, ok := at[name]
				if !ok || !slices.Equal(list[j].t.Shape(), v.t.Shape()) {
					panic(&tensor.Error{Op: "nn.Export", Msg: fmt.Sprintf("%s, a part of %s, is not there or has another shape than %s", name, whole, v.name)})
				}
				parts[k], gone[j] = list[j].t, true
			}
			delete(gone, i)
			list[i] = foreignValue{whole, tensor.Concat(u.axis, parts...)}
		}
		kept := list[:0:0]
		for i, v := range list {
			if !gone[i] {
				kept = append(kept, v)
			}
		}
		list = kept
	}
	return list
}
