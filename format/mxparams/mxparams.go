// Package mxparams reads the .params files of MXNet: the list of arrays that mx.nd.save and
// save_parameters write.
//
//	8 bytes  0x112, 8 bytes 0
//	8 bytes  number of arrays, then the arrays
//	8 bytes  number of names, 0 or that of the arrays, then the names: 8 bytes of length, the text
//
// An array is a magic number (version 1, 2 or 3; the oldest have none), its shape, the device that
// it lived on, its type and its elements. All numbers are little-endian. Sparse arrays are an error.
package mxparams

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"unicode/utf8"

	"github.com/fathom-ml/fathom/tensor"
	"github.com/fathom-ml/fathom/tensor/elem"
)

// Entry is an array of a file. Its name is the file's, prefix included ("arg:fc1_weight",
// "aux:bn_mean", "0.weight"), empty if the file has no names. The tensor is nil if the array was
// saved before it had a shape.
type Entry struct {
	Name   string
	Tensor *tensor.Tensor
}

// Split cuts the name into the prefix "arg" or "aux", empty if there is none, and the rest.
func (e Entry) Split() (kind, name string) {
	for _, kind := range []string{"arg", "aux"} {
		if name, ok := strings.CutPrefix(e.Name, kind+":"); ok {
			return kind, name
		}
	}
	return "", e.Name
}

const (
	fileMagic = 0x112
	v1        = 0xf993fac8 // shapes of int64
	v2        = 0xf993fac9 // a storage type before the shape
	v3        = 0xf993faca // NumPy's shapes: no axes are one element, -1 axes no array
	maxName   = 1 << 16
)

// types are the type flags.
var types = map[uint32]elem.Type{
	0: elem.F32, 1: elem.F64, 2: elem.F16, 3: elem.U8, 4: elem.I32, 5: elem.I8, 6: elem.I64, 7: elem.Bool,
	8: elem.I16, 9: elem.U16, 10: elem.U32, 11: elem.U64, 12: elem.BF16,
}

// Load reads the file at path.
func Load(path string) ([]Entry, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("mxparams: %w", err)
	}
	defer f.Close()
	fi, err := f.Stat()
	if err == nil && !fi.Mode().IsRegular() {
		err = errors.New("not a regular file")
	}
	var list []Entry
	if err == nil {
		list, err = read(elem.NewReader(f, fi.Size()))
	}
	if err != nil {
		return nil, fmt.Errorf("mxparams: %s: %w", path, err)
	}
	return list, nil
}

// Read reads one list of arrays and leaves r behind its last byte. Memory grows with the bytes that
// arrive, not with what they claim.
func Read(r io.Reader) ([]Entry, error) {
	list, err := read(elem.NewReader(r, -1))
	if err != nil {
		return nil, fmt.Errorf("mxparams: %w", err)
	}
	return list, nil
}

func read(r *elem.Reader) ([]Entry, error) {
	var head [3]uint64
	for i := range head {
		var err error
		if head[i], err = r.Uint64(); err != nil {
			return nil, fmt.Errorf("beginning: %w", err)
		}
	}
	if head[0] != fileMagic {
		return nil, fmt.Errorf("not a .params file: it begins with %#x, not %#x", head[0], fileMagic)
	}
	var list []Entry // grows with what is there: an array takes bytes
	for i := range head[2] {
		x, err := array(r)
		if err != nil {
			return nil, fmt.Errorf("array %d of %d: %w", i, head[2], err)
		}
		list = append(list, Entry{Tensor: x})
	}
	return list, names(r, list)
}

func names(r *elem.Reader, list []Entry) error {
	n, err := r.Uint64()
	if err != nil {
		return fmt.Errorf("number of names: %w", err)
	}
	if n != 0 && n != uint64(len(list)) {
		return fmt.Errorf("%d names for %d arrays", n, len(list))
	}
	seen := map[string]bool{}
	for i := range n {
		size, err := r.Uint64()
		if err == nil && size > maxName {
			err = fmt.Errorf("it claims %d bytes, more than %d", size, maxName)
		}
		var b []byte
		if err == nil {
			b, err = r.Bytes(int64(size))
		}
		name := string(b)
		switch {
		case err != nil:
		case !utf8.Valid(b):
			err = errors.New("not UTF-8")
		case seen[name]:
			err = fmt.Errorf("two arrays are named %.80q", name)
		}
		if err != nil {
			return fmt.Errorf("name %d: %w", i, err)
		}
		seen[name] = true
		list[i].Name = name
	}
	return nil
}

// array reads one array, nil if it has no shape.
func array(r *elem.Reader) (*tensor.Tensor, error) {
	magic, err := r.Uint32()
	if err != nil {
		return nil, err
	}
	if magic == v2 || magic == v3 {
		stype, err := r.Uint32()
		switch int32(stype) {
		case 0, -1: // dense, or not yet known
		case 1:
			err = errors.Join(err, errors.New("row_sparse storage is not read: save it with tostype('default')"))
		case 2:
			err = errors.Join(err, errors.New("csr storage is not read: save it with tostype('default')"))
		default:
			err = errors.Join(err, fmt.Errorf("storage type %d is unknown", int32(stype)))
		}
		if err != nil {
			return nil, err
		}
	}
	shape, err := shape(r, magic)
	if err != nil || shape == nil {
		return nil, err
	}
	var head [3]uint32 // kind and number of the device, type
	for i := range head {
		if head[i], err = r.Uint32(); err != nil {
			return nil, err
		}
	}
	t, ok := types[head[2]]
	if !ok {
		return nil, fmt.Errorf("type %d is unknown", head[2])
	}
	return r.Tensor(t, binary.LittleEndian, shape)
}

// shape reads the axes, nil if the array has none yet. Lengths are int64, in the oldest arrays,
// whose first word is the number of axes, uint32.
func shape(r *elem.Reader, magic uint32) ([]int, error) {
	rank, old := magic, magic < v1 || magic > v3
	if !old {
		var err error
		if rank, err = r.Uint32(); err != nil {
			return nil, err
		}
	}
	if magic == v3 && int32(rank) == -1 || magic != v3 && rank == 0 {
		return nil, nil
	}
	if rank > elem.MaxRank {
		return nil, fmt.Errorf("%d axes are more than %d", int32(rank), elem.MaxRank)
	}
	shape := make([]int, rank)
	for i := range shape {
		if old {
			n, err := r.Uint32()
			if err != nil {
				return nil, err
			}
			shape[i] = int(n)
			continue
		}
		n, err := r.Uint64()
		if err != nil {
			return nil, err
		}
		shape[i] = int(n)
	}
	return shape, nil
}
