package optim

import (
	"fmt"
	"maps"
	"math"
	"slices"

	"github.com/fathom-ml/fathom/tensor"
)

// Plateau lowers the learning rate when a loss no longer falls: after more than Patience epochs in a row without an improvement, the rate is
// multiplied by Factor, and Cooldown epochs are waited before counting again (PyTorch's ReduceLROnPlateau). Make one with [NewPlateau]
// and change its fields before the first use.
type Plateau struct {
	Factor    float64 // 0.1
	Patience  int     // 10 epochs
	Cooldown  int     // 0 epochs
	Threshold float64 // 0.0001: an improvement is a loss below best (1 - Threshold)
	Least     float64 // 0: the rate does not fall below
	Rising    bool    // the value is one that should rise, such as an accuracy: better is above best (1 + Threshold)

	best    float64
	started bool
	bad     int // epochs without improvement
	wait    int // of Cooldown
}

// NewPlateau returns a Plateau with the numbers that stand beside its fields.
func NewPlateau() *Plateau { return &Plateau{Factor: 0.1, Patience: 10, Threshold: 1e-4} }

// Step takes in the value of an epoch, lowers the rate of opt if it is time, and says whether it did.
func (p *Plateau) Step(opt Optimizer, value float64) bool {
	better := value < p.best*(1-p.Threshold)
	if p.Rising {
		better = value > p.best*(1+p.Threshold)
	}
	if better || !p.started && !math.IsNaN(value) {
		p.best, p.started, p.bad = value, true, 0
	} else {
		p.bad++
	}
	if p.wait > 0 {
		p.wait--
		p.bad = 0
	}
	if p.bad <= p.Patience {
		return false
	}
	p.wait, p.bad = p.Cooldown, 0
	lr := max(opt.LR()*p.Factor, p.Least)
	if opt.LR()-lr <= 1e-8 {
		return false
	}
	opt.SetLR(lr)
	return true
}

// State is the best value and the counts.
func (p *Plateau) State() State {
	started := 0
	if p.started {
		started = 1
	}
	return State{"best": number(p.best), "started": integer(started), "bad": integer(p.bad), "wait": integer(p.wait)}
}

// SetState puts back what State returned.
func (p *Plateau) SetState(s State) error {
	s = maps.Clone(s)
	v := map[string]float64{}
	for name, dt := range map[string]tensor.DType{"best": tensor.Float64, "started": tensor.Int64, "bad": tensor.Int64, "wait": tensor.Int64} {
		x, err := s.take(name, dt)
		if err != nil {
			return fmt.Errorf("plateau: the state does not fit: %w", err)
		}
		v[name] = x
	}
	if len(s) > 0 {
		return fmt.Errorf("plateau: the state does not fit: there is no %v", slices.Sorted(maps.Keys(s)))
	}
	p.best, p.started, p.bad, p.wait = v["best"], v["started"] == 1, int(v["bad"]), int(v["wait"])
	return nil
}
