package safetensors

import (
	"bytes"
	"encoding/binary"
	"math"
	"slices"
	"testing"

	"github.com/fathom-ml/fathom/tensor"
)

func TestTensorRoundTrip(t *testing.T) {
	tensors := map[string]*tensor.Tensor{
		"float32":  tensor.Of([]float32{1.5, -2, float32(math.Inf(1)), 4, 5, 6}, 2, 3),
		"view":     tensor.Arange(6).Reshape(2, 3).T(),
		"float64":  tensor.Of([]float64{math.Pi, 2}, 2, 1),
		"int32":    tensor.Of([]int32{-1, 2}),
		"int64":    tensor.Of([]int64{math.MinInt64, math.MaxInt64}),
		"uint8":    tensor.Of([]uint8{0, 255}),
		"bool":     tensor.Of([]bool{true, false, true}),
		"float16":  tensor.Of([]float32{1.5, -2, 65504}).AsType(tensor.Float16),
		"bfloat16": tensor.Of([]float32{1.5, -2}).AsType(tensor.BFloat16),
		"int8":     tensor.Of([]int8{-128, 127}),
		"complex":  tensor.Of([]complex64{1 + 2i, -3i}),
		"0-d":      tensor.Scalar(3),
		"empty":    tensor.Zeros(3, 0, 2),
		"leaf":     tensor.Ones(2, 2).T().RequireGrad(),
	}
	var arrays []Array
	for name, x := range tensors {
		arrays = append(arrays, FromTensor(name, x))
	}
	var buf bytes.Buffer
	if err := Write(&buf, arrays, nil); err != nil {
		t.Fatal(err)
	}
	f, err := parse(buf.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	for name, x := range tensors {
		y, err := f.Tensor(name)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if y.DType() != x.DType() || !slices.Equal(y.Shape(), x.Shape()) || !tensor.Equal(x, y) || y.Recorded() {
			t.Errorf("%s: %#v, want %#v", name, y, x)
		}
	}
	if _, err := f.Tensor("nobody"); err == nil {
		t.Error("a missing array gave no error")
	}
}

func TestTensorConverts(t *testing.T) {
	u16 := func(v ...uint16) (b []byte) {
		for _, u := range v {
			b = binary.LittleEndian.AppendUint16(b, u)
		}
		return b
	}
	tests := []struct {
		dt   DType
		data []byte
		want []float64
		to   tensor.DType
	}{
		{F16, u16(0x3c00, 0xc000, 0x0001, 0x8000, 0x7bff, 0x7c00, 0x03ff), []float64{1, -2, math.Pow(2, -24), math.Copysign(0, -1), 65504, math.Inf(1), 1023 * math.Pow(2, -24)}, tensor.Float16},
		{BF16, u16(0x3f80, 0xc000), []float64{1, -2}, tensor.BFloat16},
		{I8, []byte{0xff, 1}, []float64{-1, 1}, tensor.Int8},
		{I16, u16(0xffff, 256), []float64{-1, 256}, tensor.Int32},
		{U16, u16(0xffff, 256), []float64{65535, 256}, tensor.Int32},
		{U32, []byte{0xff, 0xff, 0xff, 0xff}, []float64{math.MaxUint32}, tensor.Int64},
		{Bool, []byte{0, 1, 7}, []float64{0, 1, 1}, tensor.Bool},
	}
	for _, c := range tests {
		var buf bytes.Buffer
		if err := Write(&buf, []Array{{"a", c.dt, []int{len(c.want)}, c.data}}, nil); err != nil {
			t.Fatal(err)
		}
		f, err := parse(buf.Bytes())
		if err != nil {
			t.Fatal(err)
		}
		x, err := f.Tensor("a")
		if err != nil || x.DType() != c.to || !slices.Equal(x.Float64s(), c.want) {
			t.Errorf("%s: %v %v, want %v", c.dt, x, err, c.want)
		}
	}
	f, err := parse(raw(`{"a":{"dtype":"U64","shape":[0],"data_offsets":[0,0]}}`, 0))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.Tensor("a"); err == nil {
		t.Error("a tensor of uint64")
	}
	// A shape that no tensor could have is refused when the file is opened.
	if _, err := parse(raw(`{"a":{"dtype":"F32","shape":[0,1152921504606846976],"data_offsets":[0,0]}}`, 0)); err == nil {
		t.Error("an empty array of absurd shape")
	}
}
