// Package safetensors reads and writes the safetensors format: named arrays
// after a JSON header, nothing that could run.
//
//	8 bytes   length N of the header, little-endian
//	N bytes   JSON: {"name": {"dtype": "F32", "shape": [2, 3], "data_offsets": [0, 24]}, ...}
//	the rest  the arrays' bytes, little-endian, row-major, one after the other
//
// An optional entry "__metadata__" maps strings to strings.
//
// A file is hostile until it is parsed: [Read] checks every number in the
// header against the real size of the file before anything is allocated by it,
// and refuses duplicate names, gaps, overlaps and lengths that do not fit dtype
// and shape. Arrays are read when they are asked for.
package safetensors

import "fmt"

// DType is the format's name of an element type.
type DType string

// The element types of the format that have whole bytes.
const (
	Bool   DType = "BOOL" // one byte, 0 or 1
	U8     DType = "U8"
	I8     DType = "I8"
	F8E4M3 DType = "F8_E4M3"
	F8E5M2 DType = "F8_E5M2"
	U16    DType = "U16"
	I16    DType = "I16"
	F16    DType = "F16"
	BF16   DType = "BF16"
	U32    DType = "U32"
	I32    DType = "I32"
	F32    DType = "F32"
	U64    DType = "U64"
	I64    DType = "I64"
	F64    DType = "F64"
	C64    DType = "C64" // two float32: real part, imaginary part
)

// Size is the number of bytes of one element, 0 for an unknown type.
func (d DType) Size() int {
	switch d {
	case Bool, U8, I8, F8E4M3, F8E5M2:
		return 1
	case U16, I16, F16, BF16:
		return 2
	case U32, I32, F32:
		return 4
	case U64, I64, F64, C64:
		return 8
	}
	return 0
}

// Info describes one array of a file.
type Info struct {
	Name  string
	DType DType
	Shape []int // empty for a single number
	begin int64 // of its bytes, counted from the end of the header
	end   int64
}

// Len is the number of bytes.
func (i Info) Len() int64 { return i.end - i.begin }

// Array is one array to write. Data holds its elements little-endian and
// row-major, len(Data) = product of Shape times DType.Size().
type Array struct {
	Name  string
	DType DType
	Shape []int
	Data  []byte
}

// The limits of a header.
const (
	maxHeader = 100 << 20 // bytes, the same as in the format's reference reader
	maxRank   = 64        // axes of one array
	metaKey   = "__metadata__"
)

// byteLen is the product of shape times the element size, or an error if its positive
// factors alone are more than any memory.
func byteLen(d DType, shape []int) (int64, error) {
	size := d.Size()
	if size == 0 {
		return 0, fmt.Errorf("unknown dtype %q", string(d))
	}
	const most = 1 << 46
	n := int64(size)
	empty := false
	for _, s := range shape {
		if s < 0 {
			return 0, fmt.Errorf("negative length in shape %v", shape)
		}
		if s == 0 {
			empty = true
			continue
		}
		if n > most/int64(s) {
			return 0, fmt.Errorf("shape %v has more elements than memory can hold", shape)
		}
		n *= int64(s)
	}
	if empty {
		return 0, nil
	}
	return n, nil
}
