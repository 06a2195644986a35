// Package kernel holds the loops: every number that Fathom computes is computed
// behind the [Device] interface of this package. It knows pointers, shapes and
// strides; it knows nothing of tensors, gradients or layers.
//
// A caller checks shapes and dtypes before it calls. A kernel may trust its
// arguments and panics only on a combination that it does not implement.
package kernel

import "unsafe"

// DType is the type of the elements of a View.
type DType uint8

// The element types. Float32 is the default of the library.
const (
	Float32 DType = iota
	Float64
	Int32
	Int64
	Uint8
	Bool     // one byte, 0 or 1
	Float16  // IEEE half precision; see F16
	BFloat16 // the upper half of a float32; see BF16
	Int8
	Complex64
	Complex128
)

// Size is the number of bytes of one element.
func (d DType) Size() int { return int(sizes[d&15]) }

var sizes = [16]uint8{Float32: 4, Float64: 8, Int32: 4, Int64: 8, Uint8: 1, Bool: 1, Float16: 2, BFloat16: 2, Int8: 1,
	Complex64: 8, Complex128: 16}

// IsFloat says whether d holds real numbers.
func (d DType) IsFloat() bool { return d == Float32 || d == Float64 || d.IsHalf() }

// IsHalf says whether d is a float of two bytes. Devices store and convert halves; they compute in float32.
func (d DType) IsHalf() bool { return d == Float16 || d == BFloat16 }

// IsComplex says whether d holds complex numbers.
func (d DType) IsComplex() bool { return d == Complex64 || d == Complex128 }

// String is the NumPy name: "float32", "int64", "bool" and so on.
func (d DType) String() string {
	return [...]string{"float32", "float64", "int32", "int64", "uint8", "bool", "float16", "bfloat16", "int8",
		"complex64", "complex128"}[d]
}

// View is a strided block of memory: element (i, j, ...) lies
// i*Strides[0] + j*Strides[1] + ... elements after P. Strides may be zero
// (broadcasting) or negative (reversed axes). P is nil only if the view is empty.
type View struct {
	P       unsafe.Pointer
	DT      DType
	Shape   []int
	Strides []int
}

// Size is the number of elements.
func (v View) Size() int {
	n := 1
	for _, d := range v.Shape {
		n *= d
	}
	return n
}

// At is where the element lies that is off elements after the first.
func (v View) At(off int) unsafe.Pointer { return unsafe.Add(v.P, off*v.DT.Size()) }

// UnaryOp names an elementwise function of one argument.
type UnaryOp uint8

// The functions of one argument. All but Not want equal dtypes of x and y.
const (
	Neg UnaryOp = iota
	Abs
	Sign
	Exp
	Log
	Sqrt
	Square
	Reciprocal
	Sin
	Cos
	Tanh
	Sigmoid // 1/(1+e^-x)
	ReLU    // max(x, 0); NaN stays NaN
	Not     // bools: 1-x; integers: every bit

	// Floats only, computed in float64 for both types; see function.
	Exp2
	Expm1
	Log1p
	Log2
	Log10
	Rsqrt // 1/sqrt(x)
	Cbrt
	Tan
	Asin
	Acos
	Atan
	Sinh
	Cosh
	Asinh
	Acosh
	Atanh
	Erf
	Erfc
	ErfInv
	Lgamma   // log |gamma(x)|
	Softplus // log(1+e^x)
	Floor    // from here on cheap
	Ceil
	Trunc
	Round // ties to even
)

// BinaryOp names an elementwise function of two arguments.
type BinaryOp uint8

// The functions of two arguments. Arithmetic wants equal dtypes of y, a and b;
// a comparison wants equal dtypes of a and b, and y of dtype Bool.
const (
	Add BinaryOp = iota
	Sub
	Mul
	Div // floats only
	Pow
	Maximum     // NaN if either is NaN
	Minimum     // NaN if either is NaN
	ReLUGrad    // a = dy, b = y: dy where y > 0, else 0
	SigmoidGrad // a = dy, b = y: dy*y*(1-y)
	TanhGrad    // a = dy, b = y: dy*(1-y*y)
	Eq
	Ne
	Lt
	Le
	Gt
	Ge
	And // bools and integers
	Or  // bools and integers

	// Integers only.
	Xor
	LeftShift  // 0 if b is negative or no less than the width
	RightShift // 0 or -1 then
	Gcd
	Lcm

	// Integers and floats; an integer divided by 0 gives 0.
	FloorDivide
	Remainder // with the sign of b
	Fmod      // with the sign of a

	// Floats only, computed in float64 for both types; see function2.
	Atan2
	Hypot
	LogAddExp  // log(e^a + e^b)
	LogAddExp2 // log2(2^a + 2^b)
	CopySign
	Xlogy     // a log b, 0 if a is 0
	Polygamma // derivative b, a whole number from 0 on, of digamma at a
)

// IsCompare says whether the op gives a Bool view.
func (op BinaryOp) IsCompare() bool { return op >= Eq && op <= Ge }

// ReduceOp names a reduction.
type ReduceOp uint8

// The reductions. Sum accumulates pairwise or in wider arithmetic.
const (
	ReduceSum ReduceOp = iota
	ReduceProd
	ReduceMax // NaN if any is NaN
	ReduceMin // NaN if any is NaN
	ReduceAny // bools only
	ReduceAll // bools only
)

// Activation names what a Gemm or Conv epilogue applies last.
type Activation uint8

// The activations of an epilogue.
const (
	NoActivation Activation = iota
	ActReLU
	ActSigmoid
	ActTanh
)

// Epilogue is applied to a product while it is still in cache:
// c = act(c + bias). Bias may be nil; it holds one number per column of c, in
// c's dtype, contiguous.
type Epilogue struct {
	Bias unsafe.Pointer
	Act  Activation
}

// Conv describes a 2-D convolution: x is [N, C, H, W], w is [O, C/Groups, KH, KW],
// y is [N, O, OH, OW]; all three contiguous.
type Conv struct {
	StrideH, StrideW     int
	PadH, PadW           int
	DilationH, DilationW int
	Groups               int
}

// Pool describes a 2-D pooling window over [N, C, H, W]; windows start in the
// padded image; floor mode. Average pooling divides by KH*KW (padded cells count).
type Pool struct {
	Max              bool
	KH, KW           int
	StrideH, StrideW int
	PadH, PadW       int
}

// SGD holds the numbers of one update w -= LR*(Scale*g + WD*w).
type SGD struct{ LR, WD, Scale float64 }

// Adam holds the numbers of one update with step size LR (already corrected
// for bias): g' = Scale*g + WD*w, m = B1*m + (1-B1)*g', v = B2*v + (1-B2)*g'^2,
// w -= LR*m/(sqrt(v)+Eps).
type Adam struct{ LR, B1, B2, Eps, WD, Scale float64 }

// Device runs kernels over views whose memory it owns.
//
// Unless a method says otherwise, all views of one call have equal shapes
// (broadcast operands come with zero strides), results may not overlap
// operands unless they are the very same view, and float32 and float64 are
// both implemented; Fill, Copy, Affine and arithmetic also work on integers; Fill, Copy, Neg, Reciprocal,
// Square, Add, Sub, Mul, Div, Eq and Ne on complex numbers. Methods that only move elements (Copy, Where, Gather,
// Scatter) take every dtype, halves included; ArgSort and SearchSorted all but complex numbers; arithmetic does not
// take halves.
type Device interface {
	// Name is "cpu" or the name of the accelerator.
	Name() string

	// Alloc returns n zeroed bytes, aligned to 64.
	Alloc(n int) unsafe.Pointer

	// Fill sets y to v.
	Fill(y View, v float64)
	// Copy sets y to x, converting the dtype (floats to integers toward zero,
	// anything to Bool as x != 0).
	Copy(y, x View)
	// Unary sets y to op(x).
	Unary(op UnaryOp, y, x View)
	// Affine sets y to m*x + c.
	Affine(y, x View, m, c float64)
	// Binary sets y to op(a, b).
	Binary(op BinaryOp, y, a, b View)
	// BinaryRun is Binary on n elements without gaps, the operands of dtype dt: the short way for few elements.
	BinaryRun(op BinaryOp, dt DType, y, a, b unsafe.Pointer, n int)
	// Where sets y to a where cond (Bool) is true, else to b.
	Where(y, cond, a, b View)
	// AddScaled adds a*x to y.
	AddScaled(y, x View, a float64)

	// Reduce folds x over the axes on which y has length 1 and x has not; the
	// ranks are equal. Sum of an empty set is 0, Prod 1, Any false, All true.
	// Sums of integers and bools may go to a y of Int64.
	Reduce(op ReduceOp, y, x View)
	// ArgReduce writes the index of the first maximum or minimum along axis;
	// y is Int64 with length 1 on that axis. A NaN wins.
	ArgReduce(op ReduceOp, y, x View, axis int)
	// Scan writes running sums, products, maxima or minima along axis, from the
	// end if reverse.
	Scan(op ReduceOp, y, x View, axis int, reverse bool)
	// Recur writes y[i] = a[i]*y[i-1] + b[i] along axis, y[-1] absent, from the
	// end if reverse; floats.
	Recur(y, a, b View, axis int, reverse bool)

	// Gemm sets c to a times b, or adds it if acc, then applies the epilogue.
	// The last two axes are matrices with any strides (c's rows contiguous);
	// the axes before them are batches of equal shape, zero strides allowed in
	// a and b. Integers are multiplied as well, without an epilogue; they wrap.
	Gemm(c, a, b View, acc bool, ep Epilogue)

	// Gather sets y[i, ...] to x[idx[i], ...]. The views idx hold the indices of
	// the first axes of x, one view an axis: Int64 or Int32, of one shape (zero
	// strides allowed) with which y's begins, already checked.
	Gather(y, x View, idx ...View)
	// Scatter sets y[idx[i], ...] to x[i, ...], in row-major order of the
	// indices, so that the last one wins.
	Scatter(y, x View, idx ...View)
	// ScatterFold sets y[idx[i], ...] to op(y[idx[i], ...], x[i, ...]), in order.
	ScatterFold(op BinaryOp, y, x View, idx ...View)
	// GatherFold folds the rows that idx names in bags: y[i] is the sum or the maximum (ReduceSum, ReduceMax) of
	// x[idx[j]] over j in [first[i], first[i+1]), 0 for no rows. y and x are matrices with contiguous rows; idx and first
	// are contiguous vectors of Int64 or Int32, already checked. With ReduceMax arg (Int64, contiguous, y's shape, P may be
	// nil) gets the first row of x that each number came from, 0 for no rows. A NaN wins.
	GatherFold(op ReduceOp, y, x, idx, first, arg View)
	// ArgSort writes the order (Int64) in which the elements along axis ascend,
	// or descend. It is stable; NaN counts as the largest number.
	ArgSort(y, x View, axis int, descending bool)
	// SearchSorted writes (Int64) how many elements of the ascending last axis
	// of sorted are less than x, or not greater if right; the other axes of
	// sorted, x and y agree.
	SearchSorted(y, sorted, x View, right bool)

	// Conv sets y to the cross-correlation of x and w; bias (O numbers) may
	// have a nil P; then the activation is applied.
	Conv(s Conv, y, x, w, bias View, act Activation)
	// ConvGradX sets dx from dy and w.
	ConvGradX(s Conv, dx, dy, w View)
	// ConvGradW sets dw from dy and x.
	ConvGradW(s Conv, dw, dy, x View)
	// Pool sets y; for max pooling arg (Int32, y's shape, P may be nil) gets
	// the offset of the winner inside its H*W plane.
	Pool(s Pool, y, x, arg View)
	// PoolGrad sets dx from dy, and arg for max pooling.
	PoolGrad(s Pool, dx, dy, arg View)

	// Softmax sets y to softmax(x) over the last axis, or to its logarithm.
	Softmax(y, x View, log bool)
	// SoftmaxGrad sets dx from dy and the result y of Softmax.
	SoftmaxGrad(dx, dy, y View, log bool)
	// CrossEntropy sets loss[i] to logsumexp(x[i]) - x[i, label[i]] and, if
	// prob.P is not nil, prob to softmax(x); x is a matrix, label a contiguous
	// vector of Int64 or Int32, already checked.
	CrossEntropy(loss, prob, x, label View)
	// CrossEntropyGrad sets dx[i] to dy[i]*(prob[i] - onehot(label[i])).
	CrossEntropyGrad(dx, dy, prob, label View)

	// Dropout sets y to x/(1-p) where the counter-based stream of key keeps
	// the element and to 0 elsewhere. The mask depends only on key and on the
	// element's index, so the gradient is the same call on dy.
	Dropout(y, x View, p float64, key uint64)

	// SGD and Adam update w in place; all views contiguous.
	SGD(s SGD, w, g View)
	Adam(s Adam, w, m, v, g View)
}
