package elem

import (
	"encoding/binary"
	"fmt"
	"io"
	"slices"

	"github.com/fathom-ml/fathom/tensor"
)

// chunk is what a Reader allocates on a file's word alone.
const chunk = 1 << 20

// Reader reads what a file claims to hold without believing it: if the size is known, a claim
// beyond it is refused before anything is allocated; if not, memory grows with what arrives.
type Reader struct {
	r    io.Reader
	left int64 // bytes that follow at most, -1: unknown
	sure bool  // just so many follow
}

// NewReader reads from r, which has size bytes; -1 if that is not known.
func NewReader(r io.Reader, size int64) *Reader { return &Reader{r, size, size >= 0} }

// NewClaimed reads from r, which has size bytes as somebody says: more is refused at once, but memory
// grows with what arrives.
func NewClaimed(r io.Reader, size int64) *Reader { return &Reader{r, size, false} }

// Left is the number of bytes that follow, -1 if that is not known.
func (r *Reader) Left() int64 { return r.left }

// fits is an error if n bytes cannot be there.
func (r *Reader) fits(n int64) error {
	if n < 0 || r.left >= 0 && n > r.left {
		return fmt.Errorf("%d bytes where %d are left: %w", n, r.left, io.ErrUnexpectedEOF)
	}
	return nil
}

// Full fills b.
func (r *Reader) Full(b []byte) error {
	if err := r.fits(int64(len(b))); err != nil {
		return err
	}
	n, err := io.ReadFull(r.r, b)
	if r.left >= 0 {
		r.left -= int64(n)
	}
	if err == io.EOF || err == io.ErrUnexpectedEOF {
		return fmt.Errorf("only %d of %d bytes: %w", n, len(b), io.ErrUnexpectedEOF)
	}
	return err
}

// Bytes reads n bytes.
func (r *Reader) Bytes(n int64) ([]byte, error) {
	if err := r.fits(n); err != nil {
		return nil, err
	}
	if r.sure || n <= chunk {
		b := make([]byte, n)
		return b, r.Full(b)
	}
	var b []byte
	for int64(len(b)) < n { // twice as much each time
		at := len(b)
		k := int(min(n-int64(at), int64(max(chunk, at))))
		b = slices.Grow(b, k)[:at+k]
		if err := r.Full(b[at:]); err != nil {
			return nil, fmt.Errorf("%d bytes from byte %d on: %w", n, at, err)
		}
	}
	return b, nil
}

// Uint32 and Uint64 read one little-endian number.
func (r *Reader) Uint32() (uint32, error) {
	var b [4]byte
	err := r.Full(b[:])
	return binary.LittleEndian.Uint32(b[:]), err
}

// Uint64 is like Uint32.
func (r *Reader) Uint64() (uint64, error) {
	var b [8]byte
	err := r.Full(b[:])
	return binary.LittleEndian.Uint64(b[:]), err
}

// Tensor reads the elements of a shape, row-major, in a byte order, and widens them as the package says.
func (r *Reader) Tensor(t Type, order binary.ByteOrder, shape []int) (*tensor.Tensor, error) {
	dt, ok := t.DType()
	if !ok {
		return nil, fmt.Errorf("%s fits no dtype of tensors", t)
	}
	n, err := Len(t.Size(), shape)
	if err != nil {
		return nil, err
	}
	if err := r.fits(n); err != nil {
		return nil, fmt.Errorf("%s of shape %v takes %w", t, shape, err)
	}
	wide := t.String() != dt.String()
	if !wide && (r.sure || n <= chunk) { // straight into the tensor
		x := tensor.ZerosOf(dt, shape...)
		b := memory(x)
		err := r.Full(b)
		settle(b, t, order)
		return x, err
	}
	b, err := r.Bytes(n)
	if err != nil {
		return nil, err
	}
	x := tensor.ZerosOf(dt, shape...)
	switch t {
	case U16:
		widen(tensor.Data[int32](x), b, 2, func(b []byte) int32 { return int32(order.Uint16(b)) })
	case I16:
		widen(tensor.Data[int32](x), b, 2, func(b []byte) int32 { return int32(int16(order.Uint16(b))) })
	case U32:
		widen(tensor.Data[int64](x), b, 4, func(b []byte) int64 { return int64(order.Uint32(b)) })
	default:
		settle(b, t, order)
		copy(memory(x), b)
	}
	return x, nil
}

// settle makes bytes of a file in some order into elements in memory.
func settle(b []byte, t Type, order binary.ByteOrder) {
	switch {
	case t == Bool: // any byte but 0 is true, and only 1 may lie in memory
		for i, v := range b {
			b[i] = min(v, 1)
		}
	case t.word() > 1 && !native(order):
		reverse(b, t.word())
	}
}

func widen[T tensor.Element](d []T, b []byte, size int, one func(b []byte) T) {
	for i := range d {
		d[i] = one(b[i*size:])
	}
}
