package train

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"math"
	"slices"

	"github.com/fathom-ml/fathom/metric"
	"github.com/fathom-ml/fathom/nn"
	"github.com/fathom-ml/fathom/optim"
	"github.com/fathom-ml/fathom/plot"
	"github.com/fathom-ml/fathom/show"
	"github.com/fathom-ml/fathom/tensor"
)

// Progress shows a progress line with the time left, the loss, and the figures of the last epoch. The display's context is not that of [Fit]: pass
// d.Context() there.
func Progress(d show.Display) Callback {
	var bar show.Progress
	return Callback{
		Name: "progress",
		Begin: func(r *Run) error {
			bar = d.Progress("training", r.Epochs*r.PerEpoch)
			if done := r.done(); done > 0 {
				bar.Add(done)
			}
			return nil
		},
		Step: func(r *Run) error {
			bar.Add(r.done() - r.shown)
			r.shown = r.done()
			if r.Batch == r.PerEpoch || r.Step%10 == 0 {
				bar.Note(fmt.Sprintf("epoch %d, %s", r.Epoch, r.line()))
			}
			return nil
		},
		Epoch: func(r *Run) error { bar.Note(fmt.Sprintf("epoch %d, %s", r.Epoch, r.line())); return nil },
		End:   func(r *Run, err error) error { bar.Done(); return nil },
	}
}

// done is the number of batches done in all epochs.
func (r *Run) done() int {
	if r.Batch == 0 {
		return r.Epoch * r.PerEpoch
	}
	return (r.Epoch-1)*r.PerEpoch + r.Batch
}

// Chart draws the named figures over the epochs as they come, "train loss" if none is named; each is a metric of the display as well. At the end the
// last value of each is a result.
func Chart(d show.Display, names ...string) Callback {
	if len(names) == 0 {
		names = []string{"train loss"}
	}
	axes := &plot.Axes{XLabel: "epoch", Legend: true, Grid: true}
	lines := make([]*plot.Line, len(names))
	for i, n := range names {
		lines[i] = &plot.Line{Label: n, Format: []string{"-", "m--", "g-.", "r:"}[i%4]}
		axes.Add(lines[i])
	}
	fig := plot.New(axes)
	var live show.Live
	return Callback{
		Name: "chart",
		Begin: func(r *Run) error {
			axes.XLim = plot.Range{Min: 1, Max: float64(max(r.Epochs, 2))}
			fig.Alt = fmt.Sprintf("curves of %v over %d epochs", names, r.Epochs)
			live = d.Live("training", fig)
			return nil
		},
		Epoch: func(r *Run) error {
			for i, n := range names {
				v, ok := r.Values[n]
				if !ok {
					continue
				}
				lines[i].X, lines[i].Y = append(lines[i].X, float64(r.Epoch)), append(lines[i].Y, v)
				d.Metric(n, r.Epoch, float64(r.Epoch), v)
			}
			live.Update()
			return nil
		},
		End: func(r *Run, err error) error {
			live.Done()
			for _, n := range names {
				if v, ok := r.Values[n]; ok && err == nil {
					d.Result(n, v)
				}
			}
			return nil
		},
	}
}

// Track follows metrics that the task's loss updates, e.g. with the predictions of the batch: each is reset when an epoch begins, and its value at the end is
// one of the run's figures, under the metric's name behind "train ".
func Track(metrics ...metric.Metric) Callback {
	reset := func() {
		for _, m := range metrics {
			m.Reset()
		}
	}
	return Callback{
		Name:  "metrics",
		Begin: func(r *Run) error { reset(); return nil },
		Epoch: func(r *Run) error {
			for _, m := range metrics {
				r.Values["train "+m.Name()] = m.Value()
			}
			reset()
			return nil
		},
	}
}

// Validate calls f after each epoch with an evaluation context in a memory scope of its own, and makes what it returns figures of the run.
func Validate(f func(r *Run) (map[string]float64, error)) Callback {
	return Callback{
		Name: "validation",
		Epoch: func(r *Run) error {
			values, err := f(r)
			if err != nil {
				return fmt.Errorf("train: validation: %w", err)
			}
			maps.Copy(r.Values, values)
			return nil
		},
	}
}

// Evaluate runs f over all batches in evaluation, each in a memory scope of its own, and takes in the losses that it returns; it may update
// metrics. It returns the mean loss.
func Evaluate[B any](r *Run, batches Source[B], f func(c *nn.Ctx, b B) *tensor.Tensor) (float64, error) {
	var mean metric.Mean
	for b := range batches.All(r.ctx) {
		func() {
			s := tensor.NewScope()
			defer s.Close()
			l := f(nn.Eval(nn.In(s)), b)
			mean.Add(l.Detach().Mean().Item(), float64(max(l.Size(), 1)))
		}()
	}
	return mean.Value(), batches.Err()
}

// Early is an option of [EarlyStopping].
type Early func(e *early)

// Rising says that the figure should rise, as an accuracy does.
func Rising() Early { return func(e *early) { e.rising = true } }

// Least is by how much a figure must be better to count, 0 unless given.
func Least(d float64) Early { return func(e *early) { e.least = d } }

// RestoreBest puts the values of the best epoch back into the model at the end.
func RestoreBest() Early { return func(e *early) { e.restore = true } }

type early struct {
	name            string
	patience        int
	rising, restore bool
	least           float64

	seen      bool
	best      float64
	bad       int
	bestState map[string]*tensor.Tensor
}

// EarlyStopping ends the training when a figure of the run has not become better for more than patience epochs in a row (4.4).
func EarlyStopping(name string, patience int, opts ...Early) Callback {
	e := &early{name: name, patience: patience}
	for _, f := range opts {
		f(e)
	}
	return Callback{
		Name: "early stopping",
		Epoch: func(r *Run) error {
			v, ok := r.Values[name]
			if !ok {
				return fmt.Errorf("train: early stopping: there is no figure %q among %v", name, slices.Sorted(maps.Keys(r.Values)))
			}
			better := !e.seen || v < e.best-e.least
			if e.rising {
				better = !e.seen || v > e.best+e.least
			}
			if better && !math.IsNaN(v) {
				e.best, e.bad, e.seen = v, 0, true
				if e.restore {
					e.bestState = nn.State(r.Model)
				}
				return nil
			}
			if e.bad++; e.bad > e.patience {
				r.Stop(fmt.Sprintf("%s was no better than %.4g for %d epochs", name, e.best, e.bad))
			}
			return nil
		},
		End: func(r *Run, err error) error {
			if e.bestState == nil || err != nil {
				return nil
			}
			return nn.SetState(r.Model, e.bestState)
		},
		Saved: e,
	}
}

// State is the best figure, the count, and the best values of the model.
func (e *early) State() optim.State {
	seen := int64(0)
	if e.seen {
		seen = 1
	}
	s := optim.State{"best": tensor.Of([]float64{e.best}), "bad": tensor.Of([]int64{int64(e.bad)}), "seen": tensor.Of([]int64{seen})}
	for name, t := range e.bestState {
		s["model/"+name] = t
	}
	return s
}

// SetState puts back what State returned.
func (e *early) SetState(s optim.State) error {
	for _, name := range []string{"best", "bad", "seen"} {
		if s[name] == nil || s[name].Size() != 1 {
			return fmt.Errorf("early stopping: %s is missing", name)
		}
	}
	e.best, e.bad, e.seen = s["best"].At(0), int(s["bad"].At(0)), s["seen"].At(0) == 1
	for name, t := range s {
		if len(name) > 6 && name[:6] == "model/" {
			if e.bestState == nil {
				e.bestState = map[string]*tensor.Tensor{}
			}
			e.bestState[name[6:]] = t
		}
	}
	return nil
}

// Schedule sets the learning rate of epoch k, counted from 1, to s.At(k-1). (For a rate that changes with every update give the optimizer the
// option [optim.WithSchedule].)
func Schedule(s optim.Schedule) Callback {
	return Callback{
		Name:  "schedule",
		Begin: func(r *Run) error { r.Optimizer.SetLR(s.At(max(r.done()/max(r.PerEpoch, 1), 0))); return nil },
		Epoch: func(r *Run) error { r.Optimizer.SetLR(s.At(r.Epoch)); return nil },
	}
}

// Plateau lowers the learning rate when a figure of the run stays as it is; see [optim.Plateau].
func Plateau(name string, p *optim.Plateau) Callback {
	return Callback{
		Name:  "plateau",
		Epoch: func(r *Run) error { p.Step(r.Optimizer, r.Values[name]); return nil },
		Saved: p,
	}
}

// JSONLines writes a line for every update, {"step":1,"epoch":0.1,"loss":2.3,"lr":0.1}, and one for every epoch with its figures. NaN and infinite
// numbers are left out.
func JSONLines(w io.Writer) Callback {
	enc := json.NewEncoder(w)
	write := func(r *Run, values map[string]float64) error {
		line := map[string]float64{"step": float64(r.Step), "epoch": r.X(), "lr": r.Optimizer.LR()}
		for name, v := range values {
			if !math.IsNaN(v) && !math.IsInf(v, 0) {
				line[name] = v
			}
		}
		if err := enc.Encode(line); err != nil {
			return fmt.Errorf("train: JSON lines: %w", err)
		}
		return nil
	}
	return Callback{
		Name:  "json",
		Step:  func(r *Run) error { return write(r, map[string]float64{"loss": r.Loss}) },
		Epoch: func(r *Run) error { return write(r, r.Values) },
	}
}
