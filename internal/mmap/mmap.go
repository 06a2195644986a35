// Package mmap reads files through the memory of the machine where the system can map them, and
// with plain reads elsewhere. Nothing of a mapping leaves the package: [File.ReadAt] copies, so that
// nobody holds memory that Close takes away, and a file that another process has cut short gives
// an error instead of ending the program.
package mmap

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"runtime"
	"runtime/debug"
	"sync"
)

// File is an open file. Its methods may be called from several goroutines at once.
type File struct {
	mu      sync.RWMutex // Close waits for readers
	data    []byte       // the mapping, nil if there is none
	file    *os.File     // instead of a mapping
	size    int64
	path    string
	closed  bool
	cleanup runtime.Cleanup
}

// Open opens a regular file for reading.
func Open(path string) (*File, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	fi, err := f.Stat()
	if err == nil && !fi.Mode().IsRegular() {
		err = &fs.PathError{Op: "open", Path: path, Err: errors.New("not a regular file")}
	}
	if err != nil {
		f.Close()
		return nil, err
	}
	m := &File{file: f, size: fi.Size(), path: path}
	if data, err := mapFile(f, m.size); err == nil { // a system that cannot map this file reads it
		m.data, m.file = data, nil
		m.cleanup = runtime.AddCleanup(m, func(data []byte) { _ = unmap(data) }, data)
		return m, f.Close()
	}
	return m, nil
}

// Mapped says whether the file is mapped.
func (f *File) Mapped() bool {
	f.mu.RLock()
	defer f.mu.RUnlock()
	return f.data != nil
}

// Size is the number of bytes that the file had when it was opened.
func (f *File) Size() int64 { return f.size }

// ReadAt is that of [io.ReaderAt]. After Close its error is [os.ErrClosed].
func (f *File) ReadAt(p []byte, off int64) (n int, err error) {
	f.mu.RLock()
	defer f.mu.RUnlock()
	switch {
	case f.closed:
		return 0, &fs.PathError{Op: "read", Path: f.path, Err: os.ErrClosed}
	case f.file != nil:
		return f.file.ReadAt(p, off)
	case off < 0:
		return 0, &fs.PathError{Op: "read", Path: f.path, Err: errors.New("negative offset")}
	case off >= f.size:
		return 0, io.EOF
	}
	// A page that the file no longer has is a fault when it is touched.
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		if r := recover(); r != nil {
			if _, fault := r.(interface{ Addr() uintptr }); !fault {
				panic(r)
			}
			n, err = 0, &fs.PathError{Op: "read", Path: f.path, Err: fmt.Errorf("the file became shorter or its disk failed: %w", io.ErrUnexpectedEOF)}
		}
	}()
	n = copy(p, f.data[off:])
	if n < len(p) {
		err = io.EOF
	}
	return n, err
}

// Close gives the mapping back. A second Close is an error, as with [os.File].
func (f *File) Close() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.closed {
		return &fs.PathError{Op: "close", Path: f.path, Err: os.ErrClosed}
	}
	f.closed = true
	if f.file != nil {
		return f.file.Close()
	}
	f.cleanup.Stop()
	data := f.data
	f.data = nil
	return unmap(data)
}
