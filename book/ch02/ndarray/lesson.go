// Package ndarray is lesson 2.1: making tensors, computing with them, reaching into them.
package ndarray

import (
	_ "embed"

	"github.com/fathom-ml/fathom/book"
	"github.com/fathom-ml/fathom/tensor"
	"github.com/fathom-ml/fathom/tensor/random"
)

//go:embed lesson.go
var source string

func init() {
	book.Register(book.Lesson{Section: "2.1", Title: "Data Manipulation", Run: DataManipulation, Source: source})
}

// # Data Manipulation
//
// Everything that a network reads, learns or predicts is kept in one kind of object: the
// *tensor*, an array of numbers with any number of axes. A tensor with one axis is a vector, with
// two axes a matrix; three axes and more have no name of their own. A batch of colour pictures, for
// instance, has four: picture, channel, row, column.
//
// A Go slice could hold the numbers. A tensor adds three things that learning needs: arithmetic on
// whole arrays at the speed of the hardware, a shape that can be changed without moving the numbers, and
// derivatives (section 2.5). This lesson is about the first two.
func DataManipulation(p *book.Page) {
	// ## Making tensors
	//
	// `tensor.Arange(12)` counts from 0 to 11. The dots in the printout say that the elements are
	// floating-point numbers: tensors hold 32-bit floats (`float32`) unless they are told otherwise, because
	// that is what networks compute with.

	x := tensor.Arange(12)
	p.Show(x)

	// The *shape* is the list of lengths along the axes. Our vector has one axis of length 12.

	p.Show(x.Shape())

	// The *size* is the number of elements, the product of the lengths in the shape.

	p.Show(x.Size())

	// `Reshape` reads the same elements, in the same order, under another shape: here three rows
	// of four. It takes as many numbers as the new tensor has axes, and their product must be the size.
	// One of them may be -1 and is then worked out: `x.Reshape(3, -1)` and `x.Reshape(-1, 4)` mean the
	// same.
	//
	// Nothing is copied. The result is a *view*: a second way to look at the same memory.

	X := x.Reshape(3, 4)
	p.Show(X)

	// Often the values do not matter at first, or will be set later. Then we ask for zeros or ones and
	// give only the shape. With three axes the printout shows one matrix for each position on the first
	// axis, an empty line between them.

	p.Show(tensor.Zeros(2, 3, 4))
	p.Show(tensor.Ones(2, 3, 4))

	// The weights of a network must start at different values, so they are drawn at random.
	// `random.Normal` draws from the normal (Gaussian) distribution, here with mean 0 and standard
	// deviation 1. The numbers are random in that no pattern can be seen in them, yet they are the
	// same in every run: they come from a stream that starts at seed 0. `--seed 1` on the command line
	// starts it elsewhere.

	p.Show(random.Normal(0, 1, 3, 4))

	// Finally we can write every element down. `tensor.Matrix` takes the rows, `tensor.Of` a flat
	// slice and, after it, a shape. The element type follows from the slice, so we say `float32`.

	p.Show(tensor.Matrix([][]float32{{2, 1, 4, 3}, {1, 2, 3, 4}, {4, 3, 2, 1}}))

	// ## Operations
	//
	// The simplest operations are *elementwise*. A function $f: \mathbb{R}, \mathbb{R} \to
	// \mathbb{R}$ of two numbers, such as $+$, is lifted to two tensors $\mathbf{u}$, $\mathbf{v}$ of
	// the same shape by applying it to each pair of elements: the result $\mathbf{c}$ has
	// $c_i = f(u_i, v_i)$.
	//
	// Go has no operators for types of one's own, so the arithmetic is written as methods:
	// `u.Add(v)` is $\mathbf{u} + \mathbf{v}$. A chain of methods reads from left to right in the order of
	// the computation. Where one side is a plain number the name ends in `Scalar`: `u.MulScalar(2)`.
	//
	// Sum, difference, product, quotient and power of two vectors:

	x = tensor.Of([]float32{1, 2, 4, 8})
	y := tensor.Of([]float32{2, 2, 2, 2})
	p.Show(x.Add(y), x.Sub(y), x.Mul(y), x.Div(y), x.Pow(y))

	// Functions of one number work in the same way, for example $e^x$. The results lie so far apart that
	// the printout turns to scientific notation: `2.9809580e+03` is $2.980958 \cdot 10^3$.

	p.Show(x.Exp())

	// Tensors can be joined to a longer one along an axis that we choose. Along axis 0 the rows of `Y`
	// follow below those of `X`, and the lengths of axis 0 add up: $3 + 3 = 6$. Along axis 1 they
	// continue to the right: $4 + 4 = 8$. All other lengths must agree.

	X = tensor.Arange(12).Reshape(3, 4)
	Y := tensor.Matrix([][]float32{{2, 1, 4, 3}, {1, 2, 3, 4}, {4, 3, 2, 1}})
	p.Show(tensor.Concat(0, X, Y), tensor.Concat(1, X, Y))

	// A comparison gives a tensor of truth values. Go's `X == Y` on pointers would only ask whether the two
	// names stand for one and the same object; `X.Eq(Y)` compares element by element.

	p.Show(X.Eq(Y))

	// Adding up all elements leaves a single number, held by a tensor without any axis. It prints without
	// inner brackets; `Item` takes the number out.

	p.Show(X.Sum())

	// ## Broadcasting
	//
	// Elementwise operations also accept shapes that differ, if one can be stretched to the other.
	// The rule: line the two shapes up at their last axes; two lengths fit if they are equal or one of
	// them is 1; an axis that one shape lacks counts as length 1. Along an axis of length 1 the
	// element is then used again for every position of the other tensor. This is *broadcasting*.
	//
	// Here `a` is a column of shape $3 \times 1$ and `b` a row of shape $1 \times 2$:

	a := tensor.Arange(3).Reshape(3, 1)
	b := tensor.Arange(2).Reshape(1, 2)
	p.Show(a, b)

	// Both are stretched to $3 \times 2$, `a` by repeating its column, `b` by repeating its row. Element
	// $(i, j)$ of the sum is $a_i + b_j$. No copies are made for this; the kernel just reads the
	// same element again.

	p.Show(a.Add(b))

	// ## Indexing and slicing
	//
	// Positions count from 0, and negative ones from the end: -1 is the last. A range holds its
	// beginning and leaves out its end, as Go's own slices do. So `Index(-1)` is the last row of `X`,
	// and `tensor.R(1, 3)` means the rows 1 and 2.

	p.Show(X.Index(-1), X.Slice(tensor.R(1, 3)))

	// `SetAt` writes one element: the value first, then its position.

	X.SetAt(9, 1, 2)
	p.Show(X)

	// Many elements take one value by `FillSlice`, with one range for each axis; `tensor.All` is a whole
	// axis. The first two rows become 12. To write a tensor instead of a number, use `SetSlice`.

	X.FillSlice(12, tensor.R(0, 2), tensor.All)
	p.Show(X)

	// Rows and ranges are views as well: writing into `X.Index(0)` would change `X`. `X.Clone()` gives a
	// copy with memory of its own.
	//
	// ## Saving memory
	//
	// An operation puts its result into new memory. After `Y = Y.Add(X)` the name `Y` stands for another
	// tensor than before, at another address; the old one is left for the garbage collector.

	before := address(Y)
	Y = Y.Add(X)
	p.Show(address(Y) == before)

	// That can be bad for two reasons. A network has millions of parameters, updated many times a
	// second: allocating them anew each time is a waste. And other parts of the program may hold the
	// same tensor under a name of their own; they would go on reading the old values. An update should
	// happen *in place*.
	//
	// `CopyFrom` writes into the memory that a tensor has already. The address of `Z` stays what it was:

	Z := tensor.ZerosLike(Y)
	before = address(Z)
	Z.CopyFrom(X.Add(Y))
	p.Show(address(Z) == before)

	// The sum itself still went through memory of its own before it was copied. If the old value of `X`
	// is not needed any more, `AddAssign` is the way without any: it is what `X += Y` would
	// be. Likewise there are `SubAssign`, `MulAssign` and `DivAssign`.

	before = address(X)
	X.AddAssign(Y)
	p.Show(address(X) == before)

	// ## Conversion to other Go values
	//
	// `tensor.Data` hands out the elements as a Go slice: not a copy but the memory itself, so writing to the
	// slice changes the tensor. The other way, `tensor.Of` copies a slice into a new tensor.

	A := tensor.Data[float32](X)
	B := tensor.Of(A, X.Shape()...)
	p.Printf("%T, %T\n", A, B)

	// A tensor of size 1 becomes a number by `Item`, a `float64` that Go converts further.
	// Converting to `int` cuts the fraction off.

	a = tensor.Of([]float32{3.5})
	p.Show(a, a.Item(), float32(a.Item()), int(a.Item()))

	// ## Exercises
	//
	// 1. *Compare with < and > instead of ==.* The methods are `Lt` and `Gt`. `X` and `Y` have
	//    changed on the way, so we make them again. Where neither holds, the elements are equal: these
	//    are the two places where `Eq` was true.

	X = tensor.Arange(12).Reshape(3, 4)
	Y = tensor.Matrix([][]float32{{2, 1, 4, 3}, {1, 2, 3, 4}, {4, 3, 2, 1}})
	p.Show(X.Lt(Y), X.Gt(Y))

	// 2. *Broadcast tensors with three axes.* Lined up at the end, $2 \times 1 \times 2$ and
	//    $3 \times 1$ give $2 \times 3 \times 2$: the first axis is missing in `d` and counts as 1, the
	//    second is stretched in `c`, the third in `d`.

	c := tensor.Arange(4).Reshape(2, 1, 2)
	d := tensor.Arange(0, 30, 10).Reshape(3, 1)
	p.Show(c.Add(d))

	// Shapes that do not fit are a mistake in the program, so the method panics, and the message
	// names the operation and both shapes. `tensor.Try` runs a function and turns such a panic into an
	// ordinary error.

	err := tensor.Try(func() { tensor.Ones(2, 3).Add(tensor.Ones(2)) })
	p.Print(err)
}

// Where a tensor lies is told by the address of its first element.
func address(x *tensor.Tensor) *float32 { return &tensor.Data[float32](x)[0] }
