// Package autograd is lesson 2.5: derivatives that the program finds by itself.
package autograd

import (
	_ "embed"
	"math"

	"github.com/fathom-ml/fathom/book"
	"github.com/fathom-ml/fathom/d2l"
	"github.com/fathom-ml/fathom/tensor"
	"github.com/fathom-ml/fathom/tensor/random"
)

//go:embed lesson.go
var source string

func init() {
	book.Register(book.Lesson{Section: "2.5", Title: "Automatic Differentiation", Run: AutomaticDifferentiation, Source: source})
}

// # Automatic Differentiation
//
// To train a network is to change its parameters a little, again and again, in the direction that makes
// its error smaller. That direction is the gradient: the list of the derivatives of the error with
// respect to every parameter. For a formula of one line they can be worked out by hand; for a network
// with a hundred layers nobody wants to.
//
// A program can do it. While a value is computed, each operation notes what it did and to what: together the
// notes form a *graph* that leads from the result back to the variables. The derivative of every
// single operation is known, and the chain rule puts them together along the graph, from the
// result backwards. This is *automatic differentiation* by *backpropagation*. It is neither
// symbolic algebra nor an approximation by small differences: it gives the derivative's value, up to
// rounding.
func AutomaticDifferentiation(p *book.Page) {
	// ## A simple function
	//
	// Let $\mathbf{x}$ be a column vector of four numbers and
	//
	// $$y = 2\,\mathbf{x}^\top \mathbf{x} = 2 \sum_i x_i^2 .$$
	//
	// We want the gradient $\nabla_{\mathbf{x}}\, y$, the vector of the derivatives $\partial y /
	// \partial x_i$, at the following point.

	x := tensor.Arange(4)
	p.Show(x)

	// `RequireGrad` says that derivatives with respect to `x` will be wanted. It makes `x` a *leaf*, a place
	// where graphs begin, and gives it memory for a gradient, of the same shape. The memory is allocated
	// once and used again for every gradient to come; it starts as zeros.

	x.RequireGrad()
	p.Show(x.Grad())

	// Now compute $y$. There is no mode to switch on for it: an operation writes itself down if one of
	// its operands is a leaf or was computed from one. Computations on plain data leave no notes.

	y := x.Dot(x).MulScalar(2)
	p.Show(y)

	// `Backward` walks the graph from $y$ back to the leaves and fills their gradients.

	y.Backward()
	p.Show(x.Grad())

	// The derivative of $2 x_i^2$ is $4 x_i$, so the gradient should be $4\mathbf{x}$:

	p.Show(x.Grad().Eq(x.MulScalar(4)))

	// Another function of the same `x`: the sum of its elements, whose derivatives are all 1. The new gradient
	// *replaces* the one before. (Other frameworks add to it, and one has to remember to clear it
	// first. Here adding is the exception that must be asked for, by
	// `Backward(tensor.Accumulate)`.)

	y = x.Sum()
	y.Backward()
	p.Show(x.Grad())

	// ## Backward for a vector
	//
	// If $\mathbf{y}$ is a vector, its derivatives with respect to the vector $\mathbf{x}$ form a
	// matrix, $\partial y_i / \partial x_j$. Training rarely asks for that matrix. A loss is
	// computed for each example of a batch, and what is wanted is the sum of the gradients of all
	// these losses. So `Backward` on a tensor of any shape means the gradient of the *sum* of its elements.
	// For $y_i = x_i^2$ the sum has the derivatives $2 x_j$.

	y = x.Mul(x)
	y.Backward()
	p.Show(x.Grad())

	// ## Cutting the graph
	//
	// Sometimes a value should count as a constant, although it was computed from the variables.
	// Say $\mathbf{y} = \mathbf{x} \odot \mathbf{x}$ ($\odot$ is the elementwise product) and
	// $\mathbf{z} = \mathbf{y} \odot \mathbf{x}$, but only the last
	// factor is to be seen as depending on $\mathbf{x}$. `Detach` gives a tensor $\mathbf{u}$ with the
	// numbers of $\mathbf{y}$, in the same memory, that has forgotten where they come from. Backward stops
	// there, and the gradient of $\mathbf{z} = \mathbf{u} \odot \mathbf{x}$ is $\mathbf{u}$; of $x_i^3$
	// it would have been $3 x_i^2$.

	y = x.Mul(x)
	u := y.Detach()
	z := u.Mul(x)
	z.Backward()
	p.Show(x.Grad().Eq(u))

	// The graph of `y` itself was not touched by this. We can still go backward from `y` and find $2\mathbf{x}$.

	y.Backward()
	p.Show(x.Grad().Eq(x.MulScalar(2)))

	// ## Through loops and branches
	//
	// The graph is made anew each time the code runs, from the operations that really took place. So the
	// code may loop and branch on the very numbers it computes, and the gradient is that of the path
	// taken.

	a := random.Normal(0, 1).RequireGrad()
	d := f(a)
	d.Backward()

	// Without a shape, `random.Normal` draws a single number, a tensor without axes. How often `f` doubles it
	// depends on it, and so does the branch, but on the way taken everything is a multiplication by some
	// constant $k$. So $f(a) = k a$ near this $a$, and the derivative $k$ must be equal to $d / a$.
	//
	// (`Backward` has consumed the graph of `d`, but its value is still there to be computed with. Only another
	// `Backward` through the consumed graph would panic.)

	p.Show(a.Grad().Eq(d.Div(a)))

	// The numbers, with the book's seed: $a \approx 2.2$ is doubled once before the loop and eight times in it, $2^9 = 512$.

	p.Show(a, d, a.Grad())

	// ## Exercises
	//
	// 1. *Call `Backward` a second time on the same result.* The graph is gone, and the panic says
	//    how to keep it.

	y = x.Dot(x)
	y.Backward()
	p.Print(tensor.Try(func() { y.Backward() }))

	y = x.Dot(x)
	y.Backward(tensor.Retain)
	y.Backward()
	p.Show(x.Grad())

	// 2. *Give `f` a vector.* It runs as it is: the norm $\lVert \mathbf{b} \rVert = \sqrt{\sum_i b_i^2}$ and
	//    the sum take any shape, and every element is multiplied by the same $k$. The elements of
	//    this vector add up to less than 0, so the other branch is taken and $k = 512 \cdot 100$.

	v := tensor.Of([]float32{-1, 2, -3}).RequireGrad()
	f(v).Backward()
	p.Show(v.Grad())

	// 3. *Another function with a loop.* `power` multiplies by $s$ until the product exceeds 100. For $s = 3$
	//    that is $3^5 = 243$, with the derivative $5 s^4 = 405$.

	s := tensor.Scalar(3).RequireGrad()
	y = power(s)
	y.Backward()
	p.Show(y, s.Grad())

	// 4. *Plot $\sin x$ and its derivative without using that it is $\cos x$.* Each $\sin x_i$ depends on one
	//    $x_i$ only. The gradient of their sum is therefore the derivative at all the points at once.

	t := tensor.Linspace(-2*math.Pi, 2*math.Pi, 101).RequireGrad()
	sine := t.Sin()
	sine.Backward()
	d2l.Plot(p, "sine", t, []*tensor.Tensor{sine, t.Grad()},
		d2l.Axis{XLabel: "x", Legend: []string{"sin(x)", "derivative"}})

	// 5. *Why do second derivatives cost more than first ones?* The backward pass is a computation of its own,
	//    about twice the work of the forward one. For second derivatives it must be recorded too, which
	//    is what `tensor.Create` asks for, and then be walked backwards in its turn. For $x^3$ at 0, 1, 2, 3, the
	//    first derivatives $3x^2$ and the second ones $6x$:

	first := tensor.GradOf(x.PowScalar(3), []*tensor.Tensor{x}, tensor.Create)[0]
	second := tensor.GradOf(first, []*tensor.Tensor{x})[0]
	p.Show(first, second)
}

// `f` doubles its argument until its norm reaches 1000; the result may change by another factor, depending on
// its sign.
func f(a *tensor.Tensor) *tensor.Tensor {
	b := a.MulScalar(2)
	for b.Norm().Item() < 1000 {
		b = b.MulScalar(2)
	}
	if b.Sum().Item() > 0 {
		return b
	}
	return b.MulScalar(100)
}

func power(s *tensor.Tensor) *tensor.Tensor {
	y := s
	for y.Item() <= 100 {
		y = y.Mul(s)
	}
	return y
}
