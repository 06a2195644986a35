package nn

import (
	"fmt"
	"reflect"

	"github.com/fathom-ml/fathom/tensor"
)

// Clone returns a copy of a model with values of its own: what two layers share in the model, their copies share. Parts that cannot lead to a
// parameter or tensor (activations, functions, options) are the same in both. It panics if a function or channel would have to be copied.
func Clone[M any](model M) M {
	c := cloner{}
	v := reflect.ValueOf(&model).Elem()
	out := reflect.New(v.Type()).Elem()
	c.copy(out, v)
	return out.Interface().(M)
}

// CopyValues gives dst the values of src, a model of the same structure. On an error dst is untouched.
func CopyValues(dst, src any) error { return SetState(dst, State(src)) }

// cloner knows the copies of what was met.
type cloner map[place]reflect.Value

// open makes an unexported field usable.
func open(v reflect.Value) reflect.Value {
	if v.CanAddr() {
		return reflect.NewAt(v.Type(), v.Addr().UnsafePointer()).Elem()
	}
	return v
}

func (c cloner) copy(dst, src reflect.Value) {
	dst, src = open(dst), open(src)
	if !typeMayHold(src.Type(), map[reflect.Type]bool{}) {
		dst.Set(src)
		return
	}
	switch src.Kind() {
	case reflect.Pointer:
		c.pointer(dst, src)
	case reflect.Interface:
		if !src.IsNil() {
			at := reflect.New(src.Elem().Type()).Elem()
			from := reflect.New(src.Elem().Type()).Elem() // addressable
			from.Set(src.Elem())
			c.copy(at, from)
			dst.Set(at)
		}
	case reflect.Slice:
		if src.IsNil() {
			return
		}
		key := place{src.UnsafePointer(), src.Type(), src.Len()}
		if seen, ok := c[key]; ok && src.Len() > 0 {
			dst.Set(seen)
			return
		}
		dst.Set(reflect.MakeSlice(src.Type(), src.Len(), src.Len()))
		c[key] = dst
		for i := range src.Len() {
			c.copy(dst.Index(i), src.Index(i))
		}
	case reflect.Array:
		for i := range src.Len() {
			c.copy(dst.Index(i), src.Index(i))
		}
	case reflect.Map:
		c.entries(dst, src)
	case reflect.Struct:
		if src.Type() == paramType && src.CanAddr() {
			(*Param)(src.Addr().UnsafePointer()).copyTo((*Param)(dst.Addr().UnsafePointer()))
			return
		}
		for i := range src.NumField() {
			c.copy(dst.Field(i), src.Field(i))
		}
	default:
		panic(&tensor.Error{Op: "nn.Clone", Msg: fmt.Sprintf("cannot copy a %s", src.Type())})
	}
}

func (c cloner) pointer(dst, src reflect.Value) {
	if src.IsNil() {
		return
	}
	key := place{src.UnsafePointer(), src.Type().Elem(), 0}
	if seen, ok := c[key]; ok {
		dst.Set(seen)
		return
	}
	switch src.Type().Elem() {
	case paramType:
		q := new(Param)
		(*Param)(src.UnsafePointer()).copyTo(q)
		dst.Set(reflect.ValueOf(q))
	case tensorType:
		t := (*tensor.Tensor)(src.UnsafePointer())
		u := copyOf(t)
		if t.IsLeaf() {
			u.RequireGrad()
		}
		dst.Set(reflect.ValueOf(u))
	default:
		dst.Set(reflect.New(src.Type().Elem()))
		c[key] = dst
		c.copy(dst.Elem(), src.Elem())
	}
	c[key] = dst
}

func (c cloner) entries(dst, src reflect.Value) {
	if src.IsNil() {
		return
	}
	dst.Set(reflect.MakeMapWithSize(src.Type(), src.Len()))
	for it := src.MapRange(); it.Next(); {
		from, to := reflect.New(src.Type().Elem()).Elem(), reflect.New(src.Type().Elem()).Elem()
		from.Set(it.Value())
		c.copy(to, from)
		dst.SetMapIndex(it.Key(), to)
	}
}

// copyTo makes q, which is empty, a parameter like p with a value of its own.
func (p *Param) copyTo(q *Param) {
	p.mu.Lock()
	defer p.mu.Unlock()
	q.shape, q.own, q.init, q.lr, q.wd = p.shape, p.own, p.init, p.lr, p.wd
	q.fixed.Store(p.fixed.Load())
	if p.value != nil {
		q.value = copyOf(p.value).RequireGrad()
	}
}
