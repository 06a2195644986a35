package data

import (
	"context"
	"fmt"
	"iter"
	"sync"

	"github.com/fathom-ml/fathom/internal/rng"
	"github.com/fathom-ml/fathom/tensor"
)

// Dataset is what a [Loader] cuts into minibatches.
type Dataset[B any] interface {
	// Len is the number of examples.
	Len() int
	// Batch gives the examples that idx names, in that order. It must not keep idx.
	// With [Prefetch] it is called on another goroutine, one call at a time for each loop.
	Batch(idx []int) (B, error)
}

// Loader hands out a data set in minibatches, as often as it is ranged over:
//
//	for X, y := range train.Batches() { ... }
//
// It is not changed by a loop; several loops may run at once.
type Loader[B any] struct {
	ds    Dataset[B]
	batch int
	opt   loaderOptions
	mu    sync.Mutex
	err   error
}

type loaderOptions struct {
	shuffle, dropLast bool
	recycle           bool
	prefetch          int
	first             int    // the batch that a loop begins with
	ordered           func() // called when the order is drawn
	ctx               context.Context
}

// LoaderOption changes how a [Loader] works.
type LoaderOption func(*loaderOptions)

// Shuffle makes each loop go through the examples in a new random order, drawn from
// the loaders' own random stream: it never touches the default stream, and
// tensor.Seed resets it.
func Shuffle(on bool) LoaderOption { return func(o *loaderOptions) { o.shuffle = on } }

// DropLast leaves the last batch out if it is smaller than the others.
func DropLast() LoaderOption { return func(o *loaderOptions) { o.dropLast = true } }

// Prefetch prepares up to n batches ahead on a goroutine of the loop's own. The
// order stays the same. It pays when a batch takes long to make, as with large
// transforms; the goroutine ends with the loop.
func Prefetch(n int) LoaderOption { return func(o *loaderOptions) { o.prefetch = max(n, 0) } }

// Recycle gives the memory of each batch back when the loop's body has ended, for the next ones. A
// batch that is used later panics, as with every closed [tensor.Scope]: it is for code
// that owns the whole step, such as a training function. It works with data
// sets that have a method BatchIn, as those of this package.
func Recycle() LoaderOption { return func(o *loaderOptions) { o.recycle = true } }

// StartAt makes each loop begin with batch n, counted from 0, of the order that it draws, without making those before it: for a training that
// goes on where it was stopped. then, unless it is nil, is called when the order has been drawn and before the first batch is made.
func StartAt(n int, then func()) LoaderOption {
	return func(o *loaderOptions) { o.first, o.ordered = max(n, 0), then }
}

// Context makes the loops of Batches end early when ctx is done.
func Context(ctx context.Context) LoaderOption { return func(o *loaderOptions) { o.ctx = ctx } }

// NewLoader cuts ds into batches of batchSize examples; the last one may be smaller.
// It panics with a [tensor.Error] if batchSize is not positive.
func NewLoader[B any](ds Dataset[B], batchSize int, opts ...LoaderOption) *Loader[B] {
	if batchSize < 1 {
		tensor.Misuse("newLoader", fmt.Sprintf("batch size %d", batchSize), "at least 1")
	}
	l := &Loader[B]{ds: ds, batch: batchSize, opt: loaderOptions{ctx: context.Background()}}
	for _, o := range opts {
		o(&l.opt)
	}
	return l
}

// Len is the number of batches in one loop.
func (l *Loader[B]) Len() int {
	if l.opt.dropLast {
		return l.ds.Len() / l.batch
	}
	return (l.ds.Len() + l.batch - 1) / l.batch
}

// Dataset is what the loader was made of.
func (l *Loader[B]) Dataset() Dataset[B] { return l.ds }

// BatchSize is the number of examples in a batch that is not the last one.
func (l *Loader[B]) BatchSize() int { return l.batch }

// Err is what ended the last loop early: the reason why its context is done, or the error
// of the data set; nil after a full loop or a break.
func (l *Loader[B]) Err() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.err
}

func (l *Loader[B]) setErr(err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.err = err
}

// Batches is one loop over the features and labels. It panics with a
// [tensor.Error] if the data set's batches are no pairs; those are for All. After the
// loop [Loader.Err] tells whether it came to the end.
func (l *Loader[B]) Batches() iter.Seq2[*tensor.Tensor, *tensor.Tensor] {
	type pair interface {
		XY() (x, y *tensor.Tensor)
	}
	var zero B
	if _, ok := any(zero).(pair); !ok {
		tensor.Misuse("batches", fmt.Sprintf("a batch is a %T, which has no features and labels (method XY)", zero), "range over All(ctx) instead")
	}
	return func(yield func(x, y *tensor.Tensor) bool) {
		for b := range l.All(l.opt.ctx) {
			if !yield(any(b).(pair).XY()) {
				return
			}
		}
	}
}

// All is one loop over the batches. It ends when ctx is done; after the loop
// [Loader.Err] tells whether it came to the end. Breaking out of it stops what it started.
func (l *Loader[B]) All(ctx context.Context) iter.Seq[B] {
	return func(yield func(B) bool) {
		l.setErr(nil)
		n := l.Len()
		var order []int
		if l.opt.shuffle {
			order = rng.Global.Loader.Perm(l.ds.Len())
		}
		if l.opt.ordered != nil {
			l.opt.ordered()
		}
		next := l.here(order)
		if l.opt.prefetch > 0 {
			var stop func()
			next, stop = l.ahead(ctx, order, n)
			defer stop()
		}
		for i := l.opt.first; i < n; i++ {
			if ctx.Err() != nil {
				l.setErr(context.Cause(ctx))
				return
			}
			m := next(i)
			if m.err != nil {
				l.setErr(m.err)
				return
			}
			if !l.hand(m, yield) {
				return
			}
		}
	}
}

// made is a batch, with the scope that owns it if it is recycled.
type made[B any] struct {
	b     B
	scope *tensor.Scope
	err   error
}

func (m made[B]) close() {
	if m.scope != nil {
		m.scope.Close()
	}
}

// hand gives a batch to the loop's body and takes its memory back after that.
func (l *Loader[B]) hand(m made[B], yield func(B) bool) bool {
	defer m.close()
	return yield(m.b)
}

// scopedSet is a data set that can make a batch inside a scope.
type scopedSet[B any] interface {
	BatchIn(s *tensor.Scope, idx []int) (B, error)
}

// With returns a loader of the same data with more options.
func (l *Loader[B]) With(opts ...LoaderOption) *Loader[B] {
	m := &Loader[B]{ds: l.ds, batch: l.batch, opt: l.opt}
	for _, o := range opts {
		o(&m.opt)
	}
	return m
}

// here makes batches on the goroutine of the loop.
func (l *Loader[B]) here(order []int) func(i int) made[B] {
	idx := make([]int, l.batch)
	set, scoped := l.ds.(scopedSet[B])
	return func(i int) (m made[B]) {
		at := i * l.batch
		part := idx[:min(l.batch, l.ds.Len()-at)]
		for k := range part {
			part[k] = at + k
			if order != nil {
				part[k] = order[at+k]
			}
		}
		if l.opt.recycle && scoped {
			m.scope = tensor.NewScope()
			m.b, m.err = set.BatchIn(m.scope, part)
		} else {
			m.b, m.err = l.ds.Batch(part)
		}
		if m.err != nil {
			m.err = fmt.Errorf("data: batch %d: %w", i, m.err)
		}
		return m
	}
}

// ahead makes batches on a goroutine. stop ends it and waits until it has ended.
func (l *Loader[B]) ahead(ctx context.Context, order []int, n int) (next func(int) made[B], stop func()) {
	type result struct {
		made[B]
		panicked any
	}
	ctx, cancel := context.WithCancel(ctx)
	results := make(chan result, l.opt.prefetch-1)
	ended := make(chan struct{})
	make := l.here(order)
	one := func(i int) (r result) {
		defer func() { r.panicked = recover() }()
		r.made = make(i)
		return r
	}
	go func() {
		defer close(ended)
		for i := l.opt.first; i < n; i++ {
			r := one(i)
			select {
			case results <- r:
			case <-ctx.Done():
				r.close()
				return
			}
			if r.err != nil || r.panicked != nil {
				return
			}
		}
	}()
	next = func(int) made[B] {
		select {
		case r := <-results:
			if r.panicked != nil {
				panic(r.panicked)
			}
			return r.made
		case <-ctx.Done():
			return made[B]{err: context.Cause(ctx)}
		}
	}
	stop = func() {
		cancel()
		<-ended
		for {
			select {
			case r := <-results:
				r.close()
			default:
				return
			}
		}
	}
	return next, stop
}
