package tensor

import (
	"fmt"
	"math"
	"slices"
	"unsafe"
)

// ZerosOf returns a tensor of a dtype filled with 0, false for Bool; without lengths it is 0-d.
func ZerosOf(dt DType, shape ...int) *Tensor {
	checkShape("zeros", shape)
	t, _ := alloc(shape, dt, nil, false)
	return t // Go memory is born zero
}

// Zeros returns a float32 tensor filled with 0 (2.1). Like all functions that take a
// shape, it panics if a length is negative.
func Zeros(shape ...int) *Tensor { return ZerosOf(Float32, shape...) }

// FullOf returns a tensor of a dtype filled with v.
func FullOf(dt DType, v float64, shape ...int) *Tensor {
	t := ZerosOf(dt, shape...)
	device.Fill(t.view(), v)
	return t
}

// OnesOf returns a tensor of a dtype filled with 1, true for Bool.
func OnesOf(dt DType, shape ...int) *Tensor { return FullOf(dt, 1, shape...) }

// Full returns a float32 tensor filled with v.
func Full(v float64, shape ...int) *Tensor { return FullOf(Float32, v, shape...) }

// Ones returns a float32 tensor filled with 1 (2.1).
func Ones(shape ...int) *Tensor { return Full(1, shape...) }

// Scalar returns the 0-d float32 tensor v (2.3).
func Scalar(v float64) *Tensor { return Full(v) }

// ZerosLike returns zeros of x's shape and dtype, in x's scope.
func ZerosLike(x *Tensor) *Tensor { return x.New(x.shape...) }

// OnesLike returns ones of x's shape and dtype, in x's scope.
func OnesLike(x *Tensor) *Tensor { return FullLike(x, 1) }

// FullLike returns a tensor of x's shape and dtype filled with v, in x's scope.
func FullLike(x *Tensor, v float64) *Tensor {
	t := x.New(x.shape...)
	device.Fill(t.view(), v)
	return t
}

// New returns zeros of the given shape and x's dtype beside x: on its device and in its scope.
func (x *Tensor) New(shape ...int) *Tensor {
	checkShape("new", shape)
	t, _ := alloc(shape, x.dt, x.scope.open(), false)
	return t.clear()
}

// Arange returns evenly spaced float32 values, like NumPy's arange: Arange(stop) counts from 0, Arange(start, stop)
// by 1, Arange(start, stop, step) by step; stop is left out. Element i is start + i*step. A range that is empty gives
// a tensor of length 0; step 0 and other numbers of arguments panic (2.1).
func Arange(args ...float64) *Tensor { return ArangeOf(Float32, args...) }

// ArangeOf is Arange with a dtype: ArangeOf(Int64, n) counts.
func ArangeOf(dt DType, args ...float64) *Tensor {
	start, stop, step := 0.0, 0.0, 1.0
	switch len(args) {
	case 1:
		stop = args[0]
	case 2:
		start, stop = args[0], args[1]
	case 3:
		start, stop, step = args[0], args[1], args[2]
	default:
		panic(&Error{Op: "arange", Msg: fmt.Sprintf("wants 1 to 3 numbers, got %d", len(args)), Hint: "stop; start, stop; start, stop, step"})
	}
	count := math.Ceil((stop - start) / step)
	if step == 0 || math.IsNaN(count) || count > 1<<40 {
		panic(&Error{Op: "arange", Msg: fmt.Sprintf("no finite range from %v to %v by %v", start, stop, step)})
	}
	return generate(dt, max(0, int(count)), func(i int) float64 { return start + float64(i)*step })
}

// generate is a vector of f(0), f(1), ...
func generate(dt DType, n int, f func(i int) float64) *Tensor {
	if dt == Float32 {
		t := Zeros(n)
		for i, d := 0, raw[float32](t); i < n; i++ {
			d[i] = float32(f(i))
		}
		return t
	}
	t := ZerosOf(Float64, n)
	for i, d := 0, raw[float64](t); i < n; i++ {
		d[i] = f(i)
	}
	return t.AsType(dt)
}

// Linspace returns n evenly spaced float32 values from a to b, both included; a alone if n is 1.
func Linspace(a, b float64, n int) *Tensor { return LinspaceOf(Float32, a, b, n) }

// LinspaceOf is Linspace with a dtype.
func LinspaceOf(dt DType, a, b float64, n int) *Tensor {
	return generate(dt, n, func(i int) float64 {
		if i > 0 && i == n-1 {
			return b
		}
		return a + (b-a)*float64(i)/float64(max(n-1, 1))
	})
}

// LogSpaceOf returns n values from 10^a to 10^b whose logarithms are evenly spaced.
func LogSpaceOf(dt DType, a, b float64, n int) *Tensor {
	return generate(dt, n, func(i int) float64 { return math.Pow(10, a+(b-a)*float64(i)/float64(max(n-1, 1))) })
}

// GeomSpaceOf returns n values from a to b in geometric progression; both are positive.
func GeomSpaceOf(dt DType, a, b float64, n int) *Tensor {
	if !(a > 0 && b > 0) {
		panic(&Error{Op: "geomSpace", Msg: fmt.Sprintf("wants positive limits, got %v and %v", a, b)})
	}
	return generate(dt, n, func(i int) float64 { return a * math.Pow(b/a, float64(i)/float64(max(n-1, 1))) })
}

// FromFunc returns a float32 tensor with f(i, j, ...) at position (i, j, ...); f must not keep the slice that it gets.
func FromFunc(f func(at []int) float64, shape ...int) *Tensor {
	checkShape("fromFunc", shape)
	at := make([]int, len(shape))
	return generate(Float32, numel(shape), func(i int) float64 {
		for k := len(shape) - 1; k >= 0; k-- {
			at[k] = i % shape[k]
			i /= shape[k]
		}
		return f(at)
	}).Reshape(shape...)
}

// Eye returns the n x n identity matrix.
func Eye(n int) *Tensor { return EyeOf(Float32, n, n, 0) }

// EyeOf returns the n x m matrix of a dtype with ones on the k-th diagonal; k = 0 is the main one, positive k lie above it.
func EyeOf(dt DType, n, m, k int) *Tensor {
	t := ZerosOf(dt, n, m)
	t.Diagonal(k, 0, 1).Fill(1)
	return t
}

// Of returns a tensor with a copy of data, of its element type (int becomes
// int64); without lengths it is a vector. It panics if data does not fill the shape.
func Of[T Element | int](data []T, shape ...int) *Tensor {
	if len(shape) == 0 {
		shape = []int{len(data)}
	}
	checkShape("of", shape)
	if numel(shape) != len(data) {
		panic(&Error{Op: "of", Msg: fmt.Sprintf("%d values do not fill the shape", len(data)), Shapes: [][]int{slices.Clone(shape)}})
	}
	t := ZerosOf(dtypeFor[T](), shape...)
	if d, ok := any(data).([]int); ok {
		for i, v := range d {
			raw[int64](t)[i] = int64(v)
		}
		return t
	}
	copy(unsafe.Slice((*T)(t.view().P), len(data)), data)
	return t
}

// Matrix returns a matrix with a copy of rows, e.g. Matrix([][]float32{{2, 1, 4, 3}, {1, 2, 3, 4}}) (2.1). It panics
// if there are none or their lengths differ.
func Matrix[T Element | int](rows [][]T) *Tensor {
	if len(rows) == 0 {
		panic(&Error{Op: "matrix", Msg: "no rows"})
	}
	var flat []T
	for i, r := range rows {
		if len(r) != len(rows[0]) {
			panic(&Error{Op: "matrix", Msg: fmt.Sprintf("row %d has %d values, row 0 has %d", i, len(r), len(rows[0]))})
		}
		flat = append(flat, r...)
	}
	return Of(flat, len(rows), len(rows[0]))
}

// OneHot returns a new last axis of length depth with 1 at the position that each integer of x names and 0 elsewhere, as
// float32 (npx.one_hot). It panics if an integer is not in [0, depth).
func (x *Tensor) OneHot(depth int) *Tensor {
	if kindOf(x.dt) != kindInt {
		Misuse("oneHot", "wants integers, got "+x.dt.String(), "use AsType(tensor.Int64)", x)
	}
	if k, bad := OutOfRange(x.AsType(Int64).Contiguous(), depth); bad {
		Misuse("oneHot", fmt.Sprintf("%d is not in [0, %d)", k, depth), "", x)
	}
	return x.Unsqueeze(-1).Eq(counting(depth)).AsType(Float32)
}

// SequenceMask replaces what lies behind the end of each sequence by v (9.7; npx.sequence_mask). Axis 0 or 1 of x is time,
// the other one counts the sequences, whose lengths the vector holds. Shapes: [n, t, ...], [n] -> [n, t, ...] for axis 1.
func (x *Tensor) SequenceMask(lengths *Tensor, v float64, axis int) *Tensor {
	if len(x.shape) < 2 || axis < 0 || axis > 1 || len(lengths.shape) != 1 || lengths.shape[0] != x.shape[1-axis] {
		Misuse("sequenceMask", "wants sequences on axis 0 or 1 and a vector with one length each", "", x, lengths)
	}
	time, nd := counting(x.shape[axis]), len(x.shape)
	return x.MaskedFill(time.lying(axis, nd).Ge(lengths.Detach().lying(1-axis, nd)), v)
}

// Diff returns the differences of neighbouring elements along an axis, which gets shorter by 1; of bools whether they differ.
func (x *Tensor) Diff(axis int) *Tensor {
	a := x.axis("diff", axis)
	after, before := x.Slice(along(a, From(1))...), x.Slice(along(a, Until(-1))...)
	if x.dt == Bool {
		return after.Ne(before)
	}
	return after.Sub(before)
}

// Trapezoid integrates y along an axis with the trapezoidal rule. x holds the points, a vector or of y's shape; if it is
// nil they are 1 apart.
func Trapezoid(y, x *Tensor, axis int) *Tensor {
	a := y.axis("trapezoid", axis)
	mean := y.Slice(along(a, From(1))...).Add(y.Slice(along(a, Until(-1))...)).DivScalar(2)
	if x == nil {
		return mean.Sum(a)
	}
	if len(x.shape) == 1 {
		x = x.lying(a, len(y.shape))
	}
	return mean.Mul(x.Diff(a)).Sum(a)
}
