package nn

import (
	"fmt"

	"github.com/fathom-ml/fathom/tensor"
	"github.com/fathom-ml/fathom/tensor/nnop"
)

// MultiHeadAttention is attention by several heads (10.5; Vaswani et al., 2017): queries, keys and values are mapped to Units
// numbers each, which are cut among the heads; the results of the heads, side by side, are mapped once more.
//
//	head[i] = softmax(q[i] k[i]ᵀ / sqrt(Units/Heads)) v[i],  y = [head[0], ..., head[Heads-1]] W_oᵀ
type MultiHeadAttention struct {
	Units, Heads           int
	P                      float64 // probability with which a weight is dropped while training
	Query, Key, Value, Out *Dense
}

// AttentionOption is an option of [NewMultiHeadAttention]: [NoBias].
type AttentionOption interface{ attention(l *MultiHeadAttention) }

func (noBias) attention(l *MultiHeadAttention) {
	for _, d := range []*Dense{l.Query, l.Key, l.Value, l.Out} {
		d.Bias = nil
	}
}

// NewMultiHeadAttention returns a layer of the given width and number of heads; dropout is the probability with which a weight
// is dropped. It panics unless units is a positive multiple of heads and 0 <= dropout <= 1.
func NewMultiHeadAttention(units, heads int, dropout float64, opts ...AttentionOption) *MultiHeadAttention {
	if heads < 1 || units < 1 || units%heads != 0 {
		panic(&tensor.Error{Op: "nn.NewMultiHeadAttention", Msg: fmt.Sprintf("%d units cannot be cut among %d heads", units, heads)})
	}
	if !(dropout >= 0 && dropout <= 1) {
		panic(&tensor.Error{Op: "nn.NewMultiHeadAttention", Msg: fmt.Sprintf("the probability %v is not in [0, 1]", dropout)})
	}
	dense := func() *Dense { return NewDense(units, KeepAxes) }
	l := &MultiHeadAttention{Units: units, Heads: heads, P: dropout, Query: dense(), Key: dense(), Value: dense(), Out: dense()}
	for _, o := range opts {
		o.attention(l)
	}
	return l
}

// Forward maps queries [n, q, ...], keys [n, k, ...] and values [n, k, ...] to [n, q, Units]. Query i of example j sees the first
// lengths[j] keys, or lengths[j, i]; all of them if lengths is nil. See [nnop.Attention].
func (l *MultiHeadAttention) Forward(c *Ctx, queries, keys, values, lengths *tensor.Tensor) (out *tensor.Tensor) {
	defer c.ran(l, queries, &out)
	for _, x := range []*tensor.Tensor{queries, keys, values} {
		if x.NDim() != 3 {
			tensor.Misuse("multiHeadAttention", "wants queries, keys and values with three axes", "", queries, keys, values)
		}
	}
	o := nnop.AttentionOptions{Lengths: lengths}
	if c.Training() && l.P > 0 {
		o.Dropout, o.Key = l.P, c.Key()
	}
	q, k, v := l.split(l.Query.Forward(c, queries)), l.split(l.Key.Forward(c, keys)), l.split(l.Value.Forward(c, values))
	y := nnop.Attention(q, k, v, o).SwapAxes(1, 2)
	return l.Out.Forward(c, y.Reshape(y.Dim(0), y.Dim(1), l.Units))
}

// split is x, [n, l, Units], as [n, Heads, l, Units/Heads].
func (l *MultiHeadAttention) split(x *tensor.Tensor) *tensor.Tensor {
	return x.Reshape(x.Dim(0), x.Dim(1), l.Heads, l.Units/l.Heads).SwapAxes(1, 2)
}

// String is "MultiHeadAttention(units = 100, heads = 5, dropout = 0.5)".
func (l *MultiHeadAttention) String() string {
	return fmt.Sprintf("MultiHeadAttention(units = %d, heads = %d, dropout = %v)", l.Units, l.Heads, l.P)
}
