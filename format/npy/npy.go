// Package npy reads and writes NumPy's files: .npy, one array, and .npz, a zip archive of them.
//
//	6 bytes      \x93NUMPY
//	2 bytes      version: 1.0, 2.0 or 3.0
//	2 or 4 bytes length of the header, little-endian
//	header       a Python dict: {'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }
//	the rest     the elements
//
// All dtypes of tensors but bfloat16, which the format cannot name, are written, byte for byte as
// NumPy does. Both byte orders and both orders of axes are read. uint16 and int16 become
// int32, uint32 becomes int64; uint64, strings, dates, records and Python objects are errors. A
// header is text to this package, never a program: it takes the dict above and nothing else.
package npy

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"

	"github.com/fathom-ml/fathom/internal/atomicfile"
	"github.com/fathom-ml/fathom/tensor"
	"github.com/fathom-ml/fathom/tensor/elem"
)

const (
	magic     = "\x93NUMPY"
	maxHeader = 1 << 16 // bytes; the dict of an array of numbers is far shorter
)

// Load reads the array in the .npy file at path. Bytes after the array are an error; [Read] takes
// one array after the other.
func Load(path string) (*tensor.Tensor, error) {
	x, err := load(path)
	if err != nil {
		return nil, fmt.Errorf("npy: %s: %w", path, err)
	}
	return x, nil
}

func load(path string) (*tensor.Tensor, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	fi, err := f.Stat()
	if err != nil {
		return nil, err
	}
	size := fi.Size()
	if !fi.Mode().IsRegular() {
		size = -1
	}
	return only(f, elem.NewReader(f, size))
}

// only reads an array that is all there is in r.
func only(r io.Reader, er *elem.Reader) (*tensor.Tensor, error) {
	x, err := read(er)
	if err != nil {
		return nil, err
	}
	switch _, err := io.ReadFull(r, make([]byte, 1)); err {
	case io.EOF:
		return x, nil
	case nil:
		return nil, errors.New("more bytes follow the array")
	default:
		return nil, err
	}
}

// Read reads one array and leaves r behind its last byte. Memory grows with the bytes that arrive,
// not with what the header claims. The tensor is contiguous, also if the file is in Fortran order.
func Read(r io.Reader) (*tensor.Tensor, error) {
	x, err := read(elem.NewReader(r, -1))
	if err != nil {
		return nil, fmt.Errorf("npy: %w", err)
	}
	return x, nil
}

func read(r *elem.Reader) (*tensor.Tensor, error) {
	h, err := readHeader(r)
	if err != nil {
		return nil, err
	}
	if !h.fortran {
		return r.Tensor(h.elem, h.order, h.shape)
	}
	slices.Reverse(h.shape)
	x, err := r.Tensor(h.elem, h.order, h.shape)
	if err != nil {
		return nil, err
	}
	return x.T().Contiguous(), nil
}

// Save writes x to the .npy file at path, in full or not at all.
func Save(path string, x *tensor.Tensor) error {
	return atomicfile.Write(path, func(w io.Writer) error { return Write(w, x) })
}

// Write writes x as version 1.0. A transposed view of contiguous memory is written in Fortran
// order, as by NumPy, other views in row-major order. bfloat16 is an error: convert it with AsType.
func Write(w io.Writer, x *tensor.Tensor) error {
	head, y, err := encode(x)
	if err == nil {
		_, err = w.Write(head)
	}
	if err == nil {
		err = elem.Write(w, y)
	}
	if err != nil {
		return fmt.Errorf("npy: %w", err)
	}
	return nil
}

// descrs are the names of types in a header, without the byte order.
var descrs = map[string]elem.Type{
	"b1": elem.Bool, "u1": elem.U8, "i1": elem.I8, "u2": elem.U16, "i2": elem.I16, "f2": elem.F16, "u4": elem.U32,
	"i4": elem.I32, "f4": elem.F32, "u8": elem.U64, "i8": elem.I64, "f8": elem.F64, "c8": elem.C64, "c16": elem.C128,
}

// encode makes the header of x and the tensor whose bytes follow it.
func encode(x *tensor.Tensor) (head []byte, y *tensor.Tensor, err error) {
	x = x.Detach()
	t := elem.TypeOf(x.DType())
	descr := ""
	for d, e := range descrs {
		if e == t {
			descr = d
		}
	}
	if descr == "" {
		return nil, nil, fmt.Errorf("the format has no %s: use AsType", x.DType())
	}
	shape := x.Shape()
	if len(shape) > elem.MaxRank {
		return nil, nil, fmt.Errorf("%d axes are more than %d", len(shape), elem.MaxRank)
	}
	h := header{descr: "<" + descr, shape: shape}
	if t.Size() == 1 {
		h.descr = "|" + descr
	}
	if y = x; x.Size() > 0 && !x.IsContiguous() && x.T().IsContiguous() {
		h.fortran, y = true, x.T()
	}
	return h.bytes(), y, nil
}

// header is what a file says of its array.
type header struct {
	descr   string
	elem    elem.Type
	order   binary.ByteOrder
	fortran bool
	shape   []int
}

// bytes is the header with all that stands before it. NumPy leaves blanks for the longest axis to
// grow in place to 21 digits, and fills up to a multiple of 64.
func (h header) bytes() []byte {
	py := "False"
	if h.fortran {
		py = "True"
	}
	dict := fmt.Appendf(nil, "{'descr': '%s', 'fortran_order': %s, 'shape': (", h.descr, py)
	for i, n := range h.shape {
		if i > 0 {
			dict = append(dict, ", "...)
		}
		dict = fmt.Append(dict, n)
	}
	if len(h.shape) == 1 {
		dict = append(dict, ',')
	}
	dict = append(dict, "), }"...)
	if k := len(h.shape); k > 0 {
		grows := h.shape[0]
		if h.fortran {
			grows = h.shape[k-1]
		}
		dict = fmt.Appendf(dict, "%*s", 21-len(fmt.Sprint(grows)), "")
	}
	const before = len(magic) + 4
	dict = fmt.Appendf(dict, "%*s\n", 64-(before+len(dict)+1)%64, "")
	head := append(make([]byte, 0, before+len(dict)), magic+"\x01\x00"...)
	return append(binary.LittleEndian.AppendUint16(head, uint16(len(dict))), dict...)
}
