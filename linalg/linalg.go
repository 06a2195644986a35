package linalg

import (
	"fmt"
	"slices"
	"unsafe"

	"github.com/fathom-ml/fathom/internal/kernel"
	"github.com/fathom-ml/fathom/internal/pool"
	"github.com/fathom-ml/fathom/tensor"
	"gonum.org/v1/gonum/blas/blas64"
)

// check wants matrices of floats of one dtype.
func check(op string, xs ...*tensor.Tensor) {
	for _, x := range xs {
		switch {
		case !x.DType().IsFloat():
			tensor.Misuse(op, "wants floats, got "+x.DType().String(), "use AsType(tensor.Float32)", xs...)
		case x.DType() != xs[0].DType():
			tensor.Misuse(op, "dtypes differ: "+xs[0].DType().String()+" and "+x.DType().String(), "use AsType", xs...)
		case x.NDim() < 2:
			tensor.Misuse(op, "needs matrices", "did you forget Reshape or Unsqueeze?", xs...)
		}
	}
}

// checkSquare is check for operations on square matrices.
func checkSquare(op string, x *tensor.Tensor) {
	check(op, x)
	if x.Dim(-2) != x.Dim(-1) {
		tensor.Misuse(op, "the matrix is not square", "", x)
	}
}

// wide is x as contiguous float64, in which all operations of this package compute.
func wide(x *tensor.Tensor) *tensor.Tensor { return x.AsType(tensor.Float64).Contiguous() }

// like rounds a result to x's dtype.
func like(y, x *tensor.Tensor) *tensor.Tensor { return y.AsType(x.DType()) }

// do runs an operation with one result.
func do(op tensor.Op, xs ...*tensor.Tensor) *tensor.Tensor {
	ws := make([]*tensor.Tensor, len(xs))
	for i, x := range xs {
		ws[i] = wide(x)
	}
	return like(tensor.Do(op, ws...), xs[0])
}

// doN runs an operation with several results.
func doN(op tensor.Outputs, x *tensor.Tensor) []*tensor.Tensor {
	ys := tensor.DoN(op, wide(x))
	for i, y := range ys {
		ys[i] = like(y, x)
	}
	return ys
}

// split gives the shape of the batch and the sizes of the matrices.
func split(shape []int) (batch []int, m, n int) {
	k := len(shape) - 2
	return slices.Clone(shape[:k]), shape[k], shape[k+1]
}

// with is the batch's shape with more axes.
func with(batch []int, dims ...int) []int { return append(slices.Clone(batch), dims...) }

// stretch broadcasts the batch axes of two operands against each other.
func stretch(op string, a, b *tensor.Tensor) (*tensor.Tensor, *tensor.Tensor) {
	p, m, n := split(a.Shape())
	q, r, s := split(b.Shape())
	out := make([]int, max(len(p), len(q)))
	for i := range out {
		out[i] = 1
		for _, d := range [][]int{p, q} {
			k := i - len(out) + len(d)
			if k < 0 || d[k] == 1 {
				continue
			}
			if out[i] != 1 && out[i] != d[k] {
				tensor.Misuse(op, "the axes before the matrices do not broadcast", "", a, b)
			}
			out[i] = d[k]
		}
	}
	return a.Expand(with(out, m, n)...), b.Expand(with(out, r, s)...)
}

// single is the shape rule of a result like the first operand.
type single struct{}

func (single) Shape(c *tensor.Call) []int { return c.In(0) }

// plural is embedded by operations that give all gradients at once.
type plural struct{}

func (plural) Shape(*tensor.Call) []int                              { return nil }
func (plural) Grad(*tensor.Node, int, *tensor.Tensor) *tensor.Tensor { return nil }

// numbers is the memory of a contiguous float64 or complex128 view.
func numbers(v kernel.View) []float64 { return unsafe.Slice((*float64)(v.P), v.Size()*v.DT.Size()/8) }

// each calls f for every matrix of the batch with its part of the operands and of count results (0: one made by Do).
// The results are zero before. What f says is wrong with a matrix fails the operation.
func each(c *tensor.Call, count int, f func(in, out [][]float64) string) {
	batch, m, n := split(c.In(0))
	entries := 1
	for _, d := range batch {
		entries *= d
	}
	if entries == 0 {
		return
	}
	var in, out [][]float64
	for i := range c.N() {
		in = append(in, numbers(c.X(i)))
	}
	for k := range count {
		out = append(out, numbers(c.YN(k)))
	}
	if count == 0 {
		out = append(out, numbers(c.Y()))
	}
	for _, d := range out {
		clear(d)
	}
	part := func(all [][]float64, i int) [][]float64 {
		ps := make([][]float64, len(all))
		for k, d := range all {
			size := len(d) / entries
			ps[k] = d[i*size : (i+1)*size : (i+1)*size]
		}
		return ps
	}
	wrong := make([]string, entries)
	pool.For(entries, 1+(1<<14)/(1+m*n*max(m, n)), func(lo, hi int) {
		for i := lo; i < hi; i++ {
			wrong[i] = f(part(in, i), part(out, i))
		}
	})
	for i, msg := range wrong {
		if msg != "" && entries > 1 {
			msg = fmt.Sprintf("%s (entry %d of the batch)", msg, i)
		}
		if msg != "" {
			c.Fail(msg, "")
		}
	}
}

const (
	singular  = "the matrix is singular"
	notFinite = "the matrix holds NaN or Inf"
	diverged  = "the iteration did not converge"
)

func finite(d []float64) bool {
	for _, v := range d {
		if v-v != 0 {
			return false
		}
	}
	return true
}

// matrix is memory as gonum sees it.
func matrix(d []float64, m, n int) blas64.General {
	return blas64.General{Rows: m, Cols: n, Stride: max(n, 1), Data: d}
}

// workspace is room enough for the blocked algorithms of LAPACK.
func workspace(m, n int) []float64 { return make([]float64, 64*(m+n+1)) }

// identity writes the unit matrix.
func identity(d []float64, n int) {
	for i := range n {
		d[i*n+i] = 1
	}
}

// t exchanges the last two axes.
func t(x *tensor.Tensor) *tensor.Tensor { return x.SwapAxes(-1, -2) }

// column makes numbers of a batch [...] broadcast over its matrices [..., m, n].
func column(x *tensor.Tensor) *tensor.Tensor { return x.Unsqueeze(-1).Unsqueeze(-1) }

// mask is true where keep says so.
func mask(m, n int, keep func(i, j int) bool) *tensor.Tensor {
	d := make([]bool, m*n)
	for i := range d {
		d[i] = keep(i/n, i%n)
	}
	return tensor.Of(d, m, n)
}

// keep zeroes the elements of matrices for which where is false.
func keep(x *tensor.Tensor, where func(i, j int) bool) *tensor.Tensor {
	return tensor.Where(mask(x.Dim(-2), x.Dim(-1), where), x, x.New())
}

func lower(i, j int) bool       { return i >= j }
func strictLower(i, j int) bool { return i > j }
func upper(i, j int) bool       { return i <= j }
func onDiagonal(i, j int) bool  { return i == j }

// eye is the identity in x's dtype.
func eye(n int, x *tensor.Tensor) *tensor.Tensor { return tensor.Eye(n).AsType(x.DType()) }

// orZero is a gradient, or zeros like y where none arrived.
func orZero(dy, y *tensor.Tensor) *tensor.Tensor {
	if dy == nil {
		return tensor.ZerosLike(y)
	}
	return dy
}
