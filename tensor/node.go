package tensor

import "slices"

// edge leads to one output of a node; a nil node means: not recorded.
type edge struct {
	node *Node
	out  int
}

const (
	keyOut      = -1
	keyInternal = -2
	keyOuts     = -3 // and down
)

type saved struct {
	t   *Tensor
	ver uint32
	key int8
}

// Node is one recorded operation, as the method Grad of an [Op] sees it.
type Node struct {
	op     Op
	in     []edge
	ins    [3]edge // home of in
	sv     []saved
	svs    [2]saved // home of sv
	done   bool     // consumed by Backward
	mark   bool     // on the list of the running Backward
	create bool     // the running Backward records itself
	last   bool     // nobody reads the gradients of the results after its rule
	inside bool     // seen behind the results of a Checkpoint
	nd     int8
	dims   [4]int  // home of the shape up to 4 axes
	dy     *Tensor // pending gradient of output 0
	rare   *rare   // what few nodes have
}

// rare keeps nodes small: they are allocated with their results.
type rare struct {
	shapes [][]int   // of several outputs, or of one with many axes
	dys    []*Tensor // pending gradients of several outputs
	leaf   *Tensor   // set on leaves only
	grad   *Tensor
	fresh  bool // Backward wrote grad since the last FreshGrad
	hooks  []*hook
	site   string // the line that made it, if anyone watches
}

func (n *Node) extra() *rare {
	if n.rare == nil {
		n.rare = new(rare)
	}
	return n.rare
}

// Node is how x was computed; nil if x is not recorded.
func (x *Tensor) Node() *Node { return x.node }

// Name is the operation's.
func (n *Node) Name() string { return n.op.Name() }

// Operands are the nodes of the operands, nil where one is not recorded; none after Backward consumed the graph.
func (n *Node) Operands() []*Node {
	var out []*Node
	for _, e := range n.in {
		out = append(out, e.node)
	}
	return out
}

// Shapes are those of the results.
func (n *Node) Shapes() [][]int {
	if n.several() {
		return n.rare.shapes
	}
	return [][]int{slices.Clone(n.shape(0))}
}

// IsLeaf says whether the node stands for a leaf.
func (n *Node) IsLeaf() bool { return n.rare != nil && n.rare.leaf != nil }

// several says whether the node has more than one output.
func (n *Node) several() bool { return n.rare != nil && len(n.rare.shapes) > 1 }

// shape of output k. The node copies shapes: it must not hold the result.
func (n *Node) shape(k int) []int {
	if n.rare != nil && n.rare.shapes != nil {
		return n.rare.shapes[k]
	}
	return n.dims[:n.nd]
}

// setShapes notes the shapes of the outputs.
func (n *Node) setShapes(ys ...*Tensor) {
	if len(ys) == 1 && len(ys[0].shape) <= len(n.dims) {
		n.nd = int8(copy(n.dims[:], ys[0].shape))
		return
	}
	r := n.extra()
	for _, y := range ys {
		r.shapes = append(r.shapes, y.Shape())
	}
}

func (n *Node) save(key int8, t *Tensor) {
	if n.sv == nil {
		n.sv = n.svs[:0]
	}
	n.sv = append(n.sv, saved{t, t.buf.ver, key})
}

func (n *Node) get(key int8, skip int) *Tensor {
	for i := range n.sv {
		s := &n.sv[i]
		if s.key != key {
			continue
		}
		if skip > 0 {
			skip--
			continue
		}
		if t := n.at(i); n.create || t.node == nil {
			return t
		} else {
			return t.alias() // plain: rules must not record themselves
		}
	}
	panic(&Error{Op: "backward", Msg: n.op.Name() + " asks for a value that Run did not save"})
}

// at is the k-th saved value with its history, after the checks.
func (n *Node) at(k int) *Tensor {
	s := &n.sv[k]
	if s.t.buf.p == nil {
		panic(s.t.released("backward of " + n.op.Name()))
	}
	if s.t.buf.ver != s.ver {
		panic(&Error{Op: "backward", Msg: n.op.Name() + " needs a value that was overwritten in place",
			Shapes: [][]int{s.t.Shape()}, Hint: "Clone the value before writing"})
	}
	return s.t
}

// In is operand i, kept with SaveIn. It has its history only while the gradient itself is
// recorded. It panics if the operand was overwritten in place since.
func (n *Node) In(i int) *Tensor { return n.get(int8(i), 0) }

// Out is the result, kept with SaveOut; like In otherwise.
func (n *Node) Out() *Tensor { return n.get(keyOut, 0) }

// OutN is result k of an operation with several, kept with SaveOuts; like In otherwise.
func (n *Node) OutN(k int) *Tensor { return n.get(int8(keyOuts-k), 0) }

// Saved is the k-th internal value kept with Save. It has no history, so asking for it while the gradient itself is
// recorded panics: that operation has no second derivative; hint names the composite that has.
func (n *Node) Saved(k int, hint string) *Tensor {
	if n.create {
		panic(&Error{Op: n.op.Name(), Msg: "has no second derivative", Hint: hint})
	}
	return n.get(keyInternal, k)
}

// NoSecond panics if the gradient itself is being recorded; hint names the composite to use.
func (n *Node) NoSecond(hint string) {
	if n.create {
		panic(&Error{Op: n.op.Name(), Msg: "has no second derivative", Hint: hint})
	}
}

// Recording says whether the gradient itself is being recorded: then a rule must be made of recorded operations.
func (n *Node) Recording() bool { return n.create }

// Spare says whether a rule may write into dy, the gradient of a result: nobody reads it afterwards.
func (n *Node) Spare(dy *Tensor) bool {
	b := dy.buf
	return n.last && b.slots == 1 && b.home != nil && b.home.depth == temporary && !b.pinned.Load() && b.n == dy.Size()*dy.dt.Size() && dy.IsContiguous()
}

// InShape is the shape of operand i, which must be recorded.
func (n *Node) InShape(i int) []int {
	e := n.in[i]
	return e.node.shape(e.out)
}

// Wants says whether operand i is recorded, so that its gradient is asked for.
func (n *Node) Wants(i int) bool { return n.in[i].node != nil }

// consume drops links and saved values; internal ones go back to the pool at once.
func (n *Node) consume() {
	for _, s := range n.sv {
		if s.key == keyInternal && s.t.buf.slots == 0 && s.t.buf.home != nil {
			s.t.buf.release(&releaser{text: "backward of " + n.op.Name()})
		}
	}
	n.sv, n.svs, n.in, n.ins, n.done = nil, [2]saved{}, nil, [3]edge{}, true
}
