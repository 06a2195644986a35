package nn

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/fathom-ml/fathom/tensor"
)

// Values are values for a model's parameters and plain tensor fields other than those that it holds: see [Snapshot], [ValuesOf] and [Average].
type Values struct {
	at    map[*Param]*tensor.Tensor
	state map[**tensor.Tensor]*tensor.Tensor
	some  bool // the others are the model's own
}

// Snapshot copies the values of a model. Take it between steps, on
// the goroutine that trains; other goroutines may then evaluate the model with
// [EvalOn] while training goes on, if its layers read their plain tensor fields through [Ctx.State], as the built-in ones do.
func Snapshot(model any) *Values {
	s := &Values{at: map[*Param]*tensor.Tensor{}, state: map[**tensor.Tensor]*tensor.Tensor{}}
	walk(model, func(_ string, p *Param) {
		if v := p.peek(); v != nil {
			s.at[p] = copyOf(v)
		}
	}, func(st state) {
		if st.at != nil && st.t != nil {
			s.state[st.at] = copyOf(st.t)
		} else if st.at != nil {
			s.state[st.at] = nil
		}
	})
	return s
}

// ValuesOf are the given tensors in place of those of the model that have these paths; all others are the model's own. With [TrainOn] gradients
// reach what the tensors were computed from: a model as a function of its weights (PyTorch's functional_call). It panics if a path is not
// there.
func ValuesOf(model any, values map[string]*tensor.Tensor) *Values {
	s := &Values{at: map[*Param]*tensor.Tensor{}, state: map[**tensor.Tensor]*tensor.Tensor{}, some: true}
	left := maps.Clone(values)
	walk(model, func(path string, p *Param) {
		if v, ok := left[path]; ok {
			if !fits(p.Shape(), v.Shape()) {
				panic(p.misfit(p.Shape(), v.Shape()))
			}
			s.at[p] = v
			delete(left, path)
		}
	}, func(st state) {
		if v, ok := left[st.path]; ok && st.at != nil {
			s.state[st.at] = v
			delete(left, st.path)
		}
	})
	if len(left) > 0 {
		panic(&tensor.Error{Op: "nn.ValuesOf", Msg: "the model has no " + strings.Join(slices.Sorted(maps.Keys(left)), ", ")})
	}
	return s
}

func (s *Values) of(p *Param, shape []int) *tensor.Tensor {
	v, ok := s.at[p]
	if !ok && s.some {
		return p.use(shape)
	}
	if !ok {
		panic(&tensor.Error{Op: p.name(), Msg: "the snapshot has no value of this parameter",
			Hint: "run the model once before nn.Snapshot; is the layer reachable through the model's fields?"})
	}
	if len(shape) > 0 && !slices.Equal(shape, v.Shape()) {
		panic(p.misfit(v.Shape(), shape))
	}
	return v
}

// copyOf is a plain copy of v that belongs to no scope and no graph.
func copyOf(v *tensor.Tensor) *tensor.Tensor {
	w := tensor.ZerosOf(v.DType(), v.Shape()...)
	w.CopyFrom(v.Detach())
	return w
}

// Average follows the values of a model as it is trained: an exponential average ([NewEMA]) or the mean of all ([NewSWA]). Evaluate on it
// with nn.EvalOn(a.Values()), or put it into the model with [Average.CopyTo]. Plain tensor fields are those of the last update.
type Average struct {
	model  any
	decay  float64 // 0: the mean
	n      int
	values *Values
}

// NewEMA returns the exponential average: v = decay v + (1-decay) w at each update (Polyak and Juditsky, 1992). It starts at the
// values of the first update, so that no correction is needed. It panics unless 0 < decay < 1.
func NewEMA(model any, decay float64) *Average {
	if !(decay > 0 && decay < 1) {
		panic(&tensor.Error{Op: "nn.NewEMA", Msg: fmt.Sprintf("the decay %v is not between 0 and 1", decay)})
	}
	return &Average{model: model, decay: decay}
}

// NewSWA returns the mean of the values at all updates (stochastic weight averaging, Izmailov et al., 2018).
func NewSWA(model any) *Average { return &Average{model: model} }

// Update takes in the values that the model has now; call it after a step.
func (a *Average) Update() {
	a.n++
	if a.n == 1 {
		a.values = Snapshot(a.model)
		return
	}
	keep := a.decay
	if keep == 0 {
		keep = float64(a.n-1) / float64(a.n)
	}
	now := Snapshot(a.model)
	for p, v := range now.at {
		if old := a.values.at[p]; old != nil {
			old.MulScalarAssign(keep)
			old.AddScaled(1-keep, v)
			now.at[p] = old
		}
	}
	a.values = now
}

// Values is the average, to be evaluated on; nil before the first update. The next update changes it.
func (a *Average) Values() *Values { return a.values }

// CopyTo puts the average into the parameters of the model itself. (For a model trained with batch normalisation and [NewSWA], run some batches
// through it in training afterwards: its running statistics are those of other weights.)
func (a *Average) CopyTo() {
	for p, v := range a.values.at {
		p.SetValue(v)
	}
}
