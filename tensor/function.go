package tensor

import (
	"fmt"
	"slices"
)

// Function is an operation made of two Go functions, for gradients of one's own; PyTorch calls it autograd.Function.
// An operation with kernels of its own is an [Op]. Numbers and other attributes reach both functions as variables of the
// function around them.
type Function struct {
	// Name is how errors call it.
	Name string
	// Forward computes the results with tensor operations, which are not recorded, and keeps what Backward needs with c.Save.
	Forward func(c *FunctionCall, xs []*Tensor) []*Tensor
	// Backward returns the gradients of the operands, nil where there is none, given those of the results (zeros where
	// none arrived). Made of recorded operations on c.Saved and dys it has second derivatives.
	Backward func(c *FunctionCall, dys []*Tensor) []*Tensor
}

// FunctionCall is one use of a [Function].
type FunctionCall struct {
	noRule
	f       Function
	keep    []kept
	in, out []DType
	n       *Node // while Backward runs
}

type kept struct {
	t     *Tensor
	inner bool // an intermediate value
}

// Name is the function's.
func (c *FunctionCall) Name() string { return c.f.Name }

// Save keeps operands, results and intermediate values of Forward for Backward. Operands and results keep their
// history there, for second derivatives; an intermediate value has none, so a second derivative panics. Writing
// into a saved value before Backward makes Backward panic.
func (c *FunctionCall) Save(ts ...*Tensor) { c.save(ts, true) }

// SaveConst is Save for intermediate values that count as constants in second derivatives, such as masks and signs.
func (c *FunctionCall) SaveConst(ts ...*Tensor) { c.save(ts, false) }

func (c *FunctionCall) save(ts []*Tensor, inner bool) {
	for _, t := range ts {
		c.keep = append(c.keep, kept{t, inner})
	}
}

// Saved are the values kept by Save and SaveConst, in that order of calls.
func (c *FunctionCall) Saved() []*Tensor {
	out := make([]*Tensor, len(c.keep))
	for k, v := range c.keep {
		if v.inner {
			c.n.NoSecond("Save only operands and results, SaveConst for constants, or write it as a composite")
		}
		if out[k] = c.n.at(k); !c.n.create {
			out[k] = out[k].alias()
		}
	}
	return out
}

// Wants says whether the gradient of operand i is asked for.
func (c *FunctionCall) Wants(i int) bool { return c.n.Wants(i) }

// Apply runs a function of one result on xs.
func (f Function) Apply(xs ...*Tensor) *Tensor {
	ys := f.ApplyN(xs...)
	if len(ys) != 1 {
		Misuse(f.Name, fmt.Sprintf("Forward returned %d results", len(ys)), "use ApplyN", xs...)
	}
	return ys[0]
}

// ApplyN runs the function on xs and returns its results, recorded if one of xs is.
func (f Function) ApplyN(xs ...*Tensor) []*Tensor {
	c := &FunctionCall{f: f}
	in := make([]*Tensor, len(xs))
	someTensors(f.Name, xs)
	for i, x := range xs {
		in[i] = x.alias()
		in[i].ver = x.ver
		c.in = append(c.in, x.dt)
	}
	ys := f.Forward(c, in)
	for _, y := range ys {
		if y.node != nil {
			Misuse(f.Name, "Forward used a recorded value that is not an operand", "pass it to Apply, or Detach it", y)
		}
		c.out = append(c.out, y.dt)
	}
	return results(c, xs, ys, func(n *Node, hs []*Tensor) {
		for k := range c.keep {
			v := &c.keep[k]
			if i := slices.Index(in, v.t); i >= 0 {
				v.t, v.inner = xs[i], false
			} else if i := slices.Index(ys, v.t); i >= 0 {
				v.t, v.inner = hs[i], false
			}
			n.save(0, v.t)
			v.t = nil
		}
	})
}

// GradAll calls Backward.
func (c *FunctionCall) GradAll(n *Node, dys []*Tensor, want []bool) []*Tensor {
	c.n = n
	defer func() { c.n = nil }()
	all := slices.Clone(dys)
	for k, dy := range all {
		if dy == nil && c.out[k].IsFloat() {
			all[k] = ZerosOf(c.out[k], n.shape(k)...)
		}
	}
	gs := c.f.Backward(c, all)
	if len(gs) != len(want) {
		Misuse("backward of "+c.f.Name, fmt.Sprintf("%d gradients for %d operands", len(gs), len(want)), "nil stands for no gradient", gs...)
	}
	for i, g := range gs {
		if g != nil && want[i] && g.dt != c.in[i] {
			Misuse("backward of "+c.f.Name, "the gradient is "+g.dt.String()+", the operand "+c.in[i].String(), "use AsType", g)
		}
	}
	return gs
}
