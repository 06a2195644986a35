package nn

import (
	"fmt"
	"iter"
	"slices"
	"strings"

	"github.com/fathom-ml/fathom/tensor"
)

// LoadError is what is wrong with the values that [LoadFrom] got: all of it.
type LoadError struct {
	Missing []string // the file's names of parameters that have no value: "fc.bias (FC.Bias)"
	Extra   []string // names for which the model has no place
	Misfit  []string // "conv1.weight: the file's shape is [6 1 5 5], the model's [6 3 5 5]"
}

// Error names a few of each kind.
func (e *LoadError) Error() string {
	var what []string
	for _, k := range []struct {
		before string
		list   []string
	}{{"the file lacks ", e.Missing}, {"the model lacks ", e.Extra}, {"", e.Misfit}} {
		if len(k.list) > 0 {
			what = append(what, k.before+names(k.list))
		}
	}
	return "nn.LoadFrom: " + strings.Join(what, "; ")
}

// LoadFrom puts values of another framework into a model: those of a PyTorch file with
//
//	list, err := pt.LoadTensors("resnet18.pth")
//	err = nn.LoadFrom(net, pt.All(list), nn.TorchNames)
//
// and those of a map m with maps.All(m). Options say which value belongs where. Shapes must agree; floats take the dtype of the model, and
// where the model has none yet halves become float32. Parameters without a value take the shape that comes, so that a model needs neither
// [Init] nor a first run before. The running statistics of a BatchNorm may be there or not.
//
// The error is a [*LoadError] that tells all missing, unknown and unfit values at once; the model is untouched then.
func LoadFrom(model any, values iter.Seq2[string, *tensor.Tensor], opts ...ForeignOption) error {
	f := newForeign(opts)
	list := slots(model)
	order, at, err := f.collect(values)
	if err == nil && f.inOrder {
		at, err = f.pair(list, order, at)
	} else if err == nil {
		err = f.clash(list)
	}
	if err != nil {
		return fmt.Errorf("nn.LoadFrom: %w", err)
	}
	wrong := new(LoadError)
	put := make([]*tensor.Tensor, len(list))
	used := map[string]bool{}
	for i, s := range list {
		name := f.slotName(s)
		used[name] = true
		v := at[name]
		if v == nil {
			if !s.optional && !f.missing {
				wrong.Missing = append(wrong.Missing, label(name, s.name))
			}
			continue
		}
		if put[i], err = s.adapt(f.turn(s.name, v)); err != nil {
			wrong.Misfit = append(wrong.Misfit, label(name, s.name)+": "+err.Error())
		}
	}
	for _, n := range order {
		if !f.inOrder && !f.extra && !used[n] {
			wrong.Extra = append(wrong.Extra, n)
		}
	}
	if len(wrong.Missing)+len(wrong.Extra)+len(wrong.Misfit) > 0 {
		return wrong
	}
	for i, s := range list {
		if put[i] != nil {
			s.set(put[i])
		}
	}
	return nil
}

func label(name, path string) string {
	if name == path {
		return name
	}
	return name + " (" + path + ")"
}

// slotName is the key under which a slot's value is found.
func (f *foreign) slotName(s slot) string {
	if f.inOrder {
		return s.name
	}
	return f.name(s.name)
}

// collect makes a map of the values and a list of their names.
func (f *foreign) collect(values iter.Seq2[string, *tensor.Tensor]) (order []string, at map[string]*tensor.Tensor, err error) {
	at = map[string]*tensor.Tensor{}
	for name, t := range f.split(values) {
		switch {
		case accepts(f.ignored, name):
			continue
		case t == nil:
			return nil, nil, fmt.Errorf("%.80q has no tensor", name)
		case at[name] != nil:
			return nil, nil, fmt.Errorf("two values are named %.80q", name)
		}
		order = append(order, name)
		at[name] = t.Detach()
	}
	return order, at, nil
}

// pair gives the values in their order to the slots in theirs.
func (f *foreign) pair(list []slot, order []string, at map[string]*tensor.Tensor) (map[string]*tensor.Tensor, error) {
	must := slices.DeleteFunc(slices.Clone(list), func(s slot) bool { return s.optional })
	if len(order) == len(must) { // without running statistics
		list = must
	}
	if len(order) != len(list) {
		return nil, fmt.Errorf("%d values for %d places in the model", len(order), len(list))
	}
	by := map[string]*tensor.Tensor{}
	for i, s := range list {
		by[s.name] = at[order[i]]
	}
	return by, nil
}

// clash is an error if two places have one name.
func (f *foreign) clash(list []slot) error {
	paths := map[string]string{}
	for _, s := range list {
		n := f.name(s.name)
		if other, ok := paths[n]; ok {
			return fmt.Errorf("%s and %s have one name in the file: %q", other, s.name, n)
		}
		paths[n] = s.name
	}
	return nil
}

// adapt makes of t what the slot takes.
func (s slot) adapt(t *tensor.Tensor) (*tensor.Tensor, error) {
	if s.dtype != nil && s.dtype.IsFloat() && t.DType().IsFloat() {
		t = t.AsType(*s.dtype)
	}
	dt, err := s.check(t.DType(), t.Shape())
	if err != nil {
		return nil, err
	}
	return copyOf(t.AsType(dt)), nil
}
