package tensor

import (
	"fmt"
	"math"
	"slices"
)

// Order is the direction of sorting.
type Order bool

// The two directions. NaN counts as the largest number: last when ascending, first when descending, as in PyTorch.
const (
	Ascending  Order = false
	Descending Order = true
)

// argSort: the order of the elements along an axis
type argSort struct {
	Moves
	Axis  int
	Order Order
}

func (argSort) Name() string                            { return "argSort" }
func (argSort) ResultType(*Call) DType                  { return Int64 }
func (p argSort) Run(c *Call)                           { c.Dev().ArgSort(c.Y(), c.X(0), p.Axis, bool(p.Order)) }
func (argSort) Grad(n *Node, i int, dy *Tensor) *Tensor { return nil }
func (argSort) Shape(c *Call) []int {
	if c.x[0].dt.IsComplex() {
		c.Fail("complex numbers have no order", "sort Abs, Real or Imag")
	}
	return c.x[0].shape
}

// ArgSort returns as int64 the order in which the elements along an axis ascend or descend. Equal elements keep their order.
func (x *Tensor) ArgSort(axis int, order Order) *Tensor {
	return Do(argSort{Axis: x.axis("argSort", axis), Order: order}, x)
}

var _ = Register(argSort{},
	Case{Name: "wrong", F: func(in []*Tensor) *Tensor { return in[0].ArgSort(2, Ascending) }, In: [][]int{{2, 3}}, Wrong: true})

// Sort returns the elements along an axis in ascending or descending order, and their indices as ArgSort does. Gradients
// flow through the values.
func (x *Tensor) Sort(axis int, order Order) (values, idx *Tensor) {
	idx = x.ArgSort(axis, order)
	return x.Gather(axis, idx), idx
}

// TopK returns the k largest elements along an axis in descending order, or the k smallest in ascending order, and their
// int64 indices (9.8). Gradients flow through the values. It panics if the axis is shorter than k.
func (x *Tensor) TopK(k, axis int, largest bool) (values, idx *Tensor) {
	if a := x.axis("topK", axis); k < 0 || k > x.shape[a] {
		Misuse("topK", fmt.Sprintf("%d elements of axis %d", k, axis), "", x)
	}
	idx = x.ArgSort(axis, Order(largest)).Narrow(axis, 0, k)
	return x.Gather(axis, idx), idx
}

// KthValue returns the k-th smallest element along an axis, counted from 1, and its index; the axis vanishes.
func (x *Tensor) KthValue(k, axis int) (values, idx *Tensor) {
	a := x.axis("kthValue", axis)
	if k < 1 || k > x.shape[a] {
		Misuse("kthValue", fmt.Sprintf("element %d of axis %d", k, axis), "k counts from 1", x)
	}
	idx = x.ArgSort(a, Ascending).Narrow(a, k-1, 1)
	return x.Gather(a, idx).Squeeze(a), idx.Squeeze(a)
}

// searchSorted: where elements belong in sorted rows
type searchSorted struct {
	Moves
	Right bool
}

func (searchSorted) Name() string                            { return "searchSorted" }
func (searchSorted) ResultType(*Call) DType                  { return Int64 }
func (searchSorted) Grad(n *Node, i int, dy *Tensor) *Tensor { return nil }
func (searchSorted) Shape(c *Call) []int {
	s, x := c.x[0].shape, c.x[1].shape
	if c.x[1].dt.IsComplex() {
		c.Fail("complex numbers have no order", "")
	}
	if len(s) != len(x) || !slices.Equal(s[:len(s)-1], x[:len(x)-1]) {
		c.Fail("the rows do not fit", "sorted must be a vector or have the same axes before the last")
	}
	return x
}
func (p searchSorted) Run(c *Call) { c.Dev().SearchSorted(c.Y(), c.X(0), c.X(1), p.Right) }

// SearchSorted returns for each element of x at which int64 position it would be inserted into an ascending vector: the
// number of elements that are less, or with right not greater. sorted may have several rows: then its axes before the last are x's, and each
// row of x searches its own.
func SearchSorted(sorted, x *Tensor, right bool) *Tensor {
	if sorted.dt != x.dt {
		dt := ResultTypeOf(sorted, x)
		sorted, x = sorted.AsType(dt), x.AsType(dt)
	}
	p := searchSorted{Right: right}
	if len(x.shape) == 0 {
		return Do(p, sorted, x.Reshape(1)).Reshape()
	}
	if len(sorted.shape) == 1 {
		sorted = sorted.Expand(append(x.Shape()[:len(x.shape)-1], sorted.shape[0])...)
	}
	return Do(p, sorted, x)
}

// Bucketize is SearchSorted with the operands exchanged: bucket i lies between boundaries i-1 and i, the upper one included, or
// with right the lower one.
func (x *Tensor) Bucketize(boundaries *Tensor, right bool) *Tensor {
	return SearchSorted(boundaries, x, right)
}

var _ = Register(searchSorted{},
	Case{Name: "wrong", F: func(in []*Tensor) *Tensor { return SearchSorted(in[0], in[1], false) }, In: [][]int{{2, 3}, {3, 2}}, Wrong: true})

// Unique returns the different elements in ascending order, for each element of x the index of its value, in x's shape, and
// how often each value occurs; the latter two are int64. NaN differs from itself, as in PyTorch. Nothing is recorded.
func (x *Tensor) Unique() (values, inverse, counts *Tensor) {
	v := x.Detach().Flatten()
	values, inverse, counts = v.runs(v.ArgSort(0, Ascending))
	return values, inverse.Reshape(x.shape...), counts
}

// UniqueAxis is Unique for the entries of an axis, which are compared as a whole and ordered by their first difference.
func (x *Tensor) UniqueAxis(axis int) (values, inverse, counts *Tensor) {
	a := x.axis("uniqueAxis", axis)
	rows := x.Detach().MoveAxis(a, 0)
	n := rows.shape[0]
	flat, order := rows.Reshape(n, numel(rows.shape[1:])), counting(n)
	for c := flat.shape[1] - 1; c >= 0; c-- {
		order = order.Take(flat.Slice(All, I(c)).Take(order).ArgSort(0, Ascending))
	}
	values, inverse, counts = rows.runs(order)
	return values.MoveAxis(0, a), inverse, counts
}

// UniqueConsecutive is Unique without sorting: it drops elements that are equal to the one before them.
func (x *Tensor) UniqueConsecutive() (values, inverse, counts *Tensor) {
	values, inverse, counts = x.Detach().Flatten().runs(counting(x.Size()))
	return values, inverse.Reshape(x.shape...), counts
}

// runs finds runs of equal rows in an order: the rows, for each row of x its run, and the runs' lengths.
func (x *Tensor) runs(order *Tensor) (values, run, counts *Tensor) {
	n := x.shape[0]
	x = x.Take(order)
	first := OnesOf(Bool, n)
	if n > 1 {
		change := x.Slice(From(1)).Ne(x.Slice(Until(-1))).Reshape(n-1, numel(x.shape[1:]))
		first.SetSlice(change.Sum(1), From(1))
	}
	run = ZerosOf(Int64, n)
	run.SetSlice(first.AsType(Int64).CumSum(0).SubScalar(1), At(order))
	starts := first.NonZero().Flatten()
	ends := Concat(0, starts, FullOf(Int64, float64(n), 1)).Slice(From(1))
	return x.Slice(Mask(first)), run, ends.Sub(starts)
}

// BinCount counts how often 0, 1, 2, ... occur in a vector of integers, or adds up the weights that stand beside them; weights
// may be nil. The result has as many elements as needed, at least minLength, and is int64 without weights.
func (x *Tensor) BinCount(weights *Tensor, minLength int) *Tensor {
	if kindOf(x.dt) != kindInt || len(x.shape) != 1 {
		Misuse("binCount", "wants a vector of integers, got "+x.dt.String(), "", x)
	}
	if x.Size() > 0 {
		if low := x.Min().Item(); low < 0 {
			Misuse("binCount", fmt.Sprintf("%v is negative", low), "", x)
		}
		minLength = max(minLength, int(x.Max().Item())+1)
	}
	if weights == nil {
		weights = FullOf(Int64, 1)
	}
	y := ZerosOf(weights.dt, minLength)
	y.AddAt(weights, At(x.AsType(Int64)))
	return y
}

// Histogram counts the elements in equal bins from lo to hi, or from the least to the greatest element if lo = hi (half
// a unit around equal elements, from 0 to 1 if there are none). counts is int64, edges has one element more. A bin
// contains its lower edge, the last one both; what lies outside does not count.
func (x *Tensor) Histogram(bins int, lo, hi float64) (counts, edges *Tensor) {
	if x = x.Detach().Flatten(); !x.dt.IsFloat() {
		x = x.AsType(Float64)
	}
	switch {
	case lo == hi && x.Size() == 0:
		lo, hi = 0, 1
	case lo == hi:
		if lo, hi = x.Min().Item(), x.Max().Item(); lo == hi {
			lo, hi = lo-0.5, hi+0.5
		}
	}
	if bins < 1 || !(lo < hi) || math.IsInf(lo, 0) || math.IsInf(hi, 0) {
		Misuse("histogram", fmt.Sprintf("%d bins from %v to %v", bins, lo, hi), "", x)
	}
	edges = LinspaceOf(x.dt, lo, hi, bins+1)
	bin := x.Bucketize(edges, true).Sub(x.Eq(edges.Slice(I(-1))).AsType(Int64)).SubScalar(1)
	inside := Mask(bin.GeScalar(0).Mul(bin.LtScalar(float64(bins))))
	return bin.Slice(inside).BinCount(nil, bins), edges
}

// Interp returns the piecewise linear function through the points (xp, fp), two vectors of which xp ascends, at x; left and
// right of the points it is constant (NumPy's interp). Gradients flow to all three.
func Interp(x, xp, fp *Tensor) *Tensor {
	if len(xp.shape) != 1 || !slices.Equal(xp.shape, fp.shape) || xp.shape[0] < 2 {
		Misuse("interp", "wants two vectors of equal length, 2 at least", "", x, xp, fp)
	}
	x = x.Maximum(xp.Index(0)).Minimum(xp.Index(-1))
	i := SearchSorted(xp.Detach().Slice(R(1, -1)), x.Detach(), true)
	j := i.AddScalar(1)
	x0, y0 := xp.Take(i), fp.Take(i)
	slope := fp.Take(j).Sub(y0).Div(xp.Take(j).Sub(x0))
	return y0.Add(slope.Mul(x.Sub(x0)))
}
