package nn

import (
	"reflect"
	"strings"
	"unsafe"

	"github.com/fathom-ml/fathom/tensor"
)

// ran ends the Forward of a layer, as in
//
//	defer c.ran(l, x, &y)
//
// It shows what came out to [Observe]; if the layer panicked, it puts the layer's path before the message.
func (c *Ctx) ran(layer any, x *tensor.Tensor, y **tensor.Tensor) {
	if *y != nil {
		if c != nil && c.observe != nil {
			c.observe(layer, x, *y)
		}
		return
	}
	if r := recover(); r != nil {
		c.explain(layer, r)
		panic(r)
	}
}

// run is l.Forward(c, x) for a layer of any kind.
func (c *Ctx) run(l Layer, x *tensor.Tensor) (y *tensor.Tensor) {
	if !reports(l) {
		defer c.ran(l, x, &y)
	}
	return l.Forward(c, x)
}

// reports says whether a layer calls ran itself.
func reports(l Layer) bool {
	t := reflect.TypeOf(l)
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	return t.PkgPath() == paramType.PkgPath()
}

// explain puts the path of a layer before a message that has none.
func (c *Ctx) explain(layer any, r any) {
	e, ok := r.(*tensor.Error)
	if !ok || strings.Contains(e.Op, ": ") || c == nil || c.met == nil {
		return
	}
	c.met.mu.Lock()
	root := c.met.root
	c.met.mu.Unlock()
	if path := pathOf(root, layer); path != "" && path != e.Op && !strings.HasPrefix(e.Op, path+".") {
		e.Op = path + ": " + e.Op
	}
}

// pathOf is the longest path by which a walk of root meets layer, "" if it does not.
func pathOf(root, layer any) string { return partsOf(root)[identity(layer)] }

// identity is a layer's address and type; what has none is nothing.
func identity(layer any) place {
	switch v := reflect.ValueOf(layer); v.Kind() {
	case reflect.Pointer, reflect.Slice, reflect.Map:
		return place{v.UnsafePointer(), v.Type(), 0}
	}
	return place{}
}

func sameThing(a, b any) bool { return identity(a) == identity(b) && identity(a) != place{} }

// partsOf is the longest path of each part of a model.
func partsOf(root any) map[place]string {
	parts := map[place]string{}
	w := &walker{param: func(string, *Param) {}, seen: map[place]bool{}, paths: map[string]bool{}}
	w.place = func(path string, p unsafe.Pointer, t reflect.Type) {
		if k := (place{p, t, 0}); p != nil && len(path) > len(parts[k]) {
			parts[k] = path
		}
	}
	w.visit("", reflect.ValueOf(root))
	return parts
}
