package data

import (
	"context"
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"os"
	"strings"
)

// File is a data file of the world: its name, where it can be had, and how to
// know it.
type File struct {
	Name string   // slash-separated path below a data folder
	URLs []string // addresses of the same bytes, the preferred one first
	Size int64    // bytes; 0 if not known

	// Checksums in hexadecimal; every one that is given must agree, and one must be
	// given. MD5 and SHA1 are for sets whose makers publish nothing better.
	SHA256, SHA1, MD5 string
}

// ErrChecksum is wrapped by errors about a file whose bytes are not the expected ones.
var ErrChecksum = errors.New("wrong checksum")

// sums pairs each given checksum with its function.
func (f File) sums() (want []string, names []string, hashes []hash.Hash) {
	for _, s := range []struct {
		name, sum string
		make      func() hash.Hash
	}{{"SHA-256", f.SHA256, sha256.New}, {"SHA-1", f.SHA1, sha1.New}, {"MD5", f.MD5, md5.New}} {
		if s.sum != "" {
			want = append(want, strings.ToLower(s.sum))
			names = append(names, s.name)
			hashes = append(hashes, s.make())
		}
	}
	return want, names, hashes
}

// verify compares the file at path with the checksums.
func (f File) verify(ctx context.Context, path string) error {
	r, err := os.Open(path)
	if err != nil {
		return err
	}
	defer r.Close()
	want, names, hashes := f.sums()
	w := make([]io.Writer, len(hashes))
	for i, h := range hashes {
		w[i] = h
	}
	n, err := io.Copy(io.MultiWriter(w...), readerFunc(func(b []byte) (int, error) {
		if err := ctx.Err(); err != nil {
			return 0, err
		}
		return r.Read(b)
	}))
	if err != nil {
		return err
	}
	if f.Size > 0 && n != f.Size {
		return fmt.Errorf("%w: %d bytes, not %d", ErrChecksum, n, f.Size)
	}
	for i, h := range hashes {
		if got := hex.EncodeToString(h.Sum(nil)); got != want[i] {
			return fmt.Errorf("%w: %s is %s, not %s", ErrChecksum, names[i], got, want[i])
		}
	}
	return nil
}

type readerFunc func([]byte) (int, error)

func (f readerFunc) Read(b []byte) (int, error) { return f(b) }
