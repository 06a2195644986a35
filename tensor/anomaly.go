package tensor

import (
	"fmt"
	"math"
	"slices"
	"sync/atomic"
)

// DetectAnomaly turns the search for the birth of NaN and infinity on or off, for the whole process. While it is on, an
// operation that makes one of finite operands panics with its name, the shapes and the line that
// called it; so does Backward where a gradient rule makes one of a finite gradient, with the line of the
// operation whose rule it is, if that was recorded while the search was on. Operations that only move elements (a mask
// filled with -inf) are not accused, nor are the operations inside a gradient rule, only what the rule
// returns; forward computations of other goroutines are not watched meanwhile. Every result is read once more, so it
// is for hunts only; while it is off it costs nothing.
func DetectAnomaly(on bool) { watchFor(watchBirth, on) }

// quiet counts the gradient rules that are running.
var quiet atomic.Int32

// findBirth panics if a result is not finite although the operands are.
func (c *Call) findBirth(ys ...*Tensor) {
	if _, moves := c.op.(interface{ moves() }); moves || quiet.Load() > 0 {
		return
	}
	for _, y := range ys {
		if bad := notFinite(y); bad != "" && !slices.ContainsFunc(c.x, func(x *Tensor) bool { return notFinite(x) != "" }) {
			Misuse(c.op.Name(), bad+" was born here, from finite operands", "called at "+outside(), c.x...)
		}
	}
}

// findBirth panics if g, which the rule of n made of dys, is not finite although they are.
func (n *Node) findBirth(g *Tensor, dys []*Tensor) {
	bad := notFinite(g)
	if bad == "" || slices.ContainsFunc(dys, func(d *Tensor) bool { return d != nil && notFinite(d) != "" }) {
		return
	}
	e := &Error{Op: "backward of " + n.op.Name(), Msg: bad + " was born here, from a finite gradient"}
	for i := range n.in {
		if n.Wants(i) {
			e.Shapes = append(e.Shapes, slices.Clone(n.InShape(i)))
		}
	}
	if n.rare != nil && n.rare.site != "" {
		e.Hint = "the operation was called at " + n.rare.site
	}
	panic(e)
}

// notFinite describes the first element that is NaN or infinite; "" if there is none.
func notFinite(x *Tensor) string {
	if !x.dt.IsFloat() {
		return ""
	}
	for i, v := range x.Float64s() {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return fmt.Sprintf("%v (element %d of %d)", v, i, x.Size())
		}
	}
	return ""
}
