package tensor

import (
	"fmt"
	"slices"
)

// contract sums products over pairs of axes: those of x that are left, then those of y, remain.
func (x *Tensor) contract(op string, y *Tensor, xs, ys []int) *Tensor {
	if len(xs) != len(ys) {
		Misuse(op, fmt.Sprintf("%d axes of one and %d of the other operand", len(xs), len(ys)), "", x, y)
	}
	a, shape := x.parted(op, xs, true)
	b, more := y.parted(op, ys, false)
	for k := range xs {
		if i, j := xs[k], ys[k]; x.Dim(i) != y.Dim(j) {
			Misuse(op, fmt.Sprintf("axis %d has length %d, axis %d of the other operand %d", i, x.Dim(i), j, y.Dim(j)), "", x, y)
		}
	}
	return a.MatMul(b).Reshape(append(shape, more...)...)
}

// parted is x as a matrix, the given axes as one, the last or the first, and the shape of the others.
func (x *Tensor) parted(op string, axes []int, last bool) (m *Tensor, shape []int) {
	var folded, rest []int
	if len(axes) > 0 {
		folded = x.axes(op, axes)
	}
	n := 1
	for a, d := range x.shape {
		if slices.Contains(folded, a) {
			n *= d
		} else {
			rest, shape = append(rest, a), append(shape, d)
		}
	}
	if last {
		return x.Transpose(append(rest, folded...)...).Reshape(numel(shape), n), shape
	}
	return x.Transpose(append(folded, rest...)...).Reshape(n, numel(shape)), shape
}

// TensorDot sums products over the last n axes of x and the first n of y; the axes that are left, x's first, make the
// result. For n = 0 it holds all products. Shapes for n = 1: [a, k], [k, b] -> [a, b].
func (x *Tensor) TensorDot(y *Tensor, n int) *Tensor {
	if n < 0 || n > len(x.shape) || n > len(y.shape) {
		Misuse("tensorDot", fmt.Sprintf("sums over %d axes", n), "", x, y)
	}
	xs, ys := make([]int, n), make([]int, n)
	for k := range n {
		xs[k], ys[k] = len(x.shape)-n+k, k
	}
	return x.contract("tensorDot", y, xs, ys)
}

// TensorDotAxes is TensorDot over pairs of axes: xs[k] of x with ys[k] of y.
func (x *Tensor) TensorDotAxes(y *Tensor, xs, ys []int) *Tensor {
	return x.contract("tensorDot", y, xs, ys)
}

// Inner sums products over the last axes of x and y. With a 0-d tensor it is Mul. Shapes: [n], [n] -> []; [a, n], [b, n] -> [a, b].
func (x *Tensor) Inner(y *Tensor) *Tensor {
	if len(x.shape) == 0 || len(y.shape) == 0 {
		return x.Mul(y)
	}
	return x.contract("inner", y, []int{-1}, []int{-1})
}

// Outer holds the products of each element of x with each of y; both are flattened. Shapes: [n], [m] -> [n, m].
func (x *Tensor) Outer(y *Tensor) *Tensor { return x.Reshape(-1, 1).Mul(y.Flatten()) }

// VDot is the sum of the products of all elements, complex ones of x conjugated; both are flattened. Shapes: [n], [n] -> [].
func (x *Tensor) VDot(y *Tensor) *Tensor {
	if x.Size() != y.Size() {
		Misuse("vdot", "sizes differ", "", x, y)
	}
	return dot("vdot", x.Conj().Flatten(), y.Flatten())
}

// Kron is the Kronecker product: x with each element replaced by its product with y. Missing axes in front count as
// length 1. Shapes: [a, b], [c, d] -> [a*c, b*d].
func (x *Tensor) Kron(y *Tensor) *Tensor {
	d := max(len(x.shape), len(y.shape))
	a, b, shape := make([]int, 2*d), make([]int, 2*d), make([]int, d)
	for k := range d {
		n, m := 1, 1
		if i := k - d + len(x.shape); i >= 0 {
			n = x.shape[i]
		}
		if i := k - d + len(y.shape); i >= 0 {
			m = y.shape[i]
		}
		a[2*k], a[2*k+1], b[2*k], b[2*k+1], shape[k] = n, 1, 1, m, n*m
	}
	return x.Reshape(a...).Mul(y.Reshape(b...)).Reshape(shape...)
}

// BatchDot multiplies the matrices of two batches, each transposed first if its flag says so (npx.batch_dot; 10.2).
// Shapes: [b, n, k], [b, k, m] -> [b, n, m].
func (x *Tensor) BatchDot(y *Tensor, transposeX, transposeY bool) *Tensor {
	if len(x.shape) != 3 || len(y.shape) != 3 || x.shape[0] != y.shape[0] {
		Misuse("batchDot", "wants two batches of as many matrices", "MatMul broadcasts", x, y)
	}
	if transposeX {
		x = x.SwapAxes(1, 2)
	}
	if transposeY {
		y = y.SwapAxes(1, 2)
	}
	return x.MatMul(y)
}

// AddMM is beta*x + alpha*(a b), where x broadcasts to the shape of the matrix product (torch.addmm). With beta = 0 it does
// not look at x: a NaN there stays there. Shapes: [n, m], [n, k], [k, m] -> [n, m].
func (x *Tensor) AddMM(a, b *Tensor, beta, alpha float64) *Tensor {
	if len(a.shape) != 2 || len(b.shape) != 2 {
		Misuse("addMM", "wants two matrices", "MatMul takes batches", x, a, b)
	}
	y := a.MatMul(b).MulScalar(alpha)
	if x = x.Expand(y.shape...); beta == 0 {
		return y
	}
	return x.MulScalar(beta).Add(y)
}
