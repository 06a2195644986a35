package tensor_test

import (
	"errors"
	"fmt"

	"github.com/fathom-ml/fathom/tensor"
)

// Shapes that do not fit are a mistake in the program, so operations panic. Try makes an
// error of it where a program must go on.
func ExampleTry() {
	images, w := tensor.Zeros(64, 28, 28), tensor.Zeros(784, 10)
	err := tensor.Try(func() { images.MatMul(w) })
	fmt.Println(err)
	fmt.Println(tensor.Try(func() { images.FlattenFrom(1).MatMul(w) }))
	// Output:
	// matmul: inner dimensions differ: [64 28 28] x [784 10]; did you forget FlattenFrom or Transpose?
	// <nil>
}

func ExampleError() {
	err := tensor.Try(func() { tensor.Ones(2, 3).Add(tensor.Ones(2)) })
	var e *tensor.Error
	if errors.As(err, &e) {
		fmt.Println(e.Op, e.Shapes)
		fmt.Println(e.Msg)
	}
	// Output:
	// add [[2 3] [2]]
	// shapes do not broadcast
}
