package nn

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/fathom-ml/fathom/tensor"
)

// State is copies of a model's parameters and plain tensor fields, by their paths. Parameters without a value and fields that are nil are left
// out.
func State(model any) map[string]*tensor.Tensor {
	s := map[string]*tensor.Tensor{}
	each(model, func(name string, t *tensor.Tensor) { s[name] = copyOf(t) })
	return s
}

// SetState puts values into a model, as [Load] does: names, shapes and dtypes must agree, parameters without a value take the shape that comes,
// and on an error the model is untouched.
func SetState(model any, values map[string]*tensor.Tensor) error {
	if err := put(named(values), slots(model)); err != nil {
		return fmt.Errorf("nn.SetState: %w", err)
	}
	return nil
}

// each calls f for all parameters that have a value and all plain tensors.
func each(model any, f func(name string, t *tensor.Tensor)) {
	walk(model, func(name string, p *Param) {
		if v := p.peek(); v != nil {
			f(name, v)
		}
	}, func(s state) {
		if s.t != nil {
			f(s.path, s.t)
		}
	})
}

// source is where values come from.
type source interface {
	names() []string
	// kind is the dtype and shape of a value; the error is errAbsent if there is none of that name.
	kind(name string) (tensor.DType, []int, error)
	read(name string) (*tensor.Tensor, error)
}

var errAbsent = errors.New("not there")

type named map[string]*tensor.Tensor

func (v named) names() []string {
	list := make([]string, 0, len(v))
	for n := range v {
		list = append(list, n)
	}
	return list
}

func (v named) kind(name string) (tensor.DType, []int, error) {
	t := v[name]
	if t == nil {
		return 0, nil, errAbsent
	}
	return t.DType(), t.Shape(), nil
}

func (v named) read(name string) (*tensor.Tensor, error) { return copyOf(v[name]), nil }

// slot is a place in a model that a file's array goes to.
type slot struct {
	name     string
	shape    []int         // nil: any; -1: any length
	dtype    *tensor.DType // nil: any, floats for a parameter
	param    bool
	optional bool
	set      func(t *tensor.Tensor)
}

func slots(model any) (list []slot) {
	walk(model, func(name string, p *Param) {
		s := slot{name: name, shape: p.Shape(), param: true, set: p.SetValue}
		if v := p.peek(); v != nil {
			dt := v.DType()
			s.dtype = &dt
		}
		list = append(list, s)
	}, func(st state) {
		s := slot{name: st.path, optional: st.t == nil, set: st.set}
		if st.t != nil {
			dt := st.t.DType()
			s.shape, s.dtype = st.t.Shape(), &dt
		}
		list = append(list, s)
	})
	return list
}

// set writes t into the state's memory, or replaces the field where that cannot be
// done in place.
func (s state) set(t *tensor.Tensor) {
	inPlace := s.t != nil && s.t.IsContiguous() && (s.t.IsLeaf() || !s.t.Recorded())
	if !inPlace && s.at != nil {
		*s.at = t
		return
	}
	s.t.CopyFrom(t)
}

// put checks all that comes from a source and then puts it into the slots.
func put(from source, list []slot) error {
	if err := checkNames(from, list); err != nil {
		return err
	}
	values := make([]*tensor.Tensor, len(list))
	for i, s := range list {
		dt, shape, err := from.kind(s.name)
		if err == errAbsent {
			continue
		}
		if err == nil {
			dt, err = s.check(dt, shape)
		}
		if err == nil {
			values[i], err = from.read(s.name)
		}
		if err != nil {
			return fmt.Errorf("%s: %w", s.name, err)
		}
		values[i] = values[i].AsType(dt)
	}
	for i, s := range list {
		if values[i] != nil {
			s.set(values[i])
		}
	}
	return nil
}

func checkNames(f source, list []slot) error {
	known := map[string]bool{}
	var missing, extra []string
	for _, s := range list {
		known[s.name] = true
		if _, _, err := f.kind(s.name); err == errAbsent && !s.optional {
			missing = append(missing, s.name)
		}
	}
	for _, n := range f.names() {
		if !known[n] {
			extra = append(extra, n)
		}
	}
	var what []string
	if len(missing) > 0 {
		what = append(what, "the file lacks "+names(missing))
	}
	if len(extra) > 0 {
		slices.Sort(extra)
		what = append(what, "the model lacks "+names(extra))
	}
	if what != nil {
		return errors.New(strings.Join(what, "; "))
	}
	return nil
}

// check says whether a value fits, and which dtype it takes in the model. Half-precision
// floats count as float32 where the model does not hold the same halves.
func (s slot) check(dt tensor.DType, shape []int) (tensor.DType, error) {
	if dt.IsHalf() && (s.dtype == nil || *s.dtype != dt) {
		dt = tensor.Float32
	}
	if s.dtype != nil && *s.dtype != dt {
		return dt, fmt.Errorf("the file holds %s, the model %s", dt, *s.dtype)
	}
	if s.param && !dt.IsFloat() {
		return dt, fmt.Errorf("the file holds %s, a parameter holds floats", dt)
	}
	if !fits(s.shape, shape) {
		return dt, fmt.Errorf("the file's shape is %v, the model's %v", shape, s.shape)
	}
	return dt, nil
}

// names lists a few of many names.
func names(list []string) string {
	const most = 5
	if len(list) > most {
		return strings.Join(list[:most], ", ") + fmt.Sprintf(" and %d more", len(list)-most)
	}
	return strings.Join(list, ", ")
}
