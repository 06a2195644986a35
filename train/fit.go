package train

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"time"

	"github.com/fathom-ml/fathom/data"
	"github.com/fathom-ml/fathom/nn"
	"github.com/fathom-ml/fathom/optim"
	"github.com/fathom-ml/fathom/show"
	"github.com/fathom-ml/fathom/tensor"
)

// Source hands out batches: a [data.Loader], or several, see [Mix].
type Source[B any] interface {
	// Len is the number of batches in one loop.
	Len() int
	// All is one loop; it ends early when ctx is done.
	All(ctx context.Context) iter.Seq[B]
	// Err is what ended the last loop early.
	Err() error
}

// Task is what is to be trained: a model on batches of type B.
type Task[B any] struct {
	Model     any
	Optimizer optim.Optimizer
	Batches   Source[B]
	// Loss computes the losses of a batch, one number an example or one in all, in the context of a training step. It puts its inputs into the
	// step's memory with c.In.
	Loss func(c *nn.Ctx, b B) *tensor.Tensor
	// Accumulate is the number of batches whose gradients are added up for one update; 0 means 1.
	Accumulate int
}

// Pairs is the loss of a task whose batches are features and labels: train.Pairs(net, nn.SoftmaxCrossEntropy).
func Pairs(net nn.Layer, loss func(pred, label *tensor.Tensor) *tensor.Tensor) func(c *nn.Ctx, b data.Batch) *tensor.Tensor {
	return func(c *nn.Ctx, b data.Batch) *tensor.Tensor {
		x, y := b.XY()
		return loss(net.Forward(c, c.In(x)), y)
	}
}

// Fit trains for some epochs, loops over the batches, and calls the callbacks, in their order, as it goes. Each update is one [Step]: a memory scope of
// its own, the gradients of the losses, a step of the optimizer with the number of losses as its batch size.
//
// When ctx is done, Fit ends after the step at hand; the error wraps context.Canceled (or what the cause is) and says where a checkpoint was saved if one
// was. Misuse of tensors in the loss comes back as an error, a *[tensor.Error]. [Run.Stop] ends the training without an error.
func Fit[B any](ctx context.Context, t Task[B], epochs int, callbacks ...Callback) error {
	r := &Run{Model: t.Model, Optimizer: t.Optimizer, Epochs: epochs, PerEpoch: t.Batches.Len(), Values: map[string]float64{}, ctx: ctx, callbacks: callbacks}
	err := guard(func() error {
		err := r.each(func(c *Callback) func(*Run) error { return c.resume })
		r.shown = r.done()
		if err == nil {
			err = r.each(func(c *Callback) func(*Run) error { return c.Begin })
		}
		if err != nil {
			return err
		}
		return fit(r, t)
	})
	for i := range callbacks {
		if end := callbacks[i].End; end != nil {
			if e := guard(func() error { return end(r, err) }); e != nil {
				err = errors.Join(err, e)
			}
		}
	}
	var stopped *stopError
	if errors.As(err, &stopped) && r.saved != "" {
		stopped.saved = r.saved
	}
	return err
}

// fit is the loop over epochs.
func fit[B any](r *Run, t Task[B]) error {
	r.started = time.Now()
	for r.stop == "" && (r.Epoch < r.Epochs || r.Batch > 0) {
		from := r.Batch
		if from == 0 {
			r.Epoch++
			r.begin()
		}
		if err := epoch(r, t, from); err != nil {
			return err
		}
		if r.stop != "" && r.Batch < r.PerEpoch {
			return nil
		}
		r.Values["train loss"] = r.Mean.Value()
		r.Batch = 0
		r.atEpochEnd = true
		err := r.each(func(c *Callback) func(*Run) error { return c.Epoch })
		r.atEpochEnd = false
		if err != nil {
			return err
		}
		if err := r.interrupted(); err != nil && r.Epoch < r.Epochs {
			return err
		}
	}
	return nil
}

// epoch is the loop over the batches of one epoch, from batch number from on.
func epoch[B any](r *Run, t Task[B], from int) error {
	every := max(t.Accumulate, 1)
	var step *accumulated
	batches, skip := t.Batches, from
	if l, ok := any(batches).(*data.Loader[B]); ok {
		batches, skip = l.With(data.Recycle(), data.StartAt(from, r.restore(from))), 0
	}
	for b := range batches.All(r.ctx) {
		if skip > 0 { // a source that cannot begin in the middle
			if skip--; skip == 0 {
				r.restore(from)()
			}
			continue
		}
		if step == nil {
			step = &accumulated{}
		}
		step.add(r, func(c *nn.Ctx) *tensor.Tensor { return t.Loss(c, b) })
		r.Batch++
		if step.n < every && r.Batch < r.PerEpoch {
			continue
		}
		step.finish(r)
		step = nil
		if err := r.each(func(c *Callback) func(*Run) error { return c.Step }); err != nil {
			return err
		}
		if r.stop != "" {
			return nil
		}
		if err := r.interrupted(); err != nil {
			return err
		}
	}
	if err := batches.Err(); err != nil {
		if stopped := r.interrupted(); stopped != nil {
			return stopped
		}
		return fmt.Errorf("train: %w", err)
	}
	return r.interrupted()
}

// accumulated is an update in the making.
type accumulated struct {
	n, losses int
	sum       float64
}

// add computes the gradients of a batch.
func (a *accumulated) add(r *Run, loss func(c *nn.Ctx) *tensor.Tensor) {
	s := tensor.NewScope()
	defer s.Close()
	l := loss(nn.Train(nn.In(s)))
	if a.n > 0 {
		l.Backward(tensor.Accumulate)
	} else {
		l.Backward()
	}
	a.n++
	a.losses += max(l.Size(), 1)
	a.sum += l.Detach().Sum().Item()
	nn.KeepState(r.Model, s)
}

// finish updates the parameters.
func (a *accumulated) finish(r *Run) {
	r.Optimizer.Step(a.losses)
	r.Step++
	r.Losses = a.losses
	r.Loss = a.sum / float64(a.losses)
	r.Mean.Add(r.Loss, float64(a.losses))
}

// guard turns misuse of tensors and an interrupted display into errors.
func guard(f func() error) (err error) {
	defer func() {
		switch p := recover().(type) {
		case nil:
		case show.Interrupted:
			err = &stopError{cause: p.Err}
		default:
			panic(p)
		}
	}()
	if e := tensor.Try(func() { err = f() }); e != nil {
		return e
	}
	return err
}

// stopError says that a training was stopped from outside.
type stopError struct {
	cause       error
	epoch, step int
	saved       string
}

func (e *stopError) Error() string {
	s := "train: stopped"
	if e.step > 0 {
		s = fmt.Sprintf("train: stopped in epoch %d after step %d", e.epoch, e.step)
	}
	if e.saved != "" {
		s += ", saved in " + e.saved
	}
	return s + ": " + e.cause.Error()
}

func (e *stopError) Unwrap() error { return e.cause }
