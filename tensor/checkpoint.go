package tensor

import "slices"

// checkpoint stands in the graph for a whole computation: Backward runs it again and walks through the new graph.
type checkpoint struct {
	noRule
	n int // number of operands; the leaves that f uses follow them in the graph
	f func(xs ...*Tensor) []*Tensor
}

func (*checkpoint) Name() string { return "checkpoint" }

// noRule is an operation that is not run by Do.
type noRule struct{}

func (noRule) Shape(*Call) []int                { return nil }
func (noRule) Run(*Call)                        {}
func (noRule) Grad(*Node, int, *Tensor) *Tensor { return nil }

// Checkpoint returns f(xs...) and forgets what f computed on the way: Backward runs f again when it needs it, so that the
// intermediate values of f are held while its gradient is computed and no longer. It pays where f is long and its
// operands are small: memory for time. The leaves that f uses (parameters) get their gradients as
// usual; recorded results from outside must come in through xs. Second derivatives work.
//
// f must compute the same again: random masks need a key that is drawn outside of f (nn.Checkpoint does that for layers),
// and what f changes beside its result, such as moving averages, is changed twice. In a [Scope], values that f makes
// and does not return are released when f returns.
func Checkpoint(f func(xs ...*Tensor) *Tensor, xs ...*Tensor) *Tensor {
	return CheckpointN(func(xs ...*Tensor) []*Tensor { return []*Tensor{f(xs...)} }, xs...)[0]
}

// CheckpointN is Checkpoint for a function of several results.
func CheckpointN(f func(xs ...*Tensor) []*Tensor, xs ...*Tensor) []*Tensor {
	someTensors("checkpoint", xs)
	op := &checkpoint{n: len(xs), f: f}
	c := newCall(op, xs)
	_, s := c.prepare()
	c.free()
	in := slices.Clone(xs)
	if s != nil {
		s = s.Sub()
		defer s.Close()
		for i, x := range xs {
			in[i] = s.In(x)
		}
	}
	ys := f(in...)
	if s != nil {
		for _, y := range ys {
			s.Keep(y)
		}
	}
	all := append(slices.Clone(xs), leavesOf(ys, xs)...)
	return results(op, all, ys, func(n *Node, _ []*Tensor) {
		for i, x := range all {
			n.save(int8(min(i, 127)), x)
		}
	})
}

// results are handles hs on ys whose history is op on xs; save keeps values. They are ys themselves if nothing is recorded.
func results(op Op, xs, ys []*Tensor, save func(n *Node, hs []*Tensor)) []*Tensor {
	c := newCall(op, xs)
	defer c.free()
	if rec, _ := c.prepare(); !rec {
		return ys
	}
	c.n = new(Node)
	for _, y := range ys {
		h := y.alias()
		h.scope = y.scope
		c.ys = append(c.ys, h)
	}
	c.link()
	save(c.n, c.ys)
	if watch.Load()&watchBirth != 0 {
		c.findBirth(c.ys...)
	}
	return c.ys
}

// leavesOf are the leaves that ys depend on, not through xs.
func leavesOf(ys, xs []*Tensor) (leaves []*Tensor) {
	seen := map[*Node]bool{nil: true}
	for _, x := range xs {
		seen[x.node] = true
	}
	var stack []*Node
	enter := func(n *Node) {
		if !seen[n] {
			seen[n] = true
			stack = append(stack, n)
		}
	}
	for _, y := range ys {
		enter(y.node)
	}
	for len(stack) > 0 {
		n := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		if n.IsLeaf() {
			leaves = append(leaves, n.rare.leaf)
			continue
		}
		n.inside = true
		for _, e := range n.in {
			enter(e.node)
		}
	}
	return leaves
}

// recompute runs f again on the operands of n and walks from its results back to what the pass knows already.
func (p *pass) recompute(n *Node, op *checkpoint, dys []*Tensor) {
	s := &Scope{depth: p.temps.depth - 1, by: byBackward} // the recomputed values; gradients land in temps
	if !p.create() {
		defer func() {
			for _, b := range s.list {
				if b.slots > 0 && b.home == s { // a gradient that is part of such a value
					p.temps.adopt(b)
				}
			}
			s.Close()
		}()
	}
	xs := make([]*Tensor, op.n)
	for i := range n.sv {
		x := n.at(i) // also sees whether a leaf was overwritten
		if i < op.n {
			xs[i] = s.In(x)
			if p.create() {
				xs[i].scope = x.scope
			}
		}
	}
	ys := op.f(xs...)
	if len(ys) != len(dys) {
		Misuse("checkpoint", "f returned another number of results than before", "", ys...)
	}
	var roots []*Tensor
	for k, y := range ys {
		if dys[k] == nil || y.node == nil {
			continue
		}
		if !slices.Equal(y.shape, dys[k].shape) || y.dt != dys[k].dt {
			Misuse("checkpoint", "f returned another shape or dtype than before", "", y, dys[k])
		}
		roots = append(roots, y)
	}
	order := sortGraph(roots)
	p.order = append(p.order, order...)
	for _, m := range order {
		if m.inside { // it was there in the first run already
			Misuse("checkpoint", "f uses a recorded value from outside, the result of "+m.op.Name(), "pass it as an operand", xs...)
		}
	}
	for k, y := range ys {
		if dys[k] != nil && y.node != nil {
			p.give(edge{y.node, y.out}, dys[k])
		}
	}
	for _, m := range order {
		p.visit(m)
	}
}
