package data

import (
	"archive/tar"
	"archive/zip"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

// The bounds of an archive: what goes beyond is refused.
const (
	maxMembers = 500_000
	maxMember  = 4 << 30  // bytes of one member
	maxTotal   = 16 << 30 // bytes of all
	maxRatio   = 300      // bytes out for each byte in, after the first megabyte
)

// ErrHostile is wrapped by errors about archives that would write where they must not or are far larger than they look.
var ErrHostile = errors.New("the archive is refused")

// Member is a file in an archive.
type Member struct {
	Name string // slash-separated, without .. and not absolute
	Size int64
	Open func() (io.ReadCloser, error) // of zip files at any time, of tar files during the call
}

// Members calls f for each file of a .zip, .tar, .tar.gz or .tgz archive, in its order; folders, links and devices are left out. It ends with the
// first error, [fs.SkipAll] excepted. Names that lead out of the archive, members and archives beyond the bounds, and bombs are errors that wrap
// [ErrHostile].
func Members(archive string, f func(m Member) error) error {
	err := members(archive, f)
	if errors.Is(err, fs.SkipAll) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("data: %s: %w", archive, err)
	}
	return nil
}

func members(archive string, f func(m Member) error) error {
	file, err := os.Open(archive)
	if err != nil {
		return err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return err
	}
	b := &bounds{in: info.Size()}
	switch {
	case strings.HasSuffix(archive, ".zip"):
		return b.zip(file, info.Size(), f)
	case strings.HasSuffix(archive, ".tar"):
		return b.tar(file, f)
	case strings.HasSuffix(archive, ".tar.gz") || strings.HasSuffix(archive, ".tgz"):
		z, err := gzip.NewReader(file)
		if err != nil {
			return err
		}
		stream := &bounds{in: b.in} // counts what is skipped too
		return b.tar(&boundedReader{stream, z, maxMember - maxTotal}, f)
	}
	return errors.New("only .zip, .tar, .tar.gz and .tgz are archives here")
}

// isArchive says whether Members reads files of this name.
func isArchive(name string) bool {
	return slices.ContainsFunc([]string{".zip", ".tar", ".tar.gz", ".tgz"}, func(end string) bool { return strings.HasSuffix(name, end) })
}

// bounds counts what an archive gives.
type bounds struct {
	in, out int64
	n       int
}

// name checks a member's name.
func (b *bounds) name(name string) (string, error) {
	if b.n++; b.n > maxMembers {
		return "", fmt.Errorf("%w: more than %d members", ErrHostile, maxMembers)
	}
	clean := path.Clean(strings.TrimPrefix(name, "./"))
	if strings.Contains(name, "\\") || !fs.ValidPath(clean) {
		return "", fmt.Errorf("%w: the name %.100q leads out of it", ErrHostile, name)
	}
	if _, err := filepath.Localize(clean); err != nil {
		return "", fmt.Errorf("%w: the name %.100q is none on this system", ErrHostile, name)
	}
	return clean, nil
}

// reader reads a member within the bounds.
func (b *bounds) reader(r io.Reader) io.Reader { return &boundedReader{b, r, 0} }

// boundedReader fails beyond the bounds; n counts towards maxMember.

type boundedReader struct {
	b *bounds
	r io.Reader
	n int64
}

func (r *boundedReader) Read(p []byte) (int, error) {
	n, err := r.r.Read(p)
	r.n += int64(n)
	r.b.out += int64(n)
	if r.n > maxMember || r.b.out > maxTotal || r.b.out > 1<<20 && r.b.out > maxRatio*r.b.in {
		return n, fmt.Errorf("%w: it is far larger inside than outside", ErrHostile)
	}
	return n, err
}

func (b *bounds) zip(file io.ReaderAt, size int64, f func(m Member) error) error {
	z, err := zip.NewReader(file, size)
	if err != nil && !errors.Is(err, zip.ErrInsecurePath) {
		return err
	}
	for _, e := range z.File {
		if !e.Mode().IsRegular() {
			continue
		}
		name, err := b.name(e.Name)
		if err != nil {
			return err
		}
		open := func() (io.ReadCloser, error) {
			r, err := e.Open()
			if err != nil {
				return nil, err
			}
			return struct {
				io.Reader
				io.Closer
			}{b.reader(r), r}, nil
		}
		if err := f(Member{name, int64(min(e.UncompressedSize64, 1<<62)), open}); err != nil {
			return err
		}
	}
	return nil
}

func (b *bounds) tar(r io.Reader, f func(m Member) error) error {
	t := tar.NewReader(r)
	for {
		h, err := t.Next()
		if err == io.EOF {
			return nil
		}
		if err != nil && !errors.Is(err, tar.ErrInsecurePath) {
			return err
		}
		if h.Typeflag != tar.TypeReg {
			continue
		}
		name, err := b.name(h.Name)
		if err != nil {
			return err
		}
		open := func() (io.ReadCloser, error) { return io.NopCloser(b.reader(t)), nil }
		if err := f(Member{name, h.Size, open}); err != nil {
			return err
		}
	}
}

// Unpack unpacks an archive into a folder, which is there in full or not at all: it is filled under another name beside it first. A folder that is there
// is taken to be it. Two processes may unpack at once. What a killed one left is removed.
func Unpack(ctx context.Context, archive, dir string) error {
	if _, err := os.Stat(dir); err == nil {
		return nil
	}
	parent, base := filepath.Split(filepath.Clean(dir))
	if err := os.MkdirAll(filepath.Clean(parent+"."), 0o777); err != nil {
		return fmt.Errorf("data: %w", err)
	}
	lock, err := openPart(ctx, filepath.Join(parent, base+".unpack"))
	if err != nil {
		return fmt.Errorf("data: %w", err)
	}
	if lock != nil {
		defer func() {
			os.Remove(lock.Name())
			lock.Close()
		}()
	}
	if _, err := os.Stat(dir); err == nil { // by another process meanwhile
		return nil
	}
	old, _ := filepath.Glob(filepath.Join(parent, base+".tmp-*"))
	for _, o := range old {
		os.RemoveAll(o)
	}
	temp, err := os.MkdirTemp(filepath.Clean(parent+"."), base+".tmp-")
	if err != nil {
		return fmt.Errorf("data: %w", err)
	}
	defer os.RemoveAll(temp)
	err = Members(archive, func(m Member) error {
		if err := ctx.Err(); err != nil {
			return context.Cause(ctx)
		}
		return m.write(filepath.Join(temp, filepath.FromSlash(m.Name)))
	})
	if err != nil {
		return err
	}
	if err := os.Chmod(temp, 0o777&^0o022); err != nil {
		return fmt.Errorf("data: %w", err)
	}
	if err := os.Rename(temp, dir); err != nil {
		return fmt.Errorf("data: %w", err)
	}
	return nil
}

func (m Member) write(to string) error {
	if err := os.MkdirAll(filepath.Dir(to), 0o777); err != nil {
		return err
	}
	r, err := m.Open()
	if err != nil {
		return err
	}
	defer r.Close()
	w, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
	if errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("%w: two members are called %.100q", ErrHostile, m.Name)
	}
	if err != nil {
		return err
	}
	_, err = io.Copy(w, r)
	return errors.Join(err, w.Close())
}
