package tensor

import (
	"fmt"
	"math/bits"
	"slices"
)

// Misuse panics with an [Error]: operation, message, hint ("" for none), and the operands whose
// shapes are shown. It is for functions that are built on tensors.
func Misuse(op, msg, hint string, xs ...*Tensor) {
	e := &Error{Op: op, Msg: msg, Hint: hint}
	for _, x := range xs {
		e.Shapes = append(e.Shapes, x.Shape())
	}
	panic(e)
}

func axisError(op string, axis int, t *Tensor) *Error {
	msg := fmt.Sprintf("axis %d is out of range for %d axes", axis, len(t.shape))
	return &Error{Op: op, Msg: msg, Shapes: [][]int{t.Shape()}, Hint: "negative axes count from the end"}
}

// released is the error of using memory that a scope or Backward gave back.
func (t *Tensor) released(op string) *Error {
	return &Error{Op: op, Msg: "the tensor's memory was released by " + t.buf.gone.String(),
		Shapes: [][]int{t.Shape()}, Hint: "Keep it if it must outlive the step"}
}

// checkShape refuses negative lengths and sizes that overflow.
func checkShape(op string, shape []int) {
	for _, d := range shape {
		if d < 0 {
			panic(&Error{Op: op, Msg: "a length is negative", Shapes: [][]int{slices.Clone(shape)}})
		}
	}
	if oversized(shape) {
		panic(&Error{Op: op, Msg: "the tensor would be larger than any memory", Shapes: [][]int{slices.Clone(shape)}})
	}
}

// oversized says whether a shape has more than 2^46 elements; lengths of 0 are not counted.
func oversized(shape []int) bool {
	n := uint64(1)
	for _, d := range shape {
		if d > 1 {
			hi, lo := bits.Mul64(n, uint64(d))
			if n = lo; hi != 0 || n > 1<<46 {
				return true
			}
		}
	}
	return false
}
