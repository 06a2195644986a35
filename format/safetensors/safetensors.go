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

import (
	"fmt"

	"github.com/fathom-ml/fathom/tensor/elem"
)

// DType is the format's name of an element type.
type DType string

// The element types of the format that have whole bytes.
const (
	Bool    DType = "BOOL" // one byte, 0 or 1
	U8      DType = "U8"
	I8      DType = "I8"
	F8E4M3  DType = "F8_E4M3"
	F8E5M2  DType = "F8_E5M2"
	F8E8M0  DType = "F8_E8M0"
	F8E4M3Z DType = "F8_E4M3FNUZ"
	F8E5M2Z DType = "F8_E5M2FNUZ"
	U16     DType = "U16"
	I16     DType = "I16"
	F16     DType = "F16"
	BF16    DType = "BF16"
	U32     DType = "U32"
	I32     DType = "I32"
	F32     DType = "F32"
	U64     DType = "U64"
	I64     DType = "I64"
	F64     DType = "F64"
	C64     DType = "C64" // two float32: real part, imaginary part
)

// dtypes are the types with what they are to tensors, in the order in which the format's reference
// writer places arrays: the last ones first.
var dtypes = []struct {
	name    DType
	size    int
	numbers bool // elem says how tensors hold them
	elem    elem.Type
}{
	{Bool, 1, true, elem.Bool}, {U8, 1, true, elem.U8}, {I8, 1, true, elem.I8},
	{F8E5M2, 1, false, 0}, {F8E4M3, 1, false, 0}, {F8E8M0, 1, false, 0}, {F8E4M3Z, 1, false, 0}, {F8E5M2Z, 1, false, 0},
	{I16, 2, true, elem.I16}, {U16, 2, true, elem.U16}, {F16, 2, true, elem.F16}, {BF16, 2, true, elem.BF16},
	{I32, 4, true, elem.I32}, {U32, 4, true, elem.U32}, {F32, 4, true, elem.F32},
	{C64, 8, true, elem.C64}, {F64, 8, true, elem.F64}, {I64, 8, true, elem.I64}, {U64, 8, true, elem.U64},
}

// place is the type's index in dtypes, -1 for an unknown type.
func (d DType) place() int {
	for i, e := range dtypes {
		if e.name == d {
			return i
		}
	}
	return -1
}

// Size is the number of bytes of one element, 0 for an unknown type.
func (d DType) Size() int {
	if i := d.place(); i >= 0 {
		return dtypes[i].size
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
	maxRank   = elem.MaxRank
	metaKey   = "__metadata__"
)

// byteLen is the product of shape times the element size.
func byteLen(d DType, shape []int) (int64, error) {
	size := d.Size()
	if size == 0 {
		return 0, fmt.Errorf("unknown dtype %q", string(d))
	}
	return elem.Len(size, shape)
}
