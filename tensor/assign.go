package tensor

import (
	"cmp"
	"fmt"
	"runtime"
	"slices"

	"github.com/fathom-ml/fathom/internal/kernel"
)

// assign: y = x with v written into a region, or added to it; x itself is the result.
type assign struct {
	viewOp
	rs   []Range
	add  bool
	name string // "": setSlice
}

func (p assign) Name() string { return cmp.Or(p.name, "setSlice") }
func (p assign) Grad(n *Node, i int, dy *Tensor) *Tensor {
	switch {
	case i == 1 && p.add:
		return dy.Slice(p.rs...)
	case i == 1:
		return p.winners(dy.Slice(p.rs...), dy.shape)
	case p.add:
		return dy
	}
	g := dy.Clone()
	g.SetSlice(dy.like(0), p.rs...)
	return g
}

// winners is the gradient g of the region with 0 for the elements that later ones of the same write replaced.
func (p assign) winners(g *Tensor, shape []int) *Tensor {
	if !slices.ContainsFunc(p.rs, func(r Range) bool { return r.kind == isArray && r.idx.dt != Bool && r.idx.Size() > 1 }) {
		return g
	}
	order, last := counting(g.Size()).Reshape(g.shape...), ZerosOf(Int64, shape...)
	last.SetSlice(order, p.rs...)
	return Where(last.Slice(p.rs...).Eq(order), g, g.like(0))
}

// SetSlice writes v, broadcast and converted to x's dtype, into what the entries take of x, as in Slice; without entries
// into all of x: x[...] = v in NumPy (2.1). v may overlap the region. Where index tensors name an element several times
// the last value stays, and only that one gets a gradient.
//
// If v or x is recorded, so is the write: x's history moves on, and every other handle on the memory becomes stale
// and panics when used as an operand. A leaf takes plain values only; that write is not recorded.
func (x *Tensor) SetSlice(v *Tensor, rs ...Range) { x.write(assign{rs: rs}, v) }

// AddAt adds v, broadcast and converted to x's dtype, to what the entries take of x, as in Slice. Elements that index
// tensors name several times get every addend (NumPy's add.at, PyTorch's index_put_ with accumulate): Y.AddAt(v, R(i, i+h),
// R(j, j+w)) is Y[i:i+h, j:j+w] += v (13.10). The rules of SetSlice hold.
func (x *Tensor) AddAt(v *Tensor, rs ...Range) {
	if x.dt.IsHalf() {
		x.inPlace("addAt", func(x *Tensor) *Tensor {
			w := x.AsType(Float32)
			w.AddAt(v, rs...)
			return w
		})
		return
	}
	x.write(assign{rs: rs, add: true, name: "addAt"}, v)
}

func (x *Tensor) write(op assign, v *Tensor) {
	x.noStretch(op.Name())
	if v.dt != x.dt {
		v = v.AsType(x.dt)
	}
	if v.buf == x.buf { // may overlap
		v = v.Clone()
	}
	op.rs = slices.Clone(op.rs)
	c := newCall(op, []*Tensor{x, v})
	rec, _ := c.prepare()
	if x.IsLeaf() {
		if v.node != nil {
			c.Fail("in-place write of a recorded value into a leaf", "Detach the value, or write out of place")
		}
		rec = false
	} else if rec && x.buf.leaf {
		c.Fail("recorded write into the memory of a leaf", "Detach both, or Clone the leaf first")
	}
	var g region
	var p picked
	arrays := hasArrays(op.rs)
	if arrays {
		for i, r := range op.rs {
			if r.kind == isArray && (rec || r.idx.buf == x.buf) {
				op.rs[i].idx = r.idx.Clone()
			}
		}
		p = x.picks(op.Name(), op.rs)
		g.shape = p.shape
	} else {
		g = resolveRegion(op.Name(), x.shape, x.strides, op.rs)
	}
	if b, ok := broadcastShapes(g.shape, v.shape); !ok || !slices.Equal(b, g.shape) {
		c.Fail(fmt.Sprintf("the value does not fit the region, whose shape is %v", g.shape), "shapes must be equal or broadcast")
	}
	if rec {
		c.op, c.n, c.y = op, new(Node), x
		c.link()
	}
	c.y = &Tensor{shape: g.shape} // XB stretches to the region
	value := c.XB(1)
	c.y = nil
	fold := kernel.Add
	if x.dt == Bool {
		fold = kernel.Or
	}
	switch {
	case arrays && op.add:
		device.ScatterFold(fold, p.base(x.Detach()).view(), p.rows(value), p.views()...)
	case arrays:
		device.Scatter(p.base(x.Detach()).view(), p.rows(value), p.views()...)
	case op.add:
		y := part(x.view(), g)
		device.Binary(fold, y, y, value)
	default:
		device.Copy(part(x.view(), g), value)
	}
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
	Case{Name: "arrays", F: func(in []*Tensor) *Tensor {
		y := in[0].Clone()
		y.SetSlice(in[1], Ints(1, 0, 1), R(1, 3))
		y.AddAt(in[1], Ints(0, 0, 1), R(1, 3))
		return y
	}, In: [][]int{{2, 4}, {3, 2}}},
	Case{Name: "mulAssign", F: func(in []*Tensor) *Tensor { y := in[0].MulScalar(2); y.MulAssign(in[1]); return y }, In: [][]int{{2, 3}, {3}}},
	Case{Name: "wrong", F: func(in []*Tensor) *Tensor { y := in[0].Clone(); y.SetSlice(in[1], I(0)); return y }, In: [][]int{{2, 4}, {3}}, Wrong: true})
