package tensor

import (
	"slices"
	"unsafe"

	"github.com/fathom-ml/fathom/internal/kernel"
)

// Tensor is a handle on an n-d array: shape, strides, a place in the graph; the memory behind it may be shared with
// other handles. Tensors are made by the creation functions and by operations; the zero value is not usable. Several
// goroutines may compute with a tensor at once if none writes into it.
type Tensor struct {
	buf     *buffer
	node    *Node  // how it was computed; nil: plain data
	out     int    // which output of node
	scope   *Scope // where results computed from this handle belong
	off     int    // first element
	ver     uint32 // the buffer's version that this handle has seen
	dt      DType
	shape   []int
	strides []int // in elements
	dims    [8]int
}

var device kernel.Device = kernel.CPU{}

// setShape stores shape and its row-major strides and returns the size.
func (t *Tensor) setShape(shape []int) int {
	k := len(shape)
	if k <= 4 {
		t.shape, t.strides = t.dims[:k:4], t.dims[4:4+k:8]
	} else {
		b := make([]int, 2*k)
		t.shape, t.strides = b[:k:k], b[k:]
	}
	n := 1
	for i := k - 1; i >= 0; i-- {
		t.shape[i], t.strides[i] = shape[i], n
		n *= shape[i]
	}
	return n
}

func numel(shape []int) int {
	n := 1
	for _, d := range shape {
		n *= d
	}
	return n
}

// Shape returns the lengths of the axes, a copy; it is empty for a 0-d tensor (2.1).
func (t *Tensor) Shape() []int { return slices.Clone(t.shape) }

// NDim is the number of axes.
func (t *Tensor) NDim() int { return len(t.shape) }

// Size is the number of elements, the product of the shape (2.1).
func (t *Tensor) Size() int { return numel(t.shape) }

// DType is the type of the elements.
func (t *Tensor) DType() DType { return t.dt }

// Dim is the length of an axis; negative axes count from the end.
func (t *Tensor) Dim(axis int) int { return t.shape[t.axis("dim", axis)] }

// Len is the length of the first axis, as Python's len. It panics on a 0-d tensor.
func (t *Tensor) Len() int { return t.Dim(0) }

// axis resolves a possibly negative axis.
func (t *Tensor) axis(op string, a int) int {
	k := a
	if k < 0 {
		k += len(t.shape)
	}
	if k < 0 || k >= len(t.shape) {
		panic(axisError(op, a, t))
	}
	return k
}

// axes resolves a list of axes; none means all. Repeated axes panic.
func (t *Tensor) axes(op string, axes []int) []int {
	if len(t.shape) > 64 {
		panic(&Error{Op: op, Msg: "more than 64 axes", Shapes: [][]int{t.Shape()}, Hint: "use Reshape"})
	}
	out := make([]int, 0, max(len(axes), len(t.shape)))
	if len(axes) == 0 {
		for i := range t.shape {
			out = append(out, i)
		}
		return out
	}
	for _, a := range axes {
		if len(t.shape) == 0 && (a == 0 || a == -1) {
			continue // as in PyTorch, a number has an axis to name, if not to count
		}
		k := t.axis(op, a)
		if slices.Contains(out, k) {
			panic(&Error{Op: op, Msg: "an axis is named twice", Shapes: [][]int{t.Shape()}})
		}
		out = append(out, k)
	}
	return out
}

// IsContiguous says whether the elements lie in memory in row-major order without
// gaps: new tensors do, views made by Transpose and Slice often do not.
func (t *Tensor) IsContiguous() bool {
	n := 1
	for i := len(t.shape) - 1; i >= 0; i-- {
		if t.shape[i] != 1 && t.strides[i] != n {
			return false
		}
		n *= t.shape[i]
	}
	return true
}

// SharesMemory says whether t and y are handles on the same memory, as after
// Reshape, Slice or Detach, even if they show different parts of it.
func (t *Tensor) SharesMemory(y *Tensor) bool { return t.buf == y.buf }

// view is the kernel's picture of t. It panics if the memory was released.
func (t *Tensor) view() kernel.View {
	return kernel.View{P: t.first(), DT: t.dt, Shape: t.shape, Strides: t.strides}
}

// first is where t's first element lies. It panics if the memory was released.
func (t *Tensor) first() unsafe.Pointer {
	p := t.buf.p
	if p == nil {
		panic(t.released("use"))
	}
	return unsafe.Add(p, t.off*t.dt.Size())
}

// View is the kernel's picture of t, for operations in other packages of this module.
func (t *Tensor) View() kernel.View { return t.view() }

// alias is a second handle on t's memory, not recorded.
func (t *Tensor) alias() *Tensor {
	u := &Tensor{buf: t.buf, scope: t.scope, off: t.off, ver: t.buf.ver, dt: t.dt}
	u.setShape(t.shape)
	copy(u.strides, t.strides)
	return u
}

// A Device is where a tensor's memory lives and its operations run.
type Device struct{ d kernel.Device }

// String is "cpu(0)", as the book prints it.
func (d Device) String() string { return d.d.Name() + "(0)" }

// CPU is the processor, the only device so far (5.6).
func CPU() Device { return Device{device} }

// Device is where t lives.
func (t *Tensor) Device() Device { return Device{device} }
