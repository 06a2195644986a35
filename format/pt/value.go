package pt

import (
	"errors"
	"fmt"
	"iter"
	"strconv"

	"github.com/fathom-ml/fathom/tensor"
)

// List is a Python list or set.
type List struct{ Items []any }

// Tuple is a Python tuple.
type Tuple []any

// DType is a torch.dtype, by its name: "float32".
type DType string

// Device is a torch.device, as it is written: "cuda:0".
type Device string

// Dict is a Python dict in its order. Its keys are strings, int64, float64, bools or nil.
type Dict struct {
	keys   []any
	values map[any]any
}

// Len is the number of keys.
func (d *Dict) Len() int { return len(d.keys) }

// Get is the value of a key, nil if it is not there.
func (d *Dict) Get(key any) any { return d.values[key] }

// All ranges over keys and values in their order.
func (d *Dict) All() iter.Seq2[any, any] {
	return func(yield func(any, any) bool) {
		for _, k := range d.keys {
			if !yield(k, d.values[k]) {
				return
			}
		}
	}
}

func (d *Dict) set(key, value any) error {
	switch key.(type) {
	case nil, bool, int64, float64, string, DType, Device:
	default:
		return fmt.Errorf("a dict with a %s as key is not read", kindOf(key))
	}
	if _, ok := d.values[key]; !ok {
		d.keys = append(d.keys, key)
	}
	if d.values == nil {
		d.values = map[any]any{}
	}
	d.values[key] = value
	return nil
}

// kindOf is a value's type for messages.
func kindOf(v any) string {
	switch v := v.(type) {
	case nil:
		return "None"
	case *List:
		return "list"
	case *Dict:
		return "dict"
	case Tuple:
		return "tuple"
	case *tensor.Tensor:
		return "tensor"
	case global:
		return v.String()
	case *storage:
		return "storage"
	}
	return fmt.Sprintf("%T", v)
}

// Entry is a tensor and its name.
type Entry struct {
	Name   string
	Tensor *tensor.Tensor
}

// All ranges over entries as names and tensors, which is what nn.LoadFrom takes.
func All(list []Entry) iter.Seq2[string, *tensor.Tensor] {
	return func(yield func(string, *tensor.Tensor) bool) {
		for _, e := range list {
			if !yield(e.Name, e.Tensor) {
				return
			}
		}
	}
}

// LoadTensors reads the tensors of the file at path: [Tensors] of [Load].
func LoadTensors(path string) ([]Entry, error) {
	v, err := Load(path)
	if err != nil {
		return nil, err
	}
	list, err := Tensors(v)
	if err != nil {
		return nil, fmt.Errorf("%w (in %s)", err, path)
	}
	return list, nil
}

// Tensors lists the tensors in an object that [Load] read, in their order. The name of a tensor is made of the keys and places that lead to
// it, with dots between: "model.layers.0.weight" for v["model"]["layers"][0]["weight"]; that of a state dict is its key. Other values are left
// out. It is an error if two tensors get one name, and if the object is nested without end.
func Tensors(v any) ([]Entry, error) {
	c := collector{seen: map[string]bool{}}
	if err := c.visit("", v, 0); err != nil {
		return nil, fmt.Errorf("pt: %w", err)
	}
	return c.list, nil
}

type collector struct {
	list   []Entry
	seen   map[string]bool
	visits int
}

func (c *collector) visit(name string, v any, depth int) error {
	const deepest, most, longest = 100, 1 << 17, 1 << 10
	if c.visits++; depth > deepest || c.visits > most || len(name) > longest {
		return errors.New("the object is nested too deep, or holds itself")
	}
	under := func(key string, v any) error {
		switch v.(type) {
		case *tensor.Tensor, *Dict, *List, Tuple:
		default:
			return nil
		}
		if name != "" {
			key = name + "." + key
		}
		return c.visit(key, v, depth+1)
	}
	switch v := v.(type) {
	case *tensor.Tensor:
		if c.seen[name] {
			return fmt.Errorf("two tensors are named %.80q", name)
		}
		c.seen[name] = true
		c.list = append(c.list, Entry{name, v})
	case *Dict:
		for k, x := range v.All() {
			if err := under(fmt.Sprint(k), x); err != nil {
				return err
			}
		}
	case *List:
		return c.visit(name, Tuple(v.Items), depth)
	case Tuple:
		for i, x := range v {
			if err := under(strconv.Itoa(i), x); err != nil {
				return err
			}
		}
	}
	return nil
}
