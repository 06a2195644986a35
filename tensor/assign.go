package tensor

import (
	"fmt"
	"runtime"
	"slices"

	"github.com/fathom-ml/fathom/internal/kernel"
)

// assign: y = x with v written into a region; x itself is the result.
type assign struct{ rs []Range }

func (assign) Name() string { return "setSlice" }
func (assign) Run(*Call)    {}
func (p assign) Shape(c *Call) []int {
	x := c.x[0]
	g := resolveRegion("setSlice", x.shape, x.strides, p.rs)
	if b, ok := broadcastShapes(g.shape, c.x[1].shape); !ok || !slices.Equal(b, g.shape) {
		c.Fail(fmt.Sprintf("the value does not fit the region, whose shape is %v", g.shape), "shapes must be equal or broadcast")
	}
	return g.shape
}
func (p assign) Grad(n *Node, i int, dy *Tensor) *Tensor {
	if i == 1 {
		return dy.Slice(p.rs...)
	}
	g := dy.Clone()
	g.SetSlice(dy.like(0), p.rs...)
	return g
}

// SetSlice writes v, broadcast and converted to x's dtype, into the region that
// the ranges take of x, as Slice takes it; without ranges into all of x (NumPy's x[...] = v) (2.1). v may
// overlap the region.
//
// If v or x is recorded, so is the write: x's history moves on, and every other
// handle on the memory becomes stale and panics when used as an operand. A leaf
// takes plain values only; that write is not recorded.
func (x *Tensor) SetSlice(v *Tensor, rs ...Range) {
	x.noStretch("setSlice")
	if v.dt != x.dt {
		v = v.AsType(x.dt)
	}
	if v.buf == x.buf { // may overlap
		v = v.Clone()
	}
	op := assign{slices.Clone(rs)}
	c := newCall(op, []*Tensor{x, v})
	rec, _ := c.prepare()
	op.Shape(c)
	if x.IsLeaf() {
		if v.node != nil {
			c.Fail("in-place write of a recorded value into a leaf", "Detach the value, or write out of place")
		}
		rec = false
	} else if rec && x.buf.leaf {
		c.Fail("recorded write into the memory of a leaf", "Detach both, or Clone the leaf first")
	}
	if rec {
		c.n = new(Node)
		c.y = x
		c.link()
		c.y = nil
	}
	g := resolveRegion("setSlice", x.shape, x.strides, rs)
	y := &Tensor{shape: g.shape}
	c.y = y // XB stretches to the region
	device.Copy(part(x.view(), g), c.XB(1))
	c.y = nil
	x.written()
	if rec {
		x.buf.recVer = x.ver
	}
	c.free()
	runtime.KeepAlive(v)
}

// noStretch refuses writes through stretched axes.
func (x *Tensor) noStretch(op string) {
	for i, d := range x.shape {
		if d > 1 && x.strides[i] == 0 && x.Size() > 0 {
			Misuse(op, "cannot write into an expanded view", "Clone it first", x)
		}
	}
}

// FillSlice writes v into every element of the region that the ranges take (x[0:2, :] = 12) (2.1). It
// panics if x holds integers and v is a fraction.
func (x *Tensor) FillSlice(v float64, rs ...Range) {
	x.wantInt("fillSlice", v)
	x.SetSlice(x.like(v), rs...)
}

// CopyFrom writes y into x, broadcast and converted: z[:] = y (2.1).
func (x *Tensor) CopyFrom(y *Tensor) { x.SetSlice(y) }

// Fill writes v into every element.
func (x *Tensor) Fill(v float64) { x.FillSlice(v) }

// clear zeroes fresh memory.
func (x *Tensor) clear() *Tensor {
	device.Fill(x.view(), 0)
	return x
}

// inPlace replaces x by f(x): directly if nothing is recorded, else through a copy of x
// so that the gradient still finds the old value.
func (x *Tensor) inPlace(op string, f func(x *Tensor) *Tensor) {
	old := x
	if x.node != nil && !x.IsLeaf() {
		old = x.Clone()
	} else if x.node != nil {
		old = x.Detach()
	}
	y := f(old)
	if kindOf(y.dt) > kindOf(x.dt) {
		Misuse(op, "the result is "+y.dt.String()+" and does not fit "+x.dt.String(), "use AsType, or compute out of place", x)
	}
	x.SetSlice(y)
}

// AddAssign writes x + y into x (x += y) (2.1). y is broadcast to x's shape. Like all
// in-place forms it keeps x's memory, follows the rules of SetSlice, and panics if the result does not fit x's dtype, as
// that of an integer and a float.
func (x *Tensor) AddAssign(y *Tensor) {
	x.inPlace("addAssign", func(x *Tensor) *Tensor { return x.Add(y) })
}

// SubAssign writes x - y into x (x -= y).
func (x *Tensor) SubAssign(y *Tensor) {
	x.inPlace("subAssign", func(x *Tensor) *Tensor { return x.Sub(y) })
}

// MulAssign writes x * y into x (x *= y).
func (x *Tensor) MulAssign(y *Tensor) {
	x.inPlace("mulAssign", func(x *Tensor) *Tensor { return x.Mul(y) })
}

// DivAssign writes x / y into x (x /= y). It panics if x holds integers: their quotient is a float.
func (x *Tensor) DivAssign(y *Tensor) {
	x.inPlace("divAssign", func(x *Tensor) *Tensor { return x.Div(y) })
}

// MulScalarAssign writes x * v into x.
func (x *Tensor) MulScalarAssign(v float64) {
	x.inPlace("mulScalarAssign", func(x *Tensor) *Tensor { return x.MulScalar(v) })
}

// AddScaled adds a*y to x in one pass without recording: the update of a
// parameter is w.AddScaled(-lr, w.Grad()) (3.2). Shapes must be equal and hold floats of one dtype.
// It panics if y is recorded or x is recorded and not a leaf.
func (x *Tensor) AddScaled(a float64, y *Tensor) {
	if !slices.Equal(x.shape, y.shape) || x.dt != y.dt || !x.dt.IsFloat() {
		Misuse("addScaled", "wants floats of one shape and dtype", "", x, y)
	}
	x.noStretch("addScaled")
	if x.dt.IsHalf() {
		w := x.Detach().AsType(Float32)
		w.AddScaled(a, y.AsType(Float32))
		x.CopyFrom(w)
		return
	}
	Write("addScaled", x, []*Tensor{y}, func(d kernel.Device, x kernel.View, ys []kernel.View) { d.AddScaled(x, ys[0], a) })
}

// Zero sets every element to 0.
func (x *Tensor) Zero() { x.Fill(0) }

var _ = Register(assign{},
	Case{Name: "value", F: func(in []*Tensor) *Tensor { y := in[0].Clone(); y.SetSlice(in[1], All, R(1, 3)); return y }, In: [][]int{{2, 4}, {2}}},
	Case{Name: "mulAssign", F: func(in []*Tensor) *Tensor { y := in[0].MulScalar(2); y.MulAssign(in[1]); return y }, In: [][]int{{2, 3}, {3}}},
	Case{Name: "wrong", F: func(in []*Tensor) *Tensor { y := in[0].Clone(); y.SetSlice(in[1], I(0)); return y }, In: [][]int{{2, 4}, {3}}, Wrong: true})
