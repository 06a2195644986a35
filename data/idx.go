package data

import (
	"bufio"
	"compress/gzip"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"os"

	"github.com/fathom-ml/fathom/tensor"
)

// IDXType is the element type of an idx file, by the format's own code.
type IDXType uint8

// The element types of the format.
const (
	IDXUint8   IDXType = 0x08
	IDXInt8    IDXType = 0x09
	IDXInt16   IDXType = 0x0B
	IDXInt32   IDXType = 0x0C
	IDXFloat32 IDXType = 0x0D
	IDXFloat64 IDXType = 0x0E
)

// Size is the number of bytes of one element, 0 for a code the format does not have.
func (t IDXType) Size() int {
	switch t {
	case IDXUint8, IDXInt8:
		return 1
	case IDXInt16:
		return 2
	case IDXInt32, IDXFloat32:
		return 4
	case IDXFloat64:
		return 8
	}
	return 0
}

// String is the type's name, "uint8" and so on.
func (t IDXType) String() string {
	switch t {
	case IDXUint8:
		return "uint8"
	case IDXInt8:
		return "int8"
	case IDXInt16:
		return "int16"
	case IDXInt32:
		return "int32"
	case IDXFloat32:
		return "float32"
	case IDXFloat64:
		return "float64"
	}
	return fmt.Sprintf("type %#02x", uint8(t))
}

// IDX is the content of an idx file, the format of MNIST and Fashion-MNIST:
//
//	0 0 type rank   four bytes
//	rank lengths    uint32, big-endian
//	the elements    big-endian, row-major
type IDX struct {
	Type  IDXType
	Shape []int
	Data  []byte // as in the file: big-endian, row-major
}

// MaxIDX is the number of bytes of elements that [ReadIDX] takes at most: 1 GiB,
// twenty times the largest MNIST file.
const MaxIDX = 1 << 30

// OpenIDX reads the idx file at path, plain or compressed with gzip.
func OpenIDX(path string) (*IDX, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("idx: %w", err)
	}
	defer f.Close()
	x, err := readIDX(f)
	if err != nil {
		return nil, fmt.Errorf("idx: %s: %w", path, err)
	}
	return x, nil
}

// ReadIDX reads one idx file, plain or compressed with gzip, to its end. It
// believes nothing: memory grows with the bytes that are really there, never
// beyond twice what the header declares or [MaxIDX], and a file that is shorter or
// longer than its header says is an error.
func ReadIDX(r io.Reader) (*IDX, error) {
	x, err := readIDX(r)
	if err != nil {
		return nil, fmt.Errorf("idx: %w", err)
	}
	return x, nil
}

func readIDX(r io.Reader) (*IDX, error) {
	br := bufio.NewReaderSize(r, 1<<16)
	if magic, err := br.Peek(2); err == nil && magic[0] == 0x1f && magic[1] == 0x8b {
		gz, err := gzip.NewReader(br)
		if err != nil {
			return nil, fmt.Errorf("gzip: %w", truncated(err))
		}
		defer gz.Close()
		return parseIDX(gz)
	}
	return parseIDX(br)
}

// parseIDX reads the uncompressed format.
func parseIDX(r io.Reader) (*IDX, error) {
	var head [4]byte
	if _, err := io.ReadFull(r, head[:]); err != nil {
		return nil, fmt.Errorf("header: %w", truncated(err))
	}
	if head[0] != 0 || head[1] != 0 {
		return nil, fmt.Errorf("not an idx file: it begins with % x", head)
	}
	x := &IDX{Type: IDXType(head[2])}
	if x.Type.Size() == 0 {
		return nil, fmt.Errorf("not an idx file: unknown element %s", x.Type)
	}
	rank := int(head[3])
	if rank == 0 {
		return nil, errors.New("the header declares no axis")
	}
	lengths := make([]byte, 4*rank)
	if _, err := io.ReadFull(r, lengths); err != nil {
		return nil, fmt.Errorf("header: %w", truncated(err))
	}
	n := int64(x.Type.Size())
	for i := range rank {
		d := int64(binary.BigEndian.Uint32(lengths[4*i:]))
		if d > MaxIDX {
			return nil, fmt.Errorf("the header declares %d elements along axis %d, more than %d", d, i, MaxIDX)
		}
		x.Shape = append(x.Shape, int(d))
		if n *= d; n > MaxIDX { // at most 2^60 before the check
			return nil, fmt.Errorf("the header declares %s of shape %v, more than %d bytes", x.Type, x.Shape, MaxIDX)
		}
	}
	var err error
	if x.Data, err = readGrowing(r, int(n)); err != nil {
		return nil, fmt.Errorf("the header declares %s of shape %v, %d bytes; there are %d: %w", x.Type, x.Shape, n, len(x.Data), err)
	}
	// Reading on to the end also makes gzip compare its checksum.
	var more [1]byte
	switch _, err := io.ReadFull(r, more[:]); {
	case err == nil:
		return nil, fmt.Errorf("the header declares %s of shape %v, %d bytes; the file has more", x.Type, x.Shape, n)
	case err != io.EOF:
		return nil, fmt.Errorf("after the last element: %w", err)
	}
	return x, nil
}

// readGrowing reads exactly n bytes; its buffer is never more than four times
// what has arrived, save for the first 64 KiB, and never more than n.
func readGrowing(r io.Reader, n int) ([]byte, error) {
	b := make([]byte, min(n, 1<<16))
	got := 0
	for {
		k, err := io.ReadFull(r, b[got:])
		got += k
		if err != nil {
			return b[:got], truncated(err)
		}
		if got == n {
			return b, nil
		}
		bigger := make([]byte, min(n, 4*got))
		copy(bigger, b)
		b = bigger
	}
}

// truncated names the end of a file where it should not be.
func truncated(err error) error {
	if err == io.EOF {
		return io.ErrUnexpectedEOF
	}
	return err
}

// Len is the number of elements.
func (x *IDX) Len() int { return len(x.Data) / x.Type.Size() }

// Int32s gives the elements of an integer type.
func (x *IDX) Int32s() ([]int32, error) {
	y := make([]int32, x.Len())
	switch x.Type {
	case IDXUint8:
		for i, b := range x.Data {
			y[i] = int32(b)
		}
	case IDXInt8:
		for i, b := range x.Data {
			y[i] = int32(int8(b))
		}
	case IDXInt16:
		for i := range y {
			y[i] = int32(int16(binary.BigEndian.Uint16(x.Data[2*i:])))
		}
	case IDXInt32:
		for i := range y {
			y[i] = int32(binary.BigEndian.Uint32(x.Data[4*i:]))
		}
	default:
		return nil, fmt.Errorf("idx: the elements are %s, not integers", x.Type)
	}
	return y, nil
}

// Float64s gives the elements of any type.
func (x *IDX) Float64s() []float64 {
	y := make([]float64, x.Len())
	switch x.Type {
	case IDXFloat32:
		for i := range y {
			y[i] = float64(math.Float32frombits(binary.BigEndian.Uint32(x.Data[4*i:])))
		}
	case IDXFloat64:
		for i := range y {
			y[i] = math.Float64frombits(binary.BigEndian.Uint64(x.Data[8*i:]))
		}
	default:
		ints, err := x.Int32s()
		if err != nil {
			panic(err) // every other type is an integer type
		}
		for i, v := range ints {
			y[i] = float64(v)
		}
	}
	return y
}

// Tensor gives the elements as a tensor of the file's shape: uint8, int32 (for the
// integer types with a sign), float32 or float64.
func (x *IDX) Tensor() *tensor.Tensor {
	switch x.Type {
	case IDXUint8:
		return tensor.Of(x.Data, x.Shape...)
	case IDXFloat64:
		return tensor.Of(x.Float64s(), x.Shape...)
	case IDXFloat32:
		return tensor.Of(x.Float64s(), x.Shape...).AsType(tensor.Float32)
	}
	ints, err := x.Int32s()
	if err != nil {
		panic(err) // every other type is an integer type
	}
	return tensor.Of(ints, x.Shape...)
}
