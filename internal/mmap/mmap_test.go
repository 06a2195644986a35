package mmap

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"testing"
)

func write(t *testing.T, data []byte) string {
	path := filepath.Join(t.TempDir(), "a")
	if err := os.WriteFile(path, data, 0o666); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestReadAt(t *testing.T) {
	data := bytes.Repeat([]byte("0123456789abcdef"), 1000)
	f, err := Open(write(t, data))
	if err != nil {
		t.Fatal(err)
	}
	if runtime.GOOS == "linux" && !f.Mapped() {
		t.Error("not mapped")
	}
	if f.Size() != int64(len(data)) {
		t.Errorf("size %d", f.Size())
	}
	// The same as a reader in memory, at the edges too.
	r := bytes.NewReader(data)
	for _, off := range []int64{0, 5, 15_990, 15_999, 16_000, 20_000} {
		for _, n := range []int{0, 1, 10, 16_000} {
			a, b := make([]byte, n), make([]byte, n)
			k, err := f.ReadAt(a, off)
			want, wantErr := r.ReadAt(b, off)
			if k != want || err != wantErr && n > 0 || !bytes.Equal(a, b) {
				t.Errorf("%d bytes at %d: %d %v, want %d %v", n, off, k, err, want, wantErr)
			}
		}
	}
	if _, err := f.ReadAt(make([]byte, 1), -1); err == nil {
		t.Error("a negative offset")
	}
	// Readers and Close at once: each read is whole or refused.
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for b := make([]byte, len(data)); ; {
				if _, err := f.ReadAt(b, 0); errors.Is(err, os.ErrClosed) {
					return
				} else if err != nil || !bytes.Equal(b, data) {
					t.Errorf("torn: %v", err)
					return
				}
			}
		})
	}
	if err := f.Close(); err != nil {
		t.Error(err)
	}
	wg.Wait()
	if err := f.Close(); !errors.Is(err, os.ErrClosed) {
		t.Errorf("second Close: %v", err)
	}
}

func TestOpen(t *testing.T) {
	f, err := Open(write(t, nil))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.ReadAt(make([]byte, 1), 0); err != io.EOF || f.Size() != 0 {
		t.Errorf("an empty file: %v", err)
	}
	if err := f.Close(); err != nil {
		t.Error(err)
	}
	if _, err := f.ReadAt(make([]byte, 1), 0); !errors.Is(err, os.ErrClosed) {
		t.Errorf("after Close: %v", err)
	}
	if _, err := Open(t.TempDir()); err == nil {
		t.Error("a folder was opened")
	}
	if _, err := Open(filepath.Join(t.TempDir(), "no")); !errors.Is(err, os.ErrNotExist) {
		t.Error(err)
	}
}

// A file that another process cuts short gives an error, not the end of the program.
func TestCutShort(t *testing.T) {
	path := write(t, make([]byte, 1<<20))
	f, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := os.Truncate(path, 10); err != nil {
		t.Skip(err) // some systems do not cut a mapped file
	}
	b := make([]byte, 1<<20)
	if n, err := f.ReadAt(b, 0); !errors.Is(err, io.ErrUnexpectedEOF) && err != io.EOF {
		t.Errorf("%d bytes, %v", n, err)
	}
	if _, err := f.ReadAt(b[:10], 0); err != nil {
		t.Errorf("what is left: %v", err)
	}
}
