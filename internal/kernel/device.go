// Package kernel holds the loops: every number that Fathom computes is computed
// behind the [Device] interface of this package. It knows pointers, shapes and
// strides; it knows nothing of tensors, gradients or layers.
//
// A caller checks shapes and dtypes before it calls. A kernel may trust its
// arguments and panics only on a combination that it does not implement.
package kernel

import (
	"unsafe"

	"github.com/fathom-ml/fathom/internal/kernel/update"
)

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

	// Floats only; see function.
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
	GELU     // x Phi(x), Phi the distribution function of the standard normal
	GELUTanh // x/(1+e^-z), z = 2 sqrt(2/pi) (x + 0.044715 x^3)
	SiLU     // x/(1+e^-x)
	Mish     // x tanh(log(1+e^x))
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

	// Floats only; see function2.
	Atan2
	Hypot
	LogAddExp  // log(e^a + e^b)
	LogAddExp2 // log2(2^a + 2^b)
	CopySign
	Xlogy     // a log b, 0 if a is 0
	Polygamma // derivative b, a whole number from 0 on, of digamma at a

	// a = dy, b = x: dy times the derivative at x.
	GELUGrad
	GELUTanhGrad
	SiLUGrad
	MishGrad
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
	ActGELU
	ActGELUTanh
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

// Pool describes a 2-D pooling window over [N, C, H, W]. Windows start in the padded image; how many there are
// tells the shape of the result: those of ceil mode end beyond it. An average is divided by the number of cells in the
// padded image, or with Inside by that of the cells in the image. Adaptive windows go, on an axis of n with m
// results, from floor(i*n/m) to ceil((i+1)*n/m), whatever the other fields say.
type Pool struct {
	Max              bool
	Inside           bool
	Adaptive         bool
	KH, KW           int
	StrideH, StrideW int
	PadH, PadW       int
}

// Cell names a recurrent cell. In the formulas u is h Wᵀ + b for the old state h, cut into gates as p is.
type Cell uint8

// The cells, with their gates in order.
const (
	CellTanh      Cell = iota // h = tanh(p + u)
	CellReLU                  // h = max(0, p + u)
	CellGRU                   // r, z: sigmoid(p + u); n = tanh(p + r*u); h = n + z*(h - n)
	CellGRUBefore             // the same with n = tanh(p + u), where the product in n's u is with r*h
	CellLSTM                  // i, f, o: sigmoid(p + u); g = tanh(p + u); c = f*c + i*g; h = o*tanh(c)
)

// Gates is the number of gates.
func (c Cell) Gates() int { return [...]int{1, 1, 3, 3, 4}[c] }

// Kept is how many numbers for each unit and step RNN keeps for the gradient, beside states.
func (c Cell) Kept() int { return [...]int{0, 0, 4, 3, 4}[c] }

// RNN describes the run of a cell over whole sequences.
type RNN struct {
	Cell    Cell
	Reverse bool  // from the last step to the first
	Lengths []int // of each sequence; nil: all steps
}

// RNNData is the views of a run over T steps of N sequences with H units and G gates, all contiguous, of one
// float dtype.
type RNNData struct {
	P      View // [T, N, G*H]: what the inputs add to the gates' arguments
	H0, C0 View // [N, H]: the first states; C0 for CellLSTM alone, as all Cs
	W      View // [G*H, H]
	B      View // [H]: CellGRU's bias of n in u; its P may be nil
	Y      View // [T, N, H]: the states after each step
	HN, CN View // [N, H]: the last states
	Kept   View // [T, N, Kept*H]; its P is nil if no gradient will be asked for
	Cs     View // [T, N, H]: the cells after each step, nil likewise
}

// RNNGrads is the views of a gradient; of the first three P may be nil, for zeros.
type RNNGrads struct {
	DY       View
	DHN, DCN View
	DP       View
	DH0, DC0 View
	DW, DB   View // DB as B
}

// Attention describes scaled dot-product attention: q is [..., Lq, D], k [..., Lk, D], v [..., Lk, Dv], y
// [..., Lq, Dv], with equal axes before and any strides.
type Attention struct {
	Scale  float64
	Causal bool    // query i sees the keys 0 to i
	Drop   float64 // probability with which a weight is dropped, as in Dropout; the index is that in [..., Lq, Lk]
	Key    uint64
}

// Update is one step of an optimizer: a rule of package update and its numbers.
type Update struct {
	Rule update.Rule
	update.Numbers
}

// Norm describes a normalisation of x, seen as [N, C, M]: C channels of M numbers in each of N rows.
type Norm struct {
	Batch  bool    // a group is a channel, over all rows
	Groups int     // otherwise: into how many groups the channels of a row are cut
	RMS    bool    // the mean is taken to be 0
	Given  bool    // mean and variance are operands and constants, not results
	Eps    float64 // added to the variance
}

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
	// MulAdd sets y to x + s*(a*b), rounded after each step; floats.
	MulAdd(y, x, a, b View, s float64)
	// Chain sets y to f(op(a, b)) in one pass over memory; floats, op is no comparison.
	Chain(f UnaryOp, op BinaryOp, y, a, b View)

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
	// a and b. Integers are multiplied as well, without an epilogue; they wrap. Halves are summed in float32 and
	// rounded once, the bias being of halves too.
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

	// SquaredError sets loss[i] to the mean over j of (a[i, j] - b[i, j])^2 / 2,
	// j standing for all axes of a and b but the first.
	SquaredError(loss, a, b View)
	// SquaredErrorGrad sets da[i, j] to dy[i]*(a[i, j] - b[i, j])/n, n the number of js.
	SquaredErrorGrad(da, dy, a, b View)
	// Norm sets y to (x-mean)/sqrt(variance+eps)*gamma[c] + beta[c]. Mean and (biased) variance of
	// each group, C numbers for a batch and N*Groups otherwise, are found first unless they are
	// given. gamma and beta hold C numbers; their P may be nil. All views are contiguous.
	Norm(s Norm, y, x, gamma, beta, mean, variance View)
	// NormGrad sets dx, dgamma and dbeta, of which some may have a nil P, from dy and the mean
	// and variance that Norm found.
	NormGrad(s Norm, dx, dgamma, dbeta, dy, x, gamma, mean, variance View)

	// Dropout sets y to x/(1-p) where the counter-based stream of key keeps
	// the element and to 0 elsewhere. The mask depends only on key and on the
	// element's index, so the gradient is the same call on dy.
	Dropout(y, x View, p float64, key uint64)

	// RNN runs a recurrent cell along the first axis of P and sets Y, HN, CN and what is kept. A sequence
	// that has ended, or not begun when the run goes backwards, leaves its state alone; its Y is 0.
	RNN(s RNN, d RNNData)
	// RNNGrad sets DP, DH0, DC0, DW and DB; d is what RNN had and made.
	RNNGrad(s RNN, d RNNData, g RNNGrads)
	// Attention sets y to w v, where row i of w is softmax(Scale*q[i] k^T + mask) over the keys that query i sees, and
	// lse, one number a query, to the logarithm of the sum that the row was divided by. Of the following P may be nil:
	// lse; mask, [..., Lq, Lk], of q's dtype, or Bool: true for the keys that are seen; lengths, [..., Lq], Int32 or
	// Int64: the query sees so many keys. A query that sees none gets zeros.
	Attention(s Attention, y, lse, q, k, v, mask, lengths View)
	// AttentionGrad sets the gradients dq, dk, dv and dmask (each P may be nil) from dy and the results of Attention.
	AttentionGrad(s Attention, dq, dk, dv, dmask, dy, y, lse, q, k, v, mask, lengths View)

	// Update changes w and the states of u's rule in place from the gradient g; all views are contiguous.
	Update(u Update, w, g View, states [3]View)
	// SumSquares is the sum of the squares of x, of floats, accumulated in float64.
	SumSquares(x View) float64
}
