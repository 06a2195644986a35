package tensor_test

import (
	"fmt"
	"strings"

	"github.com/fathom-ml/fathom/tensor"
)

// A loop that owns its steps gives the memory of each back at once: what is computed from a handle
// in the scope belongs to it. A value that must live longer is kept; 0-d results always live on.
func ExampleScope() {
	w := tensor.Ones(1000).RequireGrad()
	batch := tensor.Full(2, 1000)
	var best *tensor.Tensor
	for step := range 3 {
		s := tensor.NewScope()
		y := s.In(batch).Mul(w)
		loss := y.Mean()
		loss.Backward()
		w.AddScaled(-100, w.Grad())
		if step == 0 {
			best = s.Keep(y)
		}
		s.Close()
		fmt.Printf("step %d: loss %.1f\n", step, loss)
	}
	fmt.Println(best.Max())
	// Output:
	// step 0: loss 2.0
	// step 1: loss 1.6
	// step 2: loss 1.2
	// 2.0
}

// A value that is used after its scope was closed never gives a wrong number.
func ExampleScope_Close() {
	s := tensor.NewScope()
	y := s.In(tensor.Ones(100)).MulScalar(2)
	s.Close()
	err := tensor.Try(func() { y.Sum() })
	message, line, _ := strings.Cut(err.Error(), " opened at ")
	fmt.Println(message)
	fmt.Println(strings.Contains(line, "example_scope_test.go"))
	// Output:
	// sum: the tensor's memory was released by the scope
	// true
}

// An inner scope is part of a step, such as the layers of one time step; Keep lifts into the outer one.
func ExampleScope_Sub() {
	step := tensor.NewScope()
	inner := step.Sub()
	h := inner.In(tensor.Ones(4)).MulScalar(3)
	inner.Keep(h)
	inner.Close()
	fmt.Println(h)
	step.Close()
	fmt.Println(tensor.Try(func() { h.Sum() }) != nil)
	// Output:
	// [3. 3. 3. 3.]
	// true
}

// The memory of closed scopes waits in a pool and is used again.
func ExampleStats() {
	x := tensor.Ones(1 << 20)
	before := tensor.Stats().Live
	s := tensor.NewScope()
	s.In(x).MulScalar(2)
	fmt.Println((tensor.Stats().Live - before) >> 20) // MiB
	s.Close()
	fmt.Println((tensor.Stats().Live - before) >> 20)
	// Output:
	// 4
	// 0
}
