package autograd_test

import (
	"fmt"
	"math"

	"github.com/fathom-ml/fathom/tensor"
	"github.com/fathom-ml/fathom/tensor/autograd"
)

// The product of v with the Jacobian of x -> x², which is diagonal: 2 x v.
func ExampleVJP() {
	square := func(xs ...*tensor.Tensor) *tensor.Tensor { return xs[0].Square() }
	x, v := tensor.Of([]float64{1, 2, 3}), tensor.Of([]float64{1, 0, 1})
	y, g := autograd.VJP(square, []*tensor.Tensor{x}, v)
	fmt.Println(y, g[0])
	// Output:
	// [1. 4. 9.] [2. 0. 6.]
}

// The derivative of a product in the direction (v, w): v y + x w.
func ExampleJVP() {
	mul := func(xs ...*tensor.Tensor) *tensor.Tensor { return xs[0].Mul(xs[1]) }
	xs := []*tensor.Tensor{tensor.Of([]float64{1, 2}), tensor.Of([]float64{3, 4})}
	vs := []*tensor.Tensor{tensor.Of([]float64{1, 0}), tensor.Of([]float64{0, 1})}
	y, dy := autograd.JVP(mul, xs, vs)
	fmt.Println(y, dy)
	// Output:
	// [3. 8.] [3. 2.]
}

func ExampleJacobian() {
	f := func(xs ...*tensor.Tensor) *tensor.Tensor { // (x y, x + y)
		x, y := xs[0].Index(0), xs[0].Index(1)
		return tensor.Stack(0, x.Mul(y), x.Add(y))
	}
	fmt.Println(autograd.Jacobian(f, []*tensor.Tensor{tensor.Of([]float64{2, 3})})[0])
	// Output:
	// [[3. 2.]
	//  [1. 1.]]
}

// The curvature of x² y.
func ExampleHessian() {
	f := func(x *tensor.Tensor) *tensor.Tensor { return x.Index(0).Square().Mul(x.Index(1)) }
	x := tensor.Of([]float64{2, 3})
	fmt.Println(autograd.Hessian(f, x))
	fmt.Println(autograd.HVP(f, x, tensor.Of([]float64{1, 0})))
	// Output:
	// [[6. 4.]
	//  [4. 0.]]
	// [6. 4.]
}

func ExampleGraphOf() {
	w, b := tensor.Ones(3).RequireGrad(), tensor.Zeros(1).RequireGrad()
	y := tensor.Arange(3).Mul(w).Add(b)
	g := autograd.GraphOf(y, map[*tensor.Tensor]string{w: "w", b: "b"})
	fmt.Print(g.DOT()) // g.SVG() is the picture
	// Output:
	// digraph {
	// 	node [shape=box fontname="sans-serif"]
	// 	n0 [label="w\n[3]" style=filled fillcolor=lightblue]
	// 	n1 [label="mul\n[3]"]
	// 	n2 [label="b\n[1]" style=filled fillcolor=lightblue]
	// 	n3 [label="add\n[3]"]
	// 	n0 -> n1
	// 	n1 -> n3
	// 	n2 -> n3
	// }
}

// Newton's method: the step is the gradient divided by the curvature.
func ExampleHVP() {
	f := func(x *tensor.Tensor) *tensor.Tensor { return x.Exp().Sub(x.MulScalar(3)) } // least at ln 3
	x := tensor.Of([]float64{1}).Sum()
	one := x
	for range 5 {
		leaf := x.Clone().RequireGrad()
		g := tensor.GradOf(f(leaf), []*tensor.Tensor{leaf})[0]
		x = x.Sub(g.Div(autograd.HVP(f, x, one)))
	}
	fmt.Println(math.Abs(x.Item()-math.Log(3)) < 1e-12)
	// Output:
	// true
}
