package safetensors

import (
	"encoding/binary"
	"fmt"
	"math"
	"slices"
	"unsafe"

	"github.com/fathom-ml/fathom/tensor"
)

// hostIsLittle says whether numbers lie in this machine's memory as in the file.
var hostIsLittle = binary.NativeEndian.Uint16([]byte{1, 0}) == 1

// FromTensor is x as an array to write. If x is contiguous the array may share its memory, so
// write it before x changes. The element type stays: F32, F64, I32, I64, U8 or BOOL.
func FromTensor(name string, x *tensor.Tensor) Array {
	x = x.Detach().Contiguous()
	a := Array{Name: name, Shape: x.Shape()}
	switch x.DType() {
	case tensor.Float64:
		a.DType, a.Data = F64, memory(tensor.Data[float64](x))
	case tensor.Int32:
		a.DType, a.Data = I32, memory(tensor.Data[int32](x))
	case tensor.Int64:
		a.DType, a.Data = I64, memory(tensor.Data[int64](x))
	case tensor.Uint8:
		a.DType, a.Data = U8, tensor.Data[uint8](x)
	case tensor.Bool:
		a.DType, a.Data = Bool, memory(tensor.Data[bool](x))
	default:
		a.DType, a.Data = F32, memory(tensor.Data[float32](x))
	}
	if !hostIsLittle {
		a.Data = slices.Clone(a.Data)
		toHost(a.Data, a.DType.Size())
	}
	return a
}

// TensorType is the dtype of the tensors that [File.Tensor] makes of elements of type d; ok is
// false if no tensor can hold them.
func (d DType) TensorType() (dt tensor.DType, ok bool) {
	switch d {
	case F32, F16, BF16:
		return tensor.Float32, true
	case F64:
		return tensor.Float64, true
	case I32, I8, I16, U16:
		return tensor.Int32, true
	case I64, U32:
		return tensor.Int64, true
	case U8:
		return tensor.Uint8, true
	case Bool:
		return tensor.Bool, true
	}
	return 0, false
}

// Tensor reads one array as a tensor. Half-precision types (F16, BF16) become float32, I8,
// I16 and U16 become int32, U32 becomes int64, all without loss. The remaining types have
// no tensor and give an error; Bytes reads them.
func (f *File) Tensor(name string) (*tensor.Tensor, error) {
	e, ok := f.Info(name)
	if !ok {
		return nil, fmt.Errorf("safetensors: no array is named %q", clip(name))
	}
	le := binary.LittleEndian
	switch e.DType {
	case F32:
		return plain[float32](f, e, tensor.Float32)
	case F64:
		return plain[float64](f, e, tensor.Float64)
	case I32:
		return plain[int32](f, e, tensor.Int32)
	case I64:
		return plain[int64](f, e, tensor.Int64)
	case U8:
		return plain[uint8](f, e, tensor.Uint8)
	case Bool: // any byte but 0 is true, and only 1 may lie in memory
		return convert(f, e, tensor.Bool, func(b []byte) bool { return b[0] != 0 })
	case F16:
		return convert(f, e, tensor.Float32, func(b []byte) float32 { return half(le.Uint16(b)) })
	case BF16:
		return convert(f, e, tensor.Float32, func(b []byte) float32 { return math.Float32frombits(uint32(le.Uint16(b)) << 16) })
	case I8:
		return convert(f, e, tensor.Int32, func(b []byte) int32 { return int32(int8(b[0])) })
	case I16:
		return convert(f, e, tensor.Int32, func(b []byte) int32 { return int32(int16(le.Uint16(b))) })
	case U16:
		return convert(f, e, tensor.Int32, func(b []byte) int32 { return int32(le.Uint16(b)) })
	case U32:
		return convert(f, e, tensor.Int64, func(b []byte) int64 { return int64(le.Uint32(b)) })
	}
	return nil, fmt.Errorf("safetensors: array %q holds %s, which no tensor can", clip(name), e.DType)
}

// plain reads elements that lie in the file as in memory, save for their byte order.
func plain[T tensor.Element](f *File, e Info, dt tensor.DType) (*tensor.Tensor, error) {
	x := tensor.ZerosOf(dt, e.Shape...)
	b := memory(tensor.Data[T](x))
	if err := f.ReadInto(b, e.Name); err != nil {
		return nil, err
	}
	toHost(b, e.DType.Size())
	return x, nil
}

// convert reads elements one by one.
func convert[T tensor.Element](f *File, e Info, dt tensor.DType, one func(b []byte) T) (*tensor.Tensor, error) {
	b, err := f.Bytes(e.Name)
	if err != nil {
		return nil, err
	}
	x := tensor.ZerosOf(dt, e.Shape...)
	d, size := tensor.Data[T](x), e.DType.Size()
	for i := range d {
		d[i] = one(b[i*size:])
	}
	return x, nil
}

// memory is the memory of a slice as bytes.
func memory[T tensor.Element](d []T) []byte {
	if len(d) == 0 {
		return nil
	}
	return unsafe.Slice((*byte)(unsafe.Pointer(&d[0])), len(d)*int(unsafe.Sizeof(d[0])))
}

// toHost turns little-endian elements of size bytes into the machine's, or back.
func toHost(b []byte, size int) {
	if hostIsLittle || size == 1 {
		return
	}
	for ; len(b) >= size; b = b[size:] {
		slices.Reverse(b[:size])
	}
}

// half is the value of an IEEE 754 half-precision number.
func half(h uint16) float32 {
	sign, exp, frac := uint32(h>>15)<<31, uint32(h>>10)&31, uint32(h)&1023
	switch exp {
	case 0: // zero and subnormal numbers: frac * 2^-24
		return math.Float32frombits(sign | math.Float32bits(float32(frac)*(1.0/(1<<24))))
	case 31:
		return math.Float32frombits(sign | 0xff<<23 | frac<<13)
	}
	return math.Float32frombits(sign | (exp+127-15)<<23 | frac<<13)
}
