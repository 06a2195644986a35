package tensor

import "github.com/fathom-ml/fathom/internal/kernel"

// DType is the type of a tensor's elements. Its String is NumPy's name, Size the
// bytes of an element; IsFloat says whether it can have gradients.
type DType = kernel.DType

// The element types. Creation functions give Float32 unless they take a dtype or a slice.
//
// Float16 and BFloat16 are for storage: operations compute in float32 and round the result to nearest, ties to
// even. Complex numbers have arithmetic with +, -, *, /, comparison for equality and matrix products, but no gradients.
const (
	Float32    = kernel.Float32
	Float64    = kernel.Float64
	Int32      = kernel.Int32
	Int64      = kernel.Int64
	Uint8      = kernel.Uint8
	Bool       = kernel.Bool
	Float16    = kernel.Float16
	BFloat16   = kernel.BFloat16
	Int8       = kernel.Int8
	Complex64  = kernel.Complex64
	Complex128 = kernel.Complex128
)

// F16 holds the bits of an IEEE half, BF16 those of the upper half of a float32; the
// method Float32 of both gives the number.
type (
	F16  = kernel.F16
	BF16 = kernel.BF16
)

// Element is a Go type whose slices hold a tensor's data: one for each dtype.
type Element interface {
	float32 | float64 | int32 | int64 | uint8 | bool | F16 | BF16 | int8 | complex64 | complex128
}

// dtypeFor is the dtype of a Go element type; int counts as int64.
func dtypeFor[T Element | int]() DType {
	var z T
	switch any(z).(type) {
	case float64:
		return Float64
	case int32:
		return Int32
	case int64, int:
		return Int64
	case uint8:
		return Uint8
	case bool:
		return Bool
	case F16:
		return Float16
	case BF16:
		return BFloat16
	case int8:
		return Int8
	case complex64:
		return Complex64
	case complex128:
		return Complex128
	}
	return Float32
}
