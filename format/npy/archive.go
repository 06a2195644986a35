package npy

import (
	"archive/zip"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/fathom-ml/fathom/internal/atomicfile"
	"github.com/fathom-ml/fathom/tensor"
	"github.com/fathom-ml/fathom/tensor/elem"
)

// Entry is an array of an archive and its name, without the ending .npy.
type Entry struct {
	Name   string
	Tensor *tensor.Tensor
}

// Method says how an archive holds its arrays.
type Method uint16

// The methods: as they are (np.savez) or compressed (np.savez_compressed).
const (
	Store   Method = Method(zip.Store)
	Deflate Method = Method(zip.Deflate)
)

// ratio is the most that deflate can gain: 258 bytes from two bits.
const ratio = 1032

// Info describes an array of an archive.
type Info struct {
	Shape []int
	DType tensor.DType // of the tensor
	Bytes int64        // that the array takes uncompressed
}

// Archive is an open .npz file, whose arrays are read when they are asked for. Its methods may be
// called from several goroutines at once.
//
// An archive is hostile until it is read: two members of one name, members that share bytes
// and sizes that no compression could reach are refused by [OpenArchive], and an array must have
// just the bytes that its header asks for. What an array takes can be seen by Info before it is read.
type Archive struct {
	names   []string
	members map[string]*zip.File
	close   func() error
}

// OpenArchive opens the .npz file at path. Close it when its arrays have been read.
func OpenArchive(path string) (*Archive, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("npy: %w", err)
	}
	fi, err := f.Stat()
	var a *Archive
	if err == nil {
		a, err = open(f, fi.Size())
	}
	if err != nil {
		f.Close()
		return nil, fmt.Errorf("npy: %s: %w", path, err)
	}
	a.close = f.Close
	return a, nil
}

// ReadArchive opens the archive in the size bytes of r, which must stay valid as long as arrays are read.
func ReadArchive(r io.ReaderAt, size int64) (*Archive, error) {
	a, err := open(r, size)
	if err != nil {
		return nil, fmt.Errorf("npy: %w", err)
	}
	return a, nil
}

func open(r io.ReaderAt, size int64) (*Archive, error) {
	z, err := zip.NewReader(r, size)
	if err != nil && !errors.Is(err, zip.ErrInsecurePath) { // names are names here, never paths
		return nil, err
	}
	a := &Archive{members: make(map[string]*zip.File, len(z.File))}
	left := uint64(size)
	for _, m := range z.File {
		name := strings.TrimSuffix(m.Name, ".npy")
		switch {
		case a.members[name] != nil:
			return nil, fmt.Errorf("two members are named %q", clip(name))
		case m.Method != zip.Store && m.Method != zip.Deflate:
			return nil, fmt.Errorf("member %q: compression method %d is unknown", clip(name), m.Method)
		case m.CompressedSize64 > left:
			return nil, fmt.Errorf("member %q: the members claim more bytes than the file has", clip(name))
		case m.Method == zip.Store && m.UncompressedSize64 != m.CompressedSize64, m.UncompressedSize64/ratio > m.CompressedSize64:
			return nil, fmt.Errorf("member %q: %d bytes cannot come from %d", clip(name), m.UncompressedSize64, m.CompressedSize64)
		}
		left -= m.CompressedSize64
		a.names = append(a.names, name)
		a.members[name] = m
	}
	return a, nil
}

// Close closes the file that OpenArchive opened; after ReadArchive it does nothing.
func (a *Archive) Close() error {
	if a.close == nil {
		return nil
	}
	return a.close()
}

// Names lists the arrays in the order of the archive.
func (a *Archive) Names() []string { return append([]string(nil), a.names...) }

// Info reads the header of an array.
func (a *Archive) Info(name string) (Info, error) {
	var info Info
	err := a.with(name, func(_ io.Reader, r *elem.Reader) error {
		h, err := readHeader(r)
		if err != nil {
			return err
		}
		info.Shape = h.shape
		info.DType, _ = h.elem.DType()
		info.Bytes, err = elem.Len(h.elem.Size(), h.shape)
		return err
	})
	return info, err
}

// Tensor reads an array.
func (a *Archive) Tensor(name string) (x *tensor.Tensor, err error) {
	err = a.with(name, func(r io.Reader, er *elem.Reader) error {
		x, err = only(r, er)
		return err
	})
	if err != nil {
		return nil, err
	}
	return x, nil
}

// with opens a member.
func (a *Archive) with(name string, f func(r io.Reader, er *elem.Reader) error) error {
	m := a.members[name]
	if m == nil {
		return fmt.Errorf("npy: no array is named %q", clip(name))
	}
	r, err := m.Open()
	if err == nil {
		defer r.Close()
		err = f(r, elem.NewClaimed(r, int64(m.UncompressedSize64)))
	}
	if err != nil {
		return fmt.Errorf("npy: array %q: %w", clip(name), err)
	}
	return nil
}

// LoadArchive reads all arrays of the .npz file at path, in its order.
func LoadArchive(path string) ([]Entry, error) {
	a, err := OpenArchive(path)
	if err != nil {
		return nil, err
	}
	defer a.Close()
	list := make([]Entry, len(a.names))
	for i, name := range a.names {
		x, err := a.Tensor(name)
		if err != nil {
			return nil, err
		}
		list[i] = Entry{name, x}
	}
	return list, nil
}

// SaveArchive writes an .npz file at path, in full or not at all.
func SaveArchive(path string, method Method, entries ...Entry) error {
	return atomicfile.Write(path, func(w io.Writer) error { return WriteArchive(w, method, entries...) })
}

// WriteArchive writes an archive; equal contents give equal bytes. Names must be UTF-8, not empty
// and different.
func WriteArchive(w io.Writer, method Method, entries ...Entry) error {
	z := zip.NewWriter(w)
	seen := map[string]bool{}
	for _, e := range entries {
		var err error
		switch {
		case e.Name == "" || !utf8.ValidString(e.Name) || len(e.Name) > 1<<15:
			err = errors.New("the name is empty, too long or not UTF-8")
		case seen[e.Name]:
			err = errors.New("two arrays have this name")
		default:
			err = add(z, method, e)
		}
		if err != nil {
			return fmt.Errorf("npy: array %q: %w", clip(e.Name), err)
		}
		seen[e.Name] = true
	}
	if err := z.Close(); err != nil {
		return fmt.Errorf("npy: %w", err)
	}
	return nil
}

func add(z *zip.Writer, method Method, e Entry) error {
	head, x, err := encode(e.Tensor)
	if err != nil {
		return err
	}
	// The zip format's first day, so that nothing depends on the clock.
	w, err := z.CreateHeader(&zip.FileHeader{Name: e.Name + ".npy", Method: uint16(method), Modified: time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC)})
	if err == nil {
		_, err = w.Write(head)
	}
	if err == nil {
		err = elem.Write(w, x)
	}
	return err
}
