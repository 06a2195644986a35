package tensor

import (
	"cmp"
	"slices"
)

// counting is 0, 1, ..., n-1 as int64.
// gatherAlong takes one element for each index along an axis.
func (x *Tensor) gatherAlong(axis int, idx *Tensor) *Tensor {
	axis = x.axis("gather", axis)
	last := len(x.shape) - 1
	rows, at := x.SwapAxes(axis, last), idx.SwapAxes(axis, last)
	if at.Size() == 0 {
		return x.New(idx.shape...)
	}
	k := at.shape[last]
	m := at.Size() / k
	flat := at.Reshape(m, k).Add(counting(m).MulScalar(float64(rows.shape[last])).Reshape(m, 1))
	return rows.Reshape(-1).Take(flat.Reshape(-1)).Reshape(at.Shape()...).SwapAxes(axis, last)
}

// ascending is the order in which the elements of the last axis ascend, NaN last.
func (x *Tensor) ascending() *Tensor {
	out, v := ZerosOf(Int64, x.shape...), x.Float64s()
	n := x.shape[len(x.shape)-1]
	for order := raw[int64](out); len(order) > 0; order, v = order[n:], v[n:] {
		for j := range n {
			order[j] = int64(j)
		}
		slices.SortStableFunc(order[:n], func(a, b int64) int { return cmp.Compare(-v[b], -v[a]) })
	}
	return out
}
