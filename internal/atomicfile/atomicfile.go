// Package atomicfile writes files that are either there in full or not there:
// a temporary file in the same folder, fsync, rename.
package atomicfile

import (
	"bufio"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// Fault lets tests make writing fail: it is asked before each step, "write" with the bytes written so far, "sync", "close" and "rename".
var Fault func(step string, written int64) error

// faulty is a file that may fail.
type faulty struct {
	*os.File
	n int64
}

// Write writes as much as Fault allows.
func (f *faulty) Write(b []byte) (int, error) {
	if Fault != nil {
		for i := range b {
			if err := Fault("write", f.n+int64(i)); err != nil {
				n, _ := f.File.Write(b[:i])
				f.n += int64(n)
				return n, err
			}
		}
	}
	n, err := f.File.Write(b)
	f.n += int64(n)
	return n, err
}

// may is the error of Fault before a step.
func (f *faulty) may(step string) error {
	if Fault == nil {
		return nil
	}
	return Fault(step, f.n)
}

// Write makes or replaces the file at path with what fill writes. Readers see
// the old file or the new one, never a part. If fill or the disk fails, the
// temporary file is removed, the old file stays, and the error is returned;
// a panic in fill cleans up as well. An existing file keeps its permissions.
func Write(path string, fill func(io.Writer) error) (err error) {
	mode := fs.FileMode(0o666) // the umask takes its part
	old, statErr := os.Stat(path)
	if statErr == nil {
		if old.IsDir() {
			return fmt.Errorf("write %s: it is a folder", path)
		}
		mode = old.Mode().Perm()
	}
	f, err := create(path, mode)
	if err != nil {
		return err
	}
	done := false
	defer func() {
		if !done {
			f.Close()
			os.Remove(f.Name())
		}
	}()
	if statErr == nil {
		if err := f.Chmod(mode); err != nil && !errors.Is(err, errors.ErrUnsupported) {
			return fmt.Errorf("write %s: %w", path, err)
		}
	}
	out := &faulty{File: f}
	w := bufio.NewWriterSize(out, 1<<16)
	if err := fill(w); err != nil {
		return err
	}
	if err := w.Flush(); err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	if err := errors.Join(out.may("sync"), f.Sync()); err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	if err := errors.Join(out.may("close"), f.Close()); err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	if err := out.may("rename"); err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	if err := os.Rename(f.Name(), path); err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	done = true
	SyncDir(filepath.Dir(path))
	return nil
}

// Clean removes what writers of the file at path left that were killed. Nobody else may be writing it.
func Clean(path string) {
	dir, base := filepath.Split(path)
	entries, err := os.ReadDir(filepath.Clean(dir + "."))
	if err != nil {
		return
	}
	for _, e := range entries {
		if n := e.Name(); strings.HasPrefix(n, "."+base+".") && strings.HasSuffix(n, ".tmp") && len(n) == len(base)+14 {
			os.Remove(filepath.Join(dir, n))
		}
	}
}

// create opens a new file beside path under a name nobody else has.
func create(path string, mode fs.FileMode) (*os.File, error) {
	dir, base := filepath.Split(path)
	for try := 0; ; try++ {
		f, err := os.OpenFile(filepath.Join(dir, "."+base+"."+rand.Text()[:8]+".tmp"), os.O_RDWR|os.O_CREATE|os.O_EXCL, mode)
		if errors.Is(err, fs.ErrExist) && try < 100 {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("write %s: %w", path, err)
		}
		return f, nil
	}
}

// SyncDir asks the system to put a folder's entries on the disk, so that a
// rename outlives a power cut. Not every system can; that is no error.
func SyncDir(dir string) {
	if d, err := os.Open(dir); err == nil {
		_ = d.Sync()
		d.Close()
	}
}
