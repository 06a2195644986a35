package nn

import (
	"fmt"
	"math"

	"github.com/fathom-ml/fathom/tensor"
	"github.com/fathom-ml/fathom/tensor/nnop"
)

// AttendOption says which keys a query sees, and what else is to happen in an attention: [ValidLengths], [Causal], [AttentionMask], [WithWeights], [WithCache],
// [WithRotary].
type AttendOption func(o *attending)

type attending struct {
	nnop.AttentionOptions
	weights func(w *tensor.Tensor)
	cache   *KVCache
	rotary  *Rotary
	begin   int // place of the first query, behind those of the cache
}

// ValidLengths lets the queries of example i see its first l[i] keys, or query j of it l[i, j] (10.3). A nil l lets them see all.
func ValidLengths(l *tensor.Tensor) AttendOption { return func(o *attending) { o.Lengths = l } }

// Causal lets a query see the keys up to its own place.
var Causal AttendOption = func(o *attending) { o.AttentionOptions.Causal = true }

// AttentionMask is true for the keys that are seen, or is added to the scores; it broadcasts to [..., queries, keys], of [MultiHeadAttention] to [n, heads,
// queries, keys].
func AttentionMask(m *tensor.Tensor) AttendOption { return func(o *attending) { o.Mask = m } }

// WithWeights calls f with the weights, [n, queries, keys] or [n, heads, queries, keys], before dropout. Computing them takes more memory and time
// than attention without.
func WithWeights(f func(w *tensor.Tensor)) AttendOption { return func(o *attending) { o.weights = f } }

// KVCache holds keys and values of places that were computed before, so that a sequence can be made one place at a time: see [WithCache]. The zero value is
// empty.
type KVCache struct{ keys, values *tensor.Tensor }

// Len is the number of places held.
func (k *KVCache) Len() int {
	if k.keys == nil {
		return 0
	}
	return k.keys.Dim(-2)
}

// Reset empties the cache.
func (k *KVCache) Reset() { *k = KVCache{} }

// WithCache puts the keys and values of the places at hand behind those that the cache holds, and lets the queries see all. The queries' own places count on
// from there, for [Causal] and [WithRotary]. Where keys and values are nil, those of the cache alone are seen: for attention to an encoder. Use it in
// evaluation.
func WithCache(k *KVCache) AttendOption { return func(o *attending) { o.cache = k } }

// WithRotary turns queries and keys by their places first.
func WithRotary(r *Rotary) AttendOption { return func(o *attending) { o.rotary = r } }

func attendingOf(opts []AttendOption) *attending {
	o := new(attending)
	for _, f := range opts {
		f(o)
	}
	if o.cache != nil {
		o.begin = o.cache.Len()
	}
	return o
}

// attend is softmax(q kᵀ / sqrt(d)) v of queries [..., q, d], keys and values [..., k, d]; p is the probability of dropping a weight.
func (o *attending) attend(c *Ctx, q, k, v *tensor.Tensor, p float64) *tensor.Tensor {
	if o.rotary != nil {
		q = o.rotary.Apply(q, o.begin)
		if k != nil {
			k = o.rotary.Apply(k, o.begin)
		}
	}
	if o.cache != nil {
		k, v = o.cache.append(k, v)
	}
	a := o.AttentionOptions
	if a.Causal && o.begin > 0 { // the operation counts places from 0
		a.Causal = false
		if q.Dim(-2) > 1 {
			a.Mask = later(q.Dim(-2), k.Dim(-2), o.begin)
		}
	}
	if c.Training() && p > 0 {
		a.Dropout, a.Key = p, c.Key()
	}
	if o.weights == nil {
		return nnop.Attention(q, k, v, a)
	}
	w := AttentionWeights(q, k, a)
	o.weights(w)
	if a.Dropout > 0 {
		w = nnop.Dropout(w, a.Dropout, a.Key)
	}
	return w.MatMul(v)
}

// append puts keys and values behind those that are there.
func (k *KVCache) append(keys, values *tensor.Tensor) (*tensor.Tensor, *tensor.Tensor) {
	if keys != nil {
		keys, values = keys.Detach(), values.Detach()
		if k.keys != nil {
			keys, values = tensor.Concat(-2, k.keys, keys), tensor.Concat(-2, k.values, values)
		}
		k.keys, k.values = keys, values
	}
	if k.keys == nil {
		panic(&tensor.Error{Op: "attention", Msg: "no keys: the cache is empty", Hint: "pass keys and values the first time"})
	}
	return k.keys, k.values
}

// later is true where key j of m is at most at the place of query i, begin+i.
func later(n, m, begin int) *tensor.Tensor {
	return tensor.Ones(n, m).Tril(begin).AsType(tensor.Bool)
}

// AttentionWeights is softmax(scale q kᵀ) over the keys that a query sees, [..., queries, keys]: what [nnop.Attention] weighs the values with, without dropout.
// A query that sees no key weighs all alike.
func AttentionWeights(q, k *tensor.Tensor, a nnop.AttentionOptions) *tensor.Tensor {
	scale := a.Scale
	if scale == 0 {
		scale = 1 / math.Sqrt(float64(q.Dim(-1)))
	}
	s := q.MatMul(k.SwapAxes(-1, -2)).MulScalar(scale)
	if a.Mask != nil && a.Mask.DType() == tensor.Bool {
		s = hide(s, a.Mask)
	} else if a.Mask != nil {
		s = s.Add(a.Mask)
	}
	if a.Causal {
		s = hide(s, later(q.Dim(-2), k.Dim(-2), 0))
	}
	return MaskedSoftmax(s, a.Lengths)
}

// hide sets scores to -10^6 where seen is false.
func hide(s, seen *tensor.Tensor) *tensor.Tensor {
	return tensor.Where(seen, s, tensor.FullLike(s, -1e6))
}

// MaskedSoftmax is the softmax over the last axis of scores [n, ..., queries, keys], of which example i has lengths[i] keys, or query j of it lengths[i, j];
// the others get the weight 0 (10.3). A nil lengths means all.
func MaskedSoftmax(scores, lengths *tensor.Tensor) *tensor.Tensor {
	if lengths == nil {
		return nnop.Softmax(scores)
	}
	n := scores.NDim()
	if l := lengths.NDim(); n < 2 || l < 1 || l > 2 || l > n-1 || lengths.Dim(0) != scores.Dim(0) || l == 2 && lengths.Dim(1) != scores.Dim(-2) {
		tensor.Misuse("nn.MaskedSoftmax", "scores and lengths do not match", "scores [n, ..., queries, keys], lengths [n] or [n, queries]", scores, lengths)
	}
	shape := make([]int, n)
	for i := range shape {
		shape[i] = 1
	}
	shape[0] = lengths.Dim(0)
	if lengths.NDim() == 2 {
		shape[n-2] = lengths.Dim(1)
	}
	places := tensor.ArangeOf(tensor.Int64, float64(scores.Dim(-1)))
	return nnop.Softmax(hide(scores, places.Lt(lengths.AsType(tensor.Int64).Reshape(shape...))))
}

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

// Forward maps queries [n, q, ...], keys [n, k, ...] and values [n, k, ...], whose widths may differ, to [n, q, Units]. Query i of example j sees the first
// lengths[j] keys, or lengths[j, i]; all of them if lengths is nil. See [nnop.Attention].
func (l *MultiHeadAttention) Forward(c *Ctx, queries, keys, values, lengths *tensor.Tensor) (out *tensor.Tensor) {
	return l.Attend(c, queries, keys, values, ValidLengths(lengths))
}

// Attend is Forward with options. Keys and values may be nil with [WithCache].
func (l *MultiHeadAttention) Attend(c *Ctx, queries, keys, values *tensor.Tensor, opts ...AttendOption) (out *tensor.Tensor) {
	defer c.ran(l, queries, &out)
	o := attendingOf(opts)
	if (keys == nil) != (values == nil) || keys == nil && o.cache == nil {
		panic(&tensor.Error{Op: "multiHeadAttention", Msg: "keys or values are nil", Hint: "with nn.WithCache both may be"})
	}
	for _, x := range []*tensor.Tensor{queries, keys, values} {
		if x != nil && x.NDim() != 3 {
			tensor.Misuse("multiHeadAttention", "wants queries, keys and values with three axes", "", x)
		}
	}
	q := l.split(l.Query.Forward(c, queries))
	var k, v *tensor.Tensor
	if keys != nil {
		k, v = l.split(l.Key.Forward(c, keys)), l.split(l.Value.Forward(c, values))
	}
	y := o.attend(c, q, k, v, l.P).SwapAxes(1, 2)
	return l.Out.Forward(c, y.Reshape(y.Dim(0), y.Dim(1), l.Units))
}

// FLOPs is what the scores and the weighted sums take; the maps count by themselves.
func (l *MultiHeadAttention) FLOPs(x, y *tensor.Tensor) int {
	return 4 * x.Dim(0) * x.Dim(1) * x.Dim(1) * l.Units
}

// split is x, [n, l, Units], as [n, Heads, l, Units/Heads].
func (l *MultiHeadAttention) split(x *tensor.Tensor) *tensor.Tensor {
	return x.Reshape(x.Dim(0), x.Dim(1), l.Heads, l.Units/l.Heads).SwapAxes(1, 2)
}

// String is "MultiHeadAttention(units = 100, heads = 5, dropout = 0.5)".
func (l *MultiHeadAttention) String() string {
	return fmt.Sprintf("MultiHeadAttention(units = %d, heads = %d, dropout = %v)", l.Units, l.Heads, l.P)
}
