package nn

import (
	"fmt"
	"sync/atomic"

	"github.com/fathom-ml/fathom/internal/rng"
	"github.com/fathom-ml/fathom/tensor"
	"github.com/fathom-ml/fathom/tensor/random"
)

// Ctx says how a model is run: for training or for evaluation, with which
// random key, in which memory scope, on which values. A nil *Ctx means [Eval].
type Ctx struct {
	training bool
	key      uint64        // the masks of this run follow from it
	drawn    atomic.Uint64 // keys given out
	scope    *tensor.Scope
	values   *Values
	again    bool // a checkpoint computes once more what it computed before
	observe  func(layer any, x, y *tensor.Tensor)
	now      part                  // for observers
	met      atomic.Pointer[Param] // one of the model's, by which its root is found
}

// CtxOption is an option of [Train], [Eval] and [EvalOn].
type CtxOption interface{ ctx(c *Ctx, s *keySource) }

type keySource struct{ next func() uint64 }

type ctxOption func(c *Ctx, s *keySource)

func (f ctxOption) ctx(c *Ctx, s *keySource) { f(c, s) }

// Rand makes the run draw its key from r instead of the layers' stream.
func Rand(r *random.Rand) CtxOption {
	return ctxOption(func(_ *Ctx, s *keySource) { s.next = r.Key })
}

// In puts the results that are computed from parameters into the scope s. The
// input must be put in with s.In by who opened the scope.
func In(s *tensor.Scope) CtxOption {
	return ctxOption(func(c *Ctx, _ *keySource) { c.scope = s })
}

func newCtx(training bool, values *Values, opts []CtxOption) *Ctx {
	c := &Ctx{training: training, values: values}
	s := keySource{next: rng.Global.Layer.NextKey}
	for _, o := range opts {
		o.ctx(c, &s)
	}
	if training {
		c.key = s.next()
	}
	return c
}

// Train is the context of a training step: parameters are recorded and dropout
// is active. Each call draws the next key of the layers' stream (or of [Rand]),
// so two calls give two masks.
func Train(opts ...CtxOption) *Ctx { return newCtx(true, nil, opts) }

// Eval is the context of evaluation: parameters are handed out detached, so that
// nothing is recorded unless the input is, and dropout does nothing.
func Eval(opts ...CtxOption) *Ctx { return newCtx(false, nil, opts) }

// EvalOn is the context of evaluation on values taken earlier with [Snapshot],
// which may run while the model is being trained.
func EvalOn(v *Values, opts ...CtxOption) *Ctx { return newCtx(false, v, opts) }

// TrainOn is the context of a training step on given values in place of the model's own, e.g. of [ValuesOf]: they are handed out as they are, so
// that gradients reach what they were computed from.
func TrainOn(v *Values, opts ...CtxOption) *Ctx { return newCtx(true, v, opts) }

// Observe calls f after each built-in layer, and after each layer of a [Sequential] or [Ctx.Chain], with what went in and came out: for
// pictures of features, statistics of activations.
func Observe(f func(layer any, x, y *tensor.Tensor)) CtxOption {
	return ctxOption(func(c *Ctx, _ *keySource) { c.observe = f })
}

// Training says whether the model is run for training.
func (c *Ctx) Training() bool { return c != nil && c.training }

// Scope is the memory scope of the run, nil if it has none.
func (c *Ctx) Scope() *tensor.Scope {
	if c == nil {
		return nil
	}
	return c.scope
}

// In returns a handle on x whose results belong to the scope of the run; x itself if the run has none.
func (c *Ctx) In(x *tensor.Tensor) *tensor.Tensor {
	if s := c.Scope(); s != nil {
		return s.In(x)
	}
	return x
}

// Key returns a key for a random mask, another one at each call. The keys of a
// run follow from the one that [Train] drew, in the order of the calls.
func (c *Ctx) Key() uint64 {
	if c == nil {
		return 0
	}
	return rng.Split(c.key, c.drawn.Add(1))
}

// Param returns the value of p for this run: recorded in training, detached in
// evaluation, its results in the scope of the run. The first use of a parameter
// fixes its shape and draws its values; later uses check the shape. Without
// lengths the shape must be known. A nil p, an absent parameter, gives nil.
//
// It panics if the shape does not fit, and if p has neither values nor an
// initialiser: [Init] was not called, or the walk could not reach p.
func (c *Ctx) Param(p *Param, shape ...int) *tensor.Tensor {
	if p == nil {
		return nil
	}
	var v *tensor.Tensor
	if c != nil && c.met.Load() == nil {
		c.met.Store(p)
	}
	if c != nil && c.values != nil {
		v = c.values.of(p, shape)
	} else {
		v = p.use(shape)
	}
	if (!c.Training() || p.Frozen()) && v.Recorded() {
		v = v.Detach()
	}
	if s := c.Scope(); s != nil {
		v = s.In(v)
	}
	return v
}

// Chain runs layers in the order in which they are written:
// y := c.Chain(x, r.Conv1, r.BN1, nn.ReLU, r.Conv2). It panics if a layer is nil.
func (c *Ctx) Chain(x *tensor.Tensor, layers ...Layer) *tensor.Tensor {
	return c.chain(x, place{}, layers)
}

// chain runs the layers of a list.
func (c *Ctx) chain(x *tensor.Tensor, list place, layers []Layer) *tensor.Tensor {
	for i, l := range layers {
		if l == nil {
			tensor.Misuse("chain", fmt.Sprintf("layer %d is nil", i), "", x)
		}
		x = c.run(part{list, i, l}, x)
	}
	return x
}

// Recomputing says whether a checkpoint computes once more what it computed before: moving averages are not to move again.
func (c *Ctx) Recomputing() bool { return c != nil && c.again }

// State is the value of a plain tensor field for this run: that of the snapshot on which the run is made, else the field's. A layer that
// reads its running statistics in this way can be evaluated from a [Snapshot] while it is being trained.
func (c *Ctx) State(field **tensor.Tensor) *tensor.Tensor {
	if c != nil && c.values != nil {
		if v, ok := c.values.state[field]; ok {
			return v
		}
	}
	return *field
}
