package mxparams

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/fathom-ml/fathom/tensor/elem/elemtest"
)

// What MXNet wrote is read to MXNet's values, and every cut of it is an error.
func TestOracle(t *testing.T) {
	for _, c := range elemtest.Load(t) {
		t.Run(c.Name, func(t *testing.T) {
			list, err := Read(bytes.NewReader(c.File))
			if c.Refused {
				if err == nil || !strings.Contains(err.Error(), c.Name+" storage is not read") {
					t.Errorf("%v %v", list, err)
				}
				return
			}
			if err != nil || len(list) != len(c.Arrays) {
				t.Fatalf("%d arrays: %v", len(list), err)
			}
			// The order of a file is MXNet's own where it saved a map.
			for _, a := range c.Arrays {
				i := slices.IndexFunc(list, func(e Entry) bool { return e.Name == a.Name && slices.Equal(e.Tensor.Shape(), a.Shape) })
				if i < 0 {
					t.Fatalf("no array %q", a.Name)
				}
				a.Check(t, list[i].Tensor)
			}
			for n := range len(c.File) {
				if _, err := Read(bytes.NewReader(c.File[:n])); !errors.Is(err, io.ErrUnexpectedEOF) {
					t.Fatalf("the first %d of %d bytes: %v", n, len(c.File), err)
				}
			}
			path := filepath.Join(t.TempDir(), "a.params")
			if err := os.WriteFile(path, c.File, 0o666); err != nil {
				t.Fatal(err)
			}
			if again, err := Load(path); err != nil || len(again) != len(list) {
				t.Errorf("Load: %v", err)
			}
		})
	}
	if _, err := Load(filepath.Join(t.TempDir(), "no")); !errors.Is(err, fs.ErrNotExist) {
		t.Error(err)
	}
	if _, err := Load(t.TempDir()); err == nil {
		t.Error("a folder was read")
	}
}

// build puts numbers and text together: int is 8 bytes, uint32 and int32 4.
func build(parts ...any) []byte {
	var b []byte
	for _, p := range parts {
		switch p := p.(type) {
		case int:
			b = binary.LittleEndian.AppendUint64(b, uint64(p))
		case uint32:
			b = binary.LittleEndian.AppendUint32(b, p)
		case int32:
			b = binary.LittleEndian.AppendUint32(b, uint32(p))
		case string:
			b = append(b, p...)
		}
	}
	return b
}

// one is the list of an array with this many axes and these lengths, type and bytes.
func one(magic uint32, rank int32, lengths []int, flag uint32, data string) []byte {
	b := build(0x112, 0, 1, magic, int32(0), rank)
	for _, n := range lengths {
		b = append(b, build(n)...)
	}
	return append(b, build(int32(1), int32(0), flag, data)...)
}

func TestReadRefuses(t *testing.T) {
	byteArray := build(uint32(v2), int32(0), int32(1), 1, int32(1), int32(0), uint32(3), "x")
	two := string(byteArray) + string(byteArray)
	tests := []struct {
		name string
		file []byte
		want string
	}{
		{"empty", nil, "beginning"},
		{"other", build("PK\x03\x04", 0, 0, 0), "not a .params file"},
		{"arrays without end", build(0x112, 0, -1), "array 0 of 18446744073709551615"},
		{"storage", build(0x112, 0, 1, uint32(v2), int32(9)), "storage type 9"},
		{"row_sparse", build(0x112, 0, 1, uint32(v2), int32(1)), "row_sparse"},
		{"csr", build(0x112, 0, 1, uint32(v3), int32(2)), "csr"},
		{"axes", one(v2, 65, nil, 0, ""), "65 axes"},
		{"axes negative", one(v2, -1, nil, 0, ""), "-1 axes"},
		{"old with absurd axes", build(0x112, 0, 1, uint32(0xdeadbeef)), "axes"},
		{"length negative", one(v2, 2, []int{-1, 2}, 0, ""), "negative"},
		{"lengths overflow", one(v2, 3, []int{1 << 32, 1 << 32, 4}, 0, ""), "memory can hold"},
		{"empty, lengths overflow", one(v3, 3, []int{0, 1 << 40, 1 << 40}, 0, ""), "memory can hold"},
		{"more than there is", one(v2, 1, []int{1 << 40}, 0, "1234"), "EOF"},
		{"type", one(v2, 1, []int{1}, 99, "1234"), "type 99"},
		{"uint64", one(v2, 1, []int{1}, 11, "12345678"), "uint64"},
		{"no names", build(0x112, 0, 0), "number of names"},
		{"too many names", build(0x112, 0, 0, 1), "1 names for 0 arrays"},
		{"long name", build(0x112, 0, 1, string(byteArray), 1, 1<<40), "claims 1099511627776 bytes"},
		{"name cut", build(0x112, 0, 1, string(byteArray), 1, 5, "ab"), "EOF"},
		{"name not UTF-8", build(0x112, 0, 1, string(byteArray), 1, 1, "\xff"), "UTF-8"},
		{"name twice", build(0x112, 0, 2, two, 2, 1, "a", 1, "a"), "two arrays are named"},
	}
	for _, c := range tests {
		list, err := Read(bytes.NewReader(c.file))
		if err == nil || !strings.HasPrefix(err.Error(), "mxparams: ") || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v %v, want %q", c.name, list, err, c.want)
		}
	}
	if list, err := Read(bytes.NewReader(build(0x112, 0, 2, uint32(v2), int32(0), int32(0), string(byteArray), 0))); err != nil || list[0].Tensor != nil || list[1].Tensor == nil {
		t.Errorf("an array without a shape: %v %v", list, err)
	}

	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	_, err := Read(bytes.NewReader(one(v2, 1, []int{1 << 40}, 0, "1234")))
	runtime.ReadMemStats(&after)
	if got := after.TotalAlloc - before.TotalAlloc; err == nil || got > 4<<20 {
		t.Errorf("a claim of 4 TB cost %d bytes: %v", got, err)
	}
}

func TestSplit(t *testing.T) {
	for name, want := range map[string][2]string{"arg:a": {"arg", "a"}, "aux:a:b": {"aux", "a:b"}, "0.weight": {"", "0.weight"}, "": {}} {
		if kind, rest := (Entry{Name: name}).Split(); [2]string{kind, rest} != want {
			t.Errorf("%q: %q %q", name, kind, rest)
		}
	}
}

func FuzzRead(f *testing.F) {
	for _, c := range elemtest.Load(f) {
		f.Add(c.File)
	}
	f.Add(one(v3, 0, nil, 7, "\x07"))
	f.Fuzz(func(t *testing.T, b []byte) {
		list, err := Read(bytes.NewReader(b))
		if err != nil {
			if len(err.Error()) > 1<<10 {
				t.Fatalf("a message of %d bytes", len(err.Error()))
			}
			return
		}
		total := 0
		for _, e := range list {
			if e.Tensor != nil {
				total += e.Tensor.Size() * e.Tensor.DType().Size()
			}
		}
		if total > 2*len(b) { // widening doubles
			t.Fatalf("%d bytes from %d", total, len(b))
		}
	})
}
