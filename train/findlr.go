package train

import (
	"context"
	"fmt"
	"math"

	"github.com/fathom-ml/fathom/nn"
	"github.com/fathom-ml/fathom/optim"
	"github.com/fathom-ml/fathom/plot"
	"github.com/fathom-ml/fathom/tensor/random"
)

// LRSearch is the losses of a training whose learning rate rises; see [FindLR].
type LRSearch struct {
	Rates, Losses []float64 // losses are smoothed
	Suggestion    float64   // the rate at which the loss falls fastest
}

// FindLR trains for at most n updates with a rate that rises from lo to hi by a constant factor, until the loss is four times its least, and suggests the
// rate at which it fell fastest (Smith, 2017). Model, optimizer and random streams are put back to what they were; the optimizer must be
// [optim.Stateful].
func FindLR[B any](ctx context.Context, t Task[B], lo, hi float64, n int) (*LRSearch, error) {
	opt, ok := t.Optimizer.(optim.Stateful)
	if !ok || !(0 < lo && lo < hi) || n < 2 {
		return nil, fmt.Errorf("train: cannot search for a learning rate in [%v, %v] with %d steps of a %T", lo, hi, n, t.Optimizer)
	}
	for _, p := range nn.Parameters(t.Model) {
		if !p.HasValue() {
			return nil, fmt.Errorf("train: %s has no value yet, to which it could be put back: run the model once", p.Path)
		}
	}
	var s LRSearch
	first, before := true, nn.State(t.Model)
	state, streams := opt.State(), random.States()
	least, mean := math.Inf(1), 0.0
	begin := Callback{
		Begin: func(r *Run) error { r.Optimizer.SetLR(lo); return nil },
		Step: func(r *Run) error {
			k := r.Step
			mean = 0.9*mean + 0.1*r.Loss
			smooth := mean / (1 - math.Pow(0.9, float64(k)))
			if math.IsNaN(smooth) || !first && smooth > 4*least || k >= n {
				r.Stop("the search is over")
				return nil
			}
			first = false
			least = min(least, smooth)
			s.Rates, s.Losses = append(s.Rates, r.Optimizer.LR()), append(s.Losses, smooth)
			r.Optimizer.SetLR(lo * math.Pow(hi/lo, float64(k)/float64(n-1)))
			return nil
		},
	}
	err := Fit(ctx, t, math.MaxInt32, begin)
	if e := nn.SetState(t.Model, before); e != nil && err == nil {
		err = fmt.Errorf("train: the model cannot be put back: %w", e)
	}
	if e := opt.SetState(state); e != nil && err == nil {
		err = e
	}
	if e := random.SetStates(streams); e != nil && err == nil {
		err = e
	}
	s.suggest()
	return &s, err
}

// suggest finds the steepest descent over the logarithm of the rate, before the least loss.
func (s *LRSearch) suggest() {
	best, end := 0.0, 0
	for i, l := range s.Losses {
		if l < s.Losses[end] {
			end = i
		}
	}
	for i := 1; i <= end; i++ {
		slope := (s.Losses[i] - s.Losses[i-1]) / math.Log(s.Rates[i]/s.Rates[i-1])
		if slope < best {
			best, s.Suggestion = slope, s.Rates[i]
		}
	}
}

// Figure is the smoothed losses over the rates.
func (s *LRSearch) Figure() *plot.Figure {
	f := plot.New(&plot.Axes{XLabel: "learning rate", YLabel: "loss", XScale: plot.Log, Grid: true, Items: []plot.Item{&plot.Line{X: s.Rates, Y: s.Losses}}})
	f.Alt = fmt.Sprintf("loss over the learning rate; it falls fastest at %.3g", s.Suggestion)
	return f
}
