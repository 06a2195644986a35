// Package backprop is lesson 4.7: how gradients are computed, by hand and by the library.
package backprop

import (
	_ "embed"
	"fmt"
	"strings"

	"github.com/fathom-ml/fathom/book"
	"github.com/fathom-ml/fathom/nn"
	"github.com/fathom-ml/fathom/plot"
	"github.com/fathom-ml/fathom/tensor"
	"github.com/fathom-ml/fathom/tensor/autograd"
	"github.com/fathom-ml/fathom/tensor/random"
)

//go:embed lesson.go
var source string

func init() {
	book.Register(book.Lesson{
		Section: "4.7", Title: "Forward Propagation, Backward Propagation, and Computational Graphs",
		Run: Backprop, Source: source,
	})
}

// # Forward Propagation, Backward Propagation, and Computational Graphs
//
// Every training so far called `Backward` and found gradients in place. Before there were libraries that do this, people derived them by hand, for every model anew, and the formulas filled pages of
// papers. Nobody wants that back. But whoever has done it once for a small network knows what the library does, why it is fast, and what it needs memory for. We do it for
// one with a single hidden layer and weight decay, with numbers, and compare each step.
func Backprop(p *book.Page) {
	// ## Forward propagation
	//
	// *Forward propagation* computes the values of a network from its input to its loss and keeps what comes up on the way. Let the input be a column
	// $\mathbf{x} \in \mathbb{R}^d$, with no biases for simplicity. With the weights $\mathbf{W}_1 \in \mathbb{R}^{h \times d}$ the hidden layer of $h$ units computes
	//
	// $$\mathbf{z} = \mathbf{W}_1 \mathbf{x}, \qquad \mathbf{h} = \phi(\mathbf{z}),$$
	//
	// where the activation function $\phi$ acts on each element. The output layer, with $\mathbf{W}_2 \in \mathbb{R}^{q \times h}$, gives $\mathbf{o} = \mathbf{W}_2 \mathbf{h}$. A loss $l$ compares
	// $\mathbf{o}$ to the label $\mathbf{y}$: $L = l(\mathbf{o}, \mathbf{y})$. With weight decay (section 4.5) of strength $\lambda$, the penalty is
	//
	// $$s = \frac{\lambda}{2} \left(\|\mathbf{W}_1\|_F^2 + \|\mathbf{W}_2\|_F^2\right),$$
	//
	// where $\|\mathbf{W}\|_F^2$ is the sum of the squares of all elements. The number to be made small, the *objective*, is $J = L + s$.
	//
	// What depends on what is best drawn. Circles are values, boxes are operations, and arrows point from an operand to the operation and on to its result. Such a drawing is a *computational graph*.

	p.Figure("forward", formulaGraph().Figure())

	// Now with numbers: three inputs, two hidden units with $\phi = \tanh$, two outputs, the loss $l(\mathbf{o}, \mathbf{y}) = \frac12 \|\mathbf{o} - \mathbf{y}\|^2$, and $\lambda = 0.1$.

	lambda := p.Float("lambda", 0.1, book.Doc("weight decay"))
	x := tensor.Matrix([][]float32{{1}, {-1}, {2}}).RequireGrad()
	y := tensor.Matrix([][]float32{{1}, {0}})
	W1 := tensor.Matrix([][]float32{{0.5, -0.25, 0.25}, {-0.5, 0.5, 0.25}}).RequireGrad()
	W2 := tensor.Matrix([][]float32{{1, -1}, {0.5, 1}}).RequireGrad()

	z := W1.MatMul(x)
	h := z.Tanh()
	o := W2.MatMul(h)
	L := o.Sub(y).Square().Sum().DivScalar(2)
	s := W1.Square().Sum().Add(W2.Square().Sum()).MulScalar(lambda / 2)
	J := L.Add(s)
	p.Print("z:", z.Detach().Reshape(-1), "h:", h.Detach().Reshape(-1), "o:", o.Detach().Reshape(-1))
	p.Printf("L = %.6f, s = %.6f, J = %.6f\n", L, s, J)

	// ## The graph of the library
	//
	// While these lines ran, the library has recorded a graph of its own. Each result knows the operation that made it and the operands. `autograd.GraphOf` looks at it, and
	// `draw` below turns it into a picture. Circles are leaves, the values that we asked gradients for.

	names := map[*tensor.Tensor]string{x: "x", W1: "W1", W2: "W2"}
	graph := autograd.GraphOf(J, names)
	p.Figure("recorded", draw(graph).Figure())

	// It is the same graph in finer pieces: the loss is a subtraction, squares, a sum and a division. The label is not there, since no gradient flows to it. The weights stand at each of their uses. The factor $\lambda/2$ appears as `affine`, the
	// library's name for $ax + b$ with two numbers.
	//
	// ## Backward propagation
	//
	// *Backward propagation* walks the graph from its end to its beginning. At each value it computes the derivative of $J$ with respect to it, from the derivatives at those values that were computed from it, by the chain rule. Each formula below
	// uses only the ones before it and values that were kept.
	//
	// The objective is a sum, so that
	//
	// $$\frac{\partial J}{\partial L} = 1, \qquad \frac{\partial J}{\partial s} = 1.$$
	//
	// The loss depends on the output. For ours,
	//
	// $$\frac{\partial J}{\partial \mathbf{o}} = \frac{\partial L}{\partial \mathbf{o}} = \mathbf{o} - \mathbf{y}.$$
	//
	// The penalty has the derivatives $\lambda \mathbf{W}_1$ and $\lambda \mathbf{W}_2$. The weights $\mathbf{W}_2$ act on $J$ in two ways, by the output and by the penalty, and the derivatives of the two ways add up:
	//
	// $$\frac{\partial J}{\partial \mathbf{W}_2} = \frac{\partial J}{\partial \mathbf{o}} \mathbf{h}^\top + \lambda \mathbf{W}_2.$$
	//
	// The product of a column and a row is a matrix of the shape of $\mathbf{W}_2$, as it must be: element $(i, j)$ says that output $i$ changes with weight $(i, j)$ by $h_j$. On to the hidden layer, and through the activation, where each element has its own factor $\phi'(z_j)$; $\odot$ multiplies element by element:
	//
	// $$\frac{\partial J}{\partial \mathbf{h}} = \mathbf{W}_2^\top \frac{\partial J}{\partial \mathbf{o}}, \qquad
	// \frac{\partial J}{\partial \mathbf{z}} = \frac{\partial J}{\partial \mathbf{h}} \odot \phi'(\mathbf{z}).$$
	//
	// At last the first weights:
	//
	// $$\frac{\partial J}{\partial \mathbf{W}_1} = \frac{\partial J}{\partial \mathbf{z}} \mathbf{x}^\top + \lambda \mathbf{W}_1.$$
	//
	// The same in code. For tanh, $\phi'(z) = 1 - \tanh^2(z) = 1 - h^2$, so that not even $\mathbf{z}$ is needed again.

	v := func(t *tensor.Tensor) *tensor.Tensor { return t.Detach() }
	dO := v(o).Sub(y)
	dW2 := dO.MatMul(v(h).T()).Add(v(W2).MulScalar(lambda))
	dH := v(W2).T().MatMul(dO)
	dZ := dH.Mul(v(h).Square().RSubScalar(1))
	dW1 := dZ.MatMul(v(x).T()).Add(v(W1).MulScalar(lambda))
	p.Print("dJ/dW2:\n", dW2)
	p.Print("dJ/dW1:\n", dW1)

	// Now the library, which did not see these formulas. `tensor.GradOf` gives the gradients at any values, those on the way included.

	byHand := []*tensor.Tensor{dO, dW2, dH, dZ, dW1}
	byLibrary := tensor.GradOf(J, []*tensor.Tensor{o, W2, h, z, W1})
	var rows [][]string
	for i, name := range []string{"dJ/do", "dJ/dW2", "dJ/dh", "dJ/dz", "dJ/dW1"} {
		off := byHand[i].Sub(byLibrary[i]).Abs().Max().Item()
		rows = append(rows, []string{name, fmt.Sprint(byLibrary[i].Shape()), fmt.Sprint(off < 1e-6)})
	}
	p.Table([]string{"gradient", "shape", "same as by hand"}, rows)

	// There is a third way, and it needs no calculus: change a weight a little and see how much $J$ changes. It is far too slow for training, as it takes two evaluations for each weight. But it is a good test, and
	// every operation of this library is held against it. For the first weight of $\mathbf{W}_1$, in `float64`:

	objective := func(w float64) float64 {
		f64 := func(t *tensor.Tensor) *tensor.Tensor { return v(t).AsType(tensor.Float64) }
		W := f64(W1).Clone()
		W.SetAt(w, 0, 0)
		out := f64(W2).MatMul(W.MatMul(f64(x)).Tanh())
		penalty := W.Square().Sum().Add(f64(W2).Square().Sum()).MulScalar(lambda / 2)
		return out.Sub(f64(y)).Square().Sum().DivScalar(2).Add(penalty).Item()
	}
	w, eps := W1.Detach().At(0, 0), 1e-5
	p.Printf("difference quotient %.6f, gradient %.6f\n", (objective(w+eps)-objective(w-eps))/(2*eps), dW1.At(0, 0))

	// ## Training a network
	//
	// The two directions depend on each other. Going forward needs the present weights, which the last backward pass has changed. Going backward needs what the forward pass has computed: $\mathbf{h}$ and $\mathbf{x}$
	// stand in the formulas. So all these values must be kept until the backward pass has used them. That is why training takes much more memory than prediction: what is kept grows with the number of
	// layers and with the batch size, and it, not the weights, is mostly what does not fit into a GPU. For the perceptron of section 4.3 we count the numbers in the outputs of its layers:

	net := nn.Sequential{nn.NewDense(256, nn.ReLU), nn.NewDense(10)}
	nn.Init(net, nn.Xavier())
	rows = nil
	for _, batch := range []int{1, 256, 4096} {
		kept := batch * 784 // the input
		observe := nn.Observe(func(layer any, in, out *tensor.Tensor) {
			if _, ok := layer.(*nn.Dense); ok {
				kept += out.Size()
			}
		})
		net.Forward(nn.Train(observe), random.Uniform(0, 1, batch, 784))
		rows = append(rows, []string{fmt.Sprint(batch), fmt.Sprint(nn.Count(net)), fmt.Sprint(kept)})
	}
	p.Table([]string{"batch size", "parameters", "values kept"}, rows)

	// ## Summary
	//
	// - Forward propagation computes and keeps values from the input to the objective, backward propagation gradients in the opposite order.
	// - Where a value is used more than once, the gradients of its uses add up.
	// - Training keeps all intermediate values, so it needs much more memory than prediction.
	//
	// ## Exercises
	//
	// 1. *What is the gradient with respect to the input, and what is its shape?* One more step of the same kind, $\mathbf{W}_1^\top \frac{\partial J}{\partial \mathbf{z}}$, of the shape of $\mathbf{x}$. It says which
	//    inputs matter. If the input is a matrix, so is the gradient; a gradient always has the shape of what it belongs to.

	dX := v(W1).T().MatMul(dZ)
	p.Print("dJ/dx:", dX.Reshape(-1), "same:", tensor.AllClose(dX, tensor.GradOf(J, []*tensor.Tensor{x})[0], 1e-5, 1e-7))

	// 2. *Add a bias to the hidden layer.* Then $\mathbf{z} = \mathbf{W}_1 \mathbf{x} + \mathbf{b}$, and the graph gets one more leaf and an addition. An addition passes the gradient on unchanged,
	//    so $\frac{\partial J}{\partial \mathbf{b}} = \frac{\partial J}{\partial \mathbf{z}}$. A bias is not part of the penalty.

	b := tensor.Zeros(2, 1).RequireGrad()
	withBias := W2.MatMul(W1.MatMul(x).Add(b).Tanh()).Sub(y).Square().Sum().DivScalar(2)
	p.Print("dJ/db is dJ/dz:", tensor.AllClose(tensor.GradOf(withBias, []*tensor.Tensor{b})[0], dZ, 1e-5, 1e-7))

	// 3. *What would second derivatives need?* The gradient is itself computed by operations, which can be recorded and differentiated in turn. That makes a second graph, here about as large as
	//    the first, and the values of both have to be kept. The numbers of nodes in the graphs of $J$ and of the sum of its gradient with respect to $\mathbf{W}_1$:

	gradient := tensor.GradOf(J, []*tensor.Tensor{W1}, tensor.Create)[0]
	p.Print("nodes:", len(graph.Nodes), "and", len(autograd.GraphOf(gradient.Sum(), names).Nodes))

	// 4. *The graph is too large for one GPU. What can be done?* Take smaller batches and add up their gradients. Or cut the graph into parts on several devices. Or keep only some
	//    of the values, and compute the others again when the backward pass comes to them (`tensor.Checkpoint`), which trades time for memory.
}

// The graph of the formulas.
func formulaGraph() *plot.Diagram {
	value := func(label string) *plot.Node { return plot.Circle(label).Tint(plot.Blue) }
	op := func(label string) *plot.Node { return plot.Box(label).Tint(plot.Gray) }
	x, W1, W2, y := value(`$\mathbf{x}$`), value(`$\mathbf{W}_1$`).Tint(plot.Orange), value(`$\mathbf{W}_2$`).Tint(plot.Orange), value(`$\mathbf{y}$`)
	z, h, o, L, s, J := value(`$\mathbf{z}$`), value(`$\mathbf{h}$`), value(`$\mathbf{o}$`), value("$L$"), value("$s$"), value("$J$").Tint(plot.Green)
	mul1, phi, mul2, loss, norm, plus := op("×"), op(`$\phi$`), op("×"), op("$l$"), op("penalty"), op("+")
	d := plot.NewDiagram("The computational graph of a network with one hidden layer and weight decay: x and W1 give z, h, and with W2 the output o; o and y the loss L; W1 and W2 the penalty s; L and s the objective J.",
		plot.Table(11,
			nil, nil, nil, nil, nil, nil, nil, y, nil, nil, nil,
			x, mul1, z, phi, h, mul2, o, loss, L, plus, J,
			nil, W1, nil, nil, nil, W2, nil, norm, s, nil, nil,
		).Gap(18))
	d.Chain(x, mul1, z, phi, h, mul2, o, loss, L, plus, J)
	d.Arrow(y, loss)
	d.Arrow(W1, mul1)
	d.Arrow(W2, mul2)
	d.Arrow(W2, norm)
	d.Arrow(W1, norm).Route(plot.Bottom, plot.Bottom)
	d.Chain(norm, s)
	d.Arrow(s, plus).Route(plot.Right, plot.Bottom)
	return d
}

func names(g *autograd.Graph) string {
	var words []string
	for _, n := range g.Nodes {
		words = append(words, n.Name)
	}
	return strings.Join(words, ", ")
}

// A recorded graph as a tree: left of each operation stand its operands, below each other. What is used twice is drawn twice.
func draw(g *autograd.Graph) *plot.Diagram {
	var arrows [][2]*plot.Node
	var tree func(i int) (whole, root *plot.Node)
	tree = func(i int) (whole, root *plot.Node) {
		n := g.Nodes[i]
		if n.Leaf {
			root = plot.Circle(n.Name).Tint(plot.Orange)
			return root, root
		}
		root = plot.Box(n.Name)
		var parts []*plot.Node
		for _, in := range n.In {
			if in >= 0 { // else a plain value
				part, operand := tree(in)
				parts = append(parts, part)
				arrows = append(arrows, [2]*plot.Node{operand, root})
			}
		}
		return plot.Row(plot.Column(parts...).Align(plot.End).Gap(10), root).Gap(24), root
	}
	whole, _ := tree(len(g.Nodes) - 1)
	d := plot.NewDiagram("The operations that the library recorded: "+names(g)+".", whole)
	for _, a := range arrows {
		d.Arrow(a[0], a[1])
	}
	return d
}
