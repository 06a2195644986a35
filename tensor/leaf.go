package tensor

// leafOp stands in the graph for a value that was marked with RequireGrad.
type leafOp struct{}

func (leafOp) Name() string                     { return "leaf" }
func (leafOp) Shape(*Call) []int                { return nil }
func (leafOp) Run(*Call)                        {}
func (leafOp) Grad(*Node, int, *Tensor) *Tensor { return nil }

// RequireGrad marks x as a leaf: operations on it are recorded from now on and Backward fills its gradient, which is
// zero until then (2.5). It returns x. A leaf stays as it is, its gradient too. It panics if x is the result of a
// recorded operation or does not hold floats.
func (x *Tensor) RequireGrad() *Tensor {
	if x.node != nil {
		hint := "Detach it to make a leaf of its value"
		if x.IsLeaf() {
			return x
		}
		Misuse("requireGrad", "the value is the result of a recorded operation", hint, x)
	}
	if !x.dt.IsFloat() {
		Misuse("requireGrad", "only floats have gradients, not "+x.dt.String(), "use AsType(tensor.Float32)", x)
	}
	if x.buf.p == nil {
		panic(x.released("requireGrad"))
	}
	n := &Node{op: leafOp{}, rare: &rare{leaf: x}}
	n.setShapes(x)
	x.node = n
	x.buf.leaf = true
	return x
}

// IsLeaf says whether x was marked with RequireGrad.
func (x *Tensor) IsLeaf() bool { return x.node != nil && x.node.IsLeaf() }

// Recorded says whether operations on x are recorded: x is a leaf or was computed from one.
func (x *Tensor) Recorded() bool { return x.node != nil }

// Detach returns a handle on the same memory that is not recorded: gradients do
// not flow through it (2.5). It is not a copy; writing into it changes x.
func (x *Tensor) Detach() *Tensor { return x.alias() }

// Grad is the gradient of a leaf: zeros before the first Backward, then what the last one wrote, in
// the same memory for life (only Backward with Create replaces it). It panics if x is not a leaf.
func (x *Tensor) Grad() *Tensor {
	if !x.IsLeaf() {
		hint := "call RequireGrad on it before computing with it"
		if x.node != nil {
			hint = "it is the result of an operation; write parameters in place, e.g. w.AddScaled(-lr, w.Grad())"
		}
		Misuse("grad", "not a leaf", hint, x)
	}
	return x.node.gradient(x.dt)
}

func (n *Node) gradient(dt DType) *Tensor {
	r := n.rare
	if r.grad == nil {
		g, _ := alloc(n.shape(0), dt, nil, false)
		r.grad = g.clear()
	}
	return r.grad
}

// ZeroGrad sets the gradient of a leaf to zero. Only sums of several Backward calls, made with Accumulate, need it.
func (x *Tensor) ZeroGrad() {
	g := x.Grad()
	device.Fill(g.view(), 0)
	g.written()
}

// FreshGrad says whether Backward wrote the gradient since the last call of
// FreshGrad. Optimizers read it to skip parameters that were not used.
func (x *Tensor) FreshGrad() bool {
	if !x.IsLeaf() {
		return false
	}
	f := x.node.rare.fresh
	x.node.rare.fresh = false
	return f
}
