package elem_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/fathom-ml/fathom/tensor"
	"github.com/fathom-ml/fathom/tensor/elem"
)

func samples() []*tensor.Tensor {
	return []*tensor.Tensor{
		tensor.Of([]float32{1.5, -2}), tensor.Of([]float64{math.Pi, math.Inf(1)}), tensor.Of([]int32{-1, 1 << 30}),
		tensor.Of([]int64{math.MinInt64, 7}), tensor.Of([]uint8{0, 255}), tensor.Of([]bool{true, false}),
		tensor.Of([]tensor.F16{0x3c00, 0xfc00}), tensor.Of([]tensor.BF16{0x3f80, 0xc000}), tensor.Of([]int8{-128, 127}),
		tensor.Of([]complex64{1 + 2i, -3i}), tensor.Of([]complex128{1 + 2i, -3i}),
	}
}

// Every dtype goes through bytes and back, in both byte orders, whether the size is known or not.
func TestRoundTrip(t *testing.T) {
	for _, x := range samples() {
		typ := elem.TypeOf(x.DType())
		if dt, ok := typ.DType(); !ok || dt != x.DType() || typ.String() != dt.String() || typ.Size() != dt.Size() {
			t.Errorf("%s has the type %s of %s", x.DType(), typ, dt)
		}
		b := elem.Bytes(x)
		if len(b) != 2*typ.Size() {
			t.Fatalf("%s: %d bytes", typ, len(b))
		}
		word := typ.Size()
		if x.DType().IsComplex() {
			word /= 2
		}
		big := slices.Clone(b)
		for w := range slices.Chunk(big, word) {
			slices.Reverse(w)
		}
		for _, r := range []*elem.Reader{
			elem.NewReader(bytes.NewReader(b), int64(len(b))), elem.NewReader(iotest.OneByteReader(bytes.NewReader(b)), -1),
			elem.NewClaimed(bytes.NewReader(b), int64(len(b))),
		} {
			if y, err := r.Tensor(typ, binary.LittleEndian, []int{2}); err != nil || !bytes.Equal(elem.Bytes(y), b) {
				t.Errorf("%s: %v %v", typ, y, err)
			}
		}
		if y, err := elem.NewReader(bytes.NewReader(big), -1).Tensor(typ, binary.BigEndian, []int{2}); err != nil || !bytes.Equal(elem.Bytes(y), b) {
			t.Errorf("%s, big-endian: %v %v", typ, y, err)
		}
	}
}

func TestWiden(t *testing.T) {
	for _, c := range []struct {
		typ  elem.Type
		data string
		want *tensor.Tensor
	}{
		{elem.U16, "\xff\xff\x00\x01", tensor.Of([]int32{65535, 256})},
		{elem.I16, "\xff\xff\x00\x01", tensor.Of([]int32{-1, 256})},
		{elem.U32, "\xff\xff\xff\xff\x01\x00\x00\x00", tensor.Of([]int64{math.MaxUint32, 1})},
		{elem.Bool, "\x00\x07", tensor.Of([]bool{false, true})},
	} {
		x, err := elem.NewReader(strings.NewReader(c.data), int64(len(c.data))).Tensor(c.typ, binary.LittleEndian, []int{2})
		if err != nil || x.DType() != c.want.DType() || !tensor.Equal(x, c.want) {
			t.Errorf("%s: %v %v", c.typ, x, err)
		}
	}
	if _, err := elem.NewReader(strings.NewReader("12345678"), 8).Tensor(elem.U64, binary.LittleEndian, nil); err == nil {
		t.Error("a tensor of uint64")
	}
}

// Large arrays of unknown size grow by pieces; a reader that fails passes its error on.
func TestReader(t *testing.T) {
	const n = 5<<20 + 3
	data := make([]byte, n)
	for i := range data {
		data[i] = byte(i * 7)
	}
	for _, typ := range []elem.Type{elem.U8, elem.Bool, elem.I16} {
		k := n / typ.Size()
		x, err := elem.NewReader(bytes.NewReader(data), -1).Tensor(typ, binary.LittleEndian, []int{k})
		y, err2 := elem.NewReader(bytes.NewReader(data), n).Tensor(typ, binary.LittleEndian, []int{k})
		if err != nil || err2 != nil || !tensor.Equal(x, y) {
			t.Errorf("%s: %v %v", typ, err, err2)
		}
	}
	boom := errors.New("boom")
	for _, r := range []*elem.Reader{elem.NewReader(iotest.ErrReader(boom), -1), elem.NewReader(iotest.ErrReader(boom), n), elem.NewClaimed(iotest.ErrReader(boom), n)} {
		if _, err := r.Tensor(elem.F32, binary.LittleEndian, []int{1 << 20}); !errors.Is(err, boom) {
			t.Errorf("%v", err)
		}
	}
	r := elem.NewReader(bytes.NewReader(data), 12)
	if v, err := r.Uint32(); err != nil || v != 0x150e0700 || r.Left() != 8 {
		t.Errorf("%#x %v, %d left", v, err, r.Left())
	}
	if _, err := r.Bytes(9); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Error(err)
	}
	if _, err := r.Bytes(-1); err == nil {
		t.Error("less than no bytes")
	}
	if v, err := r.Uint64(); err != nil || v>>56 != 77 || r.Left() != 0 {
		t.Errorf("%#x %v", v, err)
	}
}

func TestLen(t *testing.T) {
	for _, c := range []struct {
		shape []int
		want  int64
	}{
		{nil, 4}, {[]int{2, 3}, 24}, {[]int{0, 1 << 40}, 0}, {[]int{-1}, -1}, {[]int{0, -1}, -1},
		{[]int{1 << 44}, 1 << 46}, {[]int{1<<44 + 1}, -1}, {[]int{1 << 32, 1 << 32}, -1}, {[]int{0, 1 << 40, 1 << 40}, -1},
		{[]int{math.MaxInt}, -1}, {make([]int, 64), 0}, {make([]int, 65), -1},
	} {
		if n, err := elem.Len(4, c.shape); err != nil && c.want >= 0 || err == nil && n != c.want {
			t.Errorf("%v: %d %v, want %d", c.shape, n, err, c.want)
		}
	}
}

// Bytes in the order of the file, not of the machine.
func ExampleBytes() {
	fmt.Printf("% x\n", elem.Bytes(tensor.Of([]int32{1, -2})))
	// Output:
	// 01 00 00 00 fe ff ff ff
}
