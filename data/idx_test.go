package data

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
)

// idxFile puts an idx file together without any check.
func idxFile(typ IDXType, body []byte, shape ...uint32) []byte {
	b := []byte{0, 0, byte(typ), byte(len(shape))}
	for _, d := range shape {
		b = binary.BigEndian.AppendUint32(b, d)
	}
	return append(b, body...)
}

func gz(b []byte) []byte {
	var buf bytes.Buffer
	w := gzip.NewWriter(&buf)
	w.Write(b)
	w.Close()
	return buf.Bytes()
}

func TestReadIDX(t *testing.T) {
	f32 := binary.BigEndian.AppendUint32(nil, math.Float32bits(-1.5))
	f64 := binary.BigEndian.AppendUint64(nil, math.Float64bits(math.Pi))
	tests := []struct {
		file []byte
		want []float64
	}{
		{idxFile(IDXUint8, []byte{0, 1, 255, 4, 5, 6}, 2, 3), []float64{0, 1, 255, 4, 5, 6}},
		{idxFile(IDXInt8, []byte{0, 0xff, 0x80}, 3), []float64{0, -1, -128}},
		{idxFile(IDXInt16, []byte{0xff, 0xfe, 1, 0}, 2), []float64{-2, 256}},
		{idxFile(IDXInt32, []byte{0xff, 0xff, 0xff, 0xff}, 1, 1), []float64{-1}},
		{idxFile(IDXFloat32, f32, 1), []float64{-1.5}},
		{idxFile(IDXFloat64, f64, 1), []float64{math.Pi}},
		{idxFile(IDXUint8, nil, 0, 28, 28), []float64{}},
		{idxFile(IDXUint8, bytes.Repeat([]byte{7}, 300000), 300, 1000), slices.Repeat([]float64{7}, 300000)},
	}
	for _, c := range tests {
		for _, file := range [][]byte{c.file, gz(c.file)} {
			x, err := ReadIDX(bytes.NewReader(file))
			if err != nil {
				t.Errorf("% x: %v", c.file[:8], err)
				continue
			}
			if got := x.Float64s(); !slices.Equal(got, c.want) || x.Len() != len(c.want) {
				t.Errorf("%v %v: %v", x.Type, x.Shape, got)
			}
			if len(x.Shape) != int(c.file[3]) {
				t.Errorf("shape %v", x.Shape)
			}
			ints, err := x.Int32s()
			if isFloat := x.Type == IDXFloat32 || x.Type == IDXFloat64; isFloat != (err != nil) {
				t.Errorf("%v: Int32s: %v %v", x.Type, ints, err)
			}
		}
	}
}

func TestReadIDXRefuses(t *testing.T) {
	good := idxFile(IDXUint8, make([]byte, 784), 1, 28, 28)
	badSum := gz(good)
	badSum[len(badSum)-6] ^= 1
	tests := []struct {
		name string
		file []byte
		want string
	}{
		{"empty", nil, "unexpected EOF"},
		{"text", []byte("<html>not here</html>"), "not an idx file"},
		{"unknown type", idxFile(0x0A, []byte{1}, 1), "unknown element type 0x0a"},
		{"no axis", idxFile(IDXUint8, []byte{1}), "no axis"},
		{"cut shape", good[:10], "unexpected EOF"},
		{"cut data", good[:500], "784 bytes; there are 484"},
		{"more data", append(slices.Clone(good), 1), "the file has more"},
		{"lying length", idxFile(IDXUint8, make([]byte, 10), 60000, 28, 28), "there are 10"},
		{"huge axis", idxFile(IDXUint8, nil, 1<<31), "more than 1073741824"},
		{"huge product", idxFile(IDXFloat64, nil, 1<<29, 1<<29), "more than 1073741824 bytes"},
		{"huge then zero", idxFile(IDXFloat64, nil, 1<<29, 1<<29, 0), "more than 1073741824 bytes"},
		{"cut gzip", gz(good)[:20], "unexpected EOF"},
		{"cut gzip header", gz(good)[:5], "gzip: unexpected EOF"},
		{"gzip checksum", badSum, "checksum"},
		{"gzip with more", gz(append(slices.Clone(good), 1)), "the file has more"},
		{"gzip of text", gz([]byte("hello, world")), "not an idx file"},
	}
	for _, c := range tests {
		t.Run(c.name, func(t *testing.T) {
			_, err := ReadIDX(bytes.NewReader(c.file))
			if err == nil || !strings.HasPrefix(err.Error(), "idx: ") || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%v: want %q", err, c.want)
			}
		})
	}
	_, err := OpenIDX(filepath.Join(t.TempDir(), "no"))
	if !errors.Is(err, os.ErrNotExist) {
		t.Error(err)
	}
}

// A header that lies costs no memory, and a gzip bomb is not unpacked beyond what
// the header declares.
func TestIDXMemory(t *testing.T) {
	lie := idxFile(IDXUint8, nil, 1<<20, 1<<10)
	bomb := gz(append(idxFile(IDXUint8, make([]byte, 16), 16), make([]byte, 16<<20)...))
	for name, file := range map[string][]byte{"lie": lie, "bomb": bomb} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		_, err := ReadIDX(bytes.NewReader(file))
		runtime.ReadMemStats(&after)
		if err == nil {
			t.Errorf("%s: no error", name)
		}
		n := after.TotalAlloc - before.TotalAlloc
		if n > 1<<18 {
			t.Errorf("%s: %d bytes", name, n)
		}
	}
}

func FuzzIDX(f *testing.F) {
	good := idxFile(IDXInt16, []byte{0, 1, 2, 3, 4, 5, 6, 7}, 2, 2)
	f.Add(good)
	f.Add(gz(good))
	f.Add(idxFile(IDXFloat64, nil, 1<<29, 1<<29, 0))
	f.Fuzz(func(t *testing.T, b []byte) {
		x, err := ReadIDX(bytes.NewReader(b))
		if err != nil {
			return
		}
		n := x.Type.Size()
		for _, d := range x.Shape {
			n *= d
		}
		if n != len(x.Data) {
			t.Fatalf("%v of shape %v has %d bytes", x.Type, x.Shape, len(x.Data))
		}
		if len(x.Float64s()) != x.Len() {
			t.Fatal("lengths differ")
		}
		var shape []uint32
		for _, d := range x.Shape {
			shape = append(shape, uint32(d))
		}
		again, err := ReadIDX(bytes.NewReader(idxFile(x.Type, x.Data, shape...)))
		if err != nil || !bytes.Equal(again.Data, x.Data) || !slices.Equal(again.Shape, x.Shape) {
			t.Fatalf("a second reading differs: %v", err)
		}
	})
}

func ExampleReadIDX() {
	file := io.MultiReader(
		bytes.NewReader([]byte{0, 0, 8, 2, 0, 0, 0, 2, 0, 0, 0, 3}), // uint8, two axes: 2, 3
		bytes.NewReader([]byte{1, 2, 3, 4, 5, 6}))
	x, err := ReadIDX(file)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(x.Type, x.Shape, x.Data)
	// Output: uint8 [2 3] [1 2 3 4 5 6]
}
