package safetensors

import (
	"encoding/binary"
	"fmt"
	"io"

	"github.com/fathom-ml/fathom/tensor"
	"github.com/fathom-ml/fathom/tensor/elem"
)

// FromTensor is x as an array to write. If x is contiguous the array may share its memory, so
// write it before x changes. The element type stays; complex128 is none of the format's, and Write
// refuses it.
func FromTensor(name string, x *tensor.Tensor) Array {
	a := Array{Name: name, Shape: x.Shape(), DType: "C128"}
	t := elem.TypeOf(x.DType())
	for _, e := range dtypes {
		if e.numbers && e.elem == t {
			a.DType = e.name
		}
	}
	a.Data = elem.Bytes(x)
	return a
}

// TensorType is the dtype of the tensors that [File.Tensor] makes of elements of type d; ok is
// false if no tensor can hold them.
func (d DType) TensorType() (dt tensor.DType, ok bool) {
	if i := d.place(); i >= 0 && dtypes[i].numbers {
		return dtypes[i].elem.DType()
	}
	return 0, false
}

// Tensor reads one array as a tensor. I16 and U16 become int32, U32 becomes int64, all without
// loss. The types of 8-bit floats and U64 have no tensor and give an error; Bytes reads them.
func (f *File) Tensor(name string) (*tensor.Tensor, error) {
	e, ok := f.Info(name)
	if !ok {
		return nil, fmt.Errorf("safetensors: no array is named %q", clip(name))
	}
	if _, ok := e.DType.TensorType(); !ok {
		return nil, fmt.Errorf("safetensors: array %q holds %s, which no tensor can", clip(name), e.DType)
	}
	// The header was checked against the size, so the bytes are there to be read.
	r := elem.NewReader(io.NewSectionReader(f.r, f.start+e.begin, e.Len()), e.Len())
	x, err := r.Tensor(dtypes[e.DType.place()].elem, binary.LittleEndian, e.Shape)
	if err != nil {
		return nil, fmt.Errorf("safetensors: array %q: %w", clip(name), err)
	}
	return x, nil
}
