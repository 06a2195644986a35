package nn

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/fathom-ml/fathom/format/safetensors"
	"github.com/fathom-ml/fathom/tensor"
)

// Save writes a model's parameters and plain tensor fields to a safetensors file,
// named by their paths (5.5). The file is replaced as a whole or not at all. It is
// an error if a parameter has no value yet.
func Save(path string, model any) error {
	var arrays []safetensors.Array
	var missing []string
	add := func(name string, t *tensor.Tensor) {
		arrays = append(arrays, safetensors.FromTensor(name, t))
	}
	walk(model, func(name string, p *Param) {
		if v := p.peek(); v != nil {
			add(name, v)
		} else {
			missing = append(missing, name)
		}
	}, func(s state) {
		if s.t != nil {
			add(s.path, s.t)
		}
	})
	if len(missing) > 0 {
		return fmt.Errorf("nn.Save %s: no value yet: %s (run the model once)", path, names(missing))
	}
	if err := safetensors.WriteFile(path, arrays, nil); err != nil {
		return fmt.Errorf("nn.Save: %w", err)
	}
	return nil
}

// Load reads a file written by [Save] into a model of the same structure. Names,
// shapes and dtypes must agree, but half-precision floats (F16, BF16) go into float32; parameters that have no value yet take the
// file's shape, and plain tensor fields that are nil may be in the file or not.
// On an error the model is untouched.
func Load(path string, model any) error {
	f, err := safetensors.Open(path)
	if err != nil {
		return fmt.Errorf("nn.Load: %w", err)
	}
	defer f.Close()
	if err := load(f, model); err != nil {
		return fmt.Errorf("nn.Load %s: %w", path, err)
	}
	return nil
}

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

func load(f *safetensors.File, model any) error {
	list := slots(model)
	if err := checkNames(f, list); err != nil {
		return err
	}
	values := make([]*tensor.Tensor, len(list))
	for i, s := range list {
		info, ok := f.Info(s.name)
		if !ok {
			continue
		}
		dt, err := s.check(info)
		if err == nil {
			values[i], err = f.Tensor(s.name)
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

func checkNames(f *safetensors.File, list []slot) error {
	known := map[string]bool{}
	var missing, extra []string
	for _, s := range list {
		known[s.name] = true
		if _, ok := f.Info(s.name); !ok && !s.optional {
			missing = append(missing, s.name)
		}
	}
	for _, n := range f.Names() {
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

// check says whether an array of the file fits, and which dtype it takes in the model. Half-precision
// floats count as float32 where the model does not hold the same halves.
func (s slot) check(info safetensors.Info) (tensor.DType, error) {
	dt, ok := info.DType.TensorType()
	if !ok {
		return dt, fmt.Errorf("the file holds %s, which tensors cannot", info.DType)
	}
	if dt.IsHalf() && (s.dtype == nil || *s.dtype != dt) {
		dt = tensor.Float32
	}
	if s.dtype != nil && *s.dtype != dt {
		return dt, fmt.Errorf("the file holds %s, the model %s", dt, *s.dtype)
	}
	if s.param && !dt.IsFloat() {
		return dt, fmt.Errorf("the file holds %s, a parameter holds floats", dt)
	}
	if !fits(s.shape, info.Shape) {
		return dt, fmt.Errorf("the file's shape is %v, the model's %v", info.Shape, s.shape)
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
