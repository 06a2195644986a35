package nnop

import (
	"fmt"
	"math"
	"slices"

	"github.com/fathom-ml/fathom/internal/kernel"
	"github.com/fathom-ml/fathom/tensor"
)

// AttentionOptions says how [Attention] weighs and which keys a query sees; the zero value: all of them.
type AttentionOptions struct {
	// Scale multiplies the scores; 0 stands for 1/sqrt(D).
	Scale float64
	// Causal lets query i see the keys 0 to i.
	Causal bool
	// Lengths, int32 or int64, is how many keys may be seen: [B], one number for each entry of the first axis of q, or
	// [B, Lq], one for each query of it.
	Lengths *tensor.Tensor
	// Mask broadcasts to [..., Lq, Lk]. A mask of bools is true for the keys that are seen; a mask of floats, of q's
	// dtype, is added to the scores, and has a gradient.
	Mask *tensor.Tensor
	// Dropout is the probability with which a weight is set to 0, the others being divided by 1-Dropout. Which ones
	// follows from Key and the place of the weight in [..., Lq, Lk], as in [Dropout].
	Dropout float64
	Key     uint64
}

// attention: y = softmax(scale q kᵀ + mask) v
type attention struct {
	Spec    kernel.Attention
	Merged  bool // the result lies in memory as [..., Lq, heads, Dv]
	Mask    int  // which operand it is, or 0
	Lengths int
}

func (attention) Name() string { return "attention" }

func (p attention) Shape(c *tensor.Call) []int {
	q, k, v := c.In(0), c.In(1), c.In(2)
	n := len(q) - 2
	for i := range 3 {
		if c.Float(i); c.Operand(i).DType() != c.Operand(0).DType() {
			return c.Fail("dtypes differ: "+c.Operand(0).DType().String()+" and "+c.Operand(i).DType().String(), "use AsType")
		}
	}
	if n < 0 || len(k) != n+2 || len(v) != n+2 || !slices.Equal(q[:n], k[:n]) || !slices.Equal(q[:n], v[:n]) ||
		q[n+1] != k[n+1] || k[n] != v[n] {
		return c.Fail("wants q [..., Lq, D], k [..., Lk, D] and v [..., Lk, Dv]", "the axes before are equal; Expand stretches them")
	}
	if q[n+1] == 0 {
		return c.Fail("queries and keys are empty vectors", "")
	}
	if p.Mask > 0 {
		m, dt := c.In(p.Mask), c.Operand(p.Mask).DType()
		if dt != tensor.Bool && dt != c.Operand(0).DType() {
			return c.Fail("the mask must hold bools or "+c.Operand(0).DType().String()+", not "+dt.String(), "use AsType")
		}
		for i := range m {
			whole := k[n] // of the last axis
			if d := i + len(q) - len(m); d < 0 {
				whole = 1
			} else if d <= n {
				whole = q[d]
			}
			if m[i] != 1 && m[i] != whole {
				return c.Fail("the mask does not broadcast to [..., Lq, Lk]", "")
			}
		}
		if len(m) > len(q) {
			return c.Fail("the mask has more axes than q", "")
		}
	}
	if p.Lengths > 0 {
		l, dt := c.In(p.Lengths), c.Operand(p.Lengths).DType()
		if dt != tensor.Int32 && dt != tensor.Int64 {
			return c.Fail("the lengths must be int32 or int64, not "+dt.String(), "use AsType(tensor.Int32)")
		}
		if n == 0 || !slices.Equal(l, q[:1]) && !slices.Equal(l, []int{q[0], q[n]}) {
			return c.Fail("the lengths must be [B] or [B, Lq], B the first axis of q", "")
		}
	}
	y := append(c.Dims(q[:n+1]...), v[n+1])
	if p.Merged {
		y[n-1], y[n] = y[n], y[n-1]
	}
	return y
}

func (p attention) Run(c *tensor.Call) {
	n := len(c.In(0)) - 1
	var lse kernel.View
	if c.Recorded() {
		t := c.Scratch(c.Operand(0).DType(), c.In(0)[:n]...)
		lse = t.View()
		c.Save(t)
		c.SaveIn(0, 1, 2)
		for _, i := range []int{p.Mask, p.Lengths} {
			if i > 0 {
				c.SaveIn(i)
			}
		}
		c.SaveOut()
	}
	y := c.Y()
	if p.Merged {
		y = swapped(y)
	}
	var mask, lengths *tensor.Tensor
	if p.Mask > 0 {
		mask = c.Operand(p.Mask)
	}
	if p.Lengths > 0 {
		lengths = c.Operand(p.Lengths)
	}
	q := c.X(0)
	c.Dev().Attention(p.Spec, y, lse, q, c.X(1), c.X(2), maskView(mask, q.Shape, c.In(1)[n-1]), lengthsView(lengths, q.Shape))
}

// swapped is v with the axes of heads and queries exchanged.
func swapped(v kernel.View) kernel.View {
	v.Shape, v.Strides = slices.Clone(v.Shape), slices.Clone(v.Strides)
	n := len(v.Shape) - 2
	v.Shape[n-1], v.Shape[n] = v.Shape[n], v.Shape[n-1]
	v.Strides[n-1], v.Strides[n] = v.Strides[n], v.Strides[n-1]
	return v
}

// merged says whether x lies in memory with the heads of a query side by side, as when one linear map made all heads.
func merged(x *tensor.Tensor) bool {
	n := x.NDim() - 2
	if n < 1 {
		return false
	}
	v := x.View()
	return v.Shape[n-1] > 1 && v.Shape[n] > 1 && v.Strides[n-1] > 0 && v.Strides[n-1] < v.Strides[n]
}

// maskView is the mask stretched to a number for each pair of a query and a key.
func maskView(m *tensor.Tensor, q []int, lk int) kernel.View {
	if m == nil {
		return kernel.View{}
	}
	v := m.View()
	n := len(q)
	strides := make([]int, n)
	for i, d := range v.Shape {
		if d > 1 {
			strides[n-len(v.Shape)+i] = v.Strides[i]
		}
	}
	v.Shape, v.Strides = append(slices.Clone(q[:n-1]), lk), strides
	return v
}

// lengthsView is the lengths stretched to a number for each query.
func lengthsView(l *tensor.Tensor, q []int) kernel.View {
	if l == nil {
		return kernel.View{}
	}
	v := l.View()
	n := len(q) - 1
	strides := make([]int, n)
	strides[0] = v.Strides[0]
	if len(v.Shape) == 2 {
		strides[n-1] = v.Strides[1]
	}
	v.Shape, v.Strides = q[:n], strides
	return v
}

const attentionHint = "write it as Softmax(q.MatMul(k.SwapAxes(-1, -2)).MulScalar(scale)).MatMul(v)"

func (p attention) Grad(*tensor.Node, int, *tensor.Tensor) *tensor.Tensor { return nil }

func (p attention) GradAll(n *tensor.Node, dys []*tensor.Tensor, want []bool) []*tensor.Tensor {
	lse := n.Saved(0, attentionHint)
	g := attentionGrad{attention: p}
	in := []*tensor.Tensor{n.In(0), n.In(1), n.In(2)}
	for _, i := range []int{p.Mask, p.Lengths} {
		if i > 0 {
			in = append(in, n.In(i))
		}
	}
	for i := range in {
		if want[i] {
			g.of = append(g.of, i)
			g.merged = append(g.merged, i < 3 && merged(in[i]))
		}
	}
	out := make([]*tensor.Tensor, len(want))
	for k, d := range tensor.DoN(g, append(in, dys[0], n.Out(), lse)...) {
		if g.merged[k] {
			d = d.SwapAxes(-2, -3)
		}
		out[g.of[k]] = d
	}
	return out
}

// attentionGrad makes the gradients of the operands that want one.
type attentionGrad struct {
	attention
	of     []int // the operands
	merged []bool
}

func (attentionGrad) Name() string { return "attentionGrad" }

func (g attentionGrad) Shapes(c *tensor.Call) [][]int {
	var out [][]int
	for k, i := range g.of {
		s := slices.Clone(c.In(i))
		if n := len(s) - 2; i == 3 {
			s = append(slices.Clone(c.In(0)[:len(c.In(0))-1]), c.In(1)[len(c.In(1))-2])
		} else if g.merged[k] {
			s[n-1], s[n] = s[n], s[n-1]
		}
		out = append(out, s)
	}
	return out
}

func (g attentionGrad) Run(c *tensor.Call) {
	var d [4]kernel.View
	for k, i := range g.of {
		if d[i] = c.YN(k); g.merged[k] {
			d[i] = swapped(d[i])
		}
	}
	last := c.N() - 3 // dy, y and lse
	dy, y := c.X(last), c.X(last+1)
	if g.Merged {
		dy, y = swapped(dy), swapped(y)
	}
	var mask, lengths *tensor.Tensor
	if g.Mask > 0 {
		mask = c.Operand(g.Mask)
	}
	if g.Lengths > 0 {
		lengths = c.Operand(g.Lengths)
	}
	q := c.X(0)
	c.Dev().AttentionGrad(g.Spec, d[0], d[1], d[2], d[3], dy, y, c.X(last+2), q, c.X(1), c.X(2),
		maskView(mask, q.Shape, c.In(1)[len(q.Shape)-2]), lengthsView(lengths, q.Shape))
}

// Attention returns softmax(scale q kᵀ + mask) v, scaled dot-product attention (10.3; Vaswani et al., 2017, 3.2.1). Shapes: q
// [..., Lq, D], k [..., Lk, D], v [..., Lk, Dv], equal in the axes before, which are examples and heads; the result is
// [..., Lq, Dv]. Strides may be any: heads that were split off by a transposed view are not copied, and the result then lies in
// memory so that merging them again is a view as well.
//
// The scores are made in blocks and never held as a whole; the gradient makes them again (Dao et al., 2022). A query that sees
// no key at all has the result 0. (The book's masked softmax, which sets the scores of hidden keys to -1e6, gives the mean
// of all values there: a Mask of floats with that number in the place of Lengths does the same.)
//
// It panics with the shapes if they do not fit, and unless 0 <= Dropout <= 1. It has no second derivative:
// Softmax(q.MatMul(k.SwapAxes(-1, -2)).MulScalar(scale)).MatMul(v) has.
func Attention(q, k, v *tensor.Tensor, o AttentionOptions) *tensor.Tensor {
	if !(o.Dropout >= 0 && o.Dropout <= 1) {
		tensor.Misuse("attention", fmt.Sprintf("the probability %v is not in [0, 1]", o.Dropout), "", q, k, v)
	}
	p := attention{Spec: kernel.Attention{Scale: o.Scale, Causal: o.Causal, Drop: o.Dropout, Key: o.Key}}
	if o.Scale == 0 && q.NDim() > 0 {
		p.Spec.Scale = 1 / math.Sqrt(float64(max(1, q.Dim(-1))))
	}
	p.Merged = merged(q)
	in := append(make([]*tensor.Tensor, 0, 5), q, k, v)
	if o.Mask != nil {
		p.Mask = len(in)
		in = append(in, o.Mask)
	}
	if o.Lengths != nil {
		p.Lengths = len(in)
		in = append(in, o.Lengths)
	}
	y := tensor.Do(p, in...)
	if p.Merged {
		y = y.SwapAxes(-2, -3)
	}
	return y
}

func attentionCase(name string, o AttentionOptions, in ...[]int) tensor.Case {
	return tensor.Case{Name: name, F: func(in []*tensor.Tensor) *tensor.Tensor {
		o := o
		if len(in) > 3 {
			o.Mask = in[3]
		}
		return Attention(in[0], in[1], in[2], o)
	}, In: in, Once: true}
}

func wrong(c tensor.Case) tensor.Case {
	c.Once, c.Wrong = false, true
	return c
}

var _ = tensor.Register(attention{},
	attentionCase("plain", AttentionOptions{}, []int{2, 3, 4}, []int{2, 5, 4}, []int{2, 5, 2}),
	attentionCase("causal", AttentionOptions{Causal: true, Scale: 0.7}, []int{2, 2, 3, 2}, []int{2, 2, 3, 2}, []int{2, 2, 3, 2}),
	attentionCase("lengths", AttentionOptions{Lengths: tensor.Of([]int32{2, 4})}, []int{2, 3, 2}, []int{2, 4, 2}, []int{2, 4, 2}),
	attentionCase("mask", AttentionOptions{}, []int{2, 3, 2}, []int{2, 4, 2}, []int{2, 4, 2}, []int{3, 4}),
	attentionCase("dropout", AttentionOptions{Dropout: 0.3, Key: 5}, []int{2, 3, 2}, []int{2, 4, 2}, []int{2, 4, 2}),
	tensor.Case{Name: "heads", Once: true, F: func(in []*tensor.Tensor) *tensor.Tensor {
		return Attention(in[0].SwapAxes(1, 2), in[1].SwapAxes(1, 2), in[2].SwapAxes(1, 2), AttentionOptions{})
	}, In: [][]int{{2, 3, 2, 3}, {2, 4, 2, 3}, {2, 4, 2, 2}}},
	wrong(attentionCase("axes", AttentionOptions{}, []int{2, 3, 4}, []int{2, 5, 3}, []int{2, 5, 2})),
	wrong(attentionCase("empty", AttentionOptions{}, []int{2, 3, 0}, []int{2, 5, 0}, []int{2, 5, 2})),
	wrong(attentionCase("keys", AttentionOptions{}, []int{2, 3, 4}, []int{2, 5, 4}, []int{2, 4, 2})),
	wrong(attentionCase("mask", AttentionOptions{}, []int{2, 3, 4}, []int{2, 5, 4}, []int{2, 5, 2}, []int{3, 4})),
	wrong(attentionCase("lengths", AttentionOptions{Lengths: tensor.Of([]int32{1, 2, 3})}, []int{2, 3, 4}, []int{2, 5, 4}, []int{2, 5, 2})))
