package tensor

import (
	"cmp"
	"math"
	"slices"
)

func (x *Tensor) gatherAlong(axis int, idx *Tensor) *Tensor {
	axis = x.axis("gather", axis)
	last := len(x.shape) - 1
	rows, at := x.SwapAxes(axis, last), idx.SwapAxes(axis, last)
	n, k := rows.shape[last], at.shape[last]
	if at.Size() == 0 {
		return x.New(idx.shape...)
	}
	m := at.Size() / k
	flat := at.Reshape(m, k).Add(counting(m).MulScalar(float64(n)).Reshape(m, 1))
	return rows.Reshape(-1).Take(flat.Reshape(-1)).Reshape(at.Shape()...).SwapAxes(axis, last)
}

func (x *Tensor) ascending() *Tensor {
	out := ZerosOf(Int64, x.shape...)
	if x.Size() == 0 {
		return out
	}
	v := x.Float64s()
	n := x.shape[len(x.shape)-1]
	d := raw[int64](out)
	for i := 0; i < len(v); i += n {
		for j := range n {
			d[i+j] = int64(j)
		}
		slices.SortStableFunc(d[i:i+n], func(a, b int64) int {
			u, w := v[i+int(a)], v[i+int(b)]
			if math.IsNaN(u) || math.IsNaN(w) {
				return -cmp.Compare(u, w)*0 + b2i(math.IsNaN(u)) - b2i(math.IsNaN(w))
			}
			return cmp.Compare(u, w)
		})
	}
	return out
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}
