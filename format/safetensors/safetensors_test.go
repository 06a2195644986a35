package safetensors

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
)

// raw puts a header and data together without any check.
func raw(header string, data int) []byte {
	b := binary.LittleEndian.AppendUint64(nil, uint64(len(header)))
	b = append(b, header...)
	return append(b, make([]byte, data)...)
}

func parse(b []byte) (*File, error) { return Read(bytes.NewReader(b), int64(len(b))) }

func sample() []Array {
	f := binary.LittleEndian.AppendUint32(nil, math.Float32bits(1.5))
	f = binary.LittleEndian.AppendUint32(f, math.Float32bits(-2))
	return []Array{
		{"layer.0.weight", F32, []int{1, 2}, f},
		{"mask", Bool, []int{3}, []byte{1, 0, 1}},
		{"step", I64, nil, make([]byte, 8)},
		{"empty", F64, []int{0, 4}, nil},
		{"<Größe> & \"so\"", U8, []int{1}, []byte{7}},
	}
}

func TestRoundTrip(t *testing.T) {
	meta := map[string]string{"format": "fathom", "note": "a <b>"}
	var buf bytes.Buffer
	if err := Write(&buf, sample(), meta); err != nil {
		t.Fatal(err)
	}
	if n := binary.LittleEndian.Uint64(buf.Bytes()); n%8 != 0 {
		t.Errorf("header of %d bytes is not padded", n)
	}
	f, err := parse(buf.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	if !maps.Equal(f.Metadata(), meta) {
		t.Errorf("metadata %v", f.Metadata())
	}
	if got := f.Names(); len(got) != len(sample()) {
		t.Errorf("names %q", got)
	}
	for _, a := range sample() {
		e, ok := f.Info(a.Name)
		if !ok || e.DType != a.DType || !slices.Equal(e.Shape, a.Shape) {
			t.Errorf("%s: %+v", a.Name, e)
		}
		b, err := f.Bytes(a.Name)
		if err != nil || !bytes.Equal(b, a.Data) {
			t.Errorf("%s: %v %v", a.Name, b, err)
		}
		if e.begin%int64(e.DType.Size()) != 0 {
			t.Errorf("%s begins at %d, not aligned", a.Name, e.begin)
		}
	}
	if _, err := f.Bytes("nobody"); err == nil {
		t.Error("a missing array gave no error")
	}
	if err := f.ReadInto(make([]byte, 2), "mask"); err == nil {
		t.Error("a short destination gave no error")
	}

	// The order of the arguments does not show in the file.
	rev := sample()
	slices.Reverse(rev)
	var again bytes.Buffer
	if err := Write(&again, rev, meta); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(again.Bytes(), buf.Bytes()) {
		t.Error("equal contents, different bytes")
	}
}

func TestReadRefuses(t *testing.T) {
	const a = `"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}`
	long := strings.Repeat("x", 300)
	tests := []struct {
		name string
		file []byte
		want string
	}{
		{"empty", nil, "too few"},
		{"seven bytes", make([]byte, 7), "too few"},
		{"header longer than the file", append(binary.LittleEndian.AppendUint64(nil, 1000), '{', '}'), "claims 1000 bytes"},
		{"header of 2^63", append(binary.LittleEndian.AppendUint64(nil, 1<<63), '{', '}'), "claims"},
		{"no header", raw("", 0), "does not begin with {"},
		{"leading space", raw(" {}", 0), "does not begin with {"},
		{"not JSON", raw("{nothing}", 0), "not valid JSON"},
		{"cut JSON", raw(`{"a":{"dtype":`, 0), "not valid JSON"},
		{"not UTF-8", raw("{\"\xff\":1}", 0), "UTF-8"},
		{"an array for an object", raw(`{"a":[1]}`, 0), "was expected"},
		{"nested for ever", raw(`{"a":{"shape":`+strings.Repeat("[", 9999)+`}}`, 0), "number was expected"},
		{"more text", raw(`{`+a+`} x`, 8), "goes on after"},
		{"duplicate name", raw(`{`+a+`,`+a+`}`, 8), "two entries"},
		{"duplicate key", raw(`{"a":{"dtype":"U8","dtype":"U8","shape":[1],"data_offsets":[0,1]}}`, 1), "given twice"},
		{"missing key", raw(`{"a":{"dtype":"U8","shape":[1]}}`, 1), "not all given"},
		{"unknown key", raw(`{"a":{"dtype":"U8","shape":[1],"offset":[0,1]}}`, 1), "unknown key"},
		{"unknown dtype", raw(`{"a":{"dtype":"`+long+`","shape":[1],"data_offsets":[0,1]}}`, 1), "unknown dtype"},
		{"dtype a number", raw(`{"a":{"dtype":1,"shape":[1],"data_offsets":[0,1]}}`, 1), "string was expected"},
		{"shape a float", raw(`{"a":{"dtype":"U8","shape":[1.5],"data_offsets":[0,1]}}`, 1), "whole number"},
		{"shape negative", raw(`{"a":{"dtype":"U8","shape":[-1],"data_offsets":[0,1]}}`, 1), "whole number"},
		{"shape huge", raw(`{"a":{"dtype":"U8","shape":[1e99],"data_offsets":[0,1]}}`, 1), "whole number"},
		{"shape overflows", raw(`{"a":{"dtype":"F32","shape":[4294967296,4294967296,4],"data_offsets":[0,0]}}`, 0), "memory can hold"},
		{"too many axes", raw(`{"a":{"dtype":"U8","shape":[`+strings.Repeat("1,", 64)+`1],"data_offsets":[0,1]}}`, 1), "64 axes"},
		{"length against shape", raw(`{"a":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}}`, 8), "takes 12 bytes"},
		{"length against dtype", raw(`{"a":{"dtype":"F16","shape":[2],"data_offsets":[0,8]}}`, 8), "takes 4 bytes"},
		{"offsets beyond the file", raw(`{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}`, 7), "more than 7"},
		{"offsets reversed", raw(`{"a":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}}`, 8), "after end"},
		{"three offsets", raw(`{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8,8]}}`, 8), "was expected"},
		{"overlap", raw(`{`+a+`,"b":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}}`, 12), "inside the one before"},
		{"gap", raw(`{`+a+`,"b":{"dtype":"F32","shape":[1],"data_offsets":[12,16]}}`, 16), "no array owns"},
		{"gap at the start", raw(`{"b":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}`, 8), "no array owns"},
		{"bytes at the end", raw(`{`+a+`}`, 9), "end at byte 8"},
		{"metadata not strings", raw(`{"__metadata__":{"a":1}}`, 0), "string was expected"},
		{"metadata duplicate", raw(`{"__metadata__":{"a":"1","a":"2"}}`, 0), "two entries"},
	}
	for _, c := range tests {
		t.Run(c.name, func(t *testing.T) {
			_, err := parse(c.file)
			if err == nil {
				t.Fatal("no error")
			}
			if !strings.HasPrefix(err.Error(), "safetensors: ") || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%v: want %q", err, c.want)
			}
			if len(err.Error()) > 400 {
				t.Errorf("message of %d bytes", len(err.Error()))
			}
		})
	}
	for _, ok := range []string{`{}`, `{}   `, `{"__metadata__":{}}`, `{"s":{"data_offsets":[0,0],"shape":[0],"dtype":"BF16"}}`} {
		if _, err := parse(raw(ok, 0)); err != nil {
			t.Errorf("%s: %v", ok, err)
		}
	}
}

// Every cut of a good file is an error, and a size that lies about the reader too.
func TestTruncated(t *testing.T) {
	var buf bytes.Buffer
	if err := Write(&buf, sample(), nil); err != nil {
		t.Fatal(err)
	}
	for n := range buf.Len() {
		if _, err := parse(buf.Bytes()[:n]); err == nil {
			t.Fatalf("the first %d of %d bytes gave no error", n, buf.Len())
		}
	}
	head := binary.LittleEndian.AppendUint64(nil, 90<<20)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	_, err := Read(bytes.NewReader(append(head, '{')), 1<<40)
	runtime.ReadMemStats(&after)
	if !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("a size that lies: %v", err)
	}
	allocs := after.TotalAlloc - before.TotalAlloc
	if allocs > 1<<16 {
		t.Errorf("a lying header cost %d bytes", allocs)
	}
}

func TestWriteRefuses(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "m.safetensors")
	tests := map[string][]Array{
		"takes 8 bytes":  {{"a", F32, []int{2}, make([]byte, 7)}},
		"two arrays":     {{"a", U8, nil, []byte{1}}, {"a", U8, nil, []byte{1}}},
		"reserved":       {{metaKey, U8, nil, []byte{1}}},
		"UTF-8":          {{"\xff", U8, nil, []byte{1}}},
		"unknown dtype":  {{"a", "F12", nil, []byte{1}}},
		"negative":       {{"a", U8, []int{-1}, nil}},
		"more than 64":   {{"a", U8, make([]int, 65), nil}},
		"memory can hol": {{"a", U8, []int{math.MaxInt, 2}, nil}},
	}
	for want, arrays := range tests {
		err := WriteFile(path, arrays, nil)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v: want %q", err, want)
		}
	}
	if err := WriteFile(path, nil, map[string]string{"a": "\xff"}); err == nil {
		t.Error("metadata that is not UTF-8 gave no error")
	}
	if es, _ := os.ReadDir(dir); len(es) != 0 {
		t.Errorf("left behind: %v", es)
	}
}

func TestFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "m.safetensors")
	if err := WriteFile(path, sample(), nil); err != nil {
		t.Fatal(err)
	}
	f, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	b, err := f.Bytes("mask")
	if err != nil || !bytes.Equal(b, []byte{1, 0, 1}) {
		t.Errorf("%v %v", b, err)
	}
	if err := f.Close(); err != nil {
		t.Error(err)
	}
	if _, err := f.Bytes("mask"); !errors.Is(err, os.ErrClosed) {
		t.Errorf("after Close: %v", err)
	}
	if _, err := Open(path + "x"); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("missing file: %v", err)
	}
	if _, err := Open(t.TempDir()); err == nil {
		t.Error("a folder gave no error")
	}
}

func FuzzRead(f *testing.F) {
	var buf bytes.Buffer
	if err := Write(&buf, sample(), map[string]string{"k": "v"}); err != nil {
		f.Fatal(err)
	}
	f.Add(buf.Bytes())
	f.Add(raw(`{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"a":{"dtype":"F32","shape":[2],"data_offsets":[8,16]}}`, 16))
	f.Add(raw(`{"a":{"dtype":"F32","shape":[4294967296,4294967296,4],"data_offsets":[0,0]}}`, 0))
	f.Fuzz(func(t *testing.T, b []byte) {
		file, err := parse(b)
		if err != nil {
			if len(err.Error()) > 1<<10 {
				t.Fatalf("message of %d bytes", len(err.Error()))
			}
			return
		}
		// What is accepted is a plain JSON header for encoding/json too, and
		// survives a round trip.
		n := binary.LittleEndian.Uint64(b)
		if !json.Valid(b[8 : 8+n]) {
			t.Fatalf("accepted an invalid header %q", b[8:8+n])
		}
		var arrays []Array
		total := int64(0)
		for _, name := range file.Names() {
			e, _ := file.Info(name)
			data, err := file.Bytes(name)
			if err != nil {
				t.Fatal(err)
			}
			total += e.Len()
			if x, err := file.Tensor(name); err == nil && !slices.Equal(x.Shape(), e.Shape) {
				t.Fatalf("%q: shape %v, not %v", name, x.Shape(), e.Shape)
			}
			arrays = append(arrays, Array{name, e.DType, e.Shape, data})
		}
		if total != int64(len(b))-8-int64(n) {
			t.Fatalf("arrays of %d bytes in %d", total, len(b))
		}
		var out bytes.Buffer
		if err := Write(&out, arrays, file.Metadata()); err != nil {
			t.Fatal(err)
		}
		again, err := parse(out.Bytes())
		if err != nil {
			t.Fatal(err)
		}
		for _, a := range arrays {
			data, err := again.Bytes(a.Name)
			if err != nil || !bytes.Equal(data, a.Data) {
				t.Fatalf("%q changed: %v", a.Name, err)
			}
		}
	})
}

func ExampleWrite() {
	var file bytes.Buffer
	w := Array{Name: "w", DType: U8, Shape: []int{2, 2}, Data: []byte{1, 2, 3, 4}}
	if err := Write(&file, []Array{w}, map[string]string{"made by": "hand"}); err != nil {
		fmt.Println(err)
		return
	}
	f, err := Read(bytes.NewReader(file.Bytes()), int64(file.Len()))
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, name := range f.Names() {
		e, _ := f.Info(name)
		data, err := f.Bytes(name)
		fmt.Println(name, e.DType, e.Shape, data, err)
	}
	fmt.Println(f.Metadata())
	// Output:
	// w U8 [2 2] [1 2 3 4] <nil>
	// map[made by:hand]
}
