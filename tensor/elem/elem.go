// Package elem carries tensors to bytes and back. It is what the file formats share: the element
// types that files have, how many bytes a shape takes, the bytes of a tensor, and a [Reader] that
// believes no length before the bytes are there.
//
// Types that no tensor has are widened when they are read, so that no value changes:
//
//	uint16, int16 -> int32
//	uint32        -> int64
//
// uint64 fits no dtype and is an error.
package elem

import (
	"fmt"

	"github.com/fathom-ml/fathom/tensor"
)

// Type is a type of elements in files.
type Type uint8

// The types of elements.
const (
	Bool Type = iota // one byte, 0 is false
	U8
	I8
	U16
	I16
	F16
	BF16
	U32
	I32
	F32
	U64
	I64
	F64
	C64  // two float32: real part, imaginary part
	C128 // two float64
)

var types = [...]struct {
	name string
	size int
	dt   tensor.DType
}{
	Bool: {"bool", 1, tensor.Bool},
	U8:   {"uint8", 1, tensor.Uint8},
	I8:   {"int8", 1, tensor.Int8},
	U16:  {"uint16", 2, tensor.Int32},
	I16:  {"int16", 2, tensor.Int32},
	F16:  {"float16", 2, tensor.Float16},
	BF16: {"bfloat16", 2, tensor.BFloat16},
	U32:  {"uint32", 4, tensor.Int64},
	I32:  {"int32", 4, tensor.Int32},
	F32:  {"float32", 4, tensor.Float32},
	U64:  {"uint64", 8, 0},
	I64:  {"int64", 8, tensor.Int64},
	F64:  {"float64", 8, tensor.Float64},
	C64:  {"complex64", 8, tensor.Complex64},
	C128: {"complex128", 16, tensor.Complex128},
}

// String is NumPy's name of the type.
func (t Type) String() string { return types[t].name }

// Size is the number of bytes of one element.
func (t Type) Size() int { return types[t].size }

// DType is the dtype of the tensors that hold elements of type t; ok is false for U64.
func (t Type) DType() (dt tensor.DType, ok bool) { return types[t].dt, t != U64 }

// TypeOf is the type that the elements of a tensor of this dtype have in a file.
func TypeOf(dt tensor.DType) Type {
	for t := range types {
		if types[t].dt == dt && types[t].name == dt.String() {
			return Type(t)
		}
	}
	panic("elem: a dtype without a type: " + dt.String())
}

// MaxRank is the number of axes that a file may give an array: NumPy's limit.
const MaxRank = 64

// Len is the number of bytes of size-byte elements of a shape. It is an error if a length is
// negative, if there are more than [MaxRank] axes, or if the positive lengths alone ask for more
// than any memory.
func Len(size int, shape []int) (int64, error) {
	const most = 1 << 46
	if len(shape) > MaxRank {
		return 0, fmt.Errorf("%d axes are more than %d", len(shape), MaxRank)
	}
	n, empty := int64(size), false
	for _, s := range shape {
		switch {
		case s < 0:
			return 0, fmt.Errorf("negative length in shape %v", shape)
		case s == 0:
			empty = true
		case n > most/int64(s):
			return 0, fmt.Errorf("shape %v has more elements than memory can hold", shape)
		default:
			n *= int64(s)
		}
	}
	if empty {
		return 0, nil
	}
	return n, nil
}
