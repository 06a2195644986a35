package npy

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/fathom-ml/fathom/tensor"
	"github.com/fathom-ml/fathom/tensor/elem"
	"github.com/fathom-ml/fathom/tensor/elem/elemtest"
)

// What NumPy wrote is read to NumPy's values, and written again to NumPy's bytes.
func TestOracle(t *testing.T) {
	for _, c := range elemtest.Load(t) {
		t.Run(c.Name, func(t *testing.T) {
			if c.Archive {
				archiveCase(t, c)
				return
			}
			r := bytes.NewReader(c.File)
			x, err := Read(r)
			if c.Refused {
				if err == nil {
					t.Fatalf("no error, but %v", x)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			c.Arrays[0].Check(t, x)
			if r.Len() != 0 || !x.IsContiguous() {
				t.Errorf("%d bytes left, contiguous: %v", r.Len(), x.IsContiguous())
			}
			if c.Same == nil {
				return
			}
			if c.Same == "fortran" {
				x = x.T().Contiguous().T()
			}
			var b bytes.Buffer
			if err := Write(&b, x); err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(b.Bytes(), c.File) {
				t.Errorf("wrote %q, want %q", b.Bytes(), c.File)
			}
		})
	}
}

func archiveCase(t *testing.T, c elemtest.Case) {
	path := filepath.Join(t.TempDir(), "a.npz")
	if err := os.WriteFile(path, c.File, 0o666); err != nil {
		t.Fatal(err)
	}
	list, err := LoadArchive(path)
	if err != nil || len(list) != len(c.Arrays) {
		t.Fatalf("%d arrays: %v", len(list), err)
	}
	for i, e := range list {
		if e.Name != c.Arrays[i].Name {
			t.Errorf("array %d is named %q, want %q", i, e.Name, c.Arrays[i].Name)
		}
		c.Arrays[i].Check(t, e.Tensor)
	}
	// The members that we write have NumPy's names and bytes. (One of them is in Fortran order.)
	for _, method := range []Method{Store, Deflate} {
		var b bytes.Buffer
		if err := WriteArchive(&b, method, list...); err != nil {
			t.Fatal(err)
		}
		ours, theirs := members(t, b.Bytes()), members(t, c.File)
		if len(ours) != len(theirs) {
			t.Fatalf("%d members, want %d", len(ours), len(theirs))
		}
		for i := range ours {
			fortran := strings.Contains(theirs[i], "'fortran_order': True")
			if ours[i] != theirs[i] && !fortran {
				t.Errorf("member %d: %q, want %q", i, ours[i], theirs[i])
			}
		}
	}
}

// members are the names and contents of a zip archive.
func members(t *testing.T, b []byte) (list []string) {
	z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, f.Name+": "+string(text))
	}
	return list
}

// file is a header of version 1 without any check, and data.
func file(dict string, data int) []byte {
	b := append([]byte(magic), 1, 0)
	b = binary.LittleEndian.AppendUint16(b, uint16(len(dict)))
	return append(append(b, dict...), make([]byte, data)...)
}

func dict(descr, fortran, shape string) string {
	return fmt.Sprintf("{'descr': '%s', 'fortran_order': %s, 'shape': %s, }", descr, fortran, shape)
}

func TestReadRefuses(t *testing.T) {
	good := dict("<f4", "False", "(2, 3)")
	long := strings.Repeat("9", 400)
	tests := []struct {
		name string
		file []byte
		want string
	}{
		{"empty", nil, "beginning"},
		{"text", []byte("hello, world"), "does not begin with"},
		{"version 4", []byte(magic + "\x04\x00\x00\x00"), "version 4.0"},
		{"version 1.1", []byte(magic + "\x01\x01\x00\x00"), "version 1.1"},
		{"version 0", []byte(magic + "\x00\x00\x00\x00"), "version 0.0"},
		{"no length", []byte(magic + "\x01\x00\x05"), "header length"},
		{"header of 4 GB", []byte(magic + "\x02\x00\xff\xff\xff\xff"), "claims 4294967295 bytes"},
		{"header cut", []byte(magic + "\x01\x00\xff\x00{"), "EOF"},
		{"no dict", file("", 0), "ends where '{'"},
		{"unclosed", file(strings.TrimSuffix(good, "}"), 24), "string was expected"},
		{"a call", file("__import__('os')", 0), "'{' was expected"},
		{"text behind", file(good+" x", 24), "after the closing brace"},
		{"unknown key", file("{'descr': '<f4', 'order': False}", 0), "unknown key"},
		{"long key", file("{'"+long+"': 1}", 0), "unknown key"},
		{"missing key", file("{'descr': '<f4', 'fortran_order': False}", 0), "not all given"},
		{"key twice", file("{'descr': '<f4', 'descr': '<f4', 'fortran_order': False, 'shape': ()}", 4), "given twice"},
		{"no colon", file("{'descr' '<f4'}", 0), "':' was expected"},
		{"no comma", file("{'descr': '<f4' 'shape': ()}", 0), "was expected"},
		{"escape", file(`{'descr': '<f\x34', 'fortran_order': False, 'shape': ()}`, 4), "no plain string"},
		{"unclosed string", file("{'descr", 0), "no plain string"},
		{"fortran a number", file(dict("<f4", "1", "(2, 3)"), 24), "True or False"},
		{"shape a list", file(dict("<f4", "False", "[2, 3]"), 24), "'(' was expected"},
		{"shape a number", file(dict("<f4", "False", "(2)"), 8), "no tuple"},
		{"shape negative", file(dict("<f4", "False", "(-2, 3)"), 24), "length was expected"},
		{"shape a float", file(dict("<f4", "False", "(2.0, 3)"), 24), "comma was expected"},
		{"shape a name", file(dict("<f4", "False", "(True, 3)"), 24), "length was expected"},
		{"shape hexadecimal", file(dict("<f4", "False", "(0x2, 3)"), 24), "length was expected"},
		{"shape with two commas", file(dict("<f4", "False", "(2,,3)"), 24), "length was expected"},
		{"shape without commas", file(dict("<f4", "False", "(2, 3 4)"), 24), "comma was expected"},
		{"shape unclosed", file("{'shape': (2, 3", 24), "comma was expected"},
		{"shape of 400 digits", file(dict("<f4", "False", "("+long+",)"), 24), "length was expected"},
		{"shape overflows", file(dict("<f4", "False", "(4294967296, 4294967296, 4)"), 0), "memory can hold"},
		{"shape overflows, but empty", file(dict("<f4", "False", "(0, 4294967296, 4294967296)"), 0), "memory can hold"},
		{"axes without end", file(dict("<f4", "False", "("+strings.Repeat("1, ", 65)+")"), 4), "64 axes"},
		{"more than there is", file(dict("<f4", "False", "(1000000000000,)"), 10), "EOF"},
		{"cut", file(good, 23), "EOF"},
		{"objects", file(dict("|O", "False", "(1,)"), 9), "pickled"},
		{"records", file("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,)}", 4), "records"},
		{"strings", file(dict("<U3", "False", "(1,)"), 12), "no tensor holds"},
		{"no type", file(dict("", "False", "(1,)"), 12), "no tensor holds"},
		{"uint64", file(dict("<u8", "False", "(1,)"), 8), "uint64"},
		{"no byte order", file(dict("|f4", "False", "(1,)"), 4), "no byte order"},
	}
	for _, c := range tests {
		t.Run(c.name, func(t *testing.T) {
			_, err := Read(bytes.NewReader(c.file))
			if err == nil {
				t.Fatal("no error")
			}
			if !strings.HasPrefix(err.Error(), "npy: ") || !strings.Contains(err.Error(), c.want) || len(err.Error()) > 300 {
				t.Errorf("%v: want %q", err, c.want)
			}
		})
	}
	for _, ok := range []string{
		`{"shape":(2L,3L),"fortran_order":True,"descr":">f4"}`,
		" {'descr' : '<f4' ,\n'fortran_order':\tFalse , 'shape' : ( 2 ,3, ) , }  \n",
	} {
		if x, err := Read(bytes.NewReader(file(ok, 24))); err != nil || !slices.Equal(x.Shape(), []int{2, 3}) {
			t.Errorf("%s: %v", ok, err)
		}
	}
}

// A claim costs no more than what is there.
func TestClaims(t *testing.T) {
	b := file(dict("<f4", "False", "(1000000000,)"), 1000)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	_, err := Read(bytes.NewReader(b))
	runtime.ReadMemStats(&after)
	if !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Error(err)
	}
	if got := after.TotalAlloc - before.TotalAlloc; got > 4<<20 {
		t.Errorf("a claim of 4 GB in 1 kB cost %d bytes", got)
	}
	path := filepath.Join(t.TempDir(), "a.npy")
	if err := os.WriteFile(path, b, 0o666); err != nil {
		t.Fatal(err)
	}
	if _, err := Load(path); err == nil || !strings.Contains(err.Error(), "4000000000 bytes where 1000 are left") {
		t.Error(err)
	}
}

// The growing reader gives the same as the one that knows the size, and every cut is an error.
func TestLarge(t *testing.T) {
	x := tensor.Arange(700_000).Reshape(700, 1000)
	path := filepath.Join(t.TempDir(), "a.npy")
	if err := Save(path, x); err != nil {
		t.Fatal(err)
	}
	a, err := Load(path)
	if err != nil || !tensor.Equal(a, x) {
		t.Error(err)
	}
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	a, err = Read(bytes.NewReader(b))
	if err != nil || !tensor.Equal(a, x) {
		t.Error(err)
	}
	for _, n := range []int{0, 5, 8, 9, 60, 128, 129, 1 << 20, 2 << 20, len(b) - 1} {
		if _, err := Read(bytes.NewReader(b[:n])); !errors.Is(err, io.ErrUnexpectedEOF) {
			t.Errorf("the first %d bytes: %v", n, err)
		}
	}
}

// NumPy puts several arrays one after the other into a file; Read takes them one by one.
func TestStream(t *testing.T) {
	var b bytes.Buffer
	for i := range 3 {
		if err := Write(&b, tensor.Full(float64(i), i)); err != nil {
			t.Fatal(err)
		}
	}
	path := filepath.Join(t.TempDir(), "a.npy")
	if err := os.WriteFile(path, b.Bytes(), 0o666); err != nil {
		t.Fatal(err)
	}
	for i := range 3 {
		if x, err := Read(&b); err != nil || x.Len() != i {
			t.Errorf("array %d: %v %v", i, x, err)
		}
	}
	if _, err := Read(&b); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Error(err)
	}
	if _, err := Load(path); err == nil || !strings.Contains(err.Error(), "more bytes follow") {
		t.Error(err)
	}
	if _, err := Load(path + "x"); !errors.Is(err, fs.ErrNotExist) {
		t.Error(err)
	}
}

func TestWriteRefuses(t *testing.T) {
	half := tensor.Ones(2).AsType(tensor.BFloat16)
	dir := t.TempDir()
	path := filepath.Join(dir, "a.npz")
	one := tensor.Ones(1)
	for want, entries := range map[string][]Entry{
		"no bfloat16": {{"a", half}},
		"two arrays":  {{"a", one}, {"a", one}},
		"empty":       {{"", one}},
		"UTF-8":       {{"\xff", one}},
	} {
		if err := SaveArchive(path, Store, entries...); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v: want %q", err, want)
		}
	}
	if err := Save(path, half); err == nil || !strings.Contains(err.Error(), "no bfloat16") {
		t.Error(err)
	}
	if list, _ := os.ReadDir(dir); len(list) != 0 {
		t.Errorf("left behind: %v", list)
	}
}

// archive makes a zip of raw members.
func archive(t testing.TB, members ...*zip.FileHeader) []byte {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, m := range members {
		w, err := z.CreateRaw(m)
		if err == nil {
			_, err = w.Write([]byte(m.Comment)) // what is really there
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestArchiveRefuses(t *testing.T) {
	member := func(name string, method uint16, packed, full uint64, data string) *zip.FileHeader {
		return &zip.FileHeader{Name: name, Method: method, CompressedSize64: packed, UncompressedSize64: full, Comment: data}
	}
	tests := []struct {
		name string
		file []byte
		want string
	}{
		{"no zip", []byte("hello"), "zip"},
		{"two names", archive(t, member("a.npy", 0, 0, 0, ""), member("a", 0, 0, 0, "")), "two members"},
		{"a method", archive(t, member("a.npy", 14, 0, 0, "")), "method 14"},
		{"more than the file", archive(t, member("a.npy", 8, 1<<40, 1<<40, "x")), "more bytes than"},
		{"together more than the file", archive(t, member("a.npy", 8, 150, 150, "x"), member("b.npy", 8, 150, 150, "x")), "more bytes than"},
		{"stored sizes differ", archive(t, member("a.npy", 0, 1, 2, "x")), "cannot come from"},
		{"a bomb", archive(t, member("a.npy", 8, 10, 1<<40, "0123456789")), "cannot come from"},
		{"2^64", archive(t, member("a.npy", 8, 10, math.MaxUint64, "0123456789")), "cannot come from"},
	}
	for _, c := range tests {
		a, err := ReadArchive(bytes.NewReader(c.file), int64(len(c.file)))
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v %v, want %q", c.name, a, err, c.want)
		}
	}

	// What is found only when the array is read.
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	put := func(name string, data []byte) {
		w, err := z.Create(name)
		if err == nil {
			_, err = w.Write(data)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	put("text", []byte("hello, world"))
	put("short.npy", file(dict("<f4", "False", "(1000000,)"), 100))
	put("long.npy", file(dict("<f4", "False", "(2,)"), 9))
	put("good.npy", file(dict("<f4", "False", "(2,)"), 8))
	put("../up.npy", file(dict("<f4", "False", "(2,)"), 8))
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	a, err := ReadArchive(bytes.NewReader(b.Bytes()), int64(b.Len()))
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		"text": "does not begin", "short": "4000000 bytes where", "long": "more bytes follow", "nobody": "no array is named",
		"good": "", "../up": "",
	} {
		_, err := a.Tensor(name)
		if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("%s: %v, want %q", name, err, want)
		}
	}
	if err := a.Close(); err != nil {
		t.Error(err)
	}
	// A bit that turned over.
	i := bytes.Index(b.Bytes(), []byte("good.npy"))
	for k := i; k < i+40; k++ {
		bad := slices.Clone(b.Bytes())
		bad[k] ^= 0x10
		if a, err := ReadArchive(bytes.NewReader(bad), int64(len(bad))); err == nil {
			if x, err := a.Tensor("good"); err == nil && !tensor.Equal(x, tensor.Zeros(2)) {
				t.Errorf("byte %d: %v", k, x)
			}
		}
	}
}

// zip64: sizes and places in the extra field, as Python writes them and as large files need them.
func TestZip64(t *testing.T) {
	found := false
	for _, c := range elemtest.Load(t) {
		if c.Archive && len(c.Arrays) > 0 {
			n := int(binary.LittleEndian.Uint16(c.File[26:]))
			extra := c.File[30+n:]
			found = found || binary.LittleEndian.Uint16(extra) == 1 && binary.LittleEndian.Uint32(c.File[18:]) == math.MaxUint32
		}
	}
	if !found {
		t.Error("no oracle file has zip64 members")
	}
	// A directory that has all of its sizes in the zip64 field.
	body := file(dict("<f4", "False", "(2,)"), 8)
	crc := uint32(0)
	{
		var b bytes.Buffer
		z := zip.NewWriter(&b)
		w, err := z.Create("a.npy")
		if err == nil {
			_, err = w.Write(body)
		}
		if err == nil {
			err = z.Close()
		}
		if err != nil {
			t.Fatal(err)
		}
		r, err := zip.NewReader(bytes.NewReader(b.Bytes()), int64(b.Len()))
		if err != nil {
			t.Fatal(err)
		}
		crc = r.File[0].CRC32
	}
	le := binary.LittleEndian
	var f []byte
	u16 := func(v ...uint16) {
		for _, v := range v {
			f = le.AppendUint16(f, v)
		}
	}
	u32 := func(v ...uint32) {
		for _, v := range v {
			f = le.AppendUint32(f, v)
		}
	}
	u64 := func(v ...int) {
		for _, v := range v {
			f = le.AppendUint64(f, uint64(v))
		}
	}
	const name, most = "a.npy", math.MaxUint32
	u32(0x04034b50)
	u16(45, 0, 0, 0, 0x21)
	u32(crc, most, most)
	u16(uint16(len(name)), 20)
	f = append(f, name...)
	u16(1, 16)
	u64(len(body), len(body))
	f = append(f, body...)
	dir := len(f)
	u32(0x02014b50)
	u16(45, 45, 0, 0, 0, 0x21)
	u32(crc, most, most)
	u16(uint16(len(name)), 28, 0, 0, 0)
	u32(0, most)
	f = append(f, name...)
	u16(1, 24)
	u64(len(body), len(body), 0)
	end := len(f)
	u32(0x06064b50)
	u64(44)
	u16(45, 45)
	u32(0, 0)
	u64(1, 1, end-dir, dir)
	u32(0x07064b50, 0)
	u64(end)
	u32(1, 0x06054b50)
	u16(0, 0, 0xffff, 0xffff)
	u32(most, most)
	u16(0)
	a, err := ReadArchive(bytes.NewReader(f), int64(len(f)))
	if err != nil {
		t.Fatal(err)
	}
	if x, err := a.Tensor("a"); err != nil || !tensor.Equal(x, tensor.Zeros(2)) {
		t.Errorf("%v %v", x, err)
	}
}

func TestArchiveFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.npz")
	list := []Entry{{"z", tensor.Arange(6).Reshape(2, 3).T()}, {"a", tensor.Of([]int8{1})}, {"1/é", tensor.Zeros(600, 600)}}
	for _, method := range []Method{Store, Deflate} {
		if err := SaveArchive(path, method, list...); err != nil {
			t.Fatal(err)
		}
		a, err := OpenArchive(path)
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(a.Names(), []string{"z", "a", "1/é"}) {
			t.Errorf("%q", a.Names())
		}
		for _, e := range list {
			x, err := a.Tensor(e.Name)
			if err != nil || !tensor.Equal(x, e.Tensor) {
				t.Errorf("%s: %v", e.Name, err)
			}
			info, err := a.Info(e.Name)
			if err != nil || !slices.Equal(info.Shape, e.Tensor.Shape()) || info.DType != e.Tensor.DType() || info.Bytes != int64(x.Size()*x.DType().Size()) {
				t.Errorf("%s: %+v %v", e.Name, info, err)
			}
		}
		if err := a.Close(); err != nil {
			t.Error(err)
		}
		if _, err := a.Tensor("z"); !errors.Is(err, fs.ErrClosed) {
			t.Errorf("after Close: %v", err)
		}
	}
	if _, err := OpenArchive(path + "x"); !errors.Is(err, fs.ErrNotExist) {
		t.Error(err)
	}
}

func FuzzRead(f *testing.F) {
	for _, c := range elemtest.Load(f) {
		if !c.Archive && len(c.File) < 400 {
			f.Add(c.File)
		}
	}
	f.Add(file(dict("<f4", "True", "(4294967296, 4294967296, 4)"), 0))
	f.Fuzz(func(t *testing.T, b []byte) {
		x, err := Read(bytes.NewReader(b))
		if err != nil {
			if len(err.Error()) > 1<<10 {
				t.Fatalf("a message of %d bytes", len(err.Error()))
			}
			return
		}
		var out bytes.Buffer
		if err := Write(&out, x); err != nil {
			t.Fatal(err)
		}
		y, err := Read(&out)
		if err != nil || !bytes.Equal(elem.Bytes(x), elem.Bytes(y)) || !slices.Equal(x.Shape(), y.Shape()) {
			t.Fatalf("%v became %v: %v", x, y, err)
		}
	})
}

func FuzzReadArchive(f *testing.F) {
	for _, c := range elemtest.Load(f) {
		if c.Archive {
			f.Add(c.File)
		}
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		a, err := ReadArchive(bytes.NewReader(b), int64(len(b)))
		if err != nil {
			return
		}
		total := int64(0)
		for _, name := range a.Names() {
			x, err := a.Tensor(name)
			if err != nil {
				continue
			}
			total += int64(x.Size() * x.DType().Size())
			if info, err := a.Info(name); err != nil || !slices.Equal(info.Shape, x.Shape()) {
				t.Fatalf("%q: %+v %v", name, info, err)
			}
		}
		if total > 2*ratio*int64(len(b)) { // widening doubles
			t.Fatalf("%d bytes from %d", total, len(b))
		}
	})
}
