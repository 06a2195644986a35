package tensor

import "slices"

// hook is a function that sees the gradient of one output of a node.
type hook struct {
	out int
	f   func(g *Tensor) *Tensor
}

// OnGrad makes every Backward and GradOf that reaches x, a leaf or a result, call f with the complete gradient of x: once a
// call, when all uses of x have added their shares and before the gradient goes on or is written into a leaf. What f
// returns takes its place; nil leaves it as it is. The functions of one value run in the order in which they were
// added, those of several values as the gradients are found: the last computed value comes first. f may keep g, which
// is recorded only with Create; without it, what f returns counts as a constant. remove takes f away again.
//
// A recorded write in place moves x's history on; f stays with the old value. It panics if x is not recorded;
// Backward panics if f returns another shape or dtype.
func (x *Tensor) OnGrad(f func(g *Tensor) *Tensor) (remove func()) {
	if x.node == nil {
		Misuse("onGrad", "the value is not recorded", "call RequireGrad on it before computing with it", x)
	}
	r, h := x.node.extra(), &hook{x.out, f}
	r.hooks = append(r.hooks, h)
	return func() {
		r.hooks = slices.DeleteFunc(slices.Clone(r.hooks), func(o *hook) bool { return o == h })
	}
}

func (p *pass) runHooks(n *Node, dys []*Tensor) {
	for _, h := range n.rare.hooks {
		dy := dys[h.out]
		if dy == nil {
			continue
		}
		if dy.buf.home == p.temps { // f may keep it
			dy.buf.disown()
		}
		seen := p.handle(dy, nil)
		g := h.f(seen)
		if g == nil || g == seen {
			continue
		}
		if g.dt != dy.dt || !slices.Equal(g.shape, dy.shape) {
			Misuse("onGrad", "the function returned another shape or dtype", "", dy, g)
		}
		p.drop(dy)
		p.hold(&dys[h.out], p.handle(g, p.temps))
	}
}

// handle is a second handle on g in a scope; its history counts only if the pass is recorded.
func (p *pass) handle(g *Tensor, s *Scope) *Tensor {
	h := g.alias()
	if p.create() {
		h.node, h.out, h.ver, h.scope = g.node, g.out, g.ver, g.scope
	} else {
		h.scope = s
	}
	return h
}
