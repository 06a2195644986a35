package tensor

// The kinds of numbers, each of which contains the ones before.
const (
	kindBool = iota
	kindInt
	kindFloat
	kindComplex
)

func kindOf(dt DType) int {
	switch {
	case dt.IsComplex():
		return kindComplex
	case dt.IsFloat():
		return kindFloat
	case dt == Bool:
		return kindBool
	}
	return kindInt
}

// PromoteTypes is the dtype in which numbers of two dtypes meet. The rules are PyTorch's, not NumPy's: an integer
// takes the type of the float that it meets, however wide it is.
//
//	          bool  uint8 int8  int32 int64 f16   bf16  f32   f64   c64   c128
//	bool      bool  uint8 int8  int32 int64 f16   bf16  f32   f64   c64   c128
//	uint8           uint8 int32 int32 int64 f16   bf16  f32   f64   c64   c128
//	int8                  int8  int32 int64 f16   bf16  f32   f64   c64   c128
//	int32                       int32 int64 f16   bf16  f32   f64   c64   c128
//	int64                             int64 f16   bf16  f32   f64   c64   c128
//	f16                                     f16   f32   f32   f64   c64   c128
//	bf16                                          bf16  f32   f64   c64   c128
//	f32                                                 f32   f64   c64   c128
//	f64                                                       f64   c128  c128
//	c64                                                             c64   c128
//
// (uint8 with int8 is int16 in PyTorch, which Fathom does not have.)
//
// Arithmetic, comparisons, [Where], [Concat] and [Stack] promote. A 0-d operand, as in PyTorch, does not widen one with axes
// of the same kind (bool, integer, float, complex): float32 with a 0-d float64 is float32, int32 with a 0-d float64 is float64.
// A scalar (AddScalar and its like) counts as an integer if it is whole, else as a float32: it never widens a
// float, and an integer tensor stays one unless the scalar is a fraction. Division of integers gives float32.
// Matrix products and the operations of networks do not promote: their operands have one dtype.
func PromoteTypes(a, b DType) DType {
	if kindOf(a) < kindOf(b) {
		a, b = b, a
	}
	switch {
	case a == b:
		return a
	case a.IsComplex():
		if a == Complex128 || b == Complex128 || b == Float64 {
			return Complex128
		}
		return Complex64
	case kindOf(a) != kindOf(b):
		return a
	case a == Float64 || b == Float64:
		return Float64
	case a.IsFloat():
		return Float32
	case a == Int64 || b == Int64:
		return Int64
	}
	return Int32
}

// ResultTypeOf is the dtype in which the elements of x and y meet: PromoteTypes with the rule for 0-d operands.
func ResultTypeOf(x, y *Tensor) DType {
	if (len(x.shape) == 0) == (len(y.shape) == 0) {
		return PromoteTypes(x.dt, y.dt)
	}
	if len(x.shape) == 0 {
		x, y = y, x
	}
	if kx, ky := kindOf(x.dt), kindOf(y.dt); kx == kindFloat && ky == kindComplex {
		return PromoteTypes(x.dt, Complex64)
	} else if kx >= ky {
		return x.dt
	}
	return PromoteTypes(x.dt, y.dt)
}

// promoted is Do with both operands converted to the dtype in which they meet.
func promoted(op Op, x, y *Tensor) *Tensor {
	if x != nil && y != nil && x.dt != y.dt {
		dt := ResultTypeOf(x, y)
		x, y = x.AsType(dt), y.AsType(dt)
	}
	return Do(op, x, y)
}

// promotedFloats is promoted for functions of floats: integers and bools among themselves count as float32.
func promotedFloats(op Op, x, y *Tensor) *Tensor {
	if x != nil && y != nil && kindOf(x.dt) <= kindInt && kindOf(y.dt) <= kindInt {
		x, y = x.AsType(Float32), y.AsType(Float32)
	}
	return promoted(op, x, y)
}

// promotedAll converts several tensors to the dtype in which they all meet.
func promotedAll(xs []*Tensor) []*Tensor {
	dt, same := xs[0].dt, true
	for _, x := range xs[1:] {
		same = same && x.dt == xs[0].dt
		dt = PromoteTypes(dt, x.dt)
	}
	if same {
		return xs
	}
	out := make([]*Tensor, len(xs))
	for i, x := range xs {
		out[i] = x.AsType(dt)
	}
	return out
}

// scalarHome is x in the dtype in which it meets the scalar v.
func (x *Tensor) scalarHome(v float64) *Tensor {
	switch k := kindOf(x.dt); {
	case k >= kindFloat:
		return x
	case v != float64(int64(v)):
		return x.AsType(Float32)
	case k == kindBool:
		return x.AsType(Int64)
	}
	return x
}
