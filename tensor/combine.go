package tensor

import "slices"

// CartesianProd returns all tuples with one element of each vector, one a row, the last element changing fastest.
// Shapes: [n], [m], ... -> [n*m*..., vectors].
func CartesianProd(xs ...*Tensor) *Tensor {
	return Stack(-1, Meshgrid("ij", xs...)...).Reshape(-1, len(xs))
}

// IsIn says for each element of x whether it is among the values, as bools. NaN is not.
func (x *Tensor) IsIn(values *Tensor) *Tensor {
	dt := ResultTypeOf(x, values)
	v, _ := values.Detach().Flatten().AsType(dt).Sort(0, Ascending)
	if v.Size() == 0 {
		return ZerosOf(Bool, x.shape...)
	}
	x = x.Detach().AsType(dt)
	return v.Take(SearchSorted(v, x, false).MinimumScalar(float64(v.Size() - 1))).Eq(x)
}

// Unflatten splits an axis into several; one of the lengths may be -1 and is computed.
// Unflatten(1, 2, 3): [n, 6] -> [n, 2, 3].
func (x *Tensor) Unflatten(axis int, lengths ...int) *Tensor {
	a := x.axis("unflatten", axis)
	return x.Reshape(slices.Concat(x.shape[:a], lengths, x.shape[a+1:])...)
}
