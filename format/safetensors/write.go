package safetensors

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/fathom-ml/fathom/internal/atomicfile"
)

// Write writes the arrays and the metadata (which may be nil) to w. Arrays are
// placed by falling element size, then by type and name as the format's reference writer does, so
// that each is aligned and equal contents give equal bytes.
func Write(w io.Writer, arrays []Array, metadata map[string]string) error {
	if err := write(w, arrays, metadata); err != nil {
		return fmt.Errorf("safetensors: %w", err)
	}
	return nil
}

// WriteFile writes a file in full or not at all: a temporary file in the same
// folder, fsync, rename. On failure the temporary file is removed and an older
// file at path stays as it was.
func WriteFile(path string, arrays []Array, metadata map[string]string) error {
	return atomicfile.Write(path, func(w io.Writer) error { return Write(w, arrays, metadata) })
}

func write(w io.Writer, arrays []Array, metadata map[string]string) error {
	arrays = slices.Clone(arrays)
	slices.SortStableFunc(arrays, func(a, b Array) int {
		if d := b.DType.place() - a.DType.place(); d != 0 {
			return d
		}
		return strings.Compare(a.Name, b.Name)
	})
	head, err := header(arrays, metadata)
	if err != nil {
		return err
	}
	var n [8]byte
	binary.LittleEndian.PutUint64(n[:], uint64(len(head)))
	if _, err := w.Write(n[:]); err != nil {
		return err
	}
	if _, err := w.Write(head); err != nil {
		return err
	}
	for _, a := range arrays {
		if _, err := w.Write(a.Data); err != nil {
			return err
		}
	}
	return nil
}

// header is the JSON, padded with spaces to a multiple of 8 bytes.
func header(arrays []Array, metadata map[string]string) ([]byte, error) {
	type entry struct {
		DType   DType    `json:"dtype"`
		Shape   []int    `json:"shape"`
		Offsets [2]int64 `json:"data_offsets"`
	}
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false)
	put := func(v any) error {
		err := enc.Encode(v)
		buf.Truncate(len(bytes.TrimRight(buf.Bytes(), "\n")))
		return err
	}
	first := true
	member := func(key string, v any) error {
		if !first {
			buf.WriteByte(',')
		}
		first = false
		if err := put(key); err != nil {
			return err
		}
		buf.WriteByte(':')
		return put(v)
	}

	buf.WriteByte('{')
	if len(metadata) > 0 {
		for k, v := range metadata {
			if !utf8.ValidString(k) || !utf8.ValidString(v) {
				return nil, fmt.Errorf("metadata %q is not UTF-8", k)
			}
		}
		if err := member(metaKey, metadata); err != nil {
			return nil, err
		}
	}
	seen := map[string]bool{}
	at := int64(0)
	for _, a := range arrays {
		if err := check(a, seen); err != nil {
			return nil, fmt.Errorf("array %q: %w", clip(a.Name), err)
		}
		shape := a.Shape
		if shape == nil {
			shape = []int{}
		}
		end := at + int64(len(a.Data))
		if err := member(a.Name, entry{a.DType, shape, [2]int64{at, end}}); err != nil {
			return nil, err
		}
		at = end
	}
	buf.WriteByte('}')
	for buf.Len()%8 != 0 {
		buf.WriteByte(' ')
	}
	if buf.Len() > maxHeader {
		return nil, fmt.Errorf("the header would take %d bytes, more than the format's limit of %d", buf.Len(), maxHeader)
	}
	return buf.Bytes(), nil
}

// check refuses what Read would refuse.
func check(a Array, seen map[string]bool) error {
	switch {
	case a.Name == metaKey:
		return errors.New("the name is reserved")
	case !utf8.ValidString(a.Name):
		return errors.New("the name is not UTF-8")
	case seen[a.Name]:
		return errors.New("two arrays have this name")
	case len(a.Shape) > maxRank:
		return fmt.Errorf("more than %d axes", maxRank)
	}
	seen[a.Name] = true
	n, err := byteLen(a.DType, a.Shape)
	if err != nil {
		return err
	}
	if n != int64(len(a.Data)) {
		return fmt.Errorf("%s of shape %v takes %d bytes, Data has %d", a.DType, a.Shape, n, len(a.Data))
	}
	return nil
}
