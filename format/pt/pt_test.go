package pt

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/fathom-ml/fathom/tensor"
	"github.com/fathom-ml/fathom/tensor/elem/elemtest"
)

// What torch.save wrote is read to the values that torch.load reads, and what is no plain data is refused by its name.
func TestOracle(t *testing.T) {
	refused := map[string]string{
		"a module": "Sequential", "quantized": "_rebuild_qtensor", "sparse": "_rebuild_sparse_tensor", "before 1.6": "before 1.6",
		"code": "print", "TorchScript": "TorchScript", "an int that fits none": "int of 9 bytes",
	}
	for _, c := range elemtest.Load(t) {
		t.Run(c.Name, func(t *testing.T) {
			v, err := Read(bytes.NewReader(c.File), int64(len(c.File)))
			if c.Refused {
				if want := refused[c.Name]; err == nil || want == "" || !strings.Contains(err.Error(), want) {
					t.Errorf("%v, want %q", err, want)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			list, err := Tensors(v)
			if err != nil || len(list) != len(c.Arrays) {
				t.Fatalf("%d tensors, want %d: %v", len(list), len(c.Arrays), err)
			}
			for i, a := range c.Arrays {
				if list[i].Name != a.Name {
					t.Errorf("tensor %d is %q, want %q", i, list[i].Name, a.Name)
				}
				a.Check(t, list[i].Tensor)
			}
		})
	}
}

func file(t testing.TB, name string) []byte {
	t.Helper()
	for _, c := range elemtest.Load(t) {
		if c.Name == name {
			return c.File
		}
	}
	t.Fatalf("no case %q", name)
	return nil
}

func TestValues(t *testing.T) {
	path := filepath.Join(t.TempDir(), "v.pt")
	if err := os.WriteFile(path, file(t, "values"), 0o666); err != nil {
		t.Fatal(err)
	}
	v, err := Load(path)
	if err != nil {
		t.Fatal(err)
	}
	d := v.(*Dict)
	want := []any{"none", nil, "t", true, "f", false, "i", int64(-5), "big", int64(1 << 40), "small", int64(-1 << 40), "x", -2.5, "s", "ü",
		"b", []byte{0, 255}, "l", &List{[]any{int64(1), &List{[]any{int64(2)}}}}, "tu", Tuple{int64(1), "a"}, "d", nil,
		"size", Tuple{int64(2), int64(3)}, "dtype", DType("float16"), "dev", Device("cpu"), "gpu", Device("cuda:1"), "set", &List{[]any{int64(5)}}}
	i := 0
	for k, x := range d.All() {
		if k == "d" {
			x = x.(*Dict).Get("k").(*Dict).Get(int64(3))
			if want[i+1] = any(int64(4)); x != want[i+1] {
				t.Errorf("d is %v", x)
			}
		}
		if k != want[i] || !reflect.DeepEqual(x, want[i+1]) {
			t.Errorf("%v: %#v, want %v: %#v", k, x, want[i], want[i+1])
		}
		i += 2
	}
	if i != len(want) || d.Len() != len(want)/2 {
		t.Errorf("%d values", d.Len())
	}
	if _, err := Load(filepath.Join(t.TempDir(), "no")); !errors.Is(err, fs.ErrNotExist) {
		t.Error(err)
	}
	if _, err := Load(t.TempDir()); err == nil {
		t.Error("a folder was read")
	}
}

// Tensors at one place of one storage are one tensor.
func TestTied(t *testing.T) {
	b := archiveOf(t, "(lp0"[:1]+tensorCode("0", 4, 0, "K\x04", "K\x01")+tensorCode("0", 4, 0, "K\x04", "K\x01")+tensorCode("0", 4, 1, "K\x02", "K\x01")+"l.", map[string]int{"0": 16})
	v, err := Read(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	l := v.(*List).Items
	if l[0] != l[1] || l[0] == l[2] {
		t.Error("not tied")
	}
}

// tensorCode is a program that makes a float32 tensor of one axis.
func tensorCode(key string, n, offset byte, shape, strides string) string {
	return "ctorch._utils\n_rebuild_tensor_v2\n((X\x07\x00\x00\x00storagectorch\nFloatStorage\nX" + string([]byte{byte(len(key)), 0, 0, 0}) + key +
		"X\x03\x00\x00\x00cpuK" + string([]byte{n}) + "tQK" + string([]byte{offset}) + shape + "\x85" + strides + "\x85\x89}tR"
}

// archiveOf makes a file of a program and storages of so many bytes.
func archiveOf(t testing.TB, code string, storages map[string]int) []byte {
	t.Helper()
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	add := func(name string, b []byte) {
		w, err := z.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Store})
		if err == nil {
			_, err = w.Write(b)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	add("archive/data.pkl", []byte(code))
	for k, n := range storages {
		add("archive/data/"+k, make([]byte, n))
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// Programs of an enemy end with an error that says what was wrong.
func TestHostile(t *testing.T) {
	laughs := "]q\x00" // a list that holds itself twice and more
	for range 30 {
		laughs += "(h\x00h\x00e"
	}
	deep := strings.Repeat("(", 5000) + "N" + strings.Repeat("t", 5000) + "."
	for name, c := range map[string]struct{ code, want string }{
		"system":            {"cos\nsystem\n(X\x02\x00\x00\x00lstR.", `"os.system"`},
		"eval":              {"\x80\x04\x8c\x08builtins\x8c\x04eval\x93.", `"builtins.eval"`},
		"a list's way":      {"cbuiltins\ngetattr\n.", "builtins.getattr"},
		"torch.load":        {"ctorch\nload\n.", "torch.load"},
		"numpy":             {"cnumpy.core.multiarray\nscalar\n.", "save tensors"},
		"new object":        {"ccollections\nOrderedDict\n)\x81.", "instruction"},
		"inst":              {"(ios\nsystem\n.", "instruction"},
		"extension":         {"\x82\x01.", "instruction"},
		"text reference":    {"Pabc\n.", "instruction"},
		"call a string":     {"X\x01\x00\x00\x00a)R.", "string is called"},
		"call with a list":  {"ccollections\nOrderedDict\n]R.", "called with a list"},
		"attributes":        {"]}b.", "attributes are set on a list"},
		"a global":          {"ccollections\nOrderedDict\n.", "itself"},
		"no end":            {"]", "left"},
		"more":              {"NN.", "left behind"},
		"behind":            {"N.N", "left behind"},
		"pop nothing":       {"0.", "empty"},
		"pop a mark":        {"N(0.", "empty"},
		"no mark":           {"t.", "no mark"},
		"memo":              {"h\x07.", "remembered"},
		"length":            {"X\xff\xff\xff\xff.", "left"},
		"length of 8 bytes": {"\x8d\xff\xff\xff\xff\xff\xff\xff\xffa.", "left"},
		"string":            {"X\x01\x00\x00\x00\xff.", "UTF-8"},
		"line":              {"cos", "without an end"},
		"protocol":          {"\x80\x09.", "protocol 9"},
		"key":               {"}]Ns.", "list as key"},
		"half a pair":       {"}(Nu.", "without a value"},
		"put":               {"NNa.", "put into a None"},
		"reference":         {"NQ.", "no storage"},
		"storage":           {tensorCode("no", 4, 0, "K\x04", "K\x01") + ".", "no member"},
		"storage's length":  {tensorCode("0", 5, 0, "K\x04", "K\x01") + ".", "are not 5"},
		"way out":           {tensorCode("../../0", 4, 0, "K\x04", "K\x01") + ".", "no member"},
		"beyond":            {tensorCode("0", 4, 1, "K\x04", "K\x01") + ".", "leave its 4"},
		"offset":            {tensorCode("0", 4, 9, "K\x01", "K\x01") + ".", "leave its 4"},
		"stride":            {tensorCode("0", 4, 0, "K\x02", "J\xff\xff\xff\x7f") + ".", "leave its 4"},
		"negative stride":   {tensorCode("0", 4, 3, "K\x02", "J\xff\xff\xff\xff") + ".", "leave its 4"},
		"negative length":   {tensorCode("0", 4, 0, "J\xff\xff\xff\xff", "K\x01") + ".", "negative"},
		"huge length":       {tensorCode("0", 4, 0, "\x8a\x08\xff\xff\xff\xff\xff\xff\xff\x7f", "K\x00") + ".", "more elements"},
		"zero stride":       {tensorCode("0", 4, 0, "J\x00\x00\x00\x40", "K\x00") + ".", "64 times"},
		"shape of a list":   {"ctorch._utils\n_rebuild_tensor_v2\n(NK\x00]]\x89}tR.", "arguments"},
	} {
		b := archiveOf(t, c.code, map[string]int{"0": 16})
		v, err := Read(bytes.NewReader(b), int64(len(b)))
		if err == nil || !strings.Contains(err.Error(), c.want) || len(err.Error()) > 1000 {
			t.Errorf("%s: %v %v, want %q", name, v, err, c.want)
		}
	}
	for name, code := range map[string]string{"laughs": laughs + ".", "deep": deep} {
		b := archiveOf(t, code, nil)
		v, err := Read(bytes.NewReader(b), int64(len(b)))
		if err != nil {
			t.Fatal(name, err)
		}
		if _, err := Tensors(v); err == nil || !strings.Contains(err.Error(), "too deep") {
			t.Errorf("%s: %v", name, err)
		}
	}
	two := &Dict{}
	two.set(int64(1), tensor.Zeros(1))
	two.set("1", tensor.Zeros(1))
	if _, err := Tensors(two); err == nil || !strings.Contains(err.Error(), `"1"`) {
		t.Error(err)
	}
}

// Archives that are not as torch.save writes them.
func TestHostileArchives(t *testing.T) {
	build := func(f func(z *zip.Writer)) []byte {
		var out bytes.Buffer
		z := zip.NewWriter(&out)
		f(z)
		z.Close()
		return out.Bytes()
	}
	member := func(z *zip.Writer, name string, method uint16, b string) {
		w, _ := z.CreateHeader(&zip.FileHeader{Name: name, Method: method})
		fmt.Fprint(w, b)
	}
	for want, b := range map[string][]byte{
		"zip":       []byte("hello"),
		"0 members": build(func(z *zip.Writer) { member(z, "a/other", zip.Store, "") }),
		"2 members": build(func(z *zip.Writer) {
			member(z, "a/data.pkl", zip.Store, "N.")
			member(z, "b/data.pkl", zip.Store, "N.")
		}),
		"two members": build(func(z *zip.Writer) {
			member(z, "a/data.pkl", zip.Store, "N.")
			member(z, "a/data.pkl", zip.Store, "N.")
		}),
		"compressed": build(func(z *zip.Writer) { member(z, "a/data.pkl", zip.Deflate, "N.") }),
		"byte order \"mid\"": build(func(z *zip.Writer) {
			member(z, "a/data.pkl", zip.Store, "N.")
			member(z, "a/byteorder", zip.Store, "mid")
		}),
	} {
		if _, err := Read(bytes.NewReader(b), int64(len(b))); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %q", err, want)
		}
	}
	b := file(t, "one tensor")
	if i := bytes.Index(b, []byte("FloatStorage")); i > 0 { // a bit that fell over
		b = slices.Clone(b)
		b[i] ^= 1
		if _, err := Read(bytes.NewReader(b), int64(len(b))); !errors.Is(err, zip.ErrChecksum) {
			t.Error(err)
		}
	}
}

func FuzzRead(f *testing.F) {
	for _, c := range elemtest.Load(f) {
		f.Add(c.File)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		v, err := Read(bytes.NewReader(b), int64(len(b)))
		check(t, v, err, len(b))
	})
}

func FuzzPickle(f *testing.F) {
	f.Add("(" + tensorCode("0", 4, 0, "K\x04", "K\x01") + "l.")
	f.Add("ccollections\nOrderedDict\n)R}b.")
	f.Add("\x80\x04\x95\x00\x00\x00\x00\x00\x00\x00\x00\x8c\x01a\x94.")
	f.Fuzz(func(t *testing.T, code string) {
		b := archiveOf(t, code, map[string]int{"0": 16, "1": 3})
		v, err := Read(bytes.NewReader(b), int64(len(b)))
		check(t, v, err, len(b))
	})
}

func check(t *testing.T, v any, err error, size int) {
	if err != nil {
		if len(err.Error()) > 2<<10 {
			t.Fatalf("a message of %d bytes", len(err.Error()))
		}
		return
	}
	list, err := Tensors(v)
	total := 0
	for _, e := range list {
		if total += e.Tensor.Size() * e.Tensor.DType().Size(); err == nil && total > 1<<30 {
			t.Fatalf("%d bytes from %d", total, size)
		}
	}
}
