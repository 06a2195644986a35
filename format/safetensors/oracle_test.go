package safetensors

import (
	"bytes"
	"maps"
	"path/filepath"
	"testing"

	"github.com/fathom-ml/fathom/tensor"
	"github.com/fathom-ml/fathom/tensor/elem/elemtest"
)

// What the format's own library wrote is read to its values, and written again to its bytes.
func TestOracle(t *testing.T) {
	for _, c := range elemtest.Load(t) {
		t.Run(c.Name, func(t *testing.T) {
			f, err := parse(c.File)
			if err != nil {
				t.Fatal(err)
			}
			if c.Refused {
				if x, err := f.Tensor("a"); err == nil {
					t.Errorf("a tensor: %v", x)
				}
				if b, err := f.Bytes("a"); err != nil || len(b) == 0 {
					t.Errorf("bytes: %v", err)
				}
				return
			}
			if len(f.Names()) != len(c.Arrays) || !maps.Equal(f.Metadata(), c.Meta) {
				t.Errorf("%q %v", f.Names(), f.Metadata())
			}
			var again []Array
			for _, a := range c.Arrays {
				x, err := f.Tensor(a.Name)
				if err != nil {
					t.Fatal(err)
				}
				a.Check(t, x)
				info, _ := f.Info(a.Name)
				if dt, _ := info.DType.TensorType(); dt != x.DType() {
					t.Errorf("%s: TensorType %s of %s", a.Name, dt, x.DType())
				}
				made := FromTensor(a.Name, x)
				if info.DType == I16 || info.DType == U16 || info.DType == U32 { // widened
					made.DType, made.Shape = info.DType, info.Shape
					if made.Data, err = f.Bytes(a.Name); err != nil {
						t.Fatal(err)
					}
				}
				again = append(again, made)
			}
			var b bytes.Buffer
			if err := Write(&b, again, c.Meta); err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(b.Bytes(), c.File) {
				t.Errorf("wrote %q, want %q", b.Bytes(), c.File)
			}
		})
	}
}

// A tensor is a copy: it stays after Close, and writing into it changes no file.
func TestTensorOutlivesFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.safetensors")
	x := tensor.Arange(100_000)
	if err := WriteFile(path, []Array{FromTensor("x", x), FromTensor("none", tensor.Zeros(0, 3))}, nil); err != nil {
		t.Fatal(err)
	}
	f, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	y, err := f.Tensor("x")
	if err != nil {
		t.Fatal(err)
	}
	y.FillSlice(7, tensor.R(0, 10))
	z, err := f.Tensor("x")
	if err != nil || !tensor.Equal(x, z) {
		t.Errorf("the file changed: %v", err)
	}
	if err := f.Close(); err != nil {
		t.Error(err)
	}
	if y.At(5) != 7 || z.At(99_999) != 99_999 {
		t.Error("a tensor changed with Close")
	}
	if err := WriteFile(path, []Array{FromTensor("c", tensor.Of([]complex128{1}))}, nil); err == nil {
		t.Error("complex128 was written")
	}
}
