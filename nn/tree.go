package nn

import (
	"fmt"
	"reflect"
	"strconv"
	"strings"

	"github.com/fathom-ml/fathom/tensor"
)

// Tree shows a model as a tree of its fields, of each layer the text that it prints, the shapes and the number of its parameters:
//
//	Perceptron: 2,762 parameters
//	├─ Hidden: Dense(20 -> 128, linear)  Weight (128, 20), Bias (128,): 2,688
//	└─ Out: Dense(128 -> 10, linear)  Weight (10, 128), Bias (10,): 74
//
// A parameter that occurs again is marked as shared and counted once; -1 is a length that is not known yet.
func Tree(model any) string {
	t := &tree{params: map[*Param]string{}}
	root := t.node("", "", reflect.ValueOf(model))
	if root == nil {
		return typeName(reflect.TypeOf(model)) + ": no parameters"
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s", root.text, parameters(root.count, root.unknown))
	root.write(&b, "")
	return b.String()
}

// branch is a part of a model that holds parameters or is a layer.
type branch struct {
	name, path string
	text       string
	own        []string // shapes of parameters that it holds itself
	count      int
	unknown    bool // of some, the shape is not known
	parts      []*branch
}

type tree struct{ params map[*Param]string }

func parameters(n int, unknown bool) string {
	s := commas(n)
	if unknown {
		s = "at least " + s
	}
	if n == 1 {
		return s + " parameter"
	}
	return s + " parameters"
}

// commas writes 1234567 as 1,234,567.
func commas(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

func typeName(t reflect.Type) string {
	for t != nil && t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if t == nil {
		return "nil"
	}
	if name, _, _ := strings.Cut(t.Name(), "["); name != "" {
		return name
	}
	return t.Kind().String()
}

// node is the branch of a value, nil if there is nothing to show.
func (t *tree) node(parent, name string, v reflect.Value) *branch {
	v = open(v)
	for v.Kind() == reflect.Interface && !v.IsNil() {
		v = v.Elem()
	}
	if !v.IsValid() || !typeMayHold(v.Type(), map[reflect.Type]bool{}) && !isLayer(v) {
		return nil
	}
	b := &branch{name: name, path: join(parent, name), text: typeName(v.Type())}
	layer := isLayer(v)
	if s, ok := stringer(v); ok {
		b.text = s
	}
	for v.Kind() == reflect.Pointer {
		if v.IsNil() {
			return nil
		}
		v = open(v.Elem())
	}
	switch v.Kind() {
	case reflect.Slice, reflect.Array:
		if leafKind(v.Type().Elem().Kind()) {
			return nil
		}
		for i := range v.Len() {
			t.add(b, strconv.Itoa(i), v.Index(i))
		}
	case reflect.Map:
		for _, k := range sortedKeys(v) {
			t.add(b, k.String(), v.MapIndex(k))
		}
	case reflect.Struct:
		t.fields(b, v)
	default:
		if !layer {
			return nil
		}
	}
	if len(b.parts) == 0 && len(b.own) == 0 && !layer {
		return nil
	}
	return b
}

// stringer is what a layer prints, if that is one line and it is no list of layers.
func stringer(v reflect.Value) (string, bool) {
	if !v.CanInterface() {
		return "", false
	}
	s, ok := v.Interface().(fmt.Stringer)
	if !ok || v.Kind() == reflect.Pointer && v.IsNil() {
		return "", false
	}
	text := s.String()
	return text, !strings.Contains(text, "\n") && v.Kind() != reflect.Slice
}

var layerType = reflect.TypeFor[Layer]()

func isLayer(v reflect.Value) bool { return v.Type().Implements(layerType) }

func (t *tree) fields(b *branch, v reflect.Value) {
	for i := range v.NumField() {
		f := v.Type().Field(i)
		if f.Tag.Get("nn") == "-" || f.Type == reflect.TypeFor[*Activation]() && v.Type().PkgPath() == paramType.PkgPath() {
			continue // the layer prints its activation itself
		}
		x := open(v.Field(i))
		switch {
		case x.Type() == reflect.PointerTo(paramType):
			if p := (*Param)(x.UnsafePointer()); p != nil {
				t.param(b, f.Name, p)
			}
		case x.Type() == paramType && x.CanAddr():
			t.param(b, f.Name, (*Param)(x.Addr().UnsafePointer()))
		case x.Type() == reflect.PointerTo(tensorType):
			if s := (*tensor.Tensor)(x.UnsafePointer()); s != nil {
				b.own = append(b.own, f.Name+" "+tuple(s.Shape())+" constant")
			}
		case f.Anonymous:
			t.fieldsOf(b, x)
		default:
			t.add(b, f.Name, x)
		}
	}
}

// fieldsOf adds the fields of an embedded struct.
func (t *tree) fieldsOf(b *branch, x reflect.Value) {
	for x.Kind() == reflect.Pointer && !x.IsNil() {
		x = open(x.Elem())
	}
	if x.Kind() == reflect.Struct {
		t.fields(b, x)
	}
}

func (t *tree) param(b *branch, name string, p *Param) {
	s := p.Shape()
	text := name + " " + tuple(s)
	if s == nil {
		text = name + " (?)"
	}
	if first, ok := t.params[p]; ok {
		b.own = append(b.own, text+" shared with "+first)
		return
	}
	t.params[p] = join(b.path, name)
	if p.Frozen() {
		text += " frozen"
	}
	b.own = append(b.own, text)
	if known(s) {
		b.count += product(s)
	} else {
		b.unknown = true
	}
}

func (t *tree) add(b *branch, name string, v reflect.Value) {
	if part := t.node(b.path, name, v); part != nil {
		b.parts = append(b.parts, part)
		b.count += part.count
		b.unknown = b.unknown || part.unknown
	}
}

func product(s []int) int {
	n := 1
	for _, d := range s {
		n *= d
	}
	return n
}

// write writes the parts below a branch.
func (b *branch) write(w *strings.Builder, indent string) {
	for i, p := range b.parts {
		fork, below := "├─ ", "│  "
		if i == len(b.parts)-1 {
			fork, below = "└─ ", "   "
		}
		fmt.Fprintf(w, "\n%s%s%s: %s", indent, fork, p.name, p.text)
		if len(p.own) > 0 {
			fmt.Fprintf(w, "  %s", strings.Join(p.own, ", "))
		}
		if p.count > 0 || p.unknown {
			count := commas(p.count)
			if p.unknown {
				count = "?"
			}
			w.WriteString(": " + count)
		}
		p.write(w, indent+below)
	}
}
