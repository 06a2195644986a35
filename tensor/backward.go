package tensor

import (
	"slices"

	"github.com/fathom-ml/fathom/internal/kernel"
)

// Mode changes what Backward and GradOf do.
type Mode uint8

// The modes of Backward; several may be given.
const (
	Retain     Mode = 1 << iota // keep the graph for another Backward
	Create                      // record the backward pass too, for second derivatives; keeps the graph
	Accumulate                  // add to the gradients of the leaves instead of replacing them
)

// Backward computes the gradient of the sum of x's elements with respect to
// every leaf that x depends on (2.5). A leaf's gradient is replaced, or added to
// with Accumulate. The graph is consumed unless Retain is given: its saved
// values go. Its results stay readable, for metrics, but a later Backward that
// reaches a consumed graph panics: no gradient is cut silently. Two Backward calls may not run
// at once on graphs that share leaves.
func (x *Tensor) Backward(modes ...Mode) { x.backward(nil, modes) }

// GradOf returns the gradients of the sum of y with respect to xs, which may be
// leaves or results, without touching the gradients of leaves. The graph is retained.
// With Create the gradients are recorded themselves and can be differentiated again. A gradient is nil
// if y does not depend on that x. It panics if y or one of xs is not recorded.
func GradOf(y *Tensor, xs []*Tensor, modes ...Mode) []*Tensor {
	return y.backward(xs, append(slices.Clone(modes), Retain))
}

// pass is one running Backward.
type pass struct {
	modes Mode
	order []*Node // every node after all its users
	temps *Scope  // temporaries of the gradient rules
	xs    []*Tensor
	out   []*Tensor
}

func (p *pass) create() bool { return p.modes&Create != 0 }
func (p *pass) retain() bool { return p.modes&(Create|Retain) != 0 }

func (x *Tensor) backward(xs []*Tensor, modes []Mode) []*Tensor {
	if x.node == nil {
		Misuse("backward", "nothing was recorded", "did you call RequireGrad, or was the forward run with nn.Eval()?", x)
	}
	if x.buf.p == nil {
		panic(x.released("backward"))
	}
	p := &pass{xs: xs, out: make([]*Tensor, len(xs))}
	for _, m := range modes {
		p.modes |= m
	}
	for _, w := range xs {
		if w.node == nil {
			Misuse("gradOf", "a value was not recorded", "call RequireGrad on it before computing with it", w)
		}
	}
	p.order = sortGraph(x.node)
	p.temps = &Scope{depth: 1 << 30, site: "backward"} // innermost: temporaries of every rule land here
	defer p.end()
	seed, _ := alloc(x.shape, x.dt, nil, false)
	device.Fill(seed.view(), 1)
	if !p.create() {
		seed.scope = p.temps
	}
	p.give(edge{x.node, x.out}, seed)
	for _, n := range p.order {
		p.visit(n)
	}
	return p.out
}

// end cleans up, also after a panic in a rule: leaves are shared with the next graph.
func (p *pass) end() {
	for _, n := range p.order {
		n.dy, n.dys, n.mark, n.create = nil, nil, false, false
		if !p.retain() && n.leaf == nil && !n.done {
			n.consume()
		}
	}
	for _, g := range p.out {
		if g != nil {
			p.temps.Keep(g)
		}
	}
	p.temps.Close()
}

// visit passes the gradient that has gathered at n on to its operands.
func (p *pass) visit(n *Node) {
	dys := n.take()
	n.mark = false
	p.collect(n, dys)
	if n.leaf != nil {
		if dys[0] != nil && p.xs == nil {
			n.write(dys[0], p.modes)
		}
	} else if slices.ContainsFunc(dys, func(t *Tensor) bool { return t != nil }) {
		mark := len(p.temps.list)
		n.create = p.create()
		p.rules(n, dys)
		n.create = false
		if !p.create() {
			p.temps.sweep(mark)
		}
	}
	if n.leaf == nil && !p.retain() {
		n.consume()
	}
	for _, dy := range dys {
		if dy == nil {
			continue
		}
		if dy.buf.slots--; dy.buf.slots == 0 && dy.buf.home == p.temps && !p.create() && !p.wanted(dy) {
			dy.buf.release("backward")
		}
	}
}

// rules asks the operation for the gradients of its recorded operands.
func (p *pass) rules(n *Node, dys []*Tensor) {
	if all, ok := n.op.(AllGrads); ok {
		want := make([]bool, len(n.in))
		for i, e := range n.in {
			want[i] = e.node != nil
		}
		for i, g := range all.GradAll(n, dys, want) {
			if g != nil && want[i] {
				p.give(n.in[i], sumTo(g, n.InShape(i)))
			}
		}
		return
	}
	for i, e := range n.in {
		if e.node == nil {
			continue
		}
		if g := n.op.Grad(n, i, dys[0]); g != nil {
			p.give(e, sumTo(g, e.node.shape(e.out)))
		}
	}
}

// collect stores gradients that GradOf was asked for.
func (p *pass) collect(n *Node, dys []*Tensor) {
	for k, w := range p.xs {
		if w.node == n && dys[w.out] != nil {
			p.out[k] = dys[w.out]
		}
	}
}

func (p *pass) wanted(dy *Tensor) bool {
	return slices.ContainsFunc(p.out, func(g *Tensor) bool { return g != nil && g.buf == dy.buf })
}

// take removes the pending gradients, one an output.
func (n *Node) take() []*Tensor {
	dys := n.dys
	if dys == nil {
		dys = []*Tensor{n.dy}
	}
	n.dy, n.dys = nil, nil
	return dys
}

func (n *Node) slot(k int) **Tensor {
	if n.shapes == nil {
		return &n.dy
	}
	if n.dys == nil {
		n.dys = make([]*Tensor, len(n.shapes))
	}
	return &n.dys[k]
}

// give adds g to what has gathered at the edge's end. It adds in place only into
// memory that was made in this pass and that no other slot and no user can see.
func (p *pass) give(e edge, g *Tensor) {
	slot := e.node.slot(e.out)
	old := *slot
	if old == nil {
		*slot = g
		g.buf.slots++
		return
	}
	whole := old.buf.n == old.Size()*old.dt.Size() && old.IsContiguous()
	if !p.create() && !old.dt.IsHalf() && old.buf.slots == 1 && old.buf.home == p.temps && whole && g.buf != old.buf {
		device.Binary(kernel.Add, old.view(), old.view(), g.view())
		return
	}
	sum := old.Add(g)
	sum.buf.slots++
	old.buf.slots--
	*slot = sum
}

// write puts dy into the leaf's gradient.
func (n *Node) write(dy *Tensor, m Mode) {
	n.fresh = true
	if m&Create != 0 { // the gradient has a history: it replaces the buffer
		if m&Accumulate != 0 && n.grad != nil {
			dy = n.grad.Add(dy)
		}
		n.grad = dy
		return
	}
	g := n.gradient(dy.dt)
	if g.node != nil { // a recorded gradient of an earlier pass
		n.grad = nil
		old := g
		g = n.gradient(dy.dt)
		if m&Accumulate != 0 {
			device.Copy(g.view(), old.view())
		}
	}
	if m&Accumulate != 0 {
		if g.dt.IsHalf() {
			dy = g.alias().Add(dy)
			device.Copy(g.view(), dy.view())
		} else {
			device.Binary(kernel.Add, g.view(), g.view(), dy.view())
		}
	} else {
		device.Copy(g.view(), dy.view())
	}
	g.written()
}

// sortGraph lists the nodes that root depends on so that every node comes after all its users.
func sortGraph(root *Node) []*Node {
	if root.done {
		panic(&Error{Op: "backward", Msg: "this graph was already consumed", Hint: "Backward(tensor.Retain) keeps it"})
	}
	type frame struct {
		n *Node
		i int
	}
	var post []*Node
	root.mark = true
	stack := []frame{{root, 0}}
	for len(stack) > 0 {
		f := &stack[len(stack)-1]
		if f.i == len(f.n.in) {
			post = append(post, f.n)
			stack = stack[:len(stack)-1]
			continue
		}
		in := f.n.in[f.i].node
		f.i++
		if in == nil || in.mark {
			continue
		}
		if in.done {
			for _, n := range post {
				n.mark = false
			}
			for _, f := range stack {
				f.n.mark = false
			}
			panic(&Error{Op: "backward", Msg: f.n.op.Name() + " reaches a graph that was already consumed",
				Hint: "Detach the value that was carried over, or use Backward(tensor.Retain)"})
		}
		in.mark = true
		stack = append(stack, frame{in, 0})
	}
	slices.Reverse(post)
	return post
}

// sumTo sums g over the axes along which an operand of the given shape was broadcast.
func sumTo(g *Tensor, shape []int) *Tensor {
	if slices.Equal(g.shape, shape) {
		return g
	}
	lead := len(g.shape) - len(shape)
	if lead < 0 {
		panic(&Error{Op: "backward", Msg: "a rule returned a gradient of too few axes", Shapes: [][]int{g.Shape(), shape}})
	}
	var axes []int
	for i, d := range g.shape {
		if i < lead || d != shape[i-lead] {
			axes = append(axes, i)
		}
	}
	return g.SumKeep(axes...).Reshape(shape...)
}
