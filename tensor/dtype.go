package tensor

import "github.com/fathom-ml/fathom/internal/kernel"

// DType is the type of a tensor's elements. Its String is NumPy's name, Size the
// bytes of an element; IsFloat says whether it can have gradients.
type DType = kernel.DType

// The element types. Creation functions give Float32 unless they take a dtype or a slice.
const (
	Float32 = kernel.Float32
	Float64 = kernel.Float64
	Int32   = kernel.Int32
	Int64   = kernel.Int64
	Uint8   = kernel.Uint8
	Bool    = kernel.Bool
)

// Element is a Go type whose slices hold a tensor's data: one for each dtype.
type Element interface {
	float32 | float64 | int32 | int64 | uint8 | bool
}

// dtypeFor is the dtype of a Go element type.
func dtypeFor[T Element]() DType {
	var z T
	switch any(z).(type) {
	case float64:
		return Float64
	case int32:
		return Int32
	case int64:
		return Int64
	case uint8:
		return Uint8
	case bool:
		return Bool
	}
	return Float32
}
