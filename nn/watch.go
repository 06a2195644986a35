package nn

import (
	"reflect"
	"strconv"
	"strings"
	"unsafe"

	"github.com/fathom-ml/fathom/tensor"
)

// ran ends the Forward of a layer, as in
//
//	defer c.ran(l, x, &out)
//
// It shows what came out to [Observe]; if the layer panicked, it puts the layer's path before the message.
func (c *Ctx) ran(layer any, x *tensor.Tensor, out **tensor.Tensor) {
	if *out != nil {
		if c != nil && c.observe != nil {
			c.observe(layer, x, *out)
		}
		return
	}
	if r := recover(); r != nil {
		c.explain(r, layer, func(parts map[place]string) string { return parts[identity(layer)] })
		panic(r)
	}
}

// part is a layer that is run by a list of layers.
type part struct {
	list place // nothing if it is not known
	i    int
	l    Layer
}

// path is the path of the part in a model.
func (p part) path(parts map[place]string) string {
	if list, ok := parts[p.list]; ok && p.list != (place{}) {
		return join(list, strconv.Itoa(p.i))
	}
	return parts[identity(p.l)]
}

// run is p.l.Forward(c, x).
func (c *Ctx) run(p part, x *tensor.Tensor) (out *tensor.Tensor) {
	defer c.ranPart(p, x, &out)
	if c != nil && c.observe != nil {
		c.now = p
	}
	return p.l.Forward(c, x)
}

func (c *Ctx) ranPart(p part, x *tensor.Tensor, out **tensor.Tensor) {
	if *out != nil {
		if c != nil && c.observe != nil && !reports(p.l) {
			c.now = p
			c.observe(p.l, x, *out)
		}
		return
	}
	if r := recover(); r != nil {
		c.explain(r, p.l, p.path)
		panic(r)
	}
}

// reports says whether a layer calls ran itself: the built-in ones but for functions and lists.
func reports(l Layer) bool {
	t := reflect.TypeOf(l)
	return t.Kind() == reflect.Pointer && t.Elem().PkgPath() == paramType.PkgPath()
}

// explain puts the path of a layer before a message that has none.
func (c *Ctx) explain(r, layer any, path func(parts map[place]string) string) {
	e, ok := r.(*tensor.Error)
	if !ok || strings.Contains(e.Op, ": ") {
		return
	}
	var met *Param
	if c != nil {
		met = c.met.Load()
	}
	if met == nil { // no parameter was asked for yet: the layer may have one
		walk(layer, func(_ string, p *Param) { met = p }, nil)
	}
	if met == nil {
		return
	}
	met.mu.Lock()
	root := met.root
	met.mu.Unlock()
	if at := path(partsOf(root)); at != "" && at != e.Op && !strings.HasPrefix(e.Op, at+".") {
		e.Op = at + ": " + e.Op
	}
}

// identity is a layer's address and type; what has none is nothing.
func identity(layer any) place {
	switch v := reflect.ValueOf(layer); v.Kind() {
	case reflect.Pointer, reflect.Slice, reflect.Map:
		return place{v.UnsafePointer(), v.Type(), 0}
	}
	return place{}
}

func sameThing(a, b any) bool { return identity(a) == identity(b) && identity(a) != place{} }

// partsOf is the path of each part of a model. A part that is there twice, such as an activation, has none: its path would be a guess. A
// field that is embedded has the path of what it is embedded in.
func partsOf(root any) map[place]string {
	parts := map[place]string{}
	w := &walker{param: func(string, *Param) {}, seen: map[place]bool{}, paths: map[string]bool{}}
	w.place = func(path string, p unsafe.Pointer, t reflect.Type) {
		k := place{p, t, 0}
		if old, ok := parts[k]; ok && old != path {
			path = ""
		}
		if p != nil {
			parts[k] = path
		}
	}
	w.visit("", reflect.ValueOf(root))
	return parts
}
