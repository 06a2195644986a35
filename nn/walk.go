package nn

import (
	"reflect"
	"slices"
	"strconv"
	"strings"
	"unsafe"

	"github.com/fathom-ml/fathom/tensor"
)

var (
	paramType  = reflect.TypeFor[Param]()
	tensorType = reflect.TypeFor[tensor.Tensor]()
)

// state is a plain tensor field of a model: a constant or a running statistic.
type state struct {
	path string
	t    *tensor.Tensor
	at   **tensor.Tensor // nil if the field cannot be set
}

// walker visits every Param and every plain tensor of a model once, in field order.
type walker struct {
	param func(path string, p *Param)
	state func(s state)
	place func(path string, p unsafe.Pointer, t reflect.Type) // each pointer, slice and map; may be nil
	seen  map[place]bool
	paths map[string]bool
}

// place is a type at an address: a struct and its first field share the address.
type place struct {
	p unsafe.Pointer
	t reflect.Type
	n int
}

func walk(model any, param func(path string, p *Param), st func(s state)) {
	w := &walker{param: param, state: st, seen: map[place]bool{}, paths: map[string]bool{}}
	w.visit("", reflect.ValueOf(model))
}

func join(path, name string) string {
	if path == "" || name == "" {
		return path + name
	}
	return path + "." + name
}

// again says whether the place was visited before, and notes it.
func (w *walker) again(p unsafe.Pointer, t reflect.Type, n int) bool {
	k := place{p, t, n}
	if w.seen[k] {
		return true
	}
	w.seen[k] = true
	return false
}

func (w *walker) visit(path string, v reflect.Value) {
	if w.place != nil {
		switch v.Kind() {
		case reflect.Pointer, reflect.Slice, reflect.Map:
			w.place(path, v.UnsafePointer(), v.Type())
		case reflect.Struct:
			if v.CanAddr() {
				w.place(path, v.Addr().UnsafePointer(), reflect.PointerTo(v.Type()))
			}
		}
	}
	switch v.Kind() {
	case reflect.Interface:
		if !v.IsNil() {
			w.visit(path, v.Elem())
		}
	case reflect.Pointer:
		w.pointer(path, v)
	case reflect.Slice:
		if v.Len() > 0 && !leafKind(v.Type().Elem().Kind()) && !w.again(v.UnsafePointer(), v.Type(), v.Len()) {
			w.elements(path, v)
		}
	case reflect.Array:
		if !leafKind(v.Type().Elem().Kind()) {
			w.elements(path, v)
		}
	case reflect.Map:
		w.entries(path, v)
	case reflect.Struct:
		w.fields(path, v)
	}
}

func (w *walker) pointer(path string, v reflect.Value) {
	isTensor := v.Type().Elem() == tensorType
	if isTensor && v.CanAddr() {
		at := (**tensor.Tensor)(v.Addr().UnsafePointer())
		w.found(path, *at, at)
		return
	}
	if v.IsNil() {
		return
	}
	if isTensor {
		w.found(path, (*tensor.Tensor)(v.UnsafePointer()), nil)
		return
	}
	if !w.again(v.UnsafePointer(), v.Type().Elem(), 0) {
		w.visit(path, v.Elem())
	}
}

func (w *walker) found(path string, t *tensor.Tensor, at **tensor.Tensor) {
	if w.state == nil || t != nil && w.again(unsafe.Pointer(t), tensorType, 0) {
		return
	}
	w.once(path)
	w.state(state{path, t, at})
}

func (w *walker) elements(path string, v reflect.Value) {
	for i := range v.Len() {
		w.visit(join(path, strconv.Itoa(i)), v.Index(i))
	}
}

func (w *walker) fields(path string, v reflect.Value) {
	switch t := v.Type(); t {
	case paramType:
		if !v.CanAddr() {
			panic(&tensor.Error{Op: "nn.Parameters", Msg: path + " is a parameter inside a copied struct", Hint: "hold the layer by pointer"})
		}
		w.once(path)
		w.param(path, (*Param)(v.Addr().UnsafePointer()))
	case tensorType:
		// a tensor's own fields are not the model's
	default:
		for i := range v.NumField() {
			f := t.Field(i)
			if f.Tag.Get("nn") == "-" {
				continue
			}
			name := f.Name
			if f.Anonymous {
				name = ""
			}
			w.visit(join(path, name), v.Field(i))
		}
	}
}

// once refuses two things under one path, as a field that hides an embedded one.
func (w *walker) once(path string) {
	if w.paths[path] {
		panic(&tensor.Error{Op: "nn.Parameters", Msg: "two fields have the path " + path, Hint: "rename one of them, or exclude it with the tag `nn:\"-\"`"})
	}
	w.paths[path] = true
}

// entries visits a map in the order of its keys, which are texts; of other maps nobody could say an order.
func (w *walker) entries(path string, v reflect.Value) {
	if !typeMayHold(v.Type(), map[reflect.Type]bool{}) {
		return
	}
	if v.Type().Key().Kind() != reflect.String {
		w.refuse(path, v)
		return
	}
	if v.Len() == 0 || w.again(v.UnsafePointer(), v.Type(), 0) {
		return
	}
	for _, k := range sortedKeys(v) {
		w.visit(join(path, k.String()), v.MapIndex(k))
	}
}

// sortedKeys are the keys of a map of texts in order.
func sortedKeys(v reflect.Value) []reflect.Value {
	keys := v.MapKeys()
	slices.SortFunc(keys, func(a, b reflect.Value) int { return strings.Compare(a.String(), b.String()) })
	return keys
}

// refuse panics if a map without an order may hold something to learn.
func (w *walker) refuse(path string, v reflect.Value) {
	for it := v.MapRange(); it.Next(); {
		if mayHold(it.Key(), map[reflect.Type]bool{}) || mayHold(it.Value(), map[reflect.Type]bool{}) {
			panic(&tensor.Error{Op: "nn.Parameters", Msg: path + " is a map whose keys are no texts: its order is random",
				Hint: "use texts as keys, a slice or fields, or exclude it with the tag `nn:\"-\"`"})
		}
	}
}

// mayHold says whether a map's key or value can lead to a parameter or a tensor.
func mayHold(v reflect.Value, seen map[reflect.Type]bool) bool {
	for v.Kind() == reflect.Interface && !v.IsNil() {
		v = v.Elem()
	}
	return typeMayHold(v.Type(), seen)
}

func typeMayHold(t reflect.Type, seen map[reflect.Type]bool) bool {
	if t == paramType || t == tensorType {
		return true
	}
	if seen[t] {
		return false
	}
	seen[t] = true
	switch t.Kind() {
	case reflect.Interface:
		return true
	case reflect.Pointer, reflect.Slice, reflect.Array:
		return typeMayHold(t.Elem(), seen)
	case reflect.Map:
		return typeMayHold(t.Key(), seen) || typeMayHold(t.Elem(), seen)
	case reflect.Struct:
		for i := range t.NumField() {
			if typeMayHold(t.Field(i).Type, seen) {
				return true
			}
		}
	}
	return false
}

// leafKind says whether values of a kind lead nowhere, so that long slices of
// them are not looked through.
func leafKind(k reflect.Kind) bool {
	return k >= reflect.Bool && k <= reflect.Complex128 || k == reflect.String || k == reflect.Func || k == reflect.Chan
}

// KeepState lifts what the model's plain tensor fields hold out of a scope, so that
// the running statistics that a layer assigned during the step survive its end.
func KeepState(model any, s *tensor.Scope) {
	walk(model, func(string, *Param) {}, func(st state) {
		if st.t != nil {
			s.Keep(st.t)
		}
	})
}
