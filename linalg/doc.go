// Package linalg is linear algebra over the last two axes of a tensor; the axes before them are a batch (2.3, 18.1, 18.2).
//
// Names and meaning are those of torch.linalg, which are NumPy's but for a few corners. Operands hold floats of one
// dtype. Everything is computed in float64 and rounded once to the operands' dtype, float16 and bfloat16 included.
// Empty batches and matrices without rows or columns work.
//
// # Gradients
//
// All functions are differentiable where PyTorch's are, twice and more, but for Eig and EigVals, whose results are
// complex. A decomposition is unique only up to signs, or up to rotations where values repeat: the gradient through
// vectors is right for losses that do not see the difference, and it is not finite where values repeat.
//
// # Errors
//
// Misuse panics with a *tensor.Error. So does a matrix that has no answer: Inv, Solve and SolveTriangular
// of a singular one, Cholesky of one that is not positive definite, and the iterative decompositions (SVD, Eig, EigH,
// and what is built on them) of one that holds NaN or Inf. [tensor.Try] turns that into an error. Entry numbers in messages count the
// matrices of a batch in row-major order.
//
// # Gonum
//
// The factorizations are gonum's pure Go LAPACK (gonum.org/v1/gonum/lapack/lapack64): LU (getrf, getri, getrs), QR (geqrf, orgqr),
// Cholesky (potrf), triangular systems (trtrs), SVD (gesvd), eigenvalues (geev, syev); the matrix exponential is
// gonum's mat.Dense.Exp. Signs and orders are therefore LAPACK's. Everything else, and every gradient, is written with
// tensor operations.
package linalg
