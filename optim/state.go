package optim

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/fathom-ml/fathom/tensor"
)

// State is what an optimizer or a schedule remembers between steps, by name: "lr" and "updates", and of each parameter the number of its
// updates and its memory, e.g. "Hidden.Weight.t" and "Hidden.Weight.m". Numbers are tensors without axes.
type State map[string]*tensor.Tensor

// Stateful is what can be saved and go on from there as if nothing had been between.
type Stateful interface {
	// State is a copy of what is remembered.
	State() State
	// SetState puts it back. Names, shapes and dtypes must be those of the same optimizer on the same model; on an error
	// nothing is changed.
	SetState(s State) error
}

// number and integer make tensors without axes.
func number(v float64) *tensor.Tensor { return tensor.Of([]float64{v}).Reshape() }
func integer(v int) *tensor.Tensor    { return tensor.Of([]int64{int64(v)}).Reshape() }

// take removes a number from s.
func (s State) take(name string, dt tensor.DType) (float64, error) {
	t, ok := s[name]
	if !ok {
		return 0, fmt.Errorf("%s is missing", name)
	}
	if t.Size() != 1 || t.DType() != dt {
		return 0, fmt.Errorf("%s is no %s but %s of shape %v", name, dt, t.DType(), t.Shape())
	}
	delete(s, name)
	return t.AsType(tensor.Float64).Item(), nil
}

// keys are the parameters' paths, with a number behind one that occurs again.
func (b *Base) keys() []string {
	seen := map[string]int{}
	keys := make([]string, len(b.ps))
	for i, p := range b.ps {
		keys[i] = p.Path
		if seen[p.Path]++; seen[p.Path] > 1 {
			keys[i] = fmt.Sprintf("%s#%d", p.Path, seen[p.Path])
		}
	}
	return keys
}

// State is a copy of what the optimizer remembers.
func (b *Base) State() State {
	s := State{"lr": number(b.lr), "updates": integer(b.updates)}
	for i, key := range b.keys() {
		if b.counts[i] == 0 {
			continue
		}
		s[key+".t"] = integer(b.counts[i])
		for _, slot := range b.slots {
			if slot.at[i] != nil {
				s[key+"."+slot.name] = slot.at[i].Clone()
			}
		}
	}
	if m, ok := b.schedule.(Stateful); ok {
		for name, t := range m.State() {
			s["schedule."+name] = t
		}
	}
	return s
}

// SetState puts back what State returned.
func (b *Base) SetState(s State) error {
	if err := b.setState(maps.Clone(s)); err != nil {
		return fmt.Errorf("%s: the state does not fit: %w", b.name, err)
	}
	return nil
}

func (b *Base) setState(s State) error {
	lr, err := s.take("lr", tensor.Float64)
	if err != nil {
		return err
	}
	updates, err := s.take("updates", tensor.Int64)
	if err != nil {
		return err
	}
	counts := make([]int, len(b.ps))
	memory := make([][]*tensor.Tensor, len(b.ps))
	for i, key := range b.keys() {
		memory[i] = make([]*tensor.Tensor, len(b.slots))
		if s[key+".t"] == nil {
			continue
		}
		t, err := s.take(key+".t", tensor.Int64)
		if err != nil {
			return err
		}
		if counts[i] = int(t); t < 1 {
			return fmt.Errorf("%s.t is %v", key, t)
		}
		for k, slot := range b.slots {
			name := key + "." + slot.name
			if m := s[name]; m != nil {
				if err := b.fits(i, m); err != nil {
					return fmt.Errorf("%s: %w", name, err)
				}
				memory[i][k] = m.Detach().Clone()
				delete(s, name)
			}
		}
	}
	plan := State{}
	m, stateful := b.schedule.(Stateful)
	for name, t := range s {
		if rest, ok := strings.CutPrefix(name, "schedule."); ok && stateful {
			plan[rest] = t
			delete(s, name)
		}
	}
	if len(s) > 0 {
		return fmt.Errorf("the optimizer has no %s", strings.Join(slices.Sorted(maps.Keys(s)), ", "))
	}
	if stateful {
		if err := m.SetState(plan); err != nil {
			return err
		}
	}
	b.lr, b.updates, b.counts = lr, int(updates), counts
	for i, p := range b.ps {
		b.values[i], b.restored[i] = nil, false
		if counts[i] == 0 {
			b.forget(i)
		} else if p.HasValue() {
			b.values[i] = p.Value()
		} else {
			b.restored[i] = true
		}
		for k, slot := range b.slots {
			slot.at[i] = memory[i][k]
		}
	}
	return nil
}

// fits says whether m can be memory of parameter i.
func (b *Base) fits(i int, m *tensor.Tensor) error {
	dt := tensor.Float32
	if m.DType() == tensor.Float64 {
		dt = tensor.Float64
	}
	shape := b.ps[i].Shape()
	if p := b.ps[i]; p.HasValue() {
		if dt = p.Value().DType(); dt.IsHalf() {
			dt = tensor.Float32
		}
	} else if shape == nil || slices.Contains(shape, -1) {
		shape = m.Shape()
	}
	if m.DType() != dt || !slices.Equal(m.Shape(), shape) {
		return fmt.Errorf("%s of shape %v for a parameter of shape %v, %s", m.DType(), m.Shape(), shape, dt)
	}
	return nil
}

// State is the states of the groups, those of group k under "k.".
func (g Groups) State() State {
	s := State{}
	for k, o := range g {
		if m, ok := o.(Stateful); ok {
			for name, t := range m.State() {
				s[fmt.Sprintf("%d.%s", k, name)] = t
			}
		}
	}
	return s
}

// SetState puts back what State returned. If a group's part does not fit, no group is changed.
func (g Groups) SetState(s State) error {
	old := g.State()
	parts := g.cut(s)
	n := 0
	for k, o := range g {
		n += len(parts[k])
		if m, ok := o.(Stateful); ok {
			if err := m.SetState(parts[k]); err != nil {
				before := g.cut(old)
				for j := range k {
					if m, ok := g[j].(Stateful); ok {
						_ = m.SetState(before[j]) // which it just returned
					}
				}
				return fmt.Errorf("group %d: %w", k, err)
			}
		}
	}
	if n != len(s) {
		return g.extra(old, n, len(s))
	}
	return nil
}

func (g Groups) extra(old State, have, all int) error {
	for k, part := range g.cut(old) {
		if m, ok := g[k].(Stateful); ok {
			_ = m.SetState(part)
		}
	}
	return fmt.Errorf("groups: the state does not fit: %d of %d tensors belong to no group", all-have, all)
}

// cut is the parts of a state for each group.
func (g Groups) cut(s State) []State {
	parts := make([]State, len(g))
	for k := range g {
		parts[k] = State{}
		for name, t := range s {
			if rest, ok := strings.CutPrefix(name, fmt.Sprintf("%d.", k)); ok {
				parts[k][rest] = t
			}
		}
	}
	return parts
}
