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

// Full returns a float32 tensor filled with v.
func Full(v float64, shape ...int) *Tensor {
	t := Zeros(shape...)
	device.Fill(t.view(), v)
	return t
}

// Ones returns a float32 tensor filled with 1 (2.1).
func Ones(shape ...int) *Tensor { return Full(1, shape...) }

// Scalar returns the 0-d float32 tensor v (2.3).
func Scalar(v float64) *Tensor { return Full(v) }

// ZerosLike returns zeros of x's shape and dtype, in x's scope.
func ZerosLike(x *Tensor) *Tensor { return x.New(x.shape...) }

// OnesLike returns ones of x's shape and dtype, in x's scope.
func OnesLike(x *Tensor) *Tensor {
	t := x.New(x.shape...)
	device.Fill(t.view(), 1)
	return t
}

// New returns zeros of the given shape and x's dtype beside x: on its device and in its scope.
func (x *Tensor) New(shape ...int) *Tensor {
	checkShape("new", shape)
	t, _ := alloc(shape, x.dt, x.scope.open(), false)
	return t.clear()
}

// Arange returns evenly spaced float32 values, like NumPy's arange: Arange(stop)
// counts from 0, Arange(start, stop) by 1, Arange(start, stop, step) by step;
// stop is left out. Element i is start + i*step. A range that is empty gives a
// tensor of length 0; step 0 and other numbers of arguments panic (2.1).
func Arange(args ...float64) *Tensor {
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
	t := Zeros(max(0, int(count)))
	d := raw[float32](t)
	for i := range d {
		d[i] = float32(start + float64(i)*step)
	}
	return t
}

// Linspace returns n evenly spaced float32 values from a to b, both included; a
// alone if n is 1.
func Linspace(a, b float64, n int) *Tensor {
	t := Zeros(n)
	d := raw[float32](t)
	for i := range d {
		d[i] = float32(a + (b-a)*float64(i)/float64(max(n-1, 1)))
	}
	if n > 1 {
		d[n-1] = float32(b)
	}
	return t
}

// Eye returns the n x n identity matrix.
func Eye(n int) *Tensor {
	t := Zeros(n, n)
	d := raw[float32](t)
	for i := range n {
		d[i*n+i] = 1
	}
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

// Matrix returns a matrix with a copy of rows, e.g.
// Matrix([][]float32{{2, 1, 4, 3}, {1, 2, 3, 4}}) (2.1). It panics if there are none or
// their lengths differ.
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
