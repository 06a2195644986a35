package elem

import (
	"encoding/binary"
	"io"
	"slices"
	"unsafe"

	"github.com/fathom-ml/fathom/tensor"
)

// Bytes is x little-endian and row-major. It may be the memory of x, pinned as [tensor.Data] does:
// use it before x changes, and do not write into it.
func Bytes(x *tensor.Tensor) []byte {
	x = x.Detach().Contiguous()
	b := memory(x)
	if t := TypeOf(x.DType()); !native(binary.LittleEndian) && t.word() > 1 {
		b = slices.Clone(b)
		reverse(b, t.word())
	}
	return b
}

// Write writes the bytes of x, little-endian and row-major.
func Write(w io.Writer, x *tensor.Tensor) error {
	_, err := w.Write(Bytes(x))
	return err
}

// memory is the memory of a contiguous tensor.
func memory(x *tensor.Tensor) []byte {
	switch x.DType() {
	case tensor.Float64:
		return span[float64](x)
	case tensor.Int32:
		return span[int32](x)
	case tensor.Int64:
		return span[int64](x)
	case tensor.Uint8:
		return span[uint8](x)
	case tensor.Bool:
		return span[bool](x)
	case tensor.Float16:
		return span[tensor.F16](x)
	case tensor.BFloat16:
		return span[tensor.BF16](x)
	case tensor.Int8:
		return span[int8](x)
	case tensor.Complex64:
		return span[complex64](x)
	case tensor.Complex128:
		return span[complex128](x)
	}
	return span[float32](x)
}

func span[T tensor.Element](x *tensor.Tensor) []byte {
	d := tensor.Data[T](x)
	if len(d) == 0 {
		return nil
	}
	return unsafe.Slice((*byte)(unsafe.Pointer(&d[0])), len(d)*int(unsafe.Sizeof(d[0])))
}

// native says whether order is that of this machine.
func native(order binary.ByteOrder) bool {
	b := []byte{1, 0}
	return order.Uint16(b) == binary.NativeEndian.Uint16(b)
}

// word is the number of bytes that change places when the byte order changes: half a complex number.
func (t Type) word() int {
	if t == C64 || t == C128 {
		return t.Size() / 2
	}
	return t.Size()
}

// reverse turns words of size bytes round.
func reverse(b []byte, size int) {
	for ; len(b) >= size; b = b[size:] {
		slices.Reverse(b[:size])
	}
}
