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
	nd     int8
	dims   [4]int  // home of the shape up to 4 axes
	more   []int   // the shape of more axes
	shapes [][]int // of several outputs
	dy     *Tensor // pending gradient of output 0
	dys    []*Tensor

	leaf  *Tensor // set on leaves only
	grad  *Tensor
	fresh bool // Backward wrote grad since the last FreshGrad
}

// shape of output k. The node copies shapes: it must not hold the result.
func (n *Node) shape(k int) []int {
	switch {
	case n.shapes != nil:
		return n.shapes[k]
	case n.more != nil:
		return n.more
	}
	return n.dims[:n.nd]
}

func (n *Node) setShape(s []int) {
	if len(s) > len(n.dims) {
		n.more = slices.Clone(s)
		return
	}
	n.nd = int8(copy(n.dims[:], s))
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
		if s.t.buf.p == nil {
			panic(s.t.released("backward of " + n.op.Name()))
		}
		if s.t.buf.ver != s.ver {
			panic(&Error{Op: "backward", Msg: n.op.Name() + " needs a value that was overwritten in place",
				Shapes: [][]int{s.t.Shape()}, Hint: "Clone the value before writing"})
		}
		if n.create || s.t.node == nil {
			return s.t
		}
		return s.t.alias() // plain: rules must not record themselves
	}
	panic(&Error{Op: "backward", Msg: n.op.Name() + " asks for a value that Run did not save"})
}

// In is operand i, kept with SaveIn. It has its history only while the gradient itself is
// recorded. It panics if the operand was overwritten in place since.
func (n *Node) In(i int) *Tensor { return n.get(int8(i), 0) }

// Out is the result, kept with SaveOut; like In otherwise.
func (n *Node) Out() *Tensor { return n.get(keyOut, 0) }

// OutN is result k of an operation with several, kept with SaveOuts; like In otherwise.
func (n *Node) OutN(k int) *Tensor { return n.get(int8(keyOuts-k), 0) }

// Saved is the k-th internal value kept with Save. It has no history, so asking
// for it while the gradient itself is recorded panics: that operation has no
// second derivative; hint names the composite that has.
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

// Recording says whether the gradient itself is being recorded: then a rule must
// be made of recorded operations.
func (n *Node) Recording() bool { return n.create }

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
			s.t.buf.release("backward of " + n.op.Name())
		}
	}
	n.sv, n.svs, n.in, n.ins, n.done = nil, [2]saved{}, nil, [3]edge{}, true
}
