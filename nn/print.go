package nn

import (
	"fmt"
	"reflect"
	"strings"
)

// Name is the kind of a layer in lower case, as the book counts layers: "conv",
// "pool", "dense", "sequential", "relu"; for other types the type's name.
func Name(layer any) string {
	switch l := layer.(type) {
	case *Activation:
		return l.name
	case interface{ kind() string }:
		return l.kind()
	}
	t := reflect.TypeOf(layer)
	for t != nil && t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if t == nil {
		return "nil"
	}
	return strings.ToLower(t.Name())
}

// String shows the layers, nested ones indented:
//
//	Sequential(
//	  (0): Dense(20 -> 256, Activation(relu))
//	  (1): Dense(256 -> 10, linear)
//	)
func (s Sequential) String() string {
	var b strings.Builder
	b.WriteString("Sequential(\n")
	for i, l := range s {
		text := "nil"
		if l != nil {
			text = describe(l)
		}
		fmt.Fprintf(&b, "  (%d): %s\n", i, strings.ReplaceAll(text, "\n", "\n  "))
	}
	b.WriteString(")")
	return b.String()
}

// describe is a layer's own String, or the name of its type: a struct is not
// printed field by field.
func describe(l Layer) string {
	if s, ok := l.(fmt.Stringer); ok {
		return s.String()
	}
	t := reflect.TypeOf(l)
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	return t.Name()
}

// tuple prints lengths as Python does: (2,), (2, 3), (6, 1, 5, 5).
func tuple(d []int) string {
	if len(d) == 1 {
		return fmt.Sprintf("(%d,)", d[0])
	}
	return "(" + strings.Trim(strings.ReplaceAll(fmt.Sprint(d), " ", ", "), "[]") + ")"
}
