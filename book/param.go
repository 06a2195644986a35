package book

import (
	"fmt"
	"strconv"
)

// Option refines a parameter: [Quick], [Doc].
type Option func(*param)

// param is a parameter as the lesson declares it.
type param struct {
	name, doc  string
	kind       Kind
	def, quick any // quick is nil if there is none
	value      any
}

// Kind is the type of a parameter.
type Kind string

// The kinds of parameters.
const (
	FloatKind  Kind = "float"
	IntKind    Kind = "int"
	BoolKind   Kind = "bool"
	StringKind Kind = "string"
)

// Quick is the value that a parameter has in quick mode when the user gives none.
func Quick[T int | float64 | bool | string](v T) Option {
	return func(p *param) { p.quick = v }
}

// Doc says what a parameter means.
func Doc(text string) Option {
	return func(p *param) { p.doc = text }
}

// Float declares a parameter and returns its value: that of --set name=value,
// else in quick mode that of [Quick], else def.
func (p *Page) Float(name string, def float64, opts ...Option) float64 {
	return ask(p, FloatKind, name, def, opts)
}

// Int declares an integer parameter; see [Page.Float].
func (p *Page) Int(name string, def int, opts ...Option) int {
	return ask(p, IntKind, name, def, opts)
}

// Bool declares a switch; see [Page.Float].
func (p *Page) Bool(name string, def bool, opts ...Option) bool {
	return ask(p, BoolKind, name, def, opts)
}

// String declares a text parameter; see [Page.Float].
func (p *Page) String(name, def string, opts ...Option) string {
	return ask(p, StringKind, name, def, opts)
}

// ask registers a parameter on the first call for its name and answers with its value. It
// panics with *UsageError if the user's value does not parse.
func ask[T int | float64 | bool | string](p *Page, kind Kind, name string, def T, opts []Option) T {
	p.mu.Lock()
	old := p.params[name]
	p.mu.Unlock()
	if old != nil {
		if old.kind != kind {
			panic(fmt.Sprintf("book: parameter %q is %s here and %s before", name, kind, old.kind))
		}
		return old.value.(T)
	}
	q := &param{name: name, kind: kind, def: def, value: def}
	for _, o := range opts {
		o(q)
	}
	if q.quick != nil {
		if v, ok := q.quick.(int); ok && kind == FloatKind {
			q.quick = float64(v)
		}
		if _, ok := q.quick.(T); !ok {
			panic(fmt.Sprintf("book: parameter %q is %s, its quick value %v is %[3]T", name, kind, q.quick))
		}
		if p.opts.Quick {
			q.value = q.quick
		}
	}
	if text, ok := p.opts.Set[name]; ok {
		v, err := kind.parse(text)
		if err != nil {
			panic(&UsageError{Msg: fmt.Sprintf("parameter %s: %v", name, err)})
		}
		q.value = v
	}
	p.mu.Lock()
	p.params[name] = q
	p.asked = append(p.asked, name)
	p.mu.Unlock()
	p.send(ParamUsed{p.from(), name, q.value})
	return q.value.(T)
}

// parse reads a value from the command line.
func (k Kind) parse(text string) (any, error) {
	var v any
	var err error
	switch k {
	case FloatKind:
		v, err = strconv.ParseFloat(text, 64)
	case IntKind:
		v, err = strconv.Atoi(text)
	case BoolKind:
		v, err = strconv.ParseBool(text)
	default:
		v = text
	}
	if err != nil {
		return nil, fmt.Errorf("%q is not a value of type %s", text, k)
	}
	return v, nil
}
