package train

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/fathom-ml/fathom/metric"
	"github.com/fathom-ml/fathom/optim"
	"github.com/fathom-ml/fathom/tensor/random"
)

// Run is a training on its way, as callbacks see it.
type Run struct {
	Model     any
	Optimizer optim.Optimizer
	Epochs    int                // to be made
	PerEpoch  int                // batches
	Epoch     int                // at hand, from 1
	Batch     int                // batches done in this epoch
	Step      int                // updates done in all
	Loss      float64            // mean loss of the last update
	Losses    int                // number of losses in it
	Mean      metric.Mean        // of the losses of this epoch
	Values    map[string]float64 // figures of the last epoch by name: "train loss", and what callbacks put here

	ctx        context.Context
	callbacks  []Callback
	started    time.Time
	stop       string
	saved      string // file of the last checkpoint
	start      []byte // states of the random streams when the epoch began
	now        []byte // those to go on with, after a resume
	atEpochEnd bool
	shown      int // batches on the progress line
}

// Callback is what happens besides training. All its functions may be nil; an error ends the training.
type Callback struct {
	Name  string
	Begin func(r *Run) error            // before the first step
	Step  func(r *Run) error            // after each update
	Epoch func(r *Run) error            // after each epoch
	End   func(r *Run, err error) error // at the end, with the error with which the training ended
	Saved optim.Stateful                // what a checkpoint is to hold of it, nil if nothing

	resume func(r *Run) error // before all Begin
}

// Context is that of the training.
func (r *Run) Context() context.Context { return r.ctx }

// Stop ends the training after this step, without an error.
func (r *Run) Stop(why string) { r.stop = why }

// Stopped is why [Run.Stop] was called, "" if it was not.
func (r *Run) Stopped() string { return r.stop }

// Last says whether the training is at its end: after the last epoch, or stopped.
func (r *Run) Last() bool { return r.stop != "" || r.Epoch >= r.Epochs && r.Batch == 0 }

// Elapsed is the time since the training began or went on.
func (r *Run) Elapsed() time.Duration { return time.Since(r.started) }

// X is the time in epochs: 1.5 in the middle of the second.
func (r *Run) X() float64 {
	if r.atEpochEnd || r.PerEpoch == 0 {
		return float64(r.Epoch)
	}
	return float64(r.Epoch-1) + float64(r.Batch)/float64(r.PerEpoch)
}

// each calls a function of every callback.
func (r *Run) each(f func(c *Callback) func(*Run) error) error {
	for i := range r.callbacks {
		if g := f(&r.callbacks[i]); g != nil {
			if err := g(r); err != nil {
				return err
			}
		}
	}
	return nil
}

// begin starts an epoch.
func (r *Run) begin() {
	r.Mean.Reset()
	r.start = random.States()
}

// restore is called when the loader has drawn the order of an epoch that goes on at batch from.
func (r *Run) restore(from int) func() {
	if from == 0 || r.now == nil {
		return nil
	}
	return func() {
		if err := random.SetStates(r.now); err != nil {
			panic(err) // they were checked when they were read
		}
		r.now = nil
	}
}

func (r *Run) interrupted() error {
	if r.ctx.Err() != nil {
		return &stopError{cause: context.Cause(r.ctx), epoch: r.Epoch, step: r.Step}
	}
	return nil
}

// line is the figures of the epoch in words.
func (r *Run) line() string {
	var b strings.Builder
	fmt.Fprintf(&b, "loss %.4g", r.Mean.Value())
	for _, name := range slices.Sorted(maps.Keys(r.Values)) {
		if name != "train loss" {
			fmt.Fprintf(&b, ", %s %.4g", name, r.Values[name])
		}
	}
	return b.String()
}
