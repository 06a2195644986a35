package tensor

import (
	"runtime"
	"slices"
	"sync"

	"github.com/fathom-ml/fathom/internal/kernel"
)

// Op is a differentiable operation. A value of the type is one use of it: its fields are the attributes. An operation
// is defined in one place: the type with these four methods, the function that calls [Do], and a [Register] line with
// samples for the generic tests. See the example of Do, and CONTRIBUTING.md.
type Op interface {
	// Name is how errors call the operation, e.g. "matmul".
	Name() string
	// Shape is the shape rule; it calls c.Fail on misuse.
	Shape(c *Call) []int
	// Run computes the result with kernels and says with the Save methods what Grad will need.
	Run(c *Call)
	// Grad is the gradient with respect to operand i, given the gradient dy of the result, in any shape that
	// broadcasts from the operand's: the engine sums over the broadcast axes. nil means no gradient.
	Grad(n *Node, i int, dy *Tensor) *Tensor
}

// AllGrads is implemented by an operation that computes the gradients of all its operands in one go, or has several
// outputs. dys holds one entry an output, nil where no gradient arrived; want says which operands are recorded.
type AllGrads interface {
	GradAll(n *Node, dys []*Tensor, want []bool) []*Tensor
}

// ResultType is implemented by an operation whose result has another dtype than its first operand.
type ResultType interface {
	ResultType(c *Call) DType
}

// Moves is embedded by an operation that only moves elements and takes every dtype as it is, or whose kernel takes
// halves (Float16, BFloat16). All others see halves as float32, and their float32 results are rounded to halves.
type Moves struct{}

func (Moves) moves() {}

// ResultTypes is implemented by an operation with several results of other dtypes than its first operand.
type ResultTypes interface {
	ResultTypes(c *Call) []DType
}

// Outputs is implemented by an operation with several results; Shape is not called.
type Outputs interface {
	Op
	AllGrads
	Shapes(c *Call) [][]int
}

// Call is one use of an operation while it runs: what Shape and Run of an [Op] see.
type Call struct {
	op      Op
	x       []*Tensor
	y       *Tensor
	ys      []*Tensor
	n       *Node
	dt      DType
	half    bool // an operand holds half floats
	same    bool // all operands have the result's shape
	xhome   [3]*Tensor
	dims    [8]int
	strides [3][8]int
}

// N is the number of operands.
func (c *Call) N() int { return len(c.x) }

// Operand is operand i.
func (c *Call) Operand(i int) *Tensor { return c.x[i] }

// In is the shape of operand i, not to be changed.
func (c *Call) In(i int) []int { return c.x[i].shape }

// X is the kernel's view of operand i.
func (c *Call) X(i int) kernel.View { return c.x[i].view() }

// Y is the kernel's view of the result.
func (c *Call) Y() kernel.View { return c.y.view() }

// YN is the view of output k of an operation with several.
func (c *Call) YN(k int) kernel.View { return c.ys[k].view() }

// Dev is the device that the operands live on.
func (c *Call) Dev() kernel.Device { return device }

// Recorded says whether Grad may be called later. Without it nothing need be saved.
func (c *Call) Recorded() bool { return c.n != nil }

// Dims builds the result of Shape without allocating. It is good for one shape a call.
func (c *Call) Dims(d ...int) []int { return append(c.dims[:0], d...) }

// XB is operand i stretched to the result's shape with zero strides (i < 3).
func (c *Call) XB(i int) kernel.View {
	v := c.x[i].view()
	if c.same {
		return v
	}
	shape := c.y.shape
	d := len(shape)
	if slices.Equal(v.Shape, shape) {
		return v
	}
	st := c.strides[i][:0]
	if d > len(c.strides[i]) {
		st = make([]int, 0, d)
	}
	lead := d - len(v.Shape)
	for k := range d {
		if k < lead || v.Shape[k-lead] == 1 {
			st = append(st, 0)
		} else {
			st = append(st, v.Strides[k-lead])
		}
	}
	v.Shape, v.Strides = shape, st
	return v
}

// Fail panics with an Error that names the operation and all operands' shapes.
// It has a result only so that shape rules can return it.
func (c *Call) Fail(msg, hint string) []int {
	Misuse(c.op.Name(), msg, hint, c.x...)
	return nil
}

// Real fails unless operand i holds real numbers, not bools.
func (c *Call) Real(i int) {
	if dt := c.x[i].dt; dt == Bool || dt.IsComplex() {
		c.Fail("wants real numbers, got "+dt.String(), "use AsType(tensor.Float32)")
	}
}

// SameDType fails unless all operands have one dtype.
func (c *Call) SameDType() {
	for _, x := range c.x[1:] {
		if x.dt != c.x[0].dt {
			c.Fail("dtypes differ: "+c.x[0].dt.String()+" and "+x.dt.String(), "use AsType")
		}
	}
}

// Float fails unless operand i holds floats.
func (c *Call) Float(i int) {
	if !c.x[i].dt.IsFloat() {
		c.Fail("wants floats, got "+c.x[i].dt.String(), "use AsType(tensor.Float32)")
	}
}

// Broadcast is the shape rule of elementwise operations: axes are aligned at
// the end, lengths must be equal or 1; other shapes Fail.
func (c *Call) Broadcast() []int {
	out := append(c.dims[:0], c.x[0].shape...)
	c.same = true
	for _, x := range c.x[1:] {
		if slices.Equal(out, x.shape) {
			continue
		}
		c.same = false
		for len(out) < len(x.shape) {
			out = slices.Insert(out, 0, 1)
		}
		lead := len(out) - len(x.shape)
		for k, d := range x.shape {
			switch o := out[lead+k]; {
			case o == d || d == 1:
			case o == 1:
				out[lead+k] = d
			default:
				return c.Fail("shapes do not broadcast", "lengths must be equal or 1, counted from the last axis")
			}
		}
	}
	return out
}

// SaveIn keeps operands for Grad, if anyone will ask.
func (c *Call) SaveIn(is ...int) {
	if c.n != nil {
		for _, i := range is {
			c.n.save(int8(i), c.x[i])
		}
	}
}

// SaveOut keeps the result for Grad.
func (c *Call) SaveOut() {
	if c.n != nil {
		c.n.save(keyOut, c.y)
	}
}

// SaveOuts keeps all results of an operation with several for Grad.
func (c *Call) SaveOuts() {
	if c.n != nil {
		for k, y := range c.ys {
			c.n.save(int8(keyOuts-k), y)
		}
	}
}

// Save keeps an internal value made with Scratch. Backward gives its memory back.
func (c *Call) Save(t *Tensor) {
	if c.n != nil {
		c.n.save(keyInternal, t)
	}
}

// Scratch is uninitialised memory that only this call knows.
func (c *Call) Scratch(dt DType, shape ...int) *Tensor {
	t, _ := alloc(shape, dt, c.result().scope, false)
	return t
}

// Drop gives the memory of a Scratch that was not saved back.
func (c *Call) Drop(t *Tensor) {
	if t.buf.home != nil {
		t.buf.release(&releaser{text: c.op.Name()})
	}
}

func (c *Call) result() *Tensor {
	if c.y != nil {
		return c.y
	}
	return c.ys[0]
}

var calls = sync.Pool{New: func() any { return new(Call) }}

func newCall(op Op, x []*Tensor) *Call {
	c := calls.Get().(*Call)
	c.op = op
	if len(x) <= len(c.xhome) {
		c.x = c.xhome[:len(x)]
		copy(c.x, x)
	} else {
		c.x = slices.Clone(x)
	}
	return c
}

func (c *Call) free() {
	for _, t := range c.x {
		runtime.KeepAlive(t) // a cleanup must not take the memory while the kernel runs
	}
	c.op, c.x, c.y, c.ys, c.n, c.xhome = nil, nil, nil, nil, nil, [3]*Tensor{}
	c.half, c.same = false, false
	calls.Put(c)
}

// prepare checks that the operands may be used; it returns whether the result is
// recorded and which scope it belongs to.
func (c *Call) prepare() (rec bool, s *Scope) {
	for _, x := range c.x {
		if x == nil {
			panic(&Error{Op: c.op.Name(), Msg: "an operand is nil"})
		}
		if x.buf.p == nil {
			panic(x.released(c.op.Name()))
		}
		if x.ver < x.buf.recVer {
			c.Fail("an operand was changed in place through another handle", "use the handle that was written to")
		}
		rec = rec || x.node != nil
		if x.scope != nil {
			if q := x.scope.open(); q != nil && (s == nil || q.depth > s.depth) {
				s = q
			}
		}
		if x.dt.IsHalf() {
			c.half = true
		}
	}
	c.dt = c.x[0].dt
	return rec, s
}

// link makes c.n the history of the outputs.
func (c *Call) link() {
	n := c.n
	n.op = c.op
	n.in = n.ins[:0]
	for _, x := range c.x {
		n.in = append(n.in, edge{x.node, x.out})
	}
	if watch.Load()&watchBirth != 0 {
		n.extra().site = outside()
	}
	if c.y != nil {
		n.setShapes(c.y)
		c.y.node = n
		return
	}
	n.setShapes(c.ys...)
	for k, y := range c.ys {
		if y.dt.IsFloat() {
			y.node, y.out = n, k
		}
	}
}

// Do runs op on at least one operand. With [DoN], the views and the in-place writes it is the only maker of results:
// it checks that operands are alive, decides about recording and scope, allocates, and links the graph.
func Do(op Op, x ...*Tensor) *Tensor {
	c := newCall(op, x)
	rec, s := c.prepare()
	if c.half {
		if half, ok := halves(op, x); ok {
			c.free()
			return rounded(Do(op, widened(x)...), half)
		}
	}
	shape := op.Shape(c)
	if oversized(shape) {
		checkShape(op.Name(), shape)
	}
	if r, ok := op.(ResultType); ok {
		c.dt = r.ResultType(c)
		rec = rec && c.dt.IsFloat()
	}
	c.y, c.n = alloc(shape, c.dt, s, rec)
	op.Run(c)
	if rec {
		c.link()
	}
	y := c.y
	if watch.Load()&watchBirth != 0 {
		c.findBirth(y)
	}
	c.free()
	return y
}

// DoN runs an operation with several results, all of the first operand's dtype unless it has [ResultTypes].
func DoN(op Outputs, x ...*Tensor) []*Tensor {
	c := newCall(op, x)
	rec, s := c.prepare()
	if c.half {
		if half, ok := halves(op, x); ok {
			c.free()
			ys := DoN(op, widened(x)...)
			for k, y := range ys {
				ys[k] = rounded(y, half)
			}
			return ys
		}
	}
	shapes := op.Shapes(c)
	for _, shape := range shapes {
		checkShape(op.Name(), shape)
	}
	var types []DType
	if r, ok := op.(ResultTypes); ok {
		types = r.ResultTypes(c)
	}
	for k, shape := range shapes {
		dt := c.dt
		if types != nil {
			dt = types[k]
		}
		y, _ := alloc(shape, dt, s, false)
		c.ys = append(c.ys, y)
	}
	if rec {
		c.n = new(Node)
	}
	op.Run(c)
	if rec {
		c.link()
	}
	ys := c.ys
	if watch.Load()&watchBirth != 0 {
		c.findBirth(ys...)
	}
	c.free()
	return ys
}

// halves says whether op must run on float32 copies of half operands, and which half its result is rounded to.
func halves(op Op, xs []*Tensor) (half DType, ok bool) {
	for _, x := range xs {
		if x != nil && x.dt.IsHalf() {
			half, ok = x.dt, true
		}
	}
	if !ok {
		return half, false
	}
	if _, native := op.(interface{ moves() }); native {
		return half, false
	}
	for _, x := range xs {
		if x != nil && x.dt != half && kindOf(x.dt) >= kindFloat {
			Misuse(op.Name(), "dtypes differ: "+half.String()+" and "+x.dt.String(), "use AsType", xs...)
		}
	}
	return half, true
}

func widened(xs []*Tensor) []*Tensor {
	out := make([]*Tensor, len(xs))
	for i, x := range xs {
		if out[i] = x; x != nil && x.dt.IsHalf() {
			out[i] = x.AsType(Float32)
		}
	}
	return out
}

func rounded(y *Tensor, half DType) *Tensor {
	if y.dt == Float32 {
		return y.AsType(half)
	}
	return y
}

// doView makes a second handle on x's memory and records it.
func doView(op Op, x *Tensor, shape, strides []int, off int) *Tensor {
	c := newCall(op, []*Tensor{x})
	rec, s := c.prepare()
	y := &Tensor{buf: x.buf, scope: s, off: x.off + off, ver: x.buf.ver, dt: x.dt}
	y.setShape(shape)
	if strides != nil {
		copy(y.strides, strides)
	}
	c.y = y
	if rec {
		c.n = new(Node)
		c.link()
	}
	c.free()
	return y
}

// Write changes x in place: run gets the views of x and of the operands ys after all checks. Nothing is recorded: a
// recorded operand panics, and so does a recorded x that is not a leaf (its history would be wrong).
func Write(op string, x *Tensor, ys []*Tensor, run func(d kernel.Device, x kernel.View, ys []kernel.View)) {
	views := make([]kernel.View, 0, len(ys)) // no memory for none
	for _, y := range ys {
		if y.buf.p == nil {
			panic(y.released(op))
		}
		if y.node != nil {
			Misuse(op, "in-place write of a recorded value", "Detach the value, or write out of place", append([]*Tensor{x}, ys...)...)
		}
		views = append(views, y.view())
	}
	if x.buf.p == nil {
		panic(x.released(op))
	}
	if x.node != nil && !x.IsLeaf() {
		Misuse(op, "in-place write into a recorded value", "Detach it first", append([]*Tensor{x}, ys...)...)
	}
	run(device, x.view(), views)
	x.written()
	for _, y := range ys {
		runtime.KeepAlive(y)
	}
}

// written notes a write through x.
func (t *Tensor) written() {
	t.buf.ver++
	t.ver = t.buf.ver
}
