package safetensors

import (
	"encoding/binary"
	"fmt"
	"io"
	"maps"

	"github.com/fathom-ml/fathom/internal/mmap"
)

// File is an open safetensors file: a checked header, arrays read on demand.
// Its methods may be called from several goroutines at once.
type File struct {
	r     io.ReaderAt
	start int64 // where the arrays begin
	infos []Info
	byKey map[string]int
	meta  map[string]string
	close func() error
}

// Read parses the header of a file of size bytes. The reader must stay valid as
// long as arrays are read. No more memory is used than the header really has bytes for.
func Read(r io.ReaderAt, size int64) (*File, error) {
	f, err := read(r, size)
	if err != nil {
		return nil, fmt.Errorf("safetensors: %w", err)
	}
	return f, nil
}

func read(r io.ReaderAt, size int64) (*File, error) {
	if size < 8 {
		return nil, fmt.Errorf("%d bytes are too few for a header", size)
	}
	var b [8]byte
	if _, err := io.ReadFull(io.NewSectionReader(r, 0, 8), b[:]); err != nil {
		return nil, fmt.Errorf("header length: %w", err)
	}
	n := binary.LittleEndian.Uint64(b[:])
	if n > uint64(size-8) {
		return nil, fmt.Errorf("the header claims %d bytes, the file has %d after its first 8", n, size-8)
	}
	if n > maxHeader {
		return nil, fmt.Errorf("the header claims %d bytes, more than the format's limit of %d", n, maxHeader)
	}
	// ReadAll grows with what is really there, in case size is a lie too.
	text, err := io.ReadAll(io.NewSectionReader(r, 8, int64(n)))
	if err == nil && uint64(len(text)) < n {
		err = io.ErrUnexpectedEOF
	}
	if err != nil {
		return nil, fmt.Errorf("header: %w", err)
	}
	infos, meta, err := parseHeader(text, size-8-int64(n))
	if err != nil {
		return nil, err
	}
	f := &File{r: r, start: 8 + int64(n), infos: infos, meta: meta, byKey: make(map[string]int, len(infos))}
	for i, e := range infos {
		f.byKey[e.Name] = i
	}
	return f, nil
}

// Open opens the file at path and maps it into memory where the system can. Arrays are copied out of
// the mapping when they are read: they outlive Close, and nothing that is done to them reaches the
// file. Close it when its arrays have been read.
func Open(path string) (*File, error) {
	m, err := mmap.Open(path)
	if err != nil {
		return nil, fmt.Errorf("safetensors: %w", err)
	}
	f, err := read(m, m.Size())
	if err != nil {
		m.Close()
		return nil, fmt.Errorf("safetensors: %s: %w", path, err)
	}
	f.close = m.Close
	return f, nil
}

// Close closes the file that Open opened; after Read it does nothing.
func (f *File) Close() error {
	if f.close == nil {
		return nil
	}
	return f.close()
}

// Names lists the arrays in the order of their bytes in the file.
func (f *File) Names() []string {
	names := make([]string, len(f.infos))
	for i, e := range f.infos {
		names[i] = e.Name
	}
	return names
}

// Info describes the array of that name. The shape is the file's own: do not change it.
func (f *File) Info(name string) (Info, bool) {
	i, ok := f.byKey[name]
	if !ok {
		return Info{}, false
	}
	return f.infos[i], true
}

// Metadata is a copy of the file's free strings.
func (f *File) Metadata() map[string]string { return maps.Clone(f.meta) }

// Bytes reads one array: little-endian, row-major.
func (f *File) Bytes(name string) ([]byte, error) {
	e, ok := f.Info(name)
	if !ok {
		return nil, fmt.Errorf("safetensors: no array is named %q", clip(name))
	}
	// The header was checked against the size, so the bytes are there to be read.
	b := make([]byte, e.Len())
	return b, f.ReadInto(b, name)
}

// ReadInto reads one array into dst, whose length must be that of the array.
func (f *File) ReadInto(dst []byte, name string) error {
	e, ok := f.Info(name)
	if !ok {
		return fmt.Errorf("safetensors: no array is named %q", clip(name))
	}
	if int64(len(dst)) != e.Len() {
		return fmt.Errorf("safetensors: array %q has %d bytes, the destination %d", clip(name), e.Len(), len(dst))
	}
	if _, err := io.ReadFull(io.NewSectionReader(f.r, f.start+e.begin, e.Len()), dst); err != nil {
		return fmt.Errorf("safetensors: array %q: %w", clip(name), err)
	}
	return nil
}
