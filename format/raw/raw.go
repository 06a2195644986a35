// Package raw reads and writes the elements of tensors and nothing else: little-endian, row-major,
// without a header, as NumPy's tofile and fromfile do on most machines. The reader of a file must
// know its dtype and shape.
package raw

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/fathom-ml/fathom/internal/atomicfile"
	"github.com/fathom-ml/fathom/tensor"
	"github.com/fathom-ml/fathom/tensor/elem"
)

// Load reads the file at path as a tensor of a dtype and a shape, which must take all its bytes.
// Without a shape the tensor is a vector of what is there.
func Load(path string, dt tensor.DType, shape ...int) (*tensor.Tensor, error) {
	x, err := load(path, dt, shape)
	if err != nil {
		return nil, fmt.Errorf("raw: %s: %w", path, err)
	}
	return x, nil
}

func load(path string, dt tensor.DType, shape []int) (*tensor.Tensor, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	fi, err := f.Stat()
	if err != nil {
		return nil, err
	}
	if !fi.Mode().IsRegular() {
		return nil, errors.New("not a regular file")
	}
	t := elem.TypeOf(dt)
	size := int64(t.Size())
	if len(shape) == 0 {
		if fi.Size()%size != 0 {
			return nil, fmt.Errorf("%d bytes are no whole number of %s", fi.Size(), dt)
		}
		shape = []int{int(fi.Size() / size)}
	}
	n, err := elem.Len(t.Size(), shape)
	if err != nil {
		return nil, err
	}
	if n != fi.Size() {
		return nil, fmt.Errorf("%s of shape %v takes %d bytes, the file has %d", dt, shape, n, fi.Size())
	}
	return elem.NewReader(f, n).Tensor(t, binary.LittleEndian, shape)
}

// Read reads the elements of a shape, without a shape one element, and leaves r behind them.
func Read(r io.Reader, dt tensor.DType, shape ...int) (*tensor.Tensor, error) {
	x, err := elem.NewReader(r, -1).Tensor(elem.TypeOf(dt), binary.LittleEndian, shape)
	if err != nil {
		return nil, fmt.Errorf("raw: %w", err)
	}
	return x, nil
}

// Save writes the elements of x to the file at path, in full or not at all.
func Save(path string, x *tensor.Tensor) error {
	return atomicfile.Write(path, func(w io.Writer) error { return Write(w, x) })
}

// Write writes the elements of x.
func Write(w io.Writer, x *tensor.Tensor) error {
	if err := elem.Write(w, x); err != nil {
		return fmt.Errorf("raw: %w", err)
	}
	return nil
}
