package tensor

import (
	"math"

	"github.com/fathom-ml/fathom/internal/kernel"
)

// clip: x between bounds, which are the operands after it, each only if its field says so
type clip struct{ Lo, Hi bool }

func (clip) Name() string        { return "clip" }
func (clip) Shape(c *Call) []int { return binary{}.Shape(c) }
func (p clip) Run(c *Call) {
	x, y := c.XB(0), c.Y()
	if p.Lo {
		c.Dev().Binary(kernel.Maximum, y, x, c.XB(1))
		x = y
	}
	if p.Hi {
		c.Dev().Binary(kernel.Minimum, y, x, c.XB(c.N()-1))
	}
	for i := range c.N() {
		c.SaveIn(i)
	}
}

// Grad gives dy to the operand that the result came from; to x also where it lies on a bound.
func (p clip) Grad(n *Node, i int, dy *Tensor) *Tensor {
	x, last := n.In(0).Detach(), len(n.in)-1
	var from *Tensor
	and := func(q *Tensor) {
		if from == nil {
			from = q
		} else {
			from = from.Mul(q)
		}
	}
	switch {
	case i == 0:
		if p.Lo {
			and(x.Ge(n.In(1).Detach()))
		}
		if p.Hi {
			and(x.Le(n.In(last).Detach()))
		}
	case i == 1 && p.Lo:
		and(x.Lt(n.In(1).Detach()))
		if p.Hi {
			and(n.In(1).Detach().Lt(n.In(last).Detach()))
		}
	default:
		from = x.Gt(n.In(last).Detach())
		if p.Lo {
			from = from.Add(n.In(1).Detach().Gt(n.In(last).Detach()))
		}
	}
	return Where(from, dy, dy.like(0))
}

// Clip returns x with what is below lo set to lo and what is above hi set to hi; an infinite bound is none. NaN stays. The
// derivative is 1 inside and on the bounds, else 0.
func (x *Tensor) Clip(lo, hi float64) *Tensor {
	if least, most := limits(x.dt); kindOf(x.dt) == kindInt { // bounds that no element can pass
		if lo <= least {
			lo = math.Inf(-1)
		}
		if hi >= most {
			hi = math.Inf(1)
		}
	}
	var a, b *Tensor
	if !math.IsInf(lo, -1) {
		x = x.scalarHome(lo)
	}
	if !math.IsInf(hi, 1) {
		x = x.scalarHome(hi)
		b = x.like(hi)
	}
	if !math.IsInf(lo, -1) {
		a = x.like(lo)
	}
	return x.ClipTensor(a, b)
}

// ClipTensor is Clip between bounds that are tensors, broadcast; nil is no bound. Where lo > hi the result is hi.
func (x *Tensor) ClipTensor(lo, hi *Tensor) *Tensor {
	dt := x.dt
	for _, b := range []*Tensor{lo, hi} {
		if b != nil {
			dt = ResultTypeOf(x.AsType(dt), b)
		}
	}
	in := []*Tensor{x.AsType(dt)}
	for _, b := range []*Tensor{lo, hi} {
		if b != nil {
			in = append(in, b.AsType(dt))
		}
	}
	if len(in) == 1 {
		return x
	}
	return Do(clip{lo != nil, hi != nil}, in...)
}

var _ = Register(clip{},
	Case{Name: "numbers", F: func(in []*Tensor) *Tensor { return in[0].Clip(0.8, 1.5) }, In: [][]int{{2, 3}}},
	Case{Name: "tensors", F: func(in []*Tensor) *Tensor { return in[0].ClipTensor(in[1], in[2]) }, In: [][]int{{2, 4}, {4}, {2, 1}}},
	Case{Name: "upper", F: func(in []*Tensor) *Tensor { return in[0].ClipTensor(nil, in[1]) }, In: [][]int{{3}, {2, 1}}},
	Case{Name: "wrong", F: func(in []*Tensor) *Tensor { return in[0].ClipTensor(nil, in[1]) }, In: [][]int{{2, 3}, {2}}, Wrong: true})

// limits are the smallest and the largest finite number of a dtype.
func limits(dt DType) (lo, hi float64) {
	switch dt {
	case Float32:
		hi = math.MaxFloat32
	case Float64:
		hi = math.MaxFloat64
	case Float16:
		hi = 65504
	case BFloat16:
		hi = 0x1.fep127
	case Int32:
		return math.MinInt32, math.MaxInt32
	case Int64:
		return math.MinInt64, math.MaxInt64
	case Uint8:
		return 0, math.MaxUint8
	case Int8:
		return math.MinInt8, math.MaxInt8
	}
	return -hi, hi
}

// NanToNum replaces NaN, Inf and -Inf by the given numbers, in this order; the default is 0, the largest and the smallest finite
// number. What is replaced gets no gradient.
func (x *Tensor) NanToNum(by ...float64) *Tensor {
	if kindOf(x.dt) <= kindInt {
		return x
	}
	lo, hi := limits(x.dt)
	v := []float64{0, hi, lo}
	if copy(v, by) < len(by) {
		Misuse("nanToNum", "more than three numbers", "", x)
	}
	y := Where(x.IsNaN(), x.like(v[0]), x)
	y = Where(x.EqScalar(math.Inf(1)), x.like(v[1]), y)
	return Where(x.EqScalar(math.Inf(-1)), x.like(v[2]), y)
}

// IsNaN says which elements are not a number, as bools.
func (x *Tensor) IsNaN() *Tensor { return x.Ne(x) }

// IsInf says which elements are Inf or -Inf; of complex numbers, those with an infinite part.
func (x *Tensor) IsInf() *Tensor {
	if x.dt.IsComplex() {
		return x.Real().IsInf().LogicalOr(x.Imag().IsInf())
	}
	return x.EqScalar(math.Inf(1)).LogicalOr(x.EqScalar(math.Inf(-1)))
}

// IsFinite says which elements are neither infinite nor NaN.
func (x *Tensor) IsFinite() *Tensor { return x.IsNaN().LogicalOr(x.IsInf()).LogicalNot() }

// SignBit says which elements are negative, -0 among them.
func (x *Tensor) SignBit() *Tensor {
	if kindOf(x.dt) <= kindInt {
		return x.LtScalar(0)
	}
	return x.like(1).CopySign(x.Detach()).LtScalar(0)
}
