package tensor

import (
	"fmt"
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

// Backward computes the gradient of the sum of x's elements with respect to every leaf that x depends on (2.5). A
// leaf's gradient is replaced, or added to with Accumulate. The graph is consumed unless Retain is given: its saved
// values go. Its results stay readable, for metrics, but a later Backward that reaches a consumed graph panics: no
// gradient is cut silently. Graphs without common nodes may run Backward at once on several goroutines; two Backward
// calls that share a leaf may not: its gradient has one memory.
func (x *Tensor) Backward(modes ...Mode) { backward([]*Tensor{x}, nil, nil, modes) }

// BackwardWith is Backward from the gradient dy of x instead of ones: it computes the gradient of the sum of
// dy * x. dy has x's shape and dtype.
func (x *Tensor) BackwardWith(dy *Tensor, modes ...Mode) {
	backward([]*Tensor{x}, []*Tensor{dy}, nil, modes)
}

// GradOf returns the gradients of the sum of y with respect to xs, which may be
// leaves or results, without touching the gradients of leaves. The graph is retained.
// With Create the gradients are recorded themselves and can be differentiated again. A gradient is nil
// if y does not depend on that x. It panics if y or one of xs is not recorded.
func GradOf(y *Tensor, xs []*Tensor, modes ...Mode) []*Tensor {
	return GradOfAll([]*Tensor{y}, nil, xs, modes...)
}

// GradOfAll is GradOf for several results at once: it returns the gradients of the sum over k of dys[k] * ys[k]. dys
// holds one tensor of the shape and dtype of each y; nil, there or for all of dys, stands for ones.
func GradOfAll(ys, dys, xs []*Tensor, modes ...Mode) []*Tensor {
	return backward(ys, dys, xs, append(slices.Clone(modes), Retain))
}

const temporary = 1 << 30 // the depth of the scopes of running Backwards, the innermost of all

var byBackward = releaser{text: "backward"}

// pass is one running Backward.
type pass struct {
	modes Mode
	order []*Node // every node after all its users
	temps *Scope  // temporaries of the gradient rules
	xs    []*Tensor
	out   []*Tensor
	dys   []*Tensor // of the nodes that are being visited
}

func (p *pass) create() bool { return p.modes&Create != 0 }
func (p *pass) retain() bool { return p.modes&(Create|Retain) != 0 }

func backward(ys, dys, xs []*Tensor, modes []Mode) []*Tensor {
	p := &pass{xs: xs, out: make([]*Tensor, len(xs))}
	for _, m := range modes {
		p.modes |= m
	}
	if len(ys) == 0 || dys != nil && len(dys) != len(ys) {
		Misuse("backward", fmt.Sprintf("%d gradients for %d results", len(dys), len(ys)), "")
	}
	for k, y := range ys {
		if y.node == nil {
			Misuse("backward", "nothing was recorded", "did you call RequireGrad, or was the forward run with nn.Eval()?", y)
		}
		if y.buf.p == nil {
			panic(y.released("backward"))
		}
		if dys != nil && dys[k] != nil && (dys[k].dt != y.dt || !slices.Equal(dys[k].shape, y.shape)) {
			Misuse("backward", "the gradient of a result has its shape and dtype, here "+y.dt.String()+" and "+dys[k].dt.String(), "", y, dys[k])
		}
	}
	for _, w := range xs {
		if w.node == nil {
			Misuse("gradOf", "a value was not recorded", "call RequireGrad on it before computing with it", w)
		}
	}
	p.order = sortGraph(ys)
	p.temps = &Scope{depth: temporary, by: byBackward} // innermost: temporaries of every rule land here
	defer p.end()
	for k, y := range ys {
		var seed *Tensor
		switch {
		case dys == nil || dys[k] == nil:
			seed, _ = alloc(y.shape, y.dt, nil, false)
			device.Fill(seed.view(), 1)
		case p.create():
			seed = dys[k].Clone()
		case p.borrows(dys[k]):
			seed = dys[k].alias()
		default:
			seed = p.handle(dys[k], p.temps).Clone() // in memory that is used again
		}
		if !p.create() {
			seed.scope = p.temps
		}
		p.give(edge{y.node, y.out}, seed)
	}
	for _, n := range p.order {
		p.visit(n)
	}
	return p.out
}

// borrows says whether the rules may read dy itself: nothing counts it, gives it away or writes over it in this pass.
func (p *pass) borrows(dy *Tensor) bool {
	return p.xs == nil && dy.buf.home == nil && dy.IsContiguous() && !slices.ContainsFunc(p.order, func(n *Node) bool {
		_, again := n.op.(*checkpoint)
		return again || n.rare != nil && (n.rare.hooks != nil || n.rare.grad != nil && n.rare.grad.buf == dy.buf)
	})
}

// end cleans up, also after a panic in a rule: leaves are shared with the next graph.
func (p *pass) end() {
	for _, n := range p.order {
		n.dy, n.mark, n.create = nil, false, false
		if n.rare != nil {
			n.rare.dys = nil
		}
		if !p.retain() && !n.IsLeaf() && !n.done {
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
	base := len(p.dys)
	dys := p.take(n)
	n.mark = false
	if n.rare != nil && n.rare.hooks != nil {
		p.runHooks(n, dys)
	}
	p.collect(n, dys)
	leaf := n.IsLeaf()
	if leaf {
		if dys[0] != nil && p.xs == nil {
			n.write(dys[0], p.modes)
		}
	} else if slices.ContainsFunc(dys, func(t *Tensor) bool { return t != nil }) {
		mark := len(p.temps.list)
		n.create, n.last = p.create(), !p.create() && p.xs == nil && (n.rare == nil || n.rare.hooks == nil)
		p.rules(n, dys)
		n.create, n.last = false, false
		if !p.create() {
			p.temps.sweep(mark)
		}
	}
	if !leaf && !p.retain() {
		n.consume()
	}
	for _, dy := range dys {
		if dy != nil {
			p.drop(dy)
		}
	}
	clear(p.dys[base:])
	p.dys = p.dys[:base]
}

// drop takes dy out of a slot; memory that was made in this pass and nobody waits for goes back.
func (p *pass) drop(dy *Tensor) {
	if dy.buf.home == nil {
		return
	}
	if dy.buf.slots--; dy.buf.slots == 0 && dy.buf.home == p.temps && !p.create() && !p.wanted(dy) {
		dy.buf.release(&byBackward)
	}
}

// hold puts g into a slot. Only memory with an owner is counted: other memory is never given back, and other
// goroutines may see it.
func (p *pass) hold(slot **Tensor, g *Tensor) {
	*slot = g
	if g.buf.home != nil {
		g.buf.slots++
	}
}

// rules asks the operation for the gradients of its recorded operands.
func (p *pass) rules(n *Node, dys []*Tensor) {
	if watch.Load()&watchBirth != 0 {
		quiet.Add(1)
		defer quiet.Add(-1)
	}
	switch op := n.op.(type) {
	case *checkpoint:
		p.recompute(n, op, dys)
	case AllGrads:
		want := make([]bool, len(n.in))
		for i, e := range n.in {
			want[i] = e.node != nil
		}
		for i, g := range op.GradAll(n, dys, want) {
			if want[i] {
				p.pass(n, i, g, dys)
			}
		}
	default:
		for i, e := range n.in {
			if e.node != nil {
				p.pass(n, i, n.op.Grad(n, i, dys[0]), dys)
			}
		}
	}
}

// pass gives the gradient g, if there is one, to operand i of n.
func (p *pass) pass(n *Node, i int, g *Tensor, dys []*Tensor) {
	if g == nil {
		return
	}
	if watch.Load()&watchBirth != 0 {
		n.findBirth(g, dys)
	}
	p.give(n.in[i], sumTo(g, n.InShape(i)))
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

// take moves the pending gradients of n, one an output, onto the stack p.dys.
func (p *pass) take(n *Node) []*Tensor {
	base := len(p.dys)
	if !n.several() {
		p.dys = append(p.dys, n.dy)
		n.dy = nil
	} else if dys := n.rare.dys; dys != nil {
		p.dys = append(p.dys, dys...)
		n.rare.dys = nil
	} else {
		p.dys = append(p.dys, make([]*Tensor, len(n.rare.shapes))...)
	}
	return p.dys[base:len(p.dys):len(p.dys)]
}

func (n *Node) slot(k int) **Tensor {
	if !n.several() {
		return &n.dy
	}
	if n.rare.dys == nil {
		n.rare.dys = make([]*Tensor, len(n.rare.shapes))
	}
	return &n.rare.dys[k]
}

// give adds g to what has gathered at the edge's end. It adds in place only into
// memory that was made in this pass and that no other slot and no user can see.
func (p *pass) give(e edge, g *Tensor) {
	if !p.create() && g.Size()*g.dt.Size() <= smallBytes {
		g = g.Contiguous() // an expanded number slows down what follows
	}
	slot := e.node.slot(e.out)
	old := *slot
	if old == nil {
		p.hold(slot, g)
		return
	}
	whole := old.buf.n == old.Size()*old.dt.Size() && old.IsContiguous()
	if !p.create() && !old.dt.IsHalf() && old.buf.slots == 1 && old.buf.home == p.temps && whole && g.buf != old.buf {
		if !flatBinary(kernel.Add, old, old, g) {
			device.Binary(kernel.Add, old.view(), old.view(), g.view())
		}
		return
	}
	p.hold(slot, old.Add(g))
	if old.buf.home != nil {
		old.buf.slots--
	}
}

// write puts dy into the leaf's gradient.
func (n *Node) write(dy *Tensor, m Mode) {
	r := n.rare
	r.fresh = true
	if m&Create != 0 { // the gradient has a history: it replaces the buffer
		if m&Accumulate != 0 && r.grad != nil {
			dy = r.grad.Add(dy)
		}
		r.grad = dy
		return
	}
	g := n.gradient(dy.dt)
	if g.node != nil { // a recorded gradient of an earlier pass
		r.grad = nil
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

// sortGraph lists the nodes that ys depend on so that every node comes after all its users. Marked nodes are on a list already.
func sortGraph(ys []*Tensor) []*Node {
	type frame struct {
		n *Node
		i int
	}
	post, stack := make([]*Node, 0, 64), make([]frame, 0, 64)
	enter := func(n *Node) {
		if !n.done {
			n.mark = true
			stack = append(stack, frame{n, 0})
			return
		}
		for _, n := range post {
			n.mark = false
		}
		for _, f := range stack {
			f.n.mark = false
		}
		if len(stack) == 0 {
			panic(&Error{Op: "backward", Msg: "this graph was already consumed", Hint: "Backward(tensor.Retain) keeps it"})
		}
		panic(&Error{Op: "backward", Msg: stack[len(stack)-1].n.op.Name() + " reaches a graph that was already consumed",
			Hint: "Detach the value that was carried over, or use Backward(tensor.Retain)"})
	}
	for _, y := range ys {
		if !y.node.mark {
			enter(y.node)
		}
		for len(stack) > 0 {
			f := &stack[len(stack)-1]
			if f.i == len(f.n.in) {
				post = append(post, f.n)
				stack = stack[:len(stack)-1]
				continue
			}
			in := f.n.in[f.i].node
			f.i++
			if in != nil && !in.mark {
				enter(in)
			}
		}
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
