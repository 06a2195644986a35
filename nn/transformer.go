package nn

import (
	"fmt"

	"github.com/fathom-ml/fathom/tensor"
	"github.com/fathom-ml/fathom/tensor/nnop"
)

// TransformerOption is an option of the Transformer's blocks: [PreNorm], [NoBias] (in the attention), an [*Activation] (of the feed-forward network, ReLU
// unless given), [NormEps].
type TransformerOption interface{ transformer(t *transformerOptions) }

type transformerOptions struct {
	pre       bool
	act       *Activation
	eps       float64
	attention []AttentionOption
}

type transformerOption func(t *transformerOptions)

func (f transformerOption) transformer(t *transformerOptions) { f(t) }

// PreNorm normalises what goes into each part of a block, not the sum that comes out (Xiong et al., 2020).
var PreNorm TransformerOption = transformerOption(func(t *transformerOptions) { t.pre = true })

// NormEps is what the normalisations of a block add to the variance, 1e-5 unless given.
func NormEps(eps float64) TransformerOption {
	return transformerOption(func(t *transformerOptions) { t.eps = eps })
}

func (noBias) transformer(t *transformerOptions)        { t.attention = append(t.attention, NoBias) }
func (a *Activation) transformer(t *transformerOptions) { t.act = a }

func transformerOf(opts []TransformerOption) *transformerOptions {
	t := &transformerOptions{act: ReLU, eps: 1e-5}
	for _, o := range opts {
		o.transformer(t)
	}
	return t
}

// FeedForward is the network that a Transformer applies to each place by itself: Out(Hidden(x)) (10.7).
type FeedForward struct {
	Hidden, Out *Dense
	P           float64 // of dropping a hidden unit while training
}

// NewFeedForward returns a network with the given numbers of hidden units and outputs; the activation is ReLU unless another is given. The book's
// PositionWiseFFN has no dropout.
func NewFeedForward(hidden, outputs int, dropout float64, act ...*Activation) *FeedForward {
	NewDropout(dropout)
	a := ReLU
	if len(act) > 0 {
		a = act[0]
	}
	return &FeedForward{NewDense(hidden, a, KeepAxes), NewDense(outputs, KeepAxes), dropout}
}

// Forward maps [..., inputs] to [..., outputs].
func (l *FeedForward) Forward(c *Ctx, x *tensor.Tensor) (out *tensor.Tensor) {
	defer c.ran(l, x, &out)
	return l.Out.Forward(c, dropped(c, l.Hidden.Forward(c, x), l.P))
}

func dropped(c *Ctx, x *tensor.Tensor, p float64) *tensor.Tensor {
	if c.Training() && p > 0 {
		return nnop.Dropout(x, p, c.Key())
	}
	return x
}

// AddNorm is the layer normalisation of x + dropout(y) (10.7).
type AddNorm struct {
	Norm *LayerNorm
	P    float64
}

// NewAddNorm returns the layer; elements of y are dropped with the given probability while training.
func NewAddNorm(dropout float64, opts ...NormOption) *AddNorm {
	NewDropout(dropout)
	return &AddNorm{NewLayerNorm(opts...), dropout}
}

// Forward is the normalisation of x + dropout(y).
func (l *AddNorm) Forward(c *Ctx, x, y *tensor.Tensor) (out *tensor.Tensor) {
	defer c.ran(l, x, &out)
	return l.Norm.Forward(c, x.Add(dropped(c, y, l.P)))
}

// EncoderBlock is a block of a Transformer's encoder (10.7): attention of the sequence to itself and a feed-forward network, each added to its input, with a
// normalisation behind each, or before each with [PreNorm].
type EncoderBlock struct {
	Attention *MultiHeadAttention
	Norm1     *LayerNorm
	FFN       *FeedForward
	Norm2     *LayerNorm
	P         float64
	pre       bool
}

// NewEncoderBlock returns a block of the given width, hidden units of the feed-forward network, and heads; dropout is the probability of dropping weights,
// hidden units and what is added.
func NewEncoderBlock(width, hidden, heads int, dropout float64, opts ...TransformerOption) *EncoderBlock {
	t := transformerOf(opts)
	return &EncoderBlock{Attention: NewMultiHeadAttention(width, heads, dropout, t.attention...), Norm1: NewLayerNorm(Eps(t.eps)),
		FFN: NewFeedForward(hidden, width, dropout, t.act), Norm2: NewLayerNorm(Eps(t.eps)), P: dropout, pre: t.pre}
}

// residual adds f to x, with the normalisation before or after.
func residual(c *Ctx, x *tensor.Tensor, norm *LayerNorm, pre bool, p float64, f func(x *tensor.Tensor) *tensor.Tensor) *tensor.Tensor {
	if pre {
		return x.Add(dropped(c, f(norm.Forward(c, x)), p))
	}
	return norm.Forward(c, x.Add(dropped(c, f(x), p)))
}

// Forward maps x [n, places, width] to the same shape; options say what is seen.
func (l *EncoderBlock) Forward(c *Ctx, x *tensor.Tensor, opts ...AttendOption) (out *tensor.Tensor) {
	defer c.ran(l, x, &out)
	x = residual(c, x, l.Norm1, l.pre, l.P, func(x *tensor.Tensor) *tensor.Tensor { return l.Attention.Attend(c, x, x, x, opts...) })
	return residual(c, x, l.Norm2, l.pre, l.P, func(x *tensor.Tensor) *tensor.Tensor { return l.FFN.Forward(c, x) })
}

// TransformerEncoder is a stack of [EncoderBlock]; with [PreNorm] a normalisation follows. Embeddings and positions are not part of it.
type TransformerEncoder struct {
	Blocks []*EncoderBlock
	Norm   *LayerNorm // nil without PreNorm
}

// NewTransformerEncoder returns a stack of so many blocks; see [NewEncoderBlock].
func NewTransformerEncoder(blocks, width, hidden, heads int, dropout float64, opts ...TransformerOption) *TransformerEncoder {
	l := &TransformerEncoder{}
	for range blocks {
		l.Blocks = append(l.Blocks, NewEncoderBlock(width, hidden, heads, dropout, opts...))
	}
	if t := transformerOf(opts); t.pre {
		l.Norm = NewLayerNorm(Eps(t.eps))
	}
	return l
}

// Forward maps x [n, places, width] to the same shape. Weights, with [WithWeights], come block by block.
func (l *TransformerEncoder) Forward(c *Ctx, x *tensor.Tensor, opts ...AttendOption) (out *tensor.Tensor) {
	defer c.ran(l, x, &out)
	for _, b := range l.Blocks {
		x = b.Forward(c, x, opts...)
	}
	if l.Norm != nil {
		x = l.Norm.Forward(c, x)
	}
	return x
}

// DecoderBlock is a block of a Transformer's decoder (10.7): attention of the sequence to itself, to the encoder's outputs, and a feed-forward network.
type DecoderBlock struct {
	Attention *MultiHeadAttention
	Norm1     *LayerNorm
	Cross     *MultiHeadAttention
	Norm2     *LayerNorm
	FFN       *FeedForward
	Norm3     *LayerNorm
	P         float64
	pre       bool
}

// NewDecoderBlock returns a block; see [NewEncoderBlock].
func NewDecoderBlock(width, hidden, heads int, dropout float64, opts ...TransformerOption) *DecoderBlock {
	t := transformerOf(opts)
	norm := func() *LayerNorm { return NewLayerNorm(Eps(t.eps)) }
	return &DecoderBlock{Attention: NewMultiHeadAttention(width, heads, dropout, t.attention...), Norm1: norm(),
		Cross: NewMultiHeadAttention(width, heads, dropout, t.attention...), Norm2: norm(),
		FFN: NewFeedForward(hidden, width, dropout, t.act), Norm3: norm(), P: dropout, pre: t.pre}
}

// DecodeOptions says what a decoder sees. The zero value: each place those up to itself, and all of the encoder's outputs.
type DecodeOptions struct {
	Self          []AttendOption // of the sequence to itself, beside Causal
	MemoryLengths *tensor.Tensor // of the encoder's outputs, [n] or [n, places]; nil: all
	CrossWeights  func(w *tensor.Tensor)
	Cache         *DecoderCache // of the places that were decoded before; nil: x is the whole sequence
}

// DecoderCache holds the keys and values of a decoder, one entry a block; the zero value is empty.
type DecoderCache struct{ Self, Cross []*KVCache }

// Len is the number of places decoded.
func (k *DecoderCache) Len() int {
	if k == nil || len(k.Self) == 0 {
		return 0
	}
	return k.Self[0].Len()
}

// block is the caches of block i.
func (k *DecoderCache) block(i int) (self, cross *KVCache) {
	if k == nil {
		return nil, nil
	}
	for len(k.Self) <= i {
		k.Self, k.Cross = append(k.Self, new(KVCache)), append(k.Cross, new(KVCache))
	}
	return k.Self[i], k.Cross[i]
}

// Forward maps x [n, places, width] to the same shape, with memory [n, m, ...] the encoder's outputs.
func (l *DecoderBlock) Forward(c *Ctx, x, memory *tensor.Tensor, o DecodeOptions) *tensor.Tensor {
	return l.decode(c, x, memory, o, 0)
}

func (l *DecoderBlock) decode(c *Ctx, x, memory *tensor.Tensor, o DecodeOptions, i int) (out *tensor.Tensor) {
	defer c.ran(l, x, &out)
	self := append([]AttendOption{Causal}, o.Self...)
	cross := []AttendOption{ValidLengths(o.MemoryLengths)}
	if o.CrossWeights != nil {
		cross = append(cross, WithWeights(o.CrossWeights))
	}
	if s, k := o.Cache.block(i); s != nil {
		self, cross = append(self, WithCache(s)), append(cross, WithCache(k))
		if k.Len() > 0 {
			memory = nil
		}
	}
	x = residual(c, x, l.Norm1, l.pre, l.P, func(x *tensor.Tensor) *tensor.Tensor { return l.Attention.Attend(c, x, x, x, self...) })
	x = residual(c, x, l.Norm2, l.pre, l.P, func(x *tensor.Tensor) *tensor.Tensor { return l.Cross.Attend(c, x, memory, memory, cross...) })
	return residual(c, x, l.Norm3, l.pre, l.P, func(x *tensor.Tensor) *tensor.Tensor { return l.FFN.Forward(c, x) })
}

// TransformerDecoder is a stack of [DecoderBlock]; with [PreNorm] a normalisation follows.
type TransformerDecoder struct {
	Blocks []*DecoderBlock
	Norm   *LayerNorm // nil without PreNorm
}

// NewTransformerDecoder returns a stack of so many blocks; see [NewEncoderBlock].
func NewTransformerDecoder(blocks, width, hidden, heads int, dropout float64, opts ...TransformerOption) *TransformerDecoder {
	l := &TransformerDecoder{}
	for range blocks {
		l.Blocks = append(l.Blocks, NewDecoderBlock(width, hidden, heads, dropout, opts...))
	}
	if t := transformerOf(opts); t.pre {
		l.Norm = NewLayerNorm(Eps(t.eps))
	}
	return l
}

// Forward maps x [n, places, width] to the same shape. With o.Cache x is the places behind those that were decoded before, one or more: what comes out is what
// the whole sequence would give at these places.
func (l *TransformerDecoder) Forward(c *Ctx, x, memory *tensor.Tensor, o DecodeOptions) (out *tensor.Tensor) {
	defer c.ran(l, x, &out)
	for i, b := range l.Blocks {
		x = b.decode(c, x, memory, o, i)
	}
	if l.Norm != nil {
		x = l.Norm.Forward(c, x)
	}
	return x
}

// String is e.g. "EncoderBlock(32, heads = 4, hidden = 64, dropout = 0.1)".
func (l *EncoderBlock) String() string {
	return fmt.Sprintf("EncoderBlock(%d, heads = %d, hidden = %d, dropout = %v)", l.Attention.Units, l.Attention.Heads, l.FFN.Hidden.Units, l.P)
}

// String is e.g. "DecoderBlock(32, heads = 4, hidden = 64, dropout = 0.1)".
func (l *DecoderBlock) String() string {
	return fmt.Sprintf("DecoderBlock(%d, heads = %d, hidden = %d, dropout = %v)", l.Attention.Units, l.Attention.Heads, l.FFN.Hidden.Units, l.P)
}
