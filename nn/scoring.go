package nn

import (
	"fmt"

	"github.com/fathom-ml/fathom/tensor"
	"github.com/fathom-ml/fathom/tensor/nnop"
)

// DotProductAttention weighs values by softmax(q kᵀ / sqrt(d)) (10.3). It has no parameters; queries and keys are of one width d.
type DotProductAttention struct{ P float64 }

// NewDotProductAttention returns an attention that drops a weight with the given probability while training. It panics unless 0 <= dropout <= 1.
func NewDotProductAttention(dropout float64) *DotProductAttention {
	NewDropout(dropout)
	return &DotProductAttention{dropout}
}

// Forward maps queries [n, q, d], keys [n, k, d] and values [n, k, v] to [n, q, v]. Options as of [MultiHeadAttention.Attend].
func (l *DotProductAttention) Forward(c *Ctx, queries, keys, values *tensor.Tensor, opts ...AttendOption) (out *tensor.Tensor) {
	defer c.ran(l, queries, &out)
	return attendingOf(opts).attend(c, queries, keys, values, l.P)
}

// String is "DotProductAttention(dropout = 0.5)".
func (l *DotProductAttention) String() string {
	return fmt.Sprintf("DotProductAttention(dropout = %v)", l.P)
}

// AdditiveAttention weighs values by the softmax of w·tanh(W_q q + W_k k), for queries and keys of different widths (10.3; Bahdanau et al., 2014).
type AdditiveAttention struct {
	Query, Key, Score *Dense
	P                 float64
}

// NewAdditiveAttention returns an attention with the given number of hidden units, which drops a weight with the given probability while training. It
// panics unless hidden is positive and 0 <= dropout <= 1.
func NewAdditiveAttention(hidden int, dropout float64) *AdditiveAttention {
	NewDropout(dropout)
	return &AdditiveAttention{NewDense(hidden, NoBias, KeepAxes), NewDense(hidden, NoBias, KeepAxes), NewDense(1, NoBias, KeepAxes), dropout}
}

// Forward maps queries [n, q, ...], keys [n, k, ...] and values [n, k, v] to [n, q, v], and returns the weights [n, q, k] before dropout too. Query i of
// example j sees the first lengths[j] keys, or lengths[j, i]; all if lengths is nil.
func (l *AdditiveAttention) Forward(c *Ctx, queries, keys, values, lengths *tensor.Tensor) (out, weights *tensor.Tensor) {
	defer c.ran(l, queries, &out)
	if queries.NDim() != 3 || keys.NDim() != 3 || values.NDim() != 3 {
		tensor.Misuse("additiveAttention", "wants queries, keys and values with three axes", "", queries, keys, values)
	}
	q, k := l.Query.Forward(c, queries), l.Key.Forward(c, keys)
	both := q.Unsqueeze(2).Add(k.Unsqueeze(1)).Tanh() // [n, q, k, hidden]
	weights = MaskedSoftmax(l.Score.Forward(c, both).Squeeze(-1), lengths)
	w := weights
	if c.Training() && l.P > 0 {
		w = nnop.Dropout(w, l.P, c.Key())
	}
	return w.MatMul(values), weights
}

// String is "AdditiveAttention(hidden = 8, dropout = 0.1)".
func (l *AdditiveAttention) String() string {
	return fmt.Sprintf("AdditiveAttention(hidden = %d, dropout = %v)", l.Key.Units, l.P)
}
