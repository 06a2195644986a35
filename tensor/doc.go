// Package tensor is the n-d array of Fathom: strided views on shared memory,
// arithmetic with broadcasting, reductions, indexing, NumPy's way of printing,
// and reverse-mode gradients.
//
// There is one type, [*Tensor]; its dtype is a run-time property and float32
// by default. Methods read from left to right like the formula:
//
//	y := x.MatMul(w).Add(b).ReLU()
//
// # Gradients
//
// [Tensor.RequireGrad] marks a leaf. An operation records itself if and only
// if one of its operands is recorded; plain data makes no graph.
// [Tensor.Backward] fills the gradients of the leaves and consumes the graph;
// [Tensor.Detach] cuts.
//
// # Memory
//
// Tensors are ordinary Go memory: a tensor one holds stays valid. Code that owns a
// whole training step may open a [Scope], which gives the memory of the
// step's results back at once.
//
// # Errors
//
// Misuse (shapes, dtypes, axes, use after release) panics with [*Error], which
// names the operation and the shapes; [Try] turns it into an error.
package tensor
