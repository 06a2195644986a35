// Package tensor is the n-d array of Fathom: strided views on shared memory, arithmetic with broadcasting,
// reductions, indexing, NumPy's way of printing, and reverse-mode gradients.
//
// There is one type, [*Tensor]. Methods read from left to right like the formula:
//
//	y := x.MatMul(w).Add(b).ReLU()
//
// Numbers in brackets, such as (2.1), are sections of Dive into Deep Learning.
//
// # Shapes
//
// A shape is a list of lengths, one an axis; a tensor without axes, 0-d, holds one number. Axes,
// indices and positions of ranges may be negative and then count from the end.
//
// Elementwise functions of two tensors broadcast (2.1): axes are aligned at the end, and an axis of
// length 1, or one that is missing in front, is stretched to the other's length. [2, 1] and [3] give [2, 3].
//
// Reshape, Transpose, Slice and their like give views: other handles on the same memory, so that a
// write through one is seen through all.
//
// # Elements
//
// The dtype is a property at run time, float32 by default; see [DType]. Operands of different dtypes meet by the
// rules of [PromoteTypes]; [Tensor.AsType] converts. Scalars (AddScalar and its like) are float64 numbers that take the
// tensor's dtype; a fraction makes an integer tensor float32. Functions of floats, such as roots and exponentials, take
// integers and bools as float32; means and gradients want floats. Comparisons give bool.
//
// # Printing
//
// Tensors print as NumPy prints arrays, digit for digit: [Tensor.String] like str, [Tensor.Repr] like repr,
// [Tensor.Format] for package fmt. [SetPrintOptions] sets precision, summaries, line width and the like for the process,
// [Tensor.StringWith] for one call.
//
// # Gradients
//
// [Tensor.RequireGrad] marks a leaf. An operation records itself if and only if one of its operands is recorded;
// plain data makes no graph. [Tensor.Backward] fills the gradients of the leaves and consumes the graph;
// [Tensor.Detach] cuts. [GradOf] returns gradients, and second derivatives with [Create].
//
// Writing in place (SetSlice, AddAssign and their like) is recorded too if a recorded value takes part, on
// the handle that is written through; the other handles on the memory then panic when they are used. A write into a leaf
// takes plain values and is not recorded: it is the update of a parameter.
//
// [Checkpoint] holds less and computes twice, [Tensor.OnGrad] shows gradients on the way, [DetectAnomaly] finds the
// operation where a NaN was born. Package tensor/autograd has Jacobians, Hessians, products with them, and pictures of graphs.
//
// A [Function] is an operation whose gradient one gives oneself, made of tensor operations; one with kernels of its
// own is a type with four methods: see [Op] and the example of [Do].
//
// # Memory
//
// Tensors are ordinary Go memory: a tensor one holds stays valid. Code that owns a whole training step may open a
// [Scope], which gives the memory of the step's results back at once.
//
// # Errors
//
// Misuse (shapes, dtypes, axes, use after release) panics with [*Error], which names the operation and the shapes;
// [Try] turns it into an error. The functions below mention only what is not obvious from this.
package tensor
