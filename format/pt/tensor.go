package pt

import (
	"bytes"
	"errors"
	"fmt"
	"slices"

	"github.com/fathom-ml/fathom/tensor/elem"
)

// storage is the memory of tensors.
type storage struct {
	key  string
	kind elem.Type
	data []byte
}

// persistent reads a storage: ("storage", its type, key, device, number of elements).
func (m *machine) persistent() error {
	v, err := m.pop()
	if err != nil {
		return err
	}
	id, _ := v.(Tuple)
	if len(id) != 5 || id[0] != "storage" {
		return errors.New("a reference that is no storage")
	}
	g, _ := id[1].(global)
	kind, known := kinds[g.name]
	key, isName := id[2].(string)
	n, isInt := id[4].(int64)
	if !known || g.module != "torch" || !isName || !isInt {
		return errors.New("a storage without a type, key or length")
	}
	s, err := m.storage(key, kind, n)
	m.push(s)
	return err
}

func (m *machine) storage(key string, kind elem.Type, n int64) (*storage, error) {
	if s := m.storages[key]; s != nil {
		if s.kind != kind {
			return nil, fmt.Errorf("storage %.80q is of %s and of %s", key, s.kind, kind)
		}
		return s, nil
	}
	data, err := m.archive.bytes("data/" + key)
	if err != nil {
		return nil, err
	}
	if n < 0 || n > int64(len(data)) || n*int64(kind.Size()) != int64(len(data)) {
		return nil, fmt.Errorf("storage %.80q has %d bytes, which are not %d of %s", key, len(data), n, kind)
	}
	s := &storage{key, kind, data}
	if m.storages == nil {
		m.storages = map[string]*storage{}
	}
	m.storages[key] = s
	return s, nil
}

// tensor makes a tensor of (storage, offset, shape, strides, ...). The flags of versions 2, gradient and hooks, are left out; a
// last one, of bits that are not in the bytes, must be empty.
func (m *machine) tensor(args Tuple) (any, error) {
	if len(args) < 4 || len(args) > 7 {
		return nil, errArguments
	}
	s, ok := args[0].(*storage)
	if !ok {
		return nil, errArguments
	}
	if len(args) == 7 && !plain(args[6]) {
		return nil, errors.New("a conjugate or negative view: save what resolve_conj().resolve_neg() gives")
	}
	return m.view(s, s.kind, args[1:4])
}

// tensor3 makes a tensor of (untyped storage, offset, shape, strides, gradient, hooks, dtype, ...).
func (m *machine) tensor3(args Tuple) (any, error) {
	if len(args) != 7 && len(args) != 8 {
		return nil, errArguments
	}
	s, ok := args[0].(*storage)
	d, isType := args[6].(DType)
	if !ok || !isType || s.kind != elem.U8 {
		return nil, errArguments
	}
	if len(args) == 8 && !plain(args[7]) {
		return nil, errors.New("a conjugate or negative view: save what resolve_conj().resolve_neg() gives")
	}
	return m.view(s, dtypes[string(d)], args[1:4])
}

func plain(meta any) bool {
	if meta == nil {
		return true
	}
	d, ok := meta.(*Dict)
	return ok && d.Len() == 0
}

// view makes the tensor at (offset, shape, strides), counted in elements of a kind.
func (m *machine) view(s *storage, kind elem.Type, at Tuple) (any, error) {
	offset, ok := at[0].(int64)
	shape, ok1 := ints(at[1])
	strides, ok2 := ints(at[2])
	if !ok || !ok1 || !ok2 || len(shape) != len(strides) {
		return nil, errArguments
	}
	name := fmt.Sprint(s.key, "\x00", kind, offset, shape, strides)
	if v, ok := m.views[name]; ok {
		return v, nil
	}
	n, err := elem.Len(kind.Size(), shape)
	if err != nil {
		return nil, err
	}
	if err := inside(int64(len(s.data)/kind.Size()), offset, shape, strides); err != nil {
		return nil, fmt.Errorf("storage %.80q: %w", s.key, err)
	}
	if n > maxTotal*m.archive.size-m.taken {
		return nil, fmt.Errorf("the tensors take more than %d times the bytes of the file", maxTotal)
	}
	m.taken += n
	b := gather(s.data, kind.Size(), int(n), int(offset), shape, strides)
	x, err := elem.NewReader(bytes.NewReader(b), n).Tensor(kind, m.archive.order, shape)
	if err != nil {
		return nil, err
	}
	if m.views == nil {
		m.views = map[string]any{}
	}
	m.views[name] = x
	return x, nil
}

func ints(v any) ([]int, bool) {
	t, ok := v.(Tuple)
	if !ok || len(t) > elem.MaxRank {
		return nil, false
	}
	list := make([]int, len(t))
	for i, x := range t {
		n, ok := x.(int64)
		if !ok || int64(int(n)) != n {
			return nil, false
		}
		list[i] = int(n)
	}
	return list, true
}

// inside is an error unless all elements lie among the n of a storage; the shape was checked by elem.Len.
func inside(n, offset int64, shape, strides []int) error {
	if slices.Contains(shape, 0) {
		return nil // nothing is read
	}
	last, bad := offset, offset < 0 || offset >= n
	for i, d := range shape {
		step := int64(strides[i])
		if bad = bad || step < 0 || d > 1 && step > (n-1-last)/int64(d-1); bad {
			break
		}
		last += step * int64(d-1)
	}
	if bad {
		return fmt.Errorf("shape %v, strides %v from %d on leave its %d elements", shape, strides, offset, n)
	}
	return nil
}

// gather brings n bytes of a view into row-major order.
func gather(data []byte, size, n, offset int, shape, strides []int) []byte {
	if n == 0 {
		return nil
	}
	run, k := 1, len(shape) // the last axes, from k on, lie one after the other
	for k > 0 && (shape[k-1] == 1 || strides[k-1] == run) {
		k--
		run *= shape[k]
	}
	if k == 0 {
		return data[offset*size : offset*size+n]
	}
	out := make([]byte, 0, n)
	idx := make([]int, k)
	for {
		out = append(out, data[offset*size:(offset+run)*size]...)
		a := k - 1
		for ; a >= 0; a-- {
			idx[a]++
			offset += strides[a]
			if idx[a] < shape[a] {
				break
			}
			offset -= strides[a] * shape[a]
			idx[a] = 0
		}
		if a < 0 {
			return out
		}
	}
}
