// Package pt reads and writes the files of torch.save and torch.load (.pt, .pth): tensors, and dicts and lists of them, such as the state dict of a model.
//
// Such a file is a zip archive of a pickle, which says how the objects are made, and of the bytes of the tensors. A pickle is a program, and
// that of a stranger may do anything in Python. Here it runs on a machine that knows only how to make the values of the list below; whatever
// else a file asks for is an error that names it, and no code is ever run. Every length is compared with the bytes that are there before
// memory is taken by it.
//
//	None                      nil
//	bool, int, float          bool, int64, float64
//	str, bytes                string, []byte
//	list, tuple, set          *List, Tuple, *List
//	dict, OrderedDict         *Dict
//	torch.Tensor, Parameter   *tensor.Tensor
//	torch.Size, dtype, device Tuple, DType, Device
//
// Tensors are copies; those of one place in one storage are one tensor, so that what was tied stays so.
// uint16 and int16 become int32, uint32 becomes int64. Files older than PyTorch 1.6 and TorchScript are refused.
package pt

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
)

// The limits of a file.
const (
	maxPickle = 256 << 20
	maxTotal  = 64 // bytes of the tensors for one byte of the file: storages may be shared, and strides zero
)

// Load reads the object in the file at path.
func Load(path string) (any, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("pt: %w", err)
	}
	defer f.Close()
	fi, err := f.Stat()
	if err == nil && !fi.Mode().IsRegular() {
		err = errors.New("not a regular file")
	}
	var v any
	if err == nil {
		v, err = read(f, fi.Size())
	}
	if err != nil {
		return nil, fmt.Errorf("pt: %s: %w", path, err)
	}
	return v, nil
}

// Read reads the object in the size bytes of r.
func Read(r io.ReaderAt, size int64) (any, error) {
	v, err := read(r, size)
	if err != nil {
		return nil, fmt.Errorf("pt: %w", err)
	}
	return v, nil
}

func read(r io.ReaderAt, size int64) (any, error) {
	a, err := open(r, size)
	if err != nil {
		return nil, err
	}
	program, err := a.bytes("data.pkl")
	if err != nil {
		return nil, err
	}
	m := &machine{code: program, memo: map[uint32]any{}, archive: a}
	v, err := m.run()
	if err != nil {
		return nil, fmt.Errorf("byte %d of the pickle: %w", m.at, err)
	}
	return v, nil
}

// archive is the zip file.
type archive struct {
	members map[string]*zip.File
	prefix  string // of all members
	order   binary.ByteOrder
	size    int64
}

func open(r io.ReaderAt, size int64) (*archive, error) {
	z, err := zip.NewReader(r, size)
	if err != nil && !errors.Is(err, zip.ErrInsecurePath) { // names are names here, never paths
		return nil, notZip(r, size, err)
	}
	a := &archive{members: make(map[string]*zip.File, len(z.File)), order: binary.LittleEndian, size: size}
	left, pickles := uint64(size), 0
	for _, m := range z.File {
		switch {
		case strings.HasSuffix(m.Name, "/constants.pkl"), strings.Contains(m.Name, "/code/"):
			return nil, errors.New("a TorchScript archive, which holds code: save the state_dict() of the module with torch.save")
		case a.members[m.Name] != nil:
			return nil, fmt.Errorf("two members are named %.80q", m.Name)
		case m.Method != zip.Store || m.CompressedSize64 != m.UncompressedSize64:
			return nil, fmt.Errorf("member %.80q is compressed, which torch.save never does", m.Name)
		case m.CompressedSize64 > left:
			return nil, fmt.Errorf("member %.80q: the members claim more bytes than the file has", m.Name)
		}
		left -= m.CompressedSize64
		a.members[m.Name] = m
		if prefix, ok := strings.CutSuffix(m.Name, "/data.pkl"); ok && !strings.Contains(prefix, "/") {
			a.prefix = prefix + "/"
			pickles++
		}
	}
	if pickles != 1 {
		return nil, fmt.Errorf("%d members are named */data.pkl, wants 1: torch.save did not write this", pickles)
	}
	return a, a.byteOrder()
}

// notZip says more of a file that is no zip archive.
func notZip(r io.ReaderAt, size int64, err error) error {
	head := make([]byte, min(size, 2))
	if _, e := r.ReadAt(head, 0); (e == nil || e == io.EOF) && bytes.HasPrefix(head, []byte{0x80}) {
		return errors.New("a plain pickle, as PyTorch wrote before 1.6: load it there and save it again")
	}
	return err
}

func (a *archive) byteOrder() error {
	if a.members[a.prefix+"byteorder"] == nil {
		return nil
	}
	b, err := a.bytes("byteorder")
	switch string(b) {
	case "little":
	case "big":
		a.order = binary.BigEndian
	default:
		err = errors.Join(err, fmt.Errorf("byte order %.20q", b))
	}
	return err
}

// bytes are those of a member; its name comes after the prefix.
func (a *archive) bytes(name string) ([]byte, error) {
	m := a.members[a.prefix+name]
	switch {
	case m == nil:
		return nil, fmt.Errorf("no member is named %.80q", a.prefix+name)
	case name == "data.pkl" && m.UncompressedSize64 > maxPickle:
		return nil, fmt.Errorf("a pickle of %d bytes, more than %d", m.UncompressedSize64, maxPickle)
	}
	r, err := m.Open()
	if err != nil {
		return nil, fmt.Errorf("member %.80q: %w", m.Name, err)
	}
	defer r.Close()
	b := make([]byte, m.UncompressedSize64) // no more than the file has
	if _, err = io.ReadFull(r, b); err == nil {
		_, err = io.Copy(io.Discard, r) // the end of the member brings its checksum
	}
	if err != nil {
		return nil, fmt.Errorf("member %.80q: %w", m.Name, err)
	}
	return b, nil
}
