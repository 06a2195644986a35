// Package autograd holds what is built on the gradients of package tensor: derivatives of Go functions (products with
// the Jacobian from both sides, Jacobian, Hessian) and pictures of graphs.
package autograd
