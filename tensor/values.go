package tensor

import (
	"fmt"
	"runtime"
	"unsafe"

	"github.com/fathom-ml/fathom/internal/kernel"
)

// at reads the element off elements after the handle's first, as float64.
func (x *Tensor) at(off int) float64 {
	p := unsafe.Add(x.view().P, off*x.dt.Size())
	switch x.dt {
	case Float64:
		return *(*float64)(p)
	case Int32:
		return float64(*(*int32)(p))
	case Int64:
		return float64(*(*int64)(p))
	case Uint8, Bool:
		return float64(*(*uint8)(p))
	case Int8:
		return float64(*(*int8)(p))
	case Float16:
		return float64((*(*F16)(p)).Float32())
	case BFloat16:
		return float64((*(*BF16)(p)).Float32())
	case Complex64, Complex128:
		Misuse("read", "a complex number is not one real number", "use Real, Imag or Complex128s", x)
	}
	return float64(*(*float32)(p))
}

// intAt is at for integers, exact for int64 too.
func (x *Tensor) intAt(off int) int64 {
	if x.dt == Int64 {
		return *(*int64)(unsafe.Add(x.view().P, off*8))
	}
	return int64(x.at(off))
}

// Item is the value of a tensor with one element, of any number of axes; true is 1 (2.1).
// It panics if there are more or none.
func (x *Tensor) Item() float64 {
	if x.Size() != 1 {
		Misuse("item", "wants one element", "index first, or reduce with Sum or Mean", x)
	}
	return x.at(0)
}

// At is element (i, j, ...), one index an axis; negative indices count from the end.
func (x *Tensor) At(index ...int) float64 {
	if len(index) != len(x.shape) {
		Misuse("at", fmt.Sprintf("%d indices for %d axes", len(index), len(x.shape)), "", x)
	}
	off := 0
	for a, i := range index {
		k := i
		if k < 0 {
			k += x.shape[a]
		}
		if k < 0 || k >= x.shape[a] {
			Misuse("at", fmt.Sprintf("index %d is out of range for axis %d", i, a), "", x)
		}
		off += k * x.strides[a]
	}
	return x.at(off)
}

// SetAt writes v into element (i, j, ...), one index an axis: X[1, 2] = 9 (2.1). The rules of SetSlice hold.
func (x *Tensor) SetAt(v float64, index ...int) {
	if len(index) != len(x.shape) {
		Misuse("setAt", fmt.Sprintf("%d indices for %d axes", len(index), len(x.shape)), "", x)
	}
	rs := make([]Range, len(index))
	for a, i := range index {
		rs[a] = I(i)
	}
	x.FillSlice(v, rs...)
}

// Data is the memory of a contiguous tensor as a slice in row-major order: writing into it changes the tensor (and is
// not seen by the checks of Backward). The memory is pinned: it stays the slice's for good, also after its scope was
// closed. It panics if T is not the element type and on a view that is not contiguous.
func Data[T Element](x *Tensor) []T {
	if dt := dtypeFor[T](); dt != x.dt {
		Misuse("data", "the tensor holds "+x.dt.String()+", not "+dt.String(), "use AsType", x)
	}
	if !x.IsContiguous() {
		Misuse("data", "the view is not contiguous", "use Contiguous()", x)
	}
	x.buf.pinned.Store(true)
	return raw[T](x)
}

// values copies the elements in row-major order, converted as AsType converts.
func values[T Element](x *Tensor) []T {
	if x.dt.IsComplex() {
		Misuse("read", "a complex number is not one real number", "use Real, Imag or Complex128s", x)
	}
	y := make([]T, x.Size())
	var to Tensor
	to.setShape(x.shape)
	device.Copy(kernel.View{P: unsafe.Pointer(unsafe.SliceData(y)), DT: dtypeFor[T](), Shape: to.shape, Strides: to.strides}, x.view())
	runtime.KeepAlive(x)
	return y
}

// Float64s returns the elements in row-major order as float64, a copy; true is 1.
func (x *Tensor) Float64s() []float64 { return values[float64](x) }

// Float32s returns the elements in row-major order as float32, a copy.
func (x *Tensor) Float32s() []float32 { return values[float32](x) }

// Ints returns the elements in row-major order as ints, floats cut toward zero, a copy.
func (x *Tensor) Ints() []int {
	out := make([]int, x.Size())
	for i, v := range values[int64](x) {
		out[i] = int(v)
	}
	return out
}
